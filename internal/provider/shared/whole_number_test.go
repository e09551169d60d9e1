package shared_test

import (
	"math/big"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
)

func TestWholeNumber_KeepsTheValue(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		in   any
		want basetypes.Int64Value
	}{
		"three":    {3, basetypes.NewInt64Value(3)},
		"3.0":      {big.NewFloat(3.0), basetypes.NewInt64Value(3)},
		"negative": {-1, basetypes.NewInt64Value(-1)},
		"greatest": {int64(1<<63 - 1), basetypes.NewInt64Value(1<<63 - 1)},
		"null":     {nil, basetypes.NewInt64Null()},
		"unknown":  {tftypes.UnknownValue, basetypes.NewInt64Unknown()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			number, err := shared.WholeNumber{}.ValueFromTerraform(t.Context(), tftypes.NewValue(tftypes.Number, test.in))
			whole, ok := number.(shared.Whole)
			if err != nil || !ok || !whole.Int64Value.Equal(test.want) {
				t.Fatalf("%v, %v, want %v", number, err, test.want)
			}
			back, err := whole.ToTerraformValue(t.Context())
			if again, err2 := test.want.ToTerraformValue(t.Context()); err != nil || err2 != nil || !back.Equal(again) {
				t.Errorf("%v, %v", back, err)
			}
			made, diags := shared.WholeNumber{}.ValueFromInt64(t.Context(), test.want)
			if diags.HasError() || !made.Equal(whole) || !whole.Equal(made) || whole.Equal(test.want) {
				t.Errorf("%v and %v: values of one type are equal, those of two are not", made, whole)
			}
		})
	}
}

func TestWholeNumber_IsNotTheInt64Type(t *testing.T) {
	t.Parallel()
	own := shared.WholeNumber{}
	if !own.Equal(shared.WholeNumber{}) || own.Equal(basetypes.Int64Type{}) || !own.Equal(own.ValueType(t.Context()).Type(t.Context())) {
		t.Error("its values have another type")
	}
}
