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
	// orphanLife is how long a provider lives at most after its Terraform has died.
	orphanLife = 1500 * time.Millisecond
)

// strike is something bad that happens to a running command.
type strike struct {
	name   string
	played *atomic.Int64
	// hit reports whether it met the process. It returns the providers that may live on.
	hit func(running *acctest.Started) (met bool, orphans []*os.Process)
}

var strikes = []strike{
	{"kill the provider", &done.kills, func(running *acctest.Started) (bool, []*os.Process) { return kill(running.Providers()...), nil }},
	{"kill Terraform", &done.kills, killTerraform},
	{"kill both", &done.kills, func(running *acctest.Started) (bool, []*os.Process) {
		return kill(append(running.Providers(), running.Process)...), nil
	}},
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
func (s strike) until(ended <-chan struct{}, running *acctest.Started) (met bool, orphans []*os.Process) {
	for {
		select {
		case <-ended:
			return false, orphans
		default:
		}
		if met, orphans = s.hit(running); met {
			return met, orphans
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

// killTerraform kills the CLI. Its provider continues.
func killTerraform(running *acctest.Started) (met bool, orphans []*os.Process) {
	orphans = running.Providers()
	return kill(running.Process), orphans
}

// interrupt does what Ctrl-C does in a terminal: each process receives the signal.
func interrupt(running *acctest.Started) (met bool, orphans []*os.Process) {
	for _, process := range running.Providers() {
		_ = process.Signal(os.Interrupt) // It may have ended.
	}
	return running.Process.Signal(os.Interrupt) == nil, nil
}

// interruptTwice makes Terraform end at once. Its provider continues.
func interruptTwice(running *acctest.Started) (met bool, orphans []*os.Process) {
	orphans = running.Providers()
	if met, _ = interrupt(running); !met {
		return false, orphans
	}
	select {
	case <-running.Interrupted:
	case <-time.After(secondInterrupt):
	}
	met, _ = interrupt(running)
	return met, orphans
}

// moment is when a command is struck.
type moment struct {
	arguments []string
	after     time.Duration
	quirks    emulator.Quirks
	// orders is how long the API takes to place an order that it has received.
	orders time.Duration
	// orphaned is how long a provider lives after its Terraform has died. With waits, the
	// user recovers only after that, otherwise at the same time.
	orphaned time.Duration
	waits    bool
}

// drawMoment returns a random moment. More of them are in an apply than in a plan. The
// circuits are in service at once, or long after the test.
func drawMoment(random *rand.Rand, span map[string]time.Duration, latest float64) moment {
	command := pick(random, "plan", "apply", "apply", "apply")
	orders := pick(random, 0, time.Duration(random.Float64()*float64(orphanLife)))
	return moment{
		arguments: append(slices.Clone(commands[command]), "-parallelism="+strconv.Itoa(1+random.IntN(struckFleet))),
		after:     time.Duration(random.Float64() * latest * float64(span[command]+orders)),
		quirks:    emulator.Quirks{EnableDelay: pick(random, -1, time.Hour)},
		orders:    orders,
		orphaned:  time.Duration(random.Float64() * float64(orphanLife)),
		waits:     pick(random, false, true),
	}
}

// outlives lets orphans live until they are killed, and counts the orders that they place
// until then, if the user waits for their end.
func (m moment) outlives(t *testing.T, server *emulator.Server, orphans []*os.Process) {
	t.Helper()
	killed := make(chan struct{})
	before := len(server.Orders())
	time.AfterFunc(m.orphaned, func() {
		defer close(killed)
		if kill(orphans...) {
			done.orphans.Add(1)
		}
	})
	t.Cleanup(func() { <-killed })
	if m.waits {
		<-killed
		done.orphanOrders.Add(int64(len(server.Orders()) - before))
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
	server.AddFault(emulator.Fault{Action: "CreatePhysicalConnectionOccupancyOrder", Kind: emulator.Slow, Delay: m.orders, Times: -1})
	running := acctest.Start(t, f.run.Command(t.Context(), m.arguments...))
	ended, hit := make(chan struct{}), make(chan struct{})
	var met bool
	var orphans []*os.Process
	time.AfterFunc(m.after, func() {
		defer close(hit)
		met, orphans = s.until(ended, running)
	})
	err := running.Wait()
	close(ended)
	<-hit
	server.ClearFaults()
	m.outlives(t, server, orphans)
	if orders := len(server.Orders()); m.arguments[0] == "plan" && orders != 0 {
		t.Errorf("a plan placed %d orders", orders)
	}
	f.recovers()
	if t.Failed() {
		t.Logf("%+v, %s, ended with %v:\n%s", m, s.name, err, running.Text())
	}
	return met && err != nil
}
