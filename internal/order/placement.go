package order

import (
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

// dateSkew allows for times in whole seconds, and for two clocks of the API.
const dateSkew = 2 * time.Second

// Placement is an order to save in the state.
type Placement struct {
	Receipt Receipt
	// ClientToken is the client token of the order. It differs from the token of the
	// request if that one belongs to a cancelled order.
	ClientToken string
	// Passed are the IDs of the cancelled orders that the API returned before this order.
	Passed []string
	// Source is Placed, or Adopted if another workspace may have placed the order.
	Source Source
	// Found reports whether the order ID is from billing and not from the API's answer.
	Found bool
	// Sent reports whether an order request was sent.
	Sent bool
	// Before is the circuit as it was read before the order, Circuit as it was read after it.
	Before, Circuit circuit.Circuit
	// Look is the look before the first request.
	Look billing.Look
	// Lines are the lines of the order in billing. PaymentErr is why they could not be read.
	Lines      []billing.OrderLine
	PaymentErr error
}

// Payment returns the payment status of the order. It is empty if billing does not report
// it, or reports the order for another instance.
func (p *Placement) Payment(circuitID string) string {
	if billing.NameOnlyOthers(p.Lines, circuitID) {
		return ""
	}
	return billing.PaymentStatus(p.Lines)
}

// check compares the order with its lines in billing. It changes Source to Adopted if the
// order is older than the look or is for another instance. It returns a *PlaceError if the
// order is cancelled.
func (p *Placement) check(request Request) error {
	if billing.NameOnlyOthers(p.Lines, request.CircuitID) {
		p.Source = Adopted
		return nil
	}
	if created := billing.LastCreated(p.Lines); created != nil && p.Look.Date != nil && created.Before(p.Look.Date.Add(-dateSkew)) {
		p.Source = Adopted
	}
	if billing.PaymentStatus(p.Lines) == billing.Cancelled {
		return p.cancelled(request.Key(), false)
	}
	return nil
}

// cancelled returns the error for a cancelled order. seen is true if the look before the
// first request showed the order.
func (p *Placement) cancelled(key circuit.Key, seen bool) *PlaceError {
	return &PlaceError{
		Kind: OrderCancelled, Key: key, OrderID: p.Receipt.OrderID, RequestID: p.Receipt.RequestID,
		ClientToken: p.ClientToken, Seen: seen, Before: p.Look,
	}
}
