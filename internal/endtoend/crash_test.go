package endtoend

import (
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/examples"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
)

// heldAPI is an emulator that holds the requests of an operation, so that a test can kill a process at
// a known moment.
type heldAPI struct {
	*emulator.Emulator
	url string
	// action is the operation whose requests wait.
	action string
	// hold is where they wait.
	mu   sync.Mutex
	hold holdPoint
	// arrived gets a value for each request that waits.
	arrived chan struct{}
	release chan struct{}
}

type holdPoint int

const (
	passing holdPoint = iota
	beforeCommit
	afterCommit
)

func newHeldAPI(t *testing.T, quirks emulator.Quirks, hold holdPoint) *heldAPI {
	t.Helper()
	g := &heldAPI{
		Emulator: emulator.New(emulator.Options{Quirks: quirks}),
		action:   "CreatePhysicalConnectionOccupancyOrder", hold: hold, arrived: make(chan struct{}, 16), release: make(chan struct{}),
	}
	g.AddCircuit(emulator.Circuit{ID: examples.CircuitID})
	server := httptest.NewServer(g)
	g.url = server.URL
	t.Cleanup(func() {
		g.pass()
		server.CloseClientConnections()
		server.Close()
	})
	return g
}

// pass serves waiting and later requests.
func (g *heldAPI) pass() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.hold != passing {
		g.hold = passing
		close(g.release)
	}
}

func (g *heldAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	hold := g.hold
	g.mu.Unlock()
	if r.URL.Query().Get("Action") != g.action || hold == passing {
		g.Emulator.ServeHTTP(w, r)
		return
	}
	if hold == afterCommit {
		answer := httptest.NewRecorder()
		g.Emulator.ServeHTTP(answer, r)
		g.wait()
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes()) // The client may be gone.
		return
	}
	g.wait()
	// If the sender was killed meanwhile, the API never receives the request.
	if r.Context().Err() == nil {
		g.Emulator.ServeHTTP(w, r)
	}
}

func (g *heldAPI) wait() {
	g.arrived <- struct{}{}
	<-g.release
}

func (g *heldAPI) variables() map[string]string {
	return acctest.VariablesAt(g.url)
}

// applying is an apply that runs.
type applying struct{ *acctest.Started }

// startApply starts an apply and waits until its order request is held.
func startApply(t *testing.T, run *acctest.Run, g *heldAPI) applying {
	t.Helper()
	a := applying{acctest.Start(t, run.Command(t.Context(), "apply", "-auto-approve", "-no-color"))}
	select {
	case <-g.arrived:
	case <-time.After(time.Minute): // a bound, not a wait
		_ = a.Process.Kill()
		_ = a.Wait()
		t.Fatalf("no order request arrived:\n%s", a.Text())
	}
	return a
}

// provider returns the process of the provider.
func (a applying) provider(t *testing.T) *os.Process {
	t.Helper()
	processes := a.Providers()
	if len(processes) != 1 {
		t.Fatalf("%d provider processes", len(processes))
	}
	return processes[0]
}

func signal(t *testing.T, process *os.Process, signal os.Signal) {
	t.Helper()
	if err := process.Signal(signal); err != nil {
		t.Fatal(err)
	}
}

// end waits for the end of an apply that was killed or interrupted.
func (a applying) end(t *testing.T) {
	t.Helper()
	if err := a.Wait(); err == nil {
		t.Errorf("the apply succeeded:\n%s", a.Text())
	}
}

// wantOne checks that there is one order and that the state holds it.
func (g *heldAPI) wantOne(t *testing.T, run *acctest.Run) {
	t.Helper()
	orders := g.Orders()
	if len(orders) != 1 {
		t.Fatalf("orders: %d, want 1", len(orders))
	}
	wantWords(t, run.OK("state", "show", "-no-color", address), orders[0].ID)
}

func TestKilledProvider_BeforeTheCommit_OrdersOnceInTheNextApply(t *testing.T) {
	t.Parallel()
	g := newHeldAPI(t, emulator.Quirks{EnableDelay: time.Hour}, beforeCommit)
	run := acctest.NewRun(t, g.variables(), threeMonths)
	a := startApply(t, run, g)
	signal(t, a.provider(t), syscall.SIGKILL)
	a.end(t)
	g.pass()
	run.OK("apply", "-auto-approve", "-no-color")
	g.wantOne(t, run)
}

func TestKilledProvider_AfterTheCommit_FindsItsOrderInTheNextApply(t *testing.T) {
	t.Parallel()
	g := newHeldAPI(t, emulator.Quirks{EnableDelay: time.Hour}, afterCommit)
	run := acctest.NewRun(t, g.variables(), threeMonths)
	a := startApply(t, run, g)
	signal(t, a.provider(t), syscall.SIGKILL)
	a.end(t)
	g.pass()
	run.OK("apply", "-auto-approve", "-no-color")
	g.wantOne(t, run)
	run.EmptyPlan()
}

func TestKilledProvider_WithTheCircuitEnabled_ShowsTheImport(t *testing.T) {
	t.Parallel()
	g := newHeldAPI(t, emulator.Quirks{EnableDelay: -1}, afterCommit)
	run := acctest.NewRun(t, g.variables(), threeMonths)
	a := startApply(t, run, g)
	signal(t, a.provider(t), syscall.SIGKILL)
	a.end(t)
	g.pass()
	wantWords(t, run.Fails("plan", "-no-color"), message.CircuitEnabled, "import {", "cn-hangzhou/"+examples.CircuitID+"/"+g.Orders()[0].ID)

	run.OK("import", "-no-color", address, "cn-hangzhou/"+examples.CircuitID+"/"+g.Orders()[0].ID)
	run.OK("apply", "-auto-approve", "-no-color")
	g.wantOne(t, run)
	run.EmptyPlan()
}

func TestKilledTerraform_AfterTheCommit_FindsItsOrderInTheNextApply(t *testing.T) {
	t.Parallel()
	g := newHeldAPI(t, emulator.Quirks{EnableDelay: time.Hour}, afterCommit)
	run := acctest.NewRun(t, g.variables(), threeMonths)
	a := startApply(t, run, g)
	orphan := a.provider(t)
	signal(t, a.Process, syscall.SIGKILL)
	signal(t, orphan, syscall.SIGKILL) // It would outlive the test.
	a.end(t)
	g.pass()
	run.OK("apply", "-auto-approve", "-no-color", "-lock=false")
	g.wantOne(t, run)
	run.EmptyPlan()
}

func TestKilledTerraform_WithTheCircuitEnabled_ShowsTheImport(t *testing.T) {
	t.Parallel()
	g := newHeldAPI(t, emulator.Quirks{EnableDelay: -1}, afterCommit)
	run := acctest.NewRun(t, g.variables(), threeMonths)
	a := startApply(t, run, g)
	orphan := a.provider(t)
	signal(t, a.Process, syscall.SIGKILL)
	signal(t, orphan, syscall.SIGKILL) // It would outlive the test.
	a.end(t)
	g.pass()
	wantWords(t, run.Fails("plan", "-no-color", "-lock=false"), message.CircuitEnabled, "import {", "cn-hangzhou/"+examples.CircuitID+"/"+g.Orders()[0].ID)
	run.OK("import", "-no-color", "-lock=false", address, "cn-hangzhou/"+examples.CircuitID)
	run.OK("apply", "-auto-approve", "-no-color", "-lock=false")
	g.wantOne(t, run)
	run.EmptyPlan()
}

func TestInterrupt_DuringTheRequest_LeavesACompleteState(t *testing.T) {
	t.Parallel()
	g := newHeldAPI(t, emulator.Quirks{EnableDelay: time.Hour}, afterCommit)
	run := acctest.NewRun(t, g.variables(), threeMonths)
	a := startApply(t, run, g)
	a.Interrupt()
	g.pass()
	a.end(t)
	g.wantOne(t, run)
	run.EmptyPlan()
}

func TestInterrupt_Twice_LeavesNothingAndTheNextApplyFindsTheOrder(t *testing.T) {
	t.Parallel()
	g := newHeldAPI(t, emulator.Quirks{EnableDelay: time.Hour}, afterCommit)
	run := acctest.NewRun(t, g.variables(), threeMonths)
	a := startApply(t, run, g)
	a.Interrupt()
	signal(t, a.Process, os.Interrupt)
	a.end(t)
	g.pass()
	run.OK("apply", "-auto-approve", "-no-color", "-lock=false")
	g.wantOne(t, run)
}

func TestTwoMachines_AtOnce_PlaceOneOrderThatBothStatesHold(t *testing.T) {
	t.Parallel()
	for name, quirks := range map[string]emulator.Quirks{
		"ReplayFirst": {EnableDelay: time.Hour}, "LowerCamel": {EnableDelay: time.Hour, LowerCamelAnswers: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newHeldAPI(t, quirks, beforeCommit)
			runs := [2]*acctest.Run{acctest.NewRun(t, g.variables(), threeMonths), acctest.NewRun(t, g.variables(), threeMonths)}
			applies := [2]applying{startApply(t, runs[0], g), startApply(t, runs[1], g)}
			g.pass()
			for i, a := range applies {
				if err := a.Wait(); err != nil {
					t.Errorf("apply %d: %v\n%s", i, err, a.Text())
				}
				g.wantOne(t, runs[i])
			}
			if calls := g.CallCount("CreatePhysicalConnectionOccupancyOrder"); calls != 2 {
				t.Errorf("order requests: %d, want 2", calls)
			}
		})
	}
}
