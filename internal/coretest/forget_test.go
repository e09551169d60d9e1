package coretest_test

import (
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
)

// keep means destroy = false in a lifecycle block.
var keep = coretest.Options{KeepOnDestroy: true}

func TestKeepOnDestroy_Destroy_ForgetsWithoutAProviderCall(t *testing.T) {
	t.Parallel()
	process, calls, object := created(t, "a")
	plan, diags, err := process.Plan(t.Context(), object, nil, keep)
	if err != nil || len(diags) > 0 || plan.Action != coretest.Forget {
		t.Fatal(plan.Action, diags, err)
	}
	if left, diags, err := process.Apply(t.Context(), plan, nil); err != nil || len(diags) > 0 || left != nil {
		t.Errorf("%v, %v\n%s", left, err, diags)
	}
	wantCalls(t, calls)
	if plan, _, err := process.Plan(t.Context(), nil, nil, keep); err != nil || plan.Action != coretest.NoOp {
		t.Errorf("destroying nothing: %s, %v", plan.Action, err)
	}
}

func TestKeepOnDestroy_Replace_CreatesAndThenForgets(t *testing.T) {
	t.Parallel()
	asNone := func(name, private string) call {
		return call{method: "plan", prior: "-", planned: name, kind: "?", private: private}
	}
	for name, test := range map[string]struct {
		tainted, replace bool
		wanted           string // name in the configuration
		plans            []call
	}{
		"tainted": {tainted: true, wanted: "a", plans: []call{asNone("a", "")}},
		"replace option": {replace: true, wanted: "a", plans: []call{
			{method: "plan", prior: "a", planned: "a", kind: "plain", private: `"by create"`}, asNone("a", `"by create"`),
		}},
		"changed": {wanted: "b", plans: []call{
			{method: "plan", prior: "a", planned: "b", kind: "?", private: `"by create"`}, asNone("b", `"by create"`),
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			process, calls, object := created(t, "a")
			object.Tainted = test.tainted
			config := coretest.Values{"name": test.wanted}
			plan, diags, err := process.Plan(t.Context(), object, config, coretest.Options{KeepOnDestroy: true, Replace: test.replace})
			if err != nil || diags.HasError() || plan.Action != coretest.CreateThenForget {
				t.Fatal(plan.Action, diags, err)
			}
			left, diags, err := process.Apply(t.Context(), plan, config)
			if err != nil || diags.HasError() || left == object || left.String("name") != test.wanted || left.Tainted || left.Deposed != nil {
				t.Errorf("%+v, %v\n%s", left, err, diags)
			}
			wantCalls(t, calls, append(test.plans, asNone(test.wanted, ""), call{method: "create", prior: "-", planned: test.wanted})...)
		})
	}
}

func TestKeepOnDestroy_FailedCreate_ForgetsNothing(t *testing.T) {
	t.Parallel()
	for name, half := range map[string]bool{failsCreate: false, refused: false, halfCreated: true} {
		process, _, object := created(t, "a")
		object.Tainted = true
		plan, _, err := process.Plan(t.Context(), object, coretest.Values{"name": "a"}, keep)
		if err != nil {
			t.Fatal(err)
		}
		left, diags, err := process.Apply(t.Context(), plan, coretest.Values{"name": name})
		if err != nil || !diags.HasError() {
			t.Fatalf("%s: %v\n%s", name, err, diags)
		}
		if !half && left != object || half && (left.Deposed != object || !left.Tainted) {
			t.Errorf("%s: %+v is in the state", name, left)
		}
	}
}

func TestKeepOnDestroy_HasNoEffectOnAnObjectThatStays(t *testing.T) {
	t.Parallel()
	process, _, object := created(t, "a")
	for config, action := range map[string]coretest.Action{"plain": coretest.NoOp, "fancy": coretest.Update} {
		plan, _, err := process.Plan(t.Context(), object, coretest.Values{"name": "a", "kind": config}, keep)
		if err != nil || plan.Action != action {
			t.Errorf("%s: %s, %v", config, plan.Action, err)
		}
	}
}
