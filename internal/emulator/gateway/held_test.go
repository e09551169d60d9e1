package gateway_test

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/apitest"
)

func TestHeld_StopsARequestBeforeTheOrderUntilRelease(t *testing.T) {
	t.Parallel()
	for name, release := range map[string]func(*testing.T, *emulator.Emulator){
		"Go": func(_ *testing.T, e *emulator.Emulator) { e.Release() },
		"control": func(t *testing.T, e *emulator.Emulator) {
			t.Helper()
			apitest.MustControl(t, e, "POST", "release", "", nil)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				e, circuit := apitest.NewEmulator(emulator.Quirks{})
				e.AddFault(emulator.Fault{Action: apitest.PlaceOrder, Kind: emulator.Held})
				begun := time.Now()
				var first sync.WaitGroup
				var late apitest.Reply
				first.Go(func() { late = apitest.Order(t, e, circuit, nil) })
				synctest.Wait()
				apitest.ExpectCode(t, apitest.Order(t, e, circuit, nil), 400, "LastTokenProcessing")
				other := apitest.Order(t, e, circuit, apitest.Params{"ClientToken": "other"}).OrderID(t)
				apitest.ExpectOrders(t, e, 1)
				release(t, e)
				first.Wait()
				if id := late.OrderID(t); id == other || !time.Now().Equal(begun) {
					t.Errorf("order %s after %s", id, time.Since(begun))
				}
				apitest.ExpectOrders(t, e, 2)
			})
		})
	}
}

func TestHeld_AfterTheOrder_AllowsARepetition(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e, circuit := apitest.NewEmulator(emulator.Quirks{})
		e.Release() // It has no effect on later requests.
		e.AddFault(emulator.Fault{Action: apitest.PlaceOrder, Kind: emulator.Held, After: true})
		var first sync.WaitGroup
		var late apitest.Reply
		first.Go(func() { late = apitest.Order(t, e, circuit, nil) })
		synctest.Wait()
		apitest.ExpectOrders(t, e, 1)
		again := apitest.Order(t, e, circuit, nil).OrderID(t)
		if late.Status != 0 {
			t.Fatalf("answered before the release: %s", late.Body)
		}
		e.Release()
		first.Wait()
		if late.OrderID(t) != again {
			t.Errorf("orders %s and %s", late.OrderID(t), again)
		}
	})
}

func TestHeld_ClientDisconnects_OrderIsPlacedAfterRelease(t *testing.T) {
	t.Parallel()
	server, client, circuit := apitest.Serve(t, emulator.Start)
	server.AddFault(emulator.Fault{Action: apitest.PlaceOrder, Kind: emulator.Held})
	ctx, leave := context.WithCancel(t.Context())
	order := apitest.OrderFor(circuit, apitest.Params{"Action": apitest.PlaceOrder})
	gone := make(chan error)
	go func() {
		_, err := apitest.Fetch(ctx, t, client, server, order)
		gone <- err
	}()
	for server.CallCount(apitest.PlaceOrder) == 0 || server.Journal()[0].Fault == "" {
		runtime.Gosched()
	}
	leave()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("the client left with %v", err)
	}
	apitest.ExpectOrders(t, server.Emulator, 0)
	server.Release()
	for len(server.Orders()) == 0 {
		runtime.Gosched()
	}
	got, err := apitest.Fetch(t.Context(), t, client, server, order)
	if err != nil || got.OrderID(t) != server.Orders()[0].ID {
		t.Errorf("the next run: %s, %v", got.Body, err)
	}
}
