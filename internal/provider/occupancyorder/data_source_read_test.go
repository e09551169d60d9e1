package occupancyorder_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
)

// The clock of a synctest bubble starts at midnight UTC of 2000-01-01.

func TestDataSource_PaidOrder_HasPaymentTermAndPrice(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSource(t, emulator.Quirks{DiscountPercent: 10, TaxPercent: 6, Currency: "CNY"})
		orderID := s.order(true)
		time.Sleep(time.Minute) // The circuit turns Enabled.
		read := s.mustRead(orderID)
		want := map[string]string{
			"payment_status": "Paid", "order_type": "New", "currency": "CNY", "payment_currency": "CNY",
			"create_time": "2000-01-01T00:00:00Z", "payment_time": "2000-01-01T00:00:00Z",
			"usage_start_time": "2000-01-01T00:00:30Z", "usage_end_time": "2000-02-01T16:00:00Z",
			"pretax_gross_amount": "5200", "pretax_amount": "4680", "tax": "280.8", "after_tax_amount": "4960.8",
		}
		read.want(t, want)
		read.want(t, map[string]string{"id": orderID, "order_id": orderID})
		rows := read.subOrders(t)
		if len(rows) != 1 || read.instances() != circuitID || s.reads() != 1 {
			t.Fatalf("%d sub-orders, instances %s, %d requests", len(rows), read.instances(), s.reads())
		}
		rows[0].want(t, want)
		rows[0].want(t, map[string]string{
			"sub_order_id": orderID + "0001", "related_order_id": "null", "order_sub_type": "null", "product_code": "pconn", "product_type": "null",
			"commodity_code": "pconn_pre", "subscription_type": "Subscription", "region": "cn-hangzhou", "quantity": "1", "pretax_amount_local": "4680", "operator": "null",
		})
		if rows[0].instances() != circuitID {
			t.Errorf("instances of the sub-order: %s", rows[0].instances())
		}
	})
}

func TestDataSource_UnpaidOrder_HasNoPaymentAndNoTerm(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSource(t, emulator.Quirks{})
		orderID := s.order(false)
		s.mustRead(orderID).want(t, map[string]string{
			"payment_status": "Unpaid", "create_time": "2000-01-01T00:00:00Z", "payment_time": "null", "usage_start_time": "null", "usage_end_time": "null", "after_tax_amount": "5200",
		})
		if err := s.emulator.PayOrder(orderID); err != nil {
			t.Fatal(err)
		}
		s.mustRead(orderID).want(t, map[string]string{"payment_status": "Paid", "payment_time": "2000-01-01T00:00:00Z"})
	})
}

func TestDataSource_CancelledOrder_IsCancelled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSource(t, emulator.Quirks{})
		orderID := s.order(false)
		if err := s.emulator.CancelOrder(orderID); err != nil {
			t.Fatal(err)
		}
		s.mustRead(orderID).want(t, map[string]string{"payment_status": "Cancelled", "payment_time": "null"})
	})
}

func TestDataSource_SubOrders_AddUpExactly(t *testing.T) {
	t.Parallel()
	for name, quirks := range map[string]emulator.Quirks{"Plain": {}, "Separators": {ThousandsSeparators: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				quirks.SubOrders, quirks.TaxPercent = 3, 7
				s := newSource(t, quirks)
				orderID := s.order(true)
				read := s.mustRead(orderID)
				read.want(t, map[string]string{"payment_status": "Paid", "pretax_amount": "5200.00", "tax": "364.00", "after_tax_amount": "5564.00"})
				rows := read.subOrders(t)
				if len(rows) != 3 || read.instances() != circuitID {
					t.Fatalf("%d sub-orders, instances %s", len(rows), read.instances())
				}
				for i, amount := range []string{"1854.66", "1854.66", "1854.68"} {
					rows[i].want(t, map[string]string{"sub_order_id": fmt.Sprintf("%s%04d", orderID, i+1), "after_tax_amount": amount})
				}
			})
		})
	}
}

func TestDataSource_PaymentStatus_IsThatOfTheSubOrders(t *testing.T) {
	t.Parallel()
	const paid, unpaid, cancelled, refund = `"PaymentStatus":"Paid"`, `"PaymentStatus":"Unpaid"`, `"PaymentStatus":"Cancelled"`, `"PaymentStatus":null`
	for _, test := range []struct {
		rows []string
		want string
	}{
		{[]string{paid, paid}, "Paid"},
		{[]string{paid, unpaid}, "Unpaid"},
		{[]string{cancelled, paid}, "Paid"},
		{[]string{cancelled, unpaid}, "Unpaid"},
		{[]string{cancelled, cancelled}, "Cancelled"},
		{[]string{paid, refund}, "null"},
		{[]string{paid, `"PaymentStatus":"BrandNew"`}, "null"},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newSource(t, emulator.Quirks{})
			for i := range test.rows {
				test.rows[i] += fmt.Sprintf(`,"PaymentTime":"2000-01-0%dT00:00:00Z"`, i+1)
			}
			s.answer("1", test.rows...)
			payment := "null"
			if test.want == "Paid" {
				payment = "2000-01-02T00:00:00Z"
			}
			s.mustRead("1").want(t, map[string]string{"payment_status": test.want, "payment_time": payment})
		})
	}
}

func TestDataSource_DifferentSubOrders_HaveNoCommonValue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSource(t, emulator.Quirks{})
		s.answer("1",
			`"SubOrderId":"12","OrderType":"New","CreateTime":"2000-01-02T00:00:00Z","UsageStartTime":"2000-03-02T00:00:00Z","UsageEndTime":"2000-06-01T00:00:00Z","InstanceIDs":"[\"pc-b\",\"pc-a\"]"`,
			`"SubOrderId":"11","OrderType":"Renew","CreateTime":"2000-01-01T00:00:00Z","UsageStartTime":"2000-03-01T00:00:00Z","UsageEndTime":"2000-05-01T00:00:00Z","InstanceIDs":"[\"pc-c\",\"pc-a\"]"`,
			`"SubOrderId":"13","OrderType":"New"`)
		read := s.mustRead("1")
		read.want(t, map[string]string{
			"order_type": "null", "create_time": "2000-01-01T00:00:00Z", "usage_start_time": "2000-03-01T00:00:00Z", "usage_end_time": "2000-05-01T00:00:00Z",
			"payment_status": "null", "after_tax_amount": "null", "currency": "null",
		})
		if got := read.instances(); got != "pc-a,pc-b,pc-c" {
			t.Errorf("instances %s, want a sorted union", got)
		}
		var order []string
		for _, row := range read.subOrders(t) {
			order = append(order, row.text("sub_order_id")+" "+row.instances())
		}
		if got := strings.Join(order, "; "); got != "11 pc-c,pc-a; 12 pc-b,pc-a; 13 " {
			t.Errorf("sub-orders %s", got)
		}
	})
}

func TestDataSource_NewOrder_WaitsUntilBillingShowsIt(t *testing.T) {
	t.Parallel()
	for lag, takes := range map[time.Duration]time.Duration{time.Second: 5 * time.Second, 42 * time.Second: 45 * time.Second, 55 * time.Second: 55 * time.Second} {
		t.Run(lag.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newSource(t, emulator.Quirks{BillingLag: lag})
				orderID := s.order(true)
				begin := time.Now()
				read := s.mustRead(orderID)
				if took := time.Since(begin); read.text("payment_status") != "Paid" || took != takes {
					t.Errorf("%s after %s, want Paid after %s", read.text("payment_status"), took, takes)
				}
			})
		})
	}
}

func TestDataSource_OrderShownLate_NeedsALongerTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSource(t, emulator.Quirks{BillingLag: 3 * time.Minute})
		orderID := s.order(true)
		_, diags := s.read(t.Context(), arguments{"order_id": orderID})
		messagetest.WantError(t, diags, "order_id", message.OrderNotInBilling, "1m0s", "timeouts.read")
		read, diags := s.read(t.Context(), arguments{"order_id": orderID, "timeouts": arguments{"read": "5m"}})
		if len(diags) > 0 || read.text("payment_status") != "Paid" {
			t.Errorf("%s\n%s", read.text("payment_status"), diags)
		}
	})
}

func TestDataSource_OrderNotShown_IsAnErrorOnItsID(t *testing.T) {
	t.Parallel()
	for timeout, shown := range map[string]string{"": "1m0s", "12m1s": "12m1s", "3s": "3s"} {
		t.Run(shown, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newSource(t, emulator.Quirks{})
				config := arguments{"order_id": "50187055895123"}
				if timeout != "" {
					config["timeouts"] = arguments{"read": timeout}
				}
				begin := time.Now()
				read, diags := s.read(t.Context(), config)
				messagetest.WantError(t, diags, "order_id", message.OrderNotInBilling, "50187055895123", shown, "timeouts.read", "account_type")
				limit, err := time.ParseDuration(shown)
				if err != nil {
					t.Fatal(err)
				}
				// A read may start at the moment of the timeout.
				least := int((limit-1)/(5*time.Second)) + 1
				if took := time.Since(begin); took != limit || s.reads() < least || s.reads() > least+1 {
					t.Errorf("%d requests in %s, want %d in %s", s.reads(), took, least, limit)
				}
				if !read["sub_orders"].IsNull() {
					t.Errorf("an order that was not read has sub-orders: %s", read["sub_orders"])
				}
			})
		})
	}
}

func TestDataSource_TimeoutDuringARead_ReportsTheEarlierReads(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSource(t, emulator.Quirks{})
		s.emulator.AddFault(emulator.Fault{Action: detail, Skip: 11, Times: -1, Kind: emulator.Hang})
		_, diags := s.read(t.Context(), arguments{"order_id": "1"})
		messagetest.WantError(t, diags, "order_id", message.OrderNotInBilling, "1m0s")
	})
}

func TestDataSource_Interrupt_EndsAtOnce(t *testing.T) {
	t.Parallel()
	for name, interrupt := range map[string]func(*source, context.CancelFunc){
		"CoreIsGone": func(_ *source, cancel context.CancelFunc) { cancel() },
		"CtrlC":      func(s *source, _ context.CancelFunc) { _ = s.core.Stop(context.Background()) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newSource(t, emulator.Quirks{})
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				begin := time.Now()
				time.AfterFunc(13*time.Second, func() { interrupt(s, cancel) })
				_, diags := s.read(ctx, arguments{"order_id": "1"})
				messagetest.WantError(t, diags, "order_id", message.OrderNotInBilling, "order 1")
				messagetest.WantNoValues(t, diags, "1m0s")
				if took := time.Since(begin); took != 13*time.Second {
					t.Errorf("ended after %s, want 13s", took)
				}
			})
		})
	}
}

func TestDataSource_MissingPermission_NamesActionAndAccountType(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]emulator.Fault{
		"403 NoPermission":  {Code: "NoPermission", HTTPStatus: 403},
		"400 NoPermission":  {Code: "NoPermission", HTTPStatus: 400},
		"400 NotAuthorized": {Code: "NotAuthorized", HTTPStatus: 400},
		"403 Forbidden.RAM": {Code: "Forbidden.RAM", HTTPStatus: 403},
		"400 NotApplicable": {Code: "NotApplicable", HTTPStatus: 400},
		"200 NoPermission":  {Code: "NoPermission", HTTPStatus: 200},
		"200 NotAuthorized": {Code: "NotAuthorized", HTTPStatus: 200},
		"200 NotApplicable": {Code: "NotApplicable", HTTPStatus: 200},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newSource(t, emulator.Quirks{})
				orderID := s.order(true)
				fault.Action, fault.Times = detail, -1
				s.emulator.AddFault(fault)
				begin := time.Now()
				read, diags := s.read(t.Context(), arguments{"order_id": orderID})
				journal := s.emulator.Journal()
				messagetest.WantError(t, diags, "", message.OrderUnreadable, orderID, fault.Code, journal[len(journal)-1].RequestID, "bss:DescribeOrderDetail", "account_type")
				if s.reads() != 1 || time.Since(begin) != 0 || !read["payment_status"].IsNull() {
					t.Errorf("%d requests in %s, payment %s", s.reads(), time.Since(begin), read["payment_status"])
				}
			})
		})
	}
}

func TestDataSource_RefusalWithStatus200_NamesAccountType(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSource(t, emulator.Quirks{UnsuccessfulAs200: true, BillingHost: "elsewhere"})
		_, diags := s.read(t.Context(), arguments{"order_id": "1"})
		messagetest.WantError(t, diags, "", message.OrderUnreadable, "NotApplicable", "HTTP status 200", "account_type")
	})
}

func TestDataSource_BillingIsDown_IsAnErrorWithDetails(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault  emulator.Fault
		values []string
	}{
		"503":        {emulator.Fault{Code: "ServiceUnavailable", HTTPStatus: 503}, []string{"ServiceUnavailable", "503"}},
		"200":        {emulator.Fault{Code: "InternalError", HTTPStatus: 200}, []string{"InternalError"}},
		"Throttling": {emulator.Fault{Code: "Throttling.User"}, []string{"-parallelism"}},
		"Reset":      {emulator.Fault{Kind: emulator.Reset}, []string{detail}},
		"HTML":       {emulator.Fault{Kind: emulator.HTMLPage}, []string{"502"}},
		"Truncated":  {emulator.Fault{Kind: emulator.TruncatedBody, After: true}, []string{detail}},
		"Hang":       {emulator.Fault{Kind: emulator.Hang}, []string{"timeouts.read"}},
		"NewCode":    {emulator.Fault{Code: "Brand.NewCode", HTTPStatus: 200, Message: "Never seen before."}, []string{"Brand.NewCode", "Never seen before."}},
		"NoList":     {emulator.Fault{Kind: emulator.RawBody, Body: `{"Code":"Success","Success":true,"Data":{}}`}, []string{detail}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newSource(t, emulator.Quirks{})
				orderID := s.order(true)
				test.fault.Action, test.fault.Times = detail, -1
				s.emulator.AddFault(test.fault)
				begin := time.Now()
				read, diags := s.read(t.Context(), arguments{"order_id": orderID})
				messagetest.WantError(t, diags, "", message.OrderUnreadable, append(test.values, orderID, detail, "127.0.0.1")...)
				if took := time.Since(begin); took > time.Minute {
					t.Errorf("ended after %s, later than timeouts.read", took)
				}
				messagetest.WantNoValues(t, diags, "client_token", "client token")
				if !read["payment_status"].IsNull() {
					t.Errorf("payment %s", read["payment_status"])
				}
			})
		})
	}
}

func TestDataSource_AnswerForAnotherOrder_IsAnError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSource(t, emulator.Quirks{})
		s.answer("2", `"PaymentStatus":"Paid"`)
		_, diags := s.read(t.Context(), arguments{"order_id": "1"})
		messagetest.WantError(t, diags, "", message.OrderUnreadable)
	})
}

// refusing is a transport that refuses every connection.
type refusing struct{}

func (refusing) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("connection refused")
}

func TestDataSource_UnconfiguredProvider_MakesNoCall(t *testing.T) {
	t.Parallel()
	s := newSourceOn(t, refusing{}, arguments{"region": coretest.Unknown{}})
	_, diags := s.read(t.Context(), arguments{"order_id": "1"})
	messagetest.WantError(t, diags, "", message.NotConfigured, "-target")
}

func TestDataSource_InvalidValue_IsAnErrorOnItsAttribute(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config    arguments
		attribute string
		kind      message.Kind
	}{
		"Circuit": {arguments{"order_id": "pc-"}, "order_id", message.InvalidValue},
		"Empty":   {arguments{"order_id": ""}, "order_id", message.InvalidValue},
		"Timeout": {arguments{"order_id": "1", "timeouts": arguments{"read": "-1m"}}, "timeouts.read", message.InvalidTimeout},
		"Unknown": {arguments{"order_id": coretest.Unknown{}}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newSource(t, emulator.Quirks{})
				diags, err := s.core.Validate(t.Context(), test.config)
				if err != nil || s.reads() != 0 {
					t.Fatal(err, s.reads())
				}
				if test.kind == "" {
					if len(diags) > 0 {
						t.Errorf("a value that is not known yet is refused:\n%s", diags)
					}
					return
				}
				messagetest.WantError(t, diags, test.attribute, test.kind)
			})
		})
	}
}
