package occupancyorder

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordering"
)

// ImportState takes over an order that exists, by
// "<region_id>/<physical_connection_id>/<order_id>" or by identity.
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
	region, circuitID, orderID := identity.RegionID.ValueString(), identity.PhysicalConnectionID.ValueString(), identity.OrderID.ValueString()
	if !ordering.RegionForm.Pattern.MatchString(region) || !ordering.CircuitIDForm.Pattern.MatchString(circuitID) || !ordering.OrderIDForm.Pattern.MatchString(orderID) {
		resp.Diagnostics.Append(wrongImportID(req.ID, identity))
		return
	}
	key := ordering.CircuitKey{Region: region, CircuitID: circuitID}
	if r.session.Ready() {
		if _, err := r.find(ctx, key); err != nil {
			resp.Diagnostics.Append(importUnchecked(err, key))
			if resp.Diagnostics.HasError() {
				return
			}
		}
	}
	for name, value := range map[string]types.String{
		"region_id": identity.RegionID, "physical_connection_id": identity.PhysicalConnectionID,
		"order_id": identity.OrderID, "id": identity.OrderID,
	} {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(name), value)...)
	}
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity)...)
	resp.Diagnostics.Append(writeRecord(ctx, resp.Private, ordering.Record{
		Region: region, CircuitID: circuitID, OrderID: orderID, Origin: ordering.Imported,
	})...)
}

// parseImportID splits an import ID; one of another form yields empty parts.
func parseImportID(id string) identityModel {
	parts := strings.Split(id, "/")
	if len(parts) != 3 {
		return identityModel{}
	}
	return identityModel{
		RegionID:             types.StringValue(parts[0]),
		PhysicalConnectionID: types.StringValue(parts[1]),
		OrderID:              types.StringValue(parts[2]),
	}
}
