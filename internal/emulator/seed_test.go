package emulator_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/apitest"
)

// write writes a file and returns its path.
func write(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file.json")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const seed = `{
  "Quirks": {"RequireLOA": true},
  "Circuits": [
    {"ID": "pc-1", "Region": "cn-beijing"},
    {"ID": "pc-2", "Status": "Enabled", "EndTime": "2022-09-09T16:00:00Z", "Renewal": {"Status": "AutoRenewal", "Period": 3}}
  ],
  "ConsoleOrders": [{"Region": "cn-beijing", "CircuitID": "pc-1", "CreatedAt": "2022-08-09T04:00:00Z", "Status": "Paid"}],
  "OtherOrders": [{"ID": "7", "ProductCode": "ecs"}],
  "Balance": "99.50",
  "Faults": [{"Code": "Throttling"}]
}`

func seeded(t *testing.T) *emulator.Emulator {
	t.Helper()
	content, err := emulator.ReadSeed(write(t, seed))
	if err != nil {
		t.Fatal(err)
	}
	return emulator.New(emulator.Options{Clock: apitest.FixedClock, Seed: content})
}

// contents returns what an emulator contains.
func contents(t *testing.T, e *emulator.Emulator) string {
	t.Helper()
	return apitest.JSON(t, []any{e.Circuits(), e.Orders(), e.OtherOrders(), e.Balance(), e.Quirks(), e.Faults(), e.Now(), e.Journal()})
}

func TestSeed_IsTheInitialContent(t *testing.T) {
	t.Parallel()
	e := seeded(t)
	circuits, orders := e.Circuits(), e.Orders()
	if len(circuits) != 2 || circuits[0].Status != "Enabled" || circuits[1].Renewal.Period != 3 || circuits[1].Region != "cn-hangzhou" {
		t.Errorf("circuits %+v", circuits)
	}
	if len(orders) != 1 || orders[0].Status != emulator.OrderPaid || len(e.OtherOrders()) != 1 {
		t.Errorf("orders %+v, others %+v", orders, e.OtherOrders())
	}
	if e.Balance() != 99_50 || !e.Quirks().RequireLOA || len(e.Faults()) != 1 {
		t.Errorf("balance %s, quirks %+v, faults %+v", e.Balance(), e.Quirks(), e.Faults())
	}
}

func TestReset_GoesBackToTheSeed(t *testing.T) {
	t.Parallel()
	e := seeded(t)
	want := contents(t, e)
	apitest.Call(t, e, apitest.DescribeRegions, nil) // meets the fault
	var session apitest.Session
	apitest.Call(t, e, "AssumeRole", apitest.AssumeRole).Decode(t, &session)
	added := e.AddCircuit(emulator.Circuit{})
	apitest.MustPlace(t, e, added, nil)
	e.SetQuirks(emulator.Quirks{})
	e.AddFault(emulator.Fault{Skip: 9})
	e.SetBalance(0)
	e.Advance(24 * time.Hour)
	apitest.MustControl(t, e, "POST", "reset", "", nil)
	if got := contents(t, e); got != want {
		t.Errorf("after the reset\n%s\nwant\n%s", got, want)
	}
	e.ClearFaults()
	apitest.ExpectCode(t, apitest.CallAs(t, e, session.Credential(), apitest.Params{"Action": apitest.DescribeRegions}), 404, "InvalidAccessKeyId.NotFound")
	again := e.AddCircuit(added)
	apitest.MustPlace(t, e, again, nil) // The client token is forgotten: a new order.
	apitest.ExpectOrders(t, e, 2)
}

func TestReset_LetsHeldRequestsContinue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e, circuit := apitest.NewEmulator(emulator.Quirks{})
		e.AddFault(emulator.Fault{Kind: emulator.Held, After: true})
		var held sync.WaitGroup
		held.Go(func() { apitest.Order(t, e, circuit, nil) })
		synctest.Wait()
		apitest.MustControl(t, e, "POST", "reset", "", nil)
		held.Wait()
		apitest.ExpectOrders(t, e, 0)
	})
}

func TestSeed_Mistakes_AreNamed(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ content, want string }{
		"empty":              {"", "empty"},
		"no JSON":            {"{\n\"Circuits\": [\n}", "line 3"},
		"unknown field":      {`{"Circuit": []}`, `"Circuit"`},
		"unknown quirk":      {`{"Quirks": {"RequireLoas": true}}`, `"RequireLoas"`},
		"unknown status":     {`{"Circuits": [{"ID": "pc-1", "Status": "confirmed"}]}`, `circuit "pc-1": unknown status "confirmed"`},
		"bad renewal":        {`{"Circuits": [{"ID": "pc-1", "Renewal": {"Status": "AutoRenewal", "Period": 4}}]}`, `circuit "pc-1": the period`},
		"order of nothing":   {`{"ConsoleOrders": [{"CircuitID": "pc-9"}]}`, `order of circuit "pc-9"`},
		"two orders, one ID": {`{"OtherOrders": [{"ID": "7"}, {"ID": "7"}]}`, `the ID "7"`},
		"order status":       {`{"OtherOrders": [{"ID": "7", "Status": "Done"}]}`, `order "7" has the unknown status "Done"`},
		"negative money":     {`{"Balance": "-1"}`, `"-1"`},
		"unknown fault kind": {`{"Faults": [{"Kind": "Earthquake"}]}`, "Earthquake"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			content, err := emulator.ReadSeed(write(t, test.content))
			if err == nil {
				var server *emulator.Server
				if server, err = emulator.Start(emulator.Options{Seed: content}); err == nil {
					_ = server.Close()
				}
			}
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "seed") {
				t.Errorf("%v, want an error about the seed with %s", err, test.want)
			}
		})
	}
}

func TestHealth_ReturnsTheVersion(t *testing.T) {
	t.Parallel()
	e := emulator.New(emulator.Options{Version: "1.2.3"})
	var health struct {
		Status, Version string
		Ready           bool
	}
	apitest.MustControl(t, e, http.MethodGet, "health", "", &health)
	if health.Status != "ok" || !health.Ready || health.Version != "1.2.3" {
		t.Errorf("health %+v", health)
	}
}

func TestAuthority_IsServedWithTLSOnly(t *testing.T) {
	t.Parallel()
	server, client, _ := apitest.Serve(t, emulator.StartTLS)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL()+emulator.ControlPrefix+"ca.pem", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if got := apitest.Control(t, server.Emulator, "GET", "ca.pem", ""); got.Body != string(server.CACertificate()) || response.StatusCode != 200 {
		t.Errorf("HTTP %d, %s", response.StatusCode, got.Body)
	}
	plain, _ := apitest.NewEmulator(emulator.Quirks{})
	if got := apitest.Control(t, plain, "GET", "ca.pem", ""); got.Status != http.StatusNotFound {
		t.Errorf("plain HTTP: %d %s", got.Status, got.Body)
	}
}
