package billing_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
)

// pricer answers after a second with the number of the question as the price.
type pricer struct {
	mu    sync.Mutex
	asked []billing.PriceQuery
	err   error
}

func (p *pricer) Price(ctx context.Context, query billing.PriceQuery) (billing.Price, error) {
	p.mu.Lock()
	p.asked = append(p.asked, query)
	n := len(p.asked)
	p.mu.Unlock()
	select {
	case <-time.After(time.Second):
	case <-ctx.Done():
		return billing.Price{}, ctx.Err()
	}
	return billing.Price{Trade: fmt.Sprint(n)}, p.err
}

var tenGigabit = billing.PriceQuery{Region: "cn-hangzhou", Spec: "10G", Period: 3, PricingCycle: "Month", OrderType: billing.PriceNewOrder}

func TestPrices_FortyOfOneKind_ShareOneQuestion(t *testing.T) {
	t.Parallel()
	for name, fails := range map[string]error{"a price": nil, "an error": errors.New("no price")} {
		synctest.Test(t, func(t *testing.T) {
			api := &pricer{err: fails}
			prices := billing.NewPrices(api)
			var wait sync.WaitGroup
			for range 40 {
				wait.Go(func() {
					if price, err := prices.Get(t.Context(), tenGigabit, 15*time.Second); !errors.Is(err, fails) || price.Trade != "1" {
						t.Errorf("%s: %v, %v", name, price, err)
					}
				})
			}
			wait.Wait()
			other := tenGigabit
			other.Spec = "1G"
			_, _ = prices.Get(t.Context(), other, 15*time.Second)
			if len(api.asked) != 2 {
				t.Errorf("%s: %d questions, want one for each kind", name, len(api.asked))
			}
		})
	}
}

func TestPrices_FreshPrice_IsReadAfterTheCallBegan(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := &pricer{}
		prices := billing.NewPrices(api)
		for want := 1; want <= 2; want++ {
			if price, err := prices.Get(t.Context(), tenGigabit, 0); err != nil || price.Trade != fmt.Sprint(want) {
				t.Errorf("%v, %v, want %d", price, err, want)
			}
			time.Sleep(time.Millisecond)
		}
		if price, _ := prices.Get(t.Context(), tenGigabit, time.Minute); price.Trade != "2" {
			t.Errorf("%v is not shared", price)
		}
	})
}

func TestPrices_CancelledCaller_DoesNotSpoilTheNextOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		prices := billing.NewPrices(&pricer{})
		short, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		if _, err := prices.Get(short, tenGigabit, time.Minute); err == nil {
			t.Error("a price before the answer")
		}
		if _, err := prices.Get(t.Context(), tenGigabit, time.Minute); err != nil {
			t.Error(err)
		}
	})
}

// Those who waited for a price that took too long do not wait as long again.
func TestPrices_SlowPrice_IsSharedByAllWhoWaited(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := &pricer{}
		prices := billing.NewPrices(api)
		slow, cancel := context.WithTimeoutCause(t.Context(), 500*time.Millisecond, billing.ErrPriceSlow)
		defer cancel()
		begun := time.Now()
		go func() { _, _ = prices.Get(slow, tenGigabit, 0) }()
		time.Sleep(100 * time.Millisecond)
		if _, err := prices.Get(t.Context(), tenGigabit, 0); err == nil || time.Since(begun) != 500*time.Millisecond || len(api.asked) != 1 {
			t.Errorf("%v after %s and %d questions", err, time.Since(begun), len(api.asked))
		}
	})
}

func TestPrices_Error_IsNotForQuestionsThatCameLater(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api := &pricer{err: errors.New("no price")}
		prices := billing.NewPrices(api)
		go func() { _, _ = prices.Get(t.Context(), tenGigabit, 0) }()
		time.Sleep(500 * time.Millisecond)
		if price, _ := prices.Get(t.Context(), tenGigabit, 0); price.Trade != "2" {
			t.Errorf("the answer is number %q, which began before the question", price.Trade)
		}
	})
}

// deafPricer ignores the end of a context, as an answer that comes at the last moment.
type deafPricer struct{ *pricer }

func (p deafPricer) Price(ctx context.Context, query billing.PriceQuery) (billing.Price, error) {
	return p.pricer.Price(context.WithoutCancel(ctx), query)
}

func TestPrices_AnswerAfterTheEndOfItsCaller_IsSharedByItsAge(t *testing.T) {
	t.Parallel()
	for name, cause := range map[string]error{"slow": billing.ErrPriceSlow, "cancelled": nil} {
		synctest.Test(t, func(t *testing.T) {
			prices := billing.NewPrices(deafPricer{&pricer{}})
			ctx, cancel := context.WithTimeoutCause(t.Context(), 500*time.Millisecond, cause)
			defer cancel()
			go func() { _, _ = prices.Get(ctx, tenGigabit, 0) }()
			time.Sleep(700 * time.Millisecond)
			if price, err := prices.Get(t.Context(), tenGigabit, time.Second); err != nil || price.Trade != "1" {
				t.Errorf("%s: %v, %v is not shared", name, price, err)
			}
			if price, err := prices.Get(t.Context(), tenGigabit, 500*time.Millisecond); err != nil || price.Trade != "2" {
				t.Errorf("%s: %v, %v is too old", name, price, err)
			}
		})
	}
}

func TestPrice_Exceeds_ComparesExactly(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		trade, limit string
		want         bool
	}{
		{"2160", "2160", false}, {"2160.00", "2160", false}, {"2160.01", "2160", true}, {"9", "10", false}, {"0.1", "0.10", false},
		{"0.30000000000000001", "0.3", true}, {"0", "0", false}, {"", "1", true}, {"x", "1", true}, {"1", "x", true},
	} {
		if got := (billing.Price{Trade: test.trade}).Exceeds(test.limit); got != test.want {
			t.Errorf("%s above %s: %t", test.trade, test.limit, got)
		}
	}
}
