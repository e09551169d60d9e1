package account

import "slices"

const (
	codeWrongState     = "Forbidden.NotAllowedInState"
	codeUnknownCircuit = Code("InvalidPhysicalConnectionId.NotFound")
	codeUnknownRegion  = Code("InvalidRegionId.NotFound")
	codeTrafficClosed  = Code("OperationFailed.PconnTrafficNotEnable")
)

// ApplyForCircuit creates a circuit with the status Initial, which is then constructed step by
// step. A repetition with the same client token returns the ID of the first circuit.
func (a *Account) ApplyForCircuit(attempt Attempt, wanted Circuit) (id string, err error) {
	check := func() error {
		switch {
		case a.trafficClosed():
			return codeTrafficClosed
		case !a.knowsRegion(wanted.Region):
			return codeUnknownRegion
		case wanted.Type != "" && wanted.Type != typeVPC:
			return Code("InvalidType.Malformd")
		default:
			return a.checkAttributes(wanted)
		}
	}
	return a.change(attempt, check, func() string {
		record := &circuitRecord{Circuit: dedicatedLine}
		record.Region = wanted.Region
		record.ID = a.nextCircuitID()
		record.CreationTime = a.now()
		record.AccessPointID = wanted.AccessPointID
		record.ResourceGroupID = wanted.ResourceGroupID
		record.Tags = wanted.Tags
		record.setAttributes(wanted)
		record.enter(StatusInitial, a.now(), a.quirks)
		a.circuits = append(a.circuits, record)
		return record.ID
	})
}

// ModifyCircuit sets the attributes that are not empty. A rejected application becomes Initial again.
func (a *Account) ModifyCircuit(attempt Attempt, wanted Circuit) error {
	check := func() error {
		allowed := func(status string) bool {
			return !slices.Contains([]string{StatusCanceled, StatusAllocating, StatusAllocationFailed, StatusTerminated}, status)
		}
		if err := a.checkStatus(wanted.Region, wanted.ID, allowed); err != nil {
			return err
		}
		return a.checkAttributes(wanted)
	}
	_, err := a.change(attempt, check, func() string {
		record := a.findCircuit(wanted.Region, wanted.ID)
		record.setAttributes(wanted)
		if record.Status == StatusRejected {
			record.enter(StatusInitial, a.now(), a.quirks)
		}
		return record.ID
	})
	return err
}

// ConfirmCircuit ends the construction: the circuit can be ordered then.
func (a *Account) ConfirmCircuit(attempt Attempt, region, id string) error {
	check := func() error {
		record := a.findCircuit(region, id)
		switch {
		case a.trafficClosed():
			return codeTrafficClosed
		case !a.knowsRegion(region):
			return codeUnknownRegion
		case record == nil:
			return codeUnknownCircuit
		case record.Status != StatusAllocated:
			return Code("IncorrectStatus.PhysicalConnection")
		case a.quirks.RefuseSkippedConstruction && record.LOAStatus != loaCompleting && record.LOAStatus != loaComplete:
			return Code("OperationUnsupported.SkipConstruction")
		default:
			return nil
		}
	}
	_, err := a.change(attempt, check, func() string {
		record := a.findCircuit(region, id)
		record.enter(StatusConfirmed, a.now(), a.quirks)
		if record.LOAStatus == loaCompleting {
			record.LOAStatus = loaComplete
		}
		return record.ID
	})
	return err
}

// CancelCircuit cancels a circuit that is not in service yet.
func (a *Account) CancelCircuit(attempt Attempt, region, id string) error {
	return a.enter(attempt, region, id, StatusCanceled, StatusInitial, StatusApproved, StatusAllocated, StatusConfirmed)
}

// TerminateCircuit begins the termination of a circuit that is in service.
func (a *Account) TerminateCircuit(attempt Attempt, region, id string) error {
	return a.enter(attempt, region, id, StatusTerminating, StatusEnabled)
}

// enter changes the status of a circuit from one of the allowed ones.
func (a *Account) enter(attempt Attempt, region, id, status string, allowed ...string) error {
	check := func() error {
		return a.checkStatus(region, id, func(current string) bool { return slices.Contains(allowed, current) })
	}
	_, err := a.change(attempt, check, func() string {
		a.findCircuit(region, id).enter(status, a.now(), a.quirks)
		return id
	})
	return err
}

// DeleteCircuit deletes a circuit. Its orders stay in the order store, also paid ones.
func (a *Account) DeleteCircuit(attempt Attempt, region, id string) error {
	allowed := func(status string) bool {
		switch status {
		case StatusRejected, StatusCanceled, StatusAllocationFailed, StatusTerminated:
			return true
		case StatusAllocated, StatusConfirmed:
			return !a.quirks.KeepUnpaidCircuits
		default:
			return false
		}
	}
	_, err := a.change(attempt, func() error { return a.checkStatus(region, id, allowed) }, func() string {
		a.removeCircuit(region, id)
		return id
	})
	return err
}

// change checks and applies a change of a circuit, once for each client token.
// apply returns the ID of the circuit.
func (a *Account) change(attempt Attempt, check func() error, apply func() string) (id string, err error) {
	defer a.lockCurrent()()
	return a.once(attempt, check, func() (string, error) {
		if err := check(); err != nil {
			return "", err
		}
		return apply(), nil
	})
}

// checkStatus refuses an unknown circuit, and a circuit whose status does not allow the change.
func (a *Account) checkStatus(region, id string, allowed func(status string) bool) error {
	record := a.findCircuit(region, id)
	switch {
	case !a.knowsRegion(region):
		return codeUnknownRegion
	case record == nil:
		return codeUnknownCircuit
	case !allowed(record.Status):
		return Code(codeWrongState)
	default:
		return nil
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
	defer a.lock()()
	return !a.trafficClosed()
}

func (a *Account) trafficClosed() bool {
	return a.quirks.TrafficBillingClosed && !a.trafficOpened
}
