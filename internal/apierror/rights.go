package apierror

import "strings"

// rights are the RAM action and the resource that each operation needs.
//
// Source: https://www.alibabacloud.com/help/doc-detail/114591.html and the pages of the
// other operations. Billing names its actions otherwise than its operations.
var rights = map[string]string{
	"CreatePhysicalConnectionOccupancyOrder": "vpc:CreatePhysicalConnectionOccupancyOrder on acs:vpc:*:*:physicalconnection/*",
	"DescribePhysicalConnections":            "vpc:DescribePhysicalConnections on acs:vpc:*:*:physicalconnection/*",
	"GetOrderDetail":                         "bss:DescribeOrderDetail on *",
	"QueryOrders":                            "bss:DescribeOrderList on *",
	"CancelOrder":                            "bss:CancelOrder on *",
}

// NextStep says what the table has as the next step for the failure's code, with the
// right by its name where one is missing; empty for a code that is not known.
func (f *Error) NextStep() string {
	family, _ := f.Family()
	right := rights[f.Action]
	if right == "" || family.NextStep != stepRights {
		return family.NextStep
	}
	step := "Give the credentials the right to the RAM action " + right + ", then try again."
	if strings.HasPrefix(right, "bss:") {
		step += " Placing orders works without."
	}
	return step
}
