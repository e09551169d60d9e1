package renewal_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/renewal"
)

// fleet returns the IDs of n circuits.
func fleet(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("pc-%03d", i)
	}
	return ids
}

// inWaves calls read for each ID, ten at a time, as Terraform does.
func inWaves(ids []string, read func(id string)) {
	var running sync.WaitGroup
	slots := make(chan struct{}, 10)
	for _, id := range ids {
		slots <- struct{}{}
		running.Go(func() {
			defer func() { <-slots }()
			read(id)
		})
	}
	running.Wait()
}

func TestGet_OneCircuit_IsReadByID(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := newFake("pc-1", "pc-2")
		reader := renewal.NewReader(billing)
		for range 2 {
			if got, listed, err := reader.Get(t.Context(), "pc-1", product.Code); err != nil || !listed || got.Product != product {
				t.Errorf("got %+v, %t, %v", got, listed, err)
			}
		}
		billing.wantCalls(t, "by ID", "by ID")
		if _, listed, err := reader.Get(t.Context(), "pc-9", product.Code); err != nil || listed {
			t.Errorf("listed: %t, %v", listed, err)
		}
	})
}

func TestGet_Fleet_SharesFewCalls(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		size, unlisted int
		code           string
		lists, byID    int // calls
	}{
		"product code in the state":     {60, 0, product.Code, 1, 1},
		"no product code yet":           {60, 0, "", 1, 1},
		"list shows some":               {60, 5, product.Code, 1, 2},
		"more than a list shows by ID":  {400, 0, "", 1, 1},
		"default code, which is unused": {20, 0, "pconn", 1, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ids := fleet(test.size)
				billing := newFake(ids...)
				billing.latency = 50 * time.Millisecond
				for i := range test.unlisted {
					billing.unlisted[ids[i]] = true
				}
				reader := renewal.NewReader(billing)
				inWaves(ids, func(id string) {
					if got, listed, err := reader.Get(t.Context(), id, test.code); err != nil || !listed || got.CircuitID != id {
						t.Errorf("%s: got %+v, %t, %v", id, got, listed, err)
					}
				})
				if lists, byID := billing.count("list"), billing.count("by ID"); lists != test.lists || byID != test.byID {
					t.Errorf("%d lists and %d reads by ID", lists, byID)
				}
			})
		})
	}
}

func TestGet_List_IsUsedForAMinuteAndUntilAChange(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := newFake("pc-1", "pc-2")
		reader := renewal.NewReader(billing)
		read := func(id string) renewal.Setting {
			got, _, err := reader.Get(t.Context(), id, product.Code)
			if err != nil {
				t.Error(err)
			}
			return got.Setting
		}
		read("pc-1")
		read("pc-2")
		read("pc-1")
		billing.wantCalls(t, "by ID", "list")
		time.Sleep(time.Minute)
		read("pc-1")
		billing.wantCalls(t, "list")
		if _, err := reader.Set(t.Context(), change(quarterly)); err != nil {
			t.Error(err)
		}
		if got := read("pc-1"); got != quarterly {
			t.Errorf("an old list was used: %v", got)
		}
	})
}

func TestGet_Failure_IsSharedForAMinute(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		failure error
		forever bool
	}{
		"down":         {lost(), false},
		"no rights":    {refused("NoPermission"), true},
		"server fault": {refused("InternalError"), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				billing := newFake(fleet(40)...)
				billing.fails["by ID"], billing.fails["list"] = []error{test.failure, test.failure}, []error{test.failure, test.failure}
				reader := renewal.NewReader(billing)
				inWaves(fleet(40), func(id string) {
					if _, listed, err := reader.Get(t.Context(), id, product.Code); listed || !errors.Is(err, test.failure) {
						t.Errorf("listed %t, %v", listed, err)
					}
				})
				if calls := billing.count("by ID") + billing.count("list"); calls > 2 {
					t.Errorf("%d calls failed", calls)
				}
				time.Sleep(61 * time.Second)
				billing.fails = map[string][]error{}
				if _, listed, err := reader.Get(t.Context(), "pc-000", product.Code); (err != nil) != test.forever || listed == test.forever {
					t.Errorf("after a minute: %t, %v", listed, err)
				}
			})
		})
	}
}

func TestAll_AsksForAHundredCircuitsAtOnce(t *testing.T) {
	t.Parallel()
	for size, calls := range map[int]int{0: 0, 1: 1, 100: 1, 101: 2, 250: 3} {
		billing := newFake(fleet(size)...)
		find, err := renewal.NewReader(billing).All(t.Context(), fleet(size))
		if err != nil || billing.count("by ID") != calls {
			t.Errorf("%d: %d calls, %v", size, billing.count("by ID"), err)
			continue
		}
		for _, id := range fleet(size) {
			if got, listed := find(id); !listed || got.CircuitID != id {
				t.Errorf("%s: %+v", id, got)
			}
		}
		for _, ids := range billing.asked {
			if len(ids) > renewal.MaxIDs {
				t.Errorf("asked for %d circuits", len(ids))
			}
		}
	}
}

func TestReader_BillingOff_CallsNothing(t *testing.T) {
	t.Parallel()
	reader := renewal.NewReader(nil)
	_, listed, got := reader.Get(t.Context(), "pc-1", "")
	_, again, read := reader.ReadUncached(t.Context(), "pc-1")
	if listed || again {
		t.Error("a circuit is listed")
	}
	_, all := reader.All(t.Context(), []string{"pc-1"})
	_, set := reader.Set(t.Context(), change(manual))
	for _, err := range []error{got, read, all, set} {
		if !errors.Is(err, renewal.ErrOff) {
			t.Errorf("got %v", err)
		}
	}
	if !reader.WarnOnce() || reader.WarnOnce() {
		t.Error("not one warning")
	}
}

func TestGet_RefusedIDOrProductCode_HidesNothing(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		bad  string // a circuit that billing refuses to be asked about
		code string // in the state
	}{
		"unknown circuit":          {"pc-007", product.Code},
		"unknown product code":     {"", "pconn"},
		"no code, unknown circuit": {"pc-000", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ids := fleet(40)
				billing := newFake(ids...)
				delete(billing.instances, test.bad)
				billing.refused = test.bad
				billing.refusedCode = "pconn"
				reader := renewal.NewReader(billing)
				for _, id := range ids {
					if _, listed, err := reader.Get(t.Context(), id, test.code); err != nil || listed == (id == test.bad) {
						t.Errorf("%s: listed %t, %v", id, listed, err)
					}
				}
				find, err := reader.All(t.Context(), ids)
				if err != nil {
					t.Fatal(err)
				}
				for _, id := range ids {
					if _, listed := find(id); listed == (id == test.bad) {
						t.Errorf("%s is listed: %t", id, listed)
					}
				}
			})
		})
	}
}

func TestRefusalWithAnUnknownCode_IsAnErrorForOneCircuitAndDividesMany(t *testing.T) {
	t.Parallel()
	billing := newFake(fleet(4)...)
	reader := renewal.NewReader(billing)
	billing.fails["by ID"] = []error{refused("SomethingNew")}
	if _, err := reader.All(t.Context(), fleet(1)); err == nil {
		t.Error("one circuit is reported as not listed")
	}
	billing.fails["by ID"] = []error{refused("SomethingNew")}
	find, err := reader.All(t.Context(), fleet(4))
	if err != nil || billing.count("by ID") != 4 {
		t.Fatalf("got %v after %d reads", err, billing.count("by ID"))
	}
	for _, id := range fleet(4) {
		if _, listed := find(id); !listed {
			t.Errorf("%s is not listed", id)
		}
	}
}

func TestAll_HalfOfADividedQuestionFails_IsAnError(t *testing.T) {
	t.Parallel()
	for name, failures := range map[string][]error{
		"first half":  {refused("InvalidParameter"), lost()},
		"second half": {refused("InvalidParameter"), nil, lost()},
	} {
		billing := newFake(fleet(2)...)
		billing.fails["by ID"] = failures
		if _, err := renewal.NewReader(billing).All(t.Context(), fleet(2)); err == nil {
			t.Errorf("%s: a circuit that was not read is reported as not listed", name)
		}
	}
}

func TestGet_CancelledReader_LeavesTheListToTheOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := newFake(fleet(3)...)
		reader := renewal.NewReader(billing)
		billing.latency = time.Second
		if _, _, err := reader.Get(t.Context(), "pc-000", product.Code); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		started := time.Now()
		if _, listed, err := reader.Get(ctx, "pc-001", product.Code); listed || !errors.Is(err, context.DeadlineExceeded) || time.Since(started) != 500*time.Millisecond {
			t.Errorf("got %v after %s", err, time.Since(started))
		}
		if _, listed, err := reader.Get(t.Context(), "pc-002", product.Code); err != nil || !listed {
			t.Errorf("listed: %t, %v", listed, err)
		}
		billing.wantCalls(t, "by ID", "list")
	})
}

func TestGet_CancelledReader_DoesNotMarkBillingAsDown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := newFake("pc-1")
		billing.latency = time.Second
		reader := renewal.NewReader(billing)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(500*time.Millisecond, cancel)
		if _, _, err := reader.Get(ctx, "pc-1", ""); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		time.Sleep(time.Second)
		if _, listed, err := reader.Get(t.Context(), "pc-1", ""); err != nil || !listed {
			t.Errorf("listed: %t, %v", listed, err)
		}
	})
}

func TestGet_ListThatWasReadBeforeAnOutage_IsUsed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := newFake(fleet(20)...)
		billing.unlisted["pc-000"] = true
		billing.fails["by ID"] = []error{nil, lost()}
		reader := renewal.NewReader(billing)
		for _, id := range append([]string{"pc-019"}, fleet(19)...) {
			if _, listed, err := reader.Get(t.Context(), id, product.Code); listed == (id == "pc-000") || (err != nil) != (id == "pc-000") {
				t.Errorf("%s: listed %t, %v", id, listed, err)
			}
		}
	})
}

func TestGet_TwoRowsOfACircuit_TheOneOfTheOccupancyFeeCounts(t *testing.T) {
	t.Parallel()
	end := time.Now()
	row := func(code string, end *time.Time, setting renewal.Setting) renewal.Instance {
		return renewal.Instance{CircuitID: "PC-1", Product: renewal.Product{Code: code}, EndTime: end, Setting: setting}
	}
	none := renewal.Setting{}
	for name, test := range map[string]struct{ fee, other renewal.Instance }{
		"other product":       {row("pconn", &end, quarterly), row("pconn_setup", &end, manual)},
		"product, all unsaid": {row("pconn", nil, none), row("pconn_setup", &end, manual)},
		"no product code":     {row("pconn", nil, none), row("", &end, manual)},
		"no setting":          {row("pconn", nil, manual), row("pconn", &end, none)},
		"no term":             {row("pconn", &end, manual), row("pconn", nil, quarterly)},
		"nothing":             {row("pconn", &end, quarterly), renewal.Instance{CircuitID: "pc-1"}},
	} {
		for _, rows := range [][]renewal.Instance{{test.fee, test.other}, {test.other, test.fee}} {
			synctest.Test(t, func(t *testing.T) {
				got, listed, err := renewal.NewReader(fixed{newFake(), rows}).ReadUncached(t.Context(), "pc-1")
				if err != nil || !listed || got != test.fee {
					t.Errorf("%s: got %+v, %t, %v", name, got, listed, err)
				}
			})
		}
	}
}

// fixed is billing that returns the same rows to each question.
type fixed struct {
	*fake

	rows []renewal.Instance
}

func (f fixed) Instances(context.Context, []string) ([]renewal.Instance, error) { return f.rows, nil }

func TestReadUncached_AtTheSameTime_AsksForAtMostAHundredCircuitsAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := newFake(fleet(250)...)
		reader := renewal.NewReader(billing)
		var running sync.WaitGroup
		for _, id := range fleet(250) {
			running.Go(func() {
				if _, listed, err := reader.ReadUncached(t.Context(), id); err != nil || !listed {
					t.Errorf("%s: listed %t, %v", id, listed, err)
				}
			})
		}
		running.Wait()
		for _, ids := range billing.asked {
			if len(ids) > renewal.MaxIDs {
				t.Errorf("asked for %d circuits", len(ids))
			}
		}
	})
}

func TestGet_FailedList_StopsTheListsOfOtherProducts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing, down := newFake("pc-1", "pc-2", "pc-3"), lost()
		billing.fails["list"] = []error{down}
		reader := renewal.NewReader(billing)
		if _, _, err := reader.Get(t.Context(), "pc-1", product.Code); err != nil {
			t.Fatal(err)
		}
		for id, code := range map[string]string{"pc-2": product.Code, "pc-3": "pconn"} {
			if _, listed, err := reader.Get(t.Context(), id, code); listed || !errors.Is(err, down) {
				t.Errorf("%s: listed %t, %v", id, listed, err)
			}
		}
		billing.wantCalls(t, "by ID", "list")
	})
}

func TestGet_ProductCodeOfAnEarlierCircuit_IsUsedForTheList(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := newFake("pc-1", "pc-2", "pc-4")
		billing.instances["pc-3"] = renewal.Instance{CircuitID: "pc-3"} // without a product code
		reader := renewal.NewReader(billing)
		for _, id := range []string{"pc-1", "pc-2", "pc-3"} {
			if _, listed, err := reader.Get(t.Context(), id, ""); err != nil || !listed {
				t.Errorf("%s: listed %t, %v", id, listed, err)
			}
		}
		billing.wantCalls(t, "by ID", "list", "by ID")
		time.Sleep(time.Hour)
		_, _, _ = reader.Get(t.Context(), "pc-4", "")
		billing.wantCalls(t, "list")
	})
}

func TestGet_CircuitThatIsOnlyPlanned_IsReadFromTheList(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := newFake("pc-1", "pc-2")
		reader := renewal.NewReader(billing)
		reader.RecordPlan("pc-2", manual)
		for _, id := range []string{"pc-1", "pc-2"} {
			if _, listed, err := reader.Get(t.Context(), id, product.Code); err != nil || !listed {
				t.Errorf("%s: listed %t, %v", id, listed, err)
			}
		}
		billing.wantCalls(t, "by ID", "list")
	})
}

func TestAll_RefusedUnknownCircuit_IsNotListed(t *testing.T) {
	t.Parallel()
	for code, unknown := range map[string]bool{
		"InvalidParameter": true, "InvalidInstanceId": true, "ResourceNotExist": true, "SomethingNew": false, "NoPermission": false,
	} {
		billing := newFake("pc-1")
		billing.fails["by ID"] = []error{refused(code)}
		find, err := renewal.NewReader(billing).All(t.Context(), []string{"pc-1"})
		if (err == nil) != unknown {
			t.Errorf("%s: %v", code, err)
		}
		if err == nil {
			if _, listed := find("pc-1"); listed {
				t.Errorf("%s: the circuit is listed", code)
			}
		}
	}
}

func TestAll_InstanceWithoutDetails_IsListed(t *testing.T) {
	t.Parallel()
	bare := renewal.Instance{CircuitID: "pc-1"}
	find, err := renewal.NewReader(fixed{newFake(), []renewal.Instance{bare}}).All(t.Context(), []string{"pc-1"})
	if err != nil {
		t.Fatal(err)
	}
	if got, listed := find("PC-1"); !listed || got != bare {
		t.Errorf("got %+v, %t", got, listed)
	}
}
