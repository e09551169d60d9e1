package shared_test

import (
	"math/big"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
)

// validate returns what a validator has to say about a text.
func validate(t *testing.T, v validator.String, text string) diag.Diagnostics {
	t.Helper()
	var resp validator.StringResponse
	v.ValidateString(t.Context(), validator.StringRequest{Path: path.Root("value"), ConfigValue: types.StringValue(text)}, &resp)
	return resp.Diagnostics
}

// FuzzPattern checks that the names that a user writes have no character that changes a
// host name, an import ID or a request, and that a refusal names the rule and the value.
func FuzzPattern(f *testing.F) {
	for _, seed := range []string{"cn-hangzhou", "pc-bp1hp0wr072f6abcd", "50187055895123", "a token", "pc-", "pc-a\n", "cn-hangzhou/", strings.Repeat("a", 65), "\xff", "é", "", "0"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for name, pattern := range map[string]shared.Pattern{"circuit": shared.CircuitID, "region": shared.RegionID, "token": shared.ClientToken, "order": shared.OrderID} {
			diags := validate(t, pattern, text)
			switch {
			case !diags.HasError() && (text == "" || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' })):
				t.Errorf("%s: %q is accepted", name, text)
			case !diags.HasError() && name != "token" && strings.ContainsAny(text, `/.:@?#%&=\"`):
				t.Errorf("%s: %q is accepted", name, text)
			case diags.HasError() && (!strings.Contains(diags[0].Detail(), pattern.Rule) || len(diags[0].Detail()) > 1000):
				t.Errorf("%s: %d bytes: %s", name, len(diags[0].Detail()), diags[0].Detail())
			}
		}
	})
}

// FuzzPositiveDuration checks that a duration that is accepted is positive, and that a
// refusal has an example.
func FuzzPositiveDuration(f *testing.F) {
	for _, seed := range []string{"20m", "1h30m", "0s", "-1m", "20", "", "1e9h", "2562047h47m16.854775807s", "2562048h", ".5s", "1µs", " 1s"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		diags := validate(t, shared.PositiveDuration{}, text)
		duration, err := time.ParseDuration(text)
		if diags.HasError() != (err != nil || duration <= 0) {
			t.Errorf("%q: %v", text, diags)
		}
		if diags.HasError() && !strings.Contains(diags[0].Detail(), `"20m"`) {
			t.Errorf("%q: %s", text, diags[0].Detail())
		}
	})
}

// FuzzPeriod checks that a period is accepted exactly if the API accepts it, and that a
// refusal names the periods.
func FuzzPeriod(f *testing.F) {
	for _, cycle := range []string{"Month", "Year", "", "month"} {
		for _, period := range []int64{-1 << 63, -1, 0, 1, 5, 9, 10, 12, 60, 1<<63 - 1} {
			f.Add(period, cycle)
		}
	}
	attributes := map[string]schema.Attribute{"pricing_cycle": schema.StringAttribute{Optional: true}}
	object := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"pricing_cycle": tftypes.String}}
	f.Fuzz(func(t *testing.T, period int64, cycle string) {
		value := tftypes.NewValue(tftypes.String, nil)
		if cycle != "" {
			value = tftypes.NewValue(tftypes.String, cycle)
		}
		config := tfsdk.Config{Schema: schema.Schema{Attributes: attributes}, Raw: tftypes.NewValue(object, map[string]tftypes.Value{"pricing_cycle": value})}
		var resp validator.Int64Response
		shared.Period{}.ValidateInt64(t.Context(), validator.Int64Request{Path: path.Root("period"), Config: config, ConfigValue: types.Int64Value(period)}, &resp)
		if cycle == "" {
			cycle = order.CycleMonth
		}
		if resp.Diagnostics.HasError() == order.PeriodAllowed(period, cycle) {
			t.Errorf("%d %s: %v", period, cycle, resp.Diagnostics)
		}
		if resp.Diagnostics.HasError() && (!strings.Contains(resp.Diagnostics[0].Detail(), strconv.FormatInt(period, 10)) || !strings.Contains(resp.Diagnostics[0].Detail(), "1 to 9")) {
			t.Errorf("%d %s: %s", period, cycle, resp.Diagnostics[0].Detail())
		}
	})
}

// FuzzWholeNumber checks that a number keeps its value, and that one that is not whole or
// has more than 64 bits is refused and never rounded.
func FuzzWholeNumber(f *testing.F) {
	for _, seed := range []string{"3", "3.0", "-1", "1.5", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "1e30", "1e-400", "0.1", "1e400", "1e-2022020", "-0"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		number, _, err := big.ParseFloat(text, 10, 512, big.ToNearestEven)
		if err != nil || number.IsInf() || len(text) > 100 {
			t.Skip("no number")
		}
		value, err := shared.WholeNumber{}.ValueFromTerraform(t.Context(), tftypes.NewValue(tftypes.Number, number))
		whole, ok := value.(shared.Whole)
		if err != nil || !ok {
			t.Fatal(value, err)
		}
		_, accuracy := number.Int64()
		if fits := accuracy == big.Exact; whole.IsUnknown() == fits || fits && new(big.Float).SetInt64(whole.ValueInt64()).Cmp(number) != 0 {
			t.Errorf("%s is read as %s", text, whole.Int64Value)
		}
	})
}
