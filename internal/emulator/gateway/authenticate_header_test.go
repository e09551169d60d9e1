package gateway_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/apitest"
)

func TestHeaderSignature_PlacesAnOrderFromQueryOrForm(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	order := apitest.Values(apitest.OrderFor(circuit, apitest.Params{"ClientToken": "a token/with+reserved=characters&more~*"}))
	first := apitest.NewHeaderRequest(t, apitest.PlaceOrder, order, nil).Sign(emulator.DefaultCredential).Send(e).OrderID(t)
	second := apitest.NewHeaderRequest(t, apitest.PlaceOrder, nil, order).Sign(emulator.DefaultCredential).Send(e).OrderID(t)
	if first != second {
		t.Errorf("orders %s and %s with one client token", first, second)
	}
	apitest.ExpectOrders(t, e, 1)
}

func TestHeaderSignature_AndRPCSignature_ShareClientTokens(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	inHeaders := apitest.NewHeaderRequest(t, apitest.PlaceOrder, apitest.Values(apitest.OrderFor(circuit, nil)), nil).
		Sign(emulator.DefaultCredential).Send(e).OrderID(t)
	if inParams := apitest.Order(t, e, circuit, nil).OrderID(t); inParams != inHeaders {
		t.Errorf("orders %s and %s with one client token", inHeaders, inParams)
	}
	apitest.ExpectOrders(t, e, 1)
}

func TestHeaderSignature_InvalidRequests_AreRefused(t *testing.T) {
	t.Parallel()
	remove := func(name string) func(*apitest.HeaderRequest) {
		return func(r *apitest.HeaderRequest) { r.Header.Del(name) }
	}
	set := func(name, value string) func(*apitest.HeaderRequest) {
		return func(r *apitest.HeaderRequest) { r.Header.Set(name, value) }
	}
	for name, test := range map[string]struct {
		change func(*apitest.HeaderRequest)
		status int
		code   string
	}{
		"no action":            {remove("x-acs-action"), 400, "MissingAction"},
		"no version":           {remove("x-acs-version"), 400, "MissingVersion"},
		"no date":              {remove("x-acs-date"), 400, "MissingTimestamp"},
		"no nonce":             {remove("x-acs-signature-nonce"), 400, "MissingSignatureNonce"},
		"no body hash":         {remove("x-acs-content-sha256"), 400, "IncompleteSignature"},
		"hash of another body": {set("x-acs-content-sha256", strings.Repeat("0", 64)), 400, "SignatureDoesNotMatch"},
		"unknown action":       {set("x-acs-action", "RunInstances"), 404, "InvalidAction.NotFound"},
		"another API version":  {set("x-acs-version", "2014-05-26"), 400, "InvalidVersion"},
		"local time":           {set("x-acs-date", "2022-08-09T13:00:00+08:00"), 400, "InvalidTimeStamp.Format"},
		"15 minutes ago":       {set("x-acs-date", "2022-08-09T04:45:00Z"), 200, ""},
		"too old":              {set("x-acs-date", "2022-08-09T04:44:59Z"), 400, "InvalidTimeStamp.Expired"},
		"too new":              {set("x-acs-date", "2022-08-09T05:15:01Z"), 400, "InvalidTimeStamp.Expired"},
		"unexpected token":     {set("x-acs-security-token", "sts"), 400, "InvalidSecurityToken.MismatchWithAccessKey"},
		"unknown format":       {func(r *apitest.HeaderRequest) { r.URL.RawQuery = "Format=YAML" }, 400, "InvalidFormat"},
		"another path":         {func(r *apitest.HeaderRequest) { r.URL.Path = "/api" }, 404, "InvalidApi.NotFound"},
		"another method":       {func(r *apitest.HeaderRequest) { r.Method = http.MethodPut }, 400, "UnsupportedHTTPMethod"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, _ := apitest.NewEmulator(emulator.Quirks{})
			request := apitest.NewHeaderRequest(t, apitest.DescribeRegions, nil, nil)
			test.change(request)
			apitest.ExpectCode(t, request.Sign(emulator.DefaultCredential).Send(e), test.status, test.code)
		})
	}
}

func TestHeaderSignature_InvalidAuthorization_IsRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(authorization string) string
		status int
		code   string
	}{
		"none":               {func(string) string { return "" }, 400, "MissingAccessKeyId"},
		"no credential":      {replace("Credential=emulator-access-key-id,", ""), 400, "MissingAccessKeyId"},
		"unknown key":        {replace("Credential=emulator", "Credential=unknown"), 404, "InvalidAccessKeyId.NotFound"},
		"no signature":       {replace(",Signature=", ",Sign="), 400, "IncompleteSignature"},
		"wrong signature":    {replace("Signature=", "Signature=0"), 400, "SignatureDoesNotMatch"},
		"no signed headers":  {replace("SignedHeaders=", "Headers="), 400, "IncompleteSignature"},
		"another algorithm":  {replace("ACS3-HMAC-SHA256", "ACS3-HMAC-SM3"), 400, "InvalidSignatureMethod"},
		"one header not set": {replace("SignedHeaders=", "SignedHeaders=x-acs-nothing;"), 400, "SignatureDoesNotMatch"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, _ := apitest.NewEmulator(emulator.Quirks{})
			request := apitest.NewHeaderRequest(t, apitest.DescribeRegions, nil, nil).Sign(emulator.DefaultCredential)
			request.Header.Set("Authorization", test.change(request.Header.Get("Authorization")))
			apitest.ExpectCode(t, request.Send(e), test.status, test.code)
		})
	}
}

func replace(from, to string) func(string) string {
	return func(text string) string { return strings.Replace(text, from, to, 1) }
}

func TestHeaderSignature_UnsignedHeader_IsRefused(t *testing.T) {
	t.Parallel()
	for _, header := range []string{
		"host", "content-type", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "x-acs-version", "x-acs-security-token",
	} {
		t.Run(header, func(t *testing.T) {
			t.Parallel()
			temporary := emulator.Credential{AccessKeyID: "k", AccessKeySecret: "s", SecurityToken: "token"}
			e := emulator.New(emulator.Options{Clock: apitest.FixedClock, Credentials: []emulator.Credential{temporary}})
			request := apitest.NewHeaderRequest(t, apitest.DescribeRegions, nil, apitest.Values(apitest.Params{"AcceptLanguage": "en-US"}))
			apitest.ExpectCode(t, request.Sign(temporary, header).Send(e), 400, "IncompleteSignature")
		})
	}
}

func TestHeaderSignature_ParametersOfTheQuery_DoNotReplaceHeaders(t *testing.T) {
	t.Parallel()
	e, _ := apitest.NewEmulator(emulator.Quirks{})
	query := apitest.Values(apitest.Params{"Timestamp": apitest.Start.Format(time.RFC3339), "SignatureNonce": "n", "Version": "2014-05-26"})
	for header, code := range map[string]string{"x-acs-date": "MissingTimestamp", "x-acs-signature-nonce": "MissingSignatureNonce"} {
		request := apitest.NewHeaderRequest(t, apitest.DescribeRegions, query, nil)
		request.Header.Del(header)
		apitest.ExpectCode(t, request.Sign(emulator.DefaultCredential).Send(e), 400, code)
	}
}

func TestHeaderSignature_CoversMethodQueryHeadersAndBody(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	order := apitest.Values(apitest.OrderFor(circuit, nil))
	for name, change := range map[string]func(*apitest.HeaderRequest){
		"method":  func(r *apitest.HeaderRequest) { r.Method = http.MethodGet },
		"query":   func(r *apitest.HeaderRequest) { r.URL.RawQuery += "&AutoRenew=true" },
		"version": func(r *apitest.HeaderRequest) { r.Header.Set("x-acs-date", "2022-08-09T05:00:01Z") },
		"host":    func(r *apitest.HeaderRequest) { r.Host = "bss.test" },
	} {
		request := apitest.NewHeaderRequest(t, apitest.PlaceOrder, order, nil).Sign(emulator.DefaultCredential)
		change(request)
		if got := request.Send(e); got.Code(t) != "SignatureDoesNotMatch" {
			t.Errorf("another %s: HTTP %d %s", name, got.Status, got.Body)
		}
	}
	signed := apitest.NewHeaderRequest(t, apitest.PlaceOrder, nil, order).Sign(emulator.DefaultCredential)
	order.Set("Period", "9")
	forged := apitest.NewHeaderRequest(t, apitest.PlaceOrder, nil, order)
	forged.Header = signed.Header
	apitest.ExpectCode(t, forged.Send(e), 400, "SignatureDoesNotMatch")
	apitest.ExpectOrders(t, e, 0)
}

func TestHeaderSignature_WrongSecret_ReturnsTheCanonicalRequest(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	wrong := emulator.DefaultCredential
	wrong.AccessKeySecret = "wrong"
	got := apitest.NewHeaderRequest(t, apitest.PlaceOrder, apitest.Values(apitest.OrderFor(circuit, nil)), nil).Sign(wrong).Send(e)
	apitest.ExpectCode(t, got, 400, "SignatureDoesNotMatch")
	for _, want := range []string{`server StringToSign is [ACS3-HMAC-SHA256\n`, `server CanonicalRequest is [POST\n/\nAutoPay=false&ClientToken=`, `\nhost:vpc.test\n`} {
		if !strings.Contains(got.Body, want) {
			t.Errorf("%s does not contain %s", got.Body, want)
		}
	}
	apitest.ExpectOrders(t, e, 0)
}

func TestHeaderSignature_Nonce_CanBeUsedOnce(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	order := apitest.Values(apitest.OrderFor(circuit, apitest.Params{"ClientToken": ""}))
	order.Del("ClientToken")
	signed := apitest.NewHeaderRequest(t, apitest.PlaceOrder, order, nil).Sign(emulator.DefaultCredential)
	signed.Send(e).OrderID(t)
	apitest.ExpectCode(t, signed.Send(e), 400, "SignatureNonceUsed")
	nonce := signed.Header.Get("x-acs-signature-nonce")
	got := apitest.Call(t, e, apitest.DescribeRegions, apitest.Params{"SignatureNonce": nonce})
	apitest.ExpectCode(t, got, 400, "SignatureNonceUsed")
	apitest.ExpectOrders(t, e, 1)
}

func TestHeaderSignature_TemporaryKey_NeedsItsSecurityToken(t *testing.T) {
	t.Parallel()
	now := apitest.Start
	e := emulator.New(emulator.Options{Clock: func() time.Time { return now }})
	var session apitest.Session
	assume := apitest.NewHeaderRequest(t, "AssumeRole", apitest.Values(apitest.Params{
		"RoleArn": apitest.NetworkRole, "RoleSessionName": "test", "DurationSeconds": "900",
	}), nil)
	assume.Header.Set("x-acs-version", "2015-04-01")
	assume.Sign(emulator.DefaultCredential).Send(e).Decode(t, &session)
	ask := func(token string) apitest.Reply {
		credential := session.Credential()
		credential.SecurityToken = token
		request := apitest.NewHeaderRequest(t, apitest.DescribeRegions, nil, nil)
		request.Header.Set("x-acs-date", now.Format(time.RFC3339))
		return request.Sign(credential).Send(e)
	}
	apitest.ExpectCode(t, ask(session.Credentials.SecurityToken), 200, "")
	apitest.ExpectCode(t, ask(""), 400, "MissingSecurityToken")
	apitest.ExpectCode(t, ask("another"), 400, "InvalidSecurityToken.MismatchWithAccessKey")
	now = now.Add(15 * time.Minute)
	apitest.ExpectCode(t, ask(session.Credentials.SecurityToken), 400, "InvalidSecurityToken.Expired")
}

func TestHeaderSignature_Answer_HasTheFormatOfAccept(t *testing.T) {
	t.Parallel()
	e, _ := apitest.NewEmulator(emulator.Quirks{})
	for accept, want := range map[string]string{
		"application/json": "application/json;charset=utf-8",
		"application/xml":  "text/xml;charset=utf-8",
		"*/*":              "application/json;charset=utf-8",
	} {
		request := apitest.NewHeaderRequest(t, apitest.DescribeRegions, nil, nil)
		request.Header.Set("Accept", accept)
		if got := request.Sign(emulator.DefaultCredential).Send(e); got.Status != 200 || got.Header.Get("Content-Type") != want {
			t.Errorf("%s: HTTP %d, %s", accept, got.Status, got.Header.Get("Content-Type"))
		}
	}
}

func TestHeaderSignature_Journal_ContainsTheParametersAndNoSecret(t *testing.T) {
	t.Parallel()
	temporary := emulator.Credential{AccessKeyID: "k", AccessKeySecret: "s", SecurityToken: "secret-sts-token"}
	e := emulator.New(emulator.Options{Clock: apitest.FixedClock, Credentials: []emulator.Credential{temporary}})
	circuit := e.AddCircuit(emulator.Circuit{})
	apitest.NewHeaderRequest(t, apitest.PlaceOrder, apitest.Values(apitest.OrderFor(circuit, nil)), nil).Sign(temporary).Send(e).OrderID(t)
	call := e.Journal()[0]
	if call.Action != apitest.PlaceOrder || call.Params["AccessKeyId"] != "k" || call.Params["SignatureMethod"] != "ACS3-HMAC-SHA256" ||
		call.Params["SignatureNonce"] == "" || call.Params["Period"] != "1" {
		t.Errorf("call %+v", call)
	}
	if token, sent := call.Params["SecurityToken"]; !sent || token != "" {
		t.Errorf("SecurityToken = %q, %t; want it present and empty", token, sent)
	}
}
