package emulator_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

func TestGatewayRefusesWhatIsNotSignedProperly(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		changes params
		status  int
		code    string
	}{
		"no action":            {params{"Action": ""}, 400, "MissingAction"},
		"no version":           {params{"Version": ""}, 400, "MissingVersion"},
		"no access key":        {params{"AccessKeyId": ""}, 400, "MissingAccessKeyId"},
		"no signature method":  {params{"SignatureMethod": ""}, 400, "MissingSignatureMethod"},
		"no signature version": {params{"SignatureVersion": ""}, 400, "MissingSignatureVersion"},
		"no nonce":             {params{"SignatureNonce": ""}, 400, "MissingSignatureNonce"},
		"no timestamp":         {params{"Timestamp": ""}, 400, "MissingTimestamp"},
		"other method":         {params{"SignatureMethod": "HMAC-SHA256"}, 400, "InvalidSignatureMethod"},
		"other version":        {params{"SignatureVersion": "2.0"}, 400, "InvalidSignatureVersion"},
		"bearer token":         {params{"SignatureType": "BEARERTOKEN"}, 400, "InvalidSignatureType"},
		"unknown format":       {params{"Format": "YAML"}, 400, "InvalidFormat"},
		"unknown action":       {params{"Action": "RunInstances"}, 404, "InvalidAction.NotFound"},
		"unknown API version":  {params{"Version": "2014-05-26"}, 400, "InvalidVersion"},
		"unknown key":          {params{"AccessKeyId": "nobody"}, 404, "InvalidAccessKeyId.NotFound"},
		"bad signature":        {params{"Signature": "AAAAAAAAAAAAAAAAAAAAAAAAAAA="}, 400, "SignatureDoesNotMatch"},
		"token without need":   {params{"SecurityToken": "sts"}, 400, "InvalidSecurityToken.MismatchWithAccessKey"},
		"local time":           {params{"Timestamp": "2022-08-09T13:00:00+08:00"}, 400, "InvalidTimeStamp.Format"},
		"fraction of a second": {params{"Timestamp": "2022-08-09T05:00:00.5Z"}, 400, "InvalidTimeStamp.Format"},
		"15 minutes ago":       {params{"Timestamp": "2022-08-09T04:45:00Z"}, 200, ""},
		"15 minutes ahead":     {params{"Timestamp": "2022-08-09T05:15:00Z"}, 200, ""},
		"too old":              {params{"Timestamp": "2022-08-09T04:44:59Z"}, 400, "InvalidTimeStamp.Expired"},
		"too new":              {params{"Timestamp": "2022-08-09T05:15:01Z"}, 400, "InvalidTimeStamp.Expired"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, _ := newEmulator(emulator.Quirks{})
			expectCode(t, call(t, e, describeRegions, test.changes), test.status, test.code)
		})
	}
}

func TestUnsignedRequestIsRefused(t *testing.T) {
	t.Parallel()
	e, _ := newEmulator(emulator.Quirks{})
	query := signed(http.MethodGet, emulator.DefaultCredential, start, params{"Action": describeRegions})
	query.Del("Signature")
	expectCode(t, send(t, e, http.MethodGet, query, nil), 400, "MissingSignature")
}

func TestWrongSecretIsAnsweredWithTheStringToSign(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{})
	credential := emulator.DefaultCredential
	credential.AccessKeySecret = "wrong"
	query := signed(http.MethodGet, credential, start, orderFor(circuit, params{"Action": placeOrder}))
	got := send(t, e, http.MethodGet, query, nil)
	expectCode(t, got, 400, "SignatureDoesNotMatch")
	if want := "server string to sign is:GET&%2F&AccessKeyId%3D"; !strings.Contains(got.body, want) {
		t.Errorf("%s does not contain %s", got.body, want)
	}
	expectOrders(t, e, 0)
}

func TestSignatureCoversMethodAndEveryParameter(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{})
	sign := func() url.Values {
		return signed(http.MethodPost, emulator.DefaultCredential, start, orderFor(circuit, params{"Action": placeOrder}))
	}
	expectCode(t, send(t, e, http.MethodGet, sign(), nil), 400, "SignatureDoesNotMatch")

	changed := sign()
	changed.Set("Period", "9")
	expectCode(t, send(t, e, http.MethodPost, changed, nil), 400, "SignatureDoesNotMatch")

	added := sign()
	added.Set("AutoRenew", "true")
	expectCode(t, send(t, e, http.MethodPost, added, nil), 400, "SignatureDoesNotMatch")

	inForm := sign()
	expectCode(t, send(t, e, http.MethodPost, inForm, url.Values{"AutoRenew": {"true"}}), 400, "SignatureDoesNotMatch")
	expectOrders(t, e, 0)
}

func TestParametersMayComeInQueryOrForm(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{})
	all := signed(http.MethodPost, emulator.DefaultCredential, start, orderFor(circuit, params{"Action": placeOrder}))
	query, form := url.Values{}, url.Values{}
	for name, values := range all {
		if name == "Action" || name == "Signature" || name == "Period" {
			query[name] = values
		} else {
			form[name] = values
		}
	}
	if id := send(t, e, http.MethodPost, query, form).orderID(t); id == "" {
		t.Error("no order ID")
	}
	inQuery := signed(http.MethodGet, emulator.DefaultCredential, start, orderFor(circuit, params{"Action": placeOrder}))
	if id := send(t, e, http.MethodGet, inQuery, nil).orderID(t); id == "" {
		t.Error("no order ID")
	}
}

func TestRepeatedParameterIsRefused(t *testing.T) {
	t.Parallel()
	e, _ := newEmulator(emulator.Quirks{})
	query := signed(http.MethodGet, emulator.DefaultCredential, start, params{"Action": describeRegions})
	query.Add("AcceptLanguage", "en-US")
	query.Add("AcceptLanguage", "zh-CN")
	expectCode(t, send(t, e, http.MethodGet, query, nil), 400, "InvalidParameter.Format")
}

func TestNonceCanBeUsedOnce(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{})
	query := signed(http.MethodPost, emulator.DefaultCredential, start,
		orderFor(circuit, params{"Action": placeOrder, "ClientToken": ""}))
	send(t, e, http.MethodPost, query, nil).orderID(t)
	expectCode(t, send(t, e, http.MethodPost, query, nil), 400, "SignatureNonceUsed")
	expectOrders(t, e, 1)
}

func TestRefusedSignatureDoesNotUseUpTheNonce(t *testing.T) {
	t.Parallel()
	e, _ := newEmulator(emulator.Quirks{})
	expectCode(t, call(t, e, describeRegions, params{"SignatureNonce": "n", "Signature": "x"}), 400, "SignatureDoesNotMatch")
	expectCode(t, call(t, e, describeRegions, params{"SignatureNonce": "n"}), 200, "")
}

func TestNonceStaysUsedUntilItsTimestampHasExpired(t *testing.T) {
	t.Parallel()
	now := start
	e := emulator.New(emulator.Options{Clock: func() time.Time { return now }})
	ask := func(nonce string) reply {
		query := signed(http.MethodGet, emulator.DefaultCredential, now, params{"Action": describeRegions, "SignatureNonce": nonce})
		return send(t, e, http.MethodGet, query, nil)
	}
	expectCode(t, ask("first"), 200, "")
	now = now.Add(20 * time.Minute)
	expectCode(t, ask("first"), 400, "SignatureNonceUsed")
	now = now.Add(20 * time.Minute)
	expectCode(t, ask("second"), 200, "")
	expectCode(t, ask("first"), 200, "")
}

func TestTemporaryKeyNeedsItsSecurityToken(t *testing.T) {
	t.Parallel()
	temporary := emulator.Credential{AccessKeyID: "STS.key", AccessKeySecret: "secret", SecurityToken: "sts+token/=="} //nolint:gosec // Made up.
	e := emulator.New(emulator.Options{Clock: fixedClock, Credentials: []emulator.Credential{temporary}})
	ask := func(token string) reply {
		return send(t, e, http.MethodGet, signed(http.MethodGet, temporary, start,
			params{"Action": describeRegions, "SecurityToken": token}), nil)
	}
	expectCode(t, ask(temporary.SecurityToken), 200, "")
	expectCode(t, ask(""), 400, "MissingSecurityToken")
	expectCode(t, ask("another"), 400, "InvalidSecurityToken.MismatchWithAccessKey")
}

func TestOnlyConfiguredKeysAreLetIn(t *testing.T) {
	t.Parallel()
	reader := emulator.Credential{AccessKeyID: "reader", AccessKeySecret: "s", Denied: []string{placeOrder}}
	disabled := emulator.Credential{AccessKeyID: "disabled", AccessKeySecret: "s", Disabled: true}
	e := emulator.New(emulator.Options{Clock: fixedClock, Credentials: []emulator.Credential{reader, disabled}})
	circuit := e.AddCircuit(emulator.Circuit{})
	ask := func(credential emulator.Credential, action string) reply {
		query := signed(http.MethodPost, credential, start, orderFor(circuit, params{"Action": action}))
		return send(t, e, http.MethodPost, query, nil)
	}
	expectCode(t, ask(emulator.DefaultCredential, describeCircuits), 404, "InvalidAccessKeyId.NotFound")
	expectCode(t, ask(disabled, describeCircuits), 400, "InvalidAccessKeyId.Inactive")
	expectCode(t, ask(reader, describeCircuits), 200, "")

	denied := ask(reader, placeOrder)
	expectCode(t, denied, 403, "Forbidden.RAM")
	var body struct {
		AccessDeniedDetail struct{ AuthAction string }
	}
	denied.decode(t, &body)
	if body.AccessDeniedDetail.AuthAction != "vpc:"+placeOrder {
		t.Errorf("AccessDeniedDetail of %s does not name the action", denied.body)
	}
	expectOrders(t, e, 0)
}

func TestOtherMethodsAreRefused(t *testing.T) {
	t.Parallel()
	e, _ := newEmulator(emulator.Quirks{})
	query := signed(http.MethodPut, emulator.DefaultCredential, start, params{"Action": describeRegions})
	expectCode(t, send(t, e, http.MethodPut, query, nil), 400, "UnsupportedHTTPMethod")
}
