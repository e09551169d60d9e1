package shared_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
)

func TestPattern_Rule_ContinuesASentence(t *testing.T) {
	t.Parallel()
	for _, pattern := range []shared.Pattern{shared.CircuitID, shared.RegionID, shared.ClientToken, shared.OrderID} {
		if !strings.HasPrefix(pattern.Rule, "must be ") || strings.HasSuffix(pattern.Rule, ".") {
			t.Errorf("%q", pattern.Rule)
		}
	}
	if rule, longest := shared.ClientToken.Rule, 64; !strings.Contains(rule, strconv.Itoa(longest)) || !shared.ClientToken.MatchString(strings.Repeat("x", longest)) ||
		shared.ClientToken.MatchString(strings.Repeat("x", longest+1)) {
		t.Errorf("%q does not name the length of the longest token", rule)
	}
}

func TestPattern_InvalidValue_IsQuoted(t *testing.T) {
	t.Parallel()
	for value, shown := range map[types.String]string{
		types.StringValue("cn-hangzhou "):            `"cn-hangzhou "`,
		types.StringValue(strings.Repeat("x", 2000)): strings.Repeat("x", 80) + `…"`,
		types.StringValue("cn-hangzhou"):             "",
		types.StringNull():                           "",
		types.StringUnknown():                        "",
	} {
		var resp validator.StringResponse
		shared.RegionID.ValidateString(t.Context(), validator.StringRequest{Path: path.Root("region_id"), ConfigValue: value}, &resp)
		if shown == "" && len(resp.Diagnostics) == 0 {
			continue
		}
		if len(resp.Diagnostics) != 1 || !message.InvalidValue.Matches(resp.Diagnostics[0].Summary()) || !strings.Contains(resp.Diagnostics[0].Detail(), shown) {
			t.Errorf("%s: %v, want %s", value, resp.Diagnostics, shown)
		}
	}
}
