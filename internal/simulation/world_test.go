package simulation

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	fwprovider "github.com/hashicorp/terraform-plugin-framework/provider"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/occupancyorder"
)

// circuits are the circuits of a world.
var circuits = []string{"pc-alpha", "pc-beta", "pc-gamma"}

// world is an emulator with circuits, and machines that order them.
type world struct {
	t        *testing.T
	server   *emulator.Emulator
	network  *http.Transport
	variant  variant
	machines [2]*machine
	// dark means that the provider may not read billing at present.
	dark bool
	// typed are the tokens that a user has set.
	typed map[string]bool
	// held are the applies that wait by machine, late those that were killed with a request on the way.
	held [2]*heldRun
	late []*heldRun
	// mu guards senders and runs while a process runs. runs are the processes of the provider,
	// and senders the process of each request, by its nonce. limits are the known limits at
	// which second orders were placed. windowEnded means that the API has forgotten a token
	// that mattered.
	mu          sync.Mutex
	runs        []begun
	senders     map[string]int
	limits      []string
	windowEnded bool
	// met are the rare states that the history has met.
	met map[rareState]bool
}

// machine is a configuration and its state.
type machine struct {
	config coretest.Values
	object *coretest.Object
	// setting is the renewal setting in the state, wanted the configured one; may be nil.
	setting *coretest.Object
	wanted  *setting
	said    coretest.Diagnostics // of the last apply of the setting
}

// base is a world after some steps of a history. Histories that begin with these steps
// need not play them again.
type base struct {
	steps    int
	server   *emulator.Emulator
	machines [2]*machine
}

// asBase returns the world after some steps, nil if a run is in progress. Its clock stands
// still, because the bubble of the world ends.
func (w *world) asBase(steps int) *base {
	if len(w.late) > 0 || w.held != [2]*heldRun{} {
		return nil
	}
	now := w.server.Now()
	server := emulator.New(emulator.Options{From: w.server, Clock: func() time.Time { return now }})
	b := &base{steps: steps, server: server, machines: w.machines}
	b.machines = b.copyMachines()
	return b
}

func (b *base) copyMachines() [2]*machine {
	first, second := *b.machines[0], *b.machines[1]
	return [2]*machine{&first, &second}
}

// outcome is the result of a step.
type outcome struct {
	action coretest.Action // of the applied plan; empty if there is none
	config coretest.Values // the applied configuration
	diags  coretest.Diagnostics
	killed bool // the result of the run is lost
}

func newWorld(t *testing.T, h history, v variant) *world {
	t.Helper()
	w := &world{t: t, variant: v, typed: map[string]bool{deliberateToken: true}, senders: map[string]int{}, met: map[rareState]bool{}}
	if h.base != nil {
		w.server = emulator.New(emulator.Options{From: h.base.server})
		w.machines = h.base.copyMachines()
	} else {
		w.server = emulator.New(emulator.Options{Quirks: h.quirks})
		for _, id := range circuits {
			w.server.AddCircuit(emulator.Circuit{ID: id})
		}
		w.machines = newMachines(h)
	}
	w.network = acctest.PipeTransport(t, w.server)
	return w
}

func newMachines(h history) [2]*machine {
	machines := [2]*machine{{config: configFor(circuits[0])}, {config: configFor(circuits[1])}}
	if h.shared {
		machines[1].config = configFor(circuits[0])
	}
	for _, m := range machines {
		if h.unpaid {
			m.config["auto_pay"] = false
			m.config["cancel_unpaid_on_destroy"] = h.careful
		}
		if h.short {
			m.config["timeouts"] = coretest.Values{"create": "20s"}
		}
	}
	return machines
}

func configFor(circuit string) coretest.Values {
	return coretest.Values{"physical_connection_id": circuit, "period": 3, "auto_pay": true}
}

// process is one run of the provider and its network.
type process struct {
	*coretest.Process
	wire *wire
}

func (w *world) start(ctx context.Context, kill killPoint, refuse int, reads bool) (process, error) {
	started := w.recordRun(reads)
	p, err := w.startType(ctx, occupancyorder.TypeName, kill, refuse)
	p.wire.sent = func(action, nonce string) { w.recordRequest(started, action, nonce) }
	return p, err
}

func (w *world) startType(ctx context.Context, typeName string, kill killPoint, refuse int) (process, error) {
	network := newWire(w.network, kill, refuse, w.dark)
	newProvider := func() fwprovider.Provider {
		return w.variant.provider(provider.NewWithTransport("test", network)())
	}
	server, err := coretest.Serve(newProvider)
	if err != nil {
		return process{wire: network}, err
	}
	core, diags, err := coretest.StartServer(ctx, w.variant.server(server), typeName, coretest.Values{
		"region": acctest.Region, "access_key": emulator.DefaultCredential.AccessKeyID, "secret_key": emulator.DefaultCredential.AccessKeySecret,
		"endpoints": coretest.Values{"vpc": "http://127.0.0.1", "bssopenapi": "http://127.0.0.1"},
	})
	if err == nil && diags.HasError() {
		err = fmt.Errorf("configure: %s", diags)
	}
	return process{core, network}, err
}

// plan refreshes and plans in one run.
func (w *world) plan(ctx context.Context, m *machine, config coretest.Values, options coretest.Options, refuse int) (coretest.Plan, *coretest.Object, coretest.Diagnostics, error) {
	return w.planned(ctx, m, config, options, refuse, true)
}

func (w *world) planned(ctx context.Context, m *machine, config coretest.Values, options coretest.Options, refuse int, refreshed bool) (coretest.Plan, *coretest.Object, coretest.Diagnostics, error) {
	p, err := w.start(ctx, notKilled, refuse, true)
	if err != nil {
		return coretest.Plan{}, nil, nil, err
	}
	object := m.object
	var diags coretest.Diagnostics
	if object != nil && refreshed {
		if object, diags, err = p.Refresh(ctx, object); err != nil {
			return coretest.Plan{}, nil, diags, err
		}
	}
	made, more, err := p.Plan(ctx, object, config, options)
	return made, object, append(diags, more...), err
}

// run describes how an apply runs.
type run struct {
	kill      killPoint
	refuse    int
	discard   bool          // the process ends normally, and its state is lost
	interrupt time.Duration // negative: none
	options   coretest.Options
	// unrefreshed means -refresh=false.
	unrefreshed bool
	// held delays order requests; may be nil.
	held *hold
	// late is the configuration during the apply; nil if it is the planned one.
	late coretest.Values
	// wait is the time between plan and apply.
	wait time.Duration
}

// apply plans and applies in two runs.
func (w *world) apply(ctx context.Context, m *machine, config coretest.Values, r run) (outcome, error) {
	made, object, diags, err := w.planned(ctx, m, config, r.options, 0, !r.unrefreshed)
	if err != nil || diags.HasError() {
		return outcome{diags: diags}, err
	}
	m.object = object // An apply saves the result of the refresh in its plan.
	if r.wait > 0 {
		w.server.Advance(r.wait)
	}
	if r.late != nil {
		config = r.late
	}
	result := outcome{action: made.Action, config: config}
	if made.Action == coretest.NoOp {
		return result, nil
	}
	p, err := w.start(ctx, r.kill, r.refuse, false)
	if err != nil {
		return result, err
	}
	p.wire.held = r.held
	e := p.applyUntilDeath(ctx, made, config, r.interrupt)
	result.killed = e.killed || r.discard
	switch {
	case e.killed && replaces(made.Action):
		m.object = nil // Core has saved the removal.
	case !result.killed:
		m.object, result.diags = e.object, e.diags
	}
	return result, e.err
}

// end is the result of an apply.
type end struct {
	object *coretest.Object
	diags  coretest.Diagnostics
	err    error
	killed bool
}

// applyUntilDeath applies a plan until the apply ends or the process dies. It stops the
// provider after interrupt, if that is not negative.
func (p process) applyUntilDeath(ctx context.Context, made coretest.Plan, config coretest.Values, interrupt time.Duration) end {
	ended := make(chan end, 1)
	lifetime, exit := context.WithCancel(ctx)
	defer exit()
	go func() {
		object, diags, err := p.Apply(lifetime, made, config)
		ended <- end{object, diags, err, false}
	}()
	if interrupt >= 0 {
		timer := time.AfterFunc(interrupt, func() { _ = p.Stop(ctx) })
		defer timer.Stop()
	}
	select {
	case e := <-ended:
		return e
	case <-p.wire.dead:
		exit()
		close(p.wire.release)
		<-ended
		return end{killed: true}
	}
}

// play plays a step. An error violates the plugin protocol itself.
func (w *world) play(ctx context.Context, s step) (outcome, error) {
	m := w.machines[s.machine]
	switch s.kind {
	case plan:
		_, _, diags, err := w.plan(ctx, m, m.config, coretest.Options{}, s.refuse)
		return outcome{diags: diags}, err
	case apply, crash, orphan, interrupt, lateApply, replace, destroy, unrefreshed, keepOnDestroy:
		if s.held {
			return w.begin(ctx, s)
		}
		return w.command(ctx, m, s, nil)
	case resume:
		return w.resume(s)
	case arrive:
		return w.arrive(s)
	case unknown:
		early := maps.Clone(m.config)
		early["physical_connection_id"] = coretest.Unknown{}
		late := maps.Clone(m.config)
		late["physical_connection_id"] = s.circuit
		result, err := w.apply(ctx, m, early, run{interrupt: -1, refuse: s.refuse, late: late})
		m.config = late
		return result, err
	case importOrder:
		return w.importOrder(ctx, m, s.refuse, s.short)
	case refresh:
		return w.refresh(ctx, m, s.refuse)
	case vanish:
		return w.vanish(ctx, m)
	case overlap:
		return w.overlap(ctx, s)
	default:
		w.happen(m, s)
		return outcome{}, nil
	}
}

// command plans and applies as a step says. held may be nil.
func (w *world) command(ctx context.Context, m *machine, s step, held *hold) (outcome, error) {
	config, r := m.config, run{interrupt: -1, refuse: s.refuse, held: held}
	switch s.kind {
	case crash:
		r.kill = s.point
	case orphan:
		r.discard = true
	case interrupt:
		r.interrupt = s.after
	case lateApply:
		r.wait = 24 * time.Hour
	case replace:
		r.options.Replace = true
	case destroy:
		config = nil
	case unrefreshed:
		r.unrefreshed = true
	case keepOnDestroy:
		r.unrefreshed, r.options = true, coretest.Options{KeepOnDestroy: true}
	}
	return w.apply(ctx, m, config, r)
}

// happen plays the steps that are not commands.
func (w *world) happen(m *machine, s step) {
	switch s.kind {
	case edit:
		if s.argument == "client_token" && w.server.Quirks().IgnoreParameterMismatch {
			return // This API returns the order of another circuit for the token.
		}
		m.config = maps.Clone(m.config)
		m.config[s.argument] = s.value
	case restore:
		m.config = configFor(circuitOf(m))
	case move:
		m.config = maps.Clone(m.config)
		m.config["physical_connection_id"] = s.circuit
	case taint, untaint:
		if m.object != nil {
			tainted := *m.object
			tainted.Tainted = s.kind == taint
			m.object = &tainted
		}
	case loseState:
		m.object = nil
	case advance:
		w.server.Advance(s.after)
	case pay:
		for _, order := range w.server.Orders() {
			if order.Status == emulator.OrderUnpaid {
				_ = w.server.PayOrder(order.ID) // An expired order cannot be paid.
			}
		}
	case cancel:
		for _, order := range w.server.Orders() {
			if order.Status == emulator.OrderUnpaid {
				_ = w.server.CancelOrder(order.ID)
			}
		}
	case consoleOrder:
		order := emulator.ConsoleOrder{Region: acctest.Region, CircuitID: s.circuit, Status: emulator.OrderUnpaid}
		if s.paid {
			order.Status = emulator.OrderPaid
		}
		_, _ = w.server.PlaceConsoleOrder(order) // The console refuses the same orders as the API.
	case spend:
		w.server.SetBalance(1)
	case topUp:
		w.server.SetBalance(emulator.Unlimited)
	case fault:
		w.server.AddFault(s.fault)
	case heal:
		w.server.ClearFaults()
	}
}

func (w *world) refresh(ctx context.Context, m *machine, refuse int) (outcome, error) {
	if m.object == nil {
		return outcome{}, nil
	}
	p, err := w.start(ctx, notKilled, refuse, true)
	if err != nil {
		return outcome{}, err
	}
	object, diags, err := p.Refresh(ctx, m.object)
	m.object = object
	return outcome{diags: diags}, err
}

// importOrder imports the order of the configured circuit if there is one and the state is
// empty.
func (w *world) importOrder(ctx context.Context, m *machine, refuse int, short bool) (outcome, error) {
	order, ok := w.orderOf(circuitOf(m))
	if !ok || m.object != nil {
		return outcome{}, nil
	}
	p, err := w.start(ctx, notKilled, refuse, true)
	if err != nil {
		return outcome{}, err
	}
	id := order.Region + "/" + order.CircuitID
	if !short {
		id += "/" + order.ID
	}
	object, diags, err := p.Import(ctx, id)
	if err == nil && !diags.HasError() {
		m.object = object
	}
	return outcome{diags: diags}, err
}

func (w *world) vanish(ctx context.Context, m *machine) (outcome, error) {
	circuit, ok := w.server.Circuit(acctest.Region, circuitOf(m))
	if !ok {
		return outcome{}, nil
	}
	w.server.RemoveCircuit(circuit.Region, circuit.ID)
	defer w.server.AddCircuit(circuit)
	result, err := w.refresh(ctx, m, 0)
	if err != nil {
		return result, err
	}
	_, _, diags, err := w.plan(ctx, m, m.config, coretest.Options{}, 0)
	result.diags = append(result.diags, diags...)
	return result, err
}

// orderOf returns the first order of a circuit that is not cancelled.
func (w *world) orderOf(circuit string) (emulator.Order, bool) {
	for _, order := range w.server.Orders() {
		if order.CircuitID == circuit && order.Status != emulator.OrderCancelled {
			return order, true
		}
	}
	return emulator.Order{}, false
}

func circuitOf(m *machine) string {
	id, _ := m.config["physical_connection_id"].(string)
	return id
}

// configIn returns the configuration of an object in the state.
func configIn(object *coretest.Object) coretest.Values {
	config := coretest.Values{
		"physical_connection_id": object.String("physical_connection_id"),
		"auto_pay":               object.Bool("auto_pay"),
		"auto_renew":             object.Bool("auto_renew"),
	}
	if cycle := object.String("pricing_cycle"); cycle != "" {
		config["pricing_cycle"] = cycle
	}
	if period := object.Int("period"); period != 0 {
		config["period"] = period
	}
	if object.Bool("cancel_unpaid_on_destroy") {
		config["cancel_unpaid_on_destroy"] = true
	}
	if token := object.String("client_token"); token != order.DefaultToken(acctest.Region, object.String("physical_connection_id")) && token != "" {
		config["client_token"] = token
	}
	return config
}

// configOf returns the configuration of an order.
func configOf(o emulator.Order) coretest.Values {
	config := coretest.Values{
		"physical_connection_id": o.CircuitID, "pricing_cycle": o.PricingCycle, "auto_pay": o.AutoPay,
	}
	if period, err := strconv.Atoi(o.Params["Period"]); err == nil || o.AutoPay {
		config["period"] = max(period, 1)
	}
	if o.AutoRenew {
		config["auto_renew"] = true
	}
	if o.ClientToken != "" && o.ClientToken != order.DefaultToken(o.Region, o.CircuitID) {
		config["client_token"] = o.ClientToken
	}
	return config
}
