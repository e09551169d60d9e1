// Package order places the occupancy order of a circuit exactly once. It knows neither
// Terraform nor the wire.
package order

import (
	"context"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

// OrderSender sends an order request.
type OrderSender interface {
	// SendOrder sends the order once: it neither retries nor, once the request
	// is on the wire, lets a cancelled ctx cut it. A request ends by its answer
	// or after the implementation's own request timeout.
	//
	// A nil error promises a Receipt with an order ID. Every other outcome is a
	// *Error, whose Delivery says how far the request went.
	SendOrder(ctx context.Context, wish Request) (Receipt, error)
}

// API is what the domain needs of Alibaba Cloud.
type API interface {
	circuit.Reader
	OrderSender
}

// Receipt is the answer to an accepted order.
type Receipt struct {
	// OrderID is the ID of the order, a string of digits.
	OrderID string
	// RequestID is the ID that the API gave to the request, for its support.
	RequestID string
}
