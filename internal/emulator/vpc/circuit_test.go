package vpc_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/apitest"
)

const (
	applyFor      = "CreatePhysicalConnection"
	modifyCircuit = "ModifyPhysicalConnectionAttribute"
	confirm       = "ConfirmPhysicalConnection"
	cancelCircuit = "CancelPhysicalConnection"
	terminate     = "TerminatePhysicalConnection"
	deleteCircuit = "DeletePhysicalConnection"
)

// allStates are the documented states.
var allStates = []string{
	"Initial", "Approved", "Allocating", "Allocated", "Confirmed", "Enabled", "Rejected", "Canceled",
	"Allocation Failed", "Terminating", "Terminated",
}

// application returns the usual parameters of an application for a circuit, with
// changes as in apitest.Signed.
func application(changes apitest.Params) apitest.Params {
	p := apitest.Params{"RegionId": apitest.Region, "AccessPointId": "ap-cn-hangzhou-yh-B", "LineOperator": "CT"}
	for name, value := range changes {
		p[name] = value
	}
	return p
}

// applied applies for a circuit and returns its ID.
func applied(t *testing.T, e *emulator.Emulator, changes apitest.Params) string {
	t.Helper()
	got := apitest.Call(t, e, applyFor, application(changes))
	var body struct{ PhysicalConnectionId string } //nolint:revive // The name of the API.
	if got.Decode(t, &body); got.Status != http.StatusOK || body.PhysicalConnectionId == "" {
		t.Fatalf("HTTP %d: %s", got.Status, got.Body)
	}
	return body.PhysicalConnectionId
}

// on returns the parameters for a circuit, with changes as in apitest.Signed.
func on(id string, changes apitest.Params) apitest.Params {
	p := apitest.Params{"RegionId": apitest.Region, "PhysicalConnectionId": id}
	for name, value := range changes {
		p[name] = value
	}
	return p
}

func expectStatus(t *testing.T, e *emulator.Emulator, id, want string) {
	t.Helper()
	c, found := e.Circuit(apitest.Region, id)
	if got := c.Status; !found || got != want {
		t.Errorf("circuit %s is %q (found: %t), want %q", id, got, found, want)
	}
}

// It sends the requests of the alicloud provider's resource in the same order, as forms.
func TestCircuit_FromApplicationToDeletion(t *testing.T) {
	t.Parallel()
	e := emulator.New(emulator.Options{Clock: apitest.FixedClock})
	do := func(action string, p apitest.Params) apitest.Reply {
		t.Helper()
		form := map[string][]string{}
		signing := apitest.Params{"Action": action}
		for name, value := range p {
			form[name], signing[name] = []string{value}, value
		}
		query := apitest.Signed(http.MethodPost, emulator.DefaultCredential, apitest.FixedClock(), signing)
		for name := range p {
			query.Del(name)
		}
		got := apitest.Send(t, e, http.MethodPost, query, form)
		if got.Status != http.StatusOK {
			t.Fatalf("%s: HTTP %d %s", action, got.Status, got.Body)
		}
		return got
	}
	var made struct{ PhysicalConnectionId, RequestId string } //nolint:revive // The names of the API.
	do(applyFor, application(apitest.Params{"Name": "line-1", "bandwidth": "100", "ClientToken": "TF-a"})).Decode(t, &made)
	id := made.PhysicalConnectionId
	expectStatus(t, e, id, "Initial")
	e.Advance(3 * time.Second)
	filtered := apitest.Params{"RegionId": apitest.Region, "PageSize": "50", "Filter.1.Key": "PhysicalConnectionId", "Filter.1.Value.1": id}
	if listed := do(apitest.DescribeCircuits, filtered).CircuitIDs(t); !slices.Equal(listed, []string{id}) || made.RequestId == "" {
		t.Errorf("listed %q", listed)
	}
	expectStatus(t, e, id, "Allocated")
	do(confirm, on(id, apitest.Params{"ClientToken": "TF-b"}))
	expectStatus(t, e, id, "Confirmed")
	do(apitest.PlaceOrder, on(id, apitest.Params{"Period": "1", "AutoPay": "true", "ClientToken": "TF-c"}))
	e.Advance(30 * time.Second)
	expectStatus(t, e, id, "Enabled")
	do(terminate, on(id, apitest.Params{"ClientToken": "TF-d"}))
	expectStatus(t, e, id, "Terminating")
	e.Advance(time.Second)
	expectStatus(t, e, id, "Terminated")
	do(deleteCircuit, on(id, apitest.Params{"ClientToken": "TF-e"}))
	if listed := do(apitest.DescribeCircuits, filtered).CircuitIDs(t); len(listed) != 0 {
		t.Errorf("listed %q after the deletion", listed)
	}
	if orders := e.Orders(); len(orders) != 1 || orders[0].Status != emulator.OrderPaid {
		t.Errorf("orders %+v: the deletion has changed the orders", orders)
	}
}

func TestOperations_AreAllowedInTheirStatesOnly(t *testing.T) {
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
				e, _ := apitest.NewEmulator(emulator.Quirks{})
				circuit := e.AddCircuit(emulator.Circuit{Status: state})
				got := apitest.Call(t, e, test.action, on(circuit.ID, nil))
				want, allowed := test.outcome[state]
				if !allowed {
					apitest.ExpectCode(t, got, http.StatusBadRequest, test.refusal)
					want = state
				} else if got.Status != http.StatusOK {
					t.Errorf("HTTP %d: %s", got.Status, got.Body)
				}
				if want == gone {
					if _, found := e.Circuit(apitest.Region, circuit.ID); found {
						t.Error("the circuit is still there")
					}
					return
				}
				expectStatus(t, e, circuit.ID, want)
			})
		}
	}
}

func TestOperations_UnknownCircuitOrRegion_IsRefused(t *testing.T) {
	t.Parallel()
	for action, status := range map[string]int{confirm: 400, cancelCircuit: 404, terminate: 404, deleteCircuit: 404, modifyCircuit: 404} {
		e, circuit := apitest.NewEmulator(emulator.Quirks{})
		apitest.ExpectCode(t, apitest.Call(t, e, action, on("pc-unknown", nil)), status, "InvalidPhysicalConnectionId.NotFound")
		apitest.ExpectCode(t, apitest.Call(t, e, action, on(circuit.ID, apitest.Params{"RegionId": "xx-new-9"})), status, "InvalidRegionId.NotFound")
		apitest.ExpectCode(t, apitest.Call(t, e, action, on("", nil)), 400, "MissingPhysicalConnectionId")
	}
	e, _ := apitest.NewEmulator(emulator.Quirks{})
	apitest.ExpectCode(t, apitest.Call(t, e, applyFor, application(apitest.Params{"RegionId": "xx-new-9"})), 404, "InvalidRegionId.NotFound")
	if circuits := e.Circuits(); len(circuits) != 1 {
		t.Errorf("circuits %+v", circuits)
	}
}

func TestOperations_SameToken_RunOnce(t *testing.T) {
	t.Parallel()
	e, _ := apitest.NewEmulator(emulator.Quirks{ConstructionDelay: -1, TerminationDelay: -1, EnableDelay: -1})
	token := apitest.Params{"ClientToken": "one-token-for-all"}
	id := applied(t, e, token)
	if again := applied(t, e, token); again != id || len(e.Circuits()) != 2 {
		t.Errorf("circuit %s, then %s; %d circuits", id, again, len(e.Circuits()))
	}
	mismatch := application(apitest.Params{"ClientToken": token["ClientToken"], "Name": "other"})
	apitest.ExpectCode(t, apitest.Call(t, e, applyFor, mismatch), 400, "IdempotentParameterMismatch")
	twice := func(action string) {
		t.Helper()
		for range 2 {
			if got := apitest.Call(t, e, action, on(id, token)); got.Status != http.StatusOK {
				t.Errorf("%s: HTTP %d %s", action, got.Status, got.Body)
			}
		}
	}
	twice(confirm)
	e.ChangeCircuit(apitest.Region, id, func(c *emulator.Circuit) { c.Status = "Enabled" })
	twice(terminate)
	expectStatus(t, e, id, "Terminated")
	twice(deleteCircuit)
	other := applied(t, e, nil)
	id = other
	twice(cancelCircuit)
	apitest.ExpectCode(t, apitest.Call(t, e, cancelCircuit, on(other, apitest.Params{"ClientToken": "another"})), 400, "Forbidden.NotAllowedInState")
}

func TestOperations_StateCheckFirst_RefusesTheRepetition(t *testing.T) {
	t.Parallel()
	e, _ := apitest.NewEmulator(emulator.Quirks{StateCheckFirst: true})
	circuit := e.AddCircuit(emulator.Circuit{Status: "Allocated"})
	token := apitest.Params{"ClientToken": "token"}
	apitest.ExpectCode(t, apitest.Call(t, e, confirm, on(circuit.ID, token)), 200, "")
	apitest.ExpectCode(t, apitest.Call(t, e, confirm, on(circuit.ID, token)), 400, "IncorrectStatus.PhysicalConnection")
}

func TestOperations_TokenTooLong_ChangesNothing(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	long := apitest.Params{"ClientToken": string(make([]byte, 65))}
	for _, action := range []string{modifyCircuit, cancelCircuit, deleteCircuit} {
		apitest.ExpectCode(t, apitest.Call(t, e, action, on(circuit.ID, long)), 400, "IllegalParam.ClientToken")
	}
	apitest.ExpectCode(t, apitest.Call(t, e, applyFor, application(long)), 400, "IllegalParam.ClientToken")
	expectStatus(t, e, circuit.ID, "Confirmed")
	if len(e.Circuits()) != 1 {
		t.Errorf("circuits %+v", e.Circuits())
	}
}

func TestApply_LostAnswer_LeavesOneCircuit(t *testing.T) {
	t.Parallel()
	server, client, _ := apitest.Serve(t, emulator.Start)
	server.AddFault(emulator.Fault{Action: applyFor, Kind: emulator.Reset, After: true})
	sent := application(apitest.Params{"Action": applyFor, "ClientToken": "token"})
	if got, err := apitest.Fetch(t.Context(), t, client, server, sent); err == nil {
		t.Errorf("the answer was not lost: %s", got.Body)
	}
	got, err := apitest.Fetch(t.Context(), t, client, server, sent)
	if err != nil || got.Status != http.StatusOK {
		t.Fatalf("HTTP %d %s, %v", got.Status, got.Body, err)
	}
	if circuits := server.Circuits(); len(circuits) != 2 {
		t.Errorf("%d circuits, want the one of the test and one more", len(circuits))
	}
}

func TestConfirm_CompletesTheLetterOfAuthorization(t *testing.T) {
	t.Parallel()
	for loa, want := range map[string]string{"Completing": "Complete", "Complete": "Complete", "Available": "Available"} {
		e, _ := apitest.NewEmulator(emulator.Quirks{})
		circuit := e.AddCircuit(emulator.Circuit{Status: "Allocated", LOAStatus: loa})
		apitest.Call(t, e, confirm, on(circuit.ID, nil))
		if c, _ := e.Circuit(apitest.Region, circuit.ID); c.LOAStatus != want {
			t.Errorf("letter %q becomes %q, want %q", loa, c.LOAStatus, want)
		}
	}
}

func TestConfirm_CanRequireTheConstruction(t *testing.T) {
	t.Parallel()
	e, _ := apitest.NewEmulator(emulator.Quirks{RefuseSkippedConstruction: true, ConstructionDelay: -1})
	id := applied(t, e, nil)
	apitest.ExpectCode(t, apitest.Call(t, e, confirm, on(id, nil)), 400, "OperationUnsupported.SkipConstruction")
	expectStatus(t, e, id, "Allocated")
	e.ChangeCircuit(apitest.Region, id, func(c *emulator.Circuit) { c.LOAStatus = "Completing" })
	apitest.ExpectCode(t, apitest.Call(t, e, confirm, on(id, nil)), 200, "")
	expectStatus(t, e, id, "Confirmed")
}

func TestDelete_KeepUnpaidCircuits_RefusesIt(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{KeepUnpaidCircuits: true})
	for _, state := range []string{"Allocated", "Confirmed"} {
		e.ChangeCircuit(apitest.Region, circuit.ID, func(c *emulator.Circuit) { c.Status = state })
		apitest.ExpectCode(t, apitest.Call(t, e, deleteCircuit, on(circuit.ID, nil)), 400, "Forbidden.NotAllowedInState")
	}
	apitest.ExpectCode(t, apitest.Call(t, e, cancelCircuit, on(circuit.ID, nil)), 200, "")
	apitest.ExpectCode(t, apitest.Call(t, e, deleteCircuit, on(circuit.ID, nil)), 200, "")
}

func TestTrafficBilling_Closed_RefusesCircuits(t *testing.T) {
	t.Parallel()
	const open, status = "OpenPhysicalConnectionService", "GetPhysicalConnectionServiceStatus"
	opened := func(e *emulator.Emulator) (is bool) {
		t.Helper()
		var body struct{ Enabled bool }
		apitest.Call(t, e, status, apitest.Params{"RegionId": apitest.Region}).Decode(t, &body)
		return body.Enabled
	}
	e, _ := apitest.NewEmulator(emulator.Quirks{})
	if !opened(e) {
		t.Error("closed without the quirk")
	}
	apitest.ExpectCode(t, apitest.Call(t, e, open, nil), 400, "InvalidOperation.OrderOpened")

	e, _ = apitest.NewEmulator(emulator.Quirks{TrafficBillingClosed: true})
	allocated := e.AddCircuit(emulator.Circuit{Status: "Allocated"})
	if opened(e) {
		t.Error("open with the quirk")
	}
	apitest.ExpectCode(t, apitest.Call(t, e, applyFor, application(nil)), 400, "OperationFailed.PconnTrafficNotEnable")
	apitest.ExpectCode(t, apitest.Call(t, e, confirm, on(allocated.ID, nil)), 400, "OperationFailed.PconnTrafficNotEnable")
	apitest.ExpectCode(t, apitest.Call(t, e, open, nil), 200, "")
	if !opened(e) {
		t.Error("closed after it was opened")
	}
	applied(t, e, nil)
	apitest.ExpectCode(t, apitest.Call(t, e, confirm, on(allocated.ID, nil)), 200, "")
	apitest.ExpectCode(t, apitest.Call(t, e, open, nil), 400, "InvalidOperation.OrderOpened")
}
