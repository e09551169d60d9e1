package rpc

import (
	"context"
	"sync"

	"golang.org/x/time/rate"
)

// The API admits 300 calls in 60 seconds for each operation, region and account. A
// bucket of 180 calls that refills with 2 a second passes at most 180 + 60 × 2 = 300
// calls in any 60 seconds, wherever they begin. It is that large because an order
// reads its circuit twice in an apply: fifty new ones must not wait here.
//
// Source: https://help.aliyun.com/zh/express-connect/developer-reference/api-vpc-2016-04-28-quota-express-connect
const (
	quotaBurst  = 180
	quotaRefill = rate.Limit(2)
)

// quota keeps the calls within what the API admits, so that a large plan waits
// here, in order, instead of being throttled there. The zero value is ready to use.
type quota struct {
	mu       sync.Mutex
	limiters map[quotaKey]*rate.Limiter
}

type quotaKey struct{ action, region string }

// wait waits until a call may be sent. It returns an error if ctx ends before.
func (q *quota) wait(ctx context.Context, action, region string) error {
	return q.limiter(quotaKey{action, region}).Wait(ctx)
}

func (q *quota) limiter(key quotaKey) *rate.Limiter {
	q.mu.Lock()
	defer q.mu.Unlock()
	limiter, ok := q.limiters[key]
	if !ok {
		if q.limiters == nil {
			q.limiters = map[quotaKey]*rate.Limiter{}
		}
		limiter = rate.NewLimiter(quotaRefill, quotaBurst)
		q.limiters[key] = limiter
	}
	return limiter
}
