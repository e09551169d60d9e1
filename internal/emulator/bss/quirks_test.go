package bss_test

import (
	"strings"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/apitest"
)

func TestBillingLag_DelaysOrdersPaymentsAndCancellations(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{BillingLag: time.Minute})
	order := apitest.MustPlace(t, e, circuit, nil)
	status := func() string {
		t.Helper()
		got := apitest.Rows(t, e, order.ID)
		if listed := apitest.ListedOrders(t, e, nil); len(listed) != len(got) {
			t.Errorf("list %v and detail %v differ", listed, got)
		}
		if len(got) == 0 {
			return ""
		}
		return apitest.Text(t, got[0], "PaymentStatus") + apitest.Text(t, got[0], "PaymentTime") + apitest.Text(t, got[0], "UsageEndTime")
	}
	expect := func(want string) {
		t.Helper()
		if got := status(); got != want {
			t.Errorf("at %s billing shows %q, want %q", e.Now(), got, want)
		}
	}
	expect("")
	e.Advance(time.Minute - time.Second)
	expect("")
	e.Advance(time.Second)
	expect("Unpaid")
	apitest.Pay(t, e, order)
	expect("Unpaid")
	e.Advance(time.Minute)
	expect("Paid2022-08-09T05:01:00Z2022-09-09T16:00:00Z")

	order = apitest.MustPlace(t, e, e.AddCircuit(emulator.Circuit{}), apitest.Params{"ClientToken": "2"})
	e.Advance(time.Minute)
	if err := e.CancelOrder(order.ID); err != nil {
		t.Fatal(err)
	}
	apitest.ExpectRow(t, apitest.Rows(t, e, order.ID)[0], apitest.Params{"PaymentStatus": "Unpaid"})
	e.Advance(time.Minute)
	apitest.ExpectRow(t, apitest.Rows(t, e, order.ID)[0], apitest.Params{"PaymentStatus": "Cancelled"})
}

func TestSubOrders_ShareThePrice(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{SubOrders: 3, TaxPercent: 10})
	order := apitest.MustPlace(t, e, circuit, apitest.Params{"AutoPay": "true"})
	got := apitest.Rows(t, e, order.ID)
	if len(got) != 3 {
		t.Fatalf("%d rows, want 3", len(got))
	}
	for i, want := range []apitest.Params{
		{"SubOrderId": order.ID + "0001", "PretaxAmount": "28.33", "Tax": "2.83", "AfterTaxAmount": "31.16"},
		{"SubOrderId": order.ID + "0002", "PretaxAmount": "28.33", "Tax": "2.83", "AfterTaxAmount": "31.16"},
		{"SubOrderId": order.ID + "0003", "PretaxAmount": "28.34", "Tax": "2.84", "AfterTaxAmount": "31.18"},
	} {
		apitest.ExpectRow(t, got[i], want)
		apitest.ExpectRow(t, got[i], apitest.Params{"OrderId": order.ID, "PaymentStatus": "Paid", "InstanceIDs": `["` + circuit.ID + `"]`})
	}
	e.SetQuirks(emulator.Quirks{SubOrders: 3, CancelledRows: 1})
	got = apitest.Rows(t, e, order.ID)
	for i, status := range []string{"Paid", "Paid", "Cancelled"} {
		apitest.ExpectRow(t, got[i], apitest.Params{"PaymentStatus": status})
	}
	apitest.ExpectRow(t, got[2], apitest.Params{"PaymentTime": "", "UsageEndTime": ""})
}

func TestUnnamedUnpaidRows_NameNoInstanceUntilThePayment(t *testing.T) {
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
		e, circuit := apitest.NewEmulator(emulator.Quirks{UnnamedUnpaidRows: test.unnamed, SubOrders: test.rows, BillingLag: time.Minute})
		order := apitest.MustPlace(t, e, circuit, nil)
		expect := func(when, status string, named []bool) {
			t.Helper()
			e.Advance(time.Minute)
			for i, row := range apitest.Rows(t, e, order.ID) {
				want := "[]"
				if named[i] {
					want = `["` + circuit.ID + `"]`
				}
				if got := apitest.Text(t, row, "InstanceIDs"); got != want || apitest.Text(t, row, "PaymentStatus") != status {
					t.Errorf("%s, %s: row %d is %s and names %s, want %s", name, when, i, row["PaymentStatus"], got, want)
				}
			}
		}
		expect("placed", "Unpaid", test.named)
		apitest.Pay(t, e, order)
		expect("paid", "Paid", []bool{true, true, true})
	}
}

func TestBillingLag_DelaysTheExpiry(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{BillingLag: time.Minute})
	order := apitest.MustPlace(t, e, circuit, nil)
	e.Advance(7*apitest.Day + time.Minute - time.Second)
	apitest.ExpectRow(t, apitest.Rows(t, e, order.ID)[0], apitest.Params{"PaymentStatus": "Unpaid"})
	if listed := apitest.ListedOrders(t, e, apitest.Params{"CreateTimeStart": "2022-08-09T05:00:00Z", "PaymentStatus": "Cancelled"}); len(listed) != 0 {
		t.Errorf("listed as cancelled: %v", listed)
	}
	e.Advance(time.Second)
	apitest.ExpectRow(t, apitest.Rows(t, e, order.ID)[0], apitest.Params{"PaymentStatus": "Cancelled"})
}

func TestBilling_ProductAndCurrency_CanBeOthers(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{ProductCode: "pconn_intl", CommodityCode: "pconn_pre_intl", Currency: "CNY"})
	order := apitest.MustPlace(t, e, circuit, nil)
	apitest.ExpectRow(t, apitest.Rows(t, e, order.ID)[0], apitest.Params{
		"ProductCode": "pconn_intl", "CommodityCode": "pconn_pre_intl", "Currency": "CNY", "PaymentCurrency": "CNY",
	})
	if got := apitest.ListedOrders(t, e, apitest.Params{"ProductCode": "pconn"}); len(got) != 0 {
		t.Errorf("listed %v", got)
	}
}

func TestUnsuccessfulAs200_RefusalsHaveStatus200(t *testing.T) {
	t.Parallel()
	reader := emulator.Credential{AccessKeyID: "r", AccessKeySecret: "s", Denied: []string{apitest.OrderDetail}, DeniedCode: "NoPermission"}
	e := emulator.New(emulator.Options{
		Clock:       apitest.FixedClock,
		Credentials: []emulator.Credential{emulator.DefaultCredential, reader},
		Quirks:      emulator.Quirks{UnsuccessfulAs200: true, UnknownOrderCode: "InvalidOwner"},
	})
	denied := apitest.CallAs(t, e, reader, apitest.Params{"Action": apitest.OrderDetail, "Version": "2017-12-14", "OrderId": "1"})
	e.AddFault(emulator.Fault{Action: apitest.QueryBalance, Code: "InternalError", HTTPStatus: 200})
	for code, got := range map[string]apitest.Reply{
		"NoPermission":     denied,
		"InvalidOwner":     apitest.CallBilling(t, e, apitest.OrderDetail, apitest.Params{"OrderId": "1"}),
		"InvalidParameter": apitest.CallBilling(t, e, apitest.CancelOrder, apitest.Params{"OrderId": "1"}),
		"InternalError":    apitest.CallBilling(t, e, apitest.QueryBalance, nil),
	} {
		var body apitest.Envelope
		got.Decode(t, &body)
		if got.Status != 200 || body.Code != code || body.Success || body.Message == "" || !apitest.UUID.MatchString(body.RequestId) {
			t.Errorf("got HTTP %d %s, want 200 with code %s", got.Status, got.Body, code)
		}
	}
	e.AddFault(emulator.Fault{Action: apitest.DescribeRegions, Code: "Throttling", HTTPStatus: 200})
	if got := apitest.Call(t, e, apitest.DescribeRegions, nil); !strings.Contains(got.Body, `"HostId":"vpc.test"`) {
		t.Errorf("another product answers in billing's envelope: %s", got.Body)
	}
	// A refusal of the gateway keeps its status.
	apitest.ExpectCode(t, apitest.CallBilling(t, e, apitest.QueryBalance, apitest.Params{"Signature": "bad"}), 400, "SignatureDoesNotMatch")
}

func TestBillingHost_OtherSites_AreNotApplicable(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{BillingHost: "intl.test"})
	apitest.ExpectCode(t, apitest.CallBilling(t, e, apitest.QueryBalance, nil), 400, "NotApplicable")
	apitest.MustPlace(t, e, circuit, nil)
	for _, host := range []string{apitest.HostBSS, "VPC.test"} {
		e.SetQuirks(emulator.Quirks{BillingHost: host})
		apitest.ExpectCode(t, apitest.CallBilling(t, e, apitest.QueryBalance, nil), 200, "200")
	}
}

func TestBillingSuccessCode_ReplacesTheCode(t *testing.T) {
	t.Parallel()
	e, _ := apitest.NewEmulator(emulator.Quirks{})
	apitest.ExpectCode(t, apitest.CallBilling(t, e, apitest.QueryOrders, nil), 200, "Success")
	apitest.ExpectCode(t, apitest.CallBilling(t, e, apitest.QueryBalance, nil), 200, "200")
	e.SetQuirks(emulator.Quirks{BillingSuccessCode: "ok"})
	apitest.ExpectCode(t, apitest.CallBilling(t, e, apitest.QueryOrders, nil), 200, "ok")
	apitest.ExpectCode(t, apitest.CallBilling(t, e, apitest.QueryBalance, nil), 200, "ok")
}

func TestDeniedCode_AppliesToBilling(t *testing.T) {
	t.Parallel()
	all := []string{apitest.QueryOrders, apitest.OrderDetail, apitest.CancelOrder, apitest.QueryBalance, apitest.PlaceOrder}
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
			e := emulator.New(emulator.Options{Clock: apitest.FixedClock, Credentials: []emulator.Credential{credential}})
			circuit := e.AddCircuit(emulator.Circuit{})
			ask := func(action, version string) apitest.Reply {
				return apitest.CallAs(t, e, credential, apitest.OrderFor(circuit, apitest.Params{"Action": action, "Version": version, "OrderId": "1"}))
			}
			code := test.code
			if code == "" {
				code = "Forbidden.RAM"
			}
			for _, action := range all[:4] {
				apitest.ExpectCode(t, ask(action, "2017-12-14"), test.want, code)
			}
			apitest.ExpectCode(t, ask(apitest.PlaceOrder, "2016-04-28"), 403, "Forbidden.RAM")
		})
	}
}

func TestBilling_Permissions_HaveTheNamesOfPolicies(t *testing.T) {
	t.Parallel()
	permissions := apitest.Params{
		apitest.QueryOrders: "bss:DescribeOrderList", apitest.OrderDetail: "bss:DescribeOrderDetail",
		apitest.CancelOrder: "bss:CancelOrder", apitest.QueryBalance: "bss:DescribeAcccount",
	}
	credential := emulator.Credential{AccessKeyID: "k", AccessKeySecret: "s", Denied: apitest.SortedKeys(permissions)}
	e := emulator.New(emulator.Options{Clock: apitest.FixedClock, Credentials: []emulator.Credential{credential}})
	for action, permission := range permissions {
		got := apitest.CallAs(t, e, credential, apitest.Params{"Action": action, "Version": "2017-12-14"})
		var body struct {
			AccessDeniedDetail struct{ AuthAction string }
		}
		got.Decode(t, &body)
		if body.AccessDeniedDetail.AuthAction != permission {
			t.Errorf("%s: %s, want %s", action, got.Body, permission)
		}
	}
}

func TestBilling_Faults(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	order := apitest.MustPlace(t, e, circuit, nil)
	e.AddFault(emulator.Fault{Action: apitest.OrderDetail, Where: apitest.Params{"OrderId": order.ID}, Code: "NoPermission", HTTPStatus: 400})
	e.AddFault(emulator.Fault{Action: apitest.CancelOrder, After: true, Code: "ServiceUnavailable"})
	if got := apitest.Rows(t, e, "1"); len(got) != 0 {
		t.Errorf("rows %v", got)
	}
	apitest.ExpectCode(t, apitest.CallBilling(t, e, apitest.OrderDetail, apitest.Params{"OrderId": order.ID}), 400, "NoPermission")
	apitest.ExpectCode(t, apitest.CallBilling(t, e, apitest.CancelOrder, apitest.Params{"OrderId": order.ID}), 503, "ServiceUnavailable")
	apitest.ExpectRow(t, apitest.Rows(t, e, order.ID)[0], apitest.Params{"PaymentStatus": "Cancelled"})
	if e.CallCount(apitest.OrderDetail) != 3 || e.CallCount(apitest.CancelOrder) != 1 {
		t.Errorf("journal %+v", e.Journal())
	}
}
