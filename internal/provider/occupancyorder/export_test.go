package occupancyorder

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
)

// private is a private state.
type private map[string][]byte

func (p private) GetKey(_ context.Context, key string) ([]byte, diag.Diagnostics) {
	return p[key], nil
}

func (p private) SetKey(_ context.Context, key string, value []byte) diag.Diagnostics {
	p[key] = value
	return nil
}

// ReadRecord returns the record of an order in data of the private state.
func ReadRecord(ctx context.Context, data []byte) (*order.Record, diag.Diagnostics) {
	return readRecord(ctx, private{recordKey: data})
}

// WriteRecord returns the data of a record in the private state.
func WriteRecord(ctx context.Context, record order.Record) ([]byte, diag.Diagnostics) {
	written := private{}
	diags := writeRecord(ctx, written, record)
	return written[recordKey], diags
}
