package account

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// The values of Renewal.Status.
const (
	AutoRenewal   = "AutoRenewal"
	ManualRenewal = "ManualRenewal"
	NotRenewal    = "NotRenewal"
)

const (
	unitMonth = "M"
	unitYear  = "Y"
)

// Renewal is the renewal setting of a circuit.
type Renewal struct {
	// Status is AutoRenewal, ManualRenewal or NotRenewal; empty means ManualRenewal.
	Status string
	// Period and Unit are the term that AutoRenewal adds. The API accepts 1, 2, 3, 6 and 12.
	// Unit is "M" for months or "Y" for years; empty means "M".
	Period int
	Unit   string
	// Unlisted is true if QueryAvailableInstances does not list the circuit. SetRenewal
	// accepts it.
	Unlisted bool
}

// Check returns an error if the API does not accept the setting.
func (r Renewal) Check() error {
	for _, field := range []struct {
		name, value string
		valid       []string
	}{
		{"status", r.Status, []string{"", AutoRenewal, ManualRenewal, NotRenewal}},
		{"unit", r.Unit, []string{"", unitMonth, unitYear}},
	} {
		if !slices.Contains(field.valid, field.value) {
			return fmt.Errorf("the %s of a renewal is %q, want one of %q", field.name, field.value, field.valid[1:])
		}
	}
	if periods := []int{1, 2, 3, 6, 12}; r.Status == AutoRenewal && !slices.Contains(periods, r.Period) {
		return fmt.Errorf("the period of %s is %d, want one of %d", AutoRenewal, r.Period, periods)
	}
	return nil
}

// withDefaults returns the setting with the values that empty fields mean.
func (r Renewal) withDefaults() Renewal {
	r.Status = cmp.Or(r.Status, ManualRenewal)
	r.Period = max(r.Period, 1)
	r.Unit = cmp.Or(r.Unit, unitMonth)
	return r
}

// SetRenewal changes the setting of circuits in any region, or of none if one of them does
// not exist or is not in service. Unlisted stays the same.
func (a *Account) SetRenewal(ids []string, wanted Renewal) error {
	defer a.lockCurrent()()
	var records []*circuitRecord
	for _, id := range ids {
		found := len(records)
		for _, record := range a.circuits {
			if record.ID == id && record.hasTerm() {
				records = append(records, record)
			}
		}
		if len(records) == found {
			return fmt.Errorf("the account has no circuit %q that is paid", id)
		}
	}
	for _, record := range records {
		wanted.Unlisted = record.Renewal.Unlisted
		record.setRenewal(wanted, a.now())
	}
	return nil
}

// Instances returns the circuits that billing lists, oldest first, with the renewal setting
// that it shows.
func (a *Account) Instances() []Circuit {
	defer a.lockCurrent()()
	seen := a.now().Add(-a.quirks.RenewalLag)
	instances := []Circuit{}
	for _, record := range a.circuits {
		if record.hasTerm() && !record.Renewal.Unlisted && !record.EnabledTime.After(seen) {
			instance := record.Clone()
			instance.Renewal = record.renewalAt(seen).withDefaults()
			instances = append(instances, instance)
		}
	}
	return instances
}

// renewalChange is the setting of a circuit since a time.
type renewalChange struct {
	at      time.Time
	renewal Renewal
}

// setRenewal changes the setting. From then on, charges are due.
func (r *circuitRecord) setRenewal(renewal Renewal, at time.Time) {
	r.chargedUntil = at
	if renewal != r.Renewal {
		r.renewals = append(r.renewals, renewalChange{at, r.Renewal})
		r.Renewal = renewal
	}
}

// renewalAt returns the setting that the circuit had at a time.
func (r *circuitRecord) renewalAt(at time.Time) Renewal {
	for _, change := range r.renewals {
		if change.at.After(at) {
			return change.renewal
		}
	}
	return r.Renewal
}

// renewalOrder returns an unpaid order that adds a term to a circuit.
func (a *Account) renewalOrder(record *circuitRecord, period int, cycle string, at time.Time) *Order {
	order := &Order{
		ID:           a.orders.nextID(),
		Region:       record.Region,
		CircuitID:    record.ID,
		Type:         OrderTypeRenew,
		Period:       min(period, maxPeriod), // AutoRenewDuration can be longer.
		PricingCycle: cycle,
		CreatedAt:    at,
		Status:       OrderUnpaid,
	}
	order.Price = a.quirks.price(&record.Circuit, order.months())
	return order
}
