package emulator_test

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

const (
	placeOrder       = "CreatePhysicalConnectionOccupancyOrder"
	describeCircuits = "DescribePhysicalConnections"
	describeRegions  = "DescribeRegions"
	region           = "cn-hangzhou"
)

// start is a moment in Hangzhou's early afternoon.
var start = time.Date(2022, 8, 9, 5, 0, 0, 0, time.UTC)

// fixedClock makes dates in the assertions readable.
func fixedClock() time.Time { return start }

// params are the parameters of an operation.
type params = map[string]string

// reply is an answer of the API.
type reply struct {
	status int
	body   string
	header http.Header
}

func (r reply) decode(t *testing.T, value any) {
	t.Helper()
	if err := json.Unmarshal([]byte(r.body), value); err != nil {
		t.Fatalf("decode %s: %v", r.body, err)
	}
}

func (r reply) code(t *testing.T) string {
	t.Helper()
	var envelope struct{ Code string }
	r.decode(t, &envelope)
	return envelope.Code
}

func (r reply) orderID(t *testing.T) string {
	t.Helper()
	if r.status != http.StatusOK {
		t.Fatalf("HTTP %d: %s", r.status, r.body)
	}
	var body struct{ Data struct{ OrderId string } } //nolint:revive // The name of the API.
	r.decode(t, &body)
	return body.Data.OrderId
}

// circuitIDs returns what DescribePhysicalConnections listed.
func (r reply) circuitIDs(t *testing.T) []string {
	t.Helper()
	if r.status != http.StatusOK {
		t.Fatalf("HTTP %d: %s", r.status, r.body)
	}
	var body struct {
		PhysicalConnectionSet struct {
			PhysicalConnectionType []struct{ PhysicalConnectionId string } //nolint:revive // The name of the API.
		}
	}
	r.decode(t, &body)
	ids := []string{}
	for _, circuit := range body.PhysicalConnectionSet.PhysicalConnectionType {
		ids = append(ids, circuit.PhysicalConnectionId)
	}
	return ids
}

var nonces atomic.Int64

// signed returns a signed query, written independently of the emulator's own
// signing. Parameters given in changes win over the usual ones; an empty value
// leaves a usual one out.
func signed(method string, credential emulator.Credential, at time.Time, changes params) url.Values {
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

// call sends a signed request to a handler without a network.
func call(t *testing.T, e *emulator.Emulator, action string, changes params) reply {
	t.Helper()
	all := params{"Action": action}
	maps.Copy(all, changes)
	return send(t, e, http.MethodPost, signed(http.MethodPost, emulator.DefaultCredential, fixedClock(), all), nil)
}

// send sends query and form to a handler without a network.
func send(t *testing.T, e http.Handler, method string, query, form url.Values) reply {
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
	return reply{recorder.Code, recorder.Body.String(), recorder.Header()}
}

// newEmulator returns an emulator with a fixed clock and one circuit that waits
// for its payment.
func newEmulator(quirks emulator.Quirks) (*emulator.Emulator, emulator.Circuit) {
	e := emulator.New(emulator.Options{Clock: fixedClock, Quirks: quirks})
	return e, e.AddCircuit(emulator.Circuit{})
}

// orderFor returns the usual parameters of an order, with changes as in signed.
func orderFor(circuit emulator.Circuit, changes params) params {
	order := params{
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

func expectCode(t *testing.T, got reply, status int, code string) {
	t.Helper()
	if got.status != status || got.code(t) != code {
		t.Errorf("got HTTP %d %s, want %d with code %s", got.status, got.body, status, code)
	}
}

func expectOrders(t *testing.T, e *emulator.Emulator, want int) {
	t.Helper()
	if got := len(e.Orders()); got != want {
		t.Errorf("%d orders at the emulator, want %d", got, want)
	}
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
