package gateway_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/apitest"
)

func TestSignature_InvalidParameters_AreRefused(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		changes apitest.Params
		status  int
		code    string
	}{
		"no action":            {apitest.Params{"Action": ""}, 400, "MissingAction"},
		"no version":           {apitest.Params{"Version": ""}, 400, "MissingVersion"},
		"no access key":        {apitest.Params{"AccessKeyId": ""}, 400, "MissingAccessKeyId"},
		"no signature method":  {apitest.Params{"SignatureMethod": ""}, 400, "MissingSignatureMethod"},
		"no signature version": {apitest.Params{"SignatureVersion": ""}, 400, "MissingSignatureVersion"},
		"no nonce":             {apitest.Params{"SignatureNonce": ""}, 400, "MissingSignatureNonce"},
		"no timestamp":         {apitest.Params{"Timestamp": ""}, 400, "MissingTimestamp"},
		"other method":         {apitest.Params{"SignatureMethod": "HMAC-SHA256"}, 400, "InvalidSignatureMethod"},
		"other version":        {apitest.Params{"SignatureVersion": "2.0"}, 400, "InvalidSignatureVersion"},
		"bearer token":         {apitest.Params{"SignatureType": "BEARERTOKEN"}, 400, "InvalidSignatureType"},
		"unknown format":       {apitest.Params{"Format": "YAML"}, 400, "InvalidFormat"},
		"unknown action":       {apitest.Params{"Action": "RunInstances"}, 404, "InvalidAction.NotFound"},
		"unknown API version":  {apitest.Params{"Version": "2014-05-26"}, 400, "InvalidVersion"},
		"unknown key":          {apitest.Params{"AccessKeyId": "unknown"}, 404, "InvalidAccessKeyId.NotFound"},
		"bad signature":        {apitest.Params{"Signature": "AAAAAAAAAAAAAAAAAAAAAAAAAAA="}, 400, "SignatureDoesNotMatch"},
		"unexpected token":     {apitest.Params{"SecurityToken": "sts"}, 400, "InvalidSecurityToken.MismatchWithAccessKey"},
		"local time":           {apitest.Params{"Timestamp": "2022-08-09T13:00:00+08:00"}, 400, "InvalidTimeStamp.Format"},
		"fraction of a second": {apitest.Params{"Timestamp": "2022-08-09T05:00:00.5Z"}, 400, "InvalidTimeStamp.Format"},
		"15 minutes ago":       {apitest.Params{"Timestamp": "2022-08-09T04:45:00Z"}, 200, ""},
		"15 minutes ahead":     {apitest.Params{"Timestamp": "2022-08-09T05:15:00Z"}, 200, ""},
		"too old":              {apitest.Params{"Timestamp": "2022-08-09T04:44:59Z"}, 400, "InvalidTimeStamp.Expired"},
		"too new":              {apitest.Params{"Timestamp": "2022-08-09T05:15:01Z"}, 400, "InvalidTimeStamp.Expired"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, _ := apitest.NewEmulator(emulator.Quirks{})
			apitest.ExpectCode(t, apitest.Call(t, e, apitest.DescribeRegions, test.changes), test.status, test.code)
		})
	}
}

func TestSignature_Missing_IsRefused(t *testing.T) {
	t.Parallel()
	e, _ := apitest.NewEmulator(emulator.Quirks{})
	query := apitest.Signed(http.MethodGet, emulator.DefaultCredential, apitest.Start, apitest.Params{"Action": apitest.DescribeRegions})
	query.Del("Signature")
	apitest.ExpectCode(t, apitest.Send(t, e, http.MethodGet, query, nil), 400, "MissingSignature")
}

func TestSignature_WrongSecret_ReturnsTheStringToSign(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	credential := emulator.DefaultCredential
	credential.AccessKeySecret = "wrong"
	query := apitest.Signed(http.MethodGet, credential, apitest.Start, apitest.OrderFor(circuit, apitest.Params{"Action": apitest.PlaceOrder}))
	got := apitest.Send(t, e, http.MethodGet, query, nil)
	apitest.ExpectCode(t, got, 400, "SignatureDoesNotMatch")
	if want := "server string to sign is:GET&%2F&AccessKeyId%3D"; !strings.Contains(got.Body, want) {
		t.Errorf("%s does not contain %s", got.Body, want)
	}
	apitest.ExpectOrders(t, e, 0)
}

func TestSignature_CoversMethodAndEveryParameter(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	sign := func() url.Values {
		return apitest.Signed(http.MethodPost, emulator.DefaultCredential, apitest.Start, apitest.OrderFor(circuit, apitest.Params{"Action": apitest.PlaceOrder}))
	}
	apitest.ExpectCode(t, apitest.Send(t, e, http.MethodGet, sign(), nil), 400, "SignatureDoesNotMatch")

	changed := sign()
	changed.Set("Period", "9")
	apitest.ExpectCode(t, apitest.Send(t, e, http.MethodPost, changed, nil), 400, "SignatureDoesNotMatch")

	added := sign()
	added.Set("AutoRenew", "true")
	apitest.ExpectCode(t, apitest.Send(t, e, http.MethodPost, added, nil), 400, "SignatureDoesNotMatch")

	inForm := sign()
	apitest.ExpectCode(t, apitest.Send(t, e, http.MethodPost, inForm, url.Values{"AutoRenew": {"true"}}), 400, "SignatureDoesNotMatch")
	apitest.ExpectOrders(t, e, 0)
}

func TestParameters_CanBeInQueryOrForm(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	all := apitest.Signed(http.MethodPost, emulator.DefaultCredential, apitest.Start, apitest.OrderFor(circuit, apitest.Params{"Action": apitest.PlaceOrder}))
	query, form := url.Values{}, url.Values{}
	for name, values := range all {
		if name == "Action" || name == "Signature" || name == "Period" {
			query[name] = values
		} else {
			form[name] = values
		}
	}
	if id := apitest.Send(t, e, http.MethodPost, query, form).OrderID(t); id == "" {
		t.Error("no order ID")
	}
	inQuery := apitest.Signed(http.MethodGet, emulator.DefaultCredential, apitest.Start, apitest.OrderFor(circuit, apitest.Params{"Action": apitest.PlaceOrder}))
	if id := apitest.Send(t, e, http.MethodGet, inQuery, nil).OrderID(t); id == "" {
		t.Error("no order ID")
	}
}

func TestParameters_Repeated_AreRefused(t *testing.T) {
	t.Parallel()
	e, _ := apitest.NewEmulator(emulator.Quirks{})
	query := apitest.Signed(http.MethodGet, emulator.DefaultCredential, apitest.Start, apitest.Params{"Action": apitest.DescribeRegions})
	query.Add("AcceptLanguage", "en-US")
	query.Add("AcceptLanguage", "zh-CN")
	apitest.ExpectCode(t, apitest.Send(t, e, http.MethodGet, query, nil), 400, "InvalidParameter.Format")
}

func TestNonce_CanBeUsedOnce(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	query := apitest.Signed(http.MethodPost, emulator.DefaultCredential, apitest.Start,
		apitest.OrderFor(circuit, apitest.Params{"Action": apitest.PlaceOrder, "ClientToken": ""}))
	apitest.Send(t, e, http.MethodPost, query, nil).OrderID(t)
	apitest.ExpectCode(t, apitest.Send(t, e, http.MethodPost, query, nil), 400, "SignatureNonceUsed")
	apitest.ExpectOrders(t, e, 1)
}

func TestNonce_RefusedSignature_DoesNotUseIt(t *testing.T) {
	t.Parallel()
	e, _ := apitest.NewEmulator(emulator.Quirks{})
	apitest.ExpectCode(t, apitest.Call(t, e, apitest.DescribeRegions, apitest.Params{"SignatureNonce": "n", "Signature": "x"}), 400, "SignatureDoesNotMatch")
	apitest.ExpectCode(t, apitest.Call(t, e, apitest.DescribeRegions, apitest.Params{"SignatureNonce": "n"}), 200, "")
}

func TestNonce_StaysUsedUntilItsTimestampExpires(t *testing.T) {
	t.Parallel()
	now := apitest.Start
	e := emulator.New(emulator.Options{Clock: func() time.Time { return now }})
	ask := func(nonce string) apitest.Reply {
		query := apitest.Signed(http.MethodGet, emulator.DefaultCredential, now, apitest.Params{"Action": apitest.DescribeRegions, "SignatureNonce": nonce})
		return apitest.Send(t, e, http.MethodGet, query, nil)
	}
	apitest.ExpectCode(t, ask("first"), 200, "")
	now = now.Add(20 * time.Minute)
	apitest.ExpectCode(t, ask("first"), 400, "SignatureNonceUsed")
	now = now.Add(20 * time.Minute)
	apitest.ExpectCode(t, ask("second"), 200, "")
	apitest.ExpectCode(t, ask("first"), 200, "")
}

func TestCredential_TemporaryKey_NeedsItsSecurityToken(t *testing.T) {
	t.Parallel()
	temporary := emulator.Credential{AccessKeyID: "STS.key", AccessKeySecret: "secret", SecurityToken: "sts+token/=="} //nolint:gosec // Made up.
	e := emulator.New(emulator.Options{Clock: apitest.FixedClock, Credentials: []emulator.Credential{temporary}})
	ask := func(token string) apitest.Reply {
		return apitest.Send(t, e, http.MethodGet, apitest.Signed(http.MethodGet, temporary, apitest.Start,
			apitest.Params{"Action": apitest.DescribeRegions, "SecurityToken": token}), nil)
	}
	apitest.ExpectCode(t, ask(temporary.SecurityToken), 200, "")
	apitest.ExpectCode(t, ask(""), 400, "MissingSecurityToken")
	apitest.ExpectCode(t, ask("another"), 400, "InvalidSecurityToken.MismatchWithAccessKey")
}

func TestCredential_OnlyConfiguredKeysAreAccepted(t *testing.T) {
	t.Parallel()
	reader := emulator.Credential{AccessKeyID: "reader", AccessKeySecret: "s", Denied: []string{apitest.PlaceOrder}}
	disabled := emulator.Credential{AccessKeyID: "disabled", AccessKeySecret: "s", Disabled: true}
	e := emulator.New(emulator.Options{Clock: apitest.FixedClock, Credentials: []emulator.Credential{reader, disabled}})
	circuit := e.AddCircuit(emulator.Circuit{})
	ask := func(credential emulator.Credential, action string) apitest.Reply {
		query := apitest.Signed(http.MethodPost, credential, apitest.Start, apitest.OrderFor(circuit, apitest.Params{"Action": action}))
		return apitest.Send(t, e, http.MethodPost, query, nil)
	}
	apitest.ExpectCode(t, ask(emulator.DefaultCredential, apitest.DescribeCircuits), 404, "InvalidAccessKeyId.NotFound")
	apitest.ExpectCode(t, ask(disabled, apitest.DescribeCircuits), 400, "InvalidAccessKeyId.Inactive")
	apitest.ExpectCode(t, ask(reader, apitest.DescribeCircuits), 200, "")

	denied := ask(reader, apitest.PlaceOrder)
	apitest.ExpectCode(t, denied, 403, "Forbidden.RAM")
	var body struct {
		AccessDeniedDetail struct{ AuthAction string }
	}
	denied.Decode(t, &body)
	if body.AccessDeniedDetail.AuthAction != "vpc:"+apitest.PlaceOrder {
		t.Errorf("AccessDeniedDetail of %s does not name the action", denied.Body)
	}
	apitest.ExpectOrders(t, e, 0)
}

func TestRequest_OtherMethods_AreRefused(t *testing.T) {
	t.Parallel()
	e, _ := apitest.NewEmulator(emulator.Quirks{})
	query := apitest.Signed(http.MethodPut, emulator.DefaultCredential, apitest.Start, apitest.Params{"Action": apitest.DescribeRegions})
	apitest.ExpectCode(t, apitest.Send(t, e, http.MethodPut, query, nil), 400, "UnsupportedHTTPMethod")
}
