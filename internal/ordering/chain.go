package ordering

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	// maxSteps is how many cancelled orders one Create steps past.
	maxSteps = 8
	// replayAge is how long before the first send an order must have been created to
	// count as repeated rather than placed now. Behind the first step the clocks are
	// trusted less: if they mislead, one Create places two orders at most, of which
	// the first is cancelled.
	replayAge      = time.Minute
	laterReplayAge = clockSkew + time.Minute
	// paymentTimeout bounds the one reading of billing after an order: until Create
	// returns, Terraform does not know the order.
	paymentTimeout = 10 * time.Second
)

// CameBackCancelled says that billing shows the order as Cancelled in every row:
// nothing was paid, and nothing is there to keep.
type CameBackCancelled struct {
	OrderID   string
	RequestID string
	// Token stands for the cancelled order; another one orders anew.
	Token string
	// Replayed is true when the order was cancelled long ago and only repeated, false
	// when it was (or may have been) placed just now.
	Replayed bool
	// Stepped is true when the next apply steps past the order by itself.
	Stepped bool
}

// Error names the order.
func (e *CameBackCancelled) Error() string {
	return fmt.Sprintf("order %s is cancelled", e.OrderID)
}

// sendAlong sends the order. Where it comes back cancelled, and was so before, it
// goes on with the next token. Every step but the last only repeats an order, so that
// one Create places one order at most, and nothing has to be remembered.
func (p Placer) sendAlong(ctx, sending context.Context, wish Wish, circuit Circuit) (Placement, error) {
	placement := Placement{Circuit: circuit}
	begun := time.Now()
	sent := begun
	if circuit.AsOf != nil {
		sent = *circuit.AsOf
	}
	// A token that the user has chosen means the order that it stands for.
	derived := wish.Token == DeriveToken(wish.Region, wish.CircuitID)
	for {
		receipt, sends, err := p.send(sending, wish)
		placement.Sends += sends
		var unplaced *Unplaced
		if errors.As(err, &unplaced) {
			unplaced.Token, unplaced.Passed = wish.Token, placement.Passed
			if p.lookUp(ctx, lostOrder{wish: wish, circuit: circuit, sent: sent, now: sent.Add(time.Since(begun)), derived: derived}, unplaced) {
				receipt, err = Receipt{OrderID: unplaced.Candidates[0]}, nil
				placement.Found = true
			}
		}
		if err != nil {
			return placement, err
		}
		if p.Noted != nil {
			p.Noted(receipt, wish.Token, placement.Sends)
		}
		placement.Receipt, placement.Token = receipt, wish.Token
		var rows []OrderRow
		rows, placement.PaymentFailure = p.payment(ctx, receipt.OrderID)
		placement.Payment = PaymentOf(rows)
		if placement.Payment != PaymentCancelled {
			return placement, nil
		}
		age := replayAge
		if len(placement.Passed) > 0 {
			age = laterReplayAge
		}
		replayed := wasReplayed(rows, circuit.AsOf, age, time.Since(begun))
		if !replayed || !derived || len(placement.Passed) == maxSteps {
			return placement, &CameBackCancelled{
				OrderID: receipt.OrderID, RequestID: receipt.RequestID, Token: wish.Token, Replayed: replayed,
				Stepped: derived && circuit.AsOf != nil && lastCreated(rows) != nil && len(placement.Passed) < maxSteps,
			}
		}
		placement.Passed = append(placement.Passed, receipt.OrderID)
		wish.Token = NextToken(wish.Token, receipt.OrderID)
		if p.Stepped != nil {
			p.Stepped(receipt.OrderID, wish.Token)
		}
	}
}

// wasReplayed reports whether the order certainly existed before this run's first
// request: by the clock of the reading before it, and by that of billing, whose
// answer is so much younger.
func wasReplayed(rows []OrderRow, asOf *time.Time, age, since time.Duration) bool {
	created := lastCreated(rows)
	if asOf == nil || created == nil || !created.Before(asOf.Add(-age)) {
		return false
	}
	for _, row := range rows {
		if row.AsOf != nil && !created.Before(row.AsOf.Add(-since-age)) {
			return false
		}
	}
	return true
}

// payment reads what billing says of the order. Whatever fails, the order exists.
func (p Placer) payment(ctx context.Context, orderID string) ([]OrderRow, error) {
	if p.Payments == nil {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, paymentTimeout)
	defer cancel()
	return p.Payments.Afresh(ctx, orderID)
}
