package alibaba

import (
	"cmp"
	"fmt"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
)

var vpc = product{name: "Vpc", version: "2016-04-28"}

// vpcClient calls the VPC API. It is safe for concurrent use.
type vpcClient struct {
	api      *rpcClient
	region   string
	endpoint Endpoint // the zero value stands for the region's own host
	sends    tally
}

func newVPCClient(api *rpcClient, region, endpoint string) (*vpcClient, error) {
	client := &vpcClient{api: api, region: region}
	if region != "" {
		if err := checkRegion(region); err != nil {
			return nil, err
		}
	}
	if endpoint != "" {
		parsed, err := ParseEndpoint(endpoint)
		if err != nil {
			return nil, fmt.Errorf("the VPC endpoint is not valid: %w", err)
		}
		client.endpoint = parsed
	}
	return client, nil
}

// Host returns the host, with the port if it is not the default one, that is asked
// for circuits and orders of a region; an empty region stands for the client's own.
func (c *vpcClient) Host(region string) string {
	return c.endpointFor(cmp.Or(region, c.region)).Host
}

func (c *vpcClient) endpointFor(region string) Endpoint {
	if c.endpoint != (Endpoint{}) {
		return c.endpoint
	}
	return httpsEndpoint(vpcHost(region))
}

// newCall addresses an operation of the VPC API. It refuses regions that cannot be
// one before they become part of a host name.
func (c *vpcClient) newCall(action, region string) (call, *apierror.Error) {
	region = cmp.Or(region, c.region)
	made := call{product: vpc, action: action, region: region, endpoint: c.endpointFor(region)}
	if err := checkRegion(region); err != nil {
		failure := made.failure(apierror.NotSent, err.Error())
		failure.PermanentCause = apierror.CauseRequest
		return call{}, failure
	}
	return made, nil
}
