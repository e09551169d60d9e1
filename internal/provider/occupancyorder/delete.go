package occupancyorder

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
)

// Delete removes the record. It refunds nothing, and cancels only an unpaid order of
// a configuration that asks for it.
func (r *orderResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var o model
	resp.Diagnostics.Append(req.State.Get(ctx, &o)...)
	mark, diags := readPlannedAction(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if mark == markCreate {
		// This is the first leg of a replacement that nobody planned as one: the
		// object is tainted. The error keeps the state and stops the second order.
		// The record goes back into the private state, which a taint had emptied.
		resp.Diagnostics.Append(writeRecord(ctx, resp.Private, o.restoredRecord())...)
		resp.Diagnostics.Append(writePlannedAction(ctx, resp.Private, markNone)...)
		resp.Diagnostics.Append(taintRefused(o))
		return
	}
	record, _, diags := recordOf(ctx, req.Private, o)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	outcome, removed := billing.NotCancelled, recordRemoved(o)
	if o.CancelUnpaidOnDestroy.ValueBool() && mark != plannedForget && record.Source != order.Adopted {
		outcome, removed = r.cancelUnpaid(ctx, o, record)
	}
	resp.Diagnostics.Append(removed)
	if removed.Severity() != diag.SeverityError && r.services != nil {
		r.services.Registry.Forget(record.Key(), record.OrderID, outcome == billing.CancelledNow || outcome == billing.CancelledBefore)
	}
}

// cancelUnpaid cancels the order if it is unpaid. An error keeps the state.
func (r *orderResource) cancelUnpaid(ctx context.Context, o model, record order.Record) (billing.Cancellation, diag.Diagnostic) {
	orderID := o.OrderID.ValueString()
	switch {
	case o.PaymentStatus.ValueString() == billing.Paid:
		return billing.NotCancelled, recordRemoved(o)
	case !r.services.Ready():
		return billing.NotCancelled, cancelUnconfigured(o)
	case r.services.Registry.WasPlaced(orderID):
		// With create_before_destroy the new object may have got this very order.
		return billing.NotCancelled, recordRemoved(o)
	}
	outcome, err := r.services.BillingReader.CancelUnpaid(ctx, record.OrderID, record.CircuitID, record.Source == order.Placed)
	return outcome, cancelled(o, outcome, err)
}
