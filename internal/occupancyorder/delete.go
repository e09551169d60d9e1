package occupancyorder

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordering"
)

// Delete removes the record. It refunds nothing, and cancels only an unpaid order of
// a configuration that asks for it.
func (r *orderResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var order model
	resp.Diagnostics.Append(req.State.Get(ctx, &order)...)
	mark, diags := readMark(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if mark == markCreate {
		// This is the first leg of a replacement that nobody planned as one: the
		// object is tainted. The error keeps the state and stops the second order.
		// The record goes back into the private state, which a taint had emptied.
		resp.Diagnostics.Append(writeRecord(ctx, resp.Private, order.restoredRecord())...)
		resp.Diagnostics.Append(writeMark(ctx, resp.Private, markNone)...)
		resp.Diagnostics.Append(taintRefused(order))
		return
	}
	record, _, diags := recordOf(ctx, req.Private, order)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	outcome, removed := ordering.NotCancelled, recordRemoved(order)
	if order.CancelUnpaidOnDestroy.ValueBool() && mark != markForget && record.Origin != ordering.Adopted {
		outcome, removed = r.cancelUnpaid(ctx, order, record)
	}
	resp.Diagnostics.Append(removed)
	if removed.Severity() != diag.SeverityError && r.session != nil {
		r.session.Ledger.Forget(record.Key(), record.OrderID, outcome == ordering.CancelledNow || outcome == ordering.CancelledBefore)
	}
}

// cancelUnpaid cancels the order if it is unpaid. An error keeps the state.
func (r *orderResource) cancelUnpaid(ctx context.Context, order model, record ordering.Record) (ordering.Cancellation, diag.Diagnostic) {
	orderID := order.OrderID.ValueString()
	switch {
	case order.PaymentStatus.ValueString() == ordering.PaymentPaid:
		return ordering.NotCancelled, recordRemoved(order)
	case !r.session.Ready():
		return ordering.NotCancelled, cancelUnconfigured(order)
	case r.session.Ledger.PlacedHere(orderID):
		// With create_before_destroy the new object may have got this very order.
		return ordering.NotCancelled, recordRemoved(order)
	}
	outcome, err := r.session.Payments.CancelUnpaid(ctx, record)
	return outcome, cancelled(order, outcome, err)
}
