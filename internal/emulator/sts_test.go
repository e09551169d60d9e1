package emulator_test

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

const (
	networkRole = "acs:ram::1234567890123456:role/network"
	ciProvider  = "acs:ram::1234567890123456:oidc-provider/ci"
)

// issued is an answer of the Security Token Service.
type issued struct {
	AssumedRoleUser struct{ Arn string }
	Credentials     struct{ AccessKeyId, AccessKeySecret, SecurityToken, Expiration string } //nolint:revive // As the API spells it.
}

func (i issued) credential() emulator.Credential {
	return emulator.Credential{AccessKeyID: i.Credentials.AccessKeyId, AccessKeySecret: i.Credentials.AccessKeySecret, SecurityToken: i.Credentials.SecurityToken}
}

var assume = params{"Version": "2015-04-01", "RegionId": "", "RoleArn": networkRole, "RoleSessionName": "test"}

// merged returns parameters of which the later ones win.
func merged(parts ...params) params {
	all := params{}
	for _, part := range parts {
		maps.Copy(all, part)
	}
	return all
}

func TestSessionOfARoleIsAdmittedUntilItEnds(t *testing.T) {
	t.Parallel()
	now := start
	e := emulator.New(emulator.Options{Clock: func() time.Time { return now }})
	circuit := e.AddCircuit(emulator.Circuit{})
	got := call(t, e, "AssumeRole", merged(assume, params{"DurationSeconds": "900"}))
	expectCode(t, got, 200, "")
	var session issued
	got.decode(t, &session)
	if session.AssumedRoleUser.Arn != networkRole+"/test" || session.Credentials.Expiration != "2022-08-09T05:15:00Z" {
		t.Errorf("got %+v", session.AssumedRoleUser)
	}
	by := func(credential emulator.Credential, action string, changes params) reply {
		return send(t, e, http.MethodPost, signed(http.MethodPost, credential, now, merged(changes, params{"Action": action})), nil)
	}
	expectCode(t, by(session.credential(), placeOrder, orderFor(circuit, nil)), 200, "")
	expectOrders(t, e, 1)

	withoutToken := session.credential()
	withoutToken.SecurityToken = ""
	expectCode(t, by(withoutToken, describeRegions, nil), 400, "MissingSecurityToken")
	otherToken := session.credential()
	otherToken.SecurityToken = "other"
	expectCode(t, by(otherToken, describeRegions, nil), 400, "InvalidSecurityToken.MismatchWithAccessKey")

	// A session assumes roles, too.
	expectCode(t, by(session.credential(), "AssumeRole", assume), 200, "")

	now = now.Add(15*time.Minute - time.Second)
	expectCode(t, by(session.credential(), describeRegions, nil), 200, "")
	now = now.Add(time.Second)
	expectCode(t, by(session.credential(), describeRegions, nil), 400, "InvalidSecurityToken.Expired")
	expectOrders(t, e, 1)
}

func TestEndedSessionsAreUnknown(t *testing.T) {
	t.Parallel()
	e, _ := newEmulator(emulator.Quirks{})
	var session issued
	call(t, e, "AssumeRole", assume).decode(t, &session)
	e.EndSessions()
	got := send(t, e, http.MethodPost, signed(http.MethodPost, session.credential(), start, params{"Action": describeRegions}), nil)
	expectCode(t, got, 404, "InvalidAccessKeyId.NotFound")
	expectCode(t, call(t, e, describeRegions, nil), 200, "")
}

func TestRoleIsAssumedOnlyByThoseItTrusts(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		roles   []emulator.Role
		changes params
		status  int
		code    string
	}{
		"any role":            {nil, nil, 200, ""},
		"no ARN":              {nil, params{"RoleArn": "network"}, 404, "EntityNotExist.Role"},
		"other role":          {[]emulator.Role{{ARN: networkRole}}, params{"RoleArn": networkRole + "2"}, 404, "EntityNotExist.Role"},
		"no role at all":      {[]emulator.Role{}, nil, 404, "EntityNotExist.Role"},
		"external ID":         {[]emulator.Role{{ARN: networkRole, ExternalID: "x"}}, params{"ExternalId": "x"}, 200, ""},
		"other external ID":   {[]emulator.Role{{ARN: networkRole, ExternalID: "x"}}, params{"ExternalId": "y"}, 403, "NoPermission"},
		"without external ID": {[]emulator.Role{{ARN: networkRole, ExternalID: "x"}}, nil, 403, "NoPermission"},
		"no session name":     {nil, params{"RoleSessionName": ""}, 400, "MissingRoleSessionName"},
		"bad session name":    {nil, params{"RoleSessionName": "a b"}, 400, "InvalidParameter.RoleSessionName"},
		"too short":           {nil, params{"DurationSeconds": "899"}, 400, "InvalidParameter.DurationSeconds"},
		"too long":            {nil, params{"DurationSeconds": "43201"}, 400, "InvalidParameter.DurationSeconds"},
		"other version":       {nil, params{"Version": "2016-04-28"}, 400, "InvalidVersion"},
		"bad signature":       {nil, params{"Signature": "AAAA"}, 400, "SignatureDoesNotMatch"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := emulator.New(emulator.Options{Clock: fixedClock, Roles: test.roles})
			expectCode(t, call(t, e, "AssumeRole", merged(assume, test.changes)), test.status, test.code)
		})
	}
}

func TestOIDCTokenStandsInForASignature(t *testing.T) {
	t.Parallel()
	const token = "header.payload.signature"
	for name, test := range map[string]struct {
		changes params
		status  int
		code    string
	}{
		"trusted":        {nil, 200, ""},
		"no token":       {params{"OIDCToken": ""}, 400, "MissingOIDCToken"},
		"other token":    {params{"OIDCToken": "x"}, 400, "AuthenticationFail.OIDCToken.Invalid"},
		"other provider": {params{"OIDCProviderArn": ciProvider + "2"}, 404, "EntityNotExist.OIDCProvider"},
		"other role":     {params{"RoleArn": networkRole + "2"}, 404, "EntityNotExist.Role"},
		"untrusting":     {params{"RoleArn": networkRole + "3"}, 404, "EntityNotExist.OIDCProvider"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := emulator.New(emulator.Options{Clock: fixedClock, Roles: []emulator.Role{{ARN: networkRole, OIDCProviderARN: ciProvider, OIDCToken: token}, {ARN: networkRole + "3"}}})
			form := url.Values{}
			for name, value := range merged(assume, params{"Action": "AssumeRoleWithOIDC", "Format": "JSON", "OIDCProviderArn": ciProvider, "OIDCToken": token}, test.changes) {
				if value != "" {
					form.Set(name, value)
				}
			}
			got := send(t, e, http.MethodPost, nil, form)
			expectCode(t, got, test.status, test.code)
			if journal := e.Journal(); strings.Contains(journal[0].Params["OIDCToken"], token) {
				t.Error("the journal holds the token")
			}
			if test.code != "" {
				return
			}
			var session issued
			got.decode(t, &session)
			expectCode(t, send(t, e, http.MethodPost, signed(http.MethodPost, session.credential(), start, params{"Action": describeRegions}), nil), 200, "")
		})
	}
}
