package order

import (
	"crypto/sha256"
	"encoding/base32"
	"regexp"
	"strings"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

// Patterns of the values that users write.
var (
	// TokenPattern matches a client token.
	TokenPattern = regexp.MustCompile(`^[!-~]{1,64}$`)
	// IDPattern matches the ID of an order, for example "50187055895123".
	IDPattern = regexp.MustCompile(`^[0-9A-Za-z-]*[0-9][0-9A-Za-z-]*$`)
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
