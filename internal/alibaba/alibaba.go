// Package alibaba calls the APIs of Alibaba Cloud for the provider: the VPC API for
// circuits and orders, and BssOpenApi for billing.
package alibaba

import (
	"errors"
	"net/http"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/bss"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/vpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/renewal"
)

// Config is the configuration of a Client.
type Config struct {
	// Region is the default region, for example "cn-hangzhou"; may be empty.
	Region string
	// VPCEndpoint and BSSEndpoint are endpoints in the form of rpc.ParseEndpoint. If
	// they are empty, the client uses the public hosts.
	VPCEndpoint, BSSEndpoint string
	// AccountType is the site of the account: bss.AccountDomestic,
	// bss.AccountInternational, or empty if the client has to find it out.
	AccountType string
	// Credentials sign the calls.
	Credentials credentials.Source
	// UserAgent names the caller, for example
	// "Terraform/1.11.4 terraform-provider-expressconnect/0.1.0".
	UserAgent string
	// Transport carries the requests; nil means one transport for all clients.
	Transport http.RoundTripper
}

// Client calls the VPC API and BssOpenApi. It is safe for concurrent use.
type Client struct {
	*vpcClient
	*bssClient
}

// Aliases give the embedded clients different names.
type (
	vpcClient = vpc.Client
	bssClient = bss.Client
)

var (
	_ order.API      = (*Client)(nil)
	_ circuit.Lister = (*Client)(nil)
	_ billing.Client = (*Client)(nil)
	_ billing.Pricer = (*Client)(nil)
	_ renewal.Client = (*Client)(nil)
)

// New returns a client. It makes no network call. Each error is about one field of
// config.
func New(config Config) (*Client, error) {
	if config.Credentials == nil {
		return nil, errors.New("there are no credentials")
	}
	if err := credentials.Check(config.Credentials); err != nil {
		return nil, err
	}
	api := rpc.New(config.Credentials, config.UserAgent, config.Transport)
	circuits, err := vpc.New(api, config.Region, config.VPCEndpoint)
	if err != nil {
		return nil, err
	}
	orders, err := bss.New(api, config.Region, config.BSSEndpoint, config.AccountType)
	if err != nil {
		return nil, err
	}
	return &Client{circuits, orders}, nil
}
