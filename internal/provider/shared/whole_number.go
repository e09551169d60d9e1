package shared

import (
	"context"
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
)

var (
	_ basetypes.Int64Typable      = WholeNumber{}
	_ basetypes.Int64Valuable     = Whole{}
	_ xattr.ValidateableAttribute = Whole{}
)

// WholeNumber is the type of a whole number. The framework's own reports a fraction, such
// as period = 18/12, as a defect of the provider.
type WholeNumber struct{ basetypes.Int64Type }

// Whole is a value of a WholeNumber.
type Whole struct {
	basetypes.Int64Value

	// refused is a number that is not whole or has more than 64 bits, otherwise empty. The
	// value is then unknown, so that no other validator checks it.
	refused string
}

// Equal implements attr.Type.
func (WholeNumber) Equal(other attr.Type) bool {
	_, equal := other.(WholeNumber)
	return equal
}

// Validate implements xattr.TypeWithValidate. The value validates itself.
func (WholeNumber) Validate(context.Context, tftypes.Value, path.Path) diag.Diagnostics { return nil }

// ValueFromTerraform implements attr.Type.
func (t WholeNumber) ValueFromTerraform(ctx context.Context, in tftypes.Value) (attr.Value, error) {
	var number *big.Float
	if in.IsKnown() && !in.IsNull() && in.As(&number) == nil {
		if _, accuracy := number.Int64(); accuracy != big.Exact {
			return Whole{basetypes.NewInt64Unknown(), written(number)}, nil
		}
	}
	value, err := t.Int64Type.ValueFromTerraform(ctx, in)
	whole, _ := value.(basetypes.Int64Value)
	return Whole{Int64Value: whole}, err
}

// written returns a number for a message. All digits of a huge number would take minutes.
func written(number *big.Float) string {
	const most = 4096 // bits, which are 1,233 digits
	switch exponent := number.MantExp(nil); {
	case exponent > most:
		return "a number with more than 1,000 digits"
	case exponent < -most:
		return "a number very close to 0"
	default:
		return number.Text('g', -1)
	}
}

// ValueFromInt64 implements basetypes.Int64Typable.
func (WholeNumber) ValueFromInt64(_ context.Context, value basetypes.Int64Value) (basetypes.Int64Valuable, diag.Diagnostics) {
	return Whole{Int64Value: value}, nil
}

// ValueType implements attr.Type.
func (WholeNumber) ValueType(context.Context) attr.Value { return Whole{} }

// Type implements attr.Value.
func (Whole) Type(context.Context) attr.Type { return WholeNumber{} }

// Equal implements attr.Value.
func (w Whole) Equal(other attr.Value) bool {
	whole, ok := other.(Whole)
	return ok && w.refused == whole.refused && w.Int64Value.Equal(whole.Int64Value)
}

// ValidateAttribute implements xattr.ValidateableAttribute.
func (w Whole) ValidateAttribute(_ context.Context, req xattr.ValidateAttributeRequest, resp *xattr.ValidateAttributeResponse) {
	if w.refused != "" {
		resp.Diagnostics.Append(message.ValueInvalid(req.Path, "must be a whole number", w.refused, ""))
	}
}
