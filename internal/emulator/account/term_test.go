package account_test

import (
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/apitest"
)

const twoYears = 730 * apitest.Day

// enabled returns an emulator with one circuit in service. Its term ends at
// 2022-09-09T16:00:00Z, so it is suspended at 2022-09-24T16:00:00Z.
func enabled(t *testing.T, changes apitest.Params) (*emulator.Emulator, emulator.Circuit) {
	t.Helper()
	e, circuit := apitest.NewEmulator(emulator.Quirks{EnableDelay: -1})
	apitest.MustPlace(t, e, circuit, changes)
	if order := e.Orders()[0]; order.Status == emulator.OrderUnpaid {
		apitest.Pay(t, e, order)
	}
	return e, circuit
}

// autoRenewed is enabled with a renewal of one month.
func autoRenewed(t *testing.T) (*emulator.Emulator, emulator.Circuit) {
	t.Helper()
	return enabled(t, apitest.Params{"AutoRenew": "true"})
}

// advanceTo moves the clock to a time.
func advanceTo(t *testing.T, e *emulator.Emulator, at string) {
	t.Helper()
	e.Advance(instant(t, at).Sub(e.Now()))
}

func instant(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// expectTerm checks status, business status and end of the term, as the client reads them.
func expectTerm(t *testing.T, e *emulator.Emulator, circuit emulator.Circuit, status, business, end string) {
	t.Helper()
	c, _ := e.Circuit(circuit.Region, circuit.ID)
	if c.Status != status || c.BusinessStatus != business || c.EndTime.Format(time.RFC3339) != end {
		t.Errorf("at %s: %s, %s until %s, want %s, %s until %s", e.Now().Format(time.RFC3339),
			c.Status, c.BusinessStatus, c.EndTime.Format(time.RFC3339), status, business, end)
	}
}

func expectRenewals(t *testing.T, e *emulator.Emulator, want int) []emulator.Order {
	t.Helper()
	orders := e.OtherOrders()
	if len(orders) != want {
		t.Fatalf("at %s: %d renewals, want %d: %+v", e.Now().Format(time.RFC3339), len(orders), want, orders)
	}
	return orders
}

func TestTerm_AutoRenewal_IsPaidEveryMonthForTwoYears(t *testing.T) {
	t.Parallel()
	e, circuit := autoRenewed(t)
	e.SetBalance(10_000_00)
	e.Advance(twoYears)
	if want := emulator.Money(10_000_00 - 24*85_00); e.Balance() != want {
		t.Errorf("balance %s, want %s", e.Balance(), want)
	}
	expectTerm(t, e, circuit, emulator.StatusEnabled, "Normal", "2024-09-09T16:00:00Z")
	for i, order := range expectRenewals(t, e, 24) {
		charged := instant(t, "2022-09-01T00:00:00Z").AddDate(0, i, 0) // 08:00 in UTC+8
		start := instant(t, "2022-09-09T16:00:00Z").AddDate(0, i, 0)
		want := emulator.Order{
			ID: order.ID, Region: circuit.Region, CircuitID: circuit.ID, Type: emulator.OrderTypeRenew, Period: 1, PricingCycle: "Month",
			AutoPay: true, CreatedAt: charged, Status: emulator.OrderPaid, PaidAt: charged, Price: emulator.Price{Gross: 85_00, Pretax: 85_00},
			UsageStart: start, UsageEnd: start.AddDate(0, 1, 0),
		}
		if got := apitest.JSON(t, order); got != apitest.JSON(t, want) {
			t.Errorf("renewal %d is %s, want %s", i, got, apitest.JSON(t, want))
		}
	}
	listed := apitest.ListedOrders(t, e, apitest.Params{"CreateTimeStart": "2022-08-09T05:00:00Z", "OrderType": "Renew", "PageSize": "300"})
	if len(listed) != 24 {
		t.Errorf("billing lists %d renewals", len(listed))
	}
	apitest.ExpectRow(t, apitest.Rows(t, e, listed[0])[0], apitest.Params{
		"OrderType": "Renew", "PaymentStatus": "Paid", "CreateTime": "2024-08-01T00:00:00Z", "InstanceIDs": `["` + circuit.ID + `"]`,
	})
}

func TestTerm_YearlyAutoRenewal_AddsAYear(t *testing.T) {
	t.Parallel()
	e, circuit := enabled(t, nil)
	setRenewal(e, circuit, emulator.Renewal{Status: emulator.AutoRenewal, Period: 1, Unit: "Y"})
	e.Advance(60 * apitest.Day)
	order := expectRenewals(t, e, 1)[0]
	if order.Period != 1 || order.PricingCycle != "Year" || order.Price.Total() != 12*85_00 {
		t.Errorf("renewal %+v", order)
	}
	expectTerm(t, e, circuit, emulator.StatusEnabled, "Normal", "2023-09-09T16:00:00Z")
}

func TestTerm_WithoutAutoRenewal_IsSuspendedAndReleased(t *testing.T) {
	t.Parallel()
	for _, status := range []string{"", emulator.ManualRenewal, emulator.NotRenewal} {
		e, circuit := enabled(t, nil)
		setRenewal(e, circuit, emulator.Renewal{Status: status})
		for _, step := range []struct{ at, status, business string }{
			{"2022-09-24T15:59:59Z", emulator.StatusEnabled, "Normal"},
			{"2022-09-24T16:00:00Z", emulator.StatusEnabled, "FinancialLocked"},
			{"2022-10-01T15:59:59Z", emulator.StatusEnabled, "FinancialLocked"},
			{"2022-10-01T16:00:00Z", emulator.StatusTerminated, "FinancialLocked"},
			{"2024-10-01T16:00:00Z", emulator.StatusTerminated, "FinancialLocked"},
		} {
			advanceTo(t, e, step.at)
			expectTerm(t, e, circuit, step.status, step.business, "2022-09-09T16:00:00Z")
		}
		expectRenewals(t, e, 0)
	}
}

func TestTerm_LowBalance_IsChargedEveryDayUntilItSucceeds(t *testing.T) {
	t.Parallel()
	e, circuit := autoRenewed(t)
	e.SetBalance(84_99)
	advanceTo(t, e, "2022-09-13T23:00:00Z") // after the first charge and the end of the term
	expectRenewals(t, e, 0)
	expectTerm(t, e, circuit, emulator.StatusEnabled, "Normal", "2022-09-09T16:00:00Z")
	if e.Balance() != 84_99 {
		t.Errorf("balance %s", e.Balance())
	}

	e.TopUp(1)
	e.Advance(time.Hour - time.Second)
	expectRenewals(t, e, 0)
	e.Advance(time.Second)
	if order := expectRenewals(t, e, 1)[0]; !order.PaidAt.Equal(instant(t, "2022-09-14T00:00:00Z")) {
		t.Errorf("paid at %s", order.PaidAt)
	}
	expectTerm(t, e, circuit, emulator.StatusEnabled, "Normal", "2022-10-09T16:00:00Z")
	e.TopUp(85_00)
	e.Advance(10 * apitest.Day)
	expectRenewals(t, e, 1)
	if e.Balance() != 85_00 {
		t.Errorf("balance %s", e.Balance())
	}
}

func TestTerm_Suspended_IsNotCharged(t *testing.T) {
	t.Parallel()
	e, circuit := autoRenewed(t)
	e.SetBalance(0)
	advanceTo(t, e, "2022-09-24T16:00:00Z")
	e.SetBalance(emulator.Unlimited)
	e.Advance(7*apitest.Day - time.Second)
	expectTerm(t, e, circuit, emulator.StatusEnabled, "FinancialLocked", "2022-09-09T16:00:00Z")
	e.Advance(twoYears)
	expectTerm(t, e, circuit, emulator.StatusTerminated, "FinancialLocked", "2022-09-09T16:00:00Z")
	expectRenewals(t, e, 0)
}

func TestTerm_LatePayment_EndsTheSuspension(t *testing.T) {
	t.Parallel()
	e, circuit := enabled(t, nil)
	advanceTo(t, e, "2022-09-30T00:00:00Z")
	renewal, err := e.Renew(circuit.Region, circuit.ID, 1)
	if err != nil {
		t.Fatal(err)
	}
	expectTerm(t, e, circuit, emulator.StatusEnabled, "FinancialLocked", "2022-09-09T16:00:00Z")
	apitest.Pay(t, e, renewal)
	expectTerm(t, e, circuit, emulator.StatusEnabled, "Normal", "2022-10-09T16:00:00Z")
	e.Advance(3 * apitest.Day)
	expectTerm(t, e, circuit, emulator.StatusEnabled, "Normal", "2022-10-09T16:00:00Z")
	advanceTo(t, e, "2022-10-24T16:00:00Z")
	expectTerm(t, e, circuit, emulator.StatusEnabled, "FinancialLocked", "2022-10-09T16:00:00Z")
}

func TestTerm_PaymentTooLate_DoesNotReturnTheCircuit(t *testing.T) {
	t.Parallel()
	e, circuit := enabled(t, nil)
	advanceTo(t, e, "2022-09-30T00:00:00Z")
	renewal, err := e.Renew(circuit.Region, circuit.ID, 1)
	if err != nil {
		t.Fatal(err)
	}
	advanceTo(t, e, "2022-10-02T00:00:00Z")
	apitest.Pay(t, e, renewal)
	expectTerm(t, e, circuit, emulator.StatusTerminated, "FinancialLocked", "2022-09-09T16:00:00Z")
	if order, err := e.Renew(circuit.Region, circuit.ID, 1); err == nil {
		t.Errorf("a released circuit is renewed: %+v", order)
	}
}

func TestTerm_Renewals_EndBeforeTheYear10000(t *testing.T) {
	t.Parallel()
	e, circuit := enabled(t, apitest.Params{"AutoRenew": "true", "AutoRenewDuration": "2147483647"})
	e.Advance(31 * apitest.Day)
	expectTerm(t, e, circuit, emulator.StatusEnabled, "Normal", "2122-09-09T16:00:00Z") // 1200 months later
	e.ChangeCircuit(circuit.Region, circuit.ID, func(c *emulator.Circuit) { c.EndTime = instant(t, "9999-01-01T00:00:00Z") })
	renewal, err := e.Renew(circuit.Region, circuit.ID, 1200)
	if err != nil {
		t.Fatal(err)
	}
	apitest.Pay(t, e, renewal)
	expectTerm(t, e, circuit, emulator.StatusEnabled, "Normal", "9999-12-30T16:00:00Z")
	if order, err := e.Renew(circuit.Region, circuit.ID, 1201); err == nil {
		t.Errorf("a renewal of 1201 months: %+v", order)
	}
}

func TestTerm_PaymentThatIsTooShort_KeepsTheSuspension(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	e.ChangeCircuit(circuit.Region, circuit.ID, func(c *emulator.Circuit) {
		c.BusinessStatus, c.EndTime = "FinancialLocked", instant(t, "2022-05-09T16:00:00Z") // not Enabled, so not released
	})
	renewal, err := e.Renew(circuit.Region, circuit.ID, 1)
	if err != nil {
		t.Fatal(err)
	}
	apitest.Pay(t, e, renewal)
	expectTerm(t, e, circuit, emulator.StatusConfirmed, "FinancialLocked", "2022-06-09T16:00:00Z")
}

func TestTerm_OneJump_EqualsManySmallOnes(t *testing.T) {
	t.Parallel()
	history := func(step time.Duration) string {
		e, circuit := autoRenewed(t)
		for i, renewal := range []emulator.Renewal{
			{Status: emulator.AutoRenewal, Period: 2, Unit: "M"},
			{Status: emulator.AutoRenewal, Period: 1, Unit: "Y"},
			{Status: emulator.AutoRenewal, Period: 1},
			{},
		} {
			e.AddCircuit(emulator.Circuit{
				Status: emulator.StatusEnabled, EnabledTime: apitest.Start, EndTime: instant(t, "2022-08-30T16:00:00Z").AddDate(0, i, i), Renewal: renewal,
			})
		}
		apitest.MustPlace(t, e, e.AddCircuit(emulator.Circuit{}), apitest.Params{"ClientToken": "2", "AutoPay": "true", "AutoRenew": "true", "AutoRenewDuration": "3"})
		e.SetBalance(3000_00)
		for end := e.Now().Add(twoYears); e.Now().Before(end); {
			e.Advance(min(step, end.Sub(e.Now())))
			e.Balance()
		}
		if c, _ := e.Circuit(circuit.Region, circuit.ID); c.Status != emulator.StatusTerminated {
			t.Errorf("the balance was high enough: circuit %+v, balance %s", c, e.Balance())
		}
		return apitest.JSON(t, []any{e.Circuits(), e.Orders(), e.OtherOrders(), e.Balance()})
	}
	jump := history(twoYears)
	for _, step := range []time.Duration{7 * time.Hour, apitest.Day, 100 * apitest.Day} {
		if got := history(step); got != jump {
			t.Errorf("steps of %s give %s, one jump gives %s", step, got, jump)
		}
	}
}

func TestTerm_CircuitsCompeteForTheBalance_InTheOrderOfTheirCharges(t *testing.T) {
	t.Parallel()
	e := emulator.New(emulator.Options{Clock: apitest.FixedClock})
	add := func(end string) emulator.Circuit {
		return e.AddCircuit(emulator.Circuit{
			Status: emulator.StatusEnabled, EndTime: instant(t, end), Renewal: emulator.Renewal{Status: emulator.AutoRenewal, Period: 1},
		})
	}
	later, earlier := add("2022-08-25T16:00:00Z"), add("2022-08-24T16:00:00Z")
	e.SetBalance(100_00)
	e.Advance(30 * apitest.Day)
	if order := expectRenewals(t, e, 1)[0]; order.CircuitID != earlier.ID {
		t.Errorf("circuit %s was renewed", order.CircuitID)
	}
	expectTerm(t, e, later, emulator.StatusEnabled, "Normal", "2022-08-25T16:00:00Z")
}

func TestTerm_CircuitAddedAfterItsFirstCharge_IsChargedTheNextMorning(t *testing.T) {
	t.Parallel()
	e := emulator.New(emulator.Options{Clock: apitest.FixedClock})
	e.AddCircuit(emulator.Circuit{
		Status: emulator.StatusEnabled, EndTime: instant(t, "2022-08-11T16:00:00Z"), Renewal: emulator.Renewal{Status: emulator.AutoRenewal, Period: 1},
	})
	expectRenewals(t, e, 0)
	e.Advance(apitest.Day)
	if order := expectRenewals(t, e, 1)[0]; !order.PaidAt.Equal(instant(t, "2022-08-10T00:00:00Z")) {
		t.Errorf("paid at %s", order.PaidAt)
	}
}

func TestTerm_TerminatedByTheUser_IsNotCharged(t *testing.T) {
	t.Parallel()
	e, circuit := autoRenewed(t)
	apitest.ExpectCode(t, apitest.Call(t, e, "TerminatePhysicalConnection", apitest.Params{"RegionId": circuit.Region, "PhysicalConnectionId": circuit.ID}), 200, "")
	e.Advance(twoYears)
	expectTerm(t, e, circuit, emulator.StatusTerminated, "Normal", "2022-09-09T16:00:00Z")
	expectRenewals(t, e, 0)
}

func TestTerm_WithoutEndTime_DoesNotEnd(t *testing.T) {
	t.Parallel()
	e := emulator.New(emulator.Options{Clock: apitest.FixedClock})
	circuit := e.AddCircuit(emulator.Circuit{Status: emulator.StatusEnabled, Renewal: emulator.Renewal{Status: emulator.AutoRenewal, Period: 1}})
	e.Advance(twoYears)
	expectTerm(t, e, circuit, emulator.StatusEnabled, "Normal", "0001-01-01T00:00:00Z")
	expectRenewals(t, e, 0)
}

func TestTerm_QuirksAndBalanceOfTheirTime_DecideACharge(t *testing.T) {
	t.Parallel()
	e, _ := autoRenewed(t)
	e.Advance(30 * apitest.Day)
	e.SetQuirks(emulator.Quirks{PricePercent: 200})
	e.Advance(30 * apitest.Day)
	e.SetBalance(0)
	orders := expectRenewals(t, e, 2)
	if orders[0].Price.Total() != 85_00 || orders[1].Price.Total() != 170_00 {
		t.Errorf("renewals %+v", orders)
	}
}
