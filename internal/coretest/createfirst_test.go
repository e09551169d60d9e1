package coretest_test

import (
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
)

// createFirst means create_before_destroy.
var createFirst = coretest.Options{CreateBeforeDestroy: true}

// replaced plans and applies a replacement that creates first.
func replaced(t *testing.T, process *coretest.Process, object *coretest.Object, name string) (*coretest.Object, coretest.Diagnostics) {
	t.Helper()
	config := coretest.Values{"name": name}
	plan, diags, err := process.Plan(t.Context(), object, config, createFirst)
	if err != nil || diags.HasError() || plan.Action != coretest.Replace {
		t.Fatal(plan.Action, diags, err)
	}
	left, diags, err := process.Apply(t.Context(), plan, config)
	if err != nil {
		t.Fatal(err)
	}
	return left, diags
}

func TestCreateBeforeDestroy_PlansTheDestroyAfterTheCreate(t *testing.T) {
	t.Parallel()
	process, calls, object := created(t, "a")
	left, diags := replaced(t, process, object, "b")
	if diags.HasError() || left.String("id") != "id of b" || left.Tainted || left.Deposed != nil {
		t.Errorf("%+v\n%s", left, diags)
	}
	wantCalls(t, calls,
		call{method: "plan", prior: "a", planned: "b", kind: "?", private: `"by create"`},
		call{method: "plan", prior: "-", planned: "b", kind: "?", private: `"by create"`},
		call{method: "plan", prior: "-", planned: "b", kind: "?"},
		call{method: "create", prior: "-", planned: "b"},
		call{method: "plan", prior: "a", planned: "-", private: `"by create"`},
		call{method: "delete", prior: "a", planned: "-", private: `"by the plan of a destroy"`})
}

func TestCreateBeforeDestroy_TaintedObject_IsPlannedWithoutPriorStateUntilTheNewOneExists(t *testing.T) {
	t.Parallel()
	process, calls, object := created(t, "a")
	object.Tainted = true
	left, diags := replaced(t, process, object, "a")
	if diags.HasError() || left.Tainted || left.Deposed != nil {
		t.Errorf("%+v\n%s", left, diags)
	}
	asFirst := call{method: "plan", prior: "-", planned: "a", kind: "?"}
	wantCalls(t, calls,
		asFirst,
		asFirst,
		call{method: "create", prior: "-", planned: "a"},
		call{method: "plan", prior: "a", planned: "-", private: `"by create"`},
		call{method: "delete", prior: "a", planned: "-", private: `"by the plan of a destroy"`})
}

func TestCreateBeforeDestroy_FailedCreate_KeepsTheOldObject(t *testing.T) {
	t.Parallel()
	for _, name := range []string{failsCreate, refused} {
		process, calls, object := created(t, "a")
		plan, _, err := process.Plan(t.Context(), object, coretest.Values{"name": "b"}, createFirst)
		if err != nil {
			t.Fatal(err)
		}
		left, diags, err := process.Apply(t.Context(), plan, coretest.Values{"name": name})
		if err != nil || !diags.HasError() || left != object || left.Tainted {
			t.Errorf("%s: %v, %v\n%s", name, left, err, diags)
		}
		for _, made := range *calls {
			if made.method == "delete" {
				t.Errorf("%s: the old object is deleted", name)
			}
		}
	}
}

func TestCreateBeforeDestroy_Unfinished_LeavesTheOldObjectDeposed(t *testing.T) {
	t.Parallel()
	process, calls, object := created(t, "a")
	left, diags := replaced(t, process, object, halfCreated)
	if !diags.HasError() || !left.Tainted || left.Deposed != object {
		t.Errorf("incomplete create: %+v\n%s", left, diags)
	}
	if last := (*calls)[len(*calls)-1]; last.method != "create" {
		t.Errorf("after the create that failed: %+v", last)
	}

	process, _, object = created(t, failsDelete)
	left, diags = replaced(t, process, object, "b")
	if !diags.HasError() || left.Tainted || left.String("id") != "id of b" || left.Deposed.String("name") != failsDelete {
		t.Errorf("not deleted: %+v\n%s", left, diags)
	}
}
