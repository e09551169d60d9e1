package vpc_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/alibabatest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/vpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/retry"
)

// circuits is a fake API with some circuits in each region. It records its calls:
// "region: pc-1" for a circuit, "region: pc-1,pc-2" for several, "region: all" for all.
type circuits struct {
	latency time.Duration

	mu       sync.Mutex
	existing map[string]string // status by ID
	failing  error
	asked    []string
	queries  []circuit.Query
	ended    int // calls that were cancelled
}

func newCircuits(latency time.Duration, ids ...string) *circuits {
	api := &circuits{latency: latency, existing: map[string]string{}}
	for _, id := range ids {
		api.existing[id] = "Confirmed"
	}
	return api
}

func (c *circuits) DescribeCircuit(ctx context.Context, query circuit.Query) (circuit.Circuit, error) {
	c.mu.Lock()
	c.queries = append(c.queries, query)
	c.mu.Unlock()
	if err := c.answer(ctx, query.Region, query.CircuitID); err != nil {
		return circuit.Circuit{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	status, exists := c.existing[query.CircuitID]
	if !exists {
		return circuit.Circuit{}, &circuit.NotFoundError{Region: query.Region, CircuitID: query.CircuitID}
	}
	return circuit.Circuit{Region: query.Region, ID: query.CircuitID, Status: status}, nil
}

func (c *circuits) ListCircuits(ctx context.Context, filter circuit.Filter) ([]circuit.Circuit, error) {
	what := "all"
	if len(filter.IDs) > 0 {
		what = strings.Join(slices.Sorted(slices.Values(filter.IDs)), ",")
	}
	if err := c.answer(ctx, filter.Region, what); err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	var listed []circuit.Circuit
	for id, status := range c.existing {
		if len(filter.IDs) == 0 || slices.Contains(filter.IDs, id) {
			listed = append(listed, circuit.Circuit{Region: filter.Region, ID: id, Status: status})
		}
	}
	return listed, nil
}

func (c *circuits) Unanswered(ctx context.Context, _ string) error {
	return &apierror.Error{Action: "DescribePhysicalConnections", Delivery: apierror.ResponseLost, Cause: ctx.Err()}
}

func (c *circuits) answer(ctx context.Context, region, what string) error {
	if ctx.Err() != nil {
		return &apierror.Error{Action: "DescribePhysicalConnections", Cause: ctx.Err()} // nothing is sent
	}
	c.mu.Lock()
	c.asked = append(c.asked, region+": "+what)
	c.mu.Unlock()
	err := retry.Wait(ctx, c.latency)
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		c.ended++
		return &apierror.Error{Action: "DescribePhysicalConnections", Delivery: apierror.ResponseLost, Cause: err}
	}
	return c.failing
}

// change changes the API under its lock.
func (c *circuits) change(change func(*circuits)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change(c)
}

// expectAsked checks the calls of the API since the last check.
func (c *circuits) expectAsked(t *testing.T, want ...string) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if !slices.Equal(c.asked, want) {
		t.Errorf("asked for %q, want %q", c.asked, want)
	}
	c.asked = nil
}

// expectRead reads circuits, all at the same time, and checks that they are found.
func expectRead(t *testing.T, listing *vpc.CachedCircuits, status string, ids ...string) {
	t.Helper()
	var readers sync.WaitGroup
	for _, id := range ids {
		readers.Go(func() {
			c, err := alibabatest.ReadBy(t.Context(), listing, id)
			if want := (circuit.Circuit{Region: alibabatest.Region, ID: id, Status: status}); err != nil || c.Region != want.Region || c.ID != want.ID || c.Status != want.Status {
				t.Errorf("%s: got %+v, %v", id, c, err)
			}
		})
	}
	readers.Wait()
}

// expectReadByListing reads several circuits, all at the same time, and checks that one
// listing answers all.
func expectReadByListing(t *testing.T, listing *vpc.CachedCircuits, api *circuits, ids ...string) {
	t.Helper()
	expectRead(t, listing, "Confirmed", ids...)
	api.expectAsked(t, alibabatest.Region+": all")
}

func TestCached_SingleReader_ReadsByID(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := newCircuits(0, alibabatest.NumberedIDs(100)...)
		listing := vpc.NewCachedCircuits(api)
		started := time.Now()
		query := circuit.Query{Region: alibabatest.Region, CircuitID: "pc-00001", WithReservations: true}
		if circuit, err := listing.DescribeCircuit(t.Context(), query); err != nil || circuit.ID != "pc-00001" {
			t.Errorf("got %+v, %v", circuit, err)
		}
		if took := time.Since(started); took > 10*time.Millisecond || api.queries[0] != query {
			t.Errorf("asked for %+v after %s", api.queries[0], took)
		}
		api.change(func(api *circuits) { api.existing["pc-00001"] = "Enabled" })
		expectRead(t, listing, "Enabled", "pc-00001") // again for each read
		api.expectAsked(t, alibabatest.Region+": pc-00001", alibabatest.Region+": pc-00001")
	})
}

func TestCached_ReadByID_HasTheTimeOfItsBegin(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		started := time.Now()
		_, begun, err := vpc.NewCachedCircuits(newCircuits(time.Second, "pc-1")).ReadCircuit(t.Context(), circuit.Query{Region: alibabatest.Region, CircuitID: "pc-1"})
		if err != nil || begun.Before(started) || time.Since(begun) < time.Second {
			t.Errorf("begun %s after the call, %v", begun.Sub(started), err)
		}
	})
}

func TestCached_CircuitThatTheListLacks_HasTheTimeOfItsOwnRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := newCircuits(time.Second, alibabatest.NumberedIDs(3)...)
		reader := vpc.NewCachedCircuits(api)
		expectReadByListing(t, reader, api, alibabatest.NumberedIDs(3)...)
		api.change(func(api *circuits) { api.existing["pc-new"] = "Confirmed" })
		asked := time.Now()
		if _, begun, err := reader.ReadCircuit(t.Context(), circuit.Query{Region: alibabatest.Region, CircuitID: "pc-new"}); err != nil || begun.Before(asked) {
			t.Errorf("begun %s after the question, %v", begun.Sub(asked), err)
		}
	})
}

func TestCached_ReadersOfOneCircuit_ListNoRegion(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := newCircuits(0, alibabatest.NumberedIDs(1000)...)
		expectRead(t, vpc.NewCachedCircuits(api), "Confirmed", slices.Repeat([]string{"pc-00001"}, 3)...)
		api.expectAsked(t, alibabatest.Region+": pc-00001")
	})
}

func TestCached_FewReaders_ShareOneList(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := newCircuits(50*time.Millisecond, alibabatest.NumberedIDs(10)...)
		expectReadByListing(t, vpc.NewCachedCircuits(api), api, alibabatest.NumberedIDs(3)...)
	})
}

func TestCached_ManyReaders_ShareOneListAndWaitSomeMilliseconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := newCircuits(50*time.Millisecond, alibabatest.NumberedIDs(100)...)
		started := time.Now()
		expectReadByListing(t, vpc.NewCachedCircuits(api), api, alibabatest.NumberedIDs(100)...)
		if took := time.Since(started); took > 60*time.Millisecond {
			t.Errorf("took %s", took)
		}
	})
}

func TestCached_ReadersOfSomeMilliseconds_GetAListThatBeganAfterTheirQuestions(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := newCircuits(50*time.Millisecond, alibabatest.NumberedIDs(10)...)
		listing := vpc.NewCachedCircuits(api)
		var readers sync.WaitGroup
		for _, id := range alibabatest.NumberedIDs(10) {
			readers.Go(func() {
				asked := time.Now()
				_, begun, err := listing.ReadCircuit(t.Context(), circuit.Query{Region: alibabatest.Region, CircuitID: id, NotBefore: asked.Add(-time.Second)})
				if err != nil || begun.Before(asked) {
					t.Errorf("%s: begun %s after the question, %v", id, begun.Sub(asked), err)
				}
			})
			time.Sleep(2 * time.Millisecond)
		}
		readers.Wait()
		api.expectAsked(t, alibabatest.Region+": all")
	})
}

// A caller whose deadline ends must not return that the call was never sent.
func TestRead_DeadlineDuringTheRequest_ReturnsTheErrorOfTheRequest(t *testing.T) {
	t.Parallel()
	for name, newReader := range map[string]func(vpc.CircuitAPI) circuit.Reader{
		"cached":  func(api vpc.CircuitAPI) circuit.Reader { return vpc.NewCachedCircuits(api) },
		"batched": func(api vpc.CircuitAPI) circuit.Reader { return vpc.NewBatchedCircuits(api) },
	} {
		for _, readers := range []int{1, 10} {
			t.Run(fmt.Sprint(name, " ", readers), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					ids := alibabatest.NumberedIDs(readers)
					reader := newReader(newCircuits(time.Hour, ids...))
					var running sync.WaitGroup
					for i, id := range ids {
						running.Go(func() {
							ctx, cancel := context.WithTimeout(t.Context(), time.Minute-time.Duration(i)*time.Second)
							defer cancel()
							_, err := reader.DescribeCircuit(ctx, circuit.Query{Region: alibabatest.Region, CircuitID: id})
							failure, failed := errors.AsType[*apierror.Error](err)
							if !failed || failure.Delivery != apierror.ResponseLost || !errors.Is(err, context.DeadlineExceeded) {
								t.Errorf("%s: got %v", id, err)
							}
						})
						time.Sleep(time.Millisecond)
					}
					running.Wait()
				})
			})
		}
	}
}

func TestCached_OneCircuitWithDifferentReaders_IsReadByID(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := newCircuits(time.Second, alibabatest.NumberedIDs(100)...)
		reader := vpc.NewCachedCircuits(api)
		var running sync.WaitGroup
		for _, query := range []circuit.Query{{}, {WithReservations: true}, {NotBefore: time.Now()}} {
			query.Region, query.CircuitID = alibabatest.Region, "pc-00001"
			running.Go(func() {
				if found, err := reader.DescribeCircuit(t.Context(), query); err != nil || found.ID != query.CircuitID {
					t.Errorf("got %+v, %v", found, err)
				}
			})
		}
		running.Wait()
		api.expectAsked(t, alibabatest.Region+": pc-00001")
		if len(api.queries) == 0 || !api.queries[0].WithReservations {
			t.Error("the reservations are missing")
		}
	})
}

func TestCached_ReadersThatLeaveBeforeTheRequest_SendNothing(t *testing.T) {
	t.Parallel()
	for _, readers := range []int{1, 3} {
		synctest.Test(t, func(t *testing.T) {
			ids := alibabatest.NumberedIDs(4)
			api := newCircuits(time.Second, ids...)
			reader := vpc.NewCachedCircuits(api)
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Millisecond, cancel)
			var running sync.WaitGroup
			for _, id := range ids[:readers] {
				running.Go(func() {
					_, err := alibabatest.ReadBy(ctx, reader, id)
					if failure, failed := errors.AsType[*apierror.Error](err); !failed || failure.Delivery != apierror.NotSent {
						t.Errorf("got %v", err)
					}
				})
			}
			running.Wait()
			synctest.Wait()
			api.expectAsked(t)
			expectRead(t, reader, "Confirmed", ids[3])
			api.expectAsked(t, alibabatest.Region+": "+ids[3])
		})
	}
}

func TestCached_ReadersInSequence_ShareOneList(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := newCircuits(time.Second, alibabatest.NumberedIDs(100)...)
		listing := vpc.NewCachedCircuits(api)
		for _, id := range alibabatest.NumberedIDs(100) {
			expectRead(t, listing, "Confirmed", id)
		}
		api.expectAsked(t, alibabatest.Region+": pc-00000", alibabatest.Region+": all")
	})
}

func TestCached_RefreshStaysWithinItsCalls(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ orders, calls int }{{1, 1}, {2, 3}, {50, 3}, {100, 3}, {1000, 25}} {
		for _, latency := range []time.Duration{0, time.Millisecond, 50 * time.Millisecond, 2 * time.Second} {
			for _, between := range []time.Duration{0, time.Millisecond, 100 * time.Millisecond, 200 * time.Millisecond} {
				t.Run(fmt.Sprintf("%d orders, latency %s, %s between", test.orders, latency, between), func(t *testing.T) {
					t.Parallel()
					synctest.Test(t, func(t *testing.T) {
						var seen alibabatest.Recorder
						pages := &circuitPages{ids: alibabatest.NumberedIDs(test.orders)}
						single := byID(pages.ids...)
						var mu sync.Mutex
						client := alibabatest.NewClient(t, seen.Wrap(func(request *http.Request) (*http.Response, error) {
							if err := retry.Wait(request.Context(), latency); err != nil {
								return nil, err
							}
							if request.URL.Query().Has("Filter.1.Key") {
								return single(request)
							}
							mu.Lock()
							defer mu.Unlock()
							return pages.RoundTrip(request)
						}))
						random := rand.New(rand.NewPCG(1, uint64(test.orders))) //nolint:gosec // Schedules, not secrets.
						alibabatest.Refresh(t, vpc.NewCachedCircuits(client), pages.ids, 10, func() time.Duration {
							mu.Lock()
							defer mu.Unlock()
							return time.Duration(random.Float64() * float64(between))
						})
						if seen.Count() > test.calls {
							t.Errorf("%d calls", seen.Count())
						}
						if filter := seen.Requests[0].Get("Filter.1.Value.1"); test.orders == 1 && filter != pages.ids[0] {
							t.Errorf("asked for %q", filter)
						}
					})
				})
			}
		}
	}
}

func TestCached_ListIsUsedForOneMinute(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := newCircuits(0, alibabatest.NumberedIDs(10)...)
		listing := vpc.NewCachedCircuits(api)
		expectReadByListing(t, listing, api, alibabatest.NumberedIDs(10)...)
		api.change(func(api *circuits) { api.existing["pc-00001"] = "Enabled" })
		for range 59 {
			time.Sleep(time.Second)
			expectRead(t, listing, "Confirmed", "pc-00001")
		}
		api.expectAsked(t)
		time.Sleep(time.Second)
		expectRead(t, listing, "Enabled", "pc-00001")
		api.expectAsked(t, alibabatest.Region+": pc-00001")
	})
}

func TestCached_ReadByID_IsForgottenAfterAPause(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := newCircuits(0, alibabatest.NumberedIDs(10)...)
		listing := vpc.NewCachedCircuits(api)
		expectRead(t, listing, "Confirmed", "pc-00001")
		time.Sleep(5 * time.Second)
		expectRead(t, listing, "Confirmed", "pc-00002")
		api.expectAsked(t, alibabatest.Region+": pc-00001", alibabatest.Region+": pc-00002")
	})
}

func TestCached_CircuitIsMissingOnlyAfterAReadByID(t *testing.T) {
	t.Parallel()
	for _, count := range []int{1, 2, 10} {
		synctest.Test(t, func(t *testing.T) {
			api := newCircuits(0, alibabatest.NumberedIDs(count)...)
			listing := vpc.NewCachedCircuits(api)
			api.change(func(api *circuits) { delete(api.existing, "pc-00000") })
			expectRead(t, listing, "Confirmed", alibabatest.NumberedIDs(count)[1:]...)
			_, err := alibabatest.ReadBy(t.Context(), listing, "pc-00000")
			var missing *circuit.NotFoundError
			if !errors.As(err, &missing) || missing.CircuitID != "pc-00000" {
				t.Errorf("got %v", err)
			}
			api.change(func(api *circuits) {
				if last := api.asked[len(api.asked)-1]; last != alibabatest.Region+": pc-00000" {
					t.Errorf("the last question was for %s", last)
				}
				api.existing["pc-00000"] = "Confirmed"
			})
			// A circuit that was created after the list is found, too.
			expectRead(t, listing, "Confirmed", "pc-00000")
		})
	}
}

func TestCached_Failure_IsSharedAndTheNextReaderListsAgain(t *testing.T) {
	t.Parallel()
	for _, count := range []int{1, 3, 10} {
		synctest.Test(t, func(t *testing.T) {
			api := newCircuits(time.Second, alibabatest.NumberedIDs(count)...)
			listing := vpc.NewCachedCircuits(api)
			failure := &apierror.Error{Action: "DescribePhysicalConnections", Delivery: apierror.Answered, Code: "ServiceUnavailable"}
			api.failing = failure
			var readers sync.WaitGroup
			for _, id := range alibabatest.NumberedIDs(count) {
				readers.Go(func() {
					if _, err := alibabatest.ReadBy(t.Context(), listing, id); !errors.Is(err, failure) {
						t.Errorf("got %v", err)
					}
				})
			}
			readers.Wait()
			if len(api.asked) != 1 {
				t.Errorf("asked for %q", api.asked)
			}
			api.failing = nil
			expectRead(t, listing, "Confirmed", alibabatest.NumberedIDs(count)...)
			if len(api.asked) != 2 {
				t.Errorf("asked for %q", api.asked)
			}
		})
	}
}

func TestCached_CancelledReader_EndsAlone(t *testing.T) {
	t.Parallel()
	for _, count := range []int{3, 10} {
		synctest.Test(t, func(t *testing.T) {
			api := newCircuits(time.Second, alibabatest.NumberedIDs(count)...)
			listing := vpc.NewCachedCircuits(api)
			expectRead(t, listing, "Confirmed", "pc-00000")
			ctx, cancel := context.WithCancel(t.Context())
			var readers sync.WaitGroup
			readers.Go(func() { // begins the listing that all share
				started := time.Now()
				_, err := alibabatest.ReadBy(ctx, listing, "pc-00001")
				if failure := alibabatest.FailureOf(t, err); !errors.Is(failure, context.Canceled) || time.Since(started) != 500*time.Millisecond {
					t.Errorf("got %+v after %s", failure, time.Since(started))
				}
			})
			synctest.Wait()
			readers.Go(func() { expectRead(t, listing, "Confirmed", alibabatest.NumberedIDs(count)[2:]...) })
			time.Sleep(500 * time.Millisecond)
			cancel()
			readers.Wait()
			api.expectAsked(t, alibabatest.Region+": pc-00000", alibabatest.Region+": all")
			if api.ended != 0 {
				t.Errorf("%d cancelled", api.ended)
			}
		})
	}
}

func TestCached_AllReadersCancelled_LeaveAListForTheNext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := newCircuits(time.Second, alibabatest.NumberedIDs(10)...)
		listing := vpc.NewCachedCircuits(api)
		ctx, cancel := context.WithCancel(t.Context())
		var readers sync.WaitGroup
		for _, id := range alibabatest.NumberedIDs(10) {
			readers.Go(func() {
				if _, err := alibabatest.ReadBy(ctx, listing, id); !errors.Is(err, context.Canceled) {
					t.Errorf("got %v", err)
				}
			})
		}
		time.Sleep(500 * time.Millisecond)
		cancel()
		readers.Wait()
		expectRead(t, listing, "Confirmed", alibabatest.NumberedIDs(10)...)
		api.expectAsked(t, alibabatest.Region+": all")
		if api.ended != 0 {
			t.Errorf("%d cancelled", api.ended)
		}
	})
}

func TestCached_ReaderCancelledBeforeTheSend_SendsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := newCircuits(time.Second, "pc-1")
		listing := vpc.NewCachedCircuits(api)
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Millisecond)
		defer cancel()
		if _, err := alibabatest.ReadBy(ctx, listing, "pc-1"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		api.expectAsked(t)
		expectRead(t, listing, "Confirmed", "pc-1")
	})
}

func TestCached_RegionsAreSeparate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := newCircuits(0, alibabatest.NumberedIDs(2)...)
		listing := vpc.NewCachedCircuits(api)
		var readers sync.WaitGroup
		for index, region := range []string{"cn-beijing", "cn-hangzhou"} {
			readers.Go(func() {
				circuit, err := listing.DescribeCircuit(t.Context(), circuit.Query{Region: region, CircuitID: alibabatest.NumberedIDs(2)[index]})
				if err != nil || circuit.Region != region {
					t.Errorf("got %+v, %v", circuit, err)
				}
			})
		}
		readers.Wait()
		slices.Sort(api.asked)
		api.expectAsked(t, "cn-beijing: pc-00000", "cn-hangzhou: pc-00001")
	})
}

func TestCached_ReadersThatComeAndGo_GetTheirCircuits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := newCircuits(20*time.Millisecond, alibabatest.NumberedIDs(30)...)
		listing := vpc.NewCachedCircuits(api)
		var readers sync.WaitGroup
		for seed := range uint64(300) {
			random := rand.New(rand.NewPCG(2, seed)) //nolint:gosec // Schedules, not secrets.
			readers.Go(func() {
				time.Sleep(time.Duration(random.Int64N(int64(20 * time.Second))))
				ctx, cancel := context.WithTimeout(t.Context(), time.Duration(random.Int64N(int64(60*time.Millisecond))))
				defer cancel()
				id := alibabatest.NumberedIDs(30)[random.IntN(30)]
				circuit, err := alibabatest.ReadBy(ctx, listing, id)
				if err == nil && circuit.ID != id || err != nil && !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("%s: got %+v, %v", id, circuit, err)
				}
				if circuit, err = alibabatest.ReadBy(t.Context(), listing, id); err != nil || circuit.ID != id {
					t.Errorf("%s: got %+v, %v", id, circuit, err)
				}
			})
		}
		readers.Wait()
	})
}

func TestCached_ListThatBeganTooEarly_IsNotUsed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := newCircuits(time.Second, alibabatest.NumberedIDs(20)...)
		listing := vpc.NewCachedCircuits(api)
		expectReadByListing(t, listing, api, alibabatest.NumberedIDs(20)...)
		expectRead(t, listing, "Confirmed", alibabatest.NumberedIDs(20)...)
		api.expectAsked(t)
		api.change(func(api *circuits) { api.existing = map[string]string{"pc-00001": "Enabled", "pc-00002": "Enabled"} })
		expectNew := func(id string) {
			query := circuit.Query{Region: alibabatest.Region, CircuitID: id, NotBefore: time.Now()}
			if circuit, err := listing.DescribeCircuit(t.Context(), query); err != nil || circuit.Status != "Enabled" {
				t.Errorf("got %+v, %v", circuit, err)
			}
		}
		var readers sync.WaitGroup
		for range 20 { // Each reader comes while a listing is in flight that began before.
			time.Sleep(100 * time.Millisecond)
			readers.Go(func() { expectNew("pc-00001") })
			readers.Go(func() { expectNew("pc-00002") })
		}
		readers.Wait()
		if calls := len(api.asked); calls < 2 || calls > 4 {
			t.Errorf("asked for %q", api.asked)
		}
	})
}
