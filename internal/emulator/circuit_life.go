package emulator

import "time"

// The states of a circuit, in the words of DescribePhysicalConnections. A
// circuit may be put into any of them, and into others, with ChangeCircuit.
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

// Statuses returns the states in the order of a circuit's life, then those beside it.
func Statuses() []string {
	return []string{
		StatusInitial, StatusApproved, StatusAllocating, StatusAllocated, StatusConfirmed, StatusEnabled,
		StatusTerminating, StatusTerminated, StatusRejected, StatusCanceled, StatusAllocationFailed,
	}
}

// The states of a letter of authorization that the emulator itself reads or
// gives.
const (
	loaCompleting = "Completing"
	loaComplete   = "Complete"
)

// circuitRecord is a circuit and what is about to happen to it.
type circuitRecord struct {
	Circuit

	// enableAt is when a paid circuit goes into service; zero when no payment
	// is being worked on.
	enableAt     time.Time
	enableMonths int

	// changeAt is when construction or termination takes its next step; zero
	// when neither is under way.
	changeAt time.Time
}

// pay starts the way into service: the circuit turns Enabled by itself when
// the delay has passed.
func (r *circuitRecord) pay(now time.Time, delay time.Duration, months int) {
	if r.Status == StatusConfirmed && r.enableAt.IsZero() {
		r.enableAt = now.Add(delay)
		r.enableMonths = months
	}
}

// settle carries out what became due until now.
func (r *circuitRecord) settle(now time.Time, quirks Quirks) {
	r.enable(now)
	for !r.changeAt.IsZero() && !now.Before(r.changeAt) {
		next := quirks.nextStatus(r.Status)
		if next == "" {
			return
		}
		r.enter(next, r.changeAt, quirks)
	}
}

// enter puts the circuit into a state that it was led to, and plans the step
// that it takes from there by itself.
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
		r.EndTime = endOfTerm(r.enableAt, r.enableMonths)
	}
	r.enableAt = time.Time{}
}

// renew extends the term and returns the part that was added.
func (r *circuitRecord) renew(months int) (start, end time.Time) {
	start = r.EndTime
	r.EndTime = endOfRenewal(start, months)
	return start, r.EndTime
}
