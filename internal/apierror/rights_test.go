package apierror_test

import (
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordertest"
)

func TestAMissingRightIsNamed(t *testing.T) {
	t.Parallel()
	for action, want := range map[string]string{
		"CreatePhysicalConnectionOccupancyOrder": "vpc:CreatePhysicalConnectionOccupancyOrder on acs:vpc:*:*:physicalconnection/*",
		"DescribePhysicalConnections":            "vpc:DescribePhysicalConnections on acs:vpc:*:*:physicalconnection/*",
		"GetOrderDetail":                         "bss:DescribeOrderDetail on *",
		"QueryOrders":                            "bss:DescribeOrderList on *",
		"CancelOrder":                            "bss:CancelOrder on *",
		"AssumeRole":                             "RAM policy", // unknown to the table
	} {
		for _, code := range []string{"Forbidden.RAM", "Forbidden", "NoPermission", "NotAuthorized"} {
			failure := ordertest.Answered(403, code)
			failure.Action = action
			if step := failure.NextStep(); !strings.Contains(step, want) {
				t.Errorf("%s, %s: %q does not name %q", action, code, step, want)
			}
			billing := strings.Contains(failure.NextStep(), "Placing orders works without")
			if wantBilling := strings.HasPrefix(want, "bss:"); action != "AssumeRole" && billing != wantBilling {
				t.Errorf("%s, %s: that orders do without is said: %t", action, code, billing)
			}
		}
	}
}

func TestTheNextStepOfAnotherCodeIsTheTables(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"NotApplicable", "SignatureDoesNotMatch", "Throttling"} {
		failure := ordertest.Answered(400, code)
		failure.Action = "GetOrderDetail"
		if entry, _ := apierror.LookUpCode(code); failure.NextStep() != entry.NextStep {
			t.Errorf("%s: %q", code, failure.NextStep())
		}
	}
	if step := ordertest.Answered(400, "Brand.NewCode").NextStep(); step != "" {
		t.Errorf("an unknown code has the step %q", step)
	}
}
