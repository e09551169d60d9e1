package sts_test

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/apitest"
)

const ciProvider = "acs:ram::1234567890123456:oidc-provider/ci"

// merged merges parameters. Later ones replace earlier ones.
func merged(parts ...apitest.Params) apitest.Params {
	all := apitest.Params{}
	for _, part := range parts {
		maps.Copy(all, part)
	}
	return all
}

func TestSession_IsAcceptedUntilItExpires(t *testing.T) {
	t.Parallel()
	now := apitest.Start
	e := emulator.New(emulator.Options{Clock: func() time.Time { return now }})
	circuit := e.AddCircuit(emulator.Circuit{})
	got := apitest.Call(t, e, "AssumeRole", merged(apitest.AssumeRole, apitest.Params{"DurationSeconds": "900"}))
	apitest.ExpectCode(t, got, 200, "")
	var session apitest.Session
	got.Decode(t, &session)
	if session.AssumedRoleUser.Arn != apitest.NetworkRole+"/test" || session.Credentials.Expiration != "2022-08-09T05:15:00Z" {
		t.Errorf("got %+v", session.AssumedRoleUser)
	}
	by := func(credential emulator.Credential, action string, changes apitest.Params) apitest.Reply {
		return apitest.Send(t, e, http.MethodPost, apitest.Signed(http.MethodPost, credential, now, merged(changes, apitest.Params{"Action": action})), nil)
	}
	apitest.ExpectCode(t, by(session.Credential(), apitest.PlaceOrder, apitest.OrderFor(circuit, nil)), 200, "")
	apitest.ExpectOrders(t, e, 1)

	withoutToken := session.Credential()
	withoutToken.SecurityToken = ""
	apitest.ExpectCode(t, by(withoutToken, apitest.DescribeRegions, nil), 400, "MissingSecurityToken")
	otherToken := session.Credential()
	otherToken.SecurityToken = "other"
	apitest.ExpectCode(t, by(otherToken, apitest.DescribeRegions, nil), 400, "InvalidSecurityToken.MismatchWithAccessKey")

	// A session can also assume a role.
	apitest.ExpectCode(t, by(session.Credential(), "AssumeRole", apitest.AssumeRole), 200, "")

	now = now.Add(15*time.Minute - time.Second)
	apitest.ExpectCode(t, by(session.Credential(), apitest.DescribeRegions, nil), 200, "")
	now = now.Add(time.Second)
	apitest.ExpectCode(t, by(session.Credential(), apitest.DescribeRegions, nil), 400, "InvalidSecurityToken.Expired")
	apitest.ExpectOrders(t, e, 1)
}

func TestEndSessions_KeysAreUnknown(t *testing.T) {
	t.Parallel()
	e, _ := apitest.NewEmulator(emulator.Quirks{})
	var session apitest.Session
	apitest.Call(t, e, "AssumeRole", apitest.AssumeRole).Decode(t, &session)
	e.EndSessions()
	got := apitest.CallAs(t, e, session.Credential(), apitest.Params{"Action": apitest.DescribeRegions})
	apitest.ExpectCode(t, got, 404, "InvalidAccessKeyId.NotFound")
	apitest.ExpectCode(t, apitest.Call(t, e, apitest.DescribeRegions, nil), 200, "")
}

func TestAssumeRole_OnlyTrustedCallers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		roles   []emulator.Role
		changes apitest.Params
		status  int
		code    string
	}{
		"any role":            {nil, nil, 200, ""},
		"no ARN":              {nil, apitest.Params{"RoleArn": "network"}, 404, "EntityNotExist.Role"},
		"other role":          {[]emulator.Role{{ARN: apitest.NetworkRole}}, apitest.Params{"RoleArn": apitest.NetworkRole + "2"}, 404, "EntityNotExist.Role"},
		"no roles":            {[]emulator.Role{}, nil, 404, "EntityNotExist.Role"},
		"external ID":         {[]emulator.Role{{ARN: apitest.NetworkRole, ExternalID: "x"}}, apitest.Params{"ExternalId": "x"}, 200, ""},
		"other external ID":   {[]emulator.Role{{ARN: apitest.NetworkRole, ExternalID: "x"}}, apitest.Params{"ExternalId": "y"}, 403, "NoPermission"},
		"without external ID": {[]emulator.Role{{ARN: apitest.NetworkRole, ExternalID: "x"}}, nil, 403, "NoPermission"},
		"no session name":     {nil, apitest.Params{"RoleSessionName": ""}, 400, "MissingRoleSessionName"},
		"bad session name":    {nil, apitest.Params{"RoleSessionName": "a b"}, 400, "InvalidParameter.RoleSessionName"},
		"too short":           {nil, apitest.Params{"DurationSeconds": "899"}, 400, "InvalidParameter.DurationSeconds"},
		"too long":            {nil, apitest.Params{"DurationSeconds": "43201"}, 400, "InvalidParameter.DurationSeconds"},
		"other version":       {nil, apitest.Params{"Version": "2016-04-28"}, 400, "InvalidVersion"},
		"bad signature":       {nil, apitest.Params{"Signature": "AAAA"}, 400, "SignatureDoesNotMatch"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := emulator.New(emulator.Options{Clock: apitest.FixedClock, Roles: test.roles})
			apitest.ExpectCode(t, apitest.Call(t, e, "AssumeRole", merged(apitest.AssumeRole, test.changes)), test.status, test.code)
		})
	}
}

func TestAssumeRoleWithOIDC_NeedsNoSignature(t *testing.T) {
	t.Parallel()
	const token = "header.payload.signature"
	for name, test := range map[string]struct {
		changes apitest.Params
		status  int
		code    string
	}{
		"trusted":        {nil, 200, ""},
		"no token":       {apitest.Params{"OIDCToken": ""}, 400, "MissingOIDCToken"},
		"other token":    {apitest.Params{"OIDCToken": "x"}, 400, "AuthenticationFail.OIDCToken.Invalid"},
		"other provider": {apitest.Params{"OIDCProviderArn": ciProvider + "2"}, 404, "EntityNotExist.OIDCProvider"},
		"other role":     {apitest.Params{"RoleArn": apitest.NetworkRole + "2"}, 404, "EntityNotExist.Role"},
		"untrusting":     {apitest.Params{"RoleArn": apitest.NetworkRole + "3"}, 404, "EntityNotExist.OIDCProvider"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := emulator.New(emulator.Options{Clock: apitest.FixedClock, Roles: []emulator.Role{
				{ARN: apitest.NetworkRole, OIDCProviderARN: ciProvider, OIDCToken: token}, {ARN: apitest.NetworkRole + "3"},
			}})
			form := url.Values{}
			trusted := apitest.Params{"Action": "AssumeRoleWithOIDC", "Format": "JSON", "OIDCProviderArn": ciProvider, "OIDCToken": token}
			for name, value := range merged(apitest.AssumeRole, trusted, test.changes) {
				if value != "" {
					form.Set(name, value)
				}
			}
			got := apitest.Send(t, e, http.MethodPost, nil, form)
			apitest.ExpectCode(t, got, test.status, test.code)
			if journal := e.Journal(); strings.Contains(journal[0].Params["OIDCToken"], token) {
				t.Error("the journal holds the token")
			}
			if test.code != "" {
				return
			}
			var session apitest.Session
			got.Decode(t, &session)
			apitest.ExpectCode(t, apitest.CallAs(t, e, session.Credential(), apitest.Params{"Action": apitest.DescribeRegions}), 200, "")
		})
	}
}
