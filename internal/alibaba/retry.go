package alibaba

import (
	"context"
	"errors"
	"net/http"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordering"
)

// retry tries a read until it is answered, refused for good, or out of tries or
// time. A read does no harm twice, so a lost answer is simply asked for again.
func (c *Client) retry(ctx context.Context, call call) *ordering.Failure {
	var backoff ordering.Backoff
	for try := 1; ; try++ {
		failure := c.attempt(ctx, call, try)
		if failure == nil || call.refusedForGood(failure) || try >= call.tries {
			return failure
		}
		if err := ordering.Wait(ctx, backoff.Next()); err != nil {
			failure.Cause = errors.Join(err, failure.Cause)
			return failure
		}
	}
}

// refusedForGood reports whether another try of a read would meet the same failure.
func (call call) refusedForGood(failure *ordering.Failure) bool {
	if call.product == bss && failure.Delivery == ordering.Answered && failure.Code != "" && failure.HTTPStatus < http.StatusMultipleChoices {
		// Billing is known to refuse inside a success; such a refusal is worth as much
		// as one with the status of an error.
		plain := *failure
		plain.HTTPStatus = http.StatusBadRequest
		failure = &plain
	}
	return failure.Class() == ordering.Final
}
