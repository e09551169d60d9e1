package occupancyorder

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"strconv"
	"sync"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/defaults"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
)

// PlanUnchanged returns the plan of an order that does not change, nil if it may change. The
// framework would return the same, but it reads each attribute of each object by its path,
// which takes most of the time of a plan with hundreds of orders.
func PlanUnchanged(req *tfprotov6.PlanResourceChangeRequest) *tfprotov6.PlanResourceChangeResponse {
	if req.TypeName != TypeName || req.PriorState == nil || req.ProposedNewState == nil || req.Config == nil ||
		len(req.PriorState.MsgPack) == 0 || !bytes.Equal(req.PriorState.MsgPack, req.ProposedNewState.MsgPack) {
		return nil
	}
	known := knownSchema()
	state, errState := req.PriorState.Unmarshal(known.object)
	config, errConfig := req.Config.Unmarshal(known.object)
	prior, wanted := shared.RawOf(state), shared.RawOf(config)
	if errState != nil || errConfig != nil || prior == nil || wanted == nil {
		return nil
	}
	for name, value := range known.defaults {
		if wanted.IsNull(name) && !prior[name].Equal(value) {
			return nil
		}
	}
	private, ok := plannedNothingFor(req.PriorPrivate, prior)
	if !ok {
		return nil
	}
	return &tfprotov6.PlanResourceChangeResponse{
		PlannedState: req.PriorState, PlannedPrivate: private, PlannedIdentity: cmp.Or(req.PriorIdentity, known.noIdentity),
	}
}

// plannedNothingFor returns the private state of an order that does not change. It returns
// false if the private state has no record of the order, or is damaged.
func plannedNothingFor(private []byte, prior shared.Raw) ([]byte, bool) {
	var keys map[string][]byte // the framework's form
	var record *order.Record
	if json.Unmarshal(private, &keys) != nil || json.Unmarshal(keys[recordKey], &record) != nil || record == nil || record.Key() != prior.Key() {
		return nil, false
	}
	for _, value := range keys {
		if !json.Valid(value) || !utf8.Valid(value) { // The framework refuses such a value.
			return nil, false
		}
	}
	keys[actionKey] = strconv.AppendQuote(nil, string(plannedNothing))
	planned, err := json.Marshal(keys)
	return planned, err == nil
}

// planSchema is what a plan needs of the schema.
type planSchema struct {
	object   tftypes.Type
	defaults map[string]tftypes.Value
	// noIdentity is the identity of an object from Terraform before 1.12.
	noIdentity *tfprotov6.ResourceIdentityData
}

var knownSchema = sync.OnceValue(func() planSchema {
	ctx := context.Background()
	var resp resource.SchemaResponse
	var identity resource.IdentitySchemaResponse
	new(orderResource).Schema(ctx, resource.SchemaRequest{}, &resp)
	new(orderResource).IdentitySchema(ctx, resource.IdentitySchemaRequest{}, &identity)
	identityType := identity.IdentitySchema.Type().TerraformType(ctx)
	null, _ := tfprotov6.NewDynamicValue(identityType, tftypes.NewValue(identityType, nil)) // cannot fail
	known := planSchema{resp.Schema.Type().TerraformType(ctx), map[string]tftypes.Value{}, &tfprotov6.ResourceIdentityData{IdentityData: &null}}
	for name, attribute := range resp.Schema.Attributes {
		switch a := attribute.(type) {
		case schema.StringAttribute:
			if a.Default != nil {
				var value defaults.StringResponse
				a.Default.DefaultString(ctx, defaults.StringRequest{}, &value)
				known.defaults[name] = tftypes.NewValue(tftypes.String, value.PlanValue.ValueString())
			}
		case schema.BoolAttribute:
			if a.Default != nil {
				var value defaults.BoolResponse
				a.Default.DefaultBool(ctx, defaults.BoolRequest{}, &value)
				known.defaults[name] = tftypes.NewValue(tftypes.Bool, value.PlanValue.ValueBool())
			}
		}
	}
	return known
})
