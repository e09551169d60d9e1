package account

import (
	"maps"
	"slices"
	"time"
)

// Clone returns a copy of the account with another clock. The copy shows the same time now,
// and shares nothing that changes. No request of the copy is in progress.
func (a *Account) Clone(clock func() time.Time) *Account {
	defer a.lockCurrent()()
	c := New(clock, a.quirks)
	c.offset = a.now().Sub(clock())
	c.circuitsIssued, c.trafficOpened, c.balance = a.circuitsIssued, a.trafficOpened, a.balance
	c.tokens = maps.Clone(a.tokens)
	for _, order := range a.orders.occupancy {
		copied := order.clone()
		c.orders.occupancy = append(c.orders.occupancy, &copied)
		c.orders.insert(&copied)
	}
	for _, order := range a.orders.others {
		copied := order.clone()
		c.orders.addOther(&copied)
	}
	for _, record := range a.circuits {
		copied := *record
		copied.Circuit = record.Clone()
		copied.renewals = slices.Clone(record.renewals)
		if record.paidBy != nil {
			copied.paidBy = c.orders.byID[record.paidBy.ID]
		}
		c.circuits = append(c.circuits, &copied)
	}
	return c
}
