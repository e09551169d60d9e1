package physicalconnection_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
)

const typeName = "expressconnect_physical_connection"

// source is a data source behind the provider's protocol server, with an emulator in
// memory. In a synctest bubble it takes no real time.
type source struct {
	t         *testing.T
	emulator  *emulator.Emulator
	transport http.RoundTripper
	core      *coretest.Source
}

type (
	arguments = coretest.Values
	unknown   = coretest.Unknown
)

// settings are the arguments of a provider that calls an emulator.
var settings = arguments{
	"region": acctest.Region, "access_key": emulator.DefaultCredential.AccessKeyID, "secret_key": emulator.DefaultCredential.AccessKeySecret,
	"endpoints": arguments{"vpc": "http://127.0.0.1", "bssopenapi": "http://127.0.0.1"},
}

// newSource serves the data source for one circuit with the circuits of an emulator.
func newSource(t *testing.T, quirks emulator.Quirks, circuits ...emulator.Circuit) *source {
	t.Helper()
	return newSourceOf(t, typeName, quirks, circuits...)
}

func newSourceOf(t *testing.T, typeName string, quirks emulator.Quirks, circuits ...emulator.Circuit) *source {
	t.Helper()
	played := emulator.New(emulator.Options{Quirks: quirks})
	for _, circuit := range circuits {
		played.AddCircuit(circuit)
	}
	s := newSourceOn(t, typeName, acctest.PipeTransport(t, played), settings)
	s.emulator = played
	return s
}

func newSourceOn(t *testing.T, typeName string, transport http.RoundTripper, config arguments) *source {
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

// validate validates a data block.
func (s *source) validate(config arguments) coretest.Diagnostics {
	s.t.Helper()
	diags, err := s.core.Validate(s.t.Context(), config)
	if err != nil {
		s.t.Fatal(err)
	}
	return diags
}

// read reads a data block. It checks that the read sends no order.
func (s *source) read(ctx context.Context, config arguments) (state, coretest.Diagnostics) {
	s.t.Helper()
	before := s.orders()
	read, diags, err := s.core.Read(ctx, config)
	if err != nil {
		s.t.Fatal(err)
	}
	if s.orders() != before {
		s.t.Error("a read has sent an order")
	}
	return read, diags
}

// mustRead reads a data block without a diagnostic.
func (s *source) mustRead(config arguments) state {
	s.t.Helper()
	read, diags := s.read(s.t.Context(), config)
	if len(diags) > 0 {
		s.t.Fatal(diags)
	}
	return read
}

// reads counts the calls for circuits.
func (s *source) reads() int { return s.emulator.CallCount("DescribePhysicalConnections") }

// orders counts the order requests, 0 without an emulator.
func (s *source) orders() int {
	if s.emulator == nil {
		return 0
	}
	return s.emulator.CallCount("CreatePhysicalConnectionOccupancyOrder")
}

// state is the state of a data block.
type state map[string]tftypes.Value

// text returns a text attribute, "" for null.
func (s state) text(name string) string {
	var text *string
	if s[name].As(&text) != nil || text == nil {
		return ""
	}
	return *text
}

// payable returns whether a circuit is payable, false for null.
func (s state) payable() bool {
	var payable *bool
	return s["payable"].As(&payable) == nil && payable != nil && *payable
}

// invalid returns the kind of the error for an invalid value of the attribute.
func invalid(attribute string) message.Kind {
	if attribute == "timeouts.read" {
		return message.InvalidTimeout
	}
	return message.InvalidValue
}

// batchWindow is the time in which a read waits for others to join its request.
const batchWindow = 10 * time.Millisecond
