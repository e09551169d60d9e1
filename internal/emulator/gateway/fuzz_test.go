package gateway_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/apitest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/gateway"
)

// FuzzUnsignedRequest checks that a request without a valid signature is refused in the
// API's format, and changes nothing.
func FuzzUnsignedRequest(f *testing.F) {
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	signed := apitest.Signed(http.MethodPost, emulator.DefaultCredential, apitest.Start, apitest.OrderFor(circuit, apitest.Params{"Action": apitest.PlaceOrder}))
	f.Add("POST", "/", signed.Encode()+"x", "")
	signed.Set("Format", "XML")
	f.Add("GET", "/", signed.Encode(), "Action=DescribeRegions")
	f.Add("PUT", "/x", "%zz", "a=b&a=c")
	f.Add("POST", "/", "Action=AssumeRole&Version=2015-04-01&Format=yaml", "")
	f.Fuzz(func(t *testing.T, method, path, query, form string) {
		request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://vpc.test/", strings.NewReader(form))
		request.Method, request.URL.Path, request.URL.RawQuery = method, "/"+strings.TrimPrefix(path, "/_"), query
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		recorder := httptest.NewRecorder()
		e.ServeHTTP(recorder, request)
		if recorder.Code < 400 && !strings.Contains(query+form, "WithOIDC") || recorder.Code >= 500 || len(e.Orders()) > 0 {
			t.Fatalf("HTTP %d %s, %d orders", recorder.Code, recorder.Body, len(e.Orders()))
		}
		expectFormat(t, recorder)
		e.ClearJournal()
	})
}

// FuzzAuthorization checks that no header Authorization but the signed one is accepted.
func FuzzAuthorization(f *testing.F) {
	f.Add("ACS3-HMAC-SHA256 Credential=emulator-access-key-id,SignedHeaders=host;x-acs-action,Signature=00", "Period=2", "application/json")
	f.Add("ACS3-HMAC-SHA256", "Action=DescribeRegions", "text/xml")
	f.Add("ACS3-=,;=", "%zz", "")
	f.Fuzz(func(t *testing.T, authorization, query, accept string) {
		e, _ := apitest.NewEmulator(emulator.Quirks{})
		request := apitest.NewHeaderRequest(t, apitest.DescribeRegions, nil, nil)
		request.URL.RawQuery = query
		request.Header.Set("Authorization", authorization)
		request.Header.Set("Accept", accept)
		recorder := httptest.NewRecorder()
		e.ServeHTTP(recorder, request.Request)
		if recorder.Code < 400 || recorder.Code >= 500 {
			t.Fatalf("HTTP %d %s", recorder.Code, recorder.Body)
		}
		expectFormat(t, recorder)
	})
}

// expectFormat checks that a body is in the format that its type announces.
func expectFormat(t *testing.T, recorder *httptest.ResponseRecorder) {
	t.Helper()
	body := recorder.Body.String()
	if strings.HasPrefix(recorder.Header().Get("Content-Type"), "text/xml") {
		for decoder := xml.NewDecoder(strings.NewReader(body)); ; {
			if _, err := decoder.Token(); err != nil {
				if !errors.Is(err, io.EOF) {
					t.Errorf("%v: %q", err, body)
				}
				return
			}
		}
	}
	if !json.Valid([]byte(body)) {
		t.Errorf("no JSON: %q", body)
	}
}

// FuzzSignedRequest checks that every operation answers each parameter in the API's format,
// with a request ID, and that no request places more than one order.
func FuzzSignedRequest(f *testing.F) {
	for _, operation := range emulator.Operations() {
		f.Add(operation.Action, "Format=XML&InstanceId=1", uint8(0))
		f.Add(operation.Action, "PageSize=50&PageNumber=2&PageNum=2&Filter.1.Key=Status&Filter.1.Value.1=Confirmed&Tags.1.Key=a&OrderId=1", uint8(1))
	}
	_, circuit := apitest.NewEmulator(emulator.Quirks{})
	order := url.Values{}
	for name, value := range apitest.OrderFor(circuit, nil) {
		order.Set(name, value)
	}
	f.Add(apitest.PlaceOrder, order.Encode(), uint8(7))
	f.Add("QueryOrders", "CreateTimeStart=2022-01-01T00:00:00Z&CreateTimeEnd=2022-12-31T00:00:00Z&ProductCode=pconn", uint8(3))
	f.Fuzz(func(t *testing.T, action, params string, quirks uint8) {
		e, _ := apitest.NewEmulator(emulator.Quirks{
			LowerCamelAnswers: quirks&1 > 0, OmitEmptyFields: quirks&2 > 0, StateCheckFirst: quirks&4 > 0, UnsuccessfulAs200: quirks&8 > 0, SubOrders: int(quirks >> 6),
		})
		changes := apitest.Params{"Action": action}
		parsed, _ := url.ParseQuery(params) // With an error, it returns the rest.
		for name, values := range parsed {
			changes[name] = values[0]
		}
		for _, operation := range emulator.Operations() {
			if operation.Action == changes["Action"] && changes["Version"] == "" {
				changes["Version"] = operation.Version
			}
		}
		request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "http://vpc.test/?"+apitest.Signed(http.MethodPost, emulator.DefaultCredential, apitest.Start, changes).Encode(), nil)
		recorder := httptest.NewRecorder()
		e.ServeHTTP(recorder, request)
		expectFormat(t, recorder)
		id := recorder.Header().Get("X-Acs-Request-Id")
		if recorder.Code >= 500 || id == "" || !strings.Contains(recorder.Body.String(), id) {
			t.Errorf("HTTP %d %q", recorder.Code, recorder.Body)
		}
		if orders := len(e.Orders()); orders > 1 || orders > 0 && changes["Action"] != apitest.PlaceOrder {
			t.Errorf("%d orders after %s", orders, changes["Action"])
		}
	})
}

// FuzzFault checks that a fault and quirks that are read are written and read again
// without a change.
func FuzzFault(f *testing.F) {
	for _, seed := range []string{`{"Kind":"Slow","Delay":"2s","Skip":9}`, `{"Action":"A","Where":{"a":"b"},"Header":{"Retry-After":"1"},"Times":-1}`, `{"Unknown":1}`,
		`{"TokenWindow":"1h","EnableDelay":"-1ns","SubOrders":3}`, `{"Delay":2}`, `{"Delay":"2562048h"}`, `{} {}`, `null`, `[]`, ``} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		expectSame(t, text, new(emulator.Fault), new(emulator.Fault))
		expectSame(t, text, new(emulator.Quirks), new(emulator.Quirks))
		var fault gateway.Fault
		if json.Unmarshal(text, &fault) != nil {
			return
		}
		e := emulator.New(emulator.Options{})
		if e.CheckFault(&fault) == nil {
			e.AddFault(fault) // Panics with a fault that the check refuses.
		}
	})
}

func expectSame(t *testing.T, text []byte, value, again any) {
	t.Helper()
	if json.Unmarshal(text, value) != nil {
		return
	}
	written, err := json.Marshal(value)
	if err != nil || json.Unmarshal(written, again) != nil {
		t.Fatalf("%q cannot be written again: %q, %v", text, written, err)
	}
	if rewritten, err := json.Marshal(again); err != nil || !reflect.DeepEqual(written, rewritten) {
		t.Errorf("%s becomes %s", written, rewritten)
	}
}

// FuzzParseTime checks that a time that is accepted is written in the same way.
func FuzzParseTime(f *testing.F) {
	for _, seed := range []string{"2022-08-09T05:00:00Z", "2022-08-09T05:00:00.5Z", "2022-08-09T05:00:00+00:00", "2022-02-30T00:00:00Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2022-08-09T24:00:00Z", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if at, ok := gateway.ParseTime(text); ok && !at.IsZero() && gateway.FormatTime(at) != text {
			t.Errorf("%q is written as %q", text, gateway.FormatTime(at))
		}
	})
}
