package occupancyorder_test

import (
	"encoding/json"
	"maps"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
)

// privateOf returns the private data of an object by key, as JSON.
func privateOf(t testing.TB, object *coretest.Object) map[string]string {
	t.Helper()
	encoded := map[string][]byte{}
	if len(object.Private) > 0 {
		if err := json.Unmarshal(object.Private, &encoded); err != nil {
			t.Fatal(err)
		}
	}
	private := map[string]string{}
	for key, value := range encoded {
		private[key] = string(value)
	}
	return private
}

// withPrivate returns the object with another value in its private data.
func withPrivate(t testing.TB, object *coretest.Object, key, value string) *coretest.Object {
	t.Helper()
	encoded := map[string][]byte{}
	for name, old := range privateOf(t, object) {
		encoded[name] = []byte(old)
	}
	encoded[key] = []byte(value)
	changed := *object
	var err error
	if changed.Private, err = json.Marshal(encoded); err != nil {
		t.Fatal(err)
	}
	return &changed
}

// withValue returns the object with another value of an attribute in the state.
func withValue(t testing.TB, object *coretest.Object, name string, value any) *coretest.Object {
	t.Helper()
	var attributes map[string]tftypes.Value
	if err := object.Value.As(&attributes); err != nil {
		t.Fatal(err)
	}
	attributes = maps.Clone(attributes)
	attributes[name] = tftypes.NewValue(attributes[name].Type(), value)
	changed := *object
	changed.Value = tftypes.NewValue(object.Value.Type(), attributes)
	return &changed
}

// replacementAction is the planned action with which Delete recognizes the first half of a
// replacement that no plan showed.
const replacementAction = `"create"`

func TestPlannedAction_OfARefusedReplacement_IsCleared(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := placed(t, emulator.Quirks{EnableDelay: time.Hour})
		h.Object.Tainted = true
		plan, diags, err := h.startUnrecorded(t).Plan(t.Context(), h.Object, paid(), coretest.Options{})
		if err != nil || diags.HasError() {
			t.Fatal(err, diags)
		}
		kept, diags, err := h.start(t).Apply(t.Context(), plan, paid())
		if err != nil || kept == nil || !diags.HasError() {
			t.Fatal(err, diags)
		}
		if private := privateOf(t, kept); private["mark"] == replacementAction {
			t.Errorf("the planned action is still there: a destroy without a new plan fails: %s", private)
		}
		kept.Tainted = false
		h.Object = kept
		if diags := h.Apply(nil); diags.HasError() || h.Object != nil {
			t.Errorf("a destroy after untaint is refused:\n%s", diags)
		}
		h.wantOrders(1, 1)
	})
}

func TestPlannedAction_OfAnOlderPlan_IsCleared(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := placed(t, emulator.Quirks{EnableDelay: time.Hour})
		h.Object = withPrivate(t, h.Object, "mark", replacementAction)
		h.MustApply(paid("timeouts", coretest.Values{"create": "5m"}))
		if private := privateOf(t, h.Object); private["mark"] == replacementAction || private["order"] == "" {
			t.Errorf("private data %s", private)
		}
		h.wantOrders(1, 1)
	})
}

func TestPlannedAction_OfADestroy_ReplacesAnOlderOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := placed(t, emulator.Quirks{EnableDelay: time.Hour})
		h.Object = withPrivate(t, h.Object, "mark", replacementAction)
		if diags := h.Apply(nil); diags.HasError() || h.Object != nil {
			t.Errorf("the destroy is refused:\n%s", diags)
		}
		h.wantOrders(1, 1)
	})
}

func TestRecord_Damaged_IsAnError(t *testing.T) {
	t.Parallel()
	for name, damaged := range map[string]string{"NoObject": `3`, "AnotherType": `{"region_id":7}`, "List": `[]`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := placed(t, emulator.Quirks{EnableDelay: time.Hour})
				object := withPrivate(t, h.Object, "order", damaged)
				for _, options := range []coretest.Options{{}, {Replace: true}} {
					_, diags, err := h.start(t).Plan(t.Context(), object, paid(), options)
					if err != nil {
						t.Fatal(err)
					}
					messagetest.WantError(t, diags.Errors(), "", message.RecordDamaged)
				}
				_, diags, err := h.start(t).Plan(t.Context(), nil, paid(), coretest.Options{Vanished: object.Private})
				if err != nil {
					t.Fatal(err)
				}
				messagetest.WantError(t, diags.Errors(), "", message.RecordDamaged)
				_, diags, err = h.start(t).Refresh(t.Context(), object)
				if err != nil {
					t.Fatal(err)
				}
				messagetest.WantError(t, diags.Errors(), "", message.RecordDamaged)
				h.wantOrders(1, 1)
			})
		})
	}
}

func TestPlannedAction_Damaged_DoesNotPreventADestroy(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := placed(t, emulator.Quirks{EnableDelay: time.Hour})
		h.Object = withPrivate(t, h.Object, "mark", `3`)
		if diags := h.Apply(nil); diags.HasError() || h.Object != nil {
			t.Errorf("the destroy is refused:\n%s", diags)
		}
	})
}

func TestRecord_NotJSON_IsAnErrorAndOrdersNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := placed(t, emulator.Quirks{EnableDelay: time.Hour})
		object := withPrivate(t, h.Object, "order", `{"region_id":`)
		for _, options := range []coretest.Options{{}, {Replace: true}} {
			if _, diags, err := h.start(t).Plan(t.Context(), object, paid(), options); err != nil || !diags.HasError() {
				t.Errorf("the plan goes on: %v\n%s", err, diags)
			}
		}
		if _, diags, err := h.start(t).Refresh(t.Context(), object); err != nil || !diags.HasError() {
			t.Errorf("the refresh goes on: %v\n%s", err, diags)
		}
		h.wantOrders(1, 1)
	})
}
