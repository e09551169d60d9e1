package bss

import (
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/renewal"
)

// ParsePrice reads the answer to a question for a price.
var ParsePrice = parsePrice

// Amount reads an amount, and Money one that may have an exponent.
func Amount(text string) (amountOf, moneyOf string) {
	return amount(rpc.Text(text)), money(rpc.Text(text))
}

// ParseOrder returns the lines of an order.
func ParseOrder(body []byte, orderID string) ([]billing.OrderLine, string) {
	rows, problem := parseOrder(body, orderID)
	return orderLines(rows, new(time.Time)), problem
}

// ParseOrders returns the lines of a page of orders.
func ParseOrders(body []byte) ([]billing.OrderLine, string) {
	rows, _, problem := parseOrders(body)
	return orderLines(rows, nil), problem
}

// ParseInstances returns the instances of a page.
func ParseInstances(body []byte) (instances []renewal.Instance, problem string) {
	rows, _, problem := parseInstances(body)
	for _, row := range rows {
		instances = append(instances, row.instance())
	}
	return instances, problem
}
