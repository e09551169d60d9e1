// Package alibaba is the wire to Alibaba Cloud: it signs, sends and reads the few
// operations of the VPC API (2016-04-28) and of BssOpenApi (2017-12-14) that the
// provider needs. alibaba-cloud-sdk-go signs; this package sends, and hands every
// answer, good or bad, to the domain as a value or as an *ordering.Error.
package alibaba

import (
	"errors"
	"net/http"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
)

// Config says how the API is reached.
type Config struct {
	// Region is the region of calls that name none, for example "cn-hangzhou"; may
	// be empty.
	Region string
	// VPCEndpoint is where the VPC API is asked, as ParseEndpoint takes it; empty
	// stands for the region's own host.
	VPCEndpoint string
	// BSSEndpoint is where billing (BssOpenApi) is asked, as ParseEndpoint takes it;
	// empty stands for the host of the account's site.
	BSSEndpoint string
	// AccountType is the site of the account: AccountDomestic, AccountInternational
	// or empty, if it is to be found out.
	AccountType string
	// Credentials sign the calls.
	Credentials credentials.Source
	// UserAgent names the caller, for example
	// "Terraform/1.11.4 terraform-provider-expressconnect/0.1.0".
	UserAgent string
	// Transport carries the requests; nil stands for one that all clients share.
	Transport http.RoundTripper
}

// Client calls the VPC API and BssOpenApi. It is safe for concurrent use.
type Client struct {
	*vpcClient
	*bssClient
}

var (
	_ order.API      = (*Client)(nil)
	_ circuit.Lister = (*Client)(nil)
	_ billing.Client = (*Client)(nil)
)

// New returns a client. It makes no network call. Its errors are about one field of
// config each and fit for the user.
func New(config Config) (*Client, error) {
	if config.Credentials == nil {
		return nil, errors.New("there are no credentials")
	}
	if err := credentials.Check(config.Credentials); err != nil {
		return nil, err
	}
	api := newRPCClient(config.Credentials, config.UserAgent, config.Transport)
	circuits, err := newVPCClient(api, config.Region, config.VPCEndpoint)
	if err != nil {
		return nil, err
	}
	billing, err := newBSSClient(api, config.Region, config.BSSEndpoint, config.AccountType)
	if err != nil {
		return nil, err
	}
	return &Client{circuits, billing}, nil
}
