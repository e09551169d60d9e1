package renewal_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/renewal"
)

func TestSetting_Equal_ComparesWhatItDoes(t *testing.T) {
	t.Parallel()
	year := renewal.Setting{Status: renewal.Auto, Period: 1, Unit: renewal.Year}
	twelve := renewal.Setting{Status: renewal.Auto, Period: 12, Unit: renewal.Month}
	twoYears := renewal.Setting{Status: renewal.Auto, Period: 2, Unit: renewal.Year}
	unknown := renewal.Setting{Status: renewal.Auto}
	for _, test := range []struct {
		reported, wanted renewal.Setting
		equal, allowed   bool
	}{
		{year, twelve, true, true},
		{twelve, year, true, true},
		{year, quarterly, false, false},
		{unknown, quarterly, false, true},
		{unknown, manual, false, false},
		{manual, quarterly, false, false},
		{quarterly, manual, false, false},
		{renewal.Setting{Status: renewal.Manual, Period: 3, Unit: renewal.Month}, manual, true, true},
		{renewal.Setting{}, quarterly, false, true},
		{renewal.Setting{Status: "Paused"}, manual, false, false},
		{renewal.Setting{Status: renewal.Auto, Period: 1}, quarterly, false, false}, // of any unit
		{renewal.Setting{Status: renewal.Auto, Period: 3}, quarterly, true, true},
		{renewal.Setting{Status: renewal.Auto, Period: 1}, twelve, false, true},
		{renewal.Setting{Status: renewal.Auto, Period: 1}, year, false, true},
		{renewal.Setting{Status: renewal.Auto, Period: 2}, twoYears, false, true},
		{renewal.Setting{Status: renewal.Auto, Period: 24, Unit: renewal.Month}, twoYears, true, true},
		{year, renewal.Setting{Status: renewal.Auto, Period: 1, Unit: renewal.Month}, false, false},
		{renewal.Setting{Status: renewal.Auto, Period: 1, Unit: renewal.Month}, year, false, false},
	} {
		if test.reported.Equal(test.wanted) != test.equal || test.reported.Allows(test.wanted) != test.allowed {
			t.Errorf("%v and %v: equal is not %t, or allowed not %t", test.reported, test.wanted, test.equal, test.allowed)
		}
	}
}

func TestPeriods_AreTheDocumentedOnes(t *testing.T) {
	t.Parallel()
	if got := renewal.Periods(); !slices.Equal(got, []int64{1, 2, 3, 6, 12}) {
		t.Errorf("got %v", got)
	}
}

func TestNextCharge_IsNineDaysBeforeTheEndOrTheNextDay(t *testing.T) {
	t.Parallel()
	at := func(text string) time.Time {
		parsed, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return parsed
	}
	for _, test := range []struct{ end, now, want string }{
		{"2027-03-01T16:00:00Z", "2027-01-01T00:00:00Z", "2027-02-21T00:00:00Z"}, // ends on March 2, 00:00 UTC+8
		{"2027-03-01T15:59:59Z", "2027-01-01T00:00:00Z", "2027-02-20T00:00:00Z"},
		{"2028-01-05T16:00:00Z", "2027-01-01T00:00:00Z", "2027-12-28T00:00:00Z"},
		{"2027-03-01T16:00:00Z", "2027-02-20T23:59:59Z", "2027-02-21T00:00:00Z"},
		{"2027-03-01T16:00:00Z", "2027-02-21T00:00:00Z", "2027-02-22T00:00:00Z"},
		{"2027-03-01T16:00:00Z", "2027-02-25T15:59:00Z", "2027-02-26T00:00:00Z"}, // still the 25th in UTC+8
		{"2027-03-01T16:00:00Z", "2027-02-25T16:00:00Z", "2027-02-26T00:00:00Z"}, // the 26th, before 08:00
		{"2027-03-01T16:00:00Z", "2027-03-09T12:00:00Z", "2027-03-10T00:00:00Z"},
	} {
		if got := renewal.NextCharge(at(test.end), at(test.now)).UTC().Format(time.RFC3339); got != test.want {
			t.Errorf("end %s, now %s: %s, want %s", test.end, test.now, got, test.want)
		}
	}
}

// set sets the quarterly setting within five minutes.
func set(t *testing.T, billing *fake) (renewal.Outcome, *renewal.SetError) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	outcome, err := renewal.NewReader(billing).Set(ctx, change(quarterly))
	failed := (*renewal.SetError)(nil)
	if err != nil && !errors.As(err, &failed) {
		t.Fatalf("got %T: %v", err, err)
	}
	return outcome, failed
}

func TestSet_OtherSetting_IsChangedWithTheListedProduct(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := newFake("pc-1")
		outcome, failed := set(t, billing)
		if failed != nil || !outcome.Verified || !outcome.Sent || !outcome.Listed || outcome.Instance.Setting != quarterly {
			t.Errorf("got %+v, %v", outcome, failed)
		}
		billing.wantCalls(t, "by ID", "set", "by ID")
		if billing.products[0] != product {
			t.Errorf("sent %v", billing.products)
		}
	})
}

func TestSet_SameSetting_SendsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := newFake("pc-1")
		billing.setInConsole("pc-1", quarterly)
		if outcome, failed := set(t, billing); failed != nil || outcome.Sent || !outcome.Verified || outcome.Instance.Product != product {
			t.Errorf("got %+v, %v", outcome, failed)
		}
		billing.wantCalls(t, "by ID")
	})
}

func TestSet_UnlistedCircuit_IsSetWithoutProof(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status string // "" if the circuit is not listed at all
		given  renewal.Product
		want   string
	}{
		"not listed":               {given: renewal.Product{}, want: "pconn"},
		"not listed, but known":    {given: product, want: "pconn_intl"},
		"listed without a setting": {status: "listed", given: renewal.Product{}, want: "pconn_intl"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				billing := newFake()
				if test.status != "" {
					billing.instances["pc-1"] = renewal.Instance{CircuitID: "pc-1", Product: product}
					billing.lag = time.Hour
				}
				outcome, err := renewal.NewReader(billing).Set(t.Context(), renewal.Change{CircuitID: "pc-1", Setting: quarterly, Product: test.given})
				if err != nil || outcome.Verified || !outcome.Sent || outcome.Listed != (test.status != "") || outcome.Instance.Product.Code != test.want {
					t.Errorf("got %+v, %v", outcome, err)
				}
				billing.wantCalls(t, "by ID", "set", "by ID")
			})
		})
	}
}

func TestSet_LaggingList_IsAwaited(t *testing.T) {
	t.Parallel()
	for lag, verified := range map[time.Duration]bool{time.Minute: true, 4 * time.Minute: true, 6 * time.Minute: false} {
		synctest.Test(t, func(t *testing.T) {
			billing := newFake("pc-1")
			billing.lag = lag
			outcome, failed := set(t, billing)
			if outcome.Verified != verified || len(billing.sent) != 1 {
				t.Errorf("%s: %+v after %d changes", lag, outcome, len(billing.sent))
			}
			if !verified && (failed == nil || !failed.Accepted || failed.Seen != renewal.Listed || failed.Shown != manual) {
				t.Errorf("%s: %+v", lag, failed)
			}
			time.Sleep(time.Hour)
		})
	}
}

func TestSet_LostAnswer_EndsAsWanted(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		failures []error
		silent   bool
		sends    int
	}{
		"made, the answer is lost":   {[]error{lost()}, true, 1},
		"not made":                   {[]error{lost()}, false, 2},
		"not sent":                   {[]error{notSent(), notSent()}, false, 3},
		"throttled":                  {[]error{refused("Throttling")}, false, 2},
		"server fault":               {[]error{refused("InternalError")}, false, 2},
		"lost, then refused, made":   {[]error{lost(), refused("InvalidParameter")}, true, 1},
		"lost, lost, then the truth": {[]error{lost(), lost()}, false, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				billing := newFake("pc-1")
				billing.fails["set"], billing.silent = test.failures, test.silent
				outcome, failed := set(t, billing)
				if failed != nil || !outcome.Verified || len(billing.sent) != test.sends {
					t.Errorf("got %+v, %+v after %d changes", outcome, failed, len(billing.sent))
				}
			})
		})
	}
}

func TestSet_Refusal_EndsAtOnceAndSaysWhatIsSet(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"InvalidParameter", "NoPermission", "SomethingNew"} {
		synctest.Test(t, func(t *testing.T) {
			billing := newFake("pc-1")
			billing.fails["set"] = []error{refused(code)}
			_, failed := set(t, billing)
			if failed == nil || failed.Sent || failed.Accepted || failed.Guessed || failed.Seen != renewal.Listed || failed.Shown != manual {
				t.Errorf("%s: got %+v", code, failed)
			}
			billing.wantCalls(t, "by ID", "set", "by ID")
		})
	}
}

func TestSet_RequestThatCannotBeSent_EndsAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := newFake("pc-1")
		billing.fails["set"] = []error{&apierror.Error{Action: "SetRenewal", Delivery: apierror.NotSent, PermanentCause: apierror.CauseHost}}
		_, failed := set(t, billing)
		if failed == nil || failed.Sent || len(billing.sent) != 1 {
			t.Errorf("got %+v after %d changes", failed, len(billing.sent))
		}
	})
}

func TestSet_NoAnswerUntilTheTimeout_SaysThatItMayBeSet(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := newFake("pc-1")
		for range 1000 {
			billing.fails["set"] = append(billing.fails["set"], lost())
		}
		_, failed := set(t, billing)
		if failed == nil || !failed.Sent || failed.Accepted || failed.Seen != renewal.Listed || failed.Cause == nil || failed.Interrupted {
			t.Errorf("got %+v", failed)
		}
	})
}

func TestSet_UnreadableSetting_IsNotChanged(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := newFake("pc-1")
		billing.fails["by ID"] = []error{refused("NoPermission")}
		if _, failed := set(t, billing); failed == nil || failed.Sent || len(billing.sent) != 0 {
			t.Errorf("got %+v after %d changes", failed, len(billing.sent))
		}
	})
}

func TestSet_FailedReadAfterTheChange_IsRepeated(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := newFake("pc-1")
		billing.fails["by ID"] = []error{nil, lost(), lost()}
		outcome, failed := set(t, billing)
		if failed != nil || !outcome.Verified || len(billing.sent) != 1 {
			t.Errorf("got %+v, %+v after %d changes", outcome, failed, len(billing.sent))
		}
	})
}

func TestSet_TwoSettingsOfOneCircuit_AreAConflict(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := newFake("pc-1")
		reader := renewal.NewReader(billing)
		var running sync.WaitGroup
		conflicts := make(chan error, 2)
		for _, wanted := range []renewal.Setting{quarterly, {Status: renewal.Never}} {
			running.Go(func() {
				_, err := reader.Set(t.Context(), change(wanted))
				conflicts <- err
			})
		}
		running.Wait()
		errs := []error{<-conflicts, <-conflicts}
		if slices.Contains(errs, nil) != true || !slices.ContainsFunc(errs, func(err error) bool { return errors.Is(err, renewal.ErrConflict) }) || len(billing.sent) != 1 {
			t.Errorf("got %v after %d changes", errs, len(billing.sent))
		}
		if _, err := reader.Set(t.Context(), change(billing.sent[0])); err != nil {
			t.Errorf("the same setting is a conflict: %v", err)
		}
	})
}

func TestReset_SetsManualRenewalUnlessTheRunSetTheCircuit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := newFake("pc-1", "pc-2")
		billing.setInConsole("pc-2", quarterly)
		reader := renewal.NewReader(billing)
		if _, err := reader.Set(t.Context(), change(quarterly)); err != nil {
			t.Fatal(err)
		}
		if outcome, err := reader.Reset(t.Context(), "pc-1", product); err != nil || outcome != nil {
			t.Errorf("got %+v, %v", outcome, err)
		}
		if outcome, err := reader.Reset(t.Context(), "pc-2", product); err != nil || outcome == nil || outcome.Instance.Setting != manual {
			t.Errorf("got %+v, %v", outcome, err)
		}
		if billing.instances["pc-1"].Setting != quarterly {
			t.Error("the new resource lost its setting")
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		for _, id := range []string{"pc-1", "pc-2"} {
			if _, err := reader.Set(ctx, renewal.Change{CircuitID: id, Setting: quarterly}); err != nil {
				t.Errorf("%s: a later change fails: %v", id, err)
			}
		}
	})
}

func TestSetError_Unwraps(t *testing.T) {
	t.Parallel()
	cause := &apierror.Error{Code: "X"}
	if err := error(&renewal.SetError{Wanted: manual, Cause: cause}); !errors.Is(err, cause) || err.Error() == "" {
		t.Errorf("got %v", err)
	}
}

func TestSet_GuessedProductThatIsRefused_WaitsUntilTheCircuitIsListed(t *testing.T) {
	t.Parallel()
	for listedAfter, fails := range map[time.Duration]bool{time.Minute: false, time.Hour: true} {
		synctest.Test(t, func(t *testing.T) {
			billing := newFake()
			billing.refusedCode = "pconn"
			time.AfterFunc(listedAfter, func() {
				billing.mu.Lock()
				defer billing.mu.Unlock()
				billing.instances["pc-1"] = renewal.Instance{CircuitID: "pc-1", Product: product, Setting: manual}
			})
			outcome, failed := set(t, billing)
			if fails {
				if failed == nil || !failed.Guessed || failed.Product != "pconn" || failed.Seen != renewal.NotListed || len(billing.sent) != 1 {
					t.Errorf("got %+v after %d changes", failed, len(billing.sent))
				}
				time.Sleep(time.Hour)
				return
			}
			if failed != nil || !outcome.Verified || billing.products[1] != product || len(billing.sent) != 2 {
				t.Errorf("got %+v, %+v, sent %v", outcome, failed, billing.products)
			}
		})
	}
}

func TestSet_UnlistedCircuit_OnlyARefusedProductWaitsForTheList(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		failure error
		sends   int
		fails   bool
	}{
		"lost answer": {lost(), 2, false},
		"throttled":   {refused("Throttling"), 2, false},
		"no rights":   {refused("NoPermission"), 1, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				billing := newFake()
				billing.fails["set"] = []error{test.failure}
				outcome, failed := set(t, billing)
				if (failed != nil) != test.fails || outcome.Sent == test.fails || len(billing.sent) != test.sends {
					t.Errorf("got %+v, %+v after %d changes", outcome, failed, len(billing.sent))
				}
			})
		})
	}
}

func TestSet_ListedCircuitThatIsMissingOnce_IsReadAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := newFake("pc-1")
		billing.hidden = []bool{false, true, true, false}
		if outcome, failed := set(t, billing); failed != nil || !outcome.Verified {
			t.Errorf("got %+v, %+v", outcome, failed)
		}
	})
}

func TestSet_Interrupted_ReadsOnceMoreAndSaysWhatIsKnown(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		lag      time.Duration
		readErr  error
		verified bool
	}{
		"billing shows it":     {0, nil, true},
		"billing lags":         {time.Hour, nil, false},
		"billing is down then": {0, lost(), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				billing := newFake("pc-1")
				billing.latency, billing.lag = time.Second, test.lag
				if test.readErr != nil {
					billing.fails["by ID"] = []error{nil, test.readErr, test.readErr, test.readErr}
				}
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(1500*time.Millisecond, cancel) // during the change
				outcome, err := renewal.NewReader(billing).Set(ctx, change(quarterly))
				failed := (*renewal.SetError)(nil)
				if errors.As(err, &failed); test.verified != (err == nil) || outcome.Verified != test.verified {
					t.Fatalf("got %+v, %+v", outcome, err)
				}
				if failed != nil && (!failed.Accepted || !failed.Interrupted || (failed.ReadErr != nil) != (test.readErr != nil)) {
					t.Errorf("got %+v", failed)
				}
				time.Sleep(2 * time.Hour)
			})
		})
	}
}

func TestSet_InterruptedWhileBillingHangs_EndsInSeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := newFake("pc-1")
		billing.latency = time.Second
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(1500*time.Millisecond, cancel) // during the change
		started := time.Now()
		_, err := renewal.NewReader(hanging{billing}).Set(ctx, change(quarterly))
		failed := (*renewal.SetError)(nil)
		if !errors.As(err, &failed) || !failed.Accepted || !failed.Interrupted || failed.ReadErr == nil || time.Since(started) > 15*time.Second {
			t.Errorf("got %+v after %s", err, time.Since(started))
		}
	})
}

// hanging is billing that answers only the first question by ID.
type hanging struct{ *fake }

func (h hanging) Instances(ctx context.Context, circuitIDs []string) ([]renewal.Instance, error) {
	if h.count("by ID") > 0 {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return h.fake.Instances(ctx, circuitIDs)
}

func TestSet_Force_SendsASettingThatIsListedAlready(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := newFake("pc-1")
		billing.setInConsole("pc-1", quarterly)
		forced := change(quarterly)
		forced.Force = true
		if outcome, err := renewal.NewReader(billing).Set(t.Context(), forced); err != nil || !outcome.Sent || len(billing.sent) != 1 {
			t.Errorf("got %+v, %v", outcome, err)
		}
	})
}

func TestSet_WhileAnotherChangeRuns_WaitsUntilItsOwnTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := newFake("pc-1")
		billing.latency = time.Minute
		reader := renewal.NewReader(billing)
		go func() { _, _ = reader.Set(t.Context(), change(quarterly)) }()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := reader.Set(ctx, change(quarterly)); !errors.Is(err, renewal.ErrBusy) {
			t.Errorf("got %v", err)
		}
		if outcome, err := reader.Reset(ctx, "pc-1", product); !errors.Is(err, renewal.ErrBusy) || outcome != nil {
			t.Errorf("a reset returns %+v, %v", outcome, err)
		}
		time.Sleep(time.Hour)
	})
}

func TestRecordPlan_TellsResourcesOfOneCircuitApart(t *testing.T) {
	t.Parallel()
	reader := renewal.NewReader(newFake())
	if other, reset := reader.RecordPlan("pc-1", quarterly); other != nil || reset {
		t.Errorf("got %v, %t", other, reset)
	}
	if other, _ := reader.RecordPlan("PC-1", quarterly); other != nil {
		t.Errorf("the same setting conflicts: %v", other)
	}
	if other, _ := reader.RecordPlan("pc-1", manual); other == nil || *other != quarterly {
		t.Errorf("got %v", other)
	}
	if !reader.RecordRemoval("pc-1", true) || reader.RecordRemoval("pc-2", true) {
		t.Error("a removal does not see the other resource, or one too many")
	}
	if _, reset := reader.RecordPlan("pc-2", quarterly); !reset {
		t.Error("a plan does not see the removal")
	}
	if reader.RecordRemoval("pc-4", true) || reader.RecordRemoval("pc-4", false) {
		t.Error("a removal sees another removal as a resource")
	}
	if _, reset := reader.RecordPlan("pc-4", manual); !reset {
		t.Error("a second removal hides the first")
	}
	if reader.RecordRemoval("pc-3", false) {
		t.Error("a removal sees another resource, but there is none")
	}
	for _, id := range []string{"pc-1", "pc-3"} {
		if _, reset := reader.RecordPlan(id, manual); reset {
			t.Errorf("%s: a removal that resets nothing counts", id)
		}
	}
}

func TestSet_ChangeThatWasNotSent_IsRepeatedWithoutAnotherRead(t *testing.T) {
	t.Parallel()
	for _, failure := range []error{refused("Throttling"), notSent()} {
		synctest.Test(t, func(t *testing.T) {
			billing := newFake("pc-1")
			billing.fails["set"] = []error{failure}
			if outcome, failed := set(t, billing); failed != nil || !outcome.Verified {
				t.Errorf("got %+v, %+v", outcome, failed)
			}
			billing.wantCalls(t, "by ID", "set", "set", "by ID")
		})
	}
}
