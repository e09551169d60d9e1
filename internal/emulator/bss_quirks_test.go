package emulator_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

func TestBillingLagsBehindTheLedger(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{BillingLag: time.Minute})
	order := placed(t, e, circuit, nil)
	status := func() string {
		t.Helper()
		got := rows(t, e, order.ID)
		if listed := queried(t, e, nil); len(listed) != len(got) {
			t.Errorf("list %v and detail %v differ", listed, got)
		}
		if len(got) == 0 {
			return ""
		}
		return text(t, got[0], "PaymentStatus") + text(t, got[0], "PaymentTime") + text(t, got[0], "UsageEndTime")
	}
	expect := func(want string) {
		t.Helper()
		if got := status(); got != want {
			t.Errorf("at %s billing says %q, want %q", e.Now(), got, want)
		}
	}
	expect("")
	e.Advance(time.Minute - time.Second)
	expect("")
	e.Advance(time.Second)
	expect("Unpaid")
	pay(t, e, order)
	expect("Unpaid")
	e.Advance(time.Minute)
	expect("Paid2022-08-09T05:01:00Z2022-09-09T16:00:00Z")

	order = placed(t, e, e.AddCircuit(emulator.Circuit{}), params{"ClientToken": "2"})
	e.Advance(time.Minute)
	if err := e.CancelOrder(order.ID); err != nil {
		t.Fatal(err)
	}
	expectRow(t, rows(t, e, order.ID)[0], params{"PaymentStatus": "Unpaid"})
	e.Advance(time.Minute)
	expectRow(t, rows(t, e, order.ID)[0], params{"PaymentStatus": "Cancelled"})
}

func TestSubOrdersShareThePrice(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{SubOrders: 3, TaxPercent: 10})
	order := placed(t, e, circuit, params{"AutoPay": "true"})
	got := rows(t, e, order.ID)
	if len(got) != 3 {
		t.Fatalf("%d rows, want 3", len(got))
	}
	for i, want := range []params{
		{"SubOrderId": order.ID + "0001", "PretaxAmount": "28.33", "Tax": "2.83", "AfterTaxAmount": "31.16"},
		{"SubOrderId": order.ID + "0002", "PretaxAmount": "28.33", "Tax": "2.83", "AfterTaxAmount": "31.16"},
		{"SubOrderId": order.ID + "0003", "PretaxAmount": "28.34", "Tax": "2.84", "AfterTaxAmount": "31.18"},
	} {
		expectRow(t, got[i], want)
		expectRow(t, got[i], params{"OrderId": order.ID, "PaymentStatus": "Paid", "InstanceIDs": `["` + circuit.ID + `"]`})
	}
	e.SetQuirks(emulator.Quirks{SubOrders: 3, CancelledRows: 1})
	got = rows(t, e, order.ID)
	for i, status := range []string{"Paid", "Paid", "Cancelled"} {
		expectRow(t, got[i], params{"PaymentStatus": status})
	}
	expectRow(t, got[2], params{"PaymentTime": "", "UsageEndTime": ""})
}

func TestUnnamedUnpaidRows_NameNoInstanceUntilTheOrderIsPaid(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		unnamed, rows int
		named         []bool
	}{
		"the only row": {1, 0, []bool{false}},
		"some rows":    {2, 3, []bool{true, false, false}},
		"all rows":     {9, 3, []bool{false, false, false}},
		"none":         {0, 2, []bool{true, true}},
	} {
		e, circuit := newEmulator(emulator.Quirks{UnnamedUnpaidRows: test.unnamed, SubOrders: test.rows, BillingLag: time.Minute})
		order := placed(t, e, circuit, nil)
		expect := func(when, status string, named []bool) {
			t.Helper()
			e.Advance(time.Minute)
			for i, row := range rows(t, e, order.ID) {
				want := "[]"
				if named[i] {
					want = `["` + circuit.ID + `"]`
				}
				if got := text(t, row, "InstanceIDs"); got != want || text(t, row, "PaymentStatus") != status {
					t.Errorf("%s, %s: row %d is %s and names %s, want %s", name, when, i, row["PaymentStatus"], got, want)
				}
			}
		}
		expect("placed", "Unpaid", test.named)
		pay(t, e, order)
		expect("paid", "Paid", []bool{true, true, true})
	}
}

func TestBillingLag_HoldsForAnOrderThatLapses(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{BillingLag: time.Minute})
	order := placed(t, e, circuit, nil)
	e.Advance(7*oneDay + time.Minute - time.Second)
	expectRow(t, rows(t, e, order.ID)[0], params{"PaymentStatus": "Unpaid"})
	if listed := queried(t, e, params{"CreateTimeStart": "2022-08-09T05:00:00Z", "PaymentStatus": "Cancelled"}); len(listed) != 0 {
		t.Errorf("listed as cancelled: %v", listed)
	}
	e.Advance(time.Second)
	expectRow(t, rows(t, e, order.ID)[0], params{"PaymentStatus": "Cancelled"})
}

func TestBillingNamesCanBeOthers(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{ProductCode: "pconn_intl", CommodityCode: "pconn_pre_intl", Currency: "CNY"})
	order := placed(t, e, circuit, nil)
	expectRow(t, rows(t, e, order.ID)[0], params{
		"ProductCode": "pconn_intl", "CommodityCode": "pconn_pre_intl", "Currency": "CNY", "PaymentCurrency": "CNY",
	})
	if got := queried(t, e, params{"ProductCode": "pconn"}); len(got) != 0 {
		t.Errorf("listed %v", got)
	}
}

func TestRefusalOfBillingCanComeAs200(t *testing.T) {
	t.Parallel()
	reader := emulator.Credential{AccessKeyID: "r", AccessKeySecret: "s", Denied: []string{orderDetail}, DeniedCode: "NoPermission"}
	e := emulator.New(emulator.Options{
		Clock:       fixedClock,
		Credentials: []emulator.Credential{emulator.DefaultCredential, reader},
		Quirks:      emulator.Quirks{UnsuccessfulAs200: true, UnknownOrderCode: "InvalidOwner"},
	})
	denied := send(t, e, http.MethodPost, signed(http.MethodPost, reader, start,
		params{"Action": orderDetail, "Version": "2017-12-14", "OrderId": "1"}), nil)
	e.AddFault(emulator.Fault{Action: balance, Code: "InternalError", HTTPStatus: 200})
	for code, got := range map[string]reply{
		"NoPermission":     denied,
		"InvalidOwner":     bill(t, e, orderDetail, params{"OrderId": "1"}),
		"InvalidParameter": bill(t, e, cancelOrder, params{"OrderId": "1"}),
		"InternalError":    bill(t, e, balance, nil),
	} {
		var body envelope
		got.decode(t, &body)
		if got.status != 200 || body.Code != code || body.Success || body.Message == "" || !uuid.MatchString(body.RequestId) {
			t.Errorf("got HTTP %d %s, want 200 with code %s", got.status, got.body, code)
		}
	}
	e.AddFault(emulator.Fault{Action: describeRegions, Code: "Throttling", HTTPStatus: 200})
	if got := call(t, e, describeRegions, nil); !strings.Contains(got.body, `"HostId":"vpc.test"`) {
		t.Errorf("another product answers in billing's envelope: %s", got.body)
	}
	// What the gateway refuses does not reach billing.
	expectCode(t, bill(t, e, balance, params{"Signature": "bad"}), 400, "SignatureDoesNotMatch")
}

func TestBillingServesTheAccountAtItsOwnSiteOnly(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{BillingHost: "intl.test"})
	expectCode(t, bill(t, e, balance, nil), 400, "NotApplicable")
	placed(t, e, circuit, nil)
	for _, host := range []string{hostBSS, "VPC.test"} {
		e.SetQuirks(emulator.Quirks{BillingHost: host})
		expectCode(t, bill(t, e, balance, nil), 200, "200")
	}
}

func TestGoodCodeOfBillingCanBeWrittenOtherwise(t *testing.T) {
	t.Parallel()
	e, _ := newEmulator(emulator.Quirks{})
	expectCode(t, bill(t, e, queryOrders, nil), 200, "Success")
	expectCode(t, bill(t, e, balance, nil), 200, "200")
	e.SetQuirks(emulator.Quirks{BillingSuccessCode: "ok"})
	expectCode(t, bill(t, e, queryOrders, nil), 200, "ok")
	expectCode(t, bill(t, e, balance, nil), 200, "ok")
}

func TestBillingDeniesInItsOwnWords(t *testing.T) {
	t.Parallel()
	all := []string{queryOrders, orderDetail, cancelOrder, balance, placeOrder}
	for name, test := range map[string]struct {
		code   string
		status int
		want   int
	}{
		"Forbidden.RAM":    {"", 0, 403},
		"NoPermission":     {"NoPermission", 0, 400},
		"NoPermission 403": {"NoPermission", 403, 403},
		"NotAuthorized":    {"NotAuthorized", 0, 400},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			credential := emulator.Credential{
				AccessKeyID: "k", AccessKeySecret: "s", Denied: all, DeniedCode: test.code, DeniedStatus: test.status,
			}
			e := emulator.New(emulator.Options{Clock: fixedClock, Credentials: []emulator.Credential{credential}})
			circuit := e.AddCircuit(emulator.Circuit{})
			ask := func(action, version string) reply {
				return send(t, e, http.MethodPost, signed(http.MethodPost, credential, start,
					orderFor(circuit, params{"Action": action, "Version": version, "OrderId": "1"})), nil)
			}
			code := test.code
			if code == "" {
				code = "Forbidden.RAM"
			}
			for _, action := range all[:4] {
				expectCode(t, ask(action, "2017-12-14"), test.want, code)
			}
			expectCode(t, ask(placeOrder, "2016-04-28"), 403, "Forbidden.RAM")
		})
	}
}

func TestPermissionsAreNamedAsInPolicies(t *testing.T) {
	t.Parallel()
	permissions := params{
		queryOrders: "bss:DescribeOrderList", orderDetail: "bss:DescribeOrderDetail",
		cancelOrder: "bss:CancelOrder", balance: "bss:DescribeAcccount",
	}
	credential := emulator.Credential{AccessKeyID: "k", AccessKeySecret: "s", Denied: sortedKeys(permissions)}
	e := emulator.New(emulator.Options{Clock: fixedClock, Credentials: []emulator.Credential{credential}})
	for action, permission := range permissions {
		got := send(t, e, http.MethodPost, signed(http.MethodPost, credential, start,
			params{"Action": action, "Version": "2017-12-14"}), nil)
		var body struct {
			AccessDeniedDetail struct{ AuthAction string }
		}
		got.decode(t, &body)
		if body.AccessDeniedDetail.AuthAction != permission {
			t.Errorf("%s: %s, want %s", action, got.body, permission)
		}
	}
}

func TestFaultsMeetBilling(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{})
	order := placed(t, e, circuit, nil)
	e.AddFault(emulator.Fault{Action: orderDetail, Where: params{"OrderId": order.ID}, Code: "NoPermission", HTTPStatus: 400})
	e.AddFault(emulator.Fault{Action: cancelOrder, After: true, Code: "ServiceUnavailable"})
	if got := rows(t, e, "1"); len(got) != 0 {
		t.Errorf("rows %v", got)
	}
	expectCode(t, bill(t, e, orderDetail, params{"OrderId": order.ID}), 400, "NoPermission")
	expectCode(t, bill(t, e, cancelOrder, params{"OrderId": order.ID}), 503, "ServiceUnavailable")
	expectRow(t, rows(t, e, order.ID)[0], params{"PaymentStatus": "Cancelled"})
	if e.CallCount(orderDetail) != 3 || e.CallCount(cancelOrder) != 1 {
		t.Errorf("journal %+v", e.Journal())
	}
}
