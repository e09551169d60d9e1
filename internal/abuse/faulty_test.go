package abuse

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

const (
	// damagedShare is the share of answers that are damaged.
	damagedShare = 0.25
	// faultyApplies is the number of applies while answers are damaged.
	faultyApplies = 2
	// longestDelay is the longest delay of a slow answer, far below the client's timeouts.
	longestDelay = 3 * time.Second
	// billingVersion is the version of the billing API in its requests.
	billingVersion = "2017-12-14"
)

// faulty is an account behind a bad network and a busy API.
type faulty struct {
	*emulator.Emulator
	mu     sync.Mutex
	random *rand.Rand
	share  float64
	// hangs are the hanging answers that are still to come, each to an action.
	hangs []emulator.Fault
}

// ServeHTTP damages the answers to a share of the requests. The nonce names the request.
func (f *faulty) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	if fault, ok := f.draw(query.Get("Action"), query.Get("Version") == billingVersion); ok {
		fault.Where = map[string]string{"SignatureNonce": query.Get("SignatureNonce")}
		f.AddFault(fault)
		done.damaged.Add(1)
	}
	f.Emulator.ServeHTTP(w, r)
}

// draw returns the fault of a request to an action. A fault that only billing has is as
// likely there as all others together.
func (f *faulty) draw(action string, billing bool) (emulator.Fault, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.random.Float64() >= f.share {
		return emulator.Fault{}, false
	}
	if at := slices.IndexFunc(f.hangs, func(h emulator.Fault) bool { return h.Action == action }); at >= 0 {
		hang := f.hangs[at]
		f.hangs = slices.Delete(f.hangs, at, at+1)
		done.hanging.Add(1)
		return hang, true
	}
	if billing && f.random.IntN(2) == 0 {
		done.billing.Add(1)
		return pick(f.random, billingFaults()...), true
	}
	fault := pick(f.random, anyFaults(f.random)...)
	if fault.Kind == emulator.Slow {
		done.slow.Add(1)
	}
	return fault, true
}

// anyFaults returns the damages that every answer may have. Half of them come after the
// request has had its effect, except for refusals, which are true.
func anyFaults(random *rand.Rand) []emulator.Fault {
	after := random.IntN(2) == 0
	delay := func() time.Duration { return time.Duration(random.Int64N(int64(longestDelay))) }
	return []emulator.Fault{
		{Kind: emulator.Reset, After: after},
		{Kind: emulator.EmptyBody, After: after},
		{Kind: emulator.TruncatedBody, After: true},
		{Kind: emulator.WrongContentLength, After: true},
		{Kind: emulator.HTMLPage, After: after},
		{Kind: emulator.RawBody, Body: `{"RequestId":"R-1"}`, After: after},
		{Kind: emulator.Redirect, After: after},
		{Kind: emulator.HugeBody, Size: 5 << 20, After: after},
		{Kind: emulator.Slow, Delay: delay(), After: false},
		{Kind: emulator.Slow, Delay: delay(), After: true},
		{Code: "InternalError", After: after},
		{Code: "ServiceUnavailable", After: after},
		{Code: "UndefinedError", After: after},
		{Code: "LastTokenProcessing", After: after},
		{Code: "SignatureNonceUsed", After: after},
		{Code: "OperationConflict", HTTPStatus: 400, After: after},
		{Code: "SystemBusy", HTTPStatus: 400},
		{Code: "Throttling"},
		{Code: "Throttling.Api"},
		{Code: "Throttling.User"},
		{Code: "Forbidden.RAM"},
	}
}

// billingFaults returns the damages that only answers of billing have: refusals with status
// 200, successes without data, and lists that are shorter than they say, or empty.
func billingFaults() []emulator.Fault {
	faults := []emulator.Fault{
		{HTTPStatus: http.StatusOK, Code: "InternalError"},
		{HTTPStatus: http.StatusOK, Code: "NotAuthorized"},
		{HTTPStatus: http.StatusOK, Code: "Throttling.User"},
	}
	for _, data := range []string{
		`null`, `{}`, `{"OrderList":null}`, `{"OrderList":{"Order":"x"}}`, `{"OrderList":{"Order":[{}]},"TotalCount":1}`,
		`{"OrderList":{"Order":[]},"PageNum":1,"PageSize":100,"TotalCount":200}`, `{"OrderList":{"Order":[]},"PageNum":1,"PageSize":100,"TotalCount":0}`,
	} {
		faults = append(faults, emulator.Fault{Kind: emulator.RawBody, Body: `{"Code":"Success","Success":true,"RequestId":"R-1","Data":` + data + `}`})
	}
	return faults
}

func (f *faulty) heal() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.share = 0
	f.ClearFaults()
}

func TestDamagedAnswers_OfAQuarter_PlaceOneOrderForEachCircuit(t *testing.T) {
	t.Parallel()
	api := &faulty{
		Emulator: emulator.New(emulator.Options{Quirks: emulator.Quirks{EnableDelay: time.Hour}}), random: choices(t), share: damagedShare,
	}
	if *full { // Each ends by a timeout of the client.
		api.hangs = []emulator.Fault{
			{Action: "CreatePhysicalConnectionOccupancyOrder", Kind: emulator.Hang},
			{Action: "CreatePhysicalConnectionOccupancyOrder", Kind: emulator.Hang, After: true},
			{Action: "QueryOrders", Kind: emulator.Hang},
		}
	}
	f := newFleet(t, api.Emulator, acctest.VariablesAt(serve(t, api, nil)), some(200, 24))
	for range some(faultyApplies, 1) {
		if _, err := f.run.Run(t.Context(), commands["apply"]...); err != nil {
			t.Fatal(err)
		}
	}
	api.heal()
	f.run.OK(commands["apply"]...)
	f.run.EmptyPlan()
	f.holdsAllOrders()
	if len(api.hangs) > 0 {
		t.Errorf("%d hanging answers were not played", len(api.hangs))
	}
}
