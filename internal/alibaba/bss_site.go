package alibaba

import (
	"cmp"
	"context"
	"fmt"
	"sync/atomic"

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

var bss = product{name: "BssOpenApi", version: "2017-12-14", refusesWith200: true}

// bssClient calls BssOpenApi. It is safe for concurrent use.
type bssClient struct {
	api     *rpcClient
	region  string
	billing billingSite
}

func newBSSClient(api *rpcClient, region, endpoint, accountType string) (*bssClient, error) {
	client := &bssClient{api: api, region: region}
	if err := client.billing.choose(endpoint, accountType); err != nil {
		return nil, err
	}
	return client, nil
}

// billingSite is where billing is asked.
type billingSite struct {
	endpoint Endpoint // the zero value stands for the site's own host
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
	parsed, err := ParseEndpoint(endpoint)
	if err != nil {
		return fmt.Errorf("the BssOpenApi endpoint is not valid: %w", err)
	}
	s.endpoint, s.unknown = parsed, false
	return nil
}

func (s *billingSite) present() Endpoint {
	switch {
	case s.endpoint != (Endpoint{}):
		return s.endpoint
	case s.international.Load():
		return httpsEndpoint(hostInternational)
	default:
		return httpsEndpoint(hostDomestic)
	}
}

// newBillingCall addresses an operation of BssOpenApi.
func (c *bssClient) newBillingCall(action string) call {
	return call{product: bss, action: action, region: cmp.Or(c.region, anyRegion), endpoint: c.billing.present()}
}

// newCallOnOrder addresses an operation on one order. It refuses what is no order
// ID before anybody is asked to read or cancel something else.
func (c *bssClient) newCallOnOrder(action, orderID string) (call, *apierror.Error) {
	made := c.newBillingCall(action)
	if !isOrderID(orderID) {
		failure := made.failure(apierror.NotSent, "this is not an order ID")
		failure.PermanentCause = apierror.CauseRequest
		return call{}, failure
	}
	made.query = map[string]string{"OrderId": orderID}
	return made, nil
}

// atSite carries out a call at the site of the account. If the site is not known
// and the domestic one says that the account is not one of its own, the other is
// asked, once, and kept. Such an answer is a refusal without effect, so that an
// operation that is sent once is still carried out once at most.
func (c *bssClient) atSite(ctx context.Context, call call, carryOut func(context.Context, call) *apierror.Error) *apierror.Error {
	failure := carryOut(ctx, call)
	if !c.billing.unknown || call.endpoint.Host != hostDomestic || !notApplicable(failure) {
		return failure
	}
	call.endpoint.Host = hostInternational
	failure = carryOut(ctx, call)
	if failure == nil || failure.Delivery == apierror.Answered && !notApplicable(failure) {
		c.billing.international.Store(true)
	}
	return failure
}

func notApplicable(failure *apierror.Error) bool {
	return failure != nil && failure.Delivery == apierror.Answered && failure.Code == codeNotApplicable
}
