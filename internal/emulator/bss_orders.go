package emulator

import (
	"slices"
	"time"
)

const (
	ordersPageSize = 20
	// maxOrdersPageSize is not documented; sizes beyond the default are said to
	// be slow.
	maxOrdersPageSize = 300
	// ordersWindow is how far QueryOrders looks back by itself.
	ordersWindow = time.Hour
)

// orderDetail carries out GetOrderDetail: one row for each sub-order.
func (e *Emulator) orderDetail(q *request) (object, *apiError) {
	rows := list{}
	if order := e.findOrder(q.params[paramOrderID]); order != nil {
		for _, row := range e.billingRows(order) {
			rows = append(rows, row.detail())
		}
	}
	if len(rows) == 0 && e.quirks.UnknownOrderCode != "" {
		return nil, fail(e.quirks.UnknownOrderCode)
	}
	return orderList(rows, len(rows), 1, ordersPageSize), nil
}

// queryOrders carries out QueryOrders: the sub-orders created in a window of
// time, newest first, without the instances that they name.
func (e *Emulator) queryOrders(q *request) (object, *apiError) {
	from, to, failure := e.window(q)
	if failure != nil {
		return nil, failure
	}
	page, failure := q.number("PageNum", 1, 1<<31-1)
	if failure != nil {
		return nil, invalidParameter("PageNum")
	}
	size, failure := q.number("PageSize", ordersPageSize, maxOrdersPageSize)
	if failure != nil {
		return nil, invalidParameter("PageSize")
	}
	rows, found, skipped := list{}, 0, (page-1)*size
	for _, order := range slices.Backward(e.ledger) {
		// Times have seconds, on both sides of the comparison.
		created := order.CreatedAt.Truncate(time.Second)
		if created.Before(from) {
			break
		}
		if created.After(to) {
			continue
		}
		for _, row := range e.billingRows(order) {
			if !row.matches(q.params) {
				continue
			}
			if found >= skipped && len(rows) < size {
				rows = append(rows, row.summary())
			}
			found++
		}
	}
	return orderList(rows, found, page, size), nil
}

// window reads the span of creation times, both ends included.
func (e *Emulator) window(q *request) (from, to time.Time, failure *apiError) {
	to = e.now()
	if text, sent := q.params["CreateTimeEnd"]; sent {
		if to, failure = readTime("CreateTimeEnd", text); failure != nil {
			return from, to, failure
		}
	}
	from = to.Add(-ordersWindow)
	if text, sent := q.params["CreateTimeStart"]; sent {
		from, failure = readTime("CreateTimeStart", text)
	}
	return from, to, failure
}

func readTime(name, text string) (time.Time, *apiError) {
	at, ok := parseTime(text)
	if !ok {
		return at, invalidParameter(name)
	}
	return at, nil
}

// orderList is the data of both operations that read orders.
func orderList(rows list, total, page, size int) object {
	return object{
		{"HostName", "cn"},
		{"PageNum", int64(page)},
		{"PageSize", int64(size)},
		{"TotalCount", int64(total)},
		{"OrderList", object{{"Order", rows}}},
	}
}
