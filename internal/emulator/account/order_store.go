package account

import (
	"cmp"
	"slices"
	"strconv"
)

const firstOrderID = 50187050000001

// orderStore holds the orders of the account.
type orderStore struct {
	occupancy []*Order // placed through the API or with PlaceConsoleOrder
	others    []*Order // of Renew and AddOtherOrder
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
