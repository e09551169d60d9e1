package account

import (
	"testing"
	"time"
)

func TestClone_IsEqualAndIndependent(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	first := New(func() time.Time { return start }, Quirks{})
	first.AddCircuit(Circuit{ID: "pc-1"})
	first.Advance(time.Hour)
	attempt := Attempt{TokenKey: TokenKey{Token: "tok"}}
	id, err := first.PlaceOrder(attempt, Order{Region: "cn-hangzhou", CircuitID: "pc-1", Period: 1, PricingCycle: CycleMonth})
	if err != nil {
		t.Fatal(err)
	}
	if err := first.PayOrder(id); err != nil {
		t.Fatal(err)
	}

	second := first.Clone(func() time.Time { return start.AddDate(1, 0, 0) })
	if !second.Now().Equal(first.Now()) {
		t.Errorf("the clone shows %s, want %s", second.Now(), first.Now())
	}
	if repeated, err := second.PlaceOrder(attempt, Order{Region: "cn-hangzhou", CircuitID: "pc-1"}); err != nil || repeated != id {
		t.Errorf("the client token leads to the order %q, want %q; %v", repeated, id, err)
	}
	second.Advance(time.Minute)
	if circuit, _ := second.Circuit("cn-hangzhou", "pc-1"); circuit.Status != StatusEnabled || circuit.EndTime.IsZero() {
		t.Errorf("the paid circuit of the clone is %s until %s", circuit.Status, circuit.EndTime)
	}
	if circuit, _ := first.Circuit("cn-hangzhou", "pc-1"); circuit.Status != StatusConfirmed {
		t.Errorf("the clone has changed the circuit to %s", circuit.Status)
	}
}
