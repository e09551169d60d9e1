package shared

import (
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

// Raw are the attributes of a configuration, plan or state as Terraform sends them. To read
// a few of them costs much less than the framework's conversion of the whole object, which
// compiles a regular expression for each field.
type Raw map[string]tftypes.Value

// RawOf returns the attributes of an object, none if it is null.
func RawOf(object tftypes.Value) Raw {
	var attributes map[string]tftypes.Value
	if object.IsNull() || !object.IsKnown() || object.As(&attributes) != nil {
		return nil
	}
	return attributes
}

// Text returns a string, "" if it is null or unknown.
func (r Raw) Text(name string) string {
	var text string
	if r.IsKnown(name) && r[name].As(&text) != nil {
		return ""
	}
	return text
}

// Key returns the circuit of an order or a setting.
func (r Raw) Key() circuit.Key {
	return circuit.Key{Region: r.Text("region_id"), CircuitID: r.Text("physical_connection_id")}
}

// Int returns a whole number, 0 if it is null or unknown.
func (r Raw) Int(name string) int64 {
	var number big.Float
	if !r.IsKnown(name) || r[name].As(&number) != nil {
		return 0
	}
	whole, _ := number.Int64()
	return whole
}

// IsTrue reports whether a boolean is known and true.
func (r Raw) IsTrue(name string) bool {
	var truth bool
	return r.IsKnown(name) && r[name].As(&truth) == nil && truth
}

// IsNull reports whether an attribute is null.
func (r Raw) IsNull(name string) bool { return r[name].IsNull() }

// IsUnknown reports whether an attribute is unknown.
func (r Raw) IsUnknown(name string) bool { return !r[name].IsKnown() }

// IsKnown reports whether an attribute is neither null nor unknown.
func (r Raw) IsKnown(name string) bool { return !r.IsNull(name) && !r.IsUnknown(name) }

// SetIdentity sets the identity to strings of the object.
func (r Raw) SetIdentity(identity *tfsdk.ResourceIdentity, names ...string) {
	if identity == nil {
		return
	}
	types, values := map[string]tftypes.Type{}, map[string]tftypes.Value{}
	for _, name := range names {
		types[name], values[name] = tftypes.String, tftypes.NewValue(tftypes.String, nil)
		if value, given := r[name]; given {
			values[name] = value
		}
	}
	identity.Raw = tftypes.NewValue(tftypes.Object{AttributeTypes: types}, values)
}
