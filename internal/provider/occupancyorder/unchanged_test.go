package occupancyorder_test

import (
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/occupancyorder"
)

// planRequest is a request for the plan of an order in the state.
type planRequest struct {
	object *coretest.Object
	config map[string]tftypes.Value
	// changed are the values of the proposed state that differ from the state.
	changed map[string]any
}

// set sets an attribute in the state.
func (r *planRequest) set(t testing.TB, name string, value any) {
	t.Helper()
	r.object = withValue(t, r.object, name, value)
}

// configure sets an attribute in the configuration.
func (r *planRequest) configure(name string, value any) {
	r.config[name] = tftypes.NewValue(r.config[name].Type(), value)
}

func (r *planRequest) private(t testing.TB, key, value string) {
	t.Helper()
	r.object = withPrivate(t, r.object, key, value)
}

func (r *planRequest) build(t testing.TB) *tfprotov6.PlanResourceChangeRequest {
	t.Helper()
	proposed, of := r.object, r.object.Value.Type()
	for name, value := range r.changed {
		proposed = withValue(t, proposed, name, value)
	}
	encode := func(value tftypes.Value) *tfprotov6.DynamicValue {
		encoded, err := tfprotov6.NewDynamicValue(of, value)
		if err != nil {
			t.Fatal(err)
		}
		return &encoded
	}
	return &tfprotov6.PlanResourceChangeRequest{
		TypeName: occupancyorder.TypeName, PriorState: encode(r.object.Value), ProposedNewState: encode(proposed.Value),
		Config: encode(tftypes.NewValue(of, r.config)), PriorPrivate: r.object.Private, PriorIdentity: r.object.Identity,
	}
}

// short are changes of a request that the provider plans itself.
var short = map[string]func(t testing.TB, r *planRequest){
	"nothing":                        func(testing.TB, *planRequest) {},
	"Terraform before 1.12":          func(_ testing.TB, r *planRequest) { r.object.Identity = nil },
	"another planned action":         func(t testing.TB, r *planRequest) { r.private(t, "mark", `"destroy"`) },
	"a key of a later release":       func(t testing.TB, r *planRequest) { r.private(t, "later", `1`) },
	"a default that is set":          func(_ testing.TB, r *planRequest) { r.configure("pricing_cycle", "Month") },
	"a region that is set":           func(_ testing.TB, r *planRequest) { r.configure("region_id", acctest.Region) },
	"a refreshed value":              func(t testing.TB, r *planRequest) { r.set(t, "end_time", "2030-01-01T00:00:00Z") },
	"a value other than the default": func(t testing.TB, r *planRequest) { r.configure("auto_renew", true); r.set(t, "auto_renew", true) },
	"an optional value":              func(t testing.TB, r *planRequest) { r.configure("max_price", "9"); r.set(t, "max_price", "9") },
}

// long are changes of a request that the framework has to plan.
var long = map[string]func(t testing.TB, r *planRequest){
	"no record":              func(_ testing.TB, r *planRequest) { r.object.Private = nil },
	"a damaged record":       func(t testing.TB, r *planRequest) { r.private(t, "order", `{`) },
	"a record of null":       func(t testing.TB, r *planRequest) { r.private(t, "order", `null`) },
	"the record of another":  func(t testing.TB, r *planRequest) { r.set(t, "physical_connection_id", "pc-other") },
	"a damaged other key":    func(t testing.TB, r *planRequest) { r.private(t, "later", `{`) },
	"another key not UTF-8":  func(t testing.TB, r *planRequest) { r.private(t, "later", "\"\xff\"") },
	"an empty other key":     func(t testing.TB, r *planRequest) { r.private(t, "later", "") },
	"a default that differs": func(t testing.TB, r *planRequest) { r.set(t, "auto_renew", true) },
	"a changed value": func(_ testing.TB, r *planRequest) {
		r.configure("max_price", "9")
		r.changed = map[string]any{"max_price": "9"}
	},
	"an unknown value": func(_ testing.TB, r *planRequest) {
		r.configure("max_price", tftypes.UnknownValue)
		r.changed = map[string]any{"max_price": tftypes.UnknownValue}
	},
}

// settled returns a request for the plan of a paid order that does not change, and the
// framework's server.
func settled(t *testing.T) (*planRequest, tfprotov6.ProviderServer) {
	t.Helper()
	h := newHistory(t, emulator.Quirks{})
	h.MustApply(paid())
	framework := providerserver.NewProtocol6(h.client())()
	h.startServer(t, framework)
	r := &planRequest{object: h.Object, config: map[string]tftypes.Value{}}
	var state map[string]tftypes.Value
	if err := h.Object.Value.As(&state); err != nil {
		t.Fatal(err)
	}
	for name, value := range state {
		r.config[name] = tftypes.NewValue(value.Type(), nil)
	}
	for _, name := range []string{"physical_connection_id", "period", "auto_pay"} {
		r.config[name] = state[name]
	}
	return r, framework
}

// plannedBy returns the plan of the framework, which must have no diagnostics.
func plannedBy(t *testing.T, framework tfprotov6.ProviderServer, request *tfprotov6.PlanResourceChangeRequest) *tfprotov6.PlanResourceChangeResponse {
	t.Helper()
	planned, err := framework.PlanResourceChange(t.Context(), request)
	if err != nil || len(planned.Diagnostics) > 0 {
		t.Fatal(err, coretest.Diagnostics(planned.Diagnostics))
	}
	return planned
}

func TestPlanUnchanged_IsThePlanOfTheFramework(t *testing.T) {
	t.Parallel()
	for name, change := range short {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, framework := settled(t)
			change(t, r)
			planned := occupancyorder.PlanUnchanged(r.build(t))
			if planned == nil {
				t.Fatal("the framework has to plan it")
			}
			if want := plannedBy(t, framework, r.build(t)); !reflect.DeepEqual(planned, want) {
				t.Errorf("planned\n%+v\nwant\n%+v", planned, want)
			}
		})
	}
}

func TestPlanUnchanged_OrderThatMayChange_IsLeftToTheFramework(t *testing.T) {
	t.Parallel()
	for name, change := range long {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, _ := settled(t)
			change(t, r)
			if occupancyorder.PlanUnchanged(r.build(t)) != nil {
				t.Error("planned without the framework")
			}
		})
	}
	t.Run("another resource", func(t *testing.T) {
		t.Parallel()
		r, _ := settled(t)
		request := r.build(t)
		request.TypeName = "expressconnect_other"
		if occupancyorder.PlanUnchanged(request) != nil {
			t.Error("planned as an order")
		}
	})
}
