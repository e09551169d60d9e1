// Package alibaba is the wire to Alibaba Cloud: it signs, sends and reads the few
// operations of the VPC API (2016-04-28) and of BssOpenApi (2017-12-14) that the
// provider needs. alibaba-cloud-sdk-go signs; this package sends, and hands every
// answer, good or bad, to the domain as a value or as an *ordering.Error.
package alibaba

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"strings"

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
	Credentials CredentialsSource
	// UserAgent names the caller, for example
	// "Terraform/1.11.4 terraform-provider-expressconnect/0.1.0".
	UserAgent string
	// Transport carries the requests; nil stands for one that all clients share.
	Transport http.RoundTripper
}

// Client asks the API. It is safe for concurrent use.
type Client struct {
	region      string
	endpoint    Endpoint // the zero value stands for the region's own host
	billing     billingSite
	credentials CredentialsSource
	userAgent   string
	transport   http.RoundTripper
	quota       quota
	sends       tally
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
	if static, ok := config.Credentials.(staticSource); ok && static.err != nil {
		return nil, static.err
	}
	client := &Client{
		region:      config.Region,
		credentials: config.Credentials,
		userAgent:   headerText(config.UserAgent),
		transport:   cmp.Or(config.Transport, sharedTransport()),
	}
	if config.Region != "" {
		if err := checkRegion(config.Region); err != nil {
			return nil, err
		}
	}
	if config.VPCEndpoint != "" {
		endpoint, err := ParseEndpoint(config.VPCEndpoint)
		if err != nil {
			return nil, fmt.Errorf("the VPC endpoint is not valid: %w", err)
		}
		client.endpoint = endpoint
	}
	if err := client.billing.choose(config.BSSEndpoint, config.AccountType); err != nil {
		return nil, err
	}
	return client, nil
}

// Host returns the host, with the port if it is not the default one, that is asked
// for circuits and orders of a region; an empty region stands for the client's own.
func (c *Client) Host(region string) string {
	return c.endpointFor(cmp.Or(region, c.region)).Host
}

func (c *Client) endpointFor(region string) Endpoint {
	if c.endpoint != (Endpoint{}) {
		return c.endpoint
	}
	return Endpoint{Scheme: schemeHTTPS, Host: vpcHost(region)}
}

// headerText makes text fit for a header: one line of printable ASCII.
func headerText(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return ' '
		}
		return r
	}, text))
}
