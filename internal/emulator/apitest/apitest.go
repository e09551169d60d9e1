// Package apitest sends requests to the emulator in its tests.
package apitest

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // Version 1.0 of the RPC signature is HMAC-SHA1.
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// The actions of the VPC API, and the region of the tests.
const (
	PlaceOrder       = "CreatePhysicalConnectionOccupancyOrder"
	DescribeCircuits = "DescribePhysicalConnections"
	DescribeRegions  = "DescribeRegions"
	Region           = "cn-hangzhou"
)

// Start is the time at which tests start. It is early afternoon in Hangzhou.
var Start = time.Date(2022, 8, 9, 5, 0, 0, 0, time.UTC)

// FixedClock returns Start, so that assertions contain readable dates.
func FixedClock() time.Time { return Start }

// Params are the parameters of an operation.
type Params = map[string]string

// Reply is an answer of the API.
type Reply struct {
	Status int
	Body   string
	Header http.Header
}

// Recorded returns a recorded answer.
func Recorded(recorder *httptest.ResponseRecorder) Reply {
	return Reply{recorder.Code, recorder.Body.String(), recorder.Header()}
}

// Decode decodes the body, which must be JSON.
func (r Reply) Decode(t *testing.T, value any) {
	t.Helper()
	if err := json.Unmarshal([]byte(r.Body), value); err != nil {
		t.Fatalf("decode %s: %v", r.Body, err)
	}
}

// Code returns the error code.
func (r Reply) Code(t *testing.T) string {
	t.Helper()
	var envelope struct{ Code string }
	r.Decode(t, &envelope)
	return envelope.Code
}

// OrderID returns the ID in the answer to an order, which must be a success.
func (r Reply) OrderID(t *testing.T) string {
	t.Helper()
	if r.Status != http.StatusOK {
		t.Fatalf("HTTP %d: %s", r.Status, r.Body)
	}
	var body struct{ Data struct{ OrderId string } } //nolint:revive // The name of the API.
	r.Decode(t, &body)
	return body.Data.OrderId
}

// CircuitIDs returns the IDs in the answer of DescribePhysicalConnections.
func (r Reply) CircuitIDs(t *testing.T) []string {
	t.Helper()
	if r.Status != http.StatusOK {
		t.Fatalf("HTTP %d: %s", r.Status, r.Body)
	}
	var body struct {
		PhysicalConnectionSet struct {
			PhysicalConnectionType []struct{ PhysicalConnectionId string } //nolint:revive // The name of the API.
		}
	}
	r.Decode(t, &body)
	ids := []string{}
	for _, circuit := range body.PhysicalConnectionSet.PhysicalConnectionType {
		ids = append(ids, circuit.PhysicalConnectionId)
	}
	return ids
}

var nonces atomic.Int64

// Signed returns a signed query. It does not use the emulator's own code. The changes replace
// the usual parameters; an empty value removes one.
func Signed(method string, credential emulator.Credential, at time.Time, changes Params) url.Values {
	query := url.Values{}
	for name, value := range map[string]string{
		"Version":          "2016-04-28",
		"Format":           "JSON",
		"AccessKeyId":      credential.AccessKeyID,
		"SignatureMethod":  "HMAC-SHA1",
		"SignatureVersion": "1.0",
		"SignatureNonce":   "nonce-" + strconv.FormatInt(nonces.Add(1), 10),
		"SignatureType":    "",
		"Timestamp":        at.UTC().Format("2006-01-02T15:04:05Z"),
	} {
		query.Set(name, value)
	}
	if credential.SecurityToken != "" {
		query.Set("SecurityToken", credential.SecurityToken)
	}
	for name, value := range changes {
		query.Set(name, value)
		if value == "" {
			query.Del(name)
		}
	}
	if !query.Has("Signature") {
		encode := strings.NewReplacer("+", "%20").Replace
		text := method + "&%2F&" + encode(url.QueryEscape(encode(query.Encode())))
		mac := hmac.New(sha1.New, []byte(credential.AccessKeySecret+"&"))
		mac.Write([]byte(text))
		query.Set("Signature", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	}
	return query
}

// Call sends a signed request to a handler without a network.
func Call(t *testing.T, e *emulator.Emulator, action string, changes Params) Reply {
	t.Helper()
	all := Params{"Action": action}
	maps.Copy(all, changes)
	return CallAs(t, e, emulator.DefaultCredential, all)
}

// CallAs is Call with an access key. The parameters include the action.
func CallAs(t *testing.T, e *emulator.Emulator, credential emulator.Credential, all Params) Reply {
	t.Helper()
	return Send(t, e, http.MethodPost, Signed(http.MethodPost, credential, Start, all), nil)
}

// Order orders a circuit, with changes as in Signed.
func Order(t *testing.T, e *emulator.Emulator, circuit emulator.Circuit, changes Params) Reply {
	t.Helper()
	return Call(t, e, PlaceOrder, OrderFor(circuit, changes))
}

// Send sends query and form to a handler without a network.
func Send(t *testing.T, e http.Handler, method string, query, form url.Values) Reply {
	t.Helper()
	target := "http://vpc.test/"
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	request := httptest.NewRequestWithContext(t.Context(), method, target, body)
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	recorder := httptest.NewRecorder()
	e.ServeHTTP(recorder, request)
	return Recorded(recorder)
}

// NewEmulator returns an emulator with a fixed clock and one circuit that can be ordered.
func NewEmulator(quirks emulator.Quirks) (*emulator.Emulator, emulator.Circuit) {
	e := emulator.New(emulator.Options{Clock: FixedClock, Quirks: quirks})
	return e, e.AddCircuit(emulator.Circuit{})
}

// OrderFor returns the usual parameters of an order, with changes as in Signed.
func OrderFor(circuit emulator.Circuit, changes Params) Params {
	order := Params{
		"RegionId":             circuit.Region,
		"PhysicalConnectionId": circuit.ID,
		"Period":               "1",
		"PricingCycle":         "Month",
		"AutoPay":              "false",
		"InstanceChargeType":   "PrePaid",
		"ClientToken":          "token-1",
	}
	maps.Copy(order, changes)
	return order
}

// ExpectCode checks status and error code.
func ExpectCode(t *testing.T, got Reply, status int, code string) {
	t.Helper()
	if got.Status != status || got.Code(t) != code {
		t.Errorf("got HTTP %d %s, want %d with code %s", got.Status, got.Body, status, code)
	}
}

// ExpectOrders checks the number of occupancy orders.
func ExpectOrders(t *testing.T, e *emulator.Emulator, want int) {
	t.Helper()
	if got := len(e.Orders()); got != want {
		t.Errorf("%d orders at the emulator, want %d", got, want)
	}
}

// SortedKeys returns the keys of a map in order.
func SortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
