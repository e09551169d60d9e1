// Package order places the occupancy order of a circuit exactly once. It imports neither
// Terraform nor the API client.
package order

import (
	"context"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

// API is the part of the VPC API that a Placer uses.
type API interface {
	circuit.Reader
	// SendOrder sends the order once, without retries. It ignores a cancelled ctx after the
	// request was sent, and waits for the answer up to its own timeout.
	//
	// If the error is nil, the Receipt has an order ID. Otherwise the error is an
	// *apierror.Error, whose Delivery is how far the request went.
	SendOrder(ctx context.Context, request Request) (Receipt, error)
}

// Receipt is the answer to an accepted order.
type Receipt struct {
	// OrderID is the ID of the order, a string of digits.
	OrderID string
	// RequestID is the ID that the API gave to the request.
	RequestID string
}
