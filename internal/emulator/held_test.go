package emulator_test

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

func TestHeld_StopsARequestBeforeTheCommitUntilRelease(t *testing.T) {
	t.Parallel()
	for name, release := range map[string]func(*testing.T, *emulator.Emulator){
		"Go":      func(_ *testing.T, e *emulator.Emulator) { e.Release() },
		"control": func(t *testing.T, e *emulator.Emulator) { t.Helper(); controlled(t, e, "POST", "release", "", nil) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				e, circuit := newEmulator(emulator.Quirks{})
				e.AddFault(emulator.Fault{Action: placeOrder, Kind: emulator.Held})
				begun := time.Now()
				var first sync.WaitGroup
				var late reply
				first.Go(func() { late = call(t, e, placeOrder, orderFor(circuit, nil)) })
				synctest.Wait()
				expectCode(t, call(t, e, placeOrder, orderFor(circuit, nil)), 400, "LastTokenProcessing")
				other := call(t, e, placeOrder, orderFor(circuit, params{"ClientToken": "other"})).orderID(t)
				expectOrders(t, e, 1)
				release(t, e)
				first.Wait()
				if id := late.orderID(t); id == other || !time.Now().Equal(begun) {
					t.Errorf("order %s after %s", id, time.Since(begun))
				}
				expectOrders(t, e, 2)
			})
		})
	}
}

func TestHeld_AfterTheCommitAllowsAReplayMeanwhile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e, circuit := newEmulator(emulator.Quirks{})
		e.Release() // It does not count for the requests that come later.
		e.AddFault(emulator.Fault{Action: placeOrder, Kind: emulator.Held, After: true})
		var first sync.WaitGroup
		var late reply
		first.Go(func() { late = call(t, e, placeOrder, orderFor(circuit, nil)) })
		synctest.Wait()
		expectOrders(t, e, 1)
		again := call(t, e, placeOrder, orderFor(circuit, nil)).orderID(t)
		if late.status != 0 {
			t.Fatalf("answered before the release: %s", late.body)
		}
		e.Release()
		first.Wait()
		if late.orderID(t) != again {
			t.Errorf("orders %s and %s", late.orderID(t), again)
		}
	})
}

func TestHeld_IsCarriedOutAfterItsClientHasGoneAway(t *testing.T) {
	t.Parallel()
	server, client, circuit := serve(t, emulator.Start)
	server.AddFault(emulator.Fault{Action: placeOrder, Kind: emulator.Held})
	ctx, leave := context.WithCancel(t.Context())
	order := orderFor(circuit, params{"Action": placeOrder})
	gone := make(chan error)
	go func() {
		_, err := fetch(ctx, t, client, server, order)
		gone <- err
	}()
	for server.CallCount(placeOrder) == 0 || server.Journal()[0].Fault == "" {
		runtime.Gosched()
	}
	leave()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("the client left with %v", err)
	}
	expectOrders(t, server.Emulator, 0)
	server.Release()
	for len(server.Orders()) == 0 {
		runtime.Gosched()
	}
	got, err := fetch(t.Context(), t, client, server, order)
	if err != nil || got.orderID(t) != server.Orders()[0].ID {
		t.Errorf("the next run: %s, %v", got.body, err)
	}
}
