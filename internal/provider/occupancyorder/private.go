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

// plannedAction is what the last plan does with the resource. Only this distinguishes a
// destroy from the first half of a replacement in Delete.
type plannedAction string

const (
	plannedNothing     plannedAction = ""
	plannedDestroy     plannedAction = "destroy"
	plannedReplacement plannedAction = "moved"
	plannedCreate      plannedAction = "create"
	// plannedForget is a destroy that never cancels the order, because another object of
	// the state has it too.
	plannedForget plannedAction = "forget"
)

// privateReader reads the private state. The framework's own type is internal.
type privateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

// privateWriter writes the private state.
type privateWriter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// readRecord returns the record of the order, nil if there is none.
func readRecord(ctx context.Context, private privateReader) (*order.Record, diag.Diagnostics) {
	var record *order.Record
	diags := readJSON(ctx, private, recordKey, &record)
	return record, diags
}

// recordOf returns the record of an order in the state. If the record is lost, for example
// after a failed destroy of a tainted order, it is restored from the state.
func recordOf(ctx context.Context, private privateReader, o model) (record order.Record, restored bool, diags diag.Diagnostics) {
	kept, diags := readRecord(ctx, private)
	if kept == nil {
		return o.restoredRecord(), true, diags
	}
	return *kept, false, diags
}

func writeRecord(ctx context.Context, private privateWriter, record order.Record) diag.Diagnostics {
	return writeJSON(ctx, private, recordKey, record)
}

func readPlannedAction(ctx context.Context, private privateReader) (plannedAction, diag.Diagnostics) {
	var action plannedAction
	diags := readJSON(ctx, private, actionKey, &action)
	return action, diags
}

func writePlannedAction(ctx context.Context, private privateWriter, action plannedAction) diag.Diagnostics {
	return writeJSON(ctx, private, actionKey, action)
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
