package occupancyorder

import (
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
)

// model is the resource in configuration, plan and state.
type model struct {
	PhysicalConnectionID types.String   `tfsdk:"physical_connection_id"`
	RegionID             types.String   `tfsdk:"region_id"`
	Period               shared.Whole   `tfsdk:"period"`
	PricingCycle         types.String   `tfsdk:"pricing_cycle"`
	AutoPay              types.Bool     `tfsdk:"auto_pay"`
	AutoRenew            types.Bool     `tfsdk:"auto_renew"`
	AutoRenewDuration    shared.Whole   `tfsdk:"auto_renew_duration"`
	InstanceChargeType   types.String   `tfsdk:"instance_charge_type"`
	ClientToken          types.String   `tfsdk:"client_token"`
	Timeouts             timeouts.Value `tfsdk:"timeouts"`

	CancelUnpaidOnDestroy types.Bool   `tfsdk:"cancel_unpaid_on_destroy"`
	MaxPrice              types.String `tfsdk:"max_price"`

	ID                       types.String `tfsdk:"id"`
	OrderID                  types.String `tfsdk:"order_id"`
	RequestID                types.String `tfsdk:"request_id"`
	PhysicalConnectionStatus types.String `tfsdk:"physical_connection_status"`
	BusinessStatus           types.String `tfsdk:"business_status"`
	EndTime                  types.String `tfsdk:"end_time"`
	PaymentStatus            types.String `tfsdk:"payment_status"`
	PretaxAmount             types.String `tfsdk:"pretax_amount"`
	AfterTaxAmount           types.String `tfsdk:"after_tax_amount"`
	Currency                 types.String `tfsdk:"currency"`
	CreateTime               types.String `tfsdk:"create_time"`
	PaymentTime              types.String `tfsdk:"payment_time"`
}

// identityModel is the identity of the resource.
type identityModel struct {
	RegionID             types.String `tfsdk:"region_id"`
	PhysicalConnectionID types.String `tfsdk:"physical_connection_id"`
	OrderID              types.String `tfsdk:"order_id"`
}

func (m *model) identity() identityModel {
	return identityModel{RegionID: m.RegionID, PhysicalConnectionID: m.PhysicalConnectionID, OrderID: m.OrderID}
}

// key returns the region and ID of the circuit. Unknown parts are empty.
func (m *model) key() circuit.Key {
	return circuit.Key{Region: m.RegionID.ValueString(), CircuitID: m.PhysicalConnectionID.ValueString()}
}

// described returns the facts about the order that messages name.
func (m *model) described() message.Order {
	return message.Order{
		ID: m.OrderID.ValueString(), Circuit: m.key(), AutoPay: m.AutoPay.ValueBool(), Status: m.PaymentStatus.ValueString(),
		Pretax: m.PretaxAmount.ValueString(), AfterTax: m.AfterTaxAmount.ValueString(), Currency: m.Currency.ValueString(), Created: m.CreateTime.ValueString(),
		InService: m.PhysicalConnectionStatus.ValueString() == circuit.StatusEnabled, CancelUnpaid: m.CancelUnpaidOnDestroy.ValueBool(),
	}
}

// request returns the order that the plan describes.
func (m *model) request() order.Request {
	return order.Request{
		Region:            m.RegionID.ValueString(),
		CircuitID:         m.PhysicalConnectionID.ValueString(),
		Period:            m.Period.ValueInt64Pointer(),
		PricingCycle:      m.PricingCycle.ValueString(),
		AutoPay:           m.AutoPay.ValueBool(),
		AutoRenew:         m.AutoRenew.ValueBool(),
		AutoRenewDuration: m.AutoRenewDuration.ValueInt64Pointer(),
		ChargeType:        m.InstanceChargeType.ValueString(),
		ClientToken:       m.ClientToken.ValueString(),
	}
}

func (m *model) setPlacement(placement order.Placement) {
	m.ID = types.StringValue(placement.Receipt.OrderID)
	m.OrderID = types.StringValue(placement.Receipt.OrderID)
	// A placed order has a request ID, which may be empty. Null means that another request
	// may have placed the order.
	m.RequestID = types.StringNull()
	if placement.Source == order.Placed {
		m.RequestID = types.StringValue(placement.Receipt.RequestID)
	}
	m.PaymentStatus = shared.Text(placement.Payment(m.PhysicalConnectionID.ValueString()))
	m.setBilling(nil)
	if !billing.NameOnlyOthers(placement.Lines, m.PhysicalConnectionID.ValueString()) {
		m.setBilling(placement.Lines)
	}
	m.setCircuit(placement.Circuit)
}

// setBilling sets amounts and times of an order. They are null if billing does not report
// them, or if the lines differ.
func (m *model) setBilling(lines []billing.OrderLine) {
	empty := !slices.ContainsFunc(lines, func(line billing.OrderLine) bool { return line.Currency != "" || line.CreateTime != nil })
	if empty && !m.PretaxAmount.IsUnknown() {
		return // An answer without values removes none.
	}
	m.PretaxAmount, m.AfterTaxAmount = total(lines, billing.Pretax), total(lines, billing.AfterTax)
	m.Currency = shared.Text(common(lines, func(line billing.OrderLine) string { return line.Currency }))
	m.CreateTime = shared.Instant(first(lines, func(line billing.OrderLine) *time.Time { return line.CreateTime }))
	m.PaymentTime = shared.Instant(last(lines, func(line billing.OrderLine) *time.Time { return line.PaymentTime }))
}

// hasAmounts reports whether all values of setBilling are known.
func (m *model) hasAmounts() bool {
	return !slices.ContainsFunc([]types.String{m.PretaxAmount, m.AfterTaxAmount, m.Currency, m.CreateTime, m.PaymentTime}, types.String.IsNull)
}

// setTerm sets the arguments of an imported order that are null to the term that billing
// reported. It does so only in the first refresh after the import.
func (m *model) setTerm(record *order.Record) {
	if record.NewImport && record.TermStart != nil && record.TermEnd != nil && m.Period.IsNull() && m.PricingCycle.IsNull() {
		if period, cycle, ok := order.TermBetween(*record.TermStart, *record.TermEnd); ok {
			m.Period, m.PricingCycle = shared.Whole{Int64Value: types.Int64Value(period)}, types.StringValue(cycle)
		}
	}
	record.NewImport = false
}

// setCircuit sets the values of the circuit. The arguments of the order stay as they are.
func (m *model) setCircuit(c circuit.Circuit) {
	m.PhysicalConnectionStatus = shared.Text(c.Status)
	m.BusinessStatus = shared.Text(c.BusinessStatus)
	m.EndTime = shared.Instant(c.EndTime)
}

// record returns the record of the order for the private state.
func (m *model) record(source order.Source) order.Record {
	return order.Record{
		Region:      m.RegionID.ValueString(),
		CircuitID:   m.PhysicalConnectionID.ValueString(),
		OrderID:     m.OrderID.ValueString(),
		ClientToken: m.ClientToken.ValueString(),
		Source:      source,
	}
}

// restoredRecord rebuilds a lost record from the state. Only imported and adopted orders
// lack a request ID, and only imported ones may lack a client token. An imported order
// counts as confirmed, because an apply has run on it.
func (m *model) restoredRecord() order.Record {
	switch {
	case !m.RequestID.IsNull():
		return m.record(order.Placed)
	case !m.ClientToken.IsNull():
		return m.record(order.Adopted)
	}
	record := m.record(order.Imported)
	record.Confirmed = true
	return record
}
