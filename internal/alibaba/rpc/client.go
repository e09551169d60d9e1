// Package rpc calls the RPC-style APIs of Alibaba Cloud: it signs a call, sends it,
// reads the answer within bounds, repeats reads, and removes secrets from errors and
// logs. It knows no operation.
package rpc

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth"
	sdkcredentials "github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
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
	var last *apierror.Error
	for call.Try = 1; ; call.Try++ {
		failure := c.Once(ctx, call)
		if last != nil && failure != nil && errors.Is(failure.Cause, errNotBegun) {
			last.Cause = errors.Join(failure.Cause, last.Cause)
			return last // It says more than that the next try was not sent.
		}
		last = failure
		if failure == nil || failure.Class() == apierror.Final || call.API.RefusesWith200 && failure.IsFinalRefusal() || call.Try >= call.Tries {
			return failure
		}
		if err := retry.Wait(ctx, backoff.Next()); err != nil {
			failure.Cause = errors.Join(err, failure.Cause)
			return failure
		}
	}
}

func (c *Client) send(ctx context.Context, call Call) (answer Answer, took time.Duration, failure *apierror.Error) {
	if err := c.quota(call).Wait(ctx); err != nil {
		return answer, took, call.stopped(ctx)
	}
	var key credentials.Value
	var err error
	if !call.Unsigned {
		key, err = c.credentials.Credentials(ctx)
	}
	// This is the last moment at which ctx can stop an order.
	if ctx.Err() != nil {
		return answer, took, call.stopped(ctx)
	}
	if err != nil {
		failure = call.Failure(apierror.NotSent, clean(err.Error()))
		failure.Cause = opaque(failure.Message, err)
		if !credentials.IsTemporary(err) {
			failure.PermanentCause = apierror.CauseCredentials
		}
		return answer, took, failure
	}
	if call.Uncut {
		ctx = context.WithoutCancel(ctx)
	}
	ctx, cancel := context.WithTimeout(ctx, call.Timeout)
	defer cancel()
	request, err := call.request(ctx, key, c.userAgent)
	if err != nil {
		failure = call.Failure(apierror.NotSent, "the request could not be built")
		failure.PermanentCause = apierror.CauseRequest
		return answer, took, failure
	}
	secrets := append([]string{key.AccessKeySecret, key.SecurityToken, key.AccessKeyID, request.URL.Query().Get("Signature")}, call.Secrets...)
	started := time.Now()
	outcome := roundTrip(c.transport, request)
	answer, failure = call.read(outcome, secrets)
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

const (
	// AnswerTimeout is the Timeout of a call that changes something. It is long, because
	// an order request that is given up leaves an order in doubt.
	AnswerTimeout = 30 * time.Second
	// ReadTimeout is the Timeout of a read.
	ReadTimeout = 15 * time.Second
	// AnyRegion is the region in calls of APIs that have no regions.
	AnyRegion = "cn-hangzhou"
)

// API is a product and version, for example Vpc 2016-04-28.
type API struct {
	Name, Version string
	// RefusesWith200 means that a refusal may have the status HTTP 200. Then a Code that
	// is no success code is a refusal, even if Success is true.
	RefusesWith200 bool
}

// Call is one operation in one region.
type Call struct {
	API      API
	Action   string
	Region   string
	Endpoint Endpoint
	// Query and Body are the parameters of the operation. Empty ones in Query are not sent.
	Query, Body map[string]string
	// Unsigned means that a token in Body proves the identity.
	Unsigned bool
	// Parse reads a success. It returns what is wrong with the answer, empty if nothing.
	Parse func(answer Answer) (problem string)
	// Effect returns the order that a refusal names, for example "the order 123", empty
	// if it names none; may be nil.
	Effect func(body []byte) string
	// Timeout bounds one try, from the connection to the end of the answer.
	Timeout time.Duration
	// Tries is the maximum number of tries of a read. Try is the number in the log.
	Tries, Try int
	// Secrets must not appear in errors, in addition to the credentials.
	Secrets []string
	// Uncut means that the end of ctx does not stop the call after it is sent.
	Uncut bool
}

// request returns the request of one try. The SDK signs it with a new nonce and time.
func (call Call) request(ctx context.Context, key credentials.Value, userAgent string) (*http.Request, error) {
	signed := &requests.RpcRequest{}
	signed.InitWithApiInfo(call.API.Name, call.API.Version, call.Action, "", "")
	signed.Scheme, signed.Domain = call.Endpoint.Scheme, call.Endpoint.Host
	signed.Headers["x-sdk-core-version"] = sdk.Version
	signed.Headers["User-Agent"] = sdk.DefaultUserAgent + " Extra/" + userAgent
	signed.SetContentType(requests.Form)
	for name, value := range call.Query {
		if value != "" {
			signed.QueryParams[name] = value
		}
	}
	maps.Copy(signed.FormParams, call.Body)
	if !call.Unsigned {
		signer := sdkcredentials.NewStaticSTSCredentialsProvider(key.AccessKeyID, key.AccessKeySecret, key.SecurityToken)
		if err := auth.Sign(signed, nil, call.Region, signer); err != nil {
			return nil, err
		}
		signed.Headers["x-acs-credentials-provider"] = headerText(key.ProviderName)
	}
	request, err := http.NewRequestWithContext(ctx, signed.Method, signed.BuildUrl(), signed.GetBodyReader())
	if err != nil {
		return nil, err
	}
	for name, value := range signed.Headers {
		request.Header.Set(name, value)
	}
	return request, nil
}

// Failure returns a new error of the call.
func (call Call) Failure(delivery apierror.Delivery, message string) *apierror.Error {
	return &apierror.Error{Action: call.Action, Host: call.Endpoint.Host, Delivery: delivery, Message: message}
}

var errNotBegun = errors.New("the call ended before it was sent")

// stopped returns the error of a call that ended before it was sent.
func (call Call) stopped(ctx context.Context) *apierror.Error {
	failure := call.Failure(apierror.NotSent, errNotBegun.Error())
	// If ctx has not ended, the quota allows the call only after the deadline of ctx.
	failure.Cause = errors.Join(errNotBegun, cmp.Or(ctx.Err(), context.DeadlineExceeded))
	return failure
}

// Unanswered returns the error of a call that was sent, if ctx ended before its answer came.
func (call Call) Unanswered(ctx context.Context) *apierror.Error {
	result := result{host: call.Endpoint.Host}
	failure := call.Failure(apierror.ResponseLost, result.lost(ctx.Err()))
	failure.Cause = ctx.Err()
	return failure
}

// headerText returns text as one line of printable ASCII, for a header.
func headerText(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return ' '
		}
		return r
	}, text))
}
