package occupancyorder_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
)

func TestValidate_InvalidValue_IsAnErrorOnItsAttribute(t *testing.T) {
	t.Parallel()
	periods, token := []string{message.TermRule()}, []string{shared.ClientToken.Rule}
	for _, test := range []struct {
		name      string
		config    coretest.Values
		attribute string
		kind      message.Kind
		values    []string
	}{
		{"Period0", paid("period", 0), "period", message.InvalidPeriod, periods},
		{"PeriodNegative", paid("period", -1), "period", message.InvalidPeriod, periods},
		{"Period10Months", paid("period", 10), "period", message.InvalidPeriod, periods},
		{"Period10MonthsNamed", paid("period", 10, "pricing_cycle", "Month"), "period", message.InvalidPeriod, periods},
		{"Period6Years", paid("period", 6, "pricing_cycle", "Year"), "period", message.InvalidPeriod, periods},
		{"PeriodBeyondEveryUnknownCycle", paid("period", 10, "pricing_cycle", coretest.Unknown{}), "period", message.InvalidPeriod, periods},
		{"PeriodMissingWithAutoPay", paid("period", nil), "period", message.MissingPeriod, periods},
		{"CycleWeek", paid("pricing_cycle", "Week"), "pricing_cycle", message.InvalidValue, []string{"Month", "Year"}},
		{"CycleLowerCase", paid("pricing_cycle", "month"), "pricing_cycle", message.InvalidValue, []string{"Month", "Year"}},
		{"ChargeType", paid("instance_charge_type", "PostPaid"), "instance_charge_type", message.InvalidValue, []string{"PrePaid"}},
		{"TokenEmpty", paid("client_token", ""), "client_token", message.InvalidValue, token},
		{"TokenOf65", paid("client_token", strings.Repeat("x", 65)), "client_token", message.InvalidValue, token},
		{"TokenWithSpace", paid("client_token", "a b"), "client_token", message.InvalidValue, token},
		{"TokenNotASCII", paid("client_token", "bestellung-ü"), "client_token", message.InvalidValue, token},
		{"TokenWithNewline", paid("client_token", "a\n"), "client_token", message.InvalidValue, token},
		{"DurationWithoutRenew", paid("auto_renew_duration", 1), "auto_renew_duration", message.RenewWithoutAuto, []string{"auto_renew = true"}},
		{"DurationWithRenewFalse", paid("auto_renew", false, "auto_renew_duration", 1), "auto_renew_duration", message.RenewWithoutAuto, []string{"auto_renew = true"}},
		{"Duration0", paid("auto_renew", true, "auto_renew_duration", 0), "auto_renew_duration", message.InvalidValue, []string{"1"}},
		{"CircuitOfAnotherKind", paid("physical_connection_id", "eip-1"), "physical_connection_id", message.InvalidValue, []string{"pc-"}},
		{"CircuitEmpty", paid("physical_connection_id", ""), "physical_connection_id", message.InvalidValue, []string{"pc-"}},
		{"Region", paid("region_id", "cn hangzhou"), "region_id", message.InvalidValue, []string{"cn-hangzhou"}},
		{"TimeoutZero", paid("timeouts", coretest.Values{"create": "0s"}), "timeouts", message.InvalidTimeout, []string{`"0s"`}},
		{"TimeoutNoDuration", paid("timeouts", coretest.Values{"create": "soon"}), "timeouts", message.InvalidTimeout, []string{`"soon"`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				diags, err := newHistory(t, emulator.Quirks{}).start(t).Validate(t.Context(), test.config)
				if err != nil {
					t.Fatal(err)
				}
				if len(diags) != 1 || !diags.HasError() || diags[0].Attribute == nil {
					t.Fatalf("want one error on an attribute:\n%s", diags)
				}
				if got := diags[0].Attribute.Steps()[0]; got != tftypes.AttributeName(test.attribute) {
					t.Errorf("the error is on %s, want %s", got, test.attribute)
				}
				messagetest.WantKinds(t, diags, test.kind)
				messagetest.WantValues(t, diags, test.values...)
			})
		})
	}
}

func TestValidate_EveryTermOfTheAPI_IsAccepted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		process := newHistory(t, emulator.Quirks{}).start(t)
		valid := []coretest.Values{
			paid("period", nil, "auto_pay", false),
			paid("period", nil, "auto_pay", coretest.Unknown{}),
			paid("period", coretest.Unknown{}, "pricing_cycle", coretest.Unknown{}),
			paid("period", 9, "pricing_cycle", coretest.Unknown{}),
			paid("auto_renew", coretest.Unknown{}, "auto_renew_duration", 1),
			paid("auto_renew_duration", coretest.Unknown{}), // It may become null.
			paid("auto_renew", false, "auto_renew_duration", coretest.Unknown{}),
			paid("client_token", strings.Repeat("~", 64)),
			paid("instance_charge_type", "PrePaid"),
		}
		for period := 1; period <= 9; period++ {
			valid = append(valid, paid("period", period), paid("period", period, "pricing_cycle", "Month"))
		}
		for period := 1; period <= 5; period++ {
			valid = append(valid, paid("period", period, "pricing_cycle", "Year"))
		}
		for _, config := range valid {
			if diags, err := process.Validate(t.Context(), config); err != nil || len(diags) > 0 {
				t.Errorf("%v: %v\n%s", config, err, diags)
			}
		}
	})
}
