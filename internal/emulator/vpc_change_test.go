package emulator_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

const (
	applyFor      = "CreatePhysicalConnection"
	modifyCircuit = "ModifyPhysicalConnectionAttribute"
	confirm       = "ConfirmPhysicalConnection"
	cancelCircuit = "CancelPhysicalConnection"
	terminate     = "TerminatePhysicalConnection"
	deleteCircuit = "DeletePhysicalConnection"
)

// allStates are those that DescribePhysicalConnections documents.
var allStates = []string{
	"Initial", "Approved", "Allocating", "Allocated", "Confirmed", "Enabled", "Rejected", "Canceled",
	"Allocation Failed", "Terminating", "Terminated",
}

// application returns the usual parameters of an application for a circuit, with
// changes as in signed.
func application(changes params) params {
	p := params{"RegionId": region, "AccessPointId": "ap-cn-hangzhou-yh-B", "LineOperator": "CT"}
	for name, value := range changes {
		p[name] = value
	}
	return p
}

// applied applies for a circuit and returns its ID.
func applied(t *testing.T, e *emulator.Emulator, changes params) string {
	t.Helper()
	got := call(t, e, applyFor, application(changes))
	var body struct{ PhysicalConnectionId string } //nolint:revive // The name of the API.
	if got.decode(t, &body); got.status != http.StatusOK || body.PhysicalConnectionId == "" {
		t.Fatalf("HTTP %d: %s", got.status, got.body)
	}
	return body.PhysicalConnectionId
}

// on names a circuit, with changes as in signed.
func on(id string, changes params) params {
	p := params{"RegionId": region, "PhysicalConnectionId": id}
	for name, value := range changes {
		p[name] = value
	}
	return p
}

func expectStatus(t *testing.T, e *emulator.Emulator, id, want string) {
	t.Helper()
	c, found := e.Circuit(region, id)
	if got := c.Status; !found || got != want {
		t.Errorf("circuit %s is %q (found: %t), want %q", id, got, found, want)
	}
}

// The requests that the alicloud provider's resource sends, in their order and
// in the form of their bodies.
func TestCircuitLivesFromItsApplicationToItsDeletion(t *testing.T) {
	t.Parallel()
	e := emulator.New(emulator.Options{Clock: fixedClock})
	do := func(action string, p params) reply {
		t.Helper()
		form := map[string][]string{}
		signing := params{"Action": action}
		for name, value := range p {
			form[name], signing[name] = []string{value}, value
		}
		query := signed(http.MethodPost, emulator.DefaultCredential, fixedClock(), signing)
		for name := range p {
			query.Del(name)
		}
		got := send(t, e, http.MethodPost, query, form)
		if got.status != http.StatusOK {
			t.Fatalf("%s: HTTP %d %s", action, got.status, got.body)
		}
		return got
	}
	var made struct{ PhysicalConnectionId, RequestId string } //nolint:revive // The names of the API.
	do(applyFor, application(params{"Name": "line-1", "bandwidth": "100", "ClientToken": "TF-a"})).decode(t, &made)
	id := made.PhysicalConnectionId
	expectStatus(t, e, id, "Initial")
	e.Advance(3 * time.Second)
	filtered := params{"RegionId": region, "PageSize": "50", "Filter.1.Key": "PhysicalConnectionId", "Filter.1.Value.1": id}
	if listed := do(describeCircuits, filtered).circuitIDs(t); !slices.Equal(listed, []string{id}) || made.RequestId == "" {
		t.Errorf("listed %q", listed)
	}
	expectStatus(t, e, id, "Allocated")
	do(confirm, on(id, params{"ClientToken": "TF-b"}))
	expectStatus(t, e, id, "Confirmed")
	do(placeOrder, on(id, params{"Period": "1", "AutoPay": "true", "ClientToken": "TF-c"}))
	e.Advance(30 * time.Second)
	expectStatus(t, e, id, "Enabled")
	do(terminate, on(id, params{"ClientToken": "TF-d"}))
	expectStatus(t, e, id, "Terminating")
	e.Advance(time.Second)
	expectStatus(t, e, id, "Terminated")
	do(deleteCircuit, on(id, params{"ClientToken": "TF-e"}))
	if listed := do(describeCircuits, filtered).circuitIDs(t); len(listed) != 0 {
		t.Errorf("listed %q after the deletion", listed)
	}
	if orders := e.Orders(); len(orders) != 1 || orders[0].Status != emulator.OrderPaid {
		t.Errorf("orders %+v: the deletion has touched the ledger", orders)
	}
}

func TestOperationsAreAllowedInTheirStatesOnly(t *testing.T) {
	t.Parallel()
	const gone = "-"
	same := func(states ...string) map[string]string {
		outcome := map[string]string{}
		for _, state := range states {
			outcome[state] = state
		}
		return outcome
	}
	into := func(to string, states ...string) map[string]string {
		outcome := map[string]string{}
		for _, state := range states {
			outcome[state] = to
		}
		return outcome
	}
	modified := same("Initial", "Approved", "Allocated", "Confirmed", "Enabled", "Terminating")
	modified["Rejected"] = "Initial"
	tests := []struct {
		action, refusal string
		outcome         map[string]string
	}{
		{confirm, "IncorrectStatus.PhysicalConnection", into("Confirmed", "Allocated")},
		{cancelCircuit, "Forbidden.NotAllowedInState", into("Canceled", "Initial", "Approved", "Allocated", "Confirmed")},
		{terminate, "Forbidden.NotAllowedInState", into("Terminating", "Enabled")},
		{deleteCircuit, "Forbidden.NotAllowedInState", into(gone, "Rejected", "Canceled", "Allocation Failed", "Terminated", "Allocated", "Confirmed")},
		{modifyCircuit, "Forbidden.NotAllowedInState", modified},
	}
	for _, test := range tests {
		for _, state := range allStates {
			t.Run(test.action+" in "+state, func(t *testing.T) {
				t.Parallel()
				e, _ := newEmulator(emulator.Quirks{})
				circuit := e.AddCircuit(emulator.Circuit{Status: state})
				got := call(t, e, test.action, on(circuit.ID, nil))
				want, allowed := test.outcome[state]
				if !allowed {
					expectCode(t, got, http.StatusBadRequest, test.refusal)
					want = state
				} else if got.status != http.StatusOK {
					t.Errorf("HTTP %d: %s", got.status, got.body)
				}
				if want == gone {
					if _, found := e.Circuit(region, circuit.ID); found {
						t.Error("the circuit is still there")
					}
					return
				}
				expectStatus(t, e, circuit.ID, want)
			})
		}
	}
}

func TestUnknownCircuitsAndRegionsAreRefusedByEveryOperation(t *testing.T) {
	t.Parallel()
	for action, status := range map[string]int{confirm: 400, cancelCircuit: 404, terminate: 404, deleteCircuit: 404, modifyCircuit: 404} {
		e, circuit := newEmulator(emulator.Quirks{})
		expectCode(t, call(t, e, action, on("pc-unknown", nil)), status, "InvalidPhysicalConnectionId.NotFound")
		expectCode(t, call(t, e, action, on(circuit.ID, params{"RegionId": "xx-new-9"})), status, "InvalidRegionId.NotFound")
		expectCode(t, call(t, e, action, on("", nil)), 400, "MissingPhysicalConnectionId")
	}
	e, _ := newEmulator(emulator.Quirks{})
	expectCode(t, call(t, e, applyFor, application(params{"RegionId": "xx-new-9"})), 404, "InvalidRegionId.NotFound")
	if circuits := e.Circuits(); len(circuits) != 1 {
		t.Errorf("circuits %+v", circuits)
	}
}

func TestClientTokenRepeatsAnOperationWithoutEffect(t *testing.T) {
	t.Parallel()
	e, _ := newEmulator(emulator.Quirks{ConstructionDelay: -1, TerminationDelay: -1, EnableDelay: -1})
	token := params{"ClientToken": "one-token-for-all"}
	id := applied(t, e, token)
	if again := applied(t, e, token); again != id || len(e.Circuits()) != 2 {
		t.Errorf("circuit %s, then %s; %d circuits", id, again, len(e.Circuits()))
	}
	expectCode(t, call(t, e, applyFor, application(params{"ClientToken": token["ClientToken"], "Name": "other"})), 400, "IdempotentParameterMismatch")
	twice := func(action string) {
		t.Helper()
		for range 2 {
			if got := call(t, e, action, on(id, token)); got.status != http.StatusOK {
				t.Errorf("%s: HTTP %d %s", action, got.status, got.body)
			}
		}
	}
	twice(confirm)
	e.ChangeCircuit(region, id, func(c *emulator.Circuit) { c.Status = "Enabled" })
	twice(terminate)
	expectStatus(t, e, id, "Terminated")
	twice(deleteCircuit)
	other := applied(t, e, nil)
	id = other
	twice(cancelCircuit)
	expectCode(t, call(t, e, cancelCircuit, on(other, params{"ClientToken": "another"})), 400, "Forbidden.NotAllowedInState")
}

func TestStateCheckFirstAppliesToOperationsOnCircuits(t *testing.T) {
	t.Parallel()
	e, _ := newEmulator(emulator.Quirks{StateCheckFirst: true})
	circuit := e.AddCircuit(emulator.Circuit{Status: "Allocated"})
	token := params{"ClientToken": "token"}
	expectCode(t, call(t, e, confirm, on(circuit.ID, token)), 200, "")
	expectCode(t, call(t, e, confirm, on(circuit.ID, token)), 400, "IncorrectStatus.PhysicalConnection")
}

func TestTokenTooLongChangesNothing(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{})
	long := params{"ClientToken": string(make([]byte, 65))}
	for _, action := range []string{modifyCircuit, cancelCircuit, deleteCircuit} {
		expectCode(t, call(t, e, action, on(circuit.ID, long)), 400, "IllegalParam.ClientToken")
	}
	expectCode(t, call(t, e, applyFor, application(long)), 400, "IllegalParam.ClientToken")
	expectStatus(t, e, circuit.ID, "Confirmed")
	if len(e.Circuits()) != 1 {
		t.Errorf("circuits %+v", e.Circuits())
	}
}

func TestLostAnswerOfAnApplicationLeavesOneCircuit(t *testing.T) {
	t.Parallel()
	server, client, _ := serve(t, emulator.Start)
	server.AddFault(emulator.Fault{Action: applyFor, Kind: emulator.Reset, After: true})
	sent := application(params{"Action": applyFor, "ClientToken": "token"})
	if got, err := fetch(t.Context(), t, client, server, sent); err == nil {
		t.Errorf("the answer was not lost: %s", got.body)
	}
	got, err := fetch(t.Context(), t, client, server, sent)
	if err != nil || got.status != http.StatusOK {
		t.Fatalf("HTTP %d %s, %v", got.status, got.body, err)
	}
	if circuits := server.Circuits(); len(circuits) != 2 {
		t.Errorf("%d circuits, want the one of the test and one more", len(circuits))
	}
}

func TestConfirmationCompletesTheLetterOfAuthorization(t *testing.T) {
	t.Parallel()
	for loa, want := range map[string]string{"Completing": "Complete", "Complete": "Complete", "Available": "Available"} {
		e, _ := newEmulator(emulator.Quirks{})
		circuit := e.AddCircuit(emulator.Circuit{Status: "Allocated", LOAStatus: loa})
		call(t, e, confirm, on(circuit.ID, nil))
		if c, _ := e.Circuit(region, circuit.ID); c.LOAStatus != want {
			t.Errorf("letter %q becomes %q, want %q", loa, c.LOAStatus, want)
		}
	}
}

func TestConfirmationCanDemandTheConstruction(t *testing.T) {
	t.Parallel()
	e, _ := newEmulator(emulator.Quirks{RefuseSkippedConstruction: true, ConstructionDelay: -1})
	id := applied(t, e, nil)
	expectCode(t, call(t, e, confirm, on(id, nil)), 400, "OperationUnsupported.SkipConstruction")
	expectStatus(t, e, id, "Allocated")
	e.ChangeCircuit(region, id, func(c *emulator.Circuit) { c.LOAStatus = "Completing" })
	expectCode(t, call(t, e, confirm, on(id, nil)), 200, "")
	expectStatus(t, e, id, "Confirmed")
}

func TestUnpaidCircuitsCanBeKeptFromDeletion(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{KeepUnpaidCircuits: true})
	for _, state := range []string{"Allocated", "Confirmed"} {
		e.ChangeCircuit(region, circuit.ID, func(c *emulator.Circuit) { c.Status = state })
		expectCode(t, call(t, e, deleteCircuit, on(circuit.ID, nil)), 400, "Forbidden.NotAllowedInState")
	}
	expectCode(t, call(t, e, cancelCircuit, on(circuit.ID, nil)), 200, "")
	expectCode(t, call(t, e, deleteCircuit, on(circuit.ID, nil)), 200, "")
}

func TestAccountWithoutTrafficBillingGetsNoCircuits(t *testing.T) {
	t.Parallel()
	const open, status = "OpenPhysicalConnectionService", "GetPhysicalConnectionServiceStatus"
	opened := func(e *emulator.Emulator) (is bool) {
		t.Helper()
		var body struct{ Enabled bool }
		call(t, e, status, params{"RegionId": region}).decode(t, &body)
		return body.Enabled
	}
	e, _ := newEmulator(emulator.Quirks{})
	if !opened(e) {
		t.Error("closed without the quirk")
	}
	expectCode(t, call(t, e, open, nil), 400, "InvalidOperation.OrderOpened")

	e, _ = newEmulator(emulator.Quirks{TrafficBillingClosed: true})
	allocated := e.AddCircuit(emulator.Circuit{Status: "Allocated"})
	if opened(e) {
		t.Error("open with the quirk")
	}
	expectCode(t, call(t, e, applyFor, application(nil)), 400, "OperationFailed.PconnTrafficNotEnable")
	expectCode(t, call(t, e, confirm, on(allocated.ID, nil)), 400, "OperationFailed.PconnTrafficNotEnable")
	expectCode(t, call(t, e, open, nil), 200, "")
	if !opened(e) {
		t.Error("closed after it was opened")
	}
	applied(t, e, nil)
	expectCode(t, call(t, e, confirm, on(allocated.ID, nil)), 200, "")
	expectCode(t, call(t, e, open, nil), 400, "InvalidOperation.OrderOpened")
}
