package rpc

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth"
	sdkcredentials "github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
)

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

// stopped returns the error of a call that ended before it was sent.
func (call Call) stopped(ctx context.Context) *apierror.Error {
	failure := call.Failure(apierror.NotSent, "the call ended before it was sent")
	// If ctx has not ended, the quota allows the call only after the deadline of ctx.
	failure.Cause = cmp.Or(ctx.Err(), context.DeadlineExceeded)
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
