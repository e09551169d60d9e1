package account

import "time"

// The states of a circuit, as DescribePhysicalConnections returns them.
// ChangeCircuit accepts these and any other state.
const (
	StatusInitial          = "Initial"
	StatusApproved         = "Approved"
	StatusAllocating       = "Allocating"
	StatusAllocated        = "Allocated"
	StatusConfirmed        = "Confirmed"
	StatusEnabled          = "Enabled"
	StatusRejected         = "Rejected"
	StatusCanceled         = "Canceled"
	StatusAllocationFailed = "Allocation Failed"
	StatusTerminating      = "Terminating"
	StatusTerminated       = "Terminated"
)

// Statuses returns the states in the order of a circuit's life, then those of failures.
func Statuses() []string {
	return []string{
		StatusInitial, StatusApproved, StatusAllocating, StatusAllocated, StatusConfirmed, StatusEnabled,
		StatusTerminating, StatusTerminated, StatusRejected, StatusCanceled, StatusAllocationFailed,
	}
}

// The states of a letter of authorization that the emulator uses.
const (
	loaCompleting = "Completing"
	loaComplete   = "Complete"
)

// circuitRecord is a circuit and its next changes.
type circuitRecord struct {
	Circuit

	// enableAt is when a paid circuit becomes Enabled; zero if no payment is pending.
	enableAt time.Time
	paidBy   *Order // the order of that payment

	// changeAt is when construction or termination takes its next step; zero if there is none.
	changeAt time.Time

	// chargedUntil is the time until which the charges of AutoRenewal were played.
	chargedUntil time.Time
	renewals     []renewalChange // the settings before each change, oldest first
}

// pay plans the change to Enabled after the delay.
func (r *circuitRecord) pay(order *Order, delay time.Duration) {
	if r.Status == StatusConfirmed && r.enableAt.IsZero() {
		r.enableAt = order.PaidAt.Add(delay)
		r.paidBy = order
	}
}

func (r *circuitRecord) applyDueChanges(now time.Time, quirks Quirks) {
	r.enable(now)
	for !r.changeAt.IsZero() && !now.Before(r.changeAt) {
		next := quirks.nextStatus(r.Status)
		if next == "" {
			return
		}
		r.enter(next, r.changeAt, quirks)
	}
}

// enter sets the status and plans the next change, if the new status has one.
func (r *circuitRecord) enter(status string, at time.Time, quirks Quirks) {
	r.Status = status
	r.changeAt = time.Time{}
	switch status {
	case StatusInitial, StatusApproved, StatusAllocating:
		r.changeAt = at.Add(quirks.constructionDelay())
	case StatusTerminating:
		r.changeAt = at.Add(quirks.terminationDelay())
	}
}

func (r *circuitRecord) enable(now time.Time) {
	if r.enableAt.IsZero() || now.Before(r.enableAt) {
		return
	}
	if r.Status == StatusConfirmed {
		r.Status = StatusEnabled
		r.ChargeType = "Prepaid"
		r.EnabledTime = r.enableAt
		r.EndTime = endOfTerm(r.enableAt, r.paidBy.months())
		r.setRenewal(r.paidBy.renewalOf(r.Renewal), r.enableAt)
	}
	r.enableAt, r.paidBy = time.Time{}, nil
}
