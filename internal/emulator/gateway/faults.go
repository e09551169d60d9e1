package gateway

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/strictjson"
)

// FaultKind is the kind of a fault.
type FaultKind string

// The kinds of faults.
const (
	// AnswerError answers with HTTPStatus, Code and Message in the API's error format. A
	// documented code does not need status and message. A fault without a kind is an
	// AnswerError with the code InternalError.
	AnswerError FaultKind = "AnswerError"
	// Reset resets the TCP connection instead of answering.
	Reset FaultKind = "Reset"
	// Hang does not answer until the client disconnects or the server closes.
	Hang FaultKind = "Hang"
	// Slow answers after Delay. The operation runs after the delay, even if the client has
	// disconnected. Until then, requests with the same client token get TokenInProgressCode.
	// With After, the operation runs at once and only its answer is late.
	Slow FaultKind = "Slow"
	// Held is like Slow, but waits for Release instead of Delay.
	Held FaultKind = "Held"
	// OtherOrder places the order and answers with OrderID instead of the order's own ID. It
	// works only for orders.
	OtherOrder FaultKind = "OtherOrder"
	// TruncatedBody announces the whole answer, sends half of it and closes the connection.
	TruncatedBody FaultKind = "TruncatedBody"
	// WrongContentLength sends the whole answer but announces half of it.
	WrongContentLength FaultKind = "WrongContentLength"
	// HTMLPage answers like a load balancer: with status 502 and Body, or a typical page.
	HTMLPage FaultKind = "HTMLPage"
	// EmptyBody answers with status 200 and no body.
	EmptyBody FaultKind = "EmptyBody"
	// RawBody answers with status 200 and exactly Body. With an HTTPStatus of 1xx, it sends
	// nothing more and keeps the connection open until the client disconnects. A Go client
	// waits for a body after 101 only if Header has Connection and Upgrade.
	RawBody FaultKind = "RawBody"
	// Redirect answers with status 302 to Location.
	Redirect FaultKind = "Redirect"
	// HugeBody answers with status 200 and a JSON object of Size bytes.
	HugeBody FaultKind = "HugeBody"
)

var faultKinds = []FaultKind{
	AnswerError, Reset, Hang, Slow, Held, OtherOrder, TruncatedBody, WrongContentLength, HTMLPage, EmptyBody, RawBody, Redirect, HugeBody,
}

// ActionPlaceOrder is the action that places an occupancy order.
const ActionPlaceOrder = "CreatePhysicalConnectionOccupancyOrder"

// Fault makes requests fail that have passed the checks of signature and nonce. Without
// After, the operation does not run.
type Fault struct {
	// Action limits the fault to one action; empty means every action.
	Action string
	// Where limits the fault to requests with these parameters.
	Where map[string]string
	// Skip is the number of matching calls that pass first. Calls that an earlier fault takes
	// do not count.
	Skip int
	// Times is the number of calls that fail: 0 means one, -1 means all from then on.
	Times int
	// After runs the operation and then damages its answer: an order exists, but the client
	// may not receive its ID. Without After, TruncatedBody and WrongContentLength damage an
	// InternalError.
	After bool
	// Kind is the kind of the fault; empty means AnswerError.
	Kind FaultKind
	// SpendToken makes the client token unusable: every later request with it fails with 403
	// IdempotentFailed. Slow and Held cannot have it.
	SpendToken bool

	// HTTPStatus replaces the status of the kind. AnswerError with 200 uses billing's own
	// format with Success=false. RawBody accepts 100 to 999, the other kinds 200 to 599.
	HTTPStatus int
	// Code and Message belong to AnswerError. A documented Code has a default Message and
	// status.
	Code, Message string
	// Body is the body of RawBody and HTMLPage.
	Body string
	// ContentType is the type of Body; empty means JSON, or HTML for HTMLPage.
	ContentType string
	// Header contains further header fields of the answer, such as Retry-After.
	Header map[string]string
	// Location is the target of Redirect; empty means another path of the emulator, which
	// serves no API.
	Location string
	// OrderID is the order ID in the answer of OtherOrder.
	OrderID string
	// Delay is the delay of Slow.
	Delay time.Duration
	// Size is the size of HugeBody in bytes; 0 means 32 MiB.
	Size int64
}

// MarshalJSON writes the delay as a text.
func (f Fault) MarshalJSON() ([]byte, error) { return strictjson.Marshal(f) }

// UnmarshalJSON reads the delay as a text.
func (f *Fault) UnmarshalJSON(text []byte) error { return strictjson.Unmarshal(text, f) }

// AddFault adds a fault after the pending ones. A call meets the first fault that matches.
// AddFault panics if CheckFault returns an error.
func (g *Gateway) AddFault(fault Fault) {
	if err := g.CheckFault(&fault); err != nil {
		panic("emulator: " + err.Error())
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.faults = append(g.faults, &fault)
}

// ClearFaults removes all pending faults.
func (g *Gateway) ClearFaults() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.faults = nil
}

// Faults returns the pending faults, with the remaining values of Skip and Times.
func (g *Gateway) Faults() []Fault {
	g.mu.Lock()
	defer g.mu.Unlock()
	faults := make([]Fault, 0, len(g.faults))
	for _, fault := range g.faults {
		faults = append(faults, *fault)
	}
	return faults
}

// Release lets all requests continue that a Held fault has stopped.
func (g *Gateway) Release() {
	g.mu.Lock()
	defer g.mu.Unlock()
	close(g.releasing())
	g.nextRelease = nil
}

// releasing returns the channel that the next Release closes.
func (g *Gateway) releasing() chan struct{} {
	if g.nextRelease == nil {
		g.nextRelease = make(chan struct{})
	}
	return g.nextRelease
}

// CheckFault sets the defaults of a fault. It returns an error if kind, action or HTTP
// status are unknown, or if they do not fit together.
func (g *Gateway) CheckFault(f *Fault) error {
	f.Kind = cmp.Or(f.Kind, AnswerError)
	f.Times = cmp.Or(f.Times, 1)
	if f.Kind == OtherOrder {
		f.Action = cmp.Or(f.Action, ActionPlaceOrder)
	}
	least, most := http.StatusOK, 599
	if f.Kind == RawBody {
		least, most = http.StatusContinue, 999
	}
	_, known := g.operations[f.Action]
	switch {
	case !slices.Contains(faultKinds, f.Kind):
		return fmt.Errorf("unknown kind of fault %q, want one of %q", f.Kind, faultKinds)
	case f.Action != "" && !known:
		return fmt.Errorf("the emulator does not have the action %q", f.Action)
	case f.HTTPStatus != 0 && (f.HTTPStatus < least || f.HTTPStatus > most):
		return fmt.Errorf("%s cannot send the HTTP status %d", f.Kind, f.HTTPStatus)
	case f.SpendToken && (f.Kind == Slow || f.Kind == Held):
		return fmt.Errorf("%s cannot spend a client token, because its requests do not fail", f.Kind)
	case f.Kind == OtherOrder && (f.Action != ActionPlaceOrder || f.OrderID == ""):
		return fmt.Errorf("%s needs an OrderID and works for %s only", f.Kind, ActionPlaceOrder)
	default:
		return nil
	}
}

func (f *Fault) matches(q *Request) bool {
	if f.Action != "" && f.Action != q.Params[paramAction] {
		return false
	}
	for name, value := range f.Where {
		if q.Params[name] != value {
			return false
		}
	}
	return true
}

// takeFault returns the fault that the request meets, or nil.
func (g *Gateway) takeFault(q *Request) *Fault {
	g.mu.Lock()
	defer g.mu.Unlock()
	for i, fault := range g.faults {
		if !fault.matches(q) {
			continue
		}
		if fault.Skip > 0 {
			fault.Skip--
			continue
		}
		taken := *fault
		if fault.Times > 0 {
			fault.Times--
		}
		if fault.Times == 0 {
			g.faults = slices.Delete(g.faults, i, i+1)
		}
		q.call.Fault = string(taken.Kind)
		q.AnsweredID = taken.OrderID
		if taken.Kind == Held {
			q.released = g.releasing()
		}
		return &taken
	}
	return nil
}
