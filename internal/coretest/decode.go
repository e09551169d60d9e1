package coretest

import (
	"context"
	"encoding/json"
	"fmt"
	"math/big"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// decode sends the object, nil for none, through UpgradeResourceState, as core does
// with each object of the state that it looks at.
func (p *Process) decode(ctx context.Context, object *Object) (*Object, Diagnostics, error) {
	if object == nil {
		return nil, nil, nil
	}
	plain, err := plainValue(object.Value)
	if err != nil {
		return nil, nil, err
	}
	raw, err := json.Marshal(plain)
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

// plainValue returns a value as encoding/json writes it into a state.
func plainValue(value tftypes.Value) (any, error) {
	if !value.IsKnown() {
		return nil, fmt.Errorf("a state holds no unknown value: %s", value)
	}
	if value.IsNull() {
		return nil, nil
	}
	switch t := value.Type(); {
	case t.Is(tftypes.String):
		return plainScalar[string](value)
	case t.Is(tftypes.Bool):
		return plainScalar[bool](value)
	case t.Is(tftypes.Number):
		number, err := plainScalar[big.Float](value)
		return json.Number(number.Text('f', -1)), err
	case t.Is(tftypes.Map{}), t.Is(tftypes.Object{}):
		var members map[string]tftypes.Value
		if err := value.As(&members); err != nil {
			return nil, err
		}
		plain := make(map[string]any, len(members))
		for name, member := range members {
			var err error
			if plain[name], err = plainValue(member); err != nil {
				return nil, err
			}
		}
		return plain, nil
	default: // A list, a set or a tuple.
		var elements []tftypes.Value
		if err := value.As(&elements); err != nil {
			return nil, err
		}
		plain := make([]any, len(elements))
		for i, element := range elements {
			var err error
			if plain[i], err = plainValue(element); err != nil {
				return nil, err
			}
		}
		return plain, nil
	}
}

func plainScalar[T any](value tftypes.Value) (scalar T, err error) {
	err = value.As(&scalar)
	return scalar, err
}
