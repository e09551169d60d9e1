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

// State returns the state that the API reports, for example "Allocated (LOA Available)".
func (c Circuit) State() string {
	if c.LOAStatus != "" {
		return fmt.Sprintf("%s (LOA %s)", c.Status, c.LOAStatus)
	}
	return c.Status
}

// Readiness reports whether an occupancy order can be placed for the circuit. It can if
// the circuit is Confirmed and its LOA is Complete, or no LOA was applied for.
func (c Circuit) Readiness() Readiness {
	switch c.Status {
	case StatusConfirmed:
		if c.LOAStatus == LOAComplete || c.LOAStatus == "" {
			return Payable
		}
		return Unsure
	case StatusEnabled:
		return InService
	case StatusInitial, StatusApproved, StatusAllocating, StatusAllocated:
		return NotYet
	case StatusRejected, StatusCanceled, StatusAllocationFailed, "AllocationFailed", StatusTerminating, StatusTerminated:
		return NeverPayable
	default:
		return Unsure
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
		return c.Readiness() == NeverPayable
	}
}
