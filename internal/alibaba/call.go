package alibaba

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/responses"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordering"
)

// product is an API, as the SDK addresses it.
type product struct{ name, version string }

var vpc = product{"Vpc", "2016-04-28"}

// call is one operation in one region. It is tried once or several times.
type call struct {
	product  product
	action   string
	region   string
	endpoint Endpoint
	// query and body are the parameters of the operation. Empty ones are not sent.
	query, body map[string]string
	// unsigned means that a token in the body says who asks.
	unsigned bool
	// parse takes what the operation is asked for out of a success. It returns a
	// complaint when that is not in there.
	parse func(received answer) (complaint string)
	// timeout bounds one try, from the connection to the end of the answer.
	timeout time.Duration
	// tries bounds the tries of a read.
	tries int
	// secrets must not show in what comes back, beside the credentials.
	secrets []string
	// uncut says that once the request is being sent, the caller's context no
	// longer cuts it.
	uncut bool
}

// newCall addresses an operation of the VPC API. It refuses regions that cannot be
// one before they become part of a host name.
func (c *Client) newCall(action, region string) (call, *ordering.Failure) {
	region = c.regionOr(region)
	made := call{product: vpc, action: action, region: region, endpoint: c.endpointFor(region)}
	if err := checkRegion(region); err != nil {
		failure := made.failure(ordering.NotSent, err.Error())
		failure.Obstacle = ordering.ObstacleRequest
		return call{}, failure
	}
	return made, nil
}

// request returns the request of one try: the SDK leaves nonce and signature in it.
func (call call) request() *requests.RpcRequest {
	request := &requests.RpcRequest{}
	request.InitWithApiInfo(call.product.name, call.product.version, call.action, "", "")
	request.Method = requests.POST
	request.Scheme = call.endpoint.Scheme
	request.Domain = call.endpoint.Host
	request.RegionId = call.region
	// The exchange keeps the time; the SDK's own limit only has to stay out of the way.
	request.ReadTimeout = call.timeout + time.Minute
	for name, value := range call.query {
		if value != "" {
			request.QueryParams[name] = value
		}
	}
	maps.Copy(request.FormParams, call.body)
	return request
}

// attempt tries the call once, and leaves a line in the log.
func (c *Client) attempt(ctx context.Context, call call, try int) *ordering.Failure {
	received, took, failure := c.send(ctx, call)
	if failure == nil {
		if complaint := call.parse(received); complaint != "" {
			failure = call.unreadable(received, complaint)
		}
	}
	logAttempt(ctx, call, try, took, received, failure)
	return failure
}

func (c *Client) send(ctx context.Context, call call) (answer, time.Duration, *ordering.Failure) {
	if err := c.quota.wait(ctx, call.action, call.region); err != nil {
		return answer{}, 0, call.stopped(ctx)
	}
	var (
		credentials Credentials
		err         error
	)
	if !call.unsigned {
		credentials, err = c.credentials.Credentials(ctx)
	}
	// The last moment at which an order can be stopped.
	if ctx.Err() != nil {
		return answer{}, 0, call.stopped(ctx)
	}
	if err != nil {
		failure := call.failure(ordering.NotSent, clean(err.Error()))
		failure.Cause = veil(failure.Message, err)
		if !passing(err) {
			failure.Obstacle = ordering.ObstacleCredentials
		}
		return answer{}, 0, failure
	}
	sending := ctx
	if call.uncut {
		sending = context.WithoutCancel(ctx)
	}
	sending, cancel := context.WithTimeout(sending, call.timeout)
	defer cancel()

	x := &exchange{base: c.transport, ctx: sending}
	started := time.Now()
	if call.unsigned {
		c.post(sending, x, call)
	} else {
		c.through(x, call, credentials)
	}
	took := time.Since(started)
	if !x.started {
		failure := call.failure(ordering.NotSent, "the request could not be built")
		failure.Obstacle = ordering.ObstacleRequest
		return answer{}, took, failure
	}
	received, failure := call.read(x, credentials)
	return received, took, failure
}

// stopped says that the call ended before it was sent.
func (call call) stopped(ctx context.Context) *ordering.Failure {
	failure := call.failure(ordering.NotSent, "the call ended before it was sent")
	failure.Cause = ctx.Err()
	if failure.Cause == nil {
		// The quota would have been free only after the deadline.
		failure.Cause = context.DeadlineExceeded
	}
	return failure
}

// through sends one request through the SDK, which signs it. A client of the SDK
// is cheap and not safe for concurrent use, so each request has its own. Whatever
// goes wrong shows in the exchange, or in that it has not started; errors and
// panics of the SDK are dropped, for they may hold what was signed.
func (c *Client) through(x *exchange, call call, credentials Credentials) {
	defer func() { _ = recover() }()
	config := sdk.NewConfig().
		WithScheme(call.endpoint.Scheme).
		WithAutoRetry(false). // it would send an order again without asking
		WithUserAgent(c.userAgent)
	config.Transport = x
	client, err := sdk.NewClientWithOptions(call.region, config, snapshot{credentials})
	if err != nil {
		return
	}
	client.SetCloseTrace(true) // spans would hold the signed URL
	// With a transport of our own the SDK has no use for a proxy, but it still reads
	// the variables and fails on those that it does not understand, such as a
	// NO_PROXY that is no regular expression. These values keep it from looking.
	client.SetHttpProxy("http://localhost")
	client.SetHttpsProxy("http://localhost")
	client.SetNoProxy("localhost")
	_ = client.DoAction(call.request(), responses.NewCommonResponse())
}

// post sends a call that is not signed.
func (c *Client) post(ctx context.Context, x *exchange, call call) {
	form := url.Values{}
	for name, value := range call.body {
		form.Set(name, value)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, call.endpoint.String()+"/", strings.NewReader(form.Encode()))
	if err != nil {
		return
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("User-Agent", c.userAgent)
	x.perform(ctx, request)
}

// failure starts a failure of the call.
func (call call) failure(delivery ordering.Delivery, message string) *ordering.Failure {
	return &ordering.Failure{Action: call.action, Host: call.endpoint.Host, Delivery: delivery, Message: message}
}
