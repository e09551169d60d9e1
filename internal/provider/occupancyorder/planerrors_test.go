package occupancyorder_test

import (
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
)

func TestPlan_AnswerThatWillRepeat_IsAnError(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		settings coretest.Values
		config   coretest.Values
		fault    *emulator.Fault
		isError  bool
		value    string
	}{
		"wrong secret":              {coretest.Values{"secret_key": "wrong"}, paid(), nil, true, "SignatureDoesNotMatch"},
		"unknown key":               {coretest.Values{"access_key": "unknown"}, paid(), nil, true, "InvalidAccessKeyId.NotFound"},
		"expired token":             {nil, paid(), &emulator.Fault{HTTPStatus: 400, Code: "InvalidSecurityToken.Expired"}, true, "InvalidSecurityToken.Expired"},
		"disabled key":              {nil, paid(), &emulator.Fault{HTTPStatus: 400, Code: "InvalidAccessKeyId.Inactive"}, true, "InvalidAccessKeyId.Inactive"},
		"no such region":            {coretest.Values{"region": "cn-hangzou"}, paid(), nil, true, "InvalidRegionId.NotFound"},
		"no such region, its own":   {nil, paid("region_id", "cn-hangzou"), nil, true, "InvalidRegionId.NotFound"},
		"not the API":               {nil, paid(), &emulator.Fault{HTTPStatus: 404, Code: "InvalidAction.NotFound"}, true, "InvalidAction.NotFound"},
		"no right":                  {nil, paid(), &emulator.Fault{HTTPStatus: 403, Code: "Forbidden.RAM"}, false, "Forbidden.RAM"},
		"down":                      {nil, paid(), &emulator.Fault{HTTPStatus: 503, Code: "ServiceUnavailable"}, false, "ServiceUnavailable"},
		"throttled":                 {nil, paid(), &emulator.Fault{HTTPStatus: 400, Code: "Throttling.User"}, false, "Throttling.User"},
		"network":                   {nil, paid(), &emulator.Fault{Kind: emulator.Reset}, false, describeAction},
		"an unknown code":           {nil, paid(), &emulator.Fault{HTTPStatus: 400, Code: "Brand.New"}, false, "Brand.New"},
		"a clock that is too wrong": {nil, paid(), &emulator.Fault{HTTPStatus: 400, Code: "InvalidTimeStamp.Expired"}, true, "InvalidTimeStamp.Expired"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHistory(t, emulator.Quirks{})
				h.settings = test.settings
				if test.fault != nil {
					fault := *test.fault
					fault.Action, fault.Times = describeAction, -1
					h.server.AddFault(fault)
				}
				plan, diags := h.Plan(test.config, coretest.Options{})
				messagetest.WantValues(t, diags, test.value)
				if diags.HasError() != test.isError || plan.Action != coretest.Create {
					t.Errorf("error %t, want %t:\n%s", diags.HasError(), test.isError, diags)
				}
				if test.isError {
					messagetest.WantKinds(t, diags.Errors(), message.CircuitUnreadable)
				} else {
					messagetest.WantKinds(t, diags, message.CircuitUnchecked)
				}
				messagetest.WantValues(t, h.Apply(test.config).Errors(), test.value)
				h.wantOrders(0, 0)
			})
		})
	}
}

func TestValidate_FractionalNumber_IsAnErrorOnItsAttribute(t *testing.T) {
	t.Parallel()
	for _, attribute := range []string{"period", "auto_renew_duration"} {
		for number, whole := range map[float64]bool{1.5: false, 0.1: false, 2.000001: false, 1e300: false, 3: true} {
			t.Run(fmt.Sprint(attribute, number), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					h := newHistory(t, emulator.Quirks{})
					config := paid("auto_renew", true, attribute, number)
					diags, err := h.start(t).Validate(t.Context(), config)
					if err != nil {
						t.Fatal(err)
					}
					if whole {
						if len(diags) != 0 {
							t.Errorf("%s", diags)
						}
						h.MustApply(config)
						h.wantOrders(1, 1)
						return
					}
					if len(diags) != 1 || diags[0].Attribute == nil || diags[0].Attribute.String() != `AttributeName("`+attribute+`")` {
						t.Errorf("want one error on %s:\n%s", attribute, diags)
					}
					messagetest.WantKinds(t, diags.Errors(), message.InvalidValue)
				})
			})
		}
	}
}
