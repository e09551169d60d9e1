package occupancyorder_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/occupancyorder"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
)

// FuzzImportID checks that an import ID that is accepted is the ID of the imported order,
// and that a refusal shows the form of an import ID and the refused one.
func FuzzImportID(f *testing.F) {
	for _, seed := range []string{
		importID, "cn-hangzhou/" + circuitID, "cn-hangzhou/pc-1/50187055895123/", "/pc-1/5", "cn-hangzhou//5", "cn-hangzhou/pc-1/", "CN-HANGZHOU/pc-1/5",
		circuitID, "50187055895123", "cn-hangzhou/pc-1/order", " cn-hangzhou/pc-1/5", "cn-hangzhou/pc-1/5\n", "cn-hangzhou:pc-1:5", "a/b/c/d", "/", "\xff/\x00/é",
	} {
		f.Add(seed)
	}
	server, err := coretest.Serve(provider.New("test"))
	if err != nil {
		f.Fatal(err)
	}
	schemas, err := server.GetProviderSchema(f.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		f.Fatal(err)
	}
	order := schemas.ResourceSchemas[occupancyorder.TypeName].ValueType()
	form := regexp.MustCompile(`\A[0-9a-z-]+/pc-[0-9A-Za-z_-]+(/[0-9A-Za-z-]*[0-9][0-9A-Za-z-]*)?\z`)
	f.Fuzz(func(t *testing.T, id string) {
		if id == "" {
			t.Skip("an import by identity")
		}
		resp, err := server.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: occupancyorder.TypeName, ID: id})
		if err != nil {
			t.Fatal(err)
		}
		diags := coretest.Diagnostics(resp.Diagnostics)
		refused := messagetest.Has(diags, message.WrongImportID)
		if refused != (!form.MatchString(id) || tooLong(id)) {
			t.Errorf("%q: %s", id, diags)
		}
		if refused && (!strings.Contains(diags.String(), "<region_id>/<physical_connection_id>/<order_id>") || !strings.Contains(diags.String(), fmt.Sprintf("%q", id))) {
			t.Errorf("%q: %s", id, diags)
		}
		if !diags.HasError() {
			if got := importedID(t, order, resp.ImportedResources); got != id {
				t.Errorf("%q is imported as %q", id, got)
			}
		}
	})
}

func tooLong(id string) bool {
	region, rest, _ := strings.Cut(id, "/")
	circuit, _, _ := strings.Cut(rest, "/")
	return len(region) > 64 || len(circuit) > 64
}

// importedID returns the import ID of an imported order, from its state.
func importedID(t *testing.T, order tftypes.Type, imported []*tfprotov6.ImportedResource) string {
	t.Helper()
	if len(imported) != 1 {
		t.Fatalf("%d objects", len(imported))
	}
	state, err := imported[0].State.Unmarshal(order)
	if err != nil {
		t.Fatal(err)
	}
	object := coretest.Object{Value: state}
	if object.String("id") != object.String("order_id") {
		t.Errorf("id %q, order_id %q", object.String("id"), object.String("order_id"))
	}
	return object.String("region_id") + "/" + object.String("physical_connection_id") + "/" + object.String("order_id")
}

// FuzzRecordState checks that an order of the state is remembered for its circuit, and that
// a state of any other form is ignored.
func FuzzRecordState(f *testing.F) {
	for _, seed := range []string{
		`{"region_id":"cn-hangzhou","physical_connection_id":"pc-1","order_id":"5","client_token":"t","request_id":"R"}`, `{"region_id":"cn-hangzhou","order_id":"5"}`,
		`{"region_id":"a","physical_connection_id":"b","order_id":"c","client_token":null,"request_id":null}`, `{"order_id":5}`, `{"region_id":null}`, `null`, `[]`, ``, `{`,
	} {
		f.Add([]byte(seed), false)
		f.Add([]byte(seed), true)
	}
	f.Fuzz(func(t *testing.T, state []byte, planned bool) {
		var object struct {
			Region  string `json:"region_id"`
			Circuit string `json:"physical_connection_id"`
			Order   string `json:"order_id"`
		}
		valid := json.Valid(state) && json.Unmarshal(state, &object) == nil && object.Region != "" && object.Circuit != "" && object.Order != ""
		key := circuit.Key{Region: object.Region, CircuitID: object.Circuit}
		services := &shared.Services{Registry: &order.RunRegistry{}}
		if planned {
			services.Registry.RecordPlan(key, "")
			services.Registry.FinishPlan(key, false)
		}
		conflict := occupancyorder.RecordState(services, state)
		remembered := services.Registry.ExistingOrder(key)
		if remembered != "" && remembered != object.Order || (conflict != nil) != (planned && remembered != "") {
			t.Errorf("%q: order %q, conflict %v", state, remembered, conflict)
		}
		if !valid && (remembered != "" || conflict != nil) {
			t.Errorf("%q is remembered as %q", state, remembered)
		}
	})
}

// FuzzPrivateRecord checks that private data is read as it was written, and that damaged
// data is an error that never leads to an order.
func FuzzPrivateRecord(f *testing.F) {
	for _, seed := range []string{
		`{"region_id":"cn-hangzhou","physical_connection_id":"pc-1","order_id":"5","client_token":"t","origin":"placed"}`, `{"origin":"adopted","later":1}`, `null`, `{}`,
		`{"order_id":5}`, `{"term_end":"yesterday"}`, `"text"`, `{`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		record, diags := occupancyorder.ReadRecord(t.Context(), data)
		if diags.HasError() {
			if d := diags[0]; len(diags) != 1 || !message.RecordDamaged.Matches(d.Summary()) || !strings.Contains(d.Detail(), "Nothing was ordered") {
				t.Errorf("%q: %v", data, diags)
			}
			return
		}
		if record == nil {
			return
		}
		written, diags := occupancyorder.WriteRecord(t.Context(), *record)
		again, more := occupancyorder.ReadRecord(t.Context(), written)
		if diags.HasError() || more.HasError() || again == nil || again.Key() != record.Key() || again.OrderID != record.OrderID || again.Source != record.Source {
			t.Errorf("%q becomes %q: %+v, %v, %v", data, written, again, diags, more)
		}
	})
}

// FuzzPlanUnchanged checks that a plan without the framework is the plan of the framework,
// for any bytes of state, configuration and private state.
func FuzzPlanUnchanged(f *testing.F) {
	framework, order := frameworkServer(f)
	for _, changes := range []map[string]func(testing.TB, *planRequest){short, long} {
		for _, change := range changes {
			r := madeUpRequest(order)
			change(f, r)
			request := r.build(f)
			f.Add(request.PriorState.MsgPack, request.ProposedNewState.MsgPack, request.Config.MsgPack, request.PriorPrivate)
			f.Add(request.PriorState.MsgPack, []byte(nil), request.Config.MsgPack, request.PriorPrivate)
		}
	}
	f.Fuzz(func(t *testing.T, state, proposed, config, private []byte) {
		if len(proposed) == 0 {
			proposed = state // Most plans change nothing.
		}
		if !isDecodable(order, state) || !isDecodable(order, config) {
			t.Skip("a value that plugin-go cannot decode")
		}
		request := madeUpRequest(order).build(t)
		request.PriorState.MsgPack, request.ProposedNewState.MsgPack, request.Config.MsgPack, request.PriorPrivate = state, proposed, config, private
		expectPlanOfFramework(t, framework, order, request)
	})
}

// FuzzPlanUnchangedPrivate does the same with a private state that has a key for each value.
func FuzzPlanUnchangedPrivate(f *testing.F) {
	framework, order := frameworkServer(f)
	for _, value := range []string{`null`, `"moved"`, `{`, ``, "\"\xff\"", ` 1 `} {
		for _, key := range []string{"mark", "later", ".import_before_read", "order", ""} {
			f.Add([]byte(madeUpRecord), key, []byte(value))
		}
	}
	f.Add([]byte(strings.Replace(madeUpRecord, "pc-1", "pc-2", 1)), "mark", []byte(`""`))
	f.Add([]byte(strings.ToUpper(madeUpRecord)), "mark", []byte(`""`))
	f.Fuzz(func(t *testing.T, record []byte, key string, value []byte) {
		private, err := json.Marshal(map[string][]byte{"order": record, key: value})
		if err != nil {
			t.Fatal(err)
		}
		request := madeUpRequest(order).build(t)
		request.PriorPrivate = private
		expectPlanOfFramework(t, framework, order, request)
	})
}

// frameworkServer returns the framework's server of a provider without a configuration, and
// the type of an order.
func frameworkServer(f *testing.F) (tfprotov6.ProviderServer, tftypes.Object) {
	f.Helper()
	framework := providerserver.NewProtocol6(provider.New("test")())()
	schemas, err := framework.GetProviderSchema(f.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		f.Fatal(err)
	}
	order, ok := schemas.ResourceSchemas[occupancyorder.TypeName].ValueType().(tftypes.Object)
	if !ok {
		f.Fatal("an order is no object")
	}
	return framework, order
}

const madeUpRecord = `{"region_id":"cn-hangzhou","physical_connection_id":"pc-1","order_id":"5","client_token":"t","origin":"placed"}`

// madeUpRequest returns a request for the plan of an order that no provider has placed.
func madeUpRequest(order tftypes.Object) *planRequest {
	given := map[string]any{
		"region_id": "cn-hangzhou", "physical_connection_id": "pc-1", "order_id": "5", "id": "5", "client_token": "t", "period": 3, "pricing_cycle": "Month",
		"auto_pay": true, "auto_renew": false, "instance_charge_type": "PrePaid", "physical_connection_status": "Enabled", "payment_status": "Paid",
	}
	state, config := map[string]tftypes.Value{}, map[string]tftypes.Value{}
	for name, of := range order.AttributeTypes {
		state[name], config[name] = tftypes.NewValue(of, given[name]), tftypes.NewValue(of, nil)
	}
	for _, name := range []string{"physical_connection_id", "period", "auto_pay"} {
		config[name] = state[name]
	}
	private, _ := json.Marshal(map[string][]byte{"order": []byte(madeUpRecord)}) // cannot fail
	return &planRequest{object: &coretest.Object{Value: tftypes.NewValue(order, state), Private: private}, config: config}
}

// isDecodable reports whether plugin-go can decode a value. It panics if a number is NaN,
// and if an attribute is there twice.
func isDecodable(of tftypes.Type, value []byte) (ok bool) {
	defer func() { _ = recover() }()
	_, _ = tfprotov6.DynamicValue{MsgPack: value}.Unmarshal(of)
	return true
}

// expectPlanOfFramework checks that a plan without the framework is the plan of the framework.
func expectPlanOfFramework(t *testing.T, framework tfprotov6.ProviderServer, order tftypes.Type, request *tfprotov6.PlanResourceChangeRequest) {
	t.Helper()
	planned := occupancyorder.PlanUnchanged(request)
	if planned == nil {
		return
	}
	want := plannedBy(t, framework, request)
	if got, want := inOneForm(t, order, planned), inOneForm(t, order, want); !reflect.DeepEqual(got, want) {
		t.Errorf("planned\n%q\n%s\n%+v\nwant\n%q\n%s\n%+v", got.PlannedState.MsgPack, got.PlannedPrivate, got, want.PlannedState.MsgPack, want.PlannedPrivate, want)
	}
}

// inOneForm returns a plan with its state and its private state encoded again.
func inOneForm(t *testing.T, order tftypes.Type, plan *tfprotov6.PlanResourceChangeResponse) tfprotov6.PlanResourceChangeResponse {
	t.Helper()
	state, err := plan.PlannedState.Unmarshal(order)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := tfprotov6.NewDynamicValue(order, state)
	if err != nil {
		t.Fatal(err)
	}
	var private map[string][]byte
	if err := json.Unmarshal(plan.PlannedPrivate, &private); err != nil {
		t.Fatal(err)
	}
	again := *plan
	again.PlannedState = &encoded
	if again.PlannedPrivate, err = json.Marshal(private); err != nil {
		t.Fatal(err)
	}
	return again
}

// FuzzValidate checks that the arguments of an order are refused exactly if the API has no
// such order, also if some of them are unknown, and that the errors are on the right ones.
func FuzzValidate(f *testing.F) {
	for choice := range uint8(3) {
		for _, cycle := range []string{"Month", "Year", "Week", ""} {
			f.Add(choice, int64(9), uint8(2), cycle, uint8(2), true, choice, int64(1), uint8(2), false)
			f.Add(uint8(0), int64(1), choice, cycle, choice, false, uint8(0), int64(0), uint8(0), false)
			f.Add(uint8(2), int64(6), choice, cycle, choice, true, uint8(2), int64(0), choice, true)
			f.Add(uint8(2), int64(10), uint8(2), cycle, choice, false, choice, int64(1)<<31, uint8(2), true)
		}
	}
	process, diags, err := coretest.Start(f.Context(), provider.New("test"), occupancyorder.TypeName, coretest.Values{
		"region": "cn-hangzhou", "access_key": "id", "secret_key": "secret",
	})
	if err != nil || diags.HasError() {
		f.Fatal(err, diags)
	}
	f.Fuzz(func(
		t *testing.T, periodIs uint8, period int64, cycleIs uint8, cycle string, payIs uint8, pay bool,
		durationIs uint8, duration int64, renewIs uint8, renew bool,
	) {
		config := coretest.Values{
			"period": messagetest.Argument(periodIs, period), "pricing_cycle": messagetest.Argument(cycleIs, cycle), "auto_pay": messagetest.Argument(payIs, pay),
			"auto_renew_duration": messagetest.Argument(durationIs, duration), "auto_renew": messagetest.Argument(renewIs, renew),
		}
		given := paid()
		maps.Copy(given, config)
		diags, err := process.Validate(t.Context(), given)
		if err != nil {
			t.Fatal(err)
		}
		termRules.WantValidated(t, config, diags)
	})
}

var termRules = messagetest.Rules{
	Values: map[string][]any{
		"period": {nil, int64(1)}, "pricing_cycle": {nil, order.CycleMonth, order.CycleYear}, "auto_pay": {nil, true}, "auto_renew": {nil, true}, "auto_renew_duration": {nil},
	},
	Valid: func(config coretest.Values) bool {
		cycle, cycleGiven := config["pricing_cycle"].(string)
		if !cycleGiven {
			cycle = order.CycleMonth
		}
		period, periodGiven := config["period"].(int64)
		duration, durationGiven := config["auto_renew_duration"].(int64)
		return slices.Contains(order.CycleNames(), cycle) &&
			(!periodGiven || order.PeriodAllowed(period, cycle)) && (periodGiven || config["auto_pay"] != true) &&
			(!durationGiven || config["auto_renew"] == true && 1 <= duration && duration < 1<<31)
	},
}
