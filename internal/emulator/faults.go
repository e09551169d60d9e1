package emulator

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/strictjson"
)

// FaultKind is what goes wrong.
type FaultKind string

// The kinds of faults.
const (
	// AnswerError answers with HTTPStatus, Code and Message in a proper
	// envelope. Status and message of a documented code may be left out. It is
	// also the kind of a fault that names none, with the code InternalError.
	AnswerError FaultKind = "AnswerError"
	// Reset resets the TCP connection instead of answering.
	Reset FaultKind = "Reset"
	// Hang does not answer until the client goes away or the server closes.
	Hang FaultKind = "Hang"
	// Slow answers after Delay. The request is carried out after the delay
	// even if the client has gone away, and is in progress until then: the same
	// client token is answered TokenInProgressCode. With After, it is carried
	// out at once and only its answer is late.
	Slow FaultKind = "Slow"
	// Held waits as Slow does, but until Release instead of for Delay.
	Held FaultKind = "Held"
	// OtherOrder places the order and answers with OrderID instead of its own ID.
	// Such a fault takes orders only.
	OtherOrder FaultKind = "OtherOrder"
	// TruncatedBody announces the whole answer, sends half of it and closes the
	// connection.
	TruncatedBody FaultKind = "TruncatedBody"
	// WrongContentLength sends the whole answer but announces half of it.
	WrongContentLength FaultKind = "WrongContentLength"
	// HTMLPage answers with the page of a load balancer: 502 and Body, or a
	// typical page.
	HTMLPage FaultKind = "HTMLPage"
	// EmptyBody answers with 200 and no body.
	EmptyBody FaultKind = "EmptyBody"
	// RawBody answers with 200 and exactly Body. With an HTTPStatus of 1xx, it sends
	// no more and keeps the connection open until the client goes away. A Go client
	// waits for a body after 101 only if Header has Connection and Upgrade.
	RawBody FaultKind = "RawBody"
	// Redirect answers with 302 to Location.
	Redirect FaultKind = "Redirect"
	// HugeBody answers with 200 and a JSON object of Size bytes.
	HugeBody FaultKind = "HugeBody"
)

var faultKinds = []FaultKind{
	AnswerError, Reset, Hang, Slow, Held, OtherOrder, TruncatedBody, WrongContentLength, HTMLPage, EmptyBody, RawBody, Redirect, HugeBody,
}

// Fault makes requests fail that the gateway has let in: their signature is
// valid, their nonce is used up. Without After the action is not carried out.
type Fault struct {
	// Action limits the fault to one action; empty means every action.
	Action string
	// Where limits the fault to requests with these parameters.
	Where map[string]string
	// Skip lets that many matching calls pass first. A call that an earlier
	// fault takes does not count.
	Skip int
	// Times is how many calls fail: 0 means one, -1 means all from then on.
	Times int
	// After carries the action out and then damages its answer, so that an
	// order exists that the client may not hear of. Without it, TruncatedBody
	// and WrongContentLength damage an InternalError instead.
	After bool
	// Kind is what goes wrong; empty means AnswerError.
	Kind FaultKind
	// SpendToken leaves the client token unusable, so that every later request with
	// it is answered 403 IdempotentFailed. Slow and Held do not have it.
	SpendToken bool

	// HTTPStatus replaces the status that the kind would send. AnswerError with
	// 200 is what billing also does: Success=false in its own envelope. RawBody
	// sends any status from 100 to 999, the others one from 200 to 599.
	HTTPStatus int
	// Code and Message are those of AnswerError. A documented Code has a Message
	// and a status of its own.
	Code, Message string
	// Body is what RawBody and HTMLPage send.
	Body string
	// ContentType is the type of Body; empty means JSON, or HTML for HTMLPage.
	ContentType string
	// Header holds further header fields of the answer, such as Retry-After.
	Header map[string]string
	// Location is where Redirect leads; empty means another path of the
	// emulator, which knows no API.
	Location string
	// OrderID is what OtherOrder answers with.
	OrderID string
	// Delay is how late the answer of Slow is.
	Delay time.Duration
	// Size is that of HugeBody in bytes; 0 means 32 MiB.
	Size int64
}

// MarshalJSON writes the delay as a text.
func (f Fault) MarshalJSON() ([]byte, error) { return strictjson.Marshal(f) }

// UnmarshalJSON reads the delay as a text.
func (f *Fault) UnmarshalJSON(text []byte) error { return strictjson.Unmarshal(text, f) }

// AddFault adds a fault behind those already waiting. The first fault that
// matches a call takes it. It panics if the kind, the action or the HTTP
// status is unknown, or if they do not go together.
func (e *Emulator) AddFault(fault Fault) {
	if err := fault.complete(); err != nil {
		panic("emulator: " + err.Error())
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.faults = append(e.faults, &fault)
}

// ClearFaults removes all faults that are still waiting.
func (e *Emulator) ClearFaults() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.faults = nil
}

// Faults returns the faults that are still waiting, with the numbers of calls
// that are left to skip and to fail.
func (e *Emulator) Faults() []Fault {
	e.mu.Lock()
	defer e.mu.Unlock()
	faults := make([]Fault, 0, len(e.faults))
	for _, fault := range e.faults {
		faults = append(faults, *fault)
	}
	return faults
}

// Release lets every request go on that a Held fault has stopped.
func (e *Emulator) Release() {
	e.mu.Lock()
	defer e.mu.Unlock()
	close(e.releasing())
	e.nextRelease = nil
}

// releasing returns the channel that the next Release closes.
func (e *Emulator) releasing() chan struct{} {
	if e.nextRelease == nil {
		e.nextRelease = make(chan struct{})
	}
	return e.nextRelease
}

func (f *Fault) complete() error {
	if f.Kind == "" {
		f.Kind = AnswerError
	}
	if !slices.Contains(faultKinds, f.Kind) {
		return fmt.Errorf("unknown kind of fault %q, known are %q", f.Kind, faultKinds)
	}
	if _, played := operations[f.Action]; f.Action != "" && !played {
		return fmt.Errorf("no action %q is played, so that the fault would never happen", f.Action)
	}
	least, most := http.StatusOK, 599
	if f.Kind == RawBody {
		least, most = http.StatusContinue, 999
	}
	if f.HTTPStatus != 0 && (f.HTTPStatus < least || f.HTTPStatus > most) {
		return fmt.Errorf("%d is no HTTP status that %s sends", f.HTTPStatus, f.Kind)
	}
	if f.SpendToken && (f.Kind == Slow || f.Kind == Held) {
		return fmt.Errorf("%s does not fail its request, so that it spends no token", f.Kind)
	}
	if f.Kind == OtherOrder {
		if f.Action = cmp.Or(f.Action, actionPlaceOrder); f.Action != actionPlaceOrder || f.OrderID == "" {
			return fmt.Errorf("%s needs an OrderID and takes %s only", f.Kind, actionPlaceOrder)
		}
	}
	if f.Times == 0 {
		f.Times = 1
	}
	return nil
}

func (f *Fault) matches(q *request) bool {
	if f.Action != "" && f.Action != q.params[paramAction] {
		return false
	}
	for name, value := range f.Where {
		if q.params[name] != value {
			return false
		}
	}
	return true
}

// takeFault returns the fault that the request meets, or nil.
func (e *Emulator) takeFault(q *request) *Fault {
	e.mu.Lock()
	defer e.mu.Unlock()
	for i, fault := range e.faults {
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
			e.faults = slices.Delete(e.faults, i, i+1)
		}
		q.entry.Fault = string(taken.Kind)
		q.answeredID = taken.OrderID
		if taken.Kind == Held {
			q.released = e.releasing()
		}
		return &taken
	}
	return nil
}
