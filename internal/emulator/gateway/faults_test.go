package gateway_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/textproto"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/apitest"
)

// It tests every kind of fault, before and after the order is placed, over HTTP and HTTPS:
// what the client receives, and whether an order exists.
func TestFault_EveryKind_PlacesAnOrderOnlyWithAfter(t *testing.T) {
	t.Parallel()
	tests := []struct {
		fault emulator.Fault
		sees  func(*testing.T, apitest.Reply, error) bool
	}{
		{emulator.Fault{Kind: emulator.AnswerError, Code: "Throttling.User"}, func(t *testing.T, got apitest.Reply, err error) bool {
			t.Helper()
			return err == nil && got.Status == 400 && got.Code(t) == "Throttling.User"
		}},
		{emulator.Fault{HTTPStatus: 503, Code: "My.Code", Message: "my words", Header: map[string]string{"Retry-After": "2"}},
			func(t *testing.T, got apitest.Reply, err error) bool {
				t.Helper()
				return err == nil && got.Status == 503 && got.Code(t) == "My.Code" &&
					strings.Contains(got.Body, `"Message":"my words"`) && got.Header.Get("Retry-After") == "2"
			}},
		{emulator.Fault{Kind: emulator.Reset}, func(_ *testing.T, _ apitest.Reply, err error) bool {
			return errors.Is(err, syscall.ECONNRESET)
		}},
		{emulator.Fault{Kind: emulator.TruncatedBody}, func(_ *testing.T, got apitest.Reply, err error) bool {
			return errors.Is(err, io.ErrUnexpectedEOF) && strings.HasPrefix(got.Body, `{"RequestId"`)
		}},
		{emulator.Fault{Kind: emulator.WrongContentLength}, func(_ *testing.T, got apitest.Reply, err error) bool {
			return err == nil && strings.HasPrefix(got.Body, `{"RequestId"`) && !json.Valid([]byte(got.Body))
		}},
		{emulator.Fault{Kind: emulator.HTMLPage}, func(_ *testing.T, got apitest.Reply, err error) bool {
			return err == nil && got.Status == 502 && got.Header.Get("Content-Type") == "text/html" && strings.HasPrefix(got.Body, "<html>")
		}},
		{emulator.Fault{Kind: emulator.EmptyBody}, func(_ *testing.T, got apitest.Reply, err error) bool {
			return err == nil && got.Status == 200 && got.Body == ""
		}},
		{emulator.Fault{Kind: emulator.RawBody, HTTPStatus: 400, Body: `{"Code":404}`}, func(_ *testing.T, got apitest.Reply, err error) bool {
			return err == nil && got.Status == 400 && got.Body == `{"Code":404}`
		}},
		{emulator.Fault{Kind: emulator.RawBody, HTTPStatus: 999, Body: "{}"}, func(_ *testing.T, got apitest.Reply, err error) bool {
			return err == nil && got.Status == 999 && got.Body == "{}"
		}},
		{emulator.Fault{Kind: emulator.Redirect, Location: "http://127.0.0.1:1/"}, func(_ *testing.T, got apitest.Reply, err error) bool {
			return err == nil && got.Status == 302 && got.Header.Get("Location") == "http://127.0.0.1:1/"
		}},
		{emulator.Fault{Kind: emulator.HugeBody, Size: 300_001}, func(_ *testing.T, got apitest.Reply, err error) bool {
			return err == nil && got.Status == 200 && len(got.Body) == 300_001 && json.Valid([]byte(got.Body))
		}},
	}
	for scheme, start := range map[string]func(emulator.Options) (*emulator.Server, error){
		"HTTP": emulator.Start, "TLS": emulator.StartTLS,
	} {
		for _, test := range tests {
			for _, after := range []bool{false, true} {
				name := scheme + " " + string(test.fault.Kind)
				if after {
					name += " after the commit"
				}
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					server, client, circuit := apitest.Serve(t, start)
					fault := test.fault
					fault.After = after
					server.AddFault(fault)
					order := apitest.OrderFor(circuit, apitest.Params{"Action": apitest.PlaceOrder})
					got, err := apitest.Fetch(t.Context(), t, client, server, order)
					if !test.sees(t, got, err) {
						t.Errorf("client saw HTTP %d %q, %v", got.Status, got.Body, err)
					}
					placed := server.Orders()
					if len(placed) > 0 != after {
						t.Errorf("%d orders", len(placed))
					}
					entry := server.Journal()[0]
					if entry.Fault == "" || entry.HTTPStatus != got.Status || after && entry.OrderID != placed[0].ID {
						t.Errorf("journal %+v", entry)
					}
					if again, err := apitest.Fetch(t.Context(), t, client, server, order); err != nil || again.OrderID(t) == "" {
						t.Errorf("the next try: %s, %v", again.Body, err)
					}
					apitest.ExpectOrders(t, server.Emulator, 1)
				})
			}
		}
	}
}

func TestHang_LastsUntilTheClientDisconnects(t *testing.T) {
	t.Parallel()
	server, client, circuit := apitest.Serve(t, emulator.StartTLS)
	server.AddFault(emulator.Fault{Kind: emulator.Hang, After: true})
	ctx, leave := context.WithCancel(t.Context())
	go func() {
		defer leave()
		for len(server.Orders()) == 0 && ctx.Err() == nil {
			runtime.Gosched()
		}
	}()
	order := apitest.OrderFor(circuit, apitest.Params{"Action": apitest.PlaceOrder})
	if _, err := apitest.Fetch(ctx, t, client, server, order); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	apitest.ExpectOrders(t, server.Emulator, 1)
	if entry := server.Journal()[0]; entry.HTTPStatus != 0 || entry.Fault != "Hang" {
		t.Errorf("journal %+v", entry)
	}
}

func TestRawBody_Status1xx_NeverEndsItsAnswer(t *testing.T) {
	t.Parallel()
	for _, status := range []int{100, 101, 102, 103, 199} {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprint(status, after), func(t *testing.T) {
				t.Parallel()
				server, client, circuit := apitest.Serve(t, emulator.Start)
				server.AddFault(emulator.Fault{
					Kind: emulator.RawBody, HTTPStatus: status, After: after, Header: map[string]string{"Connection": "Upgrade", "Upgrade": "other"},
				})
				ctx, leave := context.WithCancel(t.Context())
				defer leave()
				ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{Got1xxResponse: func(code int, _ textproto.MIMEHeader) error {
					if code != status {
						t.Errorf("the client saw %d", code)
					}
					leave()
					return nil
				}})
				query := apitest.Signed(http.MethodPost, emulator.DefaultCredential, apitest.Start, apitest.OrderFor(circuit, apitest.Params{"Action": apitest.PlaceOrder}))
				request, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL()+"/?"+query.Encode(), nil)
				if err != nil {
					t.Fatal(err)
				}
				response, err := client.Do(request)
				switch {
				case status == http.StatusSwitchingProtocols && err == nil: // The body does not end.
					defer func() { _ = response.Body.Close() }()
					expectNoEnd(t, client, server, response)
				case status == http.StatusSwitchingProtocols || !errors.Is(err, context.Canceled):
					t.Errorf("the client ended with %v, %v", response, err)
				}
				if placed := len(server.Orders()) == 1; placed != after {
					t.Errorf("an order is placed: %t, want %t", placed, after)
				}
				if entry := server.Journal()[0]; entry.HTTPStatus != status {
					t.Errorf("journal %+v", entry)
				}
			})
		}
	}
}

// expectNoEnd reads a body that must not end, while the server answers another request.
func expectNoEnd(t *testing.T, client *http.Client, server *emulator.Server, response *http.Response) {
	t.Helper()
	ended := make(chan error, 1)
	go func() {
		_, err := io.ReadAll(response.Body)
		ended <- err
	}()
	if _, err := apitest.Fetch(t.Context(), t, client, server, apitest.Params{"Action": apitest.DescribeRegions}); err != nil {
		t.Error(err)
	}
	if len(ended) > 0 {
		t.Error("the body ended")
	}
	_ = response.Body.Close()
	if err := <-ended; err == nil {
		t.Error("the body ended before the client closed it")
	}
}

func TestOtherOrder_PlacesTheOrderAndReturnsAnotherID(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	other := apitest.MustPlace(t, e, e.AddCircuit(emulator.Circuit{}), apitest.Params{"ClientToken": "other"})
	if err := e.CancelOrder(other.ID); err != nil {
		t.Fatal(err)
	}
	e.AddFault(emulator.Fault{Kind: emulator.OtherOrder, OrderID: other.ID, Times: 2})
	apitest.ExpectCode(t, apitest.Call(t, e, apitest.DescribeRegions, nil), 200, "") // The fault works only for orders.
	for range 2 {
		if id := apitest.Order(t, e, circuit, nil).OrderID(t); id != other.ID {
			t.Errorf("answered %s, want %s", id, other.ID)
		}
	}
	apitest.ExpectOrders(t, e, 2)
	own := e.Orders()[1]
	if own.CircuitID != circuit.ID || own.Status != emulator.OrderUnpaid {
		t.Errorf("order %+v", own)
	}
	if id := apitest.Order(t, e, circuit, nil).OrderID(t); id != own.ID {
		t.Errorf("after the fault: %s, want %s", id, own.ID)
	}
	for _, entry := range e.Journal()[2:] {
		if entry.OrderID != own.ID {
			t.Errorf("journal %+v", entry)
		}
	}

	e.AddFault(emulator.Fault{Kind: emulator.OtherOrder, OrderID: other.ID})
	unknown := apitest.Order(t, e, circuit, apitest.Params{"PhysicalConnectionId": "pc-none", "ClientToken": "none"})
	apitest.ExpectCode(t, unknown, 404, "InvalidPhysicalConnectionId.NotFound")
}

func TestNoPermission_Is400ForBillingAnd403Otherwise(t *testing.T) {
	t.Parallel()
	for code, statuses := range map[string][2]int{"NoPermission": {400, 403}, "InternalError": {400, 500}, "ServiceUnavailable": {503, 503}} {
		e, _ := apitest.NewEmulator(emulator.Quirks{})
		e.AddFault(emulator.Fault{Code: code, Times: 2})
		apitest.ExpectCode(t, apitest.CallBilling(t, e, apitest.QueryOrders, nil), statuses[0], code)
		apitest.ExpectCode(t, apitest.Call(t, e, apitest.DescribeRegions, nil), statuses[1], code)
	}
}

func TestHang_ClientDisconnects_EndsTheRequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e, _ := apitest.NewEmulator(emulator.Quirks{})
		e.AddFault(emulator.Fault{Kind: emulator.Hang})
		query := apitest.Signed(http.MethodGet, emulator.DefaultCredential, apitest.Start, apitest.Params{"Action": apitest.DescribeRegions})
		ctx, leave := context.WithCancel(t.Context())
		defer leave()
		request := httptest.NewRequestWithContext(ctx, http.MethodGet, "http://vpc.test/?"+query.Encode(), nil)
		var ended any
		go func() {
			defer func() { ended = recover() }()
			e.ServeHTTP(httptest.NewRecorder(), request)
		}()
		synctest.Wait()
		if e.CallCount(apitest.DescribeRegions) != 1 || ended != nil {
			t.Errorf("%d calls, ended with %v", e.CallCount(apitest.DescribeRegions), ended)
		}
		leave()
		synctest.Wait()
		if ended != http.ErrAbortHandler { //nolint:errorlint // What net/http compares the panic with.
			t.Errorf("ended with %v", ended)
		}
	})
}

func TestHang_ServerCloses_EndsTheRequest(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]emulator.Fault{"slow": {Kind: emulator.Slow, Delay: time.Hour}, "held": {Kind: emulator.Held}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, err := emulator.Start(emulator.Options{Clock: apitest.FixedClock})
			if err != nil {
				t.Fatal(err)
			}
			server.AddFault(fault)
			client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
			failed := make(chan error)
			go func() {
				_, err := apitest.Fetch(t.Context(), t, client, server, apitest.Params{"Action": apitest.DescribeRegions})
				failed <- err
			}()
			for server.CallCount(apitest.DescribeRegions) == 0 {
				runtime.Gosched()
			}
			if err := server.Close(); err != nil {
				t.Error(err)
			}
			if err := <-failed; err == nil {
				t.Error("an answer came")
			}
		})
	}
}

func TestSlow_IsInProgressUntilTheOrderIsPlaced(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e, circuit := apitest.NewEmulator(emulator.Quirks{})
		e.AddFault(emulator.Fault{Action: apitest.PlaceOrder, Kind: emulator.Slow, Delay: time.Minute})
		var slow sync.WaitGroup
		var late apitest.Reply
		begun := time.Now()
		slow.Go(func() { late = apitest.Order(t, e, circuit, nil) })
		synctest.Wait()

		apitest.ExpectCode(t, apitest.Order(t, e, circuit, nil), 400, "LastTokenProcessing")
		other := apitest.Order(t, e, circuit, apitest.Params{"ClientToken": "other"}).OrderID(t)
		apitest.ExpectOrders(t, e, 1)

		slow.Wait()
		if took := time.Since(begun); took != time.Minute {
			t.Errorf("answered after %s", took)
		}
		first := late.OrderID(t)
		if again := apitest.Order(t, e, circuit, nil).OrderID(t); again != first || first == other {
			t.Errorf("orders %s, %s, %s", other, first, again)
		}
		apitest.ExpectOrders(t, e, 2)
	})
}

func TestSlow_OnlyTheFirstRequestIsInProgress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e, circuit := apitest.NewEmulator(emulator.Quirks{})
		e.AddFault(emulator.Fault{Kind: emulator.Slow, Delay: time.Minute})
		e.AddFault(emulator.Fault{Kind: emulator.Slow, Delay: time.Second})
		var first sync.WaitGroup
		var late apitest.Reply
		first.Go(func() { late = apitest.Order(t, e, circuit, nil) })
		synctest.Wait()
		apitest.ExpectCode(t, apitest.Order(t, e, circuit, nil), 400, "LastTokenProcessing")
		apitest.ExpectCode(t, apitest.Order(t, e, circuit, nil), 400, "LastTokenProcessing")
		first.Wait()
		late.OrderID(t)
		apitest.ExpectOrders(t, e, 1)
	})
}

func TestSlow_FailedRequest_ReleasesItsToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e, circuit := apitest.NewEmulator(emulator.Quirks{})
		e.ChangeCircuit(apitest.Region, circuit.ID, func(c *emulator.Circuit) { c.Status = "Allocated" })
		e.AddFault(emulator.Fault{Kind: emulator.Slow, Delay: time.Minute})
		apitest.ExpectCode(t, apitest.Order(t, e, circuit, nil), 400, "Forbidden.NotAllowedInState")
		e.ChangeCircuit(apitest.Region, circuit.ID, func(c *emulator.Circuit) { c.Status = "Confirmed" })
		apitest.Order(t, e, circuit, nil).OrderID(t)
	})
}

func TestSlow_AfterTheOrder_CanBeRepeatedAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e, circuit := apitest.NewEmulator(emulator.Quirks{})
		e.AddFault(emulator.Fault{Kind: emulator.Slow, Delay: time.Minute, After: true})
		var slow sync.WaitGroup
		var late apitest.Reply
		slow.Go(func() { late = apitest.Order(t, e, circuit, nil) })
		synctest.Wait()
		again := apitest.Order(t, e, circuit, nil).OrderID(t)
		slow.Wait()
		if late.OrderID(t) != again {
			t.Errorf("orders %s and %s", late.OrderID(t), again)
		}
		apitest.ExpectOrders(t, e, 1)
	})
}

func TestFault_IsCountedAndMetInOrder(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	e.AddFault(emulator.Fault{Action: apitest.PlaceOrder, Code: "Throttling", Times: 2})
	e.AddFault(emulator.Fault{Action: apitest.PlaceOrder, Code: "ServiceUnavailable", Skip: 1})
	e.AddFault(emulator.Fault{Where: apitest.Params{"ClientToken": "special"}, Code: "Forbidden", Times: -1})
	codes := func(count int, action string, changes apitest.Params) []string {
		var codes []string
		for range count {
			codes = append(codes, apitest.Call(t, e, action, apitest.OrderFor(circuit, changes)).Code(t))
		}
		return codes
	}
	if got := codes(2, apitest.DescribeCircuits, nil); !slices.Equal(got, []string{"", ""}) {
		t.Errorf("another action: %q", got)
	}
	if got, want := codes(5, apitest.PlaceOrder, nil), []string{"Throttling", "Throttling", "", "ServiceUnavailable", ""}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := codes(3, apitest.PlaceOrder, apitest.Params{"ClientToken": "special"}); !slices.Equal(got, []string{"Forbidden", "Forbidden", "Forbidden"}) {
		t.Errorf("with Times -1: %q", got)
	}
	if len(e.Faults()) != 1 {
		t.Errorf("%d faults are pending, want 1", len(e.Faults()))
	}
	e.ClearFaults()
	if got := codes(1, apitest.DescribeCircuits, apitest.Params{"ClientToken": "special"}); got[0] != "" {
		t.Errorf("after clearing: %q", got)
	}
}

func TestFault_IsNotMetByRefusedRequests(t *testing.T) {
	t.Parallel()
	e, _ := apitest.NewEmulator(emulator.Quirks{})
	e.AddFault(emulator.Fault{Code: "Throttling"})
	apitest.ExpectCode(t, apitest.Call(t, e, apitest.DescribeRegions, apitest.Params{"Signature": "bad"}), 400, "SignatureDoesNotMatch")
	apitest.ExpectCode(t, apitest.Call(t, e, apitest.DescribeRegions, nil), 400, "Throttling")
	apitest.ExpectCode(t, apitest.Call(t, e, apitest.DescribeRegions, nil), 200, "")
}

func TestAddFault_UnknownKind_Panics(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	emulator.New(emulator.Options{}).AddFault(emulator.Fault{Kind: "Earthquake"})
}
