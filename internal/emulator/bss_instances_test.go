package emulator_test

import (
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

func TestAvailableInstancesTellTheSiteOfTheAccount(t *testing.T) {
	t.Parallel()
	e, _ := newEmulator(emulator.Quirks{})
	got := bill(t, e, "QueryAvailableInstances", params{"ProductCode": "vipcloudfw"})
	var body struct {
		Success bool
		Data    struct {
			TotalCount   *int
			InstanceList *[]any
		}
	}
	if got.decode(t, &body); !body.Success || body.Data.InstanceList == nil || *body.Data.TotalCount != 0 || len(*body.Data.InstanceList) != 0 {
		t.Errorf("answer %s", got.body)
	}
	expectCode(t, bill(t, e, "QueryAvailableInstances", params{"PageSize": "301"}), 400, "InvalidParameter")
	e.SetQuirks(emulator.Quirks{BillingHost: "business.example.com"})
	expectCode(t, bill(t, e, "QueryAvailableInstances", nil), 400, "NotApplicable")
}
