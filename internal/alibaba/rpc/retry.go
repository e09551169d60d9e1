package rpc

import (
	"context"
	"errors"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/retry"
)

// retry tries a read until it is answered, refused for good, or out of tries or
// time. A read does no harm twice, so a lost answer is simply asked for again.
func (c *Client) Retry(ctx context.Context, call Call) *apierror.Error {
	var backoff retry.Backoff
	for try := 1; ; try++ {
		failure := c.Attempt(ctx, call, try)
		if failure == nil || failure.Class() == apierror.Final || call.API.RefusesWith200 && failure.IsFinalRefusal() || try >= call.Tries {
			return failure
		}
		if err := retry.Wait(ctx, backoff.Next()); err != nil {
			failure.Cause = errors.Join(err, failure.Cause)
			return failure
		}
	}
}
