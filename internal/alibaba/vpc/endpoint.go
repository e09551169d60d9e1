package vpc

import "slices"

// centralRegions are served by the product's central host. All other regions have
// a host of their own. The list is the one of alibaba-cloud-sdk-go, services/vpc.
var centralRegions = []string{
	"ap-northeast-2-pop",
	"cn-beijing-finance-pop",
	"cn-beijing-gov-1",
	"cn-beijing-nu16-b01",
	"cn-fujian",
	"cn-haidian-cm12-c01",
	"cn-hangzhou",
	"cn-hangzhou-bj-b01",
	"cn-hangzhou-finance",
	"cn-hangzhou-internal-prod-1",
	"cn-hongkong-finance-pop",
	"cn-north-2-gov-1",
	"cn-shanghai-et2-b01",
	"cn-shanghai-finance-1",
	"cn-shanghai-inner",
	"cn-shenzhen-finance-1",
	"cn-shenzhen-inner",
	"cn-shenzhen-st4-d01",
	"cn-shenzhen-su18-b01",
	"cn-wuhan",
	"cn-yushanfang",
	"cn-zhangbei",
	"cn-zhangbei-na61-b01",
	"rus-west-1-pop",
}

// vpcHost returns the host of the VPC API in a region.
func vpcHost(region string) string {
	switch {
	case slices.Contains(centralRegions, region):
		return "vpc.aliyuncs.com"
	case region == "cn-zhangjiakou-na62-a01":
		return "vpc.cn-zhangjiakou.aliyuncs.com"
	default:
		return "vpc." + region + ".aliyuncs.com"
	}
}
