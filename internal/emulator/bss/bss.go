// Package bss serves the emulated operations of the billing API: orders, prices, renewal
// settings and the balance.
package bss

import (
	"cmp"
	"net"
	"net/http"
	"strings"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/account"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/gateway"
)

// The parameters that several operations have.
const (
	paramOrderID          = "OrderId"
	paramProductCode      = "ProductCode"
	paramProductType      = "ProductType"
	paramSubscriptionType = "SubscriptionType"
)

// service serves billing for one account.
type service struct{ store *account.Account }

// Operations returns the operations of the billing API.
func Operations(store *account.Account) []gateway.Operation {
	s := service{store}
	orders := envelope{store, "Success", "Successful!"}
	return []gateway.Operation{
		orders.operation("QueryOrders", "bss:DescribeOrderList", s.queryOrders),
		orders.operation("GetOrderDetail", "bss:DescribeOrderDetail", s.orderDetail, paramOrderID),
		orders.operation("CancelOrder", "bss:CancelOrder", s.cancelOrder, paramOrderID),
		orders.operation("GetSubscriptionPrice", "bss:DescribePrice", s.subscriptionPrice, paramProductCode, paramSubscriptionType, "OrderType"),
		orders.operation("QueryAvailableInstances", "bss:DescribeInstances", s.availableInstances),
		orders.operation("SetRenewal", "bss:ModifyPrepaidInstanceAutoRenew", s.setRenewal, paramInstanceIDs, paramProductCode, paramRenewalStatus),
		// The API spells the permission like this.
		envelope{store, "200", "success"}.operation("QueryAccountBalance", "bss:DescribeAcccount", s.accountBalance),
	}
}

// envelope is the outer object of a successful answer of billing.
type envelope struct {
	store         *account.Account
	code, message string
}

// operation returns an operation whose answer the envelope contains, unless it is nil.
func (e envelope) operation(
	action, permission string, run func(*gateway.Request) (gateway.Object, error), required ...string,
) gateway.Operation {
	return gateway.Operation{
		Action: action, Product: gateway.ProductBSS, Version: "2017-12-14", Permission: permission, Required: required,
		Run: func(q *gateway.Request) (gateway.Object, error) {
			quirks := e.store.Quirks()
			var data gateway.Object
			err := checkHost(q, quirks)
			if err == nil {
				data, err = run(q)
			}
			if err != nil {
				refused := gateway.AsError(err)
				if quirks.UnsuccessfulAs200 {
					refused.Status = http.StatusOK
				}
				return nil, refused
			}
			answer := gateway.Object{
				{"Code", cmp.Or(quirks.BillingSuccessCode, e.code)},
				{"Message", e.message},
				{"RequestId", q.ID},
				{"Success", true},
			}
			if data != nil {
				answer = append(answer, gateway.Field{"Data", data})
			}
			return answer, nil
		},
	}
}

// checkHost refuses an account of the other site.
func checkHost(q *gateway.Request, quirks account.Quirks) error {
	host, _, err := net.SplitHostPort(q.Host)
	if err != nil {
		host = q.Host // It has no port.
	}
	if quirks.BillingHost != "" && !strings.EqualFold(host, quirks.BillingHost) {
		return gateway.NewError("NotApplicable")
	}
	return nil
}

// invalidParameter returns billing's error for an invalid value.
func invalidParameter(name string) error {
	return gateway.Errorf("InvalidParameter", "The specified parameter %s is not valid.", name)
}

// readPage reads number and size of a page.
func readPage(q *gateway.Request) (page, size int, err error) {
	if page, err = q.Number("PageNum", 1, 1<<31-1); err != nil {
		return 0, 0, invalidParameter("PageNum")
	}
	if size, err = q.Number("PageSize", defaultPageSize, maxPageSize); err != nil {
		return 0, 0, invalidParameter("PageSize")
	}
	return page, size, nil
}
