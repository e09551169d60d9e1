package occupancyorder_test

import (
	"bytes"
	"context"
	"io"
	"maps"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"

	fwprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/occupancyorder"
)

const circuitID = "pc-bp1hp0wr072f6abcd"

// history is the life of one resource. It runs with coretest and an emulator in memory. In a
// synctest bubble it takes no real time.
type history struct {
	coretest.History

	server *emulator.Emulator
	region string // the provider's
	// settings are other arguments of the provider.
	settings coretest.Values
	client   func() fwprovider.Provider
	// answered can change each answer. It may be nil.
	answered func(*http.Response)
	// down is the number of connections to refuse. If negative, all are refused.
	down atomic.Int64
}

func newHistory(t *testing.T, quirks emulator.Quirks) *history {
	t.Helper()
	server := emulator.New(emulator.Options{Quirks: quirks})
	server.AddCircuit(emulator.Circuit{ID: circuitID})
	return newHistoryOn(t, server)
}

func newHistoryOn(t *testing.T, server *emulator.Emulator) *history {
	t.Helper()
	h := &history{server: server, region: acctest.Region}
	h.History = coretest.History{T: t, Start: h.start}
	transport := acctest.PipeTransport(t, server)
	transport.DisableKeepAlives = true // so that each request can be refused
	dial := transport.DialContext
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		if down := h.down.Load(); down != 0 {
			h.down.Store(max(down-1, -1))
			return nil, &net.OpError{Op: "dial", Net: network, Err: syscall.ECONNREFUSED}
		}
		return dial(ctx, network, address)
	}
	h.client = provider.NewWithTransport("test", roundTripper(func(req *http.Request) (*http.Response, error) {
		resp, err := transport.RoundTrip(req)
		if err == nil && h.answered != nil {
			h.answered(resp)
		}
		return resp, err
	}))
	return h
}

type roundTripper func(*http.Request) (*http.Response, error)

func (r roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return r(req) }

// rewrite replaces a value in the answers of billing.
func (h *history) rewrite(from, to string) {
	h.answered = func(resp *http.Response) {
		body, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err != nil {
			h.T.Error(err)
		}
		body = bytes.ReplaceAll(body, strconv.AppendQuote(nil, from), strconv.AppendQuote(nil, to))
		resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	}
}

// billingActions are the operations of billing that the provider uses.
var billingActions = []string{"GetOrderDetail", "QueryOrders", "CancelOrder"}

// withoutBilling removes the permission to read billing.
func (h *history) withoutBilling() {
	h.billingFails(emulator.Fault{HTTPStatus: 403, Code: "NoPermission"})
}

// billingFails makes every operation of billing fail.
func (h *history) billingFails(fault emulator.Fault) {
	h.T.Helper()
	for _, action := range billingActions {
		fault.Action, fault.Times = action, -1
		h.server.AddFault(fault)
	}
}

// billingCalls counts the calls of billing.
func (h *history) billingCalls() int {
	calls := 0
	for _, action := range billingActions {
		calls += h.server.CallCount(action)
	}
	return calls
}

// start starts the provider, as core does for each plan and each apply.
func (h *history) start(t *testing.T) *coretest.Process {
	t.Helper()
	return h.startServer(t, provider.NewServer(h.client()))
}

// startUnrecorded starts a provider that does not record the orders of the state, as in older
// versions.
func (h *history) startUnrecorded(t *testing.T) *coretest.Process {
	t.Helper()
	return h.startServer(t, providerserver.NewProtocol6(h.client())())
}

// startUnvalidated starts a provider without a validation of its configuration, as terraform
// test does since 1.12.
func (h *history) startUnvalidated(t *testing.T) *coretest.Process {
	t.Helper()
	return h.startServer(t, unvalidated{provider.NewServer(h.client())})
}

type unvalidated struct{ tfprotov6.ProviderServer }

func (unvalidated) ValidateProviderConfig(context.Context, *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	return &tfprotov6.ValidateProviderConfigResponse{}, nil
}

func (h *history) startServer(t *testing.T, server tfprotov6.ProviderServer) *coretest.Process {
	t.Helper()
	settings := coretest.Values{
		"region": h.region, "access_key": emulator.DefaultCredential.AccessKeyID, "secret_key": emulator.DefaultCredential.AccessKeySecret,
		"endpoints":   coretest.Values{"vpc": "http://127.0.0.1", "bssopenapi": "http://127.0.0.1"},
		"plan_prices": false, // Tests of prices set it.
	}
	maps.Copy(settings, h.settings)
	process, diags, err := coretest.StartServer(t.Context(), server, occupancyorder.TypeName, settings)
	if err != nil || diags.HasError() {
		t.Fatal(err, diags)
	}
	return process
}

// paid is the configuration of an order that is charged at once.
func paid(more ...any) coretest.Values {
	values := coretest.Values{"physical_connection_id": circuitID, "period": 3, "auto_pay": true}
	for i := 0; i+1 < len(more); i += 2 {
		values[more[i].(string)] = more[i+1] //nolint:forcetypeassert // Literals of the tests.
	}
	return values
}

// wantOrders checks the orders and the order requests at the emulator.
func (h *history) wantOrders(orders, requests int) {
	h.T.Helper()
	if got := len(h.server.Orders()); got != orders {
		h.T.Errorf("orders at the emulator: %d, want %d", got, orders)
	}
	if got := h.server.CallCount("CreatePhysicalConnectionOccupancyOrder"); got != requests {
		h.T.Errorf("order requests at the emulator: %d, want %d", got, requests)
	}
}
