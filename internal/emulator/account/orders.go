package account

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// OrderStateError is the error for an order that is not unpaid.
type OrderStateError struct {
	ID     string
	Status OrderStatus // empty if there is no such order
}

// Error returns the status of the order.
func (e *OrderStateError) Error() string {
	if e.Status == "" {
		return "no order " + e.ID
	}
	return fmt.Sprintf("order %s is %s", e.ID, e.Status)
}

// Orders returns the occupancy orders that were placed through the API and with
// PlaceConsoleOrder, in the order of placing.
func (a *Account) Orders() []Order {
	defer a.lockCurrent()()
	return cloneAll(a.orders.occupancy)
}

// OtherOrders returns the renewals and the orders of AddOtherOrder, in the order of adding.
func (a *Account) OtherOrders() []Order {
	defer a.lockCurrent()()
	return cloneAll(a.orders.others)
}

// Order returns any order, and whether it exists.
func (a *Account) Order(id string) (Order, bool) {
	defer a.lockCurrent()()
	order := a.orders.byID[id]
	if order == nil {
		return Order{}, false
	}
	return order.clone(), true
}

// OrdersCreated returns all orders that were created between two times, newest first.
// It compares whole seconds and includes both times.
func (a *Account) OrdersCreated(from, to time.Time) []Order {
	defer a.lockCurrent()()
	var found []Order
	for _, order := range slices.Backward(a.orders.all) {
		created := order.CreatedAt.Truncate(time.Second)
		if created.Before(from) {
			break
		}
		if !created.After(to) {
			found = append(found, *order)
		}
	}
	return found
}

// PayOrder pays an unpaid order from the balance, as a user does in the console. It fails
// with an *OrderStateError if the order is not unpaid, and if the balance is too low.
func (a *Account) PayOrder(orderID string) error {
	defer a.lockCurrent()()
	order, err := a.unpaidOrder(orderID)
	if err != nil {
		return err
	}
	if total := order.Price.Total(); total > a.balance {
		return fmt.Errorf("order %s costs %s, the balance is %s", orderID, total, a.balance)
	}
	a.pay(order, a.now())
	return nil
}

// CancelOrder cancels an unpaid order, as a user does in the console. It fails with an
// *OrderStateError if the order is not unpaid.
func (a *Account) CancelOrder(orderID string) error {
	defer a.lockCurrent()()
	order, err := a.unpaidOrder(orderID)
	if err != nil {
		return err
	}
	order.cancel(a.now())
	return nil
}

func (a *Account) unpaidOrder(orderID string) (*Order, error) {
	order := a.orders.byID[orderID]
	switch {
	case order == nil:
		return nil, &OrderStateError{ID: orderID}
	case order.Status != OrderUnpaid:
		return nil, &OrderStateError{ID: orderID, Status: order.Status}
	default:
		return order, nil
	}
}

// Renew places an unpaid order that extends the term of a circuit, as a user does in the
// console. The payment moves the circuit's EndTime. It fails for a circuit without EndTime,
// and for one that was released.
func (a *Account) Renew(region, circuitID string, months int) (Order, error) {
	defer a.lockCurrent()()
	record := a.findCircuit(region, circuitID)
	if record == nil || record.EndTime.IsZero() || record.Status == StatusTerminated {
		return Order{}, fmt.Errorf("no circuit %s in %s has a term to extend", circuitID, region)
	}
	if months < 1 || months > maxPeriod {
		return Order{}, fmt.Errorf("a renewal lasts 1 to %d months, not %d", maxPeriod, months)
	}
	order := a.renewalOrder(record, months, CycleMonth, a.now())
	a.orders.addOther(order)
	return order.clone(), nil
}

// AddOtherOrder adds an order that only billing shows: of another product, or of a circuit
// but placed elsewhere. CircuitID is the instance it names. Empty fields get a default: the
// next ID, product "ecs", type New, created now, Paid. Its payment does not change circuits.
// AddOtherOrder panics if CheckOtherOrder returns an error.
func (a *Account) AddOtherOrder(order Order) Order {
	if err := a.CheckOtherOrder(order); err != nil {
		panic("emulator: " + err.Error())
	}
	defer a.lockCurrent()()
	order.ID = cmp.Or(order.ID, a.orders.nextID())
	order.ProductCode = cmp.Or(order.ProductCode, "ecs")
	order.Type = cmp.Or(order.Type, OrderTypeNew)
	order.Status = cmp.Or(order.Status, OrderPaid)
	if order.CreatedAt.IsZero() {
		order.CreatedAt = a.now()
	}
	switch {
	case order.Status == OrderPaid && order.PaidAt.IsZero():
		order.PaidAt = order.CreatedAt
	case order.Status == OrderCancelled && order.CancelledAt.IsZero():
		order.CancelledAt = order.CreatedAt
	}
	order = order.clone()
	a.orders.addOther(&order)
	return order.clone()
}

// CheckOtherOrder returns an error if AddOtherOrder cannot add the order: it has an ID that
// exists, or values that no order has.
func (a *Account) CheckOtherOrder(order Order) error {
	defer a.read()()
	if a.orders.byID[order.ID] != nil {
		return fmt.Errorf("there is an order with the ID %q", order.ID)
	}
	order.Status = cmp.Or(order.Status, OrderPaid)
	return order.check()
}

const firstOrderID = 50187050000001

// orderStore holds the orders of the account.
type orderStore struct {
	occupancy []*Order // placed through the API or with PlaceConsoleOrder
	others    []*Order // renewals and those of AddOtherOrder
	all       []*Order // both, oldest first
	byID      map[string]*Order
}

// nextID returns the next ID of the sequence that no order has.
func (s *orderStore) nextID() string {
	for number := firstOrderID + len(s.all); ; number++ {
		if id := strconv.Itoa(number); s.byID[id] == nil {
			return id
		}
	}
}

// addNew adds an unpaid occupancy order and gives it an ID.
func (s *orderStore) addNew(order Order) *Order {
	order.ID = s.nextID()
	order.Type = OrderTypeNew
	order.Status = OrderUnpaid
	s.occupancy = append(s.occupancy, &order)
	s.insert(&order)
	return &order
}

// addOther adds a renewal or an order of another product.
func (s *orderStore) addOther(order *Order) {
	s.others = append(s.others, order)
	s.insert(order)
}

func (s *orderStore) insert(order *Order) {
	s.byID[order.ID] = order
	at, _ := slices.BinarySearchFunc(s.all, order, func(a, b *Order) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	s.all = slices.Insert(s.all, at, order)
}

// unpaidOrderOf reports whether a circuit has an unpaid occupancy order.
func (s *orderStore) unpaidOrderOf(region, circuitID string) bool {
	return slices.ContainsFunc(s.occupancy, func(o *Order) bool {
		return o.Region == region && o.CircuitID == circuitID && o.Status == OrderUnpaid
	})
}

func cloneAll(orders []*Order) []Order {
	clones := make([]Order, 0, len(orders))
	for _, order := range orders {
		clones = append(clones, order.clone())
	}
	return clones
}
