package coretest

import (
	"math/big"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

func TestStateJSON_IsReadBackAsTheSameValue(t *testing.T) {
	t.Parallel()
	number := func(text string) tftypes.Value {
		value, _, err := big.ParseFloat(text, 10, 512, big.ToNearestEven)
		if err != nil {
			t.Fatal(err)
		}
		return tftypes.NewValue(tftypes.Number, value)
	}
	text := func(s string) tftypes.Value { return tftypes.NewValue(tftypes.String, s) }
	list, set, textMap := tftypes.List{ElementType: tftypes.String}, tftypes.Set{ElementType: tftypes.Number}, tftypes.Map{ElementType: tftypes.String}
	for want, value := range map[string]tftypes.Value{
		`"a\"b"`:              text(`a"b`),
		`null`:                tftypes.NewValue(tftypes.String, nil),
		`true`:                tftypes.NewValue(tftypes.Bool, true),
		`3`:                   number("3"),
		`9223372036854775807`: number("9223372036854775807"),
		`0.1`:                 number("0.1"),
		`["x","y"]`:           tftypes.NewValue(list, []tftypes.Value{text("x"), text("y")}),
		`[]`:                  tftypes.NewValue(list, []tftypes.Value{}),
		`[1]`:                 tftypes.NewValue(set, []tftypes.Value{number("1")}),
		`{"k":"v"}`:           tftypes.NewValue(textMap, map[string]tftypes.Value{"k": text("v")}),
		`{"a":null,"b":["x"]}`: tftypes.NewValue(tftypes.Object{AttributeTypes: map[string]tftypes.Type{"a": textMap, "b": list}}, map[string]tftypes.Value{
			"a": tftypes.NewValue(textMap, nil), "b": tftypes.NewValue(list, []tftypes.Value{text("x")}),
		}),
	} {
		got, err := stateJSON(value)
		if err != nil || string(got) != want {
			t.Errorf("got %s, want %s; %v", got, want, err)
		}
		back, err := tftypes.ValueFromJSON(got, value.Type()) //nolint:staticcheck // The provider reads states with it.
		if err != nil || !back.Equal(value) {
			t.Errorf("%s is read back as %s, %v", got, back, err)
		}
	}
	inside := tftypes.NewValue(list, []tftypes.Value{tftypes.NewValue(tftypes.String, tftypes.UnknownValue)})
	for _, unknown := range []tftypes.Value{inside, tftypes.NewValue(textMap, map[string]tftypes.Value{"k": tftypes.NewValue(tftypes.String, tftypes.UnknownValue)})} {
		if got, err := stateJSON(unknown); err == nil {
			t.Errorf("%s becomes %s", unknown, got)
		}
	}
}
