package occupancyorder_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider"
)

const (
	typeName = "expressconnect_physical_connection_occupancy_order"
	detail   = "GetOrderDetail"
)

type arguments = coretest.Values

// source is the data source for an order behind the provider's protocol server, with an
// emulator in memory. In a synctest bubble it takes no real time.
type source struct {
	t         *testing.T
	emulator  *emulator.Emulator
	transport http.RoundTripper
	core      *coretest.Source
}

// newSource serves the data source with an emulator with one circuit.
func newSource(t *testing.T, quirks emulator.Quirks) *source {
	t.Helper()
	played := emulator.New(emulator.Options{Quirks: quirks})
	played.AddCircuit(emulator.Circuit{Region: acctest.Region, ID: circuitID, Spec: "100G"})
	transport := acctest.PipeTransport(t, played)
	s := newSourceOn(t, transport, arguments{
		"region": acctest.Region, "access_key": emulator.DefaultCredential.AccessKeyID, "secret_key": emulator.DefaultCredential.AccessKeySecret,
		"endpoints": arguments{"vpc": "http://127.0.0.1", "bssopenapi": "http://127.0.0.1"},
	})
	s.emulator = played
	return s
}

func newSourceOn(t *testing.T, transport http.RoundTripper, config arguments) *source {
	t.Helper()
	server, err := coretest.Serve(provider.NewWithTransport("test", transport))
	if err != nil {
		t.Fatal(err)
	}
	core, diags, err := coretest.StartSource(t.Context(), server, typeName, config)
	if err != nil || len(diags) > 0 {
		t.Fatal(err, diags)
	}
	return &source{t: t, transport: transport, core: core}
}

// order places an order for the circuit, as the resource does, and returns its ID.
func (s *source) order(autoPay bool) string {
	s.t.Helper()
	client, err := alibaba.New(alibaba.Config{
		Region: acctest.Region, VPCEndpoint: "http://127.0.0.1", Transport: s.transport,
		Credentials: credentials.Static(emulator.DefaultCredential.AccessKeyID, emulator.DefaultCredential.AccessKeySecret, ""),
	})
	if err != nil {
		s.t.Fatal(err)
	}
	receipt, err := client.SendOrder(s.t.Context(), order.Request{
		Region: acctest.Region, CircuitID: circuitID, Period: new(int64(1)), PricingCycle: order.CycleMonth, AutoPay: autoPay,
		ChargeType: order.ChargeTypePrePaid, ClientToken: "a-token",
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return receipt.OrderID
}

// answer sets the lines that billing returns, each a list of JSON members.
func (s *source) answer(orderID string, rows ...string) {
	var list []string
	for _, row := range rows {
		list = append(list, `{"OrderId":"`+orderID+`",`+row+`}`)
	}
	s.emulator.AddFault(emulator.Fault{Action: detail, Times: -1, Kind: emulator.RawBody,
		Body: `{"Code":"Success","Success":true,"RequestId":"R-1","Data":{"OrderList":{"Order":[` + strings.Join(list, ",") + `]}}}`})
}

// read reads a data block. It checks that the read orders and cancels nothing.
func (s *source) read(ctx context.Context, config arguments) (state, coretest.Diagnostics) {
	s.t.Helper()
	before := s.changes()
	read, diags, err := s.core.Read(ctx, config)
	if err != nil {
		s.t.Fatal(err)
	}
	if s.changes() != before {
		s.t.Error("a read has ordered or cancelled something")
	}
	return read, diags
}

// mustRead reads an order without a diagnostic.
func (s *source) mustRead(orderID string) state {
	s.t.Helper()
	read, diags := s.read(s.t.Context(), arguments{"order_id": orderID})
	if len(diags) > 0 {
		s.t.Fatal(diags)
	}
	return read
}

func (s *source) changes() int {
	if s.emulator == nil {
		return 0
	}
	return s.emulator.CallCount("CreatePhysicalConnectionOccupancyOrder") + s.emulator.CallCount("CancelOrder")
}

// reads counts the calls for orders.
func (s *source) reads() int { return s.emulator.CallCount(detail) }

// state is the state of a data block, or of a sub-order in it.
type state map[string]tftypes.Value

// text returns a text attribute, "null" for null.
func (s state) text(name string) string {
	var text *string
	if err := s[name].As(&text); err != nil {
		return err.Error()
	}
	if text == nil {
		return "null"
	}
	return *text
}

// instances returns the instance IDs, joined by commas.
func (s state) instances() string {
	var elements []tftypes.Value
	if s["instance_ids"].IsNull() || s["instance_ids"].As(&elements) != nil {
		return "null"
	}
	var all []string
	for _, element := range elements {
		all = append(all, state{"": element}.text(""))
	}
	return strings.Join(all, ",")
}

// subOrders returns the sub-orders.
func (s state) subOrders(t *testing.T) []state {
	t.Helper()
	var objects []tftypes.Value
	if err := s["sub_orders"].As(&objects); err != nil {
		t.Fatal(err)
	}
	rows := make([]state, len(objects))
	for i, object := range objects {
		if err := object.As((*map[string]tftypes.Value)(&rows[i])); err != nil {
			t.Fatal(err)
		}
	}
	return rows
}

// want checks text attributes.
func (s state) want(t *testing.T, want map[string]string) {
	t.Helper()
	for name, text := range want {
		if got := s.text(name); got != text {
			t.Errorf("%s = %q, want %q", name, got, text)
		}
	}
}
