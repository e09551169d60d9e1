package account

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// fullAccount returns an account with something in every field.
func fullAccount(t testing.TB) *Account {
	t.Helper()
	a := New(fixedClock, Quirks{EnableDelay: time.Hour, TrafficBillingClosed: true})
	a.SetBalance(100_000_00)
	if err := a.OpenTraffic(); err != nil {
		t.Fatal(err)
	}
	paid := a.AddCircuit(Circuit{Tags: map[string]string{"a": "b"}})
	attempt := Attempt{TokenKey: TokenKey{"Place", paid.Region, "token"}, Params: map[string]string{"Period": "1"}}
	if _, err := a.PlaceOrder(attempt, Order{Region: paid.Region, CircuitID: paid.ID, Period: 1, PricingCycle: CycleMonth, AutoPay: true, ClientToken: "token"}); err != nil {
		t.Fatal(err)
	}
	a.SpendToken(TokenKey{"Place", paid.Region, "spent"})
	enabled := a.AddCircuit(Circuit{Status: StatusEnabled, EnabledTime: fixedClock(), EndTime: fixedClock().AddDate(0, 1, 0)})
	if err := a.SetRenewal([]string{enabled.ID}, Renewal{Status: AutoRenewal, Period: 3}); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Renew(enabled.Region, enabled.ID, 2); err != nil {
		t.Fatal(err)
	}
	if _, err := a.ApplyForCircuit(Attempt{}, Circuit{Region: "cn-beijing"}); err != nil {
		t.Fatal(err)
	}
	a.AddOtherOrder(Order{ID: "7"})
	a.Advance(time.Millisecond)
	return a
}

func fixedClock() time.Time { return time.Date(2022, 8, 9, 5, 0, 0, 0, time.UTC) }

func stateText(t testing.TB, a *Account) string {
	t.Helper()
	text, err := json.MarshalIndent(a.state(), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// restored returns an account with the state of another one, after JSON.
func restored(t *testing.T, a *Account) *Account {
	t.Helper()
	var state State
	if err := json.Unmarshal([]byte(stateText(t, a)), &state); err != nil {
		t.Fatal(err)
	}
	b := New(fixedClock, Quirks{})
	if err := b.Restore(state); err != nil {
		t.Fatal(err)
	}
	return b
}

func TestState_RestoredAccount_IsTheSameNowAndLater(t *testing.T) {
	t.Parallel()
	a := fullAccount(t)
	b := restored(t, a)
	for _, later := range []time.Duration{0, time.Second, time.Hour, 25 * 24 * time.Hour, 60 * 24 * time.Hour} {
		a.Advance(later)
		b.Advance(later)
		a.Circuits()
		b.Circuits()
		if got, want := stateText(t, b), stateText(t, a); got != want {
			t.Fatalf("after %s the restored account is\n%s\nwant\n%s", later, got, want)
		}
	}
	circuits := a.Circuits()
	if circuits[0].Status != StatusTerminated || circuits[1].BusinessStatus != businessNormal || circuits[2].Status != StatusAllocated {
		t.Errorf("the test changes too little: %+v", circuits)
	}
}

func TestState_RestoredAccount_KnowsClientTokens(t *testing.T) {
	t.Parallel()
	a := fullAccount(t)
	b := restored(t, a)
	order := a.Orders()[0]
	attempt := Attempt{TokenKey: TokenKey{"Place", order.Region, "token"}, Params: map[string]string{"Period": "1"}}
	if id, err := b.PlaceOrder(attempt, Order{}); err != nil || id != order.ID {
		t.Errorf("order %q, %v, want %s", id, err, order.ID)
	}
	attempt.Token = "spent"
	if _, err := b.PlaceOrder(attempt, Order{}); err != Code("IdempotentFailed") { //nolint:errorlint // A value.
		t.Errorf("spent token: %v", err)
	}
}

func TestState_Debt_IsRestored(t *testing.T) {
	t.Parallel()
	for _, balance := range []Money{-1, -50_00, 0, 99_50, Unlimited} {
		a := New(fixedClock, Quirks{})
		a.SetBalance(balance)
		if got := restored(t, a).Balance(); got != balance {
			t.Errorf("the balance is %s, want %s", got, balance)
		}
	}
}

// A field that a later change adds must be in the state too.
func TestState_CoversEveryFieldOfTheStore(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		value any
		saved []string
	}{
		{contents{}, []string{"offset", "quirks", "circuits", "circuitsIssued", "orders", "trafficOpened", "balance", "tokens", "tokensHeld"}},
		{circuitRecord{}, []string{"Circuit", "enableAt", "paidBy", "changeAt", "chargedUntil", "renewals"}},
		{tokenRecord{}, []string{"result", "params", "at", "spent"}},
		{renewalChange{}, []string{"at", "renewal"}},
		{orderStore{}, []string{"occupancy", "others", "all", "byID"}},
	} {
		for field := range reflect.TypeOf(test.value).Fields() {
			if !slices.Contains(test.saved, field.Name) {
				t.Errorf("State does not contain %s of %T", field.Name, test.value)
			}
		}
	}
}

func TestState_Contradictions_AreRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*State)
		want   string
	}{
		"another format":      {func(s *State) { s.Format = 2 }, "format"},
		"two orders, one ID":  {func(s *State) { s.OtherOrders[0].ID = s.Orders[0].ID }, s0},
		"a period":            {func(s *State) { s.Orders[0].Period = -1 }, "-1"},
		"a price":             {func(s *State) { s.Orders[0].Price.Pretax = Unlimited }, "92233720368547758.07"},
		"an unknown status":   {func(s *State) { s.Orders[0].Status = "Done" }, `"Done"`},
		"an order is missing": {func(s *State) { s.Circuits[0].PaidBy = "8" }, `"8"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			state := fullAccount(t).state()
			test.change(&state)
			b := fullAccount(t)
			before := stateText(t, b)
			if err := b.Restore(state); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, want an error with %s", err, test.want)
			}
			if stateText(t, b) != before {
				t.Error("the refused state has changed the account")
			}
		})
	}
}

const s0 = `"50187050000001"`

func TestReset_AccountIsANewOne(t *testing.T) {
	t.Parallel()
	a := fullAccount(t)
	a.Reset(Quirks{})
	if got, want := stateText(t, a), stateText(t, New(fixedClock, Quirks{})); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

func TestOnChange_IsCalledBeforeTheChangeIsVisible(t *testing.T) {
	t.Parallel()
	a := New(fixedClock, Quirks{})
	var saved []State
	a.OnChange(func(s State) { saved = append(saved, s) })
	a.AddCircuit(Circuit{})
	if last := saved[len(saved)-1]; len(last.Circuits) != 1 {
		t.Errorf("saved %+v", last)
	}
	calls := len(saved)
	a.Now()
	a.Quirks()
	a.KnowsRegion("cn-hangzhou")
	if len(saved) != calls {
		t.Error("a read is saved")
	}
	a.Advance(time.Hour)
	if last := saved[len(saved)-1]; time.Duration(last.Ahead) != time.Hour {
		t.Errorf("saved %+v", last)
	}
}
