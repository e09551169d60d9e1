package circuit

import (
	"fmt"
	"slices"
)

// Statuses of a circuit.
//
// Source: https://www.alibabacloud.com/help/en/express-connect/developer-reference/api-vpc-2016-04-28-describephysicalconnections-efficiency-channels
const (
	StatusInitial          = "Initial"
	StatusApproved         = "Approved"
	StatusAllocating       = "Allocating"
	StatusAllocated        = "Allocated"
	StatusConfirmed        = "Confirmed"
	StatusEnabled          = "Enabled"
	StatusRejected         = "Rejected"
	StatusCanceled         = "Canceled"
	StatusAllocationFailed = "Allocation Failed" // some answers spell it in one word
	StatusTerminating      = "Terminating"
	StatusTerminated       = "Terminated"
)

// BusinessNormal is the business status of a circuit that nothing is wrong with.
const BusinessNormal = "Normal"

// LOAComplete is the LOA status of a circuit whose construction is reported and
// confirmed.
const LOAComplete = "Complete"

// Readiness says whether an occupancy order can be placed for a circuit.
type Readiness int

const (
	// Payable circuits wait for their order.
	Payable Readiness = iota
	// NotYet circuits need a human step first.
	NotYet
	// Unsure circuits may or may not take an order: the API decides.
	Unsure
	// InService circuits are enabled: they have been ordered.
	InService
	// NeverPayable circuits will not take an order as they are.
	NeverPayable
)

// Assessment is the readiness of a circuit, in words.
type Assessment struct {
	Readiness Readiness
	// State names the state that the API reports, for example
	// "Allocated (LOA Available)".
	State string
	// NextStep says what has to happen before the circuit can be ordered, or why
	// nothing will help. It is empty for a payable circuit.
	NextStep string
}

// Assess judges whether an occupancy order can be placed for the circuit: it
// waits for payment when it is Confirmed and its LOA is Complete, or was never
// asked for.
func (c Circuit) Assess() Assessment {
	assessment := Assessment{State: c.Status}
	if c.LOAStatus != "" {
		assessment.State = fmt.Sprintf("%s (LOA %s)", c.Status, c.LOAStatus)
	}
	assessment.Readiness, assessment.NextStep = c.judge()
	return assessment
}

func (c Circuit) judge() (Readiness, string) {
	switch c.Status {
	case StatusConfirmed:
		if c.LOAStatus == LOAComplete || c.LOAStatus == "" {
			return Payable, ""
		}
		return Unsure, "The LOA is not complete: " + c.nextLOAStep()
	case StatusEnabled:
		return InService, "The circuit is in service: its port has been ordered and paid."
	case StatusInitial:
		return NotYet, "Wait until Alibaba Cloud has approved the application."
	case StatusApproved, StatusAllocating:
		return NotYet, "Wait until Alibaba Cloud has allocated the port."
	case StatusAllocated:
		if c.LOAStatus == LOAComplete {
			return NotYet, "The LOA is complete. Confirm the circuit (console: confirm construction; API: ConfirmPhysicalConnection)."
		}
		if c.LOAStatus == "" {
			return NotYet, "When the line is built, confirm the circuit (console: confirm construction; API: ConfirmPhysicalConnection), after the LOA steps if your access point asks for an LOA."
		}
		return NotYet, "Construction phase: " + c.nextLOAStep()
	case StatusRejected:
		return NeverPayable, "The application was refused. Correct it (API: ModifyPhysicalConnectionAttribute), so that it is reviewed again, or apply for another circuit."
	case StatusCanceled:
		return NeverPayable, "The circuit was cancelled before it came into service. Apply for another circuit."
	case StatusAllocationFailed, "AllocationFailed":
		return NeverPayable, "Alibaba Cloud had no port to allocate. Apply for another circuit, or at another access point."
	case StatusTerminating, StatusTerminated:
		return NeverPayable, "The circuit is being or has been taken out of service. Apply for another circuit."
	default:
		return Unsure, fmt.Sprintf("The status %q is not known to this version of the provider; the API decides whether the circuit can be ordered.", c.Status)
	}
}

// nextLOAStep names the step that the letter of authorization waits for.
//
// Source: https://www.alibabacloud.com/help/en/express-connect/developer-reference/api-vpc-2016-04-28-completephysicalconnectionloa-efficiency-channels
func (c Circuit) nextLOAStep() string {
	switch c.LOAStatus {
	case "Applying", "Accept":
		return "wait until Alibaba Cloud has issued the LOA."
	case "Available":
		return "give the LOA to your carrier, have the line built, then report the construction as complete (console, or API: CompletePhysicalConnectionLOA)."
	case "Completing":
		return "wait until Alibaba Cloud has checked the construction, then confirm the circuit (API: ConfirmPhysicalConnection)."
	case "Rejected":
		return "the LOA was refused; correct the application for it and apply again (API: ApplyPhysicalConnectionLOA)."
	case "Deleted":
		return "the LOA was deleted; apply for another one (API: ApplyPhysicalConnectionLOA)."
	default:
		return fmt.Sprintf("its LOA status is %q; see the circuit in the Express Connect console.", c.LOAStatus)
	}
}

// Statuses returns the known statuses of a circuit in the order of its life.
func Statuses() []string {
	return []string{
		StatusInitial, StatusApproved, StatusAllocating, StatusAllocated, StatusConfirmed, StatusEnabled,
		StatusRejected, StatusCanceled, StatusAllocationFailed, StatusTerminating, StatusTerminated,
	}
}

// lifeline is the way of a circuit that meets no trouble.
var lifeline = []string{
	StatusInitial, StatusApproved, StatusAllocating, StatusAllocated, StatusConfirmed, StatusEnabled, StatusTerminating, StatusTerminated,
}

// Is reports whether the circuit has the status, in either spelling of the API.
func (c Circuit) Is(status string) bool {
	return c.Status == status || status == StatusAllocationFailed && c.Status == "AllocationFailed"
}

// CannotReach reports whether a circuit in its status will not come to the wanted
// one any more: it has passed it, or stands aside for good.
func (c Circuit) CannotReach(wanted string) bool {
	if c.Is(wanted) {
		return false
	}
	now, then := slices.Index(lifeline, c.Status), slices.Index(lifeline, wanted)
	switch {
	case now >= 0 && then >= 0:
		return now > then
	case now >= 0: // Rejected, Canceled, Allocation Failed
		return now >= slices.Index(lifeline, StatusEnabled)
	default:
		return c.Assess().Readiness == NeverPayable
	}
}
