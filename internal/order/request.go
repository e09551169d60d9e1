package order

import (
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"strings"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/lazyregexp"
)

// Patterns of the values that users write.
var (
	// TokenPattern matches a client token.
	TokenPattern = lazyregexp.New(`^[!-~]{1,64}$`)
	// IDPattern matches the ID of an order, for example "50187055895123".
	IDPattern = lazyregexp.New(`^[0-9A-Za-z-]*[0-9][0-9A-Za-z-]*$`)
)

// Request is an order request: the parameters of CreatePhysicalConnectionOccupancyOrder.
//
// Source: https://www.alibabacloud.com/help/doc-detail/114591.html
type Request struct {
	// Region is the region of the circuit.
	Region string
	// CircuitID is the ID of the circuit, "pc-…".
	CircuitID string
	// Period is the term in units of PricingCycle. If it is nil, the API decides.
	Period *int64
	// PricingCycle is the unit of Period: Month or Year.
	PricingCycle string
	// AutoPay charges the account immediately. Otherwise the user pays in the console.
	AutoPay bool
	// AutoRenew renews the subscription automatically.
	AutoRenew bool
	// AutoRenewDuration is the length of each renewal in months, for every PricingCycle. If
	// it is nil, the API decides. It is sent only with AutoRenew.
	AutoRenewDuration *int64
	// ChargeType is the billing method. The API accepts only PrePaid.
	ChargeType string
	// ClientToken is the idempotency key of the request: 1 to 64 printable ASCII characters
	// without spaces.
	ClientToken string
}

// Key returns the key of the circuit.
func (r Request) Key() circuit.Key {
	return circuit.Key{Region: r.Region, CircuitID: r.CircuitID}
}

// contradicts reports whether the order pays for another term than the request.
func (r Request) contradicts(order billing.Order) bool {
	start, end := billing.Term(order.Lines)
	return r.Period != nil && start != nil && end != nil && !Lasts(*start, *end, Months(*r.Period, r.PricingCycle))
}

// tokenPrefix is the version of the token format. Never change the format: the API finds a
// repeated order by its token, so another token would place a second order.
const tokenPrefix = "tfecoo1-"

// DefaultToken returns the client token of the first order of a circuit. It is a hash of
// only region and circuit, so it is the same on every machine and for all arguments.
func DefaultToken(region, circuitID string) string {
	return digestToken("order", region, circuitID)
}

// TokenAfter returns the client token that follows the token of a cancelled order. It is a
// hash of that token and the order ID, so it is the same on every machine.
func TokenAfter(token, cancelledOrderID string) string {
	return digestToken("after", token, cancelledOrderID)
}

// ReorderToken returns the client token that orders the circuit again, although it has or
// had the order.
func (r Request) ReorderToken(orderID string) string {
	return TokenAfter(DefaultToken(r.Region, r.CircuitID), orderID)
}

// isInTokenChain reports whether the client token is the default token, or follows it after
// the cancelled orders. The provider never replaces a token that the user has set.
func (r Request) isInTokenChain(cancelledOrderIDs []string) bool {
	token := DefaultToken(r.Region, r.CircuitID)
	for _, id := range cancelledOrderIDs {
		token = TokenAfter(token, id)
	}
	return r.ClientToken == token
}

// digestToken hashes the parts. A NUL ends each part, because no part can contain it.
func digestToken(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00") + "\x00"))
	encoding := base32.HexEncoding.WithPadding(base32.NoPadding)
	return tokenPrefix + strings.ToLower(encoding.EncodeToString(sum[:]))
}

// recentOrder is the maximum age of an order to adopt. An order of that age is most likely
// from a run that was killed.
const recentOrder = 30 * time.Minute

// Verdict is what a look means for a new order of the circuit.
type Verdict int

const (
	// VerdictSend means that the look found no reason against a new order.
	VerdictSend Verdict = iota
	// VerdictSendUnseen means that permissions for the look are missing.
	VerdictSendUnseen
	// VerdictRefuse means that the circuit has one or more live orders.
	VerdictRefuse
	// VerdictLookAgain means that the circuit may have a live order that could not be read.
	VerdictLookAgain
	// VerdictAdopt means that the only live order is saved in the state instead.
	VerdictAdopt
)

// Judge returns whether a new order may be sent. The first case that applies decides.
func (r Request) Judge(look billing.Look) Verdict {
	live := r.Blocking(look)
	switch {
	case look.Denied() && len(live) == 0:
		return VerdictSendUnseen
	case len(live) > 1, len(live) == 1 && (look.Denied() || !r.isAdoptable(live[0])):
		return VerdictRefuse
	case look.Err != nil:
		return VerdictLookAgain
	case len(live) == 1 && look.Skipped:
		return VerdictRefuse
	case len(live) == 1:
		return VerdictAdopt
	default:
		return VerdictSend
	}
}

// Blocking returns the live orders that prevent a new order. It leaves out the order whose
// ReorderToken is the client token of the request.
func (r Request) Blocking(look billing.Look) []billing.Order {
	return slices.DeleteFunc(slices.Clone(look.Live), func(order billing.Order) bool {
		return r.ClientToken == r.ReorderToken(order.ID)
	})
}

// isAdoptable reports whether the order is most likely from a run that was killed: it is
// only for this circuit, matches the request, and was at most recentOrder old when billing
// answered.
func (r Request) isAdoptable(order billing.Order) bool {
	payment := billing.PaymentStatus(order.Lines)
	matches := payment == billing.Paid || payment == billing.Unpaid && !r.AutoPay
	if !matches || order.Shared || !r.isInTokenChain(nil) || r.contradicts(order) {
		return false
	}
	created := order.Created()
	for _, line := range order.Lines {
		if created == nil || line.AsOf == nil || created.After(*line.AsOf) || line.AsOf.Sub(*created) > recentOrder {
			return false
		}
	}
	return true
}
