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
	// count as repeated rather than placed now.
	replayAge = time.Minute
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
		if errors.As(err, &unplaced) && p.lookUp(ctx, wish, SearchSince(wish.key(), sent, sent.Add(time.Since(begun))), unplaced) {
			receipt, err = Receipt{OrderID: unplaced.Candidates[0]}, nil
			placement.Found = true
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
		replayed := wasReplayed(rows, circuit.AsOf)
		if !replayed || !derived || len(placement.Passed) == maxSteps {
			return placement, &CameBackCancelled{
				OrderID: receipt.OrderID, RequestID: receipt.RequestID, Token: wish.Token, Replayed: replayed,
				Stepped: derived && circuit.AsOf != nil && lastCreated(rows) != nil && len(placement.Passed) < maxSteps,
			}
		}
		placement.Passed = append(placement.Passed, receipt.OrderID)
		wish.Token = NextToken(wish.Token, receipt.OrderID)
	}
}

// wasReplayed reports whether the order certainly existed before this run's first
// request: both times are of the API's own clocks, a minute covers what lies between.
func wasReplayed(rows []OrderRow, asOf *time.Time) bool {
	created := lastCreated(rows)
	return asOf != nil && created != nil && created.Before(asOf.Add(-replayAge))
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

// lookUp looks for the order of a request that ended in doubt. It returns true when
// billing names exactly one, and nothing says that it is another wish's.
func (p Placer) lookUp(ctx context.Context, wish Wish, search Search, unplaced *Unplaced) bool {
	if p.Payments == nil || unplaced.Doubt == nil || unplaced.Ending == Interrupted {
		return false
	}
	found, complete, err := p.Payments.search(ctx, search)
	if err != nil {
		unplaced.LookUpFailure = err
	}
	for _, order := range found {
		unplaced.Candidates = append(unplaced.Candidates, order.ID)
	}
	return complete && len(found) == 1 && !unplaced.Failure.ofAnotherOrder() && !found[0].contradicts(wish)
}

// ofAnotherOrder reports whether the API refused the order because of one that has
// other arguments, or another token.
func (f *Failure) ofAnotherOrder() bool {
	code, known := LookUpCode(f.Code)
	return known && (code.Group == GroupMismatch || code.Group == GroupOtherOrder && code.Class == Final)
}

// contradicts reports whether the order pays for another term than the wish.
func (o FoundOrder) contradicts(wish Wish) bool {
	start, end := TermOf(o.Rows)
	return wish.Period != nil && start != nil && end != nil && !Lasts(*start, *end, Months(*wish.Period, wish.Cycle))
}
