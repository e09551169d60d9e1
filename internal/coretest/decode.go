package coretest

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
	"github.com/zclconf/go-cty/cty/msgpack"
)

// decode sends the object through UpgradeResourceState, as core does with each object of
// the state that it uses. A nil object stays nil.
func (p *Process) decode(ctx context.Context, object *Object) (*Object, Diagnostics, error) {
	if object == nil {
		return nil, nil, nil
	}
	raw, err := stateJSON(object.Value)
	if err != nil {
		return nil, nil, err
	}
	resp, err := p.server.UpgradeResourceState(ctx, &tfprotov6.UpgradeResourceStateRequest{
		TypeName: p.typeName, Version: p.schema.Version, RawState: &tfprotov6.RawState{JSON: raw},
	})
	if err != nil {
		return nil, nil, err
	}
	diags := Diagnostics(resp.Diagnostics)
	if diags.HasError() {
		return nil, diags, nil
	}
	value, err := resp.UpgradedState.Unmarshal(p.objType)
	if err != nil || value.Equal(object.Value) {
		return object, diags, err
	}
	decoded := *object
	decoded.Value = value
	return &decoded, diags, nil
}

// stateJSON returns a value as core writes it to the state. It fails for unknown values.
func stateJSON(value tftypes.Value) ([]byte, error) {
	typeJSON, err := value.Type().MarshalJSON() //nolint:staticcheck // Deprecated for others; both libraries use this format.
	if err != nil {
		return nil, err
	}
	var t cty.Type
	if err := json.Unmarshal(typeJSON, &t); err != nil {
		return nil, err
	}
	encoded, err := tfprotov6.NewDynamicValue(value.Type(), value)
	if err != nil {
		return nil, err
	}
	same, err := msgpack.Unmarshal(encoded.MsgPack, t)
	if err != nil {
		return nil, err
	}
	return ctyjson.Marshal(same, t)
}
