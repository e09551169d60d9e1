package emulator_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
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
)

// serve starts a server with one circuit, and returns a client that trusts it
// and does not follow redirects.
func serve(t *testing.T, start func(emulator.Options) (*emulator.Server, error)) (*emulator.Server, *http.Client, emulator.Circuit) {
	t.Helper()
	server, err := start(emulator.Options{Clock: fixedClock})
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	if authority := server.CACertificate(); authority != nil {
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM(authority)
		transport.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return server, &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, server.AddCircuit(emulator.Circuit{})
}

// fetch sends an order over the network. The error is that of the request or of
// reading the body.
func fetch(ctx context.Context, t *testing.T, client *http.Client, server *emulator.Server, changes params) (reply, error) {
	t.Helper()
	query := signed(http.MethodPost, emulator.DefaultCredential, start, changes)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL()+"/?"+query.Encode(), nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	return reply{response.StatusCode, string(body), response.Header}, err
}

// Every kind of fault, before and after the commit, over plain HTTP and TLS:
// what the client sees, and whether an order exists.
func TestFaultDamagesTheAnswerAndAfterDecidesWhetherAnOrderExists(t *testing.T) {
	t.Parallel()
	tests := []struct {
		fault emulator.Fault
		sees  func(*testing.T, reply, error) bool
	}{
		{emulator.Fault{Kind: emulator.AnswerError, Code: "Throttling.User"}, func(t *testing.T, got reply, err error) bool {
			t.Helper()
			return err == nil && got.status == 400 && got.code(t) == "Throttling.User"
		}},
		{emulator.Fault{HTTPStatus: 503, Code: "My.Code", Message: "my words", Header: map[string]string{"Retry-After": "2"}},
			func(t *testing.T, got reply, err error) bool {
				t.Helper()
				return err == nil && got.status == 503 && got.code(t) == "My.Code" &&
					strings.Contains(got.body, `"Message":"my words"`) && got.header.Get("Retry-After") == "2"
			}},
		{emulator.Fault{Kind: emulator.Reset}, func(_ *testing.T, _ reply, err error) bool {
			return errors.Is(err, syscall.ECONNRESET)
		}},
		{emulator.Fault{Kind: emulator.TruncatedBody}, func(_ *testing.T, got reply, err error) bool {
			return errors.Is(err, io.ErrUnexpectedEOF) && strings.HasPrefix(got.body, `{"RequestId"`)
		}},
		{emulator.Fault{Kind: emulator.WrongContentLength}, func(_ *testing.T, got reply, err error) bool {
			return err == nil && strings.HasPrefix(got.body, `{"RequestId"`) && !json.Valid([]byte(got.body))
		}},
		{emulator.Fault{Kind: emulator.HTMLPage}, func(_ *testing.T, got reply, err error) bool {
			return err == nil && got.status == 502 && got.header.Get("Content-Type") == "text/html" && strings.HasPrefix(got.body, "<html>")
		}},
		{emulator.Fault{Kind: emulator.EmptyBody}, func(_ *testing.T, got reply, err error) bool {
			return err == nil && got.status == 200 && got.body == ""
		}},
		{emulator.Fault{Kind: emulator.RawBody, HTTPStatus: 400, Body: `{"Code":404}`}, func(_ *testing.T, got reply, err error) bool {
			return err == nil && got.status == 400 && got.body == `{"Code":404}`
		}},
		{emulator.Fault{Kind: emulator.RawBody, HTTPStatus: 999, Body: "{}"}, func(_ *testing.T, got reply, err error) bool {
			return err == nil && got.status == 999 && got.body == "{}"
		}},
		{emulator.Fault{Kind: emulator.Redirect, Location: "http://127.0.0.1:1/"}, func(_ *testing.T, got reply, err error) bool {
			return err == nil && got.status == 302 && got.header.Get("Location") == "http://127.0.0.1:1/"
		}},
		{emulator.Fault{Kind: emulator.HugeBody, Size: 300_001}, func(_ *testing.T, got reply, err error) bool {
			return err == nil && got.status == 200 && len(got.body) == 300_001 && json.Valid([]byte(got.body))
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
					server, client, circuit := serve(t, start)
					fault := test.fault
					fault.After = after
					server.AddFault(fault)
					order := orderFor(circuit, params{"Action": placeOrder})
					got, err := fetch(t.Context(), t, client, server, order)
					if !test.sees(t, got, err) {
						t.Errorf("client saw HTTP %d %q, %v", got.status, got.body, err)
					}
					placed := server.Orders()
					if len(placed) > 0 != after {
						t.Errorf("%d orders", len(placed))
					}
					entry := server.Journal()[0]
					if entry.Fault == "" || entry.HTTPStatus != got.status || after && entry.OrderID != placed[0].ID {
						t.Errorf("journal %+v", entry)
					}
					if again, err := fetch(t.Context(), t, client, server, order); err != nil || again.orderID(t) == "" {
						t.Errorf("the next try: %s, %v", again.body, err)
					}
					expectOrders(t, server.Emulator, 1)
				})
			}
		}
	}
}

func TestHangLastsUntilTheClientGoesAway(t *testing.T) {
	t.Parallel()
	server, client, circuit := serve(t, emulator.StartTLS)
	server.AddFault(emulator.Fault{Kind: emulator.Hang, After: true})
	ctx, leave := context.WithCancel(t.Context())
	go func() {
		defer leave()
		for len(server.Orders()) == 0 && ctx.Err() == nil {
			runtime.Gosched()
		}
	}()
	if _, err := fetch(ctx, t, client, server, orderFor(circuit, params{"Action": placeOrder})); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	expectOrders(t, server.Emulator, 1)
	if entry := server.Journal()[0]; entry.HTTPStatus != 0 || entry.Fault != "Hang" {
		t.Errorf("journal %+v", entry)
	}
}

func TestRawBody_WithA1xxStatusNeverEndsItsAnswer(t *testing.T) {
	t.Parallel()
	for _, status := range []int{100, 101, 102, 103, 199} {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprint(status, after), func(t *testing.T) {
				t.Parallel()
				server, client, circuit := serve(t, emulator.Start)
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
				query := signed(http.MethodPost, emulator.DefaultCredential, start, orderFor(circuit, params{"Action": placeOrder}))
				request, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL()+"/?"+query.Encode(), nil)
				if err != nil {
					t.Fatal(err)
				}
				response, err := client.Do(request)
				switch {
				case status == http.StatusSwitchingProtocols && err == nil: // An answer whose body does not end.
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

// expectNoEnd reads the body of an answer while the server answers something else.
func expectNoEnd(t *testing.T, client *http.Client, server *emulator.Server, response *http.Response) {
	t.Helper()
	ended := make(chan error, 1)
	go func() {
		_, err := io.ReadAll(response.Body)
		ended <- err
	}()
	if _, err := fetch(t.Context(), t, client, server, params{"Action": describeRegions}); err != nil {
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

func TestOtherOrder_PlacesTheOrderAndAnswersWithTheIDOfAnother(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{})
	other := placed(t, e, e.AddCircuit(emulator.Circuit{}), params{"ClientToken": "other"})
	if err := e.CancelOrder(other.ID); err != nil {
		t.Fatal(err)
	}
	e.AddFault(emulator.Fault{Kind: emulator.OtherOrder, OrderID: other.ID, Times: 2})
	expectCode(t, call(t, e, describeRegions, nil), 200, "") // It takes orders only.
	for range 2 {
		if id := call(t, e, placeOrder, orderFor(circuit, nil)).orderID(t); id != other.ID {
			t.Errorf("answered %s, want %s", id, other.ID)
		}
	}
	expectOrders(t, e, 2)
	own := e.Orders()[1]
	if own.CircuitID != circuit.ID || own.Status != emulator.OrderUnpaid {
		t.Errorf("order %+v", own)
	}
	if id := call(t, e, placeOrder, orderFor(circuit, nil)).orderID(t); id != own.ID {
		t.Errorf("after the fault: %s, want %s", id, own.ID)
	}
	for _, entry := range e.Journal()[2:] {
		if entry.OrderID != own.ID {
			t.Errorf("journal %+v", entry)
		}
	}

	e.AddFault(emulator.Fault{Kind: emulator.OtherOrder, OrderID: other.ID})
	expectCode(t, call(t, e, placeOrder, orderFor(circuit, params{"PhysicalConnectionId": "pc-none", "ClientToken": "none"})), 404, "InvalidPhysicalConnectionId.NotFound")
}

func TestNoPermission_IsA400AtBillingAndA403Elsewhere(t *testing.T) {
	t.Parallel()
	for code, statuses := range map[string][2]int{"NoPermission": {400, 403}, "InternalError": {400, 500}, "ServiceUnavailable": {503, 503}} {
		e, _ := newEmulator(emulator.Quirks{})
		e.AddFault(emulator.Fault{Code: code, Times: 2})
		expectCode(t, bill(t, e, queryOrders, nil), statuses[0], code)
		expectCode(t, call(t, e, describeRegions, nil), statuses[1], code)
	}
}

func TestHangIsNotLeftBehindByItsClient(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e, _ := newEmulator(emulator.Quirks{})
		e.AddFault(emulator.Fault{Kind: emulator.Hang})
		query := signed(http.MethodGet, emulator.DefaultCredential, start, params{"Action": describeRegions})
		ctx, leave := context.WithCancel(t.Context())
		defer leave()
		request := httptest.NewRequestWithContext(ctx, http.MethodGet, "http://vpc.test/?"+query.Encode(), nil)
		var ended any
		go func() {
			defer func() { ended = recover() }()
			e.ServeHTTP(httptest.NewRecorder(), request)
		}()
		synctest.Wait()
		if e.CallCount(describeRegions) != 1 || ended != nil {
			t.Errorf("%d calls, ended with %v", e.CallCount(describeRegions), ended)
		}
		leave()
		synctest.Wait()
		if ended != http.ErrAbortHandler { //nolint:errorlint // What net/http compares the panic with.
			t.Errorf("ended with %v", ended)
		}
	})
}

func TestClosingTheServerEndsWhatHangs(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]emulator.Fault{"slow": {Kind: emulator.Slow, Delay: time.Hour}, "held": {Kind: emulator.Held}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, err := emulator.Start(emulator.Options{Clock: fixedClock})
			if err != nil {
				t.Fatal(err)
			}
			server.AddFault(fault)
			client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
			failed := make(chan error)
			go func() {
				_, err := fetch(t.Context(), t, client, server, params{"Action": describeRegions})
				failed <- err
			}()
			for server.CallCount(describeRegions) == 0 {
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

func TestSlowRequestIsInProgressUntilItIsCarriedOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e, circuit := newEmulator(emulator.Quirks{})
		e.AddFault(emulator.Fault{Action: placeOrder, Kind: emulator.Slow, Delay: time.Minute})
		var slow sync.WaitGroup
		var late reply
		begun := time.Now()
		slow.Go(func() { late = call(t, e, placeOrder, orderFor(circuit, nil)) })
		synctest.Wait()

		expectCode(t, call(t, e, placeOrder, orderFor(circuit, nil)), 400, "LastTokenProcessing")
		other := call(t, e, placeOrder, orderFor(circuit, params{"ClientToken": "other"})).orderID(t)
		expectOrders(t, e, 1)

		slow.Wait()
		if took := time.Since(begun); took != time.Minute {
			t.Errorf("answered after %s", took)
		}
		first := late.orderID(t)
		if again := call(t, e, placeOrder, orderFor(circuit, nil)).orderID(t); again != first || first == other {
			t.Errorf("orders %s, %s, %s", other, first, again)
		}
		expectOrders(t, e, 2)
	})
}

func TestOnlyTheFirstSlowRequestIsInProgress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e, circuit := newEmulator(emulator.Quirks{})
		e.AddFault(emulator.Fault{Kind: emulator.Slow, Delay: time.Minute})
		e.AddFault(emulator.Fault{Kind: emulator.Slow, Delay: time.Second})
		var first sync.WaitGroup
		var late reply
		first.Go(func() { late = call(t, e, placeOrder, orderFor(circuit, nil)) })
		synctest.Wait()
		expectCode(t, call(t, e, placeOrder, orderFor(circuit, nil)), 400, "LastTokenProcessing")
		expectCode(t, call(t, e, placeOrder, orderFor(circuit, nil)), 400, "LastTokenProcessing")
		first.Wait()
		late.orderID(t)
		expectOrders(t, e, 1)
	})
}

func TestSlowRequestThatFailsSetsItsTokenFree(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e, circuit := newEmulator(emulator.Quirks{})
		e.ChangeCircuit(region, circuit.ID, func(c *emulator.Circuit) { c.Status = "Allocated" })
		e.AddFault(emulator.Fault{Kind: emulator.Slow, Delay: time.Minute})
		expectCode(t, call(t, e, placeOrder, orderFor(circuit, nil)), 400, "Forbidden.NotAllowedInState")
		e.ChangeCircuit(region, circuit.ID, func(c *emulator.Circuit) { c.Status = "Confirmed" })
		call(t, e, placeOrder, orderFor(circuit, nil)).orderID(t)
	})
}

func TestSlowAnswerAfterTheCommitCanBeReplayedAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e, circuit := newEmulator(emulator.Quirks{})
		e.AddFault(emulator.Fault{Kind: emulator.Slow, Delay: time.Minute, After: true})
		var slow sync.WaitGroup
		var late reply
		slow.Go(func() { late = call(t, e, placeOrder, orderFor(circuit, nil)) })
		synctest.Wait()
		again := call(t, e, placeOrder, orderFor(circuit, nil)).orderID(t)
		slow.Wait()
		if late.orderID(t) != again {
			t.Errorf("orders %s and %s", late.orderID(t), again)
		}
		expectOrders(t, e, 1)
	})
}

func TestFaultsAreCountedAndTakenInOrder(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{})
	e.AddFault(emulator.Fault{Action: placeOrder, Code: "Throttling", Times: 2})
	e.AddFault(emulator.Fault{Action: placeOrder, Code: "ServiceUnavailable", Skip: 1})
	e.AddFault(emulator.Fault{Where: params{"ClientToken": "special"}, Code: "Forbidden", Times: -1})
	codes := func(count int, action string, changes params) []string {
		var codes []string
		for range count {
			codes = append(codes, call(t, e, action, orderFor(circuit, changes)).code(t))
		}
		return codes
	}
	if got := codes(2, describeCircuits, nil); !slices.Equal(got, []string{"", ""}) {
		t.Errorf("another action: %q", got)
	}
	if got, want := codes(5, placeOrder, nil), []string{"Throttling", "Throttling", "", "ServiceUnavailable", ""}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := codes(3, placeOrder, params{"ClientToken": "special"}); !slices.Equal(got, []string{"Forbidden", "Forbidden", "Forbidden"}) {
		t.Errorf("for ever: %q", got)
	}
	if len(e.Faults()) != 1 {
		t.Errorf("%d faults are waiting, want 1", len(e.Faults()))
	}
	e.ClearFaults()
	if got := codes(1, describeCircuits, params{"ClientToken": "special"}); got[0] != "" {
		t.Errorf("after clearing: %q", got)
	}
}

func TestFaultsSpareWhatTheGatewayRefuses(t *testing.T) {
	t.Parallel()
	e, _ := newEmulator(emulator.Quirks{})
	e.AddFault(emulator.Fault{Code: "Throttling"})
	expectCode(t, call(t, e, describeRegions, params{"Signature": "bad"}), 400, "SignatureDoesNotMatch")
	expectCode(t, call(t, e, describeRegions, nil), 400, "Throttling")
	expectCode(t, call(t, e, describeRegions, nil), 200, "")
}

func TestUnknownKindOfFaultPanics(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	emulator.New(emulator.Options{}).AddFault(emulator.Fault{Kind: "Earthquake"})
}
