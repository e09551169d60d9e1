package bss_test

import (
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/apitest"
)

func TestAvailableInstances_ShowTheSiteOfTheAccount(t *testing.T) {
	t.Parallel()
	e, _ := apitest.NewEmulator(emulator.Quirks{})
	got := apitest.CallBilling(t, e, "QueryAvailableInstances", apitest.Params{"ProductCode": "vipcloudfw"})
	var body struct {
		Success bool
		Data    struct {
			TotalCount   *int
			InstanceList *[]any
		}
	}
	if got.Decode(t, &body); !body.Success || body.Data.InstanceList == nil || *body.Data.TotalCount != 0 || len(*body.Data.InstanceList) != 0 {
		t.Errorf("answer %s", got.Body)
	}
	apitest.ExpectCode(t, apitest.CallBilling(t, e, "QueryAvailableInstances", apitest.Params{"PageSize": "301"}), 400, "InvalidParameter")
	e.SetQuirks(emulator.Quirks{BillingHost: "business.example.com"})
	apitest.ExpectCode(t, apitest.CallBilling(t, e, "QueryAvailableInstances", nil), 400, "NotApplicable")
}
