package alibaba_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
)

// The credentials of the tests, made to be found wherever they leak. The token
// needs escaping, so that it differs in each encoding.
const (
	canaryID     = "LTAIcanaryAccessKey"
	canarySecret = "canary-access-key-secret"
	canaryToken  = "CAIScanary+token/with=signs"
)

const (
	region    = "cn-hangzhou"
	circuitID = "pc-bp1hp0wr072f6"
)

var canaries = []string{canaryID, canarySecret, canaryToken, url.QueryEscape(canaryToken), url.QueryEscape(url.QueryEscape(canaryToken)), "canary"}

// transport is a RoundTripper made of a function.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(request *http.Request) (*http.Response, error) { return f(request) }

// answering returns a transport that gives the same answer to every request.
func answering(status int, body string) transport {
	return func(*http.Request) (*http.Response, error) { return reply(status, body), nil }
}

func reply(status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
}

// issuing returns a transport that issues a key to every request, and keeps what was asked.
func issuing(asked *[]url.Values, expires time.Time) transport {
	return func(request *http.Request) (*http.Response, error) {
		if err := request.ParseForm(); err != nil {
			return nil, err
		}
		request.Form.Set("Host", request.URL.Host)
		request.Form.Set("Path", request.URL.Path)
		*asked = append(*asked, request.Form)
		if strings.HasPrefix(request.URL.Host, "sts") {
			return reply(http.StatusOK, sessionBody("STS.issued", expires)), nil
		}
		return reply(http.StatusOK, metadataBody(expires)), nil
	}
}

// hanging returns a transport that answers nothing until the request's context ends.
func hanging() transport {
	return func(request *http.Request) (*http.Response, error) {
		<-request.Context().Done()
		return nil, request.Context().Err()
	}
}

// newClient returns a client with the tests' credentials on a transport.
func newClient(t *testing.T, base http.RoundTripper) *alibaba.Client {
	t.Helper()
	return configure(t, alibaba.Config{Transport: base})
}

// configure returns a client with the tests' region and credentials where config
// has none.
func configure(t *testing.T, config alibaba.Config) *alibaba.Client {
	t.Helper()
	if config.Region == "" {
		config.Region = region
	}
	if config.Credentials == nil {
		config.Credentials = credentials.Static(canaryID, canarySecret, canaryToken)
	}
	client, err := alibaba.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// serve starts a server, and returns a client of it on a real transport of its own.
func serve(t *testing.T, handler http.HandlerFunc) *alibaba.Client {
	t.Helper()
	server := httptest.NewServer(handler)
	base := &http.Transport{}
	t.Cleanup(func() {
		base.CloseIdleConnections()
		server.Close()
	})
	return configure(t, alibaba.Config{VPCEndpoint: server.URL, Transport: base})
}

// recorder keeps the parameters of the requests that pass through it.
type recorder struct {
	mu       sync.Mutex
	requests []url.Values
	headers  []http.Header
}

func (r *recorder) wrap(next transport) transport {
	return func(request *http.Request) (*http.Response, error) {
		r.note(request)
		return next(request)
	}
}

func (r *recorder) note(request *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.requests = append(r.requests, request.URL.Query())
	r.headers = append(r.headers, request.Header.Clone())
}

func (r *recorder) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.requests)
}

func wish() order.Request {
	return order.Request{
		Region: region, CircuitID: circuitID, PricingCycle: "Month", ChargeType: "PrePaid",
		Period: new(int64(1)), ClientToken: order.DefaultToken(region, circuitID),
	}
}

// send sends the order of the tests and returns its failure.
func send(t *testing.T, client *alibaba.Client) *apierror.Error {
	t.Helper()
	receipt, err := client.SendOrder(t.Context(), wish())
	if err == nil {
		t.Fatalf("the order was placed: %+v", receipt)
	}
	return failureOf(t, err)
}

// describe reads the circuit of the tests.
func describe(ctx context.Context, client *alibaba.Client) (circuit.Circuit, error) {
	return client.DescribeCircuit(ctx, circuit.Query{CircuitID: circuitID})
}

func failureOf(t *testing.T, err error) *apierror.Error {
	t.Helper()
	var failure *apierror.Error
	if !errors.As(err, &failure) {
		t.Fatalf("got the error %v, want a *ordering.Failure", err)
	}
	return failure
}

const (
	acceptedBody  = `{"RequestId":"9B9300FE-1","Data":{"OrderId":"50187055895"}}`
	listingBody   = `{"RequestId":"9B9300FE-2","TotalCount":1,"PageNumber":1,"PageSize":50,"PhysicalConnectionSet":{"PhysicalConnectionType":[{"PhysicalConnectionId":"` + circuitID + `","Status":"Confirmed"}]}}`
	throttledBody = `{"RequestId":"9B9300FE-3","HostId":"vpc.aliyuncs.com","Code":"Throttling.User","Message":"Request was denied due to user flow control."}`
)
