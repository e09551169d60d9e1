package alibaba

import (
	"context"
	"errors"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/retry"
)

// retry tries a read until it is answered, refused for good, or out of tries or
// time. A read does no harm twice, so a lost answer is simply asked for again.
func (c *rpcClient) retry(ctx context.Context, call call) *apierror.Error {
	var backoff retry.Backoff
	for try := 1; ; try++ {
		failure := c.attempt(ctx, call, try)
		if failure == nil || failure.Class() == apierror.Final || call.product.refusesWith200 && failure.IsFinalRefusal() || try >= call.tries {
			return failure
		}
		if err := retry.Wait(ctx, backoff.Next()); err != nil {
			failure.Cause = errors.Join(err, failure.Cause)
			return failure
		}
	}
}
