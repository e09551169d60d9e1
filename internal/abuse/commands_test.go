package abuse

import (
	"net/http"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// canaryConfig has every kind of resource and data source. Its argument is the ID of an order
// that billing shows. Data sources that depend on no resource are read also if one fails.
const canaryConfig = `
variable "circuit" { default = "pc-well" }
variable "renewal" { default = 3 }
variable "unpaid" { default = 1 }

resource "expressconnect_physical_connection_occupancy_order" "this" {
  physical_connection_id   = var.circuit
  period                   = 3
  auto_pay                 = true
  cancel_unpaid_on_destroy = true
  timeouts { create = "5s" }
}

resource "expressconnect_physical_connection_occupancy_order" "unpaid" {
  count                    = var.unpaid
  physical_connection_id   = "pc-unpaid"
  period                   = 3
  auto_pay                 = false
  cancel_unpaid_on_destroy = true
}

resource "expressconnect_physical_connection_renewal_setting" "this" {
  physical_connection_id = "pc-served"
  renewal_status         = "AutoRenewal"
  renewal_period         = var.renewal
  reset_on_destroy       = true
  timeouts {
    create = "5s"
    update = "5s"
    delete = "5s"
  }
}

data "expressconnect_physical_connection" "this" {
  physical_connection_id = expressconnect_physical_connection_occupancy_order.this.physical_connection_id
  timeouts { read = "5s" }
}

data "expressconnect_physical_connections" "all" {
  include_renewal = true
  timeouts { read = "5s" }
}

data "expressconnect_physical_connection_occupancy_order" "this" {
  order_id = %q
}

data "expressconnect_physical_connection_price" "this" {
  spec   = "10G"
  period = 3
  timeouts { read = "5s" }
}

output "order" { value = expressconnect_physical_connection_occupancy_order.this }
output "unpaid" { value = expressconnect_physical_connection_occupancy_order.unpaid }
output "setting" { value = expressconnect_physical_connection_renewal_setting.this }
output "circuit" { value = data.expressconnect_physical_connection.this }
output "circuits" { value = data.expressconnect_physical_connections.all }
output "billed" { value = data.expressconnect_physical_connection_occupancy_order.this }
output "price" { value = data.expressconnect_physical_connection_price.this }
`

// canaryQuery lists everything that can be listed (Terraform 1.14).
const canaryQuery = `
list "expressconnect_physical_connection_occupancy_order" "all" {
  provider         = expressconnect
  include_resource = true
  config { region_id = "cn-hangzhou" }
}

list "expressconnect_physical_connection_renewal_setting" "all" {
  provider         = expressconnect
  include_resource = true
  config { region_id = "cn-hangzhou" }
}
`

// canaryTest is a test of the module. It orders a circuit of its own.
const canaryTest = `
run "ordered" {
  variables { circuit = "pc-tested" }
  assert {
    condition     = output.order.order_id != ""
    error_message = "There is no order ID."
  }
}
`

const (
	orderAddress = orderType + ".this"
	everything   = "jsonencode([" + orderAddress + ", expressconnect_physical_connection_renewal_setting.this, data.expressconnect_physical_connections.all])\n"
)

// changes are the actions that change something.
var changes = []string{"CancelOrder", "CreatePhysicalConnectionOccupancyOrder", "SetRenewal"}

// moreCommands are commands that one source plays, because the others write nothing else.
var moreCommands = [][]string{
	{"console"},
	{"graph", "-type=plan"},
	{"plan", "-no-color", "-destroy"},
	{"plan", "-json", "-refresh-only"},
	{"query", "-json"},
	{"query", "-no-color", "-generate-config-out=queried.txt"},
	{"show", "-no-color"},
	{"state", "pull"},
	{"test", "-json", "-verbose"},
	{"test", "-no-color", "-verbose"},
	{"validate", "-json"},
}

// form returns a command whose output is JSON, or is for people.
func (s *stage) form(arguments ...string) []string {
	if s.json {
		return slices.Insert(slices.Clone(arguments), 1, "-json")
	}
	return slices.Insert(slices.Clone(arguments), 1, "-no-color")
}

// goesWell runs the commands that every source plays, and returns their output.
func (s *stage) goesWell(run *acctest.Run) string {
	s.t.Helper()
	output := run.OK(s.form("validate")...) + run.OK(s.form("plan", "-out=plan.bin")...) + run.OK("show", "-json", "plan.bin") +
		run.OK(s.form("apply", "plan.bin")...) + run.OK("state", "show", "-no-color", orderAddress) + run.OK("output", "-json")
	if !*full {
		return output
	}
	return output + run.OK(s.form("refresh")...) + run.OK("state", "rm", orderAddress) +
		run.OK("import", "-no-color", orderAddress, "cn-hangzhou/pc-well/"+s.orderOf("pc-well")) + run.OK("show", "-json") +
		run.OK("providers", "schema", "-json")
}

// orderOf returns the ID of the order of a circuit.
func (s *stage) orderOf(circuit string) string {
	s.t.Helper()
	orders := s.account.Orders()
	at := slices.IndexFunc(orders, func(o emulator.Order) bool { return o.CircuitID == circuit })
	if at < 0 {
		s.t.Fatalf("there is no order for %s", circuit)
	}
	return orders[at].ID
}

// playsMore runs a command of moreCommands if the CLI has it, and returns its output.
func (s *stage) playsMore(run *acctest.Run, arguments []string) string {
	s.t.Helper()
	if arguments[0] == "query" && !run.CLI.KnowsQuery {
		s.t.Logf("left out, because %s has no query", run.CLI.Version)
		return ""
	}
	command := run.Command(s.t.Context(), arguments...)
	command.Stdin = strings.NewReader(everything) // Only the console reads it.
	output, err := command.CombinedOutput()
	if err != nil || len(output) == 0 {
		s.t.Errorf("%v ended with %v:\n%s", arguments, err, output)
	}
	return string(output)
}

// goesWrong runs commands while the answers are damaged, and returns their output: in a full
// run, first an apply that only fails to change something.
func (s *stage) goesWrong(run *acctest.Run, d damage) string {
	s.t.Helper()
	circuit := s.account.AddCircuit(emulator.Circuit{}).ID
	ordering := "-var=circuit=" + circuit
	var output strings.Builder
	if *full {
		output.WriteString(run.OK("plan", "-no-color", "-out=changes.bin", ordering, "-var=renewal=6", "-var=unpaid=0"))
		s.answersWith(s.damages(d), changes...)
		output.WriteString(run.Fails(s.form("apply", "changes.bin")...))
	}
	s.answersWith(s.damages(d))
	s.proxy.refuse.Store(d.proxy)
	defer s.proxy.refuse.Store(0)
	defer s.other.Store(nil)
	for _, arguments := range [][]string{
		s.form("plan", "-out=plan-"+d.name+".bin", ordering), s.form("apply", "-auto-approve", ordering), s.form("refresh"),
		{"import", "-no-color", ordering, orderAddress, "cn-hangzhou/" + circuit}, s.form("destroy", "-auto-approve"),
	} {
		result, err := run.Run(s.t.Context(), arguments...)
		if err != nil {
			s.t.Fatal(err)
		}
		output.WriteString(result.Text)
	}
	return output.String()
}

// damages returns a handler that damages its answers, and notes their actions.
func (s *stage) damages(d damage) http.HandlerFunc {
	answer := d.answers()
	return func(w http.ResponseWriter, r *http.Request) {
		s.damaged.Store(r.Form.Get("Action"), true)
		answer(w, r)
	}
}

// answersWith lets a handler answer instead of the account: some actions, or all of them.
func (s *stage) answersWith(answer http.HandlerFunc, only ...string) {
	s.other.Store(&other{answer, only})
}

// crashes ends a provider by SIGQUIT while it waits for an answer, and returns the output.
// SIGQUIT prints all goroutines, and Terraform writes them into its log.
func (s *stage) crashes(run *acctest.Run) string {
	s.t.Helper()
	arrived := make(chan struct{}, 1)
	s.answersWith(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case arrived <- struct{}{}:
		default:
		}
		<-r.Context().Done()
	})
	defer s.other.Store(nil)
	running := acctest.Start(s.t, run.Command(s.t.Context(), s.form("plan")...))
	select {
	case <-arrived:
	case <-time.After(slack):
		s.t.Errorf("no request arrived:\n%s", running.Text())
	}
	for _, provider := range running.Providers() {
		_ = provider.Signal(syscall.SIGQUIT) // It may have ended.
	}
	if err := running.Wait(); err == nil {
		s.t.Errorf("a plan succeeded whose provider crashed:\n%s", running.Text())
	}
	return running.Text()
}
