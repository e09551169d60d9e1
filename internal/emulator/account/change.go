package account

import "slices"

const (
	codeWrongState     = Code("Forbidden.NotAllowedInState")
	codeUnknownCircuit = Code("InvalidPhysicalConnectionId.NotFound")
	codeUnknownRegion  = Code("InvalidRegionId.NotFound")
	codeTrafficClosed  = Code("OperationFailed.PconnTrafficNotEnable")
)

// ApplyForCircuit creates a circuit with the status Initial, which is then constructed step by
// step. A repetition with the same client token returns the ID of the first circuit.
func (a *Account) ApplyForCircuit(attempt Attempt, wanted Circuit) (id string, err error) {
	defer a.lockCurrent()()
	check := func() error {
		switch {
		case a.trafficClosed():
			return codeTrafficClosed
		case !a.knowsRegion(wanted.Region):
			return codeUnknownRegion
		case wanted.Type != "" && wanted.Type != typeVPC:
			return Code("InvalidType.Malformd")
		default:
			return a.checkAttributes(wanted, "")
		}
	}
	return a.once(attempt, check, func() (string, error) {
		if err := check(); err != nil {
			return "", err
		}
		record := &circuitRecord{Circuit: dedicatedLine}
		record.PortType = "" // The API does not choose one.
		record.setAttributes(wanted)
		record.ID = a.nextCircuitID()
		record.CreationTime = a.now()
		record.enter(StatusInitial, a.now(), a.quirks)
		a.circuits = append(a.circuits, record)
		return record.ID, nil
	})
}

// ModifyCircuit sets the attributes that are not empty. A rejected application becomes Initial again.
func (a *Account) ModifyCircuit(attempt Attempt, wanted Circuit) error {
	check := func(record *circuitRecord) error {
		if slices.Contains([]string{StatusCanceled, StatusAllocating, StatusAllocationFailed, StatusTerminated}, record.Status) {
			return codeWrongState
		}
		return a.checkAttributes(wanted, record.PortType)
	}
	return a.change(attempt, wanted.Region, wanted.ID, check, func(record *circuitRecord) {
		record.setAttributes(wanted)
		if record.Status == StatusRejected {
			record.enter(StatusInitial, a.now(), a.quirks)
		}
	})
}

// ConfirmCircuit ends the construction: the circuit can be ordered then.
func (a *Account) ConfirmCircuit(attempt Attempt, region, id string) error {
	check := func(record *circuitRecord) error {
		switch {
		case a.trafficClosed():
			return codeTrafficClosed
		case record.Status != StatusAllocated:
			return Code("IncorrectStatus.PhysicalConnection")
		case a.quirks.RefuseSkippedConstruction && record.LOAStatus != loaCompleting && record.LOAStatus != loaComplete:
			return Code("OperationUnsupported.SkipConstruction")
		default:
			return nil
		}
	}
	return a.change(attempt, region, id, check, func(record *circuitRecord) {
		record.enter(StatusConfirmed, a.now(), a.quirks)
		if record.LOAStatus == loaCompleting {
			record.LOAStatus = loaComplete
		}
	})
}

// CancelCircuit cancels a circuit that is not in service yet.
func (a *Account) CancelCircuit(attempt Attempt, region, id string) error {
	return a.change(attempt, region, id, inStatus(StatusInitial, StatusApproved, StatusAllocated, StatusConfirmed), func(record *circuitRecord) {
		record.enter(StatusCanceled, a.now(), a.quirks)
	})
}

// TerminateCircuit begins the termination of a circuit that is in service.
func (a *Account) TerminateCircuit(attempt Attempt, region, id string) error {
	return a.change(attempt, region, id, inStatus(StatusEnabled), func(record *circuitRecord) {
		record.enter(StatusTerminating, a.now(), a.quirks)
	})
}

// DeleteCircuit deletes a circuit. Its orders stay in the order store, also paid ones.
func (a *Account) DeleteCircuit(attempt Attempt, region, id string) error {
	check := func(record *circuitRecord) error {
		allowed := []string{StatusRejected, StatusCanceled, StatusAllocationFailed, StatusTerminated}
		if !a.quirks.KeepUnpaidCircuits {
			allowed = append(allowed, StatusAllocated, StatusConfirmed)
		}
		return inStatus(allowed...)(record)
	}
	return a.change(attempt, region, id, check, func(*circuitRecord) { a.removeCircuit(region, id) })
}

// change checks and applies a change of a circuit, once for each client token.
func (a *Account) change(
	attempt Attempt, region, id string, check func(*circuitRecord) error, apply func(*circuitRecord),
) error {
	defer a.lockCurrent()()
	record := a.findCircuit(region, id)
	checkAll := func() error {
		switch {
		case !a.knowsRegion(region):
			return codeUnknownRegion
		case record == nil:
			return codeUnknownCircuit
		default:
			return check(record)
		}
	}
	_, err := a.once(attempt, checkAll, func() (string, error) {
		if err := checkAll(); err != nil {
			return "", err
		}
		apply(record)
		return id, nil
	})
	return err
}

// inStatus returns a check for the status of a circuit.
func inStatus(allowed ...string) func(*circuitRecord) error {
	return func(record *circuitRecord) error {
		if slices.Contains(allowed, record.Status) {
			return nil
		}
		return codeWrongState
	}
}

// OpenTraffic opens the billing of outbound traffic. It fails if it is open already.
func (a *Account) OpenTraffic() error {
	defer a.lock()()
	if !a.trafficClosed() {
		return Code("InvalidOperation.OrderOpened")
	}
	a.trafficOpened = true
	return nil
}

// TrafficOpen reports whether the billing of outbound traffic is open. Otherwise the
// account cannot apply for circuits or confirm them.
func (a *Account) TrafficOpen() bool {
	defer a.read()()
	return !a.trafficClosed()
}

func (a *Account) trafficClosed() bool {
	return a.quirks.TrafficBillingClosed && !a.trafficOpened
}
