package vpc_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/alibabatest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/vpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

// decide reads circuits at the same time and checks their status.
func decide(t *testing.T, batched *vpc.BatchedCircuits, status string, ids ...string) {
	t.Helper()
	var readers sync.WaitGroup
	for _, id := range ids {
		readers.Go(func() {
			query := circuit.Query{Region: alibabatest.Region, CircuitID: id}
			if got, err := batched.DescribeCircuit(t.Context(), query); err != nil || got.ID != id || got.Status != status {
				t.Errorf("%s: got %+v, %v", id, got, err)
			}
		})
	}
	readers.Wait()
}

func TestBatched_DecisionsAtTheSameTime_ShareRequests(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ids := alibabatest.NumberedIDs(300)
		api := newCircuits(time.Second, ids...)
		batched := vpc.NewBatchedCircuits(api)
		region := alibabatest.Region + ": "
		decide(t, batched, "Confirmed", ids[0])
		api.expectAsked(t, region+ids[0])
		decide(t, batched, "Confirmed", ids[1:5]...)
		api.expectAsked(t, region+strings.Join(ids[1:5], ","))
		decide(t, batched, "Confirmed", ids[:10]...) // The number of pages is not known yet.
		api.expectAsked(t, region+"all")
		decide(t, batched, "Confirmed", ids[:10]...) // Two requests by ID are fewer than six pages.
		api.expectAsked(t, region+strings.Join(ids[:10], ","))
		decide(t, batched, "Confirmed", ids[:50]...) // Six pages are fewer than ten requests.
		api.expectAsked(t, region+"all")
	})
}

func TestBatched_ReadsByIDOnlyIfTheListHasMorePages(t *testing.T) {
	t.Parallel()
	for circuits, byID := range map[int]bool{6: false, 51: false, 100: false, 101: true} {
		synctest.Test(t, func(t *testing.T) {
			ids := alibabatest.NumberedIDs(circuits)
			api := newCircuits(time.Second, ids...)
			batched := vpc.NewBatchedCircuits(api)
			decide(t, batched, "Confirmed", ids[0])
			decide(t, batched, "Confirmed", ids[:6]...) // The number of pages is known now.
			api.asked = nil
			want := alibabatest.Region + ": all"
			if byID {
				want = alibabatest.Region + ": " + strings.Join(ids[:6], ",")
			}
			for range 2 {
				decide(t, batched, "Confirmed", ids[:6]...)
				api.expectAsked(t, want)
			}
		})
	}
}

func TestBatched_Decision_UsesNoReadingFromBeforeItsQuestion(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ids := alibabatest.NumberedIDs(20)
		api := newCircuits(time.Second, ids...)
		batched := vpc.NewBatchedCircuits(api)
		decide(t, batched, "Confirmed", ids[0])
		var early sync.WaitGroup
		early.Go(func() { decide(t, batched, "Confirmed", ids[:10]...) })
		time.Sleep(10 * time.Millisecond) // That request is on its way, and holds all circuits.
		var late sync.WaitGroup
		late.Go(func() {
			time.Sleep(time.Second) // The first answer has arrived.
			api.change(func(api *circuits) { api.existing[ids[15]] = "Enabled" })
			decide(t, batched, "Enabled", ids[15])
		})
		early.Wait()
		late.Wait()
		api.change(func(api *circuits) { api.existing[ids[3]] = "Enabled" })
		decide(t, batched, "Enabled", ids[3])
	})
}

func TestBatched_MissingCircuit_IsMissingOnlyByItsOwnRequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := newCircuits(0, alibabatest.NumberedIDs(5)...)
		batched := vpc.NewBatchedCircuits(api)
		decide(t, batched, "Confirmed", "pc-00000")
		api.expectAsked(t, alibabatest.Region+": pc-00000")
		var readers sync.WaitGroup
		for _, id := range []string{"pc-00001", "pc-none"} {
			readers.Go(func() {
				_, err := batched.DescribeCircuit(t.Context(), circuit.Query{Region: alibabatest.Region, CircuitID: id})
				if missing := (*circuit.NotFoundError)(nil); errors.As(err, &missing) != (id == "pc-none") {
					t.Errorf("%s: %v", id, err)
				}
			})
		}
		readers.Wait()
		api.expectAsked(t, alibabatest.Region+": pc-00001,pc-none", alibabatest.Region+": pc-none")
	})
}

func TestBatched_Failure_IsThatOfAllAndOfNoLaterDecision(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ids := alibabatest.NumberedIDs(10)
		api := newCircuits(time.Second, ids...)
		batched := vpc.NewBatchedCircuits(api)
		decide(t, batched, "Confirmed", ids[0])
		api.failing = &apierror.Error{Delivery: apierror.Answered, Code: "Forbidden.RAM"}
		var readers sync.WaitGroup
		for _, id := range ids {
			readers.Go(func() {
				if _, err := batched.DescribeCircuit(t.Context(), circuit.Query{Region: alibabatest.Region, CircuitID: id}); !errors.Is(err, api.failing) {
					t.Errorf("%s: %v", id, err)
				}
			})
		}
		readers.Wait()
		api.expectAsked(t, alibabatest.Region+": "+ids[0], alibabatest.Region+": all") // A refused list is not read by ID.
		api.failing = nil
		decide(t, batched, "Confirmed", ids...)
	})
}

func TestBatched_FailureWithoutAnID_IsNoCircuit(t *testing.T) {
	t.Parallel()
	client := alibabatest.NewClient(t, alibabatest.Answering(http.StatusForbidden, `{"Code":"Forbidden.RAM"}`))
	if got, err := vpc.NewBatchedCircuits(client).DescribeCircuit(t.Context(), circuit.Query{Region: alibabatest.Region}); err == nil {
		t.Errorf("got %+v", got)
	}
}

func TestBatched_EndedContext_SendsNothing(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var seen alibabatest.Recorder
	client := alibabatest.NewClient(t, seen.Wrap(alibabatest.Answering(http.StatusOK, alibabatest.ListingBody)))
	_, err := vpc.NewBatchedCircuits(client).DescribeCircuit(ctx, circuit.Query{Region: alibabatest.Region, CircuitID: alibabatest.CircuitID})
	if failure := alibabatest.FailureOf(t, err); failure.Delivery != apierror.NotSent || seen.Count() != 0 {
		t.Errorf("%d requests, got %+v", seen.Count(), failure)
	}
}

func TestBatched_FailedList_LeavesTheNumberOfPagesKnown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ids := alibabatest.NumberedIDs(300)
		api := newCircuits(0, ids...)
		batched := vpc.NewBatchedCircuits(api)
		decide(t, batched, "Confirmed", ids[0])
		decide(t, batched, "Confirmed", ids[:50]...)
		api.failing = &apierror.Error{Delivery: apierror.Answered, Code: "Forbidden.RAM"}
		var readers sync.WaitGroup
		for _, id := range ids[:50] {
			readers.Go(func() {
				_, _ = batched.DescribeCircuit(t.Context(), circuit.Query{Region: alibabatest.Region, CircuitID: id})
			})
		}
		readers.Wait()
		api.failing, api.asked = nil, nil
		decide(t, batched, "Confirmed", ids[:10]...) // Two requests by ID are fewer than six pages.
		api.expectAsked(t, alibabatest.Region+": "+strings.Join(ids[:10], ","))
	})
}

func TestBatched_CancelledDecision_EndsAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ids := alibabatest.NumberedIDs(3)
		api := newCircuits(time.Second, ids...)
		batched := vpc.NewBatchedCircuits(api)
		decide(t, batched, "Confirmed", ids[0])
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		var readers sync.WaitGroup
		readers.Go(func() { decide(t, batched, "Confirmed", ids[1:]...) })
		if _, err := batched.DescribeCircuit(ctx, circuit.Query{Region: alibabatest.Region, CircuitID: ids[1]}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		readers.Wait()
	})
}

func TestBatched_Once_IsSentWithoutRetries(t *testing.T) {
	t.Parallel()
	api := newCircuits(0, "pc-1")
	query := circuit.Query{Region: alibabatest.Region, CircuitID: "pc-1", Once: true}
	if _, err := vpc.NewBatchedCircuits(api).DescribeCircuit(t.Context(), query); err != nil || !slices.Equal(api.queries, []circuit.Query{query}) {
		t.Errorf("asked for %+v, %v", api.queries, err)
	}
}

func TestBatched_UnreadableRowOfAnotherCircuit_LeavesTheDecisionsToTheirIDs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ids := alibabatest.NumberedIDs(7)
		api := vpc.NewBatchedCircuits(alibabatest.NewClient(t, alibabatest.Serial(alibabatest.Transport(func(request *http.Request) (*http.Response, error) {
			asked := ids
			if query := request.URL.Query(); query.Get("Filter.1.Key") != "" {
				asked = nil
				for n := 1; query.Has("Filter.1.Value." + strconv.Itoa(n)); n++ {
					asked = append(asked, query.Get("Filter.1.Value."+strconv.Itoa(n)))
				}
			}
			list := alibabatest.CircuitList(-1, asked...)
			if len(asked) == len(ids) {
				list = strings.Replace(list, `"Enabled"`, `""`, 1) // of the first circuit, which is not asked for
			}
			return alibabatest.Reply(http.StatusOK, list), nil
		}))))
		decide(t, api, "Enabled", ids[1])
		decide(t, api, "Enabled", ids[1:]...)
	})
}

func TestListCircuits_CircuitListedTwiceWithTwoStatuses_IsUnreadable(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		list := alibabatest.CircuitList(-1, "pc-1", "pc-1", "pc-2")
		for name, answer := range map[string]string{"the same": list, "contradicting": strings.Replace(list, `"Enabled"`, `"Confirmed"`, 1)} {
			client := alibabatest.NewClient(t, alibabatest.Answering(http.StatusOK, answer))
			_, err := client.ListCircuits(t.Context(), circuit.Filter{Region: alibabatest.Region, IDs: []string{"pc-1", "pc-2"}, Once: true})
			if (err != nil) != (name == "contradicting") {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
