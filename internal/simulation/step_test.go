package simulation

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// stepKind is the kind of a step.
type stepKind string

const (
	plan        stepKind = "plan"
	apply       stepKind = "apply"
	crash       stepKind = "apply, killed"
	orphan      stepKind = "apply whose result is lost"
	interrupt   stepKind = "apply, interrupted"
	lateApply   stepKind = "plan, and apply later"
	edit        stepKind = "edit an argument"
	restore     stepKind = "restore the arguments"
	refresh     stepKind = "refresh"
	taint       stepKind = "taint"
	untaint     stepKind = "untaint"
	replace     stepKind = "apply -replace"
	move        stepKind = "set another circuit"
	unknown     stepKind = "apply with a circuit that is unknown at plan"
	destroy     stepKind = "destroy"
	importOrder stepKind = "import"
	loseState   stepKind = "lose the state"
	advance     stepKind = "time passes"
	pay         stepKind = "a person pays"
	cancel      stepKind = "a person cancels"
	spend       stepKind = "the balance becomes too low"
	topUp       stepKind = "the account is topped up"
	fault       stepKind = "a fault is added"
	heal        stepKind = "the faults are removed"
	vanish      stepKind = "the circuit does not exist for one step"

	consoleOrder  stepKind = "a person orders in the console"
	overlap       stepKind = "runs that overlap between search and send"
	unrefreshed   stepKind = "apply -refresh=false"
	keepOnDestroy stepKind = "apply -refresh=false with destroy = false"

	// The search has these steps, and applies that are held.
	resume stepKind = "the run continues and sends"
	arrive stepKind = "the request of the killed run arrives"
)

// events are the steps that belong to no machine.
var events = []stepKind{advance, pay, cancel, spend, topUp, fault, heal, consoleOrder, arrive}

// step is one event of a history. It holds all its random values, so a history without
// some of its steps plays the others in the same way.
type step struct {
	kind    stepKind
	machine int
	// Each of the following fields belongs to one kind.
	argument string
	value    any
	circuit  string
	after    time.Duration
	point    killPoint
	refuse   int
	fault    emulator.Fault
	// short means an import without the order ID.
	short bool
	// dark means that the provider may not read billing.
	dark bool
	// paid means that a console order is paid at once.
	paid bool
	// between happens while the runs of an overlap are held. third means that there is a
	// third run. first means that the first run continues first.
	between      []step
	third, first bool
	// reads is the fault of the requests that read, in addition to fault.
	reads emulator.Fault
	// held means that the apply waits before it sends. late is the number of the request that
	// arrives.
	held bool
	late int
	// setting belongs to the steps of renewal settings.
	setting setting
}

func (s step) String() string {
	text := string(s.kind)
	if !slices.Contains(events, s.kind) {
		text = fmt.Sprintf("machine %d: %s", s.machine, s.kind)
	}
	switch s.kind {
	case edit:
		text += fmt.Sprintf(": %s = %v", s.argument, s.value)
	case applySetting, killSetting:
		text += fmt.Sprintf(" to %s, %s", s.setting.text(), s.point)
	case consoleSetting:
		text += fmt.Sprintf(" of %s to %s", s.circuit, s.setting.text())
	case move, unknown, consoleOrder:
		text += " " + s.circuit
	case overlap:
		text += fmt.Sprintf(", a third run %t, in the order of their begin %t, between: %v", s.third, s.first, s.between)
	case crash:
		text += " " + string(s.point)
	case arrive:
		text += fmt.Sprintf(", number %d", s.late+1)
	case interrupt, advance:
		text += fmt.Sprintf(", %s", s.after)
	case fault:
		text += fmt.Sprintf(": %s %s %s ×%d, after the commit %t, %s", s.fault.Action, s.fault.Kind, s.fault.Code, s.fault.Times, s.fault.After, s.fault.Delay)
	}
	if s.held {
		text += ", until it wants to send"
	}
	if s.held || s.kind == resume {
		text += s.disturbance()
	}
	if s.short {
		text += " by circuit alone"
	}
	if s.dark {
		text += ", without billing"
	}
	if s.refuse > 0 {
		text += fmt.Sprintf(", %d connections refused", s.refuse)
	}
	return text
}

// history is the history of a seed.
type history struct {
	seed   uint64
	quirks emulator.Quirks
	// shared means that both machines have one circuit.
	shared bool
	// dark means that the provider may never read billing.
	dark bool
	// unpaid means that a person pays the orders. careful means that a destroy cancels an
	// unpaid order.
	unpaid, careful bool
	// short means that Create gives up after seconds.
	short bool
	steps []step
	// base is the world after the first of the steps; may be nil.
	base *base
}

// weights are the relative frequencies of the kinds.
var weights = []struct {
	kind   stepKind
	weight int
}{
	{plan, 2}, {apply, 12}, {crash, 5}, {orphan, 2}, {interrupt, 3}, {lateApply, 3}, {edit, 4}, {restore, 4}, {refresh, 2},
	{taint, 2}, {untaint, 2}, {replace, 2}, {move, 2}, {unknown, 2}, {destroy, 2}, {importOrder, 2}, {loseState, 1},
	{advance, 3}, {pay, 2}, {cancel, 1}, {spend, 2}, {topUp, 2}, {fault, 12}, {heal, 2}, {vanish, 1},
	{consoleOrder, 2}, {overlap, 4}, {unrefreshed, 2}, {keepOnDestroy, 2},
}

var edits = []struct {
	argument string
	value    any
}{
	{"period", 1}, {"period", 5}, {"pricing_cycle", "Year"}, {"auto_pay", false}, {"auto_renew", true}, {"client_token", deliberateToken},
	{"cancel_unpaid_on_destroy", true}, {"auto_pay", false},
}

// deliberateToken is the token that a user sets to order again on purpose.
const deliberateToken = "a-second-order-on-purpose"

// draw returns the history of a seed.
func draw(seed uint64) history {
	random := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // A simulation is repeatable, not secret.
	maybe := func(percent int) bool { return random.IntN(100) < percent }
	h := history{
		seed: seed,
		quirks: emulator.Quirks{
			StateCheckFirst:         maybe(40),
			IgnoreParameterMismatch: maybe(25),
			RefuseSecondUnpaidOrder: maybe(40),
			LowerCamelAnswers:       maybe(25),
			OmitEmptyFields:         maybe(50),
			NotFoundAs400:           maybe(50),
			WrongStateCode:          pick(random, "", "IncorrectStatus.PhysicalConnection", "INSTANCE.STATUS.NOT.ALLOW", "IAbs.InvalidStatus.ValueNotSupported"),
			EnableDelay:             pick(random, -1, 0, time.Minute, 48*time.Hour),
		},
		shared: maybe(40),
	}
	h.quirks.TokenWindow = pick(random, 0, 0, 30*time.Minute, 2*time.Hour, 24*time.Hour) // longer than one Create
	h.quirks.ShortfallOutcome = pick(random, "", "", emulator.AutoPayLeftUnpaid, emulator.AutoPayRefused)
	h.quirks.UnsuccessfulAs200 = maybe(30)
	h.quirks.SubOrders = pick(random, 0, 0, 0, 3)
	h.quirks.UnknownOrderCode = pick(random, "", "", "InvalidParameter")
	h.unpaid, h.careful = maybe(40), maybe(50)
	flapping := false
	switch kind := random.IntN(10); {
	case kind < 4: // readable
	case kind < 6:
		h.dark = true
	case kind < 8:
		flapping = true
	default:
		h.quirks.BillingLag = pick(random, 30*time.Second, 10*time.Minute, 3*time.Hour, 30*time.Hour)
	}
	total := 0
	for _, w := range weights {
		total += w.weight
	}
	for range 3 + random.IntN(11) {
		n := random.IntN(total)
		for _, w := range weights {
			if n -= w.weight; n < 0 {
				s := drawStep(random, w.kind)
				s.dark = h.dark || flapping && maybe(50)
				h.steps = append(h.steps, s)
				break
			}
		}
	}
	drawSettings(&h, func(random *rand.Rand) bool { return flapping && random.IntN(2) == 0 })
	drawRows(&h)
	return h
}

// drawRows chooses what billing shows of an order's rows, and what the API does with the token of a
// failed request. Its random numbers are its own, so that they do not change the steps of a seed.
func drawRows(h *history) {
	random := rand.New(rand.NewPCG(h.seed, 2)) //nolint:gosec // A simulation is repeatable, not secret.
	h.quirks.UnnamedUnpaidRows = pick(random, 0, 0, 0, 1, 3)
	if h.quirks.SubOrders > 1 {
		h.quirks.CancelledRows = pick(random, 0, 0, 1, 2)
	}
	h.quirks.SpendFailedTokens = random.IntN(6) == 0
}

func drawStep(random *rand.Rand, kind stepKind) step {
	s := step{kind: kind, machine: random.IntN(2)}
	switch kind {
	case edit:
		e := pick(random, edits...)
		s.argument, s.value = e.argument, e.value
	case move, unknown:
		s.circuit = pick(random, circuits...)
	case consoleOrder:
		s.circuit, s.paid = pick(random, circuits...), random.IntN(3) == 0
	case overlap:
		s.third, s.first = random.IntN(2) == 0, random.IntN(2) == 0
		for range random.IntN(3) {
			s.between = append(s.between, drawStep(random, pick(random, consoleOrder, cancel, pay, advance, topUp, loseState)))
		}
	case crash:
		s.point = pick(random, beforeSend, afterCommit)
	case interrupt:
		s.after = pick(random, 0, time.Millisecond, time.Second, 40*time.Second, 10*time.Minute)
	case importOrder:
		s.short = random.IntN(3) == 0
	case advance:
		s.after = pick(random, time.Minute, time.Hour, 49*time.Hour, 8*24*time.Hour)
	case fault:
		s.fault = drawFault(random)
	}
	if random.IntN(8) == 0 {
		s.refuse = 1 + random.IntN(3)
	}
	return s
}

func drawFault(random *rand.Rand) emulator.Fault {
	f := emulator.Fault{
		Action: pick(random, orderAction, orderAction, orderAction, "DescribePhysicalConnections", "GetOrderDetail", "QueryOrders", "CancelOrder", ""),
		Skip:   pick(random, 0, 0, 0, 1, 2),
		Times:  pick(random, 1, 1, 1, 2, 2, 5, 5, 12, 12, 200),
		After:  random.IntN(2) == 0,
		Kind: pick(random, emulator.Reset, emulator.Hang, emulator.Slow, emulator.TruncatedBody, emulator.WrongContentLength,
			emulator.HTMLPage, emulator.EmptyBody, emulator.RawBody, emulator.AnswerError, emulator.AnswerError, emulator.AnswerError),
		Delay: pick(random, time.Second, 29*time.Second, 45*time.Second, 3*time.Minute),
		Body:  pick(random, "{}", "null", "[]", `{"RequestId":1}`, `{"Data":{"OrderId":""}}`, `{"Code":7,"Message":[]}`),
	}
	if f.Kind != emulator.AnswerError {
		return f
	}
	f.Code = pick(random, inDoubt...)
	if !f.After {
		// No API accepts an order and then refuses it.
		f.Code = pick(random, append(denials, inDoubt...)...)
	}
	return f
}

var (
	inDoubt = []string{"InternalError", "ServiceUnavailable", "LastTokenProcessing", "SignatureNonceUsed", "Order.LatestOrderIsHanding"}
	denials = []string{"Throttling.User", "Throttling", "SystemBusy", "Forbidden.RAM", "InvalidPrice.NotFound", "Never.SeenBefore"}
)

func pick[T any](random *rand.Rand, from ...T) T { return from[random.IntN(len(from))] }
