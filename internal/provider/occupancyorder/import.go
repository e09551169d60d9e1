package occupancyorder

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
)

// ImportState imports an existing order by "<region_id>/<physical_connection_id>/<order_id>"
// or by identity. If the provider may read billing, the order ID is optional.
func (r *orderResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	var identity identityModel
	if req.ID != "" {
		identity = parseImportID(req.ID)
	} else {
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
		if resp.Diagnostics.HasError() {
			return
		}
	}
	if !identity.valid() {
		resp.Diagnostics.Append(message.ImportIDInvalid(req.ID, identity.key(), identity.OrderID.ValueString()))
		return
	}
	record, diags := r.importable(ctx, &identity)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	for name, value := range map[string]types.String{
		"region_id": identity.RegionID, "physical_connection_id": identity.PhysicalConnectionID,
		"order_id": identity.OrderID, "id": identity.OrderID,
	} {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(name), value)...)
	}
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity)...)
	resp.Diagnostics.Append(writeRecord(ctx, resp.Private, record)...)
}

// importable checks the order, and finds it in billing if only its circuit is given.
func (r *orderResource) importable(ctx context.Context, identity *identityModel) (order.Record, diag.Diagnostics) {
	key := identity.key()
	record := order.Record{Region: key.Region, CircuitID: key.CircuitID, OrderID: identity.OrderID.ValueString(), Source: order.Imported, NewImport: true}
	if !r.services.Ready() {
		if record.OrderID == "" {
			return record, diag.Diagnostics{message.Unconfigured()}
		}
		return record, nil
	}
	var diags diag.Diagnostics
	c, err := r.find(ctx, key)
	if err != nil {
		diags.Append(message.ImportCircuit(err, key, record.OrderID == ""))
		if diags.HasError() {
			return record, diags
		}
	}
	var lines []billing.OrderLine
	if record.OrderID == "" {
		look := r.services.BillingReader.Look(ctx, c, billing.LookAge, nil)
		if !look.Complete() || len(look.Live) != 1 {
			diags.Append(message.ImportNotFound(key, look))
			return record, diags
		}
		record.OrderID, lines = look.Live[0].ID, look.Live[0].Lines
		identity.OrderID = types.StringValue(record.OrderID)
	} else {
		reading, cancel := context.WithTimeout(ctx, paymentTimeout)
		defer cancel()
		// The next refresh warns if billing cannot be read or does not show the order.
		lines, _ = r.services.BillingReader.ReadUncached(reading, record.OrderID)
	}
	diags.Append(message.ImportChecked(record, lines)...)
	record.TermStart, record.TermEnd = billing.Term(lines)
	return record, diags
}

func (m identityModel) key() circuit.Key {
	return circuit.Key{Region: m.RegionID.ValueString(), CircuitID: m.PhysicalConnectionID.ValueString()}
}

// valid reports whether the parts have the right form. The order ID is optional.
func (m identityModel) valid() bool {
	return shared.RegionID.MatchString(m.RegionID.ValueString()) && shared.CircuitID.MatchString(m.PhysicalConnectionID.ValueString()) &&
		(m.OrderID.IsNull() || shared.OrderID.MatchString(m.OrderID.ValueString()))
}

// parseImportID splits an import ID. If it has another form, the parts are empty.
func parseImportID(id string) identityModel {
	parts := strings.Split(id, "/")
	if len(parts) != 2 && len(parts) != 3 {
		return identityModel{}
	}
	identity := identityModel{RegionID: types.StringValue(parts[0]), PhysicalConnectionID: types.StringValue(parts[1])}
	if len(parts) == 3 {
		identity.OrderID = types.StringValue(parts[2])
	}
	return identity
}
