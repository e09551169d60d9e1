package bss

import (
	"cmp"
	"context"
	"fmt"
	"sync/atomic"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
)

// Sites of accounts. Billing is asked at the site of the account, wherever its
// circuits are.
const (
	AccountDomestic      = "Domestic"
	AccountInternational = "International"
)

// AccountTypes returns the sites.
func AccountTypes() []string { return []string{AccountDomestic, AccountInternational} }

const (
	hostDomestic      = "business.aliyuncs.com"
	hostInternational = "business.ap-southeast-1.aliyuncs.com"
	// codeNotApplicable answers an account of the other site.
	codeNotApplicable = "NotApplicable"
)

var api = rpc.API{Name: "BssOpenApi", Version: "2017-12-14", RefusesWith200: true}

// bssClient calls BssOpenApi. It is safe for concurrent use.
type Client struct {
	rpc    *rpc.Client
	region string
	site   billingSite
}

func New(api *rpc.Client, region, endpoint, accountType string) (*Client, error) {
	client := &Client{rpc: api, region: region}
	if err := client.site.choose(endpoint, accountType); err != nil {
		return nil, err
	}
	return client, nil
}

// billingSite is where billing is asked.
type billingSite struct {
	endpoint rpc.Endpoint // the zero value stands for the site's own host
	// unknown says that the site has to be found out, beginning with the domestic one.
	unknown       bool
	international atomic.Bool
}

// choose sets the site as configured.
func (s *billingSite) choose(endpoint, accountType string) error {
	switch accountType {
	case "":
		s.unknown = true
	case AccountDomestic:
	case AccountInternational:
		s.international.Store(true)
	default:
		return fmt.Errorf("the account type is %s or %s", AccountDomestic, AccountInternational)
	}
	if endpoint == "" {
		return nil
	}
	parsed, err := rpc.ParseEndpoint(endpoint)
	if err != nil {
		return fmt.Errorf("the BssOpenApi endpoint is not valid: %w", err)
	}
	s.endpoint, s.unknown = parsed, false
	return nil
}

func (s *billingSite) present() rpc.Endpoint {
	switch {
	case s.endpoint != (rpc.Endpoint{}):
		return s.endpoint
	case s.international.Load():
		return rpc.HTTPS(hostInternational)
	default:
		return rpc.HTTPS(hostDomestic)
	}
}

// newBillingCall addresses an operation of BssOpenApi.
func (c *Client) newBillingCall(action string) rpc.Call {
	return rpc.Call{API: api, Action: action, Region: cmp.Or(c.region, rpc.AnyRegion), Endpoint: c.site.present()}
}

// newCallOnOrder addresses an operation on one order. It refuses what is no order
// ID before anybody is asked to read or cancel something else.
func (c *Client) newCallOnOrder(action, orderID string) (rpc.Call, *apierror.Error) {
	made := c.newBillingCall(action)
	if !rpc.IsID(orderID) {
		failure := made.Failure(apierror.NotSent, "this is not an order ID")
		failure.PermanentCause = apierror.CauseRequest
		return rpc.Call{}, failure
	}
	made.Query = map[string]string{"OrderId": orderID}
	return made, nil
}

// atSite carries out a call at the site of the account. If the site is not known
// and the domestic one says that the account is not one of its own, the other is
// asked, once, and kept. Such an answer is a refusal without effect, so that an
// operation that is sent once is still carried out once at most.
func (c *Client) atSite(ctx context.Context, call rpc.Call, carryOut func(context.Context, rpc.Call) *apierror.Error) *apierror.Error {
	failure := carryOut(ctx, call)
	if !c.site.unknown || call.Endpoint.Host != hostDomestic || !notApplicable(failure) {
		return failure
	}
	call.Endpoint.Host = hostInternational
	failure = carryOut(ctx, call)
	if failure == nil || failure.Delivery == apierror.Answered && !notApplicable(failure) {
		c.site.international.Store(true)
	}
	return failure
}

func notApplicable(failure *apierror.Error) bool {
	return failure != nil && failure.Delivery == apierror.Answered && failure.Code == codeNotApplicable
}
