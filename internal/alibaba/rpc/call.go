package rpc

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"time"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth"
	sdkcredentials "github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
)

// product is an API, as the SDK addresses it.
type API struct {
	Name, Version string
	// refusesWith200 means that a refusal may come with HTTP 200. Then a code that is
	// not one of success is a refusal, whatever the field Success holds.
	RefusesWith200 bool
}

const (
	// answerTimeout bounds a call that changes something and is on the wire: nothing else
	// ends it but its answer. A slow API needs the time, because an order request that
	// is given up leaves an order in doubt.
	AnswerTimeout = 30 * time.Second
	// readTimeout bounds one try of a read.
	ReadTimeout = 15 * time.Second
)

// anyRegion is the region in calls of APIs that have no regions.
const AnyRegion = "cn-hangzhou"

// call is one operation in one region. It is tried once or several times.
type Call struct {
	API      API
	Action   string
	Region   string
	Endpoint Endpoint
	// query and body are the parameters of the operation. Empty ones are not sent.
	Query, Body map[string]string
	// unsigned means that a token in the body says who asks.
	Unsigned bool
	// parse takes what the operation is asked for out of a success. It returns a
	// complaint when that is not in there.
	Parse func(received Answer) (complaint string)
	// effect returns the order that the body of a refusal names, for example "the order
	// 123", empty if it names none; may be nil.
	Effect func(body []byte) string
	// timeout bounds one try, from the connection to the end of the answer.
	Timeout time.Duration
	// tries bounds the tries of a read.
	Tries int
	// secrets must not show in what comes back, beside the credentials.
	Secrets []string
	// uncut says that once the request is being sent, the caller's context no
	// longer cuts it.
	Uncut bool
}

// request returns the request of one try. The SDK signs it, with a nonce and a time of
// its own.
func (c *Client) request(ctx context.Context, call Call, key credentials.Value) (*http.Request, error) {
	signed := &requests.RpcRequest{}
	signed.InitWithApiInfo(call.API.Name, call.API.Version, call.Action, "", "")
	signed.Scheme, signed.Domain = call.Endpoint.Scheme, call.Endpoint.Host
	signed.Headers["x-sdk-core-version"] = sdk.Version
	signed.Headers["User-Agent"] = sdk.DefaultUserAgent + " Extra/" + c.userAgent
	signed.SetContentType(requests.Form)
	for name, value := range call.Query {
		if value != "" {
			signed.QueryParams[name] = value
		}
	}
	maps.Copy(signed.FormParams, call.Body)
	if !call.Unsigned {
		if err := auth.Sign(signed, nil, call.Region, snapshot{key}); err != nil {
			return nil, err
		}
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

// attempt tries the call once, and leaves a line in the log.
func (c *Client) Attempt(ctx context.Context, call Call, try int) *apierror.Error {
	received, took, failure := c.send(ctx, call)
	if failure == nil {
		if complaint := call.Parse(received); complaint != "" {
			failure = call.unreadable(received, complaint)
		}
	}
	logAttempt(ctx, call, try, took, received, failure)
	return failure
}

func (c *Client) send(ctx context.Context, call Call) (Answer, time.Duration, *apierror.Error) {
	if err := c.quota.wait(ctx, call.Action, call.Region); err != nil {
		return Answer{}, 0, call.stopped(ctx)
	}
	var (
		key credentials.Value
		err error
	)
	if !call.Unsigned {
		key, err = c.credentials.Credentials(ctx)
	}
	// The last moment at which an order can be stopped.
	if ctx.Err() != nil {
		return Answer{}, 0, call.stopped(ctx)
	}
	if err != nil {
		failure := call.Failure(apierror.NotSent, Clean(err.Error()))
		failure.Cause = opaque(failure.Message, err)
		if !credentials.IsTemporary(err) {
			failure.PermanentCause = apierror.CauseCredentials
		}
		return Answer{}, 0, failure
	}
	sending := ctx
	if call.Uncut {
		sending = context.WithoutCancel(ctx)
	}
	sending, cancel := context.WithTimeout(sending, call.Timeout)
	defer cancel()

	request, err := c.request(sending, call, key)
	if err != nil {
		failure := call.Failure(apierror.NotSent, "the request could not be built")
		failure.PermanentCause = apierror.CauseRequest
		return Answer{}, 0, failure
	}
	x := &roundTrip{base: c.transport}
	started := time.Now()
	x.perform(request)
	received, failure := call.read(x, key)
	return received, time.Since(started), failure
}

// stopped says that the call ended before it was sent.
func (call Call) stopped(ctx context.Context) *apierror.Error {
	failure := call.Failure(apierror.NotSent, "the call ended before it was sent")
	// A ctx that has not ended: the quota would be free only after its deadline.
	failure.Cause = cmp.Or(ctx.Err(), context.DeadlineExceeded)
	return failure
}

// failure starts a failure of the call.
func (call Call) Failure(delivery apierror.Delivery, message string) *apierror.Error {
	return &apierror.Error{Action: call.Action, Host: call.Endpoint.Host, Delivery: delivery, Message: message}
}

// snapshot hands credentials to the SDK.
type snapshot struct{ key credentials.Value }

// GetCredentials implements the SDK's CredentialsProvider.
func (s snapshot) GetCredentials() (*sdkcredentials.Credentials, error) {
	return &sdkcredentials.Credentials{
		AccessKeyId:     s.key.AccessKeyID,
		AccessKeySecret: s.key.AccessKeySecret,
		SecurityToken:   s.key.SecurityToken,
		ProviderName:    s.GetProviderName(),
	}, nil
}

// GetProviderName implements the SDK's CredentialsProvider.
func (s snapshot) GetProviderName() string { return headerText(s.key.ProviderName) }
