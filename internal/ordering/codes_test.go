package ordering_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordering"
)

func TestEveryKnownCodeIsWhole(t *testing.T) {
	t.Parallel()
	groups := []ordering.Group{
		ordering.GroupOrder, ordering.GroupWrongState, ordering.GroupNotFound, ordering.GroupMismatch, ordering.GroupToken, ordering.GroupCredentials,
		ordering.GroupRights, ordering.GroupThrottling, ordering.GroupServer, ordering.GroupGateway, ordering.GroupTrade, ordering.GroupOtherOrder, ordering.GroupList,
	}
	seen := map[string]bool{}
	used := map[ordering.Group]bool{}
	for _, code := range ordering.Codes() {
		if seen[code.Code] {
			t.Errorf("%s is listed twice", code.Code)
		}
		seen[code.Code], used[code.Group] = true, true
		if code.Code == "" || strings.ContainsAny(code.Code, " \t") || strings.Contains(strings.TrimSuffix(code.Code, ".*"), "*") {
			t.Errorf("%q is no code", code.Code)
		}
		if complaint := sentences(code.Meaning); complaint != "" {
			t.Errorf("%s: the meaning %q %s", code.Code, code.Meaning, complaint)
		}
		if complaint := sentences(code.NextStep); complaint != "" {
			t.Errorf("%s: the next step %q %s", code.Code, code.NextStep, complaint)
		}
		if !slices.Contains(groups, code.Group) {
			t.Errorf("%s: unknown group %q", code.Code, code.Group)
		}
		if code.HTTPStatus != 0 && (code.HTTPStatus < 400 || code.HTTPStatus > 599) {
			t.Errorf("%s: HTTP status %d", code.Code, code.HTTPStatus)
		}
	}
	for _, group := range groups {
		if !used[group] {
			t.Errorf("no code in the group %q", group)
		}
	}
}

// The codes, statuses and messages are those of
// https://www.alibabacloud.com/help/doc-detail/114591.html.
func TestEveryDocumentedCodeOfTheOrderIsKnownAsDocumented(t *testing.T) {
	t.Parallel()
	for _, documented := range []struct {
		status        int
		code, message string
	}{
		{400, "IAbs.InvalidStatus.ValueNotSupported", "status is not supported."},
		{400, "InvalidPrice.NotFound", "Pricing plan result not found."},
		{400, "InvalidPhysicalConnectionChargeType.Malformed", "Specified Physical Connection ChargeType is not valid."},
		{400, "InvalidPhysicalConnectionPeriod.Malformed", "Specified Physical Connection Period is not valid."},
		{400, "InvalidPhysicalConnectionPricingCycle.Malformed", "Specified Physical Connection PricingCycle is not valid."},
		{400, "Forbidden.NotAllowedInState", "The request does not allow in this state."},
		{400, "INSTANCE.STATUS.NOT.ALLOW", "Instance status not allow"},
		{400, "Abs.InstanceNotExist", "The specified instance does not exist."},
		{400, "IncorrectStatus.PhysicalConnection", "Invalid physical connection status."},
		{404, "InvalidRegionId.NotFound", "The RegionId provided does not exist in our records."},
		{404, "InvalidPhysicalConnectionId.NotFound", "The PhysicalConnectionId provided does not exist in our records."},
	} {
		got, known := ordering.LookUpCode(documented.code)
		if !known || got.HTTPStatus != documented.status || got.Message != documented.message || got.Class != ordering.Final {
			t.Errorf("%s: known %t, status %d, class %s, message %q", documented.code, known, got.HTTPStatus, got.Class, got.Message)
		}
	}
}

func TestACodeIsLookedUpByItselfAndElseByItsFamily(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ code, entry string }{
		{"Throttling", "Throttling"},
		{"Throttling.User", "Throttling.*"},
		{"Throttling.Api", "Throttling.*"},
		{"Throttling.User.More", "Throttling.*"},
		{"InvalidSecurityToken.Expired", "InvalidSecurityToken.*"},
		{"InvalidSecurityToken.MismatchWithAccessKey", "InvalidSecurityToken.*"},
		{"Forbidden", "Forbidden"},
		{"Forbidden.RAM", "Forbidden.RAM"},
		{"Forbidden.NotAllowedInState", "Forbidden.NotAllowedInState"},
		{"Rejected.Throttling", "Rejected.Throttling"},
		{"Throttlings", ""},
		{"throttling", ""},
		{"NotThrottling.User", ""},
		{"InvalidSecurityToken", ""},
		{"Forbidden.Else", ""},
		{"", ""},
		{"*", ""},
		{".", ""},
	} {
		if got, known := ordering.LookUpCode(test.code); got.Code != test.entry || known != (test.entry != "") {
			t.Errorf("%q: entry %q (known %t), want %q", test.code, got.Code, known, test.entry)
		}
	}
	for _, code := range ordering.Codes() {
		if got, _ := ordering.LookUpCode(code.Code); got != code {
			t.Errorf("%s finds the entry of %s", code.Code, got.Code)
		}
	}
}

func TestTheTableOfCodesCannotBeChangedFromOutside(t *testing.T) {
	t.Parallel()
	codes := ordering.Codes()
	first := codes[0].Code
	codes[0] = ordering.Code{}
	if got := ordering.Codes()[0].Code; got != first {
		t.Errorf("the first code has become %q", got)
	}
}
