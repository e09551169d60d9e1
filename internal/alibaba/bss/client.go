// Package bss calls BssOpenApi (2017-12-14), the billing API: it reads, lists and cancels
// orders.
package bss

import (
	"cmp"
	"context"
	"fmt"
	"sync/atomic"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
)

// Sites of accounts. Each site has its own billing host for all regions.
const (
	AccountDomestic      = "Domestic"
	AccountInternational = "International"
)

// AccountTypes returns the sites.
func AccountTypes() []string { return []string{AccountDomestic, AccountInternational} }

const (
	hostDomestic      = "business.aliyuncs.com"
	hostInternational = "business.ap-southeast-1.aliyuncs.com"
	// codeNotApplicable means that the account belongs to the other site.
	codeNotApplicable = "NotApplicable"
)

var api = rpc.API{Name: "BssOpenApi", Version: "2017-12-14", RefusesWith200: true}

// Client calls BssOpenApi. It is safe for concurrent use.
type Client struct {
	rpc      *rpc.Client
	region   string
	endpoint rpc.Endpoint // The zero value means the public host of the site.
	// unknownSite means that the client has to find out the site of the account. It tries
	// the domestic site first.
	unknownSite   bool
	international atomic.Bool
}

// New returns a client. The region signs the calls and may be empty. If the endpoint is
// empty, the client uses the host of the account's site. If the account type is empty, it
// finds out the site.
func New(client *rpc.Client, region, endpoint, accountType string) (*Client, error) {
	c := &Client{rpc: client, region: cmp.Or(region, rpc.AnyRegion)}
	switch accountType {
	case "":
		c.unknownSite = endpoint == ""
	case AccountDomestic:
	case AccountInternational:
		c.international.Store(true)
	default:
		return nil, fmt.Errorf("the account type is not %s or %s", AccountDomestic, AccountInternational)
	}
	if endpoint != "" {
		parsed, err := rpc.ParseEndpoint(endpoint)
		if err != nil {
			return nil, fmt.Errorf("the BssOpenApi endpoint is not valid: %w", err)
		}
		c.endpoint = parsed
	}
	return c, nil
}

// newCall returns a call of BssOpenApi.
func (c *Client) newCall(action string) rpc.Call {
	endpoint := c.endpoint
	switch {
	case endpoint != rpc.Endpoint{}:
	case c.international.Load():
		endpoint = rpc.HTTPS(hostInternational)
	default:
		endpoint = rpc.HTTPS(hostDomestic)
	}
	return rpc.Call{API: api, Action: action, Region: c.region, Endpoint: endpoint}
}

// newCallOnOrder returns a call about one order. It refuses a text that is no order ID, so
// that the API does not read or cancel something else.
func (c *Client) newCallOnOrder(action, orderID string) (rpc.Call, *apierror.Error) {
	call := c.newCall(action)
	if !rpc.IsID(orderID) {
		failure := call.Failure(apierror.NotSent, "this is not an order ID")
		failure.PermanentCause = apierror.CauseRequest
		return rpc.Call{}, failure
	}
	call.Query = map[string]string{"OrderId": orderID}
	return call, nil
}

// atSite runs a call at the site of the account. If the site is unknown and the domestic
// site refuses the account, it runs the call at the other site and keeps that site. The
// refusal has no effect, so a cancellation still runs at most once.
func (c *Client) atSite(ctx context.Context, call rpc.Call, run func(context.Context, rpc.Call) *apierror.Error) *apierror.Error {
	failure := run(ctx, call)
	if !c.unknownSite || call.Endpoint.Host != hostDomestic || !isNotApplicable(failure) {
		return failure
	}
	call.Endpoint.Host = hostInternational
	failure = run(ctx, call)
	if failure == nil || failure.Delivery == apierror.Answered && !isNotApplicable(failure) {
		c.international.Store(true)
	}
	return failure
}

func isNotApplicable(failure *apierror.Error) bool {
	return failure != nil && failure.Code == codeNotApplicable
}
