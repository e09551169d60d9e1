package order_test

import (
	"fmt"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordertest"
)

func remembered(origin order.Source, confirmed bool) *order.Record {
	return &order.Record{Region: ordertest.KeyA.Region, CircuitID: ordertest.KeyA.CircuitID, OrderID: "1001", Source: origin, Confirmed: confirmed}
}

// Inputs of a plan by name.
var (
	records = map[string]*order.Record{
		"nothing": nil, "placed": remembered(order.Placed, false),
		"imported": remembered(order.Imported, false), "confirmed": remembered(order.Imported, true),
		"adopted": remembered(order.Adopted, false),
	}
	targets = map[string]circuit.Key{
		"same":            {Region: "cn-hangzhou", CircuitID: "pc-a"},
		"other circuit":   {Region: "cn-hangzhou", CircuitID: "pc-b"},
		"other region":    {Region: "cn-beijing", CircuitID: "pc-a"},
		"other both":      {Region: "cn-beijing", CircuitID: "pc-b"},
		"other, region?":  {CircuitID: "pc-b"},
		"other, circuit?": {Region: "cn-beijing"},
		"unknown circuit": {Region: "cn-hangzhou"},
		"unknown region":  {CircuitID: "pc-a"},
		"unknown both":    {},
	}
	different = []string{"other circuit", "other region", "other both"}
	// A target that is not fully known is not different yet.
	alike = []string{"same", "unknown circuit", "unknown region", "unknown both", "other, region?", "other, circuit?"}
)

// rule is a line of the decision table. A nil list or pointer matches everything.
type rule struct {
	prior     *bool
	records   []string
	targets   []string
	refreshed *bool
	moving    *bool
	reused    *bool
	changed   *bool
	want      order.Decision
}

func (r rule) covers(s order.PlanInput, record, target string) bool {
	return is(r.prior, s.HasPrior) && among(r.records, record) && among(r.targets, target) &&
		is(r.refreshed, s.Refreshed) && is(r.moving, s.ReplacementPlanned) && is(r.reused, s.TokenReused) && is(r.changed, s.Changed)
}

func is(want *bool, got bool) bool { return want == nil || *want == got }

func among(want []string, got string) bool {
	for _, name := range want {
		if name == got {
			return true
		}
	}
	return want == nil
}

func TestDecide_EveryInput_HasOneDecision(t *testing.T) {
	t.Parallel()
	yes, no := new(true), new(false)
	rules := []rule{
		{records: []string{"nothing"}, want: order.Place},

		// The second part of a replacement, or an order that a refresh has removed.
		{prior: no, records: []string{"placed", "imported", "confirmed", "adopted"}, targets: different, moving: yes, reused: no, want: order.PlaceElsewhere},
		// The API would return the existing order.
		{prior: no, records: []string{"placed", "imported", "confirmed", "adopted"}, targets: different, moving: yes, reused: yes, want: order.RefuseReusedToken},
		// No plan has shown this replacement to the user.
		{prior: no, records: []string{"placed", "imported", "confirmed", "adopted"}, targets: different, moving: no, want: order.RefuseReplacement},
		{prior: no, records: []string{"placed", "imported", "confirmed", "adopted"}, targets: alike, want: order.RefuseReplacement},

		{prior: yes, records: []string{"placed"}, targets: alike, changed: yes, want: order.RefuseChange},
		{prior: yes, records: []string{"placed"}, targets: alike, changed: no, want: order.Keep},
		{prior: yes, records: []string{"imported", "confirmed", "adopted"}, targets: alike, want: order.Keep},

		{prior: yes, records: []string{"placed", "confirmed", "adopted"}, targets: different, refreshed: yes, want: order.ReplaceElsewhere},
		{prior: yes, records: []string{"placed", "confirmed", "adopted"}, targets: different, refreshed: no, want: order.RefuseLateReplacement},
		{prior: yes, records: []string{"imported"}, targets: different, want: order.RefuseWrongImport},
	}
	used := make([]bool, len(rules))
	everyInput(func(name string, s order.PlanInput, record, target string) {
		matches := 0
		for i, rule := range rules {
			if !rule.covers(s, record, target) {
				continue
			}
			matches++
			used[i] = true
			if got := order.Decide(s); got != rule.want {
				t.Errorf("%s: decision %d, want %d", name, got, rule.want)
			}
		}
		if matches != 1 {
			t.Errorf("%s: %d lines of the table, want 1", name, matches)
		}
	})
	for i, found := range used {
		if !found {
			t.Errorf("line %d of the table matches nothing", i)
		}
	}
}

func TestDecide_CircuitWithAnOrder_IsNotOrdered(t *testing.T) {
	t.Parallel()
	everyInput(func(name string, s order.PlanInput, record, target string) {
		if record == "nothing" || !among(alike, target) {
			return
		}
		switch decision := order.Decide(s); decision {
		case order.Place, order.PlaceElsewhere, order.ReplaceElsewhere:
			t.Errorf("%s: decision %d orders", name, decision)
		}
	})
}

func everyInput(visit func(name string, s order.PlanInput, record, target string)) {
	for record := range records {
		for target := range targets {
			for bits := range 1 << 5 {
				flag := func(i int) bool { return bits>>i&1 == 1 }
				s := order.PlanInput{
					HasPrior: flag(0), Record: records[record], Target: targets[target],
					Refreshed: flag(1), ReplacementPlanned: flag(2), TokenReused: flag(3), Changed: flag(4),
				}
				name := fmt.Sprintf("prior=%t record=%s target=%s refreshed=%t moving=%t reused=%t changed=%t",
					s.HasPrior, record, target, s.Refreshed, s.ReplacementPlanned, s.TokenReused, s.Changed)
				visit(name, s, record, target)
			}
		}
	}
}

func TestRecord_Key_IsThatOfTheCircuit(t *testing.T) {
	t.Parallel()
	if got := remembered(order.Placed, false).Key(); got != ordertest.KeyA {
		t.Errorf("got %v, want %v", got, ordertest.KeyA)
	}
}

func TestDecide_CancelledOrder_IsReplacedOnlyAfterItLeftTheState(t *testing.T) {
	t.Parallel()
	cancelled := remembered(order.Placed, false)
	cancelled.Cancelled = true
	for _, test := range []struct {
		hasPrior bool
		want     order.Decision
	}{{false, order.Place}, {true, order.RefuseChange}} {
		got := order.Decide(order.PlanInput{HasPrior: test.hasPrior, Record: cancelled, Target: ordertest.KeyA, Changed: true})
		if got != test.want {
			t.Errorf("prior %t: decision %d, want %d", test.hasPrior, got, test.want)
		}
	}
}

func TestRecord_PlacedWith_IncludesTheSentToken(t *testing.T) {
	t.Parallel()
	record := order.Record{ClientToken: "root", SentClientToken: "next"}
	for token, want := range map[string]bool{"root": true, "next": true, "other": false, "": false} {
		if record.PlacedWith(token) != want {
			t.Errorf("%q: %t", token, !want)
		}
	}
	if (order.Record{}).PlacedWith("") {
		t.Error("an empty token has placed an order")
	}
}

func TestRecord_ReorderToken_FollowsTheDefaultToken(t *testing.T) {
	t.Parallel()
	want := order.TokenAfter(order.DefaultToken(ordertest.KeyA.Region, ordertest.KeyA.CircuitID), "1001")
	for _, token := range []string{"", "typed", want} {
		record := remembered(order.Imported, false)
		record.ClientToken = token
		if got := record.ReorderToken(); got != want {
			t.Errorf("placed with %q: %s, want %s", token, got, want)
		}
	}
}
