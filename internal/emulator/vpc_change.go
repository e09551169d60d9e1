package emulator

import (
	"net/http"
	"slices"
)

const paramCircuitID = "PhysicalConnectionId"

const codeWrongState = "Forbidden.NotAllowedInState"

// change is an operation on a circuit that takes place once for each client
// token.
type change struct {
	// check says why the request cannot be carried out, or returns nil.
	check func(*Emulator, *request) *apiError
	// apply carries it out and returns the ID of the circuit.
	apply func(*Emulator, *request) string
	// tellsID says that the answer names the circuit.
	tellsID bool
}

func (c change) run(e *Emulator, q *request) (object, *apiError) {
	if !validToken(q.params[paramClientToken]) {
		return nil, fail("IllegalParam.ClientToken")
	}
	if e.quirks.StateCheckFirst {
		if failure := c.check(e, q); failure != nil {
			return nil, failure
		}
	}
	id, failure := e.once(q, func() (string, *apiError) {
		if failure := c.check(e, q); failure != nil {
			return "", failure
		}
		return c.apply(e, q), nil
	})
	if failure != nil {
		return nil, failure
	}
	answer := object{{"RequestId", q.id}}
	if c.tellsID {
		answer = append(answer, field{paramCircuitID, id})
	}
	return answer, nil
}

// circuitOf returns the circuit that the request names, or nil.
func (e *Emulator) circuitOf(q *request) *circuitRecord {
	return e.findCircuit(q.params[paramRegion], q.params[paramCircuitID])
}

// checkCircuit refuses a request for a circuit that does not exist or is in no
// state that allows it.
func (e *Emulator) checkCircuit(q *request, allowed func(*Emulator, string) bool) *apiError {
	record := e.circuitOf(q)
	switch {
	case !e.knowsRegion(q.params[paramRegion]):
		return fail("InvalidRegionId.NotFound")
	case record == nil:
		return fail("InvalidPhysicalConnectionId.NotFound")
	case !allowed(e, record.Status):
		return fail(codeWrongState)
	default:
		return nil
	}
}

// leading is an operation that leads a circuit from the states that allow it
// into another one.
func leading(to string, allowed func(*Emulator, string) bool) change {
	return change{
		check: func(e *Emulator, q *request) *apiError { return e.checkCircuit(q, allowed) },
		apply: func(e *Emulator, q *request) string {
			record := e.circuitOf(q)
			record.enter(to, e.now(), e.quirks)
			return record.ID
		},
	}
}

func states(allowed ...string) func(*Emulator, string) bool {
	return func(_ *Emulator, status string) bool { return slices.Contains(allowed, status) }
}

var cancelCircuit = leading(StatusCanceled, states(StatusInitial, StatusApproved, StatusAllocated, StatusConfirmed))

var terminateCircuit = leading(StatusTerminating, states(StatusEnabled))

// confirmCircuit ends the construction: the circuit then waits for its order.
// Its errors are not those of its siblings.
var confirmCircuit = change{
	check: func(e *Emulator, q *request) *apiError {
		record := e.circuitOf(q)
		switch {
		case e.trafficClosed():
			return fail("OperationFailed.PconnTrafficNotEnable")
		case !e.knowsRegion(q.params[paramRegion]):
			return fail("InvalidRegionId.NotFound").with(http.StatusBadRequest, "The specified RegionId is not found.")
		case record == nil:
			return fail("InvalidPhysicalConnectionId.NotFound").
				with(http.StatusBadRequest, "The specified physicalConnection is not found")
		case record.Status != StatusAllocated:
			return fail("IncorrectStatus.PhysicalConnection").
				saying("The specified PhysicalConnectionId is not in Allocated state.")
		case e.quirks.RefuseSkippedConstruction && record.LOAStatus != loaCompleting && record.LOAStatus != loaComplete:
			return fail("OperationUnsupported.SkipConstruction")
		default:
			return nil
		}
	},
	apply: func(e *Emulator, q *request) string {
		record := e.circuitOf(q)
		record.enter(StatusConfirmed, e.now(), e.quirks)
		if record.LOAStatus == loaCompleting {
			record.LOAStatus = loaComplete
		}
		return record.ID
	},
}

// deleteCircuit makes a circuit unknown. Orders stay in the ledger, paid ones
// too: that is what becomes of the money.
var deleteCircuit = change{
	check: func(e *Emulator, q *request) *apiError {
		return e.checkCircuit(q, func(e *Emulator, status string) bool {
			switch status {
			case StatusRejected, StatusCanceled, StatusAllocationFailed, StatusTerminated:
				return true
			case StatusAllocated, StatusConfirmed:
				return !e.quirks.KeepUnpaidCircuits
			default:
				return false
			}
		})
	},
	apply: func(e *Emulator, q *request) string {
		id := q.params[paramCircuitID]
		e.removeCircuit(q.params[paramRegion], id)
		return id
	},
}
