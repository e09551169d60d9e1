package endtoend

import (
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/examples"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
)

func TestWaitForStatus_Timeout_FailsAndTaintsNothing(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{EnableDelay: time.Hour})
	run := acctest.NewRun(t, acctest.Variables(server), threeMonths+`
data "expressconnect_physical_connection" "ready" {
  physical_connection_id = expressconnect_physical_connection_occupancy_order.this.physical_connection_id
  wait_for_status        = "Enabled"

  timeouts {
    read = "1s"
  }

  depends_on = [expressconnect_physical_connection_occupancy_order.this]
}
`)
	for range 2 {
		wantWords(t, run.Fails("apply", "-auto-approve", "-no-color"), message.StatusNotReached, examples.CircuitID)
		wantWords(t, run.OK("state", "list"), address)
	}
	server.Advance(2 * time.Hour)
	wantWords(t, run.OK("apply", "-auto-approve", "-no-color"), "0 added, 0 changed, 0 destroyed")
	run.EmptyPlan()
	wantOrders(t, server, 1)
}
