package bss_test

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/apitest"
)

func TestOrderDetail_ShowsAnOrderFromPlacingToPayment(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	order := apitest.MustPlace(t, e, circuit, apitest.Params{"Period": "3"})
	want := apitest.Params{
		"OrderId": order.ID, "SubOrderId": order.ID + "0001", "OrderType": "New", "PaymentStatus": "Unpaid",
		"CreateTime": "2022-08-09T05:00:00Z", "PaymentTime": "", "UsageStartTime": "", "UsageEndTime": "",
		"ProductCode": "pconn", "CommodityCode": "pconn_pre", "SubscriptionType": "Subscription",
		"Region": apitest.Region, "InstanceIDs": `["` + circuit.ID + `"]`, "Quantity": "1", "Currency": "USD", "PaymentCurrency": "USD",
		"PretaxGrossAmount": "255", "PretaxAmount": "255", "PretaxAmountLocal": "255", "Tax": "0", "AfterTaxAmount": "255",
	}
	unpaid := apitest.Rows(t, e, order.ID)
	if len(unpaid) != 1 {
		t.Fatalf("%d rows, want 1", len(unpaid))
	}
	apitest.ExpectRow(t, unpaid[0], want)

	e.Advance(time.Hour)
	apitest.Pay(t, e, order)
	want["PaymentStatus"], want["PaymentTime"] = "Paid", "2022-08-09T06:00:00Z"
	want["UsageStartTime"], want["UsageEndTime"] = "2022-08-09T06:00:30Z", "2022-11-09T16:00:00Z"
	apitest.ExpectRow(t, apitest.Rows(t, e, order.ID)[0], want)

	e.Advance(time.Minute)
	if c, _ := e.Circuit(apitest.Region, circuit.ID); !c.EndTime.Equal(time.Date(2022, 11, 9, 16, 0, 0, 0, time.UTC)) {
		t.Errorf("the circuit's term ends at %s", c.EndTime)
	}
}

func TestOrderDetail_ExpiredOrder_IsCancelled(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	order := apitest.MustPlace(t, e, circuit, nil)
	e.Advance(7*apitest.Day - time.Second)
	apitest.ExpectRow(t, apitest.Rows(t, e, order.ID)[0], apitest.Params{"PaymentStatus": "Unpaid"})
	e.Advance(time.Hour)
	apitest.ExpectRow(t, apitest.Rows(t, e, order.ID)[0], apitest.Params{"PaymentStatus": "Cancelled", "PaymentTime": "", "UsageEndTime": ""})
	if expired := e.Orders()[0]; !expired.CancelledAt.Equal(apitest.Start.Add(7 * apitest.Day)) {
		t.Errorf("cancelled at %s", expired.CancelledAt)
	}
}

func TestQueryOrders_NamesNoInstance(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	order := apitest.MustPlace(t, e, circuit, nil)
	got := apitest.CallBilling(t, e, apitest.QueryOrders, nil)
	if strings.Contains(got.Body, circuit.ID) {
		t.Errorf("%s names the circuit", got.Body)
	}
	listed := apitest.MustPage(t, e, apitest.QueryOrders, nil).OrderList.Order
	detailed := apitest.Rows(t, e, order.ID)[0]
	for _, name := range []string{
		"InstanceIDs", "Region", "Config", "OriginalConfig", "Quantity", "Operator", "OrderSubType", "UsageStartTime", "UsageEndTime",
	} {
		if _, there := listed[0][name]; there {
			t.Errorf("the list has %s", name)
		}
		if _, there := detailed[name]; !there {
			t.Errorf("the detail lacks %s", name)
		}
		delete(detailed, name)
	}
	if fmt.Sprint(listed[0]) != fmt.Sprint(detailed) {
		t.Errorf("list %v and detail %v differ", listed[0], detailed)
	}
}

func TestQueryOrders_DefaultPeriod_IsOneHour(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	e.Advance(700 * time.Millisecond)
	order := apitest.MustPlace(t, e, circuit, nil)
	e.Advance(time.Hour - 700*time.Millisecond)
	tests := map[string]struct {
		changes apitest.Params
		found   bool
	}{
		"default window":         {nil, true},
		"begins in its second":   {apitest.Params{"CreateTimeStart": "2022-08-09T05:00:00Z"}, true},
		"begins later":           {apitest.Params{"CreateTimeStart": "2022-08-09T05:00:01Z"}, false},
		"ends in its second":     {apitest.Params{"CreateTimeEnd": "2022-08-09T05:00:00Z"}, true},
		"ends earlier":           {apitest.Params{"CreateTimeEnd": "2022-08-09T04:59:59Z"}, false},
		"both around it":         {apitest.Params{"CreateTimeStart": "2022-08-09T04:59:59Z", "CreateTimeEnd": "2022-08-09T05:00:01Z"}, true},
		"an hour before the end": {apitest.Params{"CreateTimeEnd": "2022-08-09T06:00:01Z"}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := apitest.ListedOrders(t, e, test.changes); slices.Contains(got, order.ID) != test.found {
				t.Errorf("listed %v, want the order to be found: %t", got, test.found)
			}
		})
	}
	t.Run("after an hour", func(t *testing.T) {
		t.Parallel()
		later, circuit := apitest.NewEmulator(emulator.Quirks{})
		apitest.MustPlace(t, later, circuit, nil)
		later.Advance(time.Hour + time.Second)
		if got := apitest.ListedOrders(t, later, nil); len(got) != 0 {
			t.Errorf("listed %v", got)
		}
	})
}

func TestQueryOrders_ThousandsOfOrders_AreOnPages(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{ProductCode: "pconn_intl"})
	own := apitest.MustPlace(t, e, circuit, nil)
	want := []string{}
	const count = 3000
	for i := range count { // Two orders for each second, newest first.
		order := e.AddOtherOrder(emulator.Order{ProductCode: "ecs", CreatedAt: apitest.Start.Add(-time.Duration(i/2) * time.Second)})
		want = append(want, order.ID)
	}
	for i := 0; i < count; i += 2 {
		want[i], want[i+1] = want[i+1], want[i] // In one second, the higher ID is newer.
	}
	listed := func(code string) (ids []string) {
		t.Helper()
		for number := 1; ; number++ {
			part := apitest.MustPage(t, e, apitest.QueryOrders, apitest.Params{
				"ProductCode": code, "CreateTimeStart": "2022-08-09T00:00:00Z", "PageNum": fmt.Sprint(number), "PageSize": "300",
			})
			for _, row := range part.OrderList.Order {
				ids = append(ids, apitest.Text(t, row, "OrderId"))
			}
			if len(part.OrderList.Order) < 300 || len(ids) > count {
				if part.TotalCount != len(ids) {
					t.Errorf("%s: %d rows of %d", code, len(ids), part.TotalCount)
				}
				return ids
			}
		}
	}
	if got := listed("ecs"); !slices.Equal(got, want) {
		t.Errorf("%d orders are listed, want %d; or their order differs", len(got), len(want))
	}
	if got := listed("pconn_intl"); !slices.Equal(got, []string{own.ID}) {
		t.Errorf("listed %v", got)
	}
	if got := listed("pconn"); len(got) != 0 {
		t.Errorf("listed %v", got)
	}
}

func TestQueryOrders_Pages_AreNewestFirst(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{SubOrders: 2})
	var ids []string
	for i := range 5 {
		e.Advance(time.Second)
		ids = slices.Insert(ids, 0, apitest.MustPlace(t, e, circuit, apitest.Params{"ClientToken": fmt.Sprint("token-", i)}).ID)
	}
	doubled := []string{}
	for _, id := range ids {
		doubled = append(doubled, id, id)
	}
	if got := apitest.ListedOrders(t, e, nil); !slices.Equal(got, doubled) {
		t.Errorf("listed %v, want %v", got, doubled)
	}
	var got []string
	for number := range 4 {
		part := apitest.MustPage(t, e, apitest.QueryOrders, apitest.Params{"PageNum": fmt.Sprint(number + 1), "PageSize": "4"})
		if part.TotalCount != 10 || part.PageNum != number+1 || part.PageSize != 4 {
			t.Errorf("page %d: %+v", number+1, part)
		}
		for _, row := range part.OrderList.Order {
			got = append(got, apitest.Text(t, row, "OrderId"))
		}
	}
	if !slices.Equal(got, doubled) {
		t.Errorf("pages %v, want %v", got, doubled)
	}
	if part := apitest.MustPage(t, e, apitest.QueryOrders, nil); part.PageNum != 1 || part.PageSize != 20 {
		t.Errorf("default page %+v", part)
	}
}

func TestQueryOrders_Filters(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{EnableDelay: -1})
	paid := apitest.MustPlace(t, e, circuit, apitest.Params{"AutoPay": "true"})
	foreign := e.AddOtherOrder(emulator.Order{CircuitID: "i-1", Status: emulator.OrderUnpaid})
	renewal, err := e.Renew(apitest.Region, circuit.ID, 1)
	if err != nil {
		t.Fatal(err)
	}
	for filter, want := range map[[2]string][]string{
		{"OrderType", "New"}:                 {foreign.ID, paid.ID},
		{"OrderType", "Renew"}:               {renewal.ID},
		{"PaymentStatus", "Paid"}:            {paid.ID},
		{"PaymentStatus", "Unpaid"}:          {renewal.ID, foreign.ID},
		{"PaymentStatus", "Cancelled"}:       {},
		{"ProductCode", "pconn"}:             {renewal.ID, paid.ID},
		{"ProductCode", "ecs"}:               {foreign.ID},
		{"SubscriptionType", "Subscription"}: {renewal.ID, foreign.ID, paid.ID},
		{"SubscriptionType", "PayAsYouGo"}:   {},
		{"ProductType", "pconn"}:             {},
	} {
		if got := apitest.ListedOrders(t, e, apitest.Params{filter[0]: filter[1]}); !slices.Equal(got, want) {
			t.Errorf("%s=%s lists %v, want %v", filter[0], filter[1], got, want)
		}
	}
	both := apitest.Params{"OrderType": "New", "PaymentStatus": "Unpaid"}
	if got := apitest.ListedOrders(t, e, both); !slices.Equal(got, []string{foreign.ID}) {
		t.Errorf("both filters list %v", got)
	}
}

func TestQueryOrders_InvalidParameters_AreRefused(t *testing.T) {
	t.Parallel()
	e, _ := apitest.NewEmulator(emulator.Quirks{})
	for name, value := range map[string]string{
		"PageNum": "0", "PageSize": "301", "CreateTimeStart": "2022-08-09", "CreateTimeEnd": "2022-08-09T05:00:00.5Z",
	} {
		apitest.ExpectCode(t, apitest.CallBilling(t, e, apitest.QueryOrders, apitest.Params{name: value}), 400, "InvalidParameter")
	}
	apitest.ExpectCode(t, apitest.CallBilling(t, e, apitest.OrderDetail, nil), 400, "MissingOrderId")
	apitest.ExpectCode(t, apitest.CallBilling(t, e, apitest.QueryOrders, apitest.Params{"Version": "2016-04-28"}), 400, "InvalidVersion")
	apitest.ExpectCode(t, apitest.CallBilling(t, e, apitest.QueryOrders, apitest.Params{"Signature": "bad"}), 400, "SignatureDoesNotMatch")
}

func TestOrderDetail_UnknownOrder_IsAnEmptyListOrAnError(t *testing.T) {
	t.Parallel()
	e, _ := apitest.NewEmulator(emulator.Quirks{})
	if got := apitest.Rows(t, e, "1"); len(got) != 0 {
		t.Errorf("rows %v", got)
	}
	e.SetQuirks(emulator.Quirks{UnknownOrderCode: "InvalidOwner"})
	apitest.ExpectCode(t, apitest.CallBilling(t, e, apitest.OrderDetail, apitest.Params{"OrderId": "1"}), 400, "InvalidOwner")
}

func TestAddOtherOrder_DoesNotChangeCircuits(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{EnableDelay: -1})
	order := e.AddOtherOrder(emulator.Order{
		CircuitID: circuit.ID, Region: apitest.Region, ProductCode: "pconn", Status: emulator.OrderUnpaid,
		CreatedAt: apitest.Start.Add(-apitest.Day), Price: emulator.Price{Gross: 2_00, Pretax: 1_00, Tax: 25},
	})
	apitest.ExpectRow(t, apitest.Rows(t, e, order.ID)[0], apitest.Params{
		"InstanceIDs": `["` + circuit.ID + `"]`, "ProductCode": "pconn", "CreateTime": "2022-08-08T05:00:00Z",
		"PretaxGrossAmount": "2", "PretaxAmount": "1", "Tax": "0.25", "AfterTaxAmount": "1.25",
	})
	if ids := apitest.ListedOrders(t, e, nil); len(ids) != 0 {
		t.Errorf("an order of yesterday is listed: %v", ids)
	}
	apitest.Pay(t, e, order)
	if c, _ := e.Circuit(apitest.Region, circuit.ID); c.Status != "Confirmed" {
		t.Errorf("the circuit is %s", c.Status)
	}
	apitest.ExpectOrders(t, e, 0)
	if others := e.OtherOrders(); len(others) != 1 || others[0].Status != emulator.OrderPaid {
		t.Errorf("other orders %+v", others)
	}

	refund := e.AddOtherOrder(emulator.Order{Type: "Refund"})
	if got := apitest.Rows(t, e, refund.ID)[0]; got["PaymentStatus"] != nil || got["InstanceIDs"] != "[]" || refund.ID == order.ID {
		t.Errorf("refund %v", got)
	}
}

func TestAddOtherOrder_IsPaidOrCancelledWhenPlaced(t *testing.T) {
	t.Parallel()
	e, _ := apitest.NewEmulator(emulator.Quirks{})
	yesterday := apitest.Start.Add(-apitest.Day)
	paid := e.AddOtherOrder(emulator.Order{CreatedAt: yesterday})
	cancelled := e.AddOtherOrder(emulator.Order{CreatedAt: yesterday, Status: emulator.OrderCancelled})
	if !paid.PaidAt.Equal(yesterday) || !paid.CancelledAt.IsZero() {
		t.Errorf("paid order %+v", paid)
	}
	if !cancelled.CancelledAt.Equal(yesterday) || !cancelled.PaidAt.IsZero() {
		t.Errorf("cancelled order %+v", cancelled)
	}
	apitest.ExpectRow(t, apitest.Rows(t, e, paid.ID)[0], apitest.Params{"OrderType": "New", "ProductCode": "ecs", "PaymentTime": "2022-08-08T05:00:00Z"})
	apitest.ExpectRow(t, apitest.Rows(t, e, cancelled.ID)[0], apitest.Params{"PaymentStatus": "Cancelled", "PaymentTime": ""})
}

func TestAddOtherOrder_InvalidOrder_Panics(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	order := apitest.MustPlace(t, e, circuit, nil)
	for name, wrong := range map[string]emulator.Order{
		"ID that exists":  {ID: order.ID},
		"unknown status":  {Status: "Done"},
		"negative period": {Period: -1},
		"negative price":  {Price: emulator.Price{Pretax: -1}},
	} {
		if e.CheckOtherOrder(wrong) == nil || !panics(func() { e.AddOtherOrder(wrong) }) {
			t.Errorf("%s: no error or no panic", name)
		}
	}
	if others := e.OtherOrders(); len(others) != 0 {
		t.Errorf("orders %+v", others)
	}
	apitest.ExpectOrders(t, e, 1)
}

func panics(run func()) (panicked bool) {
	defer func() { panicked = recover() != nil }()
	run()
	return false
}

func TestBilling_DefaultFormat_IsXML(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{SubOrders: 2})
	order := apitest.MustPlace(t, e, circuit, nil)
	e.AddOtherOrder(emulator.Order{Type: "Refund"})
	var listed struct {
		XMLName xml.Name `xml:"QueryOrdersResponse"`
		Success bool
		Orders  []struct {
			OrderID string `xml:"OrderId"`
			Status  string `xml:"PaymentStatus"`
		} `xml:"Data>OrderList>Order"`
	}
	got := apitest.CallBilling(t, e, apitest.QueryOrders, apitest.Params{"Format": ""})
	apitest.UnmarshalXML(t, got, &listed)
	if !listed.Success || len(listed.Orders) != 4 || listed.Orders[0].Status != "" ||
		listed.Orders[2].OrderID != order.ID || listed.Orders[2].Status != "Unpaid" {
		t.Errorf("got %s", got.Body)
	}
}

func TestAddOtherOrder_OrderIDs_AreUnique(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	given := e.AddOtherOrder(emulator.Order{ID: "50187050000002"})
	if order := apitest.MustPlace(t, e, circuit, nil); order.ID == given.ID {
		t.Errorf("order %s has the ID of another order", order.ID)
	}
}
