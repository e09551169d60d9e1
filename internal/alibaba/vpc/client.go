// Package vpc calls the VPC API (2016-04-28): it reads and lists circuits, and sends
// the order requests for them.
package vpc

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
)

var api = rpc.API{Name: "Vpc", Version: "2016-04-28"}

// Client calls the VPC API. It is safe for concurrent use.
type Client struct {
	rpc      *rpc.Client
	region   string
	endpoint rpc.Endpoint // The zero value means the public host of the region.

	mu    sync.Mutex
	sends map[orderKey]int // for the log
}

// New returns a client. The region is the default region and may be empty. If the
// endpoint is empty, the client uses the public host of each region.
func New(client *rpc.Client, region, endpoint string) (*Client, error) {
	c := &Client{rpc: client, region: region, sends: map[orderKey]int{}}
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
		c.endpoint = parsed
	}
	return c, nil
}

// Host returns the host for circuits and orders of a region, with the port if it is not
// the default port. An empty region means the default region.
func (c *Client) Host(region string) string {
	return c.endpointFor(cmp.Or(region, c.region)).Host
}

func (c *Client) endpointFor(region string) rpc.Endpoint {
	switch {
	case c.endpoint != rpc.Endpoint{}:
		return c.endpoint
	case slices.Contains(centralRegions, region):
		return rpc.HTTPS("vpc.aliyuncs.com")
	case region == "cn-zhangjiakou-na62-a01":
		return rpc.HTTPS("vpc.cn-zhangjiakou.aliyuncs.com")
	default:
		return rpc.HTTPS("vpc." + region + ".aliyuncs.com")
	}
}

// centralRegions share the central host. Source: alibaba-cloud-sdk-go, services/vpc.
var centralRegions = strings.Fields(`
	ap-northeast-2-pop cn-beijing-finance-pop cn-beijing-gov-1 cn-beijing-nu16-b01 cn-fujian cn-haidian-cm12-c01
	cn-hangzhou cn-hangzhou-bj-b01 cn-hangzhou-finance cn-hangzhou-internal-prod-1 cn-hongkong-finance-pop
	cn-north-2-gov-1 cn-shanghai-et2-b01 cn-shanghai-finance-1 cn-shanghai-inner cn-shenzhen-finance-1
	cn-shenzhen-inner cn-shenzhen-st4-d01 cn-shenzhen-su18-b01 cn-wuhan cn-yushanfang cn-zhangbei
	cn-zhangbei-na61-b01 rus-west-1-pop`)

// newCall returns a call of the VPC API. It checks the region before the region becomes
// part of a host name.
func (c *Client) newCall(action, region string) (rpc.Call, *apierror.Error) {
	region = cmp.Or(region, c.region)
	call := rpc.Call{API: api, Action: action, Region: region, Endpoint: c.endpointFor(region)}
	if err := rpc.CheckRegion(region); err != nil {
		failure := call.Failure(apierror.NotSent, err.Error())
		failure.PermanentCause = apierror.CauseRequest
		return rpc.Call{}, failure
	}
	return call, nil
}
