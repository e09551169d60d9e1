package renewal_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/renewal"
)

// Before a forced change, billing shows the wanted setting already. That proves nothing.
func TestSet_Force_IsVerifiedOnlyByAReadAfterTheChange(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		spoil func(*fake)
		calls []string
	}{
		"not listed after the change": {func(f *fake) { f.hidden = []bool{false, true} }, []string{"by ID", "set", "by ID", "by ID"}},
		"not read after the change":   {func(f *fake) { f.fails["by ID"] = []error{nil, lost()} }, []string{"by ID", "set", "by ID", "by ID"}},
		"not sent":                    {func(f *fake) { f.fails["set"] = []error{notSent()} }, []string{"by ID", "set", "set", "by ID"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				billing, forced := newFake("pc-1"), change(quarterly)
				billing.setInConsole("pc-1", quarterly)
				test.spoil(billing)
				forced.Force = true
				if outcome, err := renewal.NewReader(billing).Set(t.Context(), forced); err != nil || !outcome.Verified || !outcome.Sent {
					t.Errorf("got %+v, %v", outcome, err)
				}
				billing.wantCalls(t, test.calls...)
			})
		})
	}
}

func TestSet_EndedContext_CallsNothing(t *testing.T) {
	t.Parallel()
	billing := newFake("pc-1")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 20 { // Go chooses at random between the lock and the end.
		if _, err := renewal.NewReader(billing).Set(ctx, change(quarterly)); err == nil {
			t.Error("no error")
		}
	}
	billing.wantCalls(t)
}

func TestSet_SettingThatAppearsAtTheEnd_IsVerified(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		billing := newFake("pc-1")
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		billing.lag = 10*time.Second - 1
		if outcome, err := renewal.NewReader(billing).Set(ctx, change(quarterly)); err != nil || !outcome.Verified {
			t.Errorf("got %+v, %v", outcome, err)
		}
	})
}

func TestSet_Failure_SaysWhetherTheChangeMayTakeEffect(t *testing.T) {
	t.Parallel()
	inASuccess := &apierror.Error{Action: "SetRenewal", Delivery: apierror.Answered, HTTPStatus: 200, Code: "InvalidParameter"}
	for name, test := range map[string]struct {
		failures []error
		sent     bool
	}{
		"lost, then refused":   {[]error{lost(), refused("InvalidParameter")}, true},
		"refused in a success": {[]error{inASuccess}, false},
		"throttled, refused":   {[]error{refused("Throttling"), refused("InvalidParameter")}, false},
		"not sent, refused":    {[]error{notSent(), refused("InvalidParameter")}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				billing := newFake("pc-1")
				billing.fails["set"] = test.failures
				_, failed := set(t, billing)
				if failed == nil || failed.Sent != test.sent || failed.Accepted || len(billing.sent) != len(test.failures) {
					t.Errorf("got %+v after %d changes", failed, len(billing.sent))
				}
			})
		})
	}
}

func TestSet_RefusedProduct_EndsAtOnceUnlessTheListMayNameAnother(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		instance renewal.Instance
		hidden   []bool
		given    renewal.Product
		code     string
		guessed  bool
	}{
		"listed without a product code": {renewal.Instance{CircuitID: "pc-1"}, nil, renewal.Product{}, "InvalidParameter", true},
		"listed, then missing":          {renewal.Instance{CircuitID: "pc-1", Product: product}, []bool{false, true, true}, renewal.Product{}, "InvalidParameter", false},
		"product of the state":          {renewal.Instance{}, []bool{true, true}, product, "NoPermission", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				billing, begun := newFake(), time.Now()
				billing.instances["pc-1"], billing.hidden = test.instance, test.hidden
				billing.fails["set"] = []error{refused(test.code)}
				_, err := renewal.NewReader(billing).Set(t.Context(), renewal.Change{CircuitID: "pc-1", Setting: quarterly, Product: test.given})
				failed := (*renewal.SetError)(nil)
				if !errors.As(err, &failed) || failed.Guessed != test.guessed || len(billing.sent) != 1 || time.Since(begun) > time.Second {
					t.Errorf("got %+v after %d changes and %s", err, len(billing.sent), time.Since(begun))
				}
			})
		})
	}
}
