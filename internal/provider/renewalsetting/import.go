package renewalsetting

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
)

// ImportState imports a setting by "<region_id>/<physical_connection_id>" or by identity.
func (r *settingResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	var identity identityModel
	if req.ID != "" {
		region, circuitID, _ := strings.Cut(req.ID, "/")
		identity = identityModel{types.StringValue(region), types.StringValue(circuitID)}
	} else {
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if !shared.RegionID.MatchString(identity.RegionID.ValueString()) || !shared.CircuitID.MatchString(identity.PhysicalConnectionID.ValueString()) {
		resp.Diagnostics.Append(message.SettingImportInvalid(req.ID, keyOf(identity)))
		return
	}
	resp.Diagnostics.Append(r.importable(ctx, identity))
	if resp.Diagnostics.HasError() {
		return
	}
	for name, value := range map[string]types.String{
		"region_id": identity.RegionID, "physical_connection_id": identity.PhysicalConnectionID, "id": types.StringValue(idOf(keyOf(identity))),
	} {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(name), value)...)
	}
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity)...)
}

// importable returns the error for a setting that cannot be imported. The refresh after the
// import keeps what it cannot read, so it is too late for that.
func (r *settingResource) importable(ctx context.Context, identity identityModel) diag.Diagnostic {
	key := keyOf(identity)
	if !r.services.Ready() {
		return message.SettingUnconfigured()
	}
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	if _, err := r.circuit(ctx, key); err != nil {
		if diagnostic := message.ImportCircuit(err, key, false); diagnostic.Severity() == diag.SeverityError {
			return diagnostic
		}
	}
	_, listed, err := r.services.Renewals.Get(ctx, key.CircuitID, "")
	switch {
	case err != nil:
		return message.RenewalRead(err, key.CircuitID)
	case !listed:
		return message.SettingUnlisted(key.CircuitID)
	}
	return nil
}
