package emulator

import "cmp"

// cancelOrder carries out CancelOrder.
func (e *Emulator) cancelOrder(q *request) (object, *apiError) {
	order := e.findOrder(q.params[paramOrderID])
	var refused string
	switch {
	case order == nil:
		refused = cmp.Or(e.quirks.CancelUnknownCode, "InvalidParameter")
	case order.Status == OrderPaid:
		refused = cmp.Or(e.quirks.CancelPaidCode, "InvalidParameter")
	case order.Status == OrderCancelled:
		refused = cmp.Or(e.quirks.CancelCancelledCode, "InvalidParameter")
	default:
		order.cancel(e.now())
	}
	if refused != "" && refused != codeSuccess {
		return nil, fail(refused)
	}
	return object{{"HostId", "cn"}}, nil
}
