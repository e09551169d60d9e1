package abuse

import (
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

const (
	// struckFleet is the number of circuits of a command that is struck.
	struckFleet = 4
	// latency makes the requests a large part of a command, so that many strikes meet one.
	latency = 30 * time.Millisecond
	// earlier shortens the time to the last moment after each strike that came too late.
	earlier = 0.7
	// earliest is the last moment, as a share of the command, at which the test gives up.
	earliest = 0.05
	// secondInterrupt is how long a second Ctrl-C waits for the effect of the first.
	secondInterrupt = time.Second
)

// strike is something bad that happens to a running command.
type strike struct {
	name   string
	played *atomic.Int64
	// hit reports whether it met the process.
	hit func(running *acctest.Started) bool
}

var strikes = []strike{
	{"kill the provider", &done.kills, func(running *acctest.Started) bool { return kill(running.Providers()...) }},
	{"kill Terraform", &done.kills, killTerraform},
	{"kill both", &done.kills, func(running *acctest.Started) bool { return kill(append(running.Providers(), running.Process)...) }},
	{"interrupt", &done.interrupts, interrupt},
	{"interrupt twice", &done.interrupts, interruptTwice},
}

func TestKillsAndInterrupts_AtRandomMoments_LeaveOneOrderForEachCircuitInTheState(t *testing.T) {
	t.Parallel()
	span := undisturbed(t)
	for _, s := range sample(choices(t), strikes, 2) {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			random, latest := choices(t), 1.0
			for played := 0; played < some(18, 1); {
				if struck(t, drawMoment(random, span, latest), s) {
					played++
					s.played.Add(1)
					latest = min(1, latest/earlier)
				} else if latest *= earlier; latest < earliest {
					t.Fatal("the strikes do not meet the process")
				}
			}
		})
	}
}

// until strikes until it meets the process, which may not run yet, or the command has ended.
func (s strike) until(ended <-chan struct{}, running *acctest.Started) bool {
	for {
		select {
		case <-ended:
			return false
		default:
		}
		if s.hit(running) {
			return true
		}
	}
}

// kill kills processes. It reports whether one was still running.
func kill(processes ...*os.Process) (met bool) {
	for _, process := range processes {
		met = process.Kill() == nil || met
	}
	return met
}

// killTerraform kills the CLI. Its provider continues for a moment, but does not outlive the
// test.
func killTerraform(running *acctest.Started) bool {
	providers := running.Providers()
	met := kill(running.Process)
	time.AfterFunc(latency, func() { kill(providers...) })
	return met
}

// interrupt does what Ctrl-C does in a terminal: each process receives the signal.
func interrupt(running *acctest.Started) bool {
	for _, process := range running.Providers() {
		_ = process.Signal(os.Interrupt) // It may have ended.
	}
	return running.Process.Signal(os.Interrupt) == nil
}

func interruptTwice(running *acctest.Started) bool {
	providers := running.Providers()
	defer kill(providers...) // They outlive a Terraform that ends at once.
	if !interrupt(running) {
		return false
	}
	select {
	case <-running.Interrupted:
	case <-time.After(secondInterrupt):
	}
	return interrupt(running)
}

// moment is when a command is struck.
type moment struct {
	arguments []string
	after     time.Duration
	quirks    emulator.Quirks
}

// drawMoment returns a random moment. More of them are in an apply than in a plan. The
// circuits are in service at once, or long after the test.
func drawMoment(random *rand.Rand, span map[string]time.Duration, latest float64) moment {
	command := pick(random, "plan", "apply", "apply", "apply")
	return moment{
		arguments: append(slices.Clone(commands[command]), "-parallelism="+strconv.Itoa(1+random.IntN(struckFleet))),
		after:     time.Duration(random.Float64() * latest * float64(span[command])),
		quirks:    emulator.Quirks{EnableDelay: pick(random, -1, time.Hour)},
	}
}

// commands are the commands that are struck.
var commands = map[string][]string{
	"plan":  {"plan", "-no-color", "-out=plan.bin"},
	"apply": {"apply", "-no-color", "-auto-approve"},
}

// undisturbed returns how long the commands take.
func undisturbed(t *testing.T) map[string]time.Duration {
	t.Helper()
	server, variables := account(t, emulator.Options{Latency: latency})
	f := newFleet(t, server.Emulator, variables, struckFleet)
	span := map[string]time.Duration{}
	for _, command := range []string{"plan", "apply"} {
		begun := time.Now()
		f.run.OK(commands[command]...)
		span[command] = time.Since(begun)
	}
	return span
}

// struck strikes a command, and recovers. It reports whether the strike met the command.
func struck(t *testing.T, m moment, s strike) bool {
	t.Helper()
	server, variables := account(t, emulator.Options{Latency: latency, Quirks: m.quirks})
	f := newFleet(t, server.Emulator, variables, struckFleet)
	running := acctest.Start(t, f.run.Command(t.Context(), m.arguments...))
	ended, hit := make(chan struct{}), make(chan bool, 1)
	time.AfterFunc(m.after, func() { hit <- s.until(ended, running) })
	err := running.Wait()
	close(ended)
	met := <-hit && err != nil
	if orders := len(server.Orders()); m.arguments[0] == "plan" && orders != 0 {
		t.Errorf("a plan placed %d orders", orders)
	}
	f.recovers()
	if t.Failed() {
		t.Logf("%v, %s after %s with %+v, ended with %v:\n%s", m.arguments, s.name, m.after, m.quirks, err, running.Text())
	}
	return met
}
