// Package alibabatest has the fakes, answers and helpers of the tests of alibaba and its
// packages.
package alibabatest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials/sources"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/vpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/renewal"
)

// The credentials of the tests. Their names make every leak visible. The token needs escaping,
// so that it is different in each encoding.
const (
	CanaryID     = "LTAIcanaryAccessKey"
	CanarySecret = "canary-access-key-secret"
	CanaryToken  = "CAIScanary+token/with=signs"
)

// Region and circuit of the tests.
const (
	Region    = "cn-hangzhou"
	CircuitID = "pc-bp1hp0wr072f6"
)

// Canaries are the credentials in all forms in which they may leak.
var Canaries = []string{CanaryID, CanarySecret, CanaryToken, url.QueryEscape(CanaryToken), url.QueryEscape(url.QueryEscape(CanaryToken)), "canary"}

// Transport is an http.RoundTripper that is a function.
type Transport func(*http.Request) (*http.Response, error)

// RoundTrip implements http.RoundTripper.
func (f Transport) RoundTrip(request *http.Request) (*http.Response, error) { return f(request) }

// Answering returns a transport that gives the same answer to every request.
func Answering(status int, body string) Transport {
	return func(*http.Request) (*http.Response, error) { return Reply(status, body), nil }
}

// Reply returns an answer.
func Reply(status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
}

// Serial returns a transport that answers one request at a time, so that base needs no lock.
func Serial(base http.RoundTripper) Transport {
	var mu sync.Mutex
	return func(request *http.Request) (*http.Response, error) {
		mu.Lock()
		defer mu.Unlock()
		return base.RoundTrip(request)
	}
}

// Issuing returns a transport that issues a key to every request and records the requests.
func Issuing(asked *[]url.Values, expires time.Time) Transport {
	return func(request *http.Request) (*http.Response, error) {
		if err := request.ParseForm(); err != nil {
			return nil, err
		}
		request.Form.Set("Host", request.URL.Host)
		request.Form.Set("Path", request.URL.Path)
		*asked = append(*asked, request.Form)
		if strings.HasPrefix(request.URL.Host, "sts") {
			return Reply(http.StatusOK, SessionBody("STS.issued", expires)), nil
		}
		return Reply(http.StatusOK, MetadataBody(expires)), nil
	}
}

// Hanging returns a transport that answers only when the context of the request ends.
func Hanging() Transport {
	return func(request *http.Request) (*http.Response, error) {
		<-request.Context().Done()
		return nil, request.Context().Err()
	}
}

// NewClient returns a client on a transport, with the credentials of the tests.
func NewClient(t *testing.T, base http.RoundTripper) *alibaba.Client {
	t.Helper()
	return Configure(t, alibaba.Config{Transport: base})
}

// Configure returns a client. It uses the region and credentials of the tests if config has
// none.
func Configure(t *testing.T, config alibaba.Config) *alibaba.Client {
	t.Helper()
	if config.Region == "" {
		config.Region = Region
	}
	if config.Credentials == nil {
		config.Credentials = credentials.Static(CanaryID, CanarySecret, CanaryToken)
	}
	client, err := alibaba.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// Serve starts a server and returns a client of it with a real transport.
func Serve(t *testing.T, handler http.HandlerFunc) *alibaba.Client {
	t.Helper()
	server := httptest.NewServer(handler)
	base := &http.Transport{}
	t.Cleanup(func() {
		base.CloseIdleConnections()
		server.Close()
	})
	return Configure(t, alibaba.Config{VPCEndpoint: server.URL, Transport: base})
}

// Recorder records the requests that pass through it.
type Recorder struct {
	mu       sync.Mutex
	Requests []url.Values
	Headers  []http.Header
}

// Wrap returns a transport that records each request and passes it on.
func (r *Recorder) Wrap(next Transport) Transport {
	return func(request *http.Request) (*http.Response, error) {
		r.Note(request)
		return next(request)
	}
}

// Note records a request.
func (r *Recorder) Note(request *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Requests = append(r.Requests, request.URL.Query())
	r.Headers = append(r.Headers, request.Header.Clone())
}

// Count returns the number of requests.
func (r *Recorder) Count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.Requests)
}

// Request returns the order request of the tests.
func Request() order.Request {
	return order.Request{
		Region: Region, CircuitID: CircuitID, PricingCycle: "Month", ChargeType: "PrePaid",
		Period: new(int64(1)), ClientToken: order.DefaultToken(Region, CircuitID),
	}
}

// SendOrder sends the order of the tests and returns its error.
func SendOrder(t *testing.T, client *alibaba.Client) *apierror.Error {
	t.Helper()
	receipt, err := client.SendOrder(t.Context(), Request())
	if err == nil {
		t.Fatalf("the order was placed: %+v", receipt)
	}
	return FailureOf(t, err)
}

// Describe reads the circuit of the tests.
func Describe(ctx context.Context, client *alibaba.Client) (circuit.Circuit, error) {
	return client.DescribeCircuit(ctx, circuit.Query{CircuitID: CircuitID})
}

// FailureOf returns the API error in err.
func FailureOf(t *testing.T, err error) *apierror.Error {
	t.Helper()
	var failure *apierror.Error
	if !errors.As(err, &failure) {
		t.Fatalf("got the error %v, want an *apierror.Error", err)
	}
	return failure
}

// Answers of the VPC API.
const (
	AcceptedBody = `{"RequestId":"9B9300FE-1","Data":{"OrderId":"50187055895"}}`
	ListingBody  = `{"RequestId":"9B9300FE-2","TotalCount":1,"PageNumber":1,"PageSize":50,` +
		`"PhysicalConnectionSet":{"PhysicalConnectionType":[{"PhysicalConnectionId":"` + CircuitID + `","Status":"Confirmed"}]}}`
	ThrottledBody = `{"RequestId":"9B9300FE-3","HostId":"vpc.aliyuncs.com","Code":"Throttling.User","Message":"Request was denied due to user flow control."}`
)

// Texts returns all texts of an error and of the errors in it.
func Texts(err error) string {
	var all strings.Builder
	for ; err != nil; err = errors.Unwrap(err) {
		fmt.Fprintf(&all, "%s\n%v\n%+v\n%#v\n", err, err, err, err)
		if joined, ok := err.(interface{ Unwrap() []error }); ok {
			for _, inner := range joined.Unwrap() {
				all.WriteString(Texts(inner))
			}
		}
	}
	return all.String()
}

// ExpectNoCanary checks that a text contains none of the credentials.
func ExpectNoCanary(t *testing.T, where, text string) {
	t.Helper()
	for _, canary := range Canaries {
		if strings.Contains(text, canary) {
			t.Errorf("%s holds %q: %s", where, canary, text)
		}
	}
}

// SourceFunc is a credentials.Source that is a function.
type SourceFunc func() (credentials.Value, error)

// Credentials implements credentials.Source.
func (f SourceFunc) Credentials(context.Context) (credentials.Value, error) { return f() }

// RoleARN is the role of the tests.
const RoleARN = "acs:ram::1234567890123456:role/network"

// OIDC provider and token of the tests.
const (
	OIDCARN   = "acs:ram::1234567890123456:oidc-provider/ci"
	OIDCToken = "eyJcanary.eyJcanary.canary" //nolint:gosec // Made up.
)

// SessionBody returns the answer of the Security Token Service with a session.
func SessionBody(id string, expires time.Time) string {
	return fmt.Sprintf(`{"RequestId":"R-1","AssumedRoleUser":{"Arn":"x"},`+
		`"Credentials":{"AccessKeyId":%q,"AccessKeySecret":%q,"SecurityToken":%q,"Expiration":%q}}`,
		id, CanarySecret, CanaryToken, expires.UTC().Format("2006-01-02T15:04:05Z"))
}

// MetadataBody returns the answer of the metadata service with a session.
func MetadataBody(expires time.Time) string {
	return fmt.Sprintf(`{"AccessKeyId":"STS.ecs","AccessKeySecret":%q,"Expiration":%q,"SecurityToken":%q,"LastUpdated":"2026-01-01T00:00:00Z","Code":"Success"}`,
		CanarySecret, expires.UTC().Format("2006-01-02T15:04:05Z"), CanaryToken)
}

// TokenService is a Security Token Service in memory, so that tests can use fake time.
type TokenService struct {
	mu     sync.Mutex
	Issued int
	asked  int
	// Life is how long a session lasts.
	Life time.Duration
	// Delay is how long an answer takes.
	Delay time.Duration
	// Refuse gives the answers if it is set.
	Refuse Transport
}

// RoundTrip implements http.RoundTripper.
func (s *TokenService) RoundTrip(request *http.Request) (*http.Response, error) {
	s.mu.Lock()
	s.asked++
	delay, refuse := s.Delay, s.Refuse
	s.mu.Unlock()
	if delay > 0 {
		select {
		case <-time.After(delay):
		case <-request.Context().Done():
			return nil, request.Context().Err()
		}
	}
	if refuse != nil {
		return refuse(request)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Issued++
	return Reply(http.StatusOK, SessionBody(fmt.Sprint("STS.", s.Issued), time.Now().Add(s.Life))), nil
}

// Set changes the answer and its delay.
func (s *TokenService) Set(refuse Transport, delay time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Refuse, s.Delay = refuse, delay
}

// Count returns the numbers of requests and of issued sessions.
func (s *TokenService) Count() (asked, issued int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked, s.Issued
}

// Assume returns the source of the role of the tests.
func Assume(t *testing.T, base http.RoundTripper) credentials.Source {
	t.Helper()
	source, err := sources.Factory{Transport: base}.AssumeRole(credentials.Static(CanaryID, CanarySecret, ""), sources.Role{ARN: RoleARN})
	if err != nil {
		t.Fatal(err)
	}
	return source
}

// WriteProfile writes a profile file of the CLI and returns its path.
func WriteProfile(t *testing.T, profiles ...map[string]any) string {
	t.Helper()
	content, err := json.Marshal(map[string]any{"profiles": profiles})
	if err != nil {
		t.Fatal(err)
	}
	return WriteProfiles(t, string(content))
}

// WriteProfiles writes the content of a profile file and returns its path.
func WriteProfiles(t *testing.T, content string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "config.json")
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// SSOProfile writes a profile file with a CloudSSO login and returns its path.
func SSOProfile(t *testing.T, address string) string {
	t.Helper()
	return WriteProfile(t, map[string]any{
		"name": "p", "mode": "CloudSSO", "cloud_sso_sign_in_url": address, "cloud_sso_account_id": "1", "cloud_sso_access_config": "ac",
		"access_token": "canary-login", "cloud_sso_access_token_expire": time.Now().Add(time.Hour).Unix(),
	})
}

// LoginFile writes the profile file of Login and returns its path.
func LoginFile(t *testing.T, access string, ends time.Time) string {
	t.Helper()
	return WriteProfiles(t, Login(access, ends))
}

// Login returns the content of a profile file with a login in both modes.
func Login(access string, ends time.Time) string {
	return fmt.Sprintf(`{"current":"p","plugins":{"x":[1,2]},"profiles":[
		{"name":"other","mode":"RsaKeyPair","private_key":"-----BEGIN <&>"},
		{"name":"p","mode":"OAuth","oauth_site_type":"cn","oauth_access_token":%[1]q,"oauth_refresh_token":"canary-refresh","oauth_access_token_expire":%[2]d},
		{"name":"s","mode":"CloudSSO","cloud_sso_sign_in_url":"https://signin.example/start","cloud_sso_account_id":"1","cloud_sso_access_config":"ac",
		 "access_token":%[1]q,"cloud_sso_access_token_expire":%[2]d}]}`, access, ends.Unix())
}

// IDsOf returns the IDs of circuits.
func IDsOf(circuits []circuit.Circuit) []string {
	ids := make([]string, 0, len(circuits))
	for _, circuit := range circuits {
		ids = append(ids, circuit.ID)
	}
	return ids
}

// CircuitList returns a page of circuits. A negative total is not sent.
func CircuitList(total int, ids ...string) string {
	rows := make([]string, 0, len(ids))
	for _, id := range ids {
		rows = append(rows, `{"PhysicalConnectionId":"`+id+`","Status":"Enabled"}`)
	}
	count := ""
	if total >= 0 {
		count = fmt.Sprintf(`"TotalCount":%d,`, total)
	}
	return `{"RequestId":"R-1",` + count + `"PhysicalConnectionSet":{"PhysicalConnectionType":[` + strings.Join(rows, ",") + `]}}`
}

// NumberedIDs returns count circuit IDs in sorted order.
func NumberedIDs(count int) []string {
	ids := make([]string, count)
	for index := range ids {
		ids[index] = fmt.Sprintf("pc-%05d", index)
	}
	return ids
}

// Refresh reads circuits as a Terraform refresh does, with some workers at a time. Each
// worker pauses between two circuits.
func Refresh(t *testing.T, listing *vpc.CachedCircuits, ids []string, workers int, between func() time.Duration) {
	t.Helper()
	queue := make(chan string)
	var pool sync.WaitGroup
	for range workers {
		pool.Go(func() {
			for id := range queue {
				if circuit, err := ReadBy(t.Context(), listing, id); err != nil || circuit.ID != id {
					t.Errorf("%s: got %+v, %v", id, circuit, err)
				}
				time.Sleep(between())
			}
		})
	}
	for _, id := range ids {
		time.Sleep(between() / 10)
		queue <- id
	}
	close(queue)
	pool.Wait()
}

// OddText has every character that escaping treats differently.
const OddText = "~!*'();:@&=+$,/?#[]%"

// OrderList returns a billing answer with rows of orders. A negative total is not sent.
func OrderList(total int, rows ...string) string {
	count := ""
	if total >= 0 {
		count = fmt.Sprintf(`"TotalCount":%d,`, total)
	}
	return `{"Code":"Success","Message":"Successful!","RequestId":"B-1","Success":true,` +
		`"Data":{"HostName":"cn",` + count + `"PageNum":1,"PageSize":20,"OrderList":{"Order":[` + strings.Join(rows, ",") + `]}}}`
}

// BillingCalls are all billing operations, for tests of all of them.
var BillingCalls = map[string]func(context.Context, *alibaba.Client) error{
	"GetOrderDetail": func(ctx context.Context, client *alibaba.Client) error {
		_, err := client.OrderLines(ctx, OrderID)
		return err
	},
	"QueryOrders": func(ctx context.Context, client *alibaba.Client) error {
		_, err := client.OrdersCreated(ctx, billing.OrderQuery{From: time.Unix(1_700_000_000, 0), To: time.Unix(1_700_000_600, 0)})
		return err
	},
	"CancelOrder": func(ctx context.Context, client *alibaba.Client) error { return client.CancelOrder(ctx, OrderID) },
	"QueryAvailableInstances": func(ctx context.Context, client *alibaba.Client) error {
		_, err := client.Instances(ctx, []string{CircuitID})
		return err
	},
	"SetRenewal": func(ctx context.Context, client *alibaba.Client) error {
		return client.SetRenewal(ctx, CircuitID, renewal.DefaultProduct, renewal.Setting{Status: renewal.Manual})
	},
}

// OrderID is the order of the tests.
const OrderID = "50187055895"

// OrderRow returns a row of an order with more fields.
func OrderRow(orderID string, fields ...string) string {
	return `{` + strings.Join(append([]string{`"OrderId":"` + orderID + `"`}, fields...), ",") + `}`
}

// ReadOrderRow reads an order with one row that has these fields.
func ReadOrderRow(t *testing.T, fields ...string) billing.OrderLine {
	t.Helper()
	rows, err := NewClient(t, Answering(http.StatusOK, OrderList(1, OrderRow(OrderID, fields...)))).OrderLines(t.Context(), OrderID)
	if err != nil || len(rows) != 1 {
		t.Fatalf("%v: got %+v, %v", fields, rows, err)
	}
	return rows[0]
}

// BusinessParams returns the parameters of a request without those of the protocol.
func BusinessParams(query url.Values) map[string]string {
	params := map[string]string{}
	for key := range query {
		if !slices.Contains(EnvelopeParams, key) {
			params[key] = query.Get(key)
		}
	}
	return params
}

// EnvelopeParams are the parameters that the protocol adds to every request.
var EnvelopeParams = []string{
	"AccessKeyId", "SecurityToken", "Signature", "SignatureMethod", "SignatureNonce", "SignatureType", "SignatureVersion", "Timestamp",
}

// Hosts of billing, and the answer of the wrong one.
const (
	DomesticHost      = "business.aliyuncs.com"
	InternationalHost = "business.ap-southeast-1.aliyuncs.com"

	NotApplicableBody = `{"Code":"NotApplicable","Message":"This API is not applicable for caller.","RequestId":"B-4"}`
)

// ReadBy reads a circuit of the region of the tests.
func ReadBy(ctx context.Context, listing *vpc.CachedCircuits, id string) (circuit.Circuit, error) {
	return listing.DescribeCircuit(ctx, circuit.Query{Region: Region, CircuitID: id})
}

// Scalars returns the texts and numbers in a JSON body, without the white space around them.
func Scalars(body []byte) []string {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var scalars []string
	for {
		token, err := decoder.Token()
		if err != nil {
			return scalars
		}
		scalars = append(scalars, strings.TrimSpace(fmt.Sprint(token)))
	}
}
