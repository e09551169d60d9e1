package bss_test

import (
	"math/big"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/alibabatest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/bss"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/renewal"
)

var orderLists = []string{
	alibabatest.OrderList(1, alibabatest.OrderRow(alibabatest.OrderID, `"PaymentStatus":"Paid"`, `"PretaxAmount":"1,234.50"`, `"InstanceIDs":"[\"pc-1\",\"pc-2\"]"`)),
	alibabatest.OrderList(2, alibabatest.OrderRow(alibabatest.OrderID, `"SubOrderId":"1"`), alibabatest.OrderRow(alibabatest.OrderID, `"SubOrderId":"2"`)),
	alibabatest.OrderList(2, alibabatest.OrderRow(alibabatest.OrderID)), alibabatest.OrderList(1, alibabatest.OrderRow("5")), alibabatest.OrderList(-1, alibabatest.OrderRow("")),
	alibabatest.OrderList(1, alibabatest.OrderRow(alibabatest.OrderID, `"InstanceIDs":["pc-1",{"a":"pc-2"}],"CreateTime":"2022-08-09T05:00:00Z"`)),
	alibabatest.OrderList(1, alibabatest.OrderRow(alibabatest.OrderID, `"InstanceIDs":"null","Tax":-0.10,"UsageEndTime":"9999-12-31T23:00:00-08:00"`)),
	alibabatest.OrderList(0), alibabatest.OrderList(-1), `{"data":{"orderList":{"order":[{"orderId":50187055895}]}}}`, `{"Data":{"OrderList":{"Order":{}}}}`, `{"Data":null}`, `[]`, ``,
}

// plain is the form of every amount that the client returns.
var plain = regexp.MustCompile(`^(-?[0-9]+(\.[0-9]+)?)?$`)

// FuzzOrder checks that the lines of an order are those of the requested order, and that
// no line has a status, an instance or an amount that the answer does not have.
func FuzzOrder(f *testing.F) {
	for _, body := range orderLists {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		lines, problem := bss.ParseOrder(body, alibabatest.OrderID)
		if problem != "" && len(lines) > 0 {
			t.Errorf("%q and %d lines", problem, len(lines))
		}
		scalars := alibabatest.Scalars(body)
		for _, line := range lines {
			if line.OrderID != alibabatest.OrderID || line.PaymentStatus != "" && !slices.Contains(scalars, line.PaymentStatus) {
				t.Errorf("line %+v", line)
			}
			for _, id := range line.InstanceIDs {
				if !slices.ContainsFunc(scalars, func(text string) bool { return strings.Contains(text, id) }) && !strings.Contains(string(body), id) {
					t.Errorf("instance %q", id)
				}
			}
			for _, amount := range []string{line.PretaxGrossAmount, line.PretaxAmount, line.PretaxAmountLocal, line.Tax, line.AfterTaxAmount} {
				isAmount := func(text string) bool { return strings.ReplaceAll(text, ",", "") == amount }
				if !plain.MatchString(amount) || amount != "" && !slices.ContainsFunc(scalars, isAmount) {
					t.Errorf("amount %q", amount)
				}
			}
		}
	})
}

// FuzzOrders checks that each line of a page of orders has an order ID of the answer.
func FuzzOrders(f *testing.F) {
	for _, body := range orderLists {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		lines, problem := bss.ParseOrders(body)
		if problem != "" && len(lines) > 0 {
			t.Errorf("%q and %d lines", problem, len(lines))
		}
		scalars := alibabatest.Scalars(body)
		for _, line := range lines {
			if !rpc.IsID(line.OrderID) || !slices.Contains(scalars, line.OrderID) {
				t.Errorf("order %q", line.OrderID)
			}
		}
	})
}

// FuzzAmount checks that an amount keeps its value, and has no other form than digits.
func FuzzAmount(f *testing.F) {
	for _, seed := range []string{"0", "66", "720.10", "1,234.56", "-12,000.5", "1e3", "1.5E-2", "1e-20", "1e21", "1e999999999", "1,000e1", "0x10", "1/3", "1_0", ".5", "+1", "-0", "NaN"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		amount, money := bss.Amount(text)
		if !plain.MatchString(amount) || !plain.MatchString(money) || len(money) > 100 {
			t.Fatalf("%q is read as %q and %q", text, amount, money)
		}
		if amount != "" && amount != strings.ReplaceAll(text, ",", "") || amount != "" && money != amount {
			t.Errorf("%q is read as %q and %q", text, amount, money)
		}
		if money == "" {
			return
		}
		want, ok := new(big.Rat).SetString(strings.ReplaceAll(text, ",", ""))
		if got, read := new(big.Rat).SetString(money); !ok || !read || got.Cmp(want) != 0 {
			t.Errorf("%q is read as %q", text, money)
		}
	})
}

// FuzzPrice checks that a price has an amount to pay and a currency.
func FuzzPrice(f *testing.F) {
	for _, seed := range []string{
		`{"Data":{"OriginalPrice":2160,"DiscountPrice":0.0,"TradePrice":2.16E+3,"Currency":"CNY"}}`, `{"data":{"tradePrice":"1,000.50","currency":"USD"}}`,
		`{"Data":{"TradePrice":-1,"Currency":"CNY"}}`, `{"Data":{"TradePrice":0,"Currency":"cny"}}`, `{"Data":{"TradePrice":1e400,"Currency":"CNY"}}`, `{"Data":null}`, `[]`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		price, problem := bss.ParsePrice(body)
		if problem != "" {
			if price != (billing.Price{}) {
				t.Errorf("%q and %+v", problem, price)
			}
			return
		}
		if price.Trade == "" || strings.HasPrefix(price.Trade, "-") || len(price.Currency) != 3 || strings.HasPrefix(price.Original, "-") {
			t.Errorf("price %+v", price)
		}
		for _, amount := range []string{price.Trade, price.Original, price.Discount} {
			if !plain.MatchString(amount) {
				t.Errorf("amount %q", amount)
			}
		}
		if price.Exceeds(price.Trade) || !price.Exceeds("-1") {
			t.Errorf("%s is compared wrongly", price.Trade)
		}
	})
}

// FuzzInstances checks that each instance has an ID, and that its setting is one that can
// be compared and shown.
func FuzzInstances(f *testing.F) {
	for _, row := range []string{
		`{"InstanceID":"pc-1","RenewStatus":"AutoRenewal","RenewalDuration":3,"RenewalDurationUnit":"M","EndTime":"2027-01-01T00:00:00Z"}`,
		`{"InstanceId":"pc-1","RenewStatus":"autorenewal","RenewalDuration":"1","RenewalDurationUnit":"year"}`, `{"InstanceID":"pc-1","RenewStatus":"AutoRenewal","RenewalDuration":-3}`,
		`{"InstanceID":"pc-1","RenewStatus":"NotRenewal","RenewalDuration":1201}`, `{"InstanceID":""}`, `{"InstanceID":"pc-1","RenewStatus":"a b"}`, `null`, `7`, ``,
	} {
		f.Add([]byte(`{"Code":"Success","Data":{"TotalCount":1,"InstanceList":[` + row + `]}}`))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		instances, problem := bss.ParseInstances(body)
		if problem != "" && len(instances) > 0 {
			t.Errorf("%q and %d instances", problem, len(instances))
		}
		for _, instance := range instances {
			setting := instance.Setting
			known := slices.Contains(append(renewal.Units(), ""), setting.Unit)
			if instance.CircuitID == "" || !known || setting.Period < 0 || setting.Period > 0 && setting.Status != renewal.Auto || strings.ContainsAny(setting.Status, " \r\n") {
				t.Errorf("%+v", instance)
			}
		}
	})
}
