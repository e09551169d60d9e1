package account

import "time"

const (
	businessNormal = "Normal"
	businessLocked = "FinancialLocked"
)

// The documented times before and after the end of a term.
const (
	firstChargeDays = 9 // before the end
	stopAfter       = 15 * 24 * time.Hour
	releaseAfter    = 7 * 24 * time.Hour // after the stop
	chargeHour      = 8                  // in UTC+8
)

// StopTime returns when the circuit is suspended unless it is renewed; zero without a term.
func (c *Circuit) StopTime() time.Time { return later(c.EndTime, stopAfter) }

// ReleaseTime returns when the circuit is released unless it is renewed; zero without a term.
func (c *Circuit) ReleaseTime() time.Time { return later(c.StopTime(), releaseAfter) }

func later(at time.Time, d time.Duration) time.Time {
	if at.IsZero() {
		return at
	}
	return at.Add(d)
}

// hasTerm reports whether the circuit is in service for a term that was paid.
func (c *Circuit) hasTerm() bool { return c.Status == StatusEnabled && !c.EndTime.IsZero() }

// playTerms charges renewals, and suspends and releases circuits whose term has ended. All
// circuits pay from one balance, so it plays the events of all of them in order.
func (a *Account) playTerms(now time.Time) {
	for {
		var next *circuitRecord
		due := now
		for _, record := range a.circuits {
			if at, _ := record.nextTermEvent(); !at.IsZero() && (at.Before(due) || next == nil && at.Equal(due)) {
				next, due = record, at
			}
		}
		if next == nil {
			return
		}
		_, play := next.nextTermEvent()
		play(a, next, due)
	}
}

// termEvent changes a circuit at a time.
type termEvent func(a *Account, record *circuitRecord, at time.Time)

// nextTermEvent returns the next event of the circuit's term and its time, which is zero if
// there is none. A circuit that is locked is not charged.
func (r *circuitRecord) nextTermEvent() (time.Time, termEvent) {
	if !r.hasTerm() {
		return time.Time{}, nil
	}
	if r.BusinessStatus == businessLocked {
		return r.ReleaseTime(), (*Account).release
	}
	stop := r.StopTime()
	if r.Renewal.Status == AutoRenewal {
		if at := r.nextCharge(); at.Before(stop) {
			return at, (*Account).chargeRenewal
		}
	}
	return stop, (*Account).suspend
}

// nextCharge returns when the next renewal is charged: first at 08:00 some days before the
// end of the term, then every day.
func (r *circuitRecord) nextCharge() time.Time {
	first := atChargeHour(r.EndTime.AddDate(0, 0, -firstChargeDays))
	if first.After(r.chargedUntil) {
		return first
	}
	today := atChargeHour(r.chargedUntil)
	if today.After(r.chargedUntil) {
		return today
	}
	return today.AddDate(0, 0, 1)
}

func atChargeHour(day time.Time) time.Time {
	year, month, date := day.In(utc8).Date()
	return time.Date(year, month, date, chargeHour, 0, 0, 0, utc8)
}

// chargeRenewal pays a renewal if the balance is high enough. Otherwise there is no order.
func (a *Account) chargeRenewal(record *circuitRecord, at time.Time) {
	record.chargedUntil = at
	renewal, cycle := record.Renewal.withDefaults(), CycleMonth
	if renewal.Unit == unitYear {
		cycle = cycleYear
	}
	order := a.renewalOrder(record, renewal.Period, cycle, at.UTC())
	if order.Price.Total() > a.balance {
		return
	}
	order.AutoPay = true
	a.orders.addOther(order)
	a.pay(order, order.CreatedAt)
}

// suspend stops the service of a circuit whose term has ended.
func (*Account) suspend(record *circuitRecord, _ time.Time) {
	record.BusinessStatus = businessLocked
}

// release ends a circuit that was not renewed.
func (a *Account) release(record *circuitRecord, at time.Time) {
	record.enter(StatusTerminated, at, a.quirks)
}

// renew extends the term and returns the added part. It ends a suspension.
func (r *circuitRecord) renew(months int, at time.Time) (start, end time.Time) {
	start = r.EndTime
	r.EndTime = endOfRenewal(start, months)
	if r.BusinessStatus == businessLocked && r.StopTime().After(at) {
		r.BusinessStatus = businessNormal
	}
	return start, r.EndTime
}
