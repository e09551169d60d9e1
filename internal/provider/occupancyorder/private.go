package occupancyorder

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
)

// Keys of the private state.
const (
	recordKey = "order"
	actionKey = "mark"
)

// plannedAction is what the last plan does with the resource. Delete reads it: only this
// distinguishes a destroy from the first leg of a replacement.
type plannedAction string

const (
	plannedNothing     plannedAction = ""
	plannedDestroy     plannedAction = "destroy"
	plannedReplacement plannedAction = "moved"
	plannedCreate      plannedAction = "create"
	// markForget is a destroy that leaves the order alone, whatever is configured:
	// another object of the state holds it, too.
	plannedForget plannedAction = "forget"
)

// privateReader and privateWriter are the two halves of the framework's private
// state, whose own type is internal.
type privateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

type privateWriter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// readRecord returns the record of the order, nil if there is none.
func readRecord(ctx context.Context, private privateReader) (*order.Record, diag.Diagnostics) {
	var record *order.Record
	diags := readJSON(ctx, private, recordKey, &record)
	return record, diags
}

// recordOf returns the record of an order in the state. One that is lost, as after a
// destroy that failed on a tainted order, is restored from the state.
func recordOf(ctx context.Context, private privateReader, order model) (record order.Record, restored bool, diags diag.Diagnostics) {
	kept, diags := readRecord(ctx, private)
	if kept == nil {
		return order.restoredRecord(), true, diags
	}
	return *kept, false, diags
}

func writeRecord(ctx context.Context, private privateWriter, record order.Record) diag.Diagnostics {
	return writeJSON(ctx, private, recordKey, record)
}

func readPlannedAction(ctx context.Context, private privateReader) (plannedAction, diag.Diagnostics) {
	var m plannedAction
	diags := readJSON(ctx, private, actionKey, &m)
	return m, diags
}

func writePlannedAction(ctx context.Context, private privateWriter, m plannedAction) diag.Diagnostics {
	return writeJSON(ctx, private, actionKey, m)
}

func readJSON(ctx context.Context, private privateReader, key string, into any) diag.Diagnostics {
	data, diags := private.GetKey(ctx, key)
	if diags.HasError() || len(data) == 0 {
		return diags
	}
	if err := json.Unmarshal(data, into); err != nil {
		diags.Append(message.DamagedRecord(err))
	}
	return diags
}

func writeJSON(ctx context.Context, private privateWriter, key string, value any) diag.Diagnostics {
	data, err := json.Marshal(value)
	if err != nil {
		return diag.Diagnostics{message.UnwrittenRecord(err)}
	}
	return private.SetKey(ctx, key, data)
}
