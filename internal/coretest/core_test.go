package coretest_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/provider"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
)

// Core sends the provider what an experiment with Terraform 1.11 has shown. The checks of
// the provider against a second order depend on it.

// created returns an object in the state, the process that created it, and its list of
// calls, which is empty again.
func created(t *testing.T, name string) (*coretest.Process, *[]call, *coretest.Object) {
	t.Helper()
	process, calls := start(t)
	config := coretest.Values{"name": name}
	plan, diags, err := process.Plan(t.Context(), nil, config, coretest.Options{})
	if err != nil || diags.HasError() || plan.Action != coretest.Create {
		t.Fatal(plan.Action, diags, err)
	}
	object, diags, err := process.Apply(t.Context(), plan, config)
	if err != nil || diags.HasError() || object == nil || object.Tainted {
		t.Fatal(object, diags, err)
	}
	*calls = nil
	return process, calls, object
}

func wantCalls(t *testing.T, calls *[]call, want ...call) {
	t.Helper()
	if !slices.Equal(*calls, want) {
		t.Errorf("calls %+v, want %+v", *calls, want)
	}
}

func TestCreate_IsPlannedAgainWithoutThePrivateDataOfItsPlan(t *testing.T) {
	t.Parallel()
	process, calls := start(t)
	config := coretest.Values{"name": "a"}
	plan, _, err := process.Plan(t.Context(), nil, config, coretest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	object, _, err := process.Apply(t.Context(), plan, config)
	if err != nil {
		t.Fatal(err)
	}
	first := call{method: "plan", prior: "-", planned: "a", kind: "?"}
	wantCalls(t, calls, first, first, call{method: "create", prior: "-", planned: "a"})
	if object.String("id") != "id of a" || object.String("kind") != "plain" || object.Tainted {
		t.Errorf("object %s", object.Value)
	}
}

func TestPlan_UnchangedObject_IsANoOpThatAppliesNothing(t *testing.T) {
	t.Parallel()
	process, calls, object := created(t, "a")
	config := coretest.Values{"name": "a"}
	plan, diags, err := process.Plan(t.Context(), object, config, coretest.Options{})
	if err != nil || len(diags) > 0 || plan.Action != coretest.NoOp {
		t.Fatal(plan.Action, diags, err)
	}
	same, _, err := process.Apply(t.Context(), plan, config)
	if err != nil || same != object {
		t.Errorf("%v, %v", same, err)
	}
	// Core proposes the prior value of a computed attribute that is not configured.
	wantCalls(t, calls, call{method: "plan", prior: "a", planned: "a", kind: "plain", private: `"by create"`})
}

func TestUpdate_IsPlannedTwice(t *testing.T) {
	t.Parallel()
	process, calls, object := created(t, "a")
	config := coretest.Values{"name": "a", "kind": "fancy", "limits": coretest.Values{"most": 3}}
	plan, _, err := process.Plan(t.Context(), object, config, coretest.Options{})
	if err != nil || plan.Action != coretest.Update {
		t.Fatal(plan.Action, err)
	}
	updated, diags, err := process.Apply(t.Context(), plan, config)
	if err != nil || diags.HasError() || updated.String("kind") != "fancy" || updated.String("id") != "id of a" {
		t.Fatal(updated, diags, err)
	}
	planned := call{method: "plan", prior: "a", planned: "a", kind: "fancy", private: `"by create"`}
	wantCalls(t, calls, planned, planned, call{method: "update", prior: "a", planned: "a"})
}

func TestReplace_SecondPlanHasThePrivateDataButNoPriorState(t *testing.T) {
	t.Parallel()
	process, calls, object := created(t, "a")
	config := coretest.Values{"name": "b"}
	plan, _, err := process.Plan(t.Context(), object, config, coretest.Options{})
	if err != nil || plan.Action != coretest.Replace {
		t.Fatal(plan.Action, err)
	}
	// kind is not configured, so a change makes it unknown.
	wantCalls(t, calls,
		call{method: "plan", prior: "a", planned: "b", kind: "?", private: `"by create"`},
		call{method: "plan", prior: "-", planned: "b", kind: "?", private: `"by create"`})
	*calls = nil

	replaced, diags, err := process.Apply(t.Context(), plan, config)

	if err != nil || diags.HasError() || replaced.String("id") != "id of b" {
		t.Fatal(replaced, diags, err)
	}
	wantCalls(t, calls,
		call{method: "delete", prior: "a", planned: "-", private: `"by a plan"`},
		call{method: "plan", prior: "-", planned: "b", kind: "?"},
		call{method: "create", prior: "-", planned: "b"})
}

func TestReplace_ByOption_IsFirstPlannedAsANoOp(t *testing.T) {
	t.Parallel()
	process, calls, object := created(t, "a")
	plan, _, err := process.Plan(t.Context(), object, coretest.Values{"name": "a"}, coretest.Options{Replace: true})
	if err != nil || plan.Action != coretest.Replace {
		t.Fatal(plan.Action, err)
	}
	wantCalls(t, calls,
		call{method: "plan", prior: "a", planned: "a", kind: "plain", private: `"by create"`},
		call{method: "plan", prior: "-", planned: "a", kind: "?", private: `"by create"`})
}

func TestTaint_IsPlannedWithoutPriorStateAndPrivateData(t *testing.T) {
	t.Parallel()
	process, calls, object := created(t, "a")
	object.Tainted = true
	config := coretest.Values{"name": "a"}
	plan, _, err := process.Plan(t.Context(), object, config, coretest.Options{})
	if err != nil || plan.Action != coretest.Replace {
		t.Fatal(plan.Action, err)
	}
	if _, _, err := process.Apply(t.Context(), plan, config); err != nil {
		t.Fatal(err)
	}
	asFirst := call{method: "plan", prior: "-", planned: "a", kind: "?"}
	wantCalls(t, calls,
		asFirst,
		call{method: "delete", prior: "a", planned: "-", private: `"by a plan"`},
		asFirst,
		call{method: "create", prior: "-", planned: "a"})
}

func TestReplace_FailedDelete_KeepsTheObjectAndStops(t *testing.T) {
	t.Parallel()
	process, calls, object := created(t, failsDelete)
	object.Tainted = true
	config := coretest.Values{"name": failsDelete}
	plan, _, err := process.Plan(t.Context(), object, config, coretest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	kept, diags, err := process.Apply(t.Context(), plan, config)
	if err != nil || !diags.HasError() || kept == nil || !kept.Tainted || !kept.Value.Equal(object.Value) {
		t.Errorf("%v, %v\n%s", kept, err, diags)
	}
	if last := (*calls)[len(*calls)-1]; last.method != "delete" {
		t.Errorf("after the failed delete: %+v", last)
	}
}

func TestDestroy_PrivateDataOfItsPlanReachesTheDelete(t *testing.T) {
	t.Parallel()
	process, calls, object := created(t, "a")
	plan, _, err := process.Plan(t.Context(), object, nil, coretest.Options{})
	if err != nil || plan.Action != coretest.Destroy {
		t.Fatal(plan.Action, err)
	}
	left, diags, err := process.Apply(t.Context(), plan, nil)
	if err != nil || diags.HasError() || left != nil {
		t.Errorf("%v, %v\n%s", left, err, diags)
	}
	wantCalls(t, calls,
		call{method: "plan", prior: "a", planned: "-", private: `"by create"`},
		call{method: "delete", prior: "a", planned: "-", private: `"by the plan of a destroy"`})
	if plan, _, err := process.Plan(t.Context(), nil, nil, coretest.Options{}); err != nil || plan.Action != coretest.NoOp {
		t.Errorf("destroying nothing: %s, %v", plan.Action, err)
	}
}

func TestPlan_VanishedObject_IsCreatedWithItsPrivateData(t *testing.T) {
	t.Parallel()
	process, calls, object := created(t, vanished)
	refreshed, diags, err := process.Refresh(t.Context(), object)
	if err != nil || refreshed != nil || diags.HasError() {
		t.Fatal(refreshed, diags, err)
	}
	plan, _, err := process.Plan(t.Context(), nil, coretest.Values{"name": vanished}, coretest.Options{Vanished: object.Private})
	if err != nil || plan.Action != coretest.Create {
		t.Fatal(plan.Action, err)
	}
	wantCalls(t, calls,
		call{method: "read", prior: vanished, planned: "-"},
		call{method: "plan", prior: "-", planned: vanished, kind: "?", private: `"by create"`})
}

func TestRefresh_KeepsTheTaint(t *testing.T) {
	t.Parallel()
	process, _, object := created(t, "a")
	object.Tainted = true
	if refreshed, _, err := process.Refresh(t.Context(), object); err != nil || !refreshed.Tainted {
		t.Errorf("%v, %v", refreshed, err)
	}
}

func TestCreate_Failed_IsTaintedOnlyIfItLeftAnObject(t *testing.T) {
	t.Parallel()
	for name, tainted := range map[string]bool{halfCreated: true, failsCreate: false} {
		process, _ := start(t)
		config := coretest.Values{"name": name}
		plan, _, err := process.Plan(t.Context(), nil, config, coretest.Options{})
		if err != nil {
			t.Fatal(err)
		}
		object, diags, err := process.Apply(t.Context(), plan, config)
		if err != nil || !diags.HasError() {
			t.Fatalf("%s: %v\n%s", name, err, diags)
		}
		if (object != nil) != tainted || object != nil && !object.Tainted {
			t.Errorf("%s: object %v, want a tainted one: %t", name, object, tainted)
		}
	}
}

func TestUpdate_ThatBecomesAReplacement_IsAnInconsistentPlan(t *testing.T) {
	t.Parallel()
	process, calls, object := created(t, "a")
	plan, _, err := process.Plan(t.Context(), object, coretest.Values{"name": "a", "kind": "fancy"}, coretest.Options{})
	if err != nil || plan.Action != coretest.Update {
		t.Fatal(plan.Action, err)
	}
	*calls = nil
	kept, _, err := process.Apply(t.Context(), plan, coretest.Values{"name": "b", "kind": "fancy"})
	if err == nil || kept != object {
		t.Errorf("%v, %v", kept, err)
	}
	if len(*calls) != 1 {
		t.Errorf("calls %+v, want only the plan", *calls)
	}
}

func TestReplace_DropsTheWarningsOfItsSecondPlan(t *testing.T) {
	t.Parallel()
	process, _, object := created(t, "a")
	plan, diags, err := process.Plan(t.Context(), object, coretest.Values{"name": warns}, coretest.Options{})
	if err != nil || plan.Action != coretest.Replace || len(diags) > 0 {
		t.Errorf("%s, %v\n%s", plan.Action, err, diags)
	}
	_, diags, err = process.Plan(t.Context(), nil, coretest.Values{"name": warns}, coretest.Options{})
	if err != nil || len(diags.Warnings()) != 1 || diags.HasError() {
		t.Errorf("a create: %v\n%s", err, diags)
	}
}

func TestReplace_ReturnsTheErrorsOfItsSecondPlan(t *testing.T) {
	t.Parallel()
	process, _, object := created(t, "a")
	_, diags, err := process.Plan(t.Context(), object, coretest.Values{"name": refused}, coretest.Options{})
	if err != nil || len(diags.Errors()) != 1 || !strings.Contains(diags.String(), `[AttributeName("name")] Refused`) {
		t.Errorf("%v\n%s", err, diags)
	}
}

func TestApply_StopsAtTheErrorOfItsOwnPlan(t *testing.T) {
	t.Parallel()
	process, calls := start(t)
	plan, _, err := process.Plan(t.Context(), nil, coretest.Values{"name": "a"}, coretest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	object, diags, err := process.Apply(t.Context(), plan, coretest.Values{"name": refused})
	if err != nil || object != nil || !diags.HasError() {
		t.Errorf("%v, %v\n%s", object, err, diags)
	}
	if last := (*calls)[len(*calls)-1]; last.method != "plan" {
		t.Errorf("after the refusal: %+v", last)
	}
}

func TestImport_ReadsTheObject(t *testing.T) {
	t.Parallel()
	process, calls := start(t)
	object, diags, err := process.Import(t.Context(), "a")
	if err != nil || diags.HasError() || object.String("name") != "a" || object.String("id") != "" {
		t.Errorf("%v, %v\n%s", object, err, diags)
	}
	wantCalls(t, calls, call{method: "read", prior: "a", planned: "-"})
	if object, diags, err = process.Import(t.Context(), ""); err != nil || object != nil || !diags.HasError() {
		t.Errorf("%v, %v\n%s", object, err, diags)
	}
}

func TestValues_WithAMistake_AreAnError(t *testing.T) {
	t.Parallel()
	process, _ := start(t)
	for name, config := range map[string]coretest.Values{
		"NoSuchAttribute": {"name": "a", "color": "red"}, "WrongType": {"name": 3}, "NoObject": {"name": coretest.Values{}}, "NoSuchNested": {"name": "a", "limits": coretest.Values{"least": 1}},
	} {
		if _, err := process.Validate(t.Context(), config); err == nil {
			t.Errorf("%s is accepted", name)
		}
		if _, _, err := process.Plan(t.Context(), nil, config, coretest.Options{}); err == nil {
			t.Errorf("%s is planned", name)
		}
	}
	newProvider := func() provider.Provider { return things{&[]call{}} }
	if _, _, err := coretest.Start(t.Context(), newProvider, "test_other", coretest.Values{}); err == nil {
		t.Error("a resource that does not exist is started")
	}
	if _, _, err := coretest.Start(t.Context(), newProvider, "test_thing", coretest.Values{"zone": "z"}); err == nil {
		t.Error("an argument of the provider that does not exist is accepted")
	}
}

func TestStart_ReturnsErrorsOfTheConfigurationAsDiagnostics(t *testing.T) {
	t.Parallel()
	_, diags, err := coretest.Start(t.Context(), func() provider.Provider { return things{&[]call{}} }, "test_thing", coretest.Values{})
	if err != nil || len(diags.Errors()) != 1 || !strings.Contains(diags.String(), `ERROR: [AttributeName("region")] Missing region`) {
		t.Errorf("%v\n%s", err, diags)
	}
}

func TestPlan_SendsUnknownValues(t *testing.T) {
	t.Parallel()
	process, calls := start(t)
	if _, _, err := process.Plan(t.Context(), nil, coretest.Values{"name": "a", "kind": coretest.Unknown{}}, coretest.Options{}); err != nil {
		t.Fatal(err)
	}
	wantCalls(t, calls, call{method: "plan", prior: "-", planned: "a", kind: "?"})
}

func TestString_OfAnotherTypeOrNoObject_IsEmpty(t *testing.T) {
	t.Parallel()
	_, _, object := created(t, "a")
	for _, name := range []string{"limits", "no such attribute"} {
		if got := object.String(name); got != "" {
			t.Errorf("%s: %q", name, got)
		}
	}
	if got := (*coretest.Object)(nil).String("name"); got != "" {
		t.Errorf("no object has the name %q", got)
	}
}
