package renewalsetting_test

import (
	"cmp"
	"maps"
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/renewalsetting"
)

const circuitID = "pc-bp1hp0wr072f6abcd"

// scene is the life of one setting, with an emulator in memory.
type scene struct {
	coretest.History

	server *emulator.Emulator
	// settings are other arguments of the provider.
	settings coretest.Values
	// fails is asked before each request. It may be nil.
	fails func(action string) error
}

// play runs a test with a circuit in service, whose term is three months, in a bubble of
// fake time.
func play(t *testing.T, quirks emulator.Quirks, test func(t *testing.T, s *scene)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		server := emulator.New(emulator.Options{Quirks: quirks})
		addCircuit(t, server, circuitID)
		test(t, newScene(t, server))
	})
}

// addCircuit adds a circuit in service, whose term is three months.
func addCircuit(t *testing.T, server *emulator.Emulator, id string) {
	t.Helper()
	server.AddCircuit(emulator.Circuit{ID: id})
	if _, err := server.PlaceConsoleOrder(emulator.ConsoleOrder{Region: acctest.Region, CircuitID: id, Period: 3, Status: emulator.OrderPaid}); err != nil {
		t.Fatal(err)
	}
	server.Advance(time.Hour) // The circuit is Enabled.
}

func newScene(t *testing.T, server *emulator.Emulator) *scene {
	t.Helper()
	s := &scene{server: server}
	transport := acctest.PipeTransport(t, server)
	client := provider.NewWithTransport("test", roundTripper(func(req *http.Request) (*http.Response, error) {
		if s.fails != nil {
			if err := s.fails(req.URL.Query().Get("Action")); err != nil {
				return nil, err
			}
		}
		return transport.RoundTrip(req)
	}))
	s.History = coretest.History{T: t, Start: func(t *testing.T) *coretest.Process {
		t.Helper()
		values := coretest.Values{
			"region": acctest.Region, "access_key": emulator.DefaultCredential.AccessKeyID, "secret_key": emulator.DefaultCredential.AccessKeySecret,
			"endpoints": coretest.Values{"vpc": "http://127.0.0.1", "bssopenapi": "http://127.0.0.1"}, "plan_prices": false,
		}
		maps.Copy(values, s.settings)
		process, diags, err := coretest.StartServer(t.Context(), provider.NewServer(client()), renewalsetting.TypeName, values)
		if err != nil || diags.HasError() {
			t.Fatal(err, diags)
		}
		return process
	}}
	return s
}

type roundTripper func(*http.Request) (*http.Response, error)

func (r roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return r(req) }

// auto is the configuration of a renewal every three months.
func auto(more ...any) coretest.Values {
	return with(coretest.Values{"physical_connection_id": circuitID, "renewal_status": "AutoRenewal", "renewal_period": 3}, more...)
}

// withStatus is the configuration of a status without a period.
func withStatus(status string, more ...any) coretest.Values {
	return with(coretest.Values{"physical_connection_id": circuitID, "renewal_status": status}, more...)
}

func with(values coretest.Values, more ...any) coretest.Values {
	for i := 0; i+1 < len(more); i += 2 {
		values[more[i].(string)] = more[i+1] //nolint:forcetypeassert // Literals of the tests.
	}
	return values
}

// set returns a setting of the emulator, for example "AutoRenewal 3 M".
func (s *scene) set() string { return settingOf(s.server, circuitID) }

func settingOf(server *emulator.Emulator, id string) string {
	circuit, _ := server.Circuit(acctest.Region, id)
	if circuit.Renewal.Status != "AutoRenewal" {
		return cmp.Or(circuit.Renewal.Status, "ManualRenewal")
	}
	return circuit.Renewal.Status + " " + strconv.Itoa(circuit.Renewal.Period) + " " + circuit.Renewal.Unit
}

// inConsole changes the setting as a person does in the console.
func (s *scene) inConsole(renewal emulator.Renewal) {
	s.server.ChangeCircuit(acctest.Region, circuitID, func(c *emulator.Circuit) { c.Renewal = renewal })
}

// inState returns the setting of the state, for example "AutoRenewal 3 Month".
func (s *scene) inState() string { return inState(s.Object) }

func inState(object *coretest.Object) string {
	text := object.String("renewal_status")
	if period := object.Int("renewal_period"); period != 0 {
		text += " " + strconv.FormatInt(period, 10)
	}
	if unit := object.String("renewal_period_unit"); unit != "" {
		text += " " + unit
	}
	return text
}

// wantSent checks the number of changes since the last check.
func (s *scene) wantSent(changes int) {
	s.T.Helper()
	if got := s.server.CallCount("SetRenewal"); got != changes {
		s.T.Errorf("%d changes were sent, want %d", got, changes)
	}
	s.server.ClearJournal()
}

// wantNoDiff checks that a plan changes nothing.
func (s *scene) wantNoDiff(config coretest.Values) coretest.Diagnostics {
	s.T.Helper()
	plan, diags := s.Plan(config, coretest.Options{})
	if plan.Action != coretest.NoOp || diags.HasError() {
		s.T.Errorf("the plan is to %s\n%s", plan.Action, diags)
	}
	return diags
}

// kill makes the process end, as far as core sees it: it drops what the apply returns.
func (s *scene) kill(config coretest.Values) {
	s.T.Helper()
	before := s.Object
	_ = s.Apply(config)
	s.Object = before
}
