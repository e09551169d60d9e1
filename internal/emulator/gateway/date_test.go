package gateway_test

import (
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/apitest"
)

func TestDateHeader_CanBeAheadBehindAndMissingForVPCAndBilling(t *testing.T) {
	t.Parallel()
	dateAt := func(offset time.Duration) string { return apitest.Start.Add(offset).Format(http.TimeFormat) }
	for name, test := range map[string]struct {
		quirks       emulator.Quirks
		vpc, billing string
	}{
		"no quirk":       {emulator.Quirks{}, dateAt(0), dateAt(0)},
		"ahead":          {emulator.Quirks{DateSkew: 10 * time.Minute}, dateAt(10 * time.Minute), dateAt(0)},
		"billing behind": {emulator.Quirks{BillingDateSkew: -time.Hour}, dateAt(0), dateAt(-time.Hour)},
		"missing":        {emulator.Quirks{OmitDate: true}, "", dateAt(0)},
		"billing has none": {
			emulator.Quirks{OmitBillingDate: true, DateSkew: time.Second}, dateAt(time.Second), "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client, circuit := apitest.Serve(t, emulator.Start)
			server.SetQuirks(test.quirks)
			for _, want := range []struct {
				date   string
				params apitest.Params
			}{
				{test.vpc, apitest.OrderFor(circuit, apitest.Params{"Action": apitest.PlaceOrder})},
				{test.billing, apitest.Params{"Action": apitest.QueryOrders, "Version": "2017-12-14"}},
				{test.billing, apitest.Params{"Action": apitest.OrderDetail, "Version": "2017-12-14"}}, // A refusal also has the date.
			} {
				got, err := apitest.Fetch(t.Context(), t, client, server, want.params)
				if err != nil || got.Header.Get("Date") != want.date {
					t.Errorf("%s: Date %q, want %q; %v", want.params["Action"], got.Header.Get("Date"), want.date, err)
				}
			}
			if order := server.Orders()[0]; !order.CreatedAt.Equal(apitest.Start) {
				t.Errorf("the order is created at %s", order.CreatedAt)
			}
		})
	}
}

func TestDateHeader_IsTheTimeOfTheAnswer(t *testing.T) {
	t.Parallel()
	for _, after := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			e := emulator.New(emulator.Options{})
			circuit := e.AddCircuit(emulator.Circuit{})
			e.AddFault(emulator.Fault{Kind: emulator.Slow, Delay: time.Minute, After: after})
			begun := time.Now()
			var late apitest.Reply
			var slow sync.WaitGroup
			slow.Go(func() {
				query := apitest.Signed(http.MethodPost, emulator.DefaultCredential, begun, apitest.OrderFor(circuit, apitest.Params{"Action": apitest.PlaceOrder}))
				late = apitest.Send(t, e, http.MethodPost, query, nil)
			})
			slow.Wait()
			created := e.Orders()[0].CreatedAt
			if want := begun.Add(time.Minute).UTC().Format(http.TimeFormat); late.Header.Get("Date") != want || created.Equal(begun) != after {
				t.Errorf("Date %s, want %s; the order is created at %s", late.Header.Get("Date"), want, created)
			}
		})
	}
}

func TestDateHeader_OfAFault_IsKept(t *testing.T) {
	t.Parallel()
	e, _ := apitest.NewEmulator(emulator.Quirks{DateSkew: time.Hour})
	e.AddFault(emulator.Fault{Code: "Throttling", Header: map[string]string{"Date": "no date"}})
	if got := apitest.Call(t, e, apitest.DescribeRegions, nil); got.Header.Get("Date") != "no date" {
		t.Errorf("Date %q", got.Header.Get("Date"))
	}
}
