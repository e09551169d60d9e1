// Package rpc calls the RPC-style APIs of Alibaba Cloud: it signs a call, sends it,
// reads the answer within bounds, repeats reads, and removes secrets from errors and
// logs. It knows no operation.
package rpc

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/retry"
)

// The API allows 300 calls in 60 seconds for each operation, region and account. A
// bucket of 180 calls that refills with 2 calls per second allows at most
// 180 + 60 × 2 = 300 calls in any 60 seconds. The bucket is large because an apply reads
// the circuit of each order twice: fifty new orders must not wait here.
//
// Source: https://help.aliyun.com/zh/express-connect/developer-reference/api-vpc-2016-04-28-quota-express-connect
const (
	quotaBurst  = 180
	quotaRefill = rate.Limit(2)
)

type quotaKey struct{ action, region string }

// Client signs and sends calls. It is safe for concurrent use.
type Client struct {
	credentials credentials.Source
	userAgent   string
	transport   http.RoundTripper

	mu     sync.Mutex
	quotas map[quotaKey]*rate.Limiter
}

// New returns a client. The source may be nil if all calls are unsigned. If the
// transport is nil, the client uses one that all clients share.
func New(source credentials.Source, userAgent string, transport http.RoundTripper) *Client {
	return &Client{
		credentials: source, userAgent: headerText(userAgent), transport: cmp.Or(transport, sharedTransport()),
		quotas: map[quotaKey]*rate.Limiter{},
	}
}

// Once sends a call once. The caller decides whether to repeat it.
func (c *Client) Once(ctx context.Context, call Call) *apierror.Error {
	answer, took, failure := c.send(ctx, call)
	if failure == nil {
		if problem := call.Parse(answer); problem != "" {
			failure = call.unreadable(answer, problem)
		}
	}
	logCall(ctx, call, took, answer, failure)
	return failure
}

// Retry sends a call, which must be a read, until it succeeds, fails finally, or has used
// up its tries or ctx. It is the only place where the wire repeats a call.
func (c *Client) Retry(ctx context.Context, call Call) *apierror.Error {
	var backoff retry.Backoff
	for call.Try = 1; ; call.Try++ {
		failure := c.Once(ctx, call)
		if failure == nil || failure.Class() == apierror.Final || call.API.RefusesWith200 && failure.IsFinalRefusal() || call.Try >= call.Tries {
			return failure
		}
		if err := retry.Wait(ctx, backoff.Next()); err != nil {
			failure.Cause = errors.Join(err, failure.Cause)
			return failure
		}
	}
}

func (c *Client) send(ctx context.Context, call Call) (Answer, time.Duration, *apierror.Error) {
	if err := c.quota(call).Wait(ctx); err != nil {
		return Answer{}, 0, call.stopped(ctx)
	}
	var key credentials.Value
	var err error
	if !call.Unsigned {
		key, err = c.credentials.Credentials(ctx)
	}
	// This is the last moment at which ctx can stop an order.
	if ctx.Err() != nil {
		return Answer{}, 0, call.stopped(ctx)
	}
	if err != nil {
		failure := call.Failure(apierror.NotSent, clean(err.Error()))
		failure.Cause = opaque(failure.Message, err)
		if !credentials.IsTemporary(err) {
			failure.PermanentCause = apierror.CauseCredentials
		}
		return Answer{}, 0, failure
	}
	if call.Uncut {
		ctx = context.WithoutCancel(ctx)
	}
	ctx, cancel := context.WithTimeout(ctx, call.Timeout)
	defer cancel()
	request, err := call.request(ctx, key, c.userAgent)
	if err != nil {
		failure := call.Failure(apierror.NotSent, "the request could not be built")
		failure.PermanentCause = apierror.CauseRequest
		return Answer{}, 0, failure
	}
	started := time.Now()
	outcome := roundTrip(c.transport, request)
	answer, failure := call.read(outcome, key)
	return answer, time.Since(started), failure
}

// quota returns the limiter of the operation and region of a call, so that a large plan
// waits here and the API does not throttle it.
func (c *Client) quota(call Call) *rate.Limiter {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := quotaKey{call.Action, call.Region}
	if c.quotas[key] == nil {
		c.quotas[key] = rate.NewLimiter(quotaRefill, quotaBurst)
	}
	return c.quotas[key]
}
