package rpc_test

import (
	"context"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/alibabatest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

// filled returns an answer of the maximum length: head and tail, and the filling between them
// as often as it fits.
func filled(head, filling, tail string) string {
	count := (rpc.MaxBody - len(head) - len(tail)) / len(filling)
	return head + strings.TrimSuffix(strings.Repeat(filling, count), ",") + tail
}

// reads are the reads of lists, for tests of all of them.
var reads = map[string]func(context.Context, *alibaba.Client) error{
	"one circuit": func(ctx context.Context, client *alibaba.Client) error {
		_, err := alibabatest.Describe(ctx, client)
		return err
	},
	"circuits": func(ctx context.Context, client *alibaba.Client) error {
		_, err := client.ListCircuits(ctx, circuit.Filter{})
		return err
	},
	"one order": alibabatest.BillingCalls["GetOrderDetail"],
	"orders":    alibabatest.BillingCalls["QueryOrders"],
}

// Not parallel, because it measures the memory of the whole process.
func TestHostileAnswer_UsesLittleMemory(t *testing.T) { //nolint:paralleltest // See above.
	circuit := func(row string) (head, tail string) {
		return `{"TotalCount":1,"PhysicalConnectionSet":{"PhysicalConnectionType":[` + row, `]}}`
	}
	order := func(row string) (head, tail string) {
		return `{"Success":true,"Data":{"TotalCount":1,"OrderList":{"Order":[` + row, `]}}}`
	}
	ours := `{"PhysicalConnectionId":"` + alibabatest.CircuitID + `","Status":"Confirmed",`
	for name, test := range map[string]struct { //nolint:paralleltest // See above.
		shape              func(row string) (head, tail string)
		head, filling, end string
		reads              []string
		readable           bool
	}{
		"rows of circuits":        {circuit, "", `{},`, "", []string{"one circuit", "circuits"}, false},
		"null for circuits":       {circuit, "", `null,`, "", []string{"one circuit", "circuits"}, false},
		"lists of circuits":       {circuit, `],"PhysicalConnectionType":[`, `{}],"PhysicalConnectionType":[`, "", []string{"one circuit", "circuits"}, false},
		"sets of circuits":        {circuit, ``, `{}]},"physicalConnectionSet":{"physicalConnectionType":[`, "", []string{"one circuit", "circuits"}, false},
		"tags":                    {circuit, ours + `"Tags":{"tags":[`, `{},`, `]}}`, []string{"one circuit", "circuits"}, false},
		"a name of megabytes":     {circuit, ours + `"Name":"`, `a`, `"}`, []string{"one circuit", "circuits"}, true},
		"a number of megabytes":   {circuit, ours + `"Bandwidth":1`, `1`, `}`, []string{"one circuit", "circuits"}, true},
		"one field over and over": {circuit, ours, `"Name":"a",`, `}`, []string{"one circuit", "circuits"}, true},
		"deep nesting":            {circuit, ours + `"Name":`, `[`, ``, []string{"one circuit", "circuits"}, false},
		"rows of orders":          {order, "", `{},`, "", []string{"one order", "orders"}, false},
		"instances":               {order, `{"OrderId":"` + alibabatest.OrderID + `","InstanceIDs":[`, `1,`, `]}`, []string{"one order", "orders"}, false},
		"instances in a text":     {order, `{"OrderId":"` + alibabatest.OrderID + `","InstanceIDs":"[`, `1,`, `]"}`, []string{"one order", "orders"}, false},
		"instances with commas":   {order, `{"OrderId":"` + alibabatest.OrderID + `","InstanceIDs":"`, `a,`, `"}`, []string{"one order", "orders"}, false},
		"an amount of megabytes":  {order, `{"OrderId":"` + alibabatest.OrderID + `","Tax":1`, `1`, `}`, []string{"one order", "orders"}, true},
	} {
		head, tail := test.shape(test.head)
		body := filled(head, test.filling, test.end+tail)
		for _, read := range test.reads {
			t.Run(name+", "+read, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					calls := 0
					client := alibabatest.NewClient(t, alibabatest.Transport(func(*http.Request) (*http.Response, error) {
						if calls++; calls > 1 {
							return alibabatest.Reply(http.StatusForbidden, `{"Code":"Forbidden.RAM"}`), nil
						}
						return alibabatest.Reply(http.StatusOK, body), nil
					}))
					var err error
					expectLittleMemory(t, func() { err = reads[read](t.Context(), client) })
					if readable := err == nil; readable != test.readable || readable != (calls == 1) {
						t.Errorf("got %v after %d calls", err, calls)
					}
				})
			})
		}
	}
}

// Not parallel, because it measures the memory of the whole process.
func TestHostileError_UsesLittleMemory(t *testing.T) { //nolint:paralleltest // See above.
	for name, body := range map[string]string{
		"elements":   filled(`<Error><Code>x</Code>`, `<a/>`, `</Error>`),
		"attributes": filled(`<Error><Code>x</Code><b`, ` a=""`, `/></Error>`),
		"nesting":    filled(`<Error>`, `<a>`, ``),
		"codes":      filled(`{"a":1`, `,"Code":"x"`, `}`),
		"a message":  filled(`{"Message":"`, `%2525`, `"}`),
	} {
		client := alibabatest.NewClient(t, alibabatest.Answering(http.StatusBadRequest, body))
		var failure *apierror.Error
		expectLittleMemory(t, func() { failure = alibabatest.SendOrder(t, client) })
		if failure.Delivery != apierror.Answered || len(failure.Message) > 1010 {
			t.Errorf("%s: got %.200v", name, failure)
		}
	}
}

func expectLittleMemory(t *testing.T, act func()) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	act()
	runtime.ReadMemStats(&after)
	if mebibytes := (after.TotalAlloc - before.TotalAlloc) >> 20; mebibytes > 100 {
		t.Errorf("%d MiB", mebibytes)
	}
}

func TestListings_RowsBeyondThePage_AreRefused(t *testing.T) {
	t.Parallel()
	order := func(count int) string {
		return alibabatest.OrderList(-1, slices.Repeat([]string{alibabatest.OrderRow(alibabatest.OrderID)}, count)...)
	}
	for name, test := range map[string]struct {
		read string
		most int
		body func(count int) string
	}{
		"circuits":  {"circuits", 50, func(count int) string { return alibabatest.CircuitList(count, alibabatest.NumberedIDs(count)...) }},
		"orders":    {"orders", 300, order},
		"one order": {"one order", 300, order},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				if err := reads[test.read](t.Context(), alibabatest.NewClient(t, alibabatest.Answering(http.StatusOK, test.body(test.most)))); err != nil {
					t.Errorf("a full page: %v", err)
				}
				failure := alibabatest.FailureOf(t, reads[test.read](t.Context(), alibabatest.NewClient(t, alibabatest.Answering(http.StatusOK, test.body(test.most+1)))))
				if failure.Delivery != apierror.ResponseLost || !strings.Contains(failure.Message, "longer than what was asked for") {
					t.Errorf("got %+v", failure)
				}
			})
		})
	}
}

func TestTextsOfARow_AreCut(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ä", 1<<20)
	body := strings.Replace(alibabatest.ListingBody, `"Status"`, `"Name":"`+long+`","Status"`, 1)
	circuit, err := alibabatest.Describe(t.Context(), alibabatest.NewClient(t, alibabatest.Answering(http.StatusOK, body)))
	if err != nil || len(circuit.Name) == 0 || len(circuit.Name) > 64<<10 || !strings.HasPrefix(long, circuit.Name) {
		t.Errorf("a name of %d bytes, %v", len(circuit.Name), err)
	}
	if got := alibabatest.ReadOrderRow(t, `"Tax":`+strings.Repeat("1", 1<<20)); got.Tax != "" {
		t.Errorf("an amount of %d bytes", len(got.Tax))
	}
}
