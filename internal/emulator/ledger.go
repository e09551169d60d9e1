package emulator

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// The types of orders that the emulator itself makes.
const (
	OrderTypeNew   = "New"
	OrderTypeRenew = "Renew"
)

type unknownOrderError struct{ orderID string }

func (e *unknownOrderError) Error() string { return "no order " + e.orderID }

// Orders returns the occupancy orders that were placed through the API and by
// PlaceConsoleOrder, as they are now, in the order of placing.
func (e *Emulator) Orders() []Order {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.settle()
	return cloneAll(e.orders)
}

// OtherOrders returns the orders of Renew and AddOtherOrder, as they are now,
// in the order of adding.
func (e *Emulator) OtherOrders() []Order {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.settle()
	return cloneAll(e.otherOrders)
}

// PayOrder pays an unpaid order from the balance, as a person does it in the
// console. It fails for an order that does not exist, is paid, was cancelled or
// has lapsed, and where the balance is too small.
func (e *Emulator) PayOrder(orderID string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	order, err := e.unpaidOrder(orderID)
	if err != nil {
		return err
	}
	if total := order.Price.Total(); total > e.balance {
		return fmt.Errorf("order %s costs %s, the balance is %s", orderID, total, e.balance)
	}
	e.pay(order, e.now())
	return nil
}

// CancelOrder cancels an unpaid order, as a person does it in the console. It
// fails for an order that does not exist, is paid, was cancelled or has lapsed.
func (e *Emulator) CancelOrder(orderID string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	order, err := e.unpaidOrder(orderID)
	if err != nil {
		return err
	}
	order.cancel(e.now())
	return nil
}

// Renew places an unpaid order that extends the term of a circuit, as a person
// does it in the console. The circuit's EndTime moves when the order is paid. It
// fails for a circuit that does not exist or has no EndTime yet.
func (e *Emulator) Renew(region, circuitID string, months int) (Order, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.settle()
	record := e.findCircuit(region, circuitID)
	if record == nil || record.EndTime.IsZero() {
		return Order{}, fmt.Errorf("no circuit %s in %s whose term could be extended", circuitID, region)
	}
	if months < 1 {
		return Order{}, errors.New("a renewal lasts at least one month")
	}
	order := &Order{
		ID:           e.nextOrderID(),
		Region:       region,
		CircuitID:    circuitID,
		Type:         OrderTypeRenew,
		Period:       months,
		PricingCycle: cycleMonth,
		CreatedAt:    e.now(),
		Status:       OrderUnpaid,
		Price:        e.priceOf(&record.Circuit, months),
	}
	e.otherOrders = append(e.otherOrders, order)
	e.enter(order)
	return order.clone(), nil
}

// AddOtherOrder adds an order of another product, or of a circuit but placed
// elsewhere, which only billing shows; CircuitID is the instance that it names.
// Fields that are empty get a default: an ID from the sequence, product "ecs",
// type New, created now, Paid. Its payment leaves circuits alone.
func (e *Emulator) AddOtherOrder(order Order) Order {
	e.mu.Lock()
	defer e.mu.Unlock()
	order.ID = cmp.Or(order.ID, e.nextOrderID())
	order.ProductCode = cmp.Or(order.ProductCode, "ecs")
	order.Type = cmp.Or(order.Type, OrderTypeNew)
	order.Status = cmp.Or(order.Status, OrderPaid)
	if order.CreatedAt.IsZero() {
		order.CreatedAt = e.now()
	}
	switch {
	case order.Status == OrderPaid && order.PaidAt.IsZero():
		order.PaidAt = order.CreatedAt
	case order.Status == OrderCancelled && order.CancelledAt.IsZero():
		order.CancelledAt = order.CreatedAt
	}
	order = order.clone()
	e.otherOrders = append(e.otherOrders, &order)
	e.enter(&order)
	return order.clone()
}

// nextOrderID counts up, past orders that were added under such an ID.
func (e *Emulator) nextOrderID() string {
	for number := firstOrderID + len(e.ledger); ; number++ {
		if id := strconv.Itoa(number); e.findOrder(id) == nil {
			return id
		}
	}
}

// enter puts an order into the ledger.
func (e *Emulator) enter(order *Order) {
	e.ordersByID[order.ID] = order
	at, _ := slices.BinarySearchFunc(e.ledger, order, func(a, b *Order) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	e.ledger = slices.Insert(e.ledger, at, order)
}

func (e *Emulator) findOrder(orderID string) *Order { return e.ordersByID[orderID] }

func (e *Emulator) unpaidOrder(orderID string) (*Order, error) {
	e.settle()
	order := e.findOrder(orderID)
	switch {
	case order == nil:
		return nil, &unknownOrderError{orderID: orderID}
	case order.Status != OrderUnpaid:
		return nil, fmt.Errorf("order %s is %s", orderID, order.Status)
	default:
		return order, nil
	}
}

// addOrder puts an occupancy order into the ledger and gives it ID and status.
func (e *Emulator) addOrder(order Order) *Order {
	order.ID = e.nextOrderID()
	order.Type = OrderTypeNew
	order.Status = OrderUnpaid
	e.orders = append(e.orders, &order)
	e.enter(&order)
	return &order
}

// pay books the payment whatever has become of the circuit meanwhile: a second
// paid order for one circuit is money spent twice, and the ledger shows it.
func (e *Emulator) pay(order *Order, at time.Time) {
	e.debit(order.Price.Total())
	order.Status = OrderPaid
	order.PaidAt = at
	if order.foreign() {
		return
	}
	record := e.findCircuit(order.Region, order.CircuitID)
	if order.Type == OrderTypeRenew {
		if record != nil {
			order.UsageStart, order.UsageEnd = record.renew(order.months())
		}
		return
	}
	delay := e.quirks.enableDelay()
	order.UsageStart = order.PaidAt.Add(delay)
	order.UsageEnd = endOfTerm(order.UsageStart, order.months())
	if record != nil {
		record.pay(order.PaidAt, delay, order.months())
	}
}

// settleOrders lets unpaid orders lapse.
func (e *Emulator) settleOrders(now time.Time) {
	for _, order := range e.ledger {
		order.lapse(now)
	}
}

func cloneAll(orders []*Order) []Order {
	clones := make([]Order, 0, len(orders))
	for _, order := range orders {
		clones = append(clones, order.clone())
	}
	return clones
}
