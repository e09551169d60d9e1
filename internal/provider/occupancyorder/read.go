package occupancyorder

import (
	"context"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
)

// Read refreshes the circuit, the end of the term and the payment of an order. The order
// leaves the state only if billing reports it as cancelled.
func (r *orderResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	raw := shared.RawOf(req.State.Raw)
	// Set the identity also before a removal: Terraform before 1.12 requires it.
	raw.SetIdentity(resp.Identity, "region_id", "physical_connection_id", "order_id")
	record, diags := readRecord(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if r.services != nil && record != nil && isSettled(raw, *record) {
		r.readSettled(ctx, raw, *record, resp)
		return
	}
	r.readUnsettled(ctx, req, resp)
}

// isSettled reports whether an order is paid and all its values from billing are known.
// Paid is final, so billing can add nothing.
func isSettled(raw shared.Raw, record order.Record) bool {
	complete := !slices.ContainsFunc(billingAttributes, raw.IsNull)
	return raw.Text("payment_status") == billing.Paid && (complete || record.AmountsRead) && !record.NewImport
}

// billingAttributes are the attributes that setBilling sets.
var billingAttributes = []string{"pretax_amount", "after_tax_amount", "currency", "create_time", "payment_time"}

// readSettled refreshes an order whose circuit alone can change. It converts the state only
// if something has changed.
func (r *orderResource) readSettled(ctx context.Context, raw shared.Raw, record order.Record, resp *resource.ReadResponse) {
	key, orderID := raw.Key(), raw.Text("order_id")
	r.services.Registry.RecordRefreshed(key, orderID, raw.Text("client_token"), record.Source == order.Placed)
	if r.services.Registry.RefuseExisting(key) {
		resp.Diagnostics.Append(message.AlreadyInState(key, orderID))
		return
	}
	if !r.services.Ready() {
		return
	}
	c, err := findFrom(ctx, r.services.CachedCircuits, key)
	if err == nil && isUnchanged(raw, c) {
		return
	}
	var o model
	resp.Diagnostics.Append(resp.State.Get(ctx, &o)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(refreshCircuit(&o, c, err, nil)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, &o)...)
}

// isUnchanged reports whether the state has the values of the circuit, and the circuit needs
// no warning.
func isUnchanged(raw shared.Raw, c circuit.Circuit) bool {
	return raw.Text("physical_connection_status") == c.Status && raw.Text("business_status") == c.BusinessStatus &&
		raw.Text("end_time") == shared.Instant(c.EndTime).ValueString() && !c.IsLocked() && !isOver(c)
}

// refreshCircuit sets the values of a circuit that was read, or not if err is not nil, and
// returns the warnings about the order.
func refreshCircuit(o *model, c circuit.Circuit, err error, lines []billing.OrderLine) diag.Diagnostics {
	if err != nil {
		return append(diag.Diagnostics{message.RefreshKeptState(err, o.described())}, watchWarnings(*o, circuit.Circuit{}, lines)...)
	}
	o.setCircuit(c)
	return watchWarnings(*o, c, lines)
}

// readUnsettled refreshes an order that is not paid, or whose values are not complete.
func (r *orderResource) readUnsettled(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var o model
	resp.Diagnostics.Append(req.State.Get(ctx, &o)...)
	if resp.Diagnostics.HasError() {
		return
	}
	record, restored, diags := recordOf(ctx, req.Private, o)
	resp.Diagnostics.Append(diags...)
	if restored {
		resp.Diagnostics.Append(writeRecord(ctx, resp.Private, record)...)
	}
	if resp.Diagnostics.HasError() || r.services == nil {
		return
	}
	saved := record
	wasPaid := o.PaymentStatus.ValueString() == billing.Paid
	lines, paymentErr := r.payment(ctx, o, record)
	if wasPaid { // Paid is final: the lines only fill in the amounts.
		record.AmountsRead = record.AmountsRead || r.services.Ready() && !o.hasAmounts() && (paymentErr == nil || apierror.IsNotPermitted(paymentErr))
		if billing.PaymentStatus(lines) != billing.Paid || billing.NameOnlyOthers(lines, o.key().CircuitID) {
			lines = nil
		}
		paymentErr = nil
	}
	key, orderID := o.key(), o.OrderID.ValueString()
	otherPurpose := billing.NameOnlyOthers(lines, key.CircuitID)
	if billing.PaymentStatus(lines) == billing.Cancelled && !otherPurpose {
		record.Cancelled = true
		r.services.Registry.Forget(key, orderID, true)
		resp.Diagnostics.Append(writeRecord(ctx, resp.Private, record)...)
		resp.State.RemoveResource(ctx)
		resp.Diagnostics.Append(message.OrderExpired(o.described(), record))
		return
	}
	r.services.Registry.RecordRefreshed(key, orderID, o.ClientToken.ValueString(), record.Source == order.Placed)
	if r.services.Registry.RefuseExisting(key) {
		resp.Diagnostics.Append(message.AlreadyInState(key, orderID))
		return
	}
	if !r.services.Ready() {
		return
	}
	switch {
	case otherPurpose:
		// The payment of another purchase says nothing about this order.
		r.services.Registry.RecordOtherPurpose(orderID)
		resp.Diagnostics.Append(message.OrderNotForCircuit(o.described(), lines))
	case len(lines) == 0 && paymentErr == nil && record.Source == order.Imported && !wasPaid:
		resp.Diagnostics.Append(message.NotShown(record))
	case billing.PaymentStatus(lines) != "":
		o.PaymentStatus = shared.Text(billing.PaymentStatus(lines))
		o.setBilling(lines)
	}
	o.setTerm(&record)
	if record != saved {
		resp.Diagnostics.Append(writeRecord(ctx, resp.Private, record)...)
	}
	c, err := findFrom(ctx, r.services.CachedCircuits, key)
	resp.Diagnostics.Append(refreshCircuit(&o, c, err, lines)...)
	// The payment of an order in service is not missed, unless the state has it as unpaid.
	missed := o.PhysicalConnectionStatus.ValueString() != circuit.StatusEnabled || !o.PaymentStatus.IsNull()
	if shouldWarn(paymentErr) && missed && r.services.BillingReader.WarnOnce() {
		resp.Diagnostics.Append(message.BillingUnread(paymentErr))
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &o)...)
}

// payment returns the billing lines of an order that is not paid yet. There are none if
// billing does not show the order. Paid is final, so a paid order costs no call, except one
// for the amounts that states of earlier versions lack.
func (r *orderResource) payment(ctx context.Context, o model, record order.Record) ([]billing.OrderLine, error) {
	complete := record.AmountsRead || o.hasAmounts()
	if !r.services.Ready() || o.PaymentStatus.ValueString() == billing.Paid && complete {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, paymentTimeout)
	defer cancel()
	return r.services.BillingReader.Lines(ctx, o.OrderID.ValueString())
}

// watchWarnings returns the warnings about the payment and the term of an order.
func watchWarnings(o model, c circuit.Circuit, lines []billing.OrderLine) diag.Diagnostics {
	var diags diag.Diagnostics
	if o.PaymentStatus.ValueString() == billing.Unpaid {
		// The local clock may be wrong.
		now := time.Now()
		if len(lines) > 0 && lines[0].AsOf != nil {
			now = *lines[0].AsOf
		}
		diags.Append(message.NotPaid(o.described(), now, len(lines) > 0))
	}
	if c.IsLocked() {
		diags.Append(message.BusinessLocked(o.described(), c))
	}
	if isOver(c) {
		diags.Append(message.TermOver(o.described(), c))
	}
	return diags
}

func isOver(c circuit.Circuit) bool { return c.EndTime != nil && c.EndTime.Before(time.Now()) }
