package coretest_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
)

const (
	failsDecode   = "fails its decoding"
	changesDecode = "changes in its decoding"
	warnsDecode   = "warns in its decoding"
)

// watched is a provider with its own server, which records what core decodes.
type watched struct{ things }

func (p watched) ProtocolServer() tfprotov6.ProviderServer {
	return watchedServer{providerserver.NewProtocol6(p.things)(), p.calls}
}

type watchedServer struct {
	tfprotov6.ProviderServer

	calls *[]call
}

func (s watchedServer) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	var state struct{ Name string }
	if err := json.Unmarshal(req.RawState.JSON, &state); err != nil {
		return nil, err
	}
	*s.calls = append(*s.calls, call{method: "decode", prior: state.Name, planned: req.TypeName, private: string(req.RawState.JSON)})
	resp, err := s.ProviderServer.UpgradeResourceState(ctx, req)
	if err != nil {
		return nil, err
	}
	switch state.Name {
	case failsDecode:
		return &tfprotov6.UpgradeResourceStateResponse{Diagnostics: []*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityError, Summary: "Not decoded"}}}, nil
	case warnsDecode:
		resp.Diagnostics = append(resp.Diagnostics, &tfprotov6.Diagnostic{Severity: tfprotov6.DiagnosticSeverityWarning, Summary: "Decoded"})
	case changesDecode:
		changed := json.RawMessage(`{"id":"id of b","name":"b","kind":"old","limits":null}`)
		req = &tfprotov6.UpgradeResourceStateRequest{TypeName: req.TypeName, Version: req.Version, RawState: &tfprotov6.RawState{JSON: changed}}
		return s.ProviderServer.UpgradeResourceState(ctx, req)
	}
	return resp, nil
}

// watch starts a provider that records what core decodes. The object has the name.
func watch(t *testing.T, name string) (*coretest.Process, *[]call, *coretest.Object) {
	t.Helper()
	calls := &[]call{}
	process, diags, err := coretest.Start(t.Context(), func() provider.Provider { return watched{things{calls}} }, "test_thing", coretest.Values{"region": "r"})
	if err != nil || len(diags) > 0 {
		t.Fatal(err, diags)
	}
	_, _, object := created(t, name)
	return process, calls, object
}

// decoded returns the call that decodes an object of the provider.
func decoded(name string) call {
	return call{method: "decode", prior: name, planned: "test_thing", private: `{"id":"id of ` + name + `","kind":"plain","limits":null,"name":"` + name + `"}`}
}

// done plans and applies, and keeps only the calls of the apply.
func done(t *testing.T, process *coretest.Process, calls *[]call, object *coretest.Object, config coretest.Values, options coretest.Options) {
	t.Helper()
	plan, diags, err := process.Plan(t.Context(), object, config, options)
	if err != nil || diags.HasError() {
		t.Fatal(diags, err)
	}
	*calls = nil
	if _, diags, err = process.Apply(t.Context(), plan, config); err != nil || diags.HasError() {
		t.Fatal(diags, err)
	}
}

func TestDecode_ComesFirstInRefreshPlanAndApply(t *testing.T) {
	t.Parallel()
	same, fancy := coretest.Values{"name": "a"}, coretest.Values{"name": "a", "kind": "fancy"}
	for name, test := range map[string]struct {
		act  func(*testing.T, *coretest.Process, *[]call, *coretest.Object)
		then string // the call after the decoding
	}{
		"refresh": {func(t *testing.T, process *coretest.Process, _ *[]call, object *coretest.Object) {
			t.Helper()
			if refreshed, _, err := process.Refresh(t.Context(), object); err != nil || refreshed.String("id") != "id of a" {
				t.Error(refreshed, err)
			}
		}, "read"},
		"plan": {func(t *testing.T, process *coretest.Process, _ *[]call, object *coretest.Object) {
			t.Helper()
			if _, _, err := process.Plan(t.Context(), object, same, coretest.Options{}); err != nil {
				t.Error(err)
			}
		}, "plan"},
		"plan of a tainted object": {func(t *testing.T, process *coretest.Process, _ *[]call, object *coretest.Object) {
			t.Helper()
			object.Tainted = true
			if _, _, err := process.Plan(t.Context(), object, same, coretest.Options{}); err != nil {
				t.Error(err)
			}
		}, "plan"},
		"plan of a destroy": {func(t *testing.T, process *coretest.Process, _ *[]call, object *coretest.Object) {
			t.Helper()
			if _, _, err := process.Plan(t.Context(), object, nil, coretest.Options{}); err != nil {
				t.Error(err)
			}
		}, "plan"},
		"update": {func(t *testing.T, process *coretest.Process, calls *[]call, object *coretest.Object) {
			t.Helper()
			done(t, process, calls, object, fancy, coretest.Options{})
		}, "plan"},
		"replacement": {func(t *testing.T, process *coretest.Process, calls *[]call, object *coretest.Object) {
			t.Helper()
			done(t, process, calls, object, same, coretest.Options{Replace: true})
		}, "delete"},
		"destroy": {func(t *testing.T, process *coretest.Process, calls *[]call, object *coretest.Object) {
			t.Helper()
			done(t, process, calls, object, nil, coretest.Options{})
		}, "delete"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			process, calls, object := watch(t, "a")
			test.act(t, process, calls, object)
			seen := *calls
			if len(seen) < 2 || seen[0] != decoded("a") || seen[1].method != test.then {
				t.Errorf("calls %+v, want %+v and then a %s", seen, decoded("a"), test.then)
			}
			for _, further := range seen[1:] {
				if further.method == "decode" {
					t.Errorf("decoded again: %+v", seen)
				}
			}
		})
	}
}

func TestDecode_SkipsObjectsOutsideTheStateAndNoOps(t *testing.T) {
	t.Parallel()
	process, calls, object := watch(t, "a")
	config := coretest.Values{"name": "b"}
	plan, _, err := process.Plan(t.Context(), nil, config, coretest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err = process.Apply(t.Context(), plan, config); err != nil {
		t.Fatal(err)
	}
	if _, _, err = process.Import(t.Context(), "c"); err != nil {
		t.Fatal(err)
	}
	for _, made := range *calls {
		if made.method == "decode" {
			t.Errorf("decoded: %+v", made)
		}
	}
	done(t, process, calls, object, coretest.Values{"name": "a"}, coretest.Options{}) // A no-op.
	wantCalls(t, calls)
}

func TestDecode_ErrorsStopTheInstanceAndWarningsAreReturned(t *testing.T) {
	t.Parallel()
	config := coretest.Values{"name": failsDecode}
	process, calls, object := watch(t, failsDecode)
	for name, act := range map[string]func() (coretest.Diagnostics, error){
		"refresh": func() (coretest.Diagnostics, error) {
			kept, diags, err := process.Refresh(t.Context(), object)
			if kept != object {
				t.Errorf("the refresh returns %v", kept)
			}
			return diags, err
		},
		"plan": func() (coretest.Diagnostics, error) {
			_, diags, err := process.Plan(t.Context(), object, config, coretest.Options{})
			return diags, err
		},
		"apply": func() (coretest.Diagnostics, error) {
			kept, diags, err := process.Apply(t.Context(), coretest.Plan{Action: coretest.Destroy, Prior: object}, nil)
			if kept != object {
				t.Errorf("the apply returns %v", kept)
			}
			return diags, err
		},
	} {
		*calls = nil
		diags, err := act()
		if err != nil || len(diags.Errors()) != 1 || diags[0].Summary != "Not decoded" {
			t.Errorf("%s: %v\n%s", name, err, diags)
		}
		wantCalls(t, calls, decoded(failsDecode))
	}

	process, _, object = watch(t, warnsDecode)
	if _, diags, err := process.Refresh(t.Context(), object); err != nil || len(diags.Warnings()) != 1 {
		t.Errorf("%v\n%s", err, diags)
	}
	plan, diags, err := process.Plan(t.Context(), object, coretest.Values{"name": warnsDecode, "kind": "fancy"}, coretest.Options{})
	if err != nil || len(diags.Warnings()) != 1 {
		t.Errorf("%v\n%s", err, diags)
	}
	if _, diags, err = process.Apply(t.Context(), plan, coretest.Values{"name": warnsDecode, "kind": "fancy"}); err != nil || len(diags.Warnings()) != 1 {
		t.Errorf("%v\n%s", err, diags)
	}
}

func TestDecode_ChangedObject_IsReadAndPlanned(t *testing.T) {
	t.Parallel()
	process, calls, object := watch(t, changesDecode)
	object.Tainted = true
	refreshed, _, err := process.Refresh(t.Context(), object)
	if err != nil || refreshed.String("name") != "b" || !refreshed.Tainted || object.String("name") != changesDecode {
		t.Errorf("%v, %v", refreshed, err)
	}
	object.Tainted = false
	*calls = nil
	if plan, _, err := process.Plan(t.Context(), object, coretest.Values{"name": "b", "kind": "old"}, coretest.Options{}); err != nil || plan.Action != coretest.NoOp {
		t.Errorf("%s, %v", plan.Action, err)
	}
	wantCalls(t, calls, decoded(changesDecode), call{method: "plan", prior: "b", planned: "b", kind: "old", private: `"by create"`})
}

func TestDecode_UnknownValueInAState_IsAnError(t *testing.T) {
	t.Parallel()
	process, _, object := watch(t, "a")
	broken, err := object.With(nil)
	if err != nil {
		t.Fatal(err)
	}
	broken.Value = tftypes.NewValue(object.Value.Type(), tftypes.UnknownValue)
	if _, _, err := process.Refresh(t.Context(), broken); err == nil {
		t.Error("the unknown value is accepted")
	}
}

func TestPlan_SeveralInstances_AreDecodedEachBeforeItsPlan(t *testing.T) {
	t.Parallel()
	process, calls, first := watch(t, "a")
	_, _, second := created(t, "b")
	for _, object := range []*coretest.Object{first, second} {
		config := coretest.Values{"name": object.String("name")}
		if plan, diags, err := process.Plan(t.Context(), object, config, coretest.Options{}); err != nil || len(diags) > 0 || plan.Action != coretest.NoOp {
			t.Errorf("%s, %v\n%s", plan.Action, err, diags)
		}
	}
	planned := func(name string) call {
		return call{method: "plan", prior: name, planned: name, kind: "plain", private: `"by create"`}
	}
	wantCalls(t, calls, decoded("a"), planned("a"), decoded("b"), planned("b"))
}

func TestPlan_OtherInstanceThanTheRemovedOne_HasNoPrivateData(t *testing.T) {
	t.Parallel()
	process, calls, object := created(t, vanished)
	if refreshed, _, err := process.Refresh(t.Context(), object); err != nil || refreshed != nil {
		t.Fatal(refreshed, err)
	}
	*calls = nil
	for _, options := range []coretest.Options{{}, {Vanished: []byte{}}} {
		if _, _, err := process.Plan(t.Context(), nil, coretest.Values{"name": "a"}, options); err != nil {
			t.Fatal(err)
		}
	}
	wantCalls(t, calls, call{method: "plan", prior: "-", planned: "a", kind: "?", private: `"by create"`}, call{method: "plan", prior: "-", planned: "a", kind: "?"})
}
