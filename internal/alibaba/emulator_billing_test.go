package alibaba_test

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/alibabatest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/vpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// placeUnpaid places an order that stays unpaid, and returns its ID.
func placeUnpaid(t *testing.T, server *emulator.Server, client *alibaba.Client) string {
	t.Helper()
	order := orderOf(server.AddCircuit(emulator.Circuit{}))
	order.AutoPay = false
	receipt, err := client.SendOrder(t.Context(), order)
	if err != nil {
		t.Fatal(err)
	}
	return receipt.OrderID
}

func TestEmulator_OrderIsReadFromBilling(t *testing.T) {
	t.Parallel()
	session := emulator.Credential{AccessKeyID: "STS.id", AccessKeySecret: alibabatest.CanarySecret, SecurityToken: alibabatest.CanaryToken}
	server, client := emulate(t, emulator.Options{
		Credentials: []emulator.Credential{session},
		Quirks:      emulator.Quirks{SubOrders: 3, ThousandsSeparators: true, Currency: "CNY"},
	}, session)
	placed := placeUnpaid(t, server, client)
	expectPayment := func(want string) {
		t.Helper()
		rows, err := client.OrderLines(t.Context(), placed)
		if err != nil || len(rows) != 3 {
			t.Fatalf("got %+v, %v", rows, err)
		}
		for _, row := range rows {
			if row.OrderID != placed || row.PaymentStatus != want || row.OrderType != billing.OrderTypeNew || row.Currency != "CNY" || row.CreateTime == nil ||
				(row.PaymentTime != nil) != (want == billing.Paid) || row.PretaxAmount == "" || !slices.Equal(row.InstanceIDs, []string{server.Orders()[0].CircuitID}) {
				t.Errorf("got %+v", row)
			}
		}
	}
	expectPayment(billing.Unpaid)

	listed, err := client.OrdersCreated(t.Context(), billing.OrderQuery{From: time.Now().Add(-time.Minute), To: time.Now().Add(time.Minute)})
	if err != nil || len(listed.Lines) != 3 || listed.Lines[0].OrderID != placed || len(listed.Lines[0].InstanceIDs) != 0 {
		t.Errorf("got %+v, %v", listed, err)
	}
	if listed, err = client.OrdersCreated(t.Context(), billing.OrderQuery{From: time.Now().Add(-time.Hour), To: time.Now().Add(-time.Minute)}); err != nil || len(listed.Lines) != 0 {
		t.Errorf("before: got %+v, %v", listed, err)
	}

	if err := client.CancelOrder(t.Context(), placed); err != nil || server.Orders()[0].Status != emulator.OrderCancelled {
		t.Errorf("cancelled: %v, %+v", err, server.Orders())
	}
	expectPayment(billing.Cancelled)
	if failure := alibabatest.FailureOf(t, client.CancelOrder(t.Context(), placed)); failure.Delivery != apierror.Answered || failure.Code == "" {
		t.Errorf("cancelled again: %+v", failure)
	}
	if rows, err := client.OrderLines(t.Context(), "123"); err != nil || len(rows) != 0 {
		t.Errorf("an order that does not exist: %+v, %v", rows, err)
	}
}

func TestPaidOrderOfTheEmulatorShowsItsTerm(t *testing.T) {
	t.Parallel()
	server, client := emulate(t, emulator.Options{}, emulator.DefaultCredential)
	placed := placeUnpaid(t, server, client)
	if err := server.PayOrder(placed); err != nil {
		t.Fatal(err)
	}
	rows, err := client.OrderLines(t.Context(), placed)
	if err != nil || len(rows) != 1 || rows[0].PaymentStatus != billing.Paid || rows[0].PaymentTime == nil || rows[0].UsageStartTime == nil || rows[0].UsageEndTime == nil {
		t.Errorf("got %+v, %v", rows, err)
	}
}

func TestEveryOrderOfTheEmulatorIsListed(t *testing.T) {
	t.Parallel()
	server, client := emulate(t, emulator.Options{}, emulator.DefaultCredential)
	var want []string
	for range 75 {
		want = append(want, server.AddOtherOrder(emulator.Order{}).ID)
	}
	listed, err := client.OrdersCreated(t.Context(), billing.OrderQuery{From: time.Now().Add(-time.Minute), To: time.Now().Add(time.Minute)})
	var got []string
	for _, row := range listed.Lines {
		got = append(got, row.OrderID)
	}
	slices.Sort(got)
	if err != nil || !slices.Equal(got, want) || server.CallCount("QueryOrders") != 4 {
		t.Errorf("got %d orders in %d calls, %v", len(got), server.CallCount("QueryOrders"), err)
	}
}

func TestBillingThatTheEmulatorForbidsFailsAtOnce(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"", "NoPermission", "NotAuthorized"} {
		for _, inside := range []bool{false, true} {
			for _, status := range []int{0, http.StatusBadRequest, http.StatusForbidden} {
				t.Run(fmt.Sprint(code, status, inside), func(t *testing.T) {
					t.Parallel()
					forbidden := emulator.DefaultCredential
					forbidden.Denied = []string{"GetOrderDetail", "QueryOrders", "CancelOrder", "QueryAvailableInstances", "SetRenewal"}
					forbidden.DeniedCode, forbidden.DeniedStatus = code, status
					server, client := emulate(t, emulator.Options{Credentials: []emulator.Credential{forbidden}, Quirks: emulator.Quirks{UnsuccessfulAs200: inside}}, forbidden)
					want := code
					if want == "" {
						want = "Forbidden.RAM"
					}
					for action, call := range alibabatest.BillingCalls {
						failure := alibabatest.FailureOf(t, call(t.Context(), client))
						if failure.Delivery != apierror.Answered || failure.Code != want || server.CallCount(action) != 1 {
							t.Errorf("%s: got %+v after %d calls", action, failure, server.CallCount(action))
						}
					}
				})
			}
		}
	}
}

// namedHosts sends the requests for all hosts to one server, with the name of the host.
type namedHosts struct {
	base   http.RoundTripper
	server string
}

func (n namedHosts) RoundTrip(request *http.Request) (*http.Response, error) {
	request = request.Clone(request.Context())
	request.Host = request.URL.Host
	request.URL.Scheme, request.URL.Host = "http", n.server
	return n.base.RoundTrip(request)
}

func TestEmulator_InternationalAccount_IsFoundOut(t *testing.T) {
	t.Parallel()
	for _, inside := range []bool{false, true} {
		server, err := emulator.Start(emulator.Options{Quirks: emulator.Quirks{BillingHost: alibabatest.InternationalHost, UnsuccessfulAs200: inside}})
		if err != nil {
			t.Fatal(err)
		}
		base := &http.Transport{}
		t.Cleanup(func() {
			base.CloseIdleConnections()
			_ = server.Close()
		})
		client := alibabatest.Configure(t, alibaba.Config{
			Credentials: credentials.Static(emulator.DefaultCredential.AccessKeyID, emulator.DefaultCredential.AccessKeySecret, ""),
			Transport:   namedHosts{base, server.Addr()},
		})
		order := server.AddOtherOrder(emulator.Order{})
		for range 3 {
			if rows, err := client.OrderLines(t.Context(), order.ID); err != nil || len(rows) != 1 {
				t.Errorf("got %+v, %v", rows, err)
			}
		}
		if calls := server.CallCount("GetOrderDetail"); calls != 4 {
			t.Errorf("%d calls", calls)
		}
	}
}

func TestEmulator_DamagedAnswer_IsNoCancellation(t *testing.T) {
	t.Parallel()
	for _, kind := range []emulator.FaultKind{
		emulator.AnswerError, emulator.Reset, emulator.TruncatedBody, emulator.WrongContentLength, emulator.HTMLPage,
		emulator.EmptyBody, emulator.RawBody, emulator.HugeBody,
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			server, client := emulate(t, emulator.Options{}, emulator.DefaultCredential)
			placed := placeUnpaid(t, server, client)
			server.AddFault(emulator.Fault{Action: "CancelOrder", Kind: kind, After: true})
			if failure := alibabatest.FailureOf(t, client.CancelOrder(t.Context(), placed)); failure.Class() != apierror.Ambiguous || server.CallCount("CancelOrder") != 1 {
				t.Errorf("got %+v after %d calls", failure, server.CallCount("CancelOrder"))
			}
		})
	}
}

func TestWrongSecretIsRefusedByBillingWithoutShowingAnything(t *testing.T) {
	t.Parallel()
	known := emulator.Credential{AccessKeyID: alibabatest.CanaryID, AccessKeySecret: "right", SecurityToken: alibabatest.CanaryToken}
	wrong := known
	wrong.AccessKeySecret = "canary-wrong"
	_, client := emulate(t, emulator.Options{Credentials: []emulator.Credential{known}}, wrong)
	for action, call := range alibabatest.BillingCalls {
		var log bytes.Buffer
		err := call(tflogtest.RootLogger(t.Context(), &log), client)
		if failure := alibabatest.FailureOf(t, err); failure.Code != "SignatureDoesNotMatch" {
			t.Errorf("%s: got %+v", action, failure)
		}
		alibabatest.ExpectNoCanary(t, "the failure", alibabatest.Texts(err))
		alibabatest.ExpectNoCanary(t, "the log", log.String())
		if !bytes.Contains(log.Bytes(), []byte(action)) {
			t.Errorf("%s is not logged: %s", action, &log)
		}
	}
}

func TestEmulator_CircuitsMatchEveryFilter(t *testing.T) {
	t.Parallel()
	server, client := emulate(t, emulator.Options{}, emulator.DefaultCredential)
	chosen := server.AddCircuit(emulator.Circuit{
		AccessPointID: "ap-1", Type: "VPC", LineOperator: "CT", Spec: "10G", Bandwidth: 10_000, ProductType: "PhysicalConnection", ResourceGroupID: "rg-1",
		Tags: map[string]string{"env": "test", "empty": ""}, MacsecKeys: []emulator.MacsecKey{{CAK: "canary-cak", CKN: "canary-ckn"}},
	})
	other := server.AddCircuit(emulator.Circuit{
		AccessPointID: "ap-2", Type: "Other", LineOperator: "CU", Spec: "40G", Bandwidth: 40_000, ProductType: "VirtualPhysicalConnection", ResourceGroupID: "rg-2",
		Status: "Allocated", Tags: map[string]string{"env": "production", "empty": "no"},
	})
	for name, filter := range map[string]circuit.Filter{
		"ID":             {IDs: []string{chosen.ID, "pc-none"}},
		"access point":   {AccessPointID: "ap-1"},
		"type":           {Type: "VPC"},
		"operator":       {LineOperator: "CT"},
		"spec":           {Spec: "10G"},
		"status":         {Status: "Confirmed"},
		"product type":   {ProductType: "PhysicalConnection"},
		"resource group": {ResourceGroupID: "rg-1"},
		"tag":            {Tags: map[string]string{"env": "test"}},
		"empty tag":      {Tags: map[string]string{"empty": ""}},
		"everything": {
			IDs: []string{other.ID, chosen.ID}, AccessPointID: "ap-1", Type: "VPC", LineOperator: "CT", Spec: "10G", Status: "Confirmed", ProductType: "PhysicalConnection",
			ResourceGroupID: "rg-1", Tags: map[string]string{"env": "test", "empty": ""},
		},
	} {
		filter.Region = chosen.Region
		circuits, err := client.ListCircuits(t.Context(), filter)
		if err != nil || !slices.Equal(alibabatest.IDsOf(circuits), []string{chosen.ID}) {
			t.Errorf("%s: got %v, %v", name, alibabatest.IDsOf(circuits), err)
		}
		alibabatest.ExpectNoCanary(t, "the list", fmt.Sprintf("%+v", circuits))
	}
	circuits, err := client.ListCircuits(t.Context(), circuit.Filter{Region: chosen.Region})
	if want := slices.Sorted(slices.Values([]string{chosen.ID, other.ID})); err != nil || !slices.Equal(alibabatest.IDsOf(circuits), want) {
		t.Errorf("got %v, %v", alibabatest.IDsOf(circuits), err)
	}
}

func TestEmulator_RefreshStaysWithinItsCalls(t *testing.T) {
	t.Parallel()
	for orders, calls := range map[int]int{1: 1, 100: 3, 300: 7} {
		server, client := emulate(t, emulator.Options{}, emulator.DefaultCredential)
		var circuit emulator.Circuit
		ids := make([]string, orders)
		for index := range ids {
			circuit = server.AddCircuit(emulator.Circuit{Region: alibabatest.Region})
			ids[index] = circuit.ID
		}
		alibabatest.Refresh(t, vpc.NewCachedCircuits(client), ids, 10, func() time.Duration { return 0 })
		if got := server.CallCount("DescribePhysicalConnections"); got > calls {
			t.Errorf("%d orders: %d calls", orders, got)
		}
	}
}
