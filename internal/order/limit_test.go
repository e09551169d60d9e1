package order_test

import (
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordertest"
)

func TestCountPlanned_EachOrderOverTheLimit_IsRefusedWithItsNumber(t *testing.T) {
	t.Parallel()
	var registry order.RunRegistry
	registry.SetSingleRun()
	registry.Limit(2)
	for range 2 { // A second plan of the same order has the same number.
		for i, id := range []string{"pc-c", "pc-b", "pc-a", "pc-d"} {
			reached := registry.CountPlanned(circuit.Key{Region: ordertest.KeyA.Region, CircuitID: id})
			if (reached != nil) != (i >= 2) || reached != nil && *reached != (order.OverLimit{Limit: 2, Number: i + 1}) {
				t.Errorf("%s: %+v", id, reached)
			}
		}
	}
	if reached := registry.CountPlanned(circuit.Key{}); reached == nil || reached.Number != 5 {
		t.Errorf("a circuit that is not known yet: %+v", reached)
	}
}

func TestCountPlanned_WithoutALimit_RefusesNothing(t *testing.T) {
	t.Parallel()
	var registry order.RunRegistry
	registry.SetSingleRun()
	for _, id := range []string{"pc-1", "pc-2"} {
		if registry.CountPlanned(circuit.Key{Region: ordertest.KeyA.Region, CircuitID: id}) != nil {
			t.Error("an order was refused without a limit")
		}
	}
}

func TestCountPlanned_SeveralPlansInOneProcess_HaveNoLimit(t *testing.T) {
	t.Parallel()
	var registry order.RunRegistry
	registry.Limit(1)
	for _, id := range []string{"pc-a", "pc-b"} {
		if reached := registry.CountPlanned(circuit.Key{Region: ordertest.KeyA.Region, CircuitID: id}); reached != nil {
			t.Errorf("%s: %v", id, reached)
		}
	}
}

func TestPlace_OrderOverTheLimit_ReleasesItsClaim(t *testing.T) {
	t.Parallel()
	placer := ordertest.PlacerOf(&ordertest.FakeAPI{})
	for _, id := range []string{"pc-z", "pc-y", "pc-x"} {
		placer.Registry.Claim(circuit.Key{Region: ordertest.KeyA.Region, CircuitID: id})
	}
	placer.Registry.Limit(3)
	if reached := placer.Registry.CheckLimit(); reached != nil {
		t.Errorf("the third of three orders was refused: %v", reached)
	}
	_, err := placer.Place(t.Context(), ordertest.RequestA())
	reached := ordertest.PlaceError(t, err, order.LimitExceeded).OverLimit
	if *reached != (order.OverLimit{Limit: 3, Number: 4}) {
		t.Errorf("%v", err)
	}
	ordertest.WantClaim(t, placer, true)
}

func TestCountPlanned_OrderPlannedAgain_IsCountedOnce(t *testing.T) {
	t.Parallel()
	var registry order.RunRegistry
	registry.SetSingleRun()
	registry.Limit(1)
	for range 3 {
		if reached := registry.CountPlanned(ordertest.KeyA); reached != nil {
			t.Errorf("one circuit was counted twice: %v", reached)
		}
	}
	if reached := registry.CountPlanned(ordertest.KeyElsewhere); reached == nil {
		t.Error("the circuit in another region was not counted")
	}
	var unknown order.RunRegistry
	unknown.SetSingleRun()
	unknown.Limit(1)
	for i := range 2 {
		if reached := unknown.CountPlanned(circuit.Key{Region: ordertest.KeyA.Region}); (reached != nil) != (i == 1) {
			t.Errorf("unknown circuit %d: %v", i, reached)
		}
	}
}
