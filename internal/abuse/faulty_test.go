package abuse

import (
	"math/rand/v2"
	"net/http"
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
)

// faulty is an account behind a bad network and a busy API.
type faulty struct {
	*emulator.Emulator
	mu     sync.Mutex
	random *rand.Rand
	share  float64
}

// ServeHTTP damages the answers to a share of the requests. The nonce names the request.
func (f *faulty) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if fault, ok := f.draw(); ok {
		fault.Where = map[string]string{"SignatureNonce": r.URL.Query().Get("SignatureNonce")}
		f.AddFault(fault)
		done.damaged.Add(1)
	}
	f.Emulator.ServeHTTP(w, r)
}

func (f *faulty) draw() (emulator.Fault, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.random.Float64() >= f.share {
		return emulator.Fault{}, false
	}
	after := f.random.IntN(2) == 0
	return pick(
		f.random,
		emulator.Fault{Kind: emulator.Reset, After: after},
		emulator.Fault{Kind: emulator.EmptyBody, After: after},
		emulator.Fault{Kind: emulator.TruncatedBody, After: true},
		emulator.Fault{Kind: emulator.WrongContentLength, After: true},
		emulator.Fault{Kind: emulator.HTMLPage, After: after},
		emulator.Fault{HTTPStatus: 500, Code: "InternalError", After: after},
		emulator.Fault{HTTPStatus: 503, Code: "ServiceUnavailable", After: after},
		emulator.Fault{HTTPStatus: 400, Code: "Throttling.User"},
	), true
}

func (f *faulty) heal() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.share = 0
	f.ClearFaults()
}

func TestDamagedAnswers_OfAQuarter_PlaceOneOrderForEachCircuit(t *testing.T) {
	t.Parallel()
	api := &faulty{Emulator: emulator.New(emulator.Options{Quirks: emulator.Quirks{EnableDelay: time.Hour}}), random: choices(t), share: damagedShare}
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
}
