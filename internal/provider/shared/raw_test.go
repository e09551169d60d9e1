package shared_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
)

func TestRaw_ReadsAttributesWithoutAConversion(t *testing.T) {
	t.Parallel()
	values := map[string]tftypes.Value{
		"text": tftypes.NewValue(tftypes.String, "abc"), "null": tftypes.NewValue(tftypes.String, nil),
		"unknown": tftypes.NewValue(tftypes.String, tftypes.UnknownValue), "yes": tftypes.NewValue(tftypes.Bool, true),
		"no": tftypes.NewValue(tftypes.Bool, false), "number": tftypes.NewValue(tftypes.Number, 12),
	}
	types := map[string]tftypes.Type{}
	for name, value := range values {
		types[name] = value.Type()
	}
	raw := shared.RawOf(tftypes.NewValue(tftypes.Object{AttributeTypes: types}, values))
	for name, want := range map[string]struct {
		text                     string
		number                   int64
		isTrue, null, unk, known bool
	}{
		"text": {text: "abc", known: true}, "null": {null: true}, "unknown": {unk: true}, "yes": {isTrue: true, known: true},
		"no": {known: true}, "number": {number: 12, known: true}, "missing": {null: true, unk: false},
	} {
		if name == "missing" {
			want.unk = raw.IsUnknown(name)
		}
		if raw.Text(name) != want.text || raw.Int(name) != want.number || raw.IsTrue(name) != want.isTrue ||
			raw.IsNull(name) != want.null || raw.IsUnknown(name) != want.unk || raw.IsKnown(name) != want.known {
			t.Errorf("%s: %q, %d, true %t, null %t, unknown %t, known %t", name, raw.Text(name), raw.Int(name), raw.IsTrue(name),
				raw.IsNull(name), raw.IsUnknown(name), raw.IsKnown(name))
		}
	}
}

func TestRaw_NullOrForeignObject_HasNoAttributes(t *testing.T) {
	t.Parallel()
	object := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"region_id": tftypes.String}}
	for _, value := range []tftypes.Value{tftypes.NewValue(object, nil), tftypes.NewValue(object, tftypes.UnknownValue), tftypes.NewValue(tftypes.String, "x"), {}} {
		raw := shared.RawOf(value)
		var identity tfsdk.ResourceIdentity
		raw.SetIdentity(&identity, "region_id")
		raw.SetIdentity(nil, "region_id")
		var attributes map[string]tftypes.Value
		if err := identity.Raw.As(&attributes); err != nil || !attributes["region_id"].IsNull() || raw.Text("region_id") != "" {
			t.Errorf("%s: %v, %v", value, attributes, err)
		}
	}
}
