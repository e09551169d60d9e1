package occupancyorder

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
)

// Delete removes the record. It refunds nothing. It cancels only an unpaid order, and only
// with cancel_unpaid_on_destroy.
func (r *orderResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var o model
	resp.Diagnostics.Append(req.State.Get(ctx, &o)...)
	planned, diags := readPlannedAction(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if planned == plannedCreate {
		// The object is tainted, so this is the first half of a replacement that no plan
		// showed. The error keeps the state and prevents the second order. The taint has
		// emptied the private state, so write the record again.
		resp.Diagnostics.Append(writeRecord(ctx, resp.Private, o.restoredRecord())...)
		resp.Diagnostics.Append(writePlannedAction(ctx, resp.Private, plannedNothing)...)
		resp.Diagnostics.Append(message.TaintedOrder(o.described()))
		return
	}
	record, _, diags := recordOf(ctx, req.Private, o)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	var result diag.Diagnostic
	if o.CancelUnpaidOnDestroy.ValueBool() && planned != plannedForget && record.Source != order.Adopted {
		result = r.cancelUnpaid(ctx, o, record)
	}
	if result == nil && planned != plannedDestroy { // The plan of a destroy has warned already.
		result = message.OrderLeftState(o.described())
	}
	resp.Diagnostics.Append(result)
	if !resp.Diagnostics.HasError() && r.services != nil {
		r.services.Registry.Forget(record.Key(), record.OrderID, false)
	}
}

// cancelUnpaid cancels the order if it is unpaid. An error keeps the state. The diagnostic
// is nil if there was nothing to cancel.
func (r *orderResource) cancelUnpaid(ctx context.Context, o model, record order.Record) diag.Diagnostic {
	orderID := o.OrderID.ValueString()
	switch {
	case o.PaymentStatus.ValueString() == billing.Paid:
		return nil
	case !r.services.Ready():
		return message.CancelUnconfigured(o.described())
	case r.services.Registry.WasPlaced(orderID):
		// With create_before_destroy, the new object may have this same order.
		return nil
	}
	outcome, err := r.services.BillingReader.CancelUnpaid(ctx, record.OrderID, record.CircuitID, record.Source == order.Placed)
	return message.CancelOutcome(o.described(), outcome, err)
}
