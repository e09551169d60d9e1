package account_test

import (
	"strings"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/apitest"
)

// setRenewal changes the setting of a circuit, as a user does in the console.
func setRenewal(e *emulator.Emulator, circuit emulator.Circuit, renewal emulator.Renewal) {
	e.ChangeCircuit(circuit.Region, circuit.ID, func(c *emulator.Circuit) { c.Renewal = renewal })
}

func renewalOf(e *emulator.Emulator, circuit emulator.Circuit) emulator.Renewal {
	c, _ := e.Circuit(circuit.Region, circuit.ID)
	return c.Renewal
}

func TestPlaceOrder_AutoRenew_SetsTheRenewalOfTheEnabledCircuit(t *testing.T) {
	t.Parallel()
	months := func(period int) emulator.Renewal {
		return emulator.Renewal{Status: emulator.AutoRenewal, Period: period, Unit: "M"}
	}
	for name, test := range map[string]struct {
		params apitest.Params
		want   emulator.Renewal
	}{
		"no duration":    {apitest.Params{"AutoRenew": "true"}, months(1)},
		"zero":           {apitest.Params{"AutoRenew": "true", "AutoRenewDuration": "0"}, months(1)},
		"six months":     {apitest.Params{"AutoRenew": "true", "AutoRenewDuration": "6"}, months(6)},
		"off":            {apitest.Params{"AutoRenew": "false", "AutoRenewDuration": "6"}, emulator.Renewal{}},
		"not sent":       {nil, emulator.Renewal{}},
		"paid with it":   {apitest.Params{"AutoRenew": "true", "AutoPay": "true"}, months(1)},
		"any duration":   {apitest.Params{"AutoRenew": "true", "AutoRenewDuration": "7"}, months(7)},
		"without a flag": {apitest.Params{"AutoRenewDuration": "7"}, emulator.Renewal{}},
	} {
		e, circuit := apitest.NewEmulator(emulator.Quirks{EnableDelay: time.Hour})
		order := apitest.MustPlace(t, e, circuit, test.params)
		if order.Status == emulator.OrderUnpaid {
			apitest.Pay(t, e, order)
		}
		e.Advance(time.Hour - time.Second)
		if got := renewalOf(e, circuit); got != (emulator.Renewal{}) {
			t.Errorf("%s: before the circuit is Enabled, its setting is %+v", name, got)
		}
		e.Advance(time.Second)
		if got := renewalOf(e, circuit); got != test.want {
			t.Errorf("%s: got %+v, want %+v", name, got, test.want)
		}
	}
}

func TestRenewal_ChangedInTheConsole_DecidesTheNextCharge(t *testing.T) {
	t.Parallel()
	e, circuit := enabled(t, nil)
	path := "circuits/" + circuit.Region + "/" + circuit.ID
	advanceTo(t, e, "2022-09-05T00:00:00Z") // four days after the first charge would have been due
	var changed emulator.Circuit
	apitest.MustControl(t, e, "PATCH", path, `{"Renewal":{"Status":"AutoRenewal","Period":2,"Unit":"M"}}`, &changed)
	if want := (emulator.Renewal{Status: emulator.AutoRenewal, Period: 2, Unit: "M"}); changed.Renewal != want {
		t.Errorf("got %+v, want %+v", changed.Renewal, want)
	}
	e.Advance(apitest.Day - time.Second)
	expectRenewals(t, e, 0)
	e.Advance(time.Second)
	expectRenewals(t, e, 1)
	expectTerm(t, e, circuit, emulator.StatusEnabled, "Normal", "2022-11-09T16:00:00Z")

	apitest.MustControl(t, e, "PATCH", path, `{"Renewal":{"Status":"NotRenewal"}}`, &changed)
	advanceTo(t, e, "2022-11-24T16:00:00Z")
	expectRenewals(t, e, 1)
	expectTerm(t, e, circuit, emulator.StatusEnabled, "FinancialLocked", "2022-11-09T16:00:00Z")
}

func TestRenewal_InvalidInTheConsole_IsRefused(t *testing.T) {
	t.Parallel()
	for body, words := range map[string]string{
		`{"Status":"Automatic"}`:                              `status of a renewal is \"Automatic\"`,
		`{"Status":"AutoRenewal","Period":1,"Unit":"W"}`:      `unit of a renewal is \"W\"`,
		`{"Status":"ManualRenewal","Unit":"Month"}`:           `unit of a renewal is \"Month\"`,
		`{"Status":"AutoRenewal","Unit":"M"}`:                 `period of AutoRenewal is 0`,
		`{"Status":"AutoRenewal","Period":4,"Unit":"M"}`:      `period of AutoRenewal is 4`,
		`{"Status":"AutoRenewal","Duration":1,"Unit":"M"}`:    `unknown field \"Duration\"`,
		`{"Status":"AutoRenewal","Period":"one","Unit":"M"}`:  `cannot unmarshal`,
		`{"Status":"AutoRenewal","Period":-12,"Unit":"Year"}`: `unit of a renewal`,
	} {
		e, circuit := enabled(t, nil)
		before := apitest.JSON(t, e.Circuits())
		for method, path := range map[string]string{"PATCH": "circuits/" + circuit.Region + "/" + circuit.ID, "POST": "circuits"} {
			got := apitest.Control(t, e, method, path, `{"Name":"other","Renewal":`+body+`}`)
			if got.Status != 400 || !strings.Contains(got.Body, words) {
				t.Errorf("%s %s: HTTP %d %s, want %s", method, body, got.Status, got.Body, words)
			}
		}
		if after := apitest.JSON(t, e.Circuits()); after != before {
			t.Errorf("%s: the circuits changed from %s to %s", body, before, after)
		}
	}
}

func TestRenewal_OtherChange_KeepsTheSettingOfTheOrder(t *testing.T) {
	t.Parallel()
	e, circuit := enabled(t, apitest.Params{"AutoRenew": "true", "AutoRenewDuration": "7"})
	before := renewalOf(e, circuit)
	var changed emulator.Circuit
	apitest.MustControl(t, e, "PATCH", "circuits/"+circuit.Region+"/"+circuit.ID, `{"Name":"other"}`, &changed)
	if changed.Renewal != before || before.Period != 7 {
		t.Errorf("the setting changed from %+v to %+v", before, changed.Renewal)
	}
}
