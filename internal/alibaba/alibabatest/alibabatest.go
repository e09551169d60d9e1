// Package alibabatest has the fakes, answers and helpers of the tests of alibaba and its
// packages.
package alibabatest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
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

// Hosts of billing, and the answer of the wrong one.
const (
	DomesticHost      = "business.aliyuncs.com"
	InternationalHost = "business.ap-southeast-1.aliyuncs.com"

	NotApplicableBody = `{"Code":"NotApplicable","Message":"This API is not applicable for caller.","RequestId":"B-4"}`
)
