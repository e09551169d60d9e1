// Package abuse treats the real binary badly: it kills and interrupts plans and applies, fills
// the disk, damages answers, serves hostile answers and wrong certificates, and searches all
// that is written for secrets. Without -abuse.full, it plays a small random part of that.
package abuse

import (
	"flag"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
)

// seedVariable repeats the random choices of a run. The moments of kills depend also on the
// speed of the machine.
const seedVariable = "ABUSE_SEED"

// signOfLife is the time between two lines about the progress.
const signOfLife = 30 * time.Second

var (
	full = flag.Bool("abuse.full", false, "play everything, which takes minutes")
	seed = seedFrom(os.Getenv(seedVariable))
)

// seedFrom returns the seed in a text, a random one if it is empty.
func seedFrom(text string) uint64 {
	if text == "" {
		return rand.Uint64() //nolint:gosec // It chooses tests.
	}
	chosen, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		panic(seedVariable + " is not a number")
	}
	return chosen
}

func TestMain(m *testing.M) { acctest.Main(reported{m}) }

// reported runs tests, and prints their progress and a summary.
type reported struct{ tests *testing.M }

// Run implements acctest.Main.
func (r reported) Run() int {
	fmt.Printf("%s=%d repeats these random choices\n", seedVariable, seed)
	ticker := time.NewTicker(signOfLife)
	defer ticker.Stop()
	begun := time.Now()
	go func() {
		for range ticker.C {
			fmt.Printf("%s: %s\n", time.Since(begun).Round(time.Second), &done)
		}
	}()
	code := r.tests.Run()
	fmt.Printf("%s=%d, %s: %s\n", seedVariable, seed, time.Since(begun).Round(time.Second), &done)
	return code
}

// tally counts what was played.
type tally struct {
	kills, interrupts, orphans, orphanOrders, cutFiles, fullDisks atomic.Int64
	orders, damaged, billing, slow, hanging                       atomic.Int64
	hostile, requests, certificates, canaries, places             atomic.Int64
	secondOrders, lostOrders, leaks                               atomic.Int64

	mu   sync.Mutex
	most acctest.Usage
}

// usage keeps the largest usage of a provider.
func (t *tally) usage(u acctest.Usage) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.most = t.most.Max(u)
}

var done tally

// String returns the counts.
func (t *tally) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return fmt.Sprintf("kills %d, interrupts %d, orphaned providers %d with %d orders, ", t.kills.Load(), t.interrupts.Load(), t.orphans.Load(), t.orphanOrders.Load()) +
		fmt.Sprintf("cut files %d, full disks %d, orders %d, ", t.cutFiles.Load(), t.fullDisks.Load(), t.orders.Load()) +
		fmt.Sprintf("damaged answers %d (billing alone %d, slow %d, hanging %d), ", t.damaged.Load(), t.billing.Load(), t.slow.Load(), t.hanging.Load()) +
		fmt.Sprintf("hostile servers %d with %d requests (at most %d MiB and %d descriptors), ", t.hostile.Load(), t.requests.Load(), t.most.PeakMemory>>20, t.most.Descriptors) +
		fmt.Sprintf("kinds of wrong TLS %d, canaries × places searched %d × %d; ", t.certificates.Load(), t.canaries.Load(), t.places.Load()) +
		fmt.Sprintf("second orders %d, lost order IDs %d, canaries found %d", t.secondOrders.Load(), t.lostOrders.Load(), t.leaks.Load())
}

// choices returns the random numbers of a test. Tests that run at the same time do not
// share them.
func choices(t *testing.T) *rand.Rand {
	t.Helper()
	name := fnv.New64a()
	_, _ = name.Write([]byte(t.Name()))              // A hash does not fail.
	return rand.New(rand.NewPCG(seed, name.Sum64())) //nolint:gosec // It chooses tests.
}

// some returns the number of repetitions: all of them, or a few in a short run.
func some(all, few int) int {
	if *full {
		return all
	}
	return few
}

// sample returns all values, or a few random ones in a short run.
func sample[Value any](random *rand.Rand, values []Value, few int) []Value {
	if *full {
		return values
	}
	chosen := make([]Value, 0, few)
	for _, i := range random.Perm(len(values))[:min(few, len(values))] {
		chosen = append(chosen, values[i])
	}
	return chosen
}

// pick returns one of the values.
func pick[Value any](random *rand.Rand, values ...Value) Value {
	return values[random.IntN(len(values))]
}
