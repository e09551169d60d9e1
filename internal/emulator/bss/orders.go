package bss

import (
	"cmp"
	"errors"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/account"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/gateway"
)

const (
	defaultPageSize = 20
	// maxPageSize is not documented. The documentation says that large pages are slow.
	maxPageSize = 300
	// defaultWindow is the period of QueryOrders if the request has no CreateTimeStart.
	defaultWindow = time.Hour
)

// orderDetail serves GetOrderDetail: one row for each sub-order.
func (s service) orderDetail(q *gateway.Request) (gateway.Object, error) {
	shown, quirks := gateway.List{}, s.store.Quirks()
	if order, found := s.store.Order(q.Params[paramOrderID]); found {
		for _, row := range rows(order, &quirks, s.store.Now()) {
			shown = append(shown, row.detail())
		}
	}
	if len(shown) == 0 && quirks.UnknownOrderCode != "" {
		return nil, gateway.NewError(quirks.UnknownOrderCode)
	}
	return orderList(shown, len(shown), 1, defaultPageSize), nil
}

// queryOrders serves QueryOrders: the sub-orders that were created in a period, newest
// first, without their instances.
func (s service) queryOrders(q *gateway.Request) (gateway.Object, error) {
	from, to, err := s.readPeriod(q)
	if err != nil {
		return nil, err
	}
	page, size, err := readPage(q)
	if err != nil {
		return nil, err
	}
	shown, found, skipped := gateway.List{}, 0, (page-1)*size
	orders := s.store.OrdersCreated(from, to)
	quirks, now := s.store.Quirks(), s.store.Now()
	for _, order := range orders {
		for _, row := range rows(order, &quirks, now) {
			if !row.matches(q.Params) {
				continue
			}
			if found >= skipped && len(shown) < size {
				shown = append(shown, row.summary())
			}
			found++
		}
	}
	return orderList(shown, found, page, size), nil
}

// readPeriod reads the first and the last creation time.
func (s service) readPeriod(q *gateway.Request) (from, to time.Time, err error) {
	if to, err = readTime(q, "CreateTimeEnd", s.store.Now()); err != nil {
		return from, to, err
	}
	from, err = readTime(q, "CreateTimeStart", to.Add(-defaultWindow))
	return from, to, err
}

func readTime(q *gateway.Request, name string, preset time.Time) (time.Time, error) {
	text, sent := q.Params[name]
	if !sent {
		return preset, nil
	}
	at, ok := gateway.ParseTime(text)
	if !ok {
		return at, invalidParameter(name)
	}
	return at, nil
}

// orderList returns the data of the operations that read orders.
func orderList(rows gateway.List, total, page, size int) gateway.Object {
	return gateway.Object{
		{"HostName", "cn"},
		{"PageNum", page},
		{"PageSize", size},
		{"TotalCount", total},
		{"OrderList", gateway.Object{{"Order", rows}}},
	}
}

// cancelOrder serves CancelOrder.
func (s service) cancelOrder(q *gateway.Request) (gateway.Object, error) {
	quirks, code := s.store.Quirks(), ""
	if state := (*account.OrderStateError)(nil); errors.As(s.store.CancelOrder(q.Params[paramOrderID]), &state) {
		switch state.Status {
		case account.OrderPaid:
			code = quirks.CancelPaidCode
		case account.OrderCancelled:
			code = quirks.CancelCancelledCode
		default:
			code = quirks.CancelUnknownCode
		}
		code = cmp.Or(code, "InvalidParameter")
	}
	if code != "" && code != "Success" {
		return nil, gateway.NewError(code)
	}
	return gateway.Object{{"HostId", "cn"}}, nil
}
