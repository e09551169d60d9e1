package vpc

import (
	"cmp"
	"fmt"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
)

var api = rpc.API{Name: "Vpc", Version: "2016-04-28"}

// vpcClient calls the VPC API. It is safe for concurrent use.
type Client struct {
	rpc      *rpc.Client
	region   string
	endpoint rpc.Endpoint // the zero value stands for the region's own host
	sends    tally
}

func New(api *rpc.Client, region, endpoint string) (*Client, error) {
	client := &Client{rpc: api, region: region}
	if region != "" {
		if err := rpc.CheckRegion(region); err != nil {
			return nil, err
		}
	}
	if endpoint != "" {
		parsed, err := rpc.ParseEndpoint(endpoint)
		if err != nil {
			return nil, fmt.Errorf("the VPC endpoint is not valid: %w", err)
		}
		client.endpoint = parsed
	}
	return client, nil
}

// Host returns the host, with the port if it is not the default one, that is asked
// for circuits and orders of a region; an empty region stands for the client's own.
func (c *Client) Host(region string) string {
	return c.endpointFor(cmp.Or(region, c.region)).Host
}

func (c *Client) endpointFor(region string) rpc.Endpoint {
	if c.endpoint != (rpc.Endpoint{}) {
		return c.endpoint
	}
	return rpc.HTTPS(vpcHost(region))
}

// newCall addresses an operation of the VPC API. It refuses regions that cannot be
// one before they become part of a host name.
func (c *Client) newCall(action, region string) (rpc.Call, *apierror.Error) {
	region = cmp.Or(region, c.region)
	made := rpc.Call{API: api, Action: action, Region: region, Endpoint: c.endpointFor(region)}
	if err := rpc.CheckRegion(region); err != nil {
		failure := made.Failure(apierror.NotSent, err.Error())
		failure.PermanentCause = apierror.CauseRequest
		return rpc.Call{}, failure
	}
	return made, nil
}
