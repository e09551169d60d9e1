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
	StatusAllocationFailed = "Allocation Failed" // some answers have no space
	StatusTerminating      = "Terminating"
	StatusTerminated       = "Terminated"
)

// BusinessNormal is the business status of a circuit that is not locked.
const BusinessNormal = "Normal"

// LOAComplete is the LOA status of a circuit after its construction is confirmed.
const LOAComplete = "Complete"

// Readiness is whether an occupancy order can be placed for a circuit.
type Readiness int

const (
	// Payable circuits can be ordered now.
	Payable Readiness = iota
	// NotYet circuits need a manual step first.
	NotYet
	// Unsure circuits can perhaps be ordered. Only the API can decide that.
	Unsure
	// InService circuits are enabled, so they already have an order.
	InService
	// NeverPayable circuits can no longer be ordered.
	NeverPayable
)

// State returns the status and the LOA status, for example "Allocated (LOA Available)".
func (c Circuit) State() string {
	if c.LOAStatus != "" {
		return fmt.Sprintf("%s (LOA %s)", c.Status, c.LOAStatus)
	}
	return c.Status
}

// Readiness returns whether an occupancy order can be placed for the circuit. A circuit is
// payable if it is Confirmed, and its LOA is Complete or it has no LOA.
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

// Statuses returns the known statuses of a circuit in the usual order.
func Statuses() []string {
	return []string{
		StatusInitial, StatusApproved, StatusAllocating, StatusAllocated, StatusConfirmed, StatusEnabled,
		StatusRejected, StatusCanceled, StatusAllocationFailed, StatusTerminating, StatusTerminated,
	}
}

// normalLife are the statuses of a circuit without problems, in order.
var normalLife = []string{
	StatusInitial, StatusApproved, StatusAllocating, StatusAllocated, StatusConfirmed, StatusEnabled, StatusTerminating, StatusTerminated,
}

// Is reports whether the circuit has the status, in either spelling of the API.
func (c Circuit) Is(status string) bool {
	return c.Status == status || status == StatusAllocationFailed && c.Status == "AllocationFailed"
}

// IsLocked reports whether the circuit has a business status, and it is not normal.
func (c Circuit) IsLocked() bool { return c.BusinessStatus != "" && c.BusinessStatus != BusinessNormal }

// CannotReach reports whether the circuit can no longer get the wanted status: it is past
// that status, or its own status is final.
func (c Circuit) CannotReach(wanted string) bool {
	if c.Is(wanted) {
		return false
	}
	now, then := slices.Index(normalLife, c.Status), slices.Index(normalLife, wanted)
	switch {
	case now >= 0 && then >= 0:
		return now > then
	case now >= 0: // Rejected, Canceled, Allocation Failed
		return now >= slices.Index(normalLife, StatusEnabled)
	default:
		return c.Readiness() == NeverPayable
	}
}
