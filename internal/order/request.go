package order

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

// Request is what the user wants ordered: the parameters of
// CreatePhysicalConnectionOccupancyOrder.
//
// Source: https://www.alibabacloud.com/help/doc-detail/114591.html
type Request struct {
	// Region is the region of the circuit.
	Region string
	// CircuitID is the ID of the circuit, "pc-…".
	CircuitID string
	// Period is the term in units of Cycle; nil lets the API decide.
	Period *int64
	// Cycle is the unit of Period: Month or Year.
	PricingCycle string
	// AutoPay charges the account at once; otherwise a person pays the order
	// in the console.
	AutoPay bool
	// AutoRenew lets the subscription renew itself.
	AutoRenew bool
	// AutoRenewDuration is the length of each renewal in months, whatever
	// Cycle is; nil lets the API decide. It is sent only with AutoRenew.
	AutoRenewDuration *int64
	// ChargeType is the billing method; the API knows PrePaid only.
	ChargeType string
	// Token is the idempotency key (ClientToken), 1 to 64 printable ASCII
	// characters without spaces.
	ClientToken string
}

// Key names the circuit of the order.
func (w Request) Key() circuit.Key {
	return circuit.Key{Region: w.Region, CircuitID: w.CircuitID}
}

// TokenMaxLength is the longest client token that the API takes, in
// characters.
const TokenMaxLength = 64

// tokenPrefix names the scheme of the derived tokens. Tokens are frozen: the
// API recognises a repeated order by them, so that another digest after an
// upgrade of the provider would be a second order.
const tokenPrefix = "tfecoo1-"

// DefaultToken returns the client token of the order of a circuit: a digest of
// region and circuit and of nothing else, so that it is the same from every
// machine, before and after an edit of the other arguments.
func DefaultToken(region, circuitID string) string {
	return digestToken("order", region, circuitID)
}

// TokenAfter returns the token of the order that follows a cancelled one: a digest of
// the token that stands for the cancelled order and of its ID. Any machine that can
// read billing walks the same chain.
func TokenAfter(token, cancelledOrderID string) string {
	return digestToken("after", token, cancelledOrderID)
}

// digestToken hashes its parts, each closed by a NUL that no part can contain.
func digestToken(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00") + "\x00"))
	encoding := base32.HexEncoding.WithPadding(base32.NoPadding)
	return tokenPrefix + strings.ToLower(encoding.EncodeToString(sum[:]))
}
