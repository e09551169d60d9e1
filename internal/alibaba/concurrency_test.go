package alibaba_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/alibabatest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
)

func TestConcurrentCallsDoNotMixTheirAnswers(t *testing.T) {
	t.Parallel()
	client := alibabatest.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		if query.Get("Action") == "DescribePhysicalConnections" {
			_, _ = fmt.Fprintf(w, `{"TotalCount":1,"PhysicalConnectionSet":{"PhysicalConnectionType":[{"PhysicalConnectionId":%q,"Status":"Confirmed"}]}}`, query.Get("Filter.1.Value.1")) //nolint:gosec // No browser reads it.
			return
		}
		_, _ = fmt.Fprintf(w, `{"RequestId":%q,"Data":{"OrderId":"1%s"}}`, query.Get("ClientToken"), query.Get("Period")) //nolint:gosec // No browser reads it.
	})
	var calls sync.WaitGroup
	for number := range 20 {
		calls.Go(func() {
			id := fmt.Sprint("pc-", number)
			circuit, err := client.DescribeCircuit(t.Context(), circuit.Query{CircuitID: id})
			if err != nil || circuit.ID != id {
				t.Errorf("circuit %s: got %+v, %v", id, circuit, err)
			}
			o := alibabatest.Request()
			o.CircuitID, o.ClientToken, o.Period = id, id, new(int64(number))
			receipt, err := client.SendOrder(t.Context(), o)
			if want := (order.Receipt{OrderID: fmt.Sprint("1", number), RequestID: id}); err != nil || receipt != want {
				t.Errorf("order of %s: got %+v, %v", id, receipt, err)
			}
		})
	}
	calls.Wait()
}
