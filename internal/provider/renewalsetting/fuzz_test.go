package renewalsetting_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/renewalsetting"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/renewal"
)

// FuzzImportID checks that exactly the IDs of the documented form are accepted, and that a
// refusal shows that form and the refused ID.
func FuzzImportID(f *testing.F) {
	for _, seed := range []string{"cn-hangzhou/pc-1", "cn-hangzhou/pc-1/5", "cn-hangzhou/", "/pc-1", "pc-1", "cn-hangzhou/pc-1\n", "cn-hangzhou//pc-1", "\xff/\x00", "CN/pc-1"} {
		f.Add(seed)
	}
	server, err := coretest.Serve(provider.New("test"))
	if err != nil {
		f.Fatal(err)
	}
	form := regexp.MustCompile(`\A[0-9a-z-]{1,64}/pc-[0-9A-Za-z_-]{1,61}\z`)
	f.Fuzz(func(t *testing.T, id string) {
		if id == "" {
			t.Skip("an import by identity")
		}
		resp, err := server.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: renewalsetting.TypeName, ID: id})
		if err != nil {
			t.Fatal(err)
		}
		diags := coretest.Diagnostics(resp.Diagnostics)
		refused := messagetest.Has(diags, message.WrongSettingImport)
		if refused == form.MatchString(id) {
			t.Errorf("%q: %s", id, diags)
		}
		if refused && (!strings.Contains(diags.String(), "<region_id>/<physical_connection_id>") || !strings.Contains(diags.String(), fmt.Sprintf("%q", id))) {
			t.Errorf("%q: %s", id, diags)
		}
	})
}

// FuzzValidate checks that a setting is refused exactly if billing has no such setting, also
// if a part of it is unknown, and that the errors are on the right arguments.
func FuzzValidate(f *testing.F) {
	for choice := range uint8(3) {
		for _, status := range append(renewal.Statuses(), "auto", "") {
			f.Add(uint8(2), status, choice, int64(3), choice, renewal.Month)
			f.Add(uint8(2), status, choice, int64(5), uint8(2), "week")
			f.Add(choice, status, uint8(2), int64(12), uint8(0), "")
		}
	}
	process, diags, err := coretest.Start(f.Context(), provider.New("test"), renewalsetting.TypeName, coretest.Values{
		"region": "cn-hangzhou", "access_key": "id", "secret_key": "secret",
	})
	if err != nil || diags.HasError() {
		f.Fatal(err, diags)
	}
	f.Fuzz(func(t *testing.T, statusIs uint8, status string, periodIs uint8, period int64, unitIs uint8, unit string) {
		config := coretest.Values{
			"renewal_status": messagetest.Argument(statusIs, status), "renewal_period": messagetest.Argument(periodIs, period),
			"renewal_period_unit": messagetest.Argument(unitIs, unit),
		}
		diags, err := process.Validate(t.Context(), coretest.Values{
			"physical_connection_id": circuitID, "renewal_status": config["renewal_status"], "renewal_period": config["renewal_period"],
			"renewal_period_unit": config["renewal_period_unit"],
		})
		if err != nil {
			t.Fatal(err)
		}
		settingRules.WantValidated(t, config, diags)
	})
}

var settingRules = messagetest.Rules{
	Values: map[string][]any{
		"renewal_status": {renewal.Auto, renewal.Manual}, "renewal_period": {nil, int64(1)}, "renewal_period_unit": {nil, renewal.Month},
	},
	Valid: func(config coretest.Values) bool {
		status, _ := config["renewal_status"].(string)
		period, _ := config["renewal_period"].(int64)
		unit, unitGiven := config["renewal_period_unit"].(string)
		if status == renewal.Auto {
			return slices.Contains(renewal.Periods(), period) && (!unitGiven || slices.Contains(renewal.Units(), unit))
		}
		return slices.Contains(renewal.Statuses(), status) && config["renewal_period"] == nil && !unitGiven
	},
}
