package bss

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/account"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/gateway"
)

// priceRegions are the regions by the codes of the public price list.
var priceRegions = map[string]string{
	"cn-hangzhou-dg-a01": "cn-hangzhou", "cn-qingdao-cm5-a01": "cn-qingdao", "cn-beijing-btc-a01": "cn-beijing",
	"cn-zhangjiakou-na62-a01": "cn-zhangjiakou", "cn-huhehaote-nt12-a01": "cn-huhehaote", "cn-shanghai-eu13-a01": "cn-shanghai",
	"cn-shenzhen-st3-a01": "cn-shenzhen", "cn-chengdu-wt97-a01": "cn-chengdu", "cn-guangzhou-so157-a01": "cn-guangzhou",
	"cn-hongkong-am4-c04": "cn-hongkong", "ap-southeast-os30-a01": "ap-southeast-1", "ap-southeast-my88-a01": "ap-southeast-3",
	"ap-southeast-id35-a01": "ap-southeast-5", "ap-northeast-jp59-a01": "ap-northeast-1", "us-west-ot7-a01": "us-west-1",
}

// subscriptionPrice serves GetSubscriptionPrice for ports of circuits.
func (s service) subscriptionPrice(q *gateway.Request) (gateway.Object, error) {
	quirks := s.store.Quirks()
	for name, valid := range map[string][]string{
		paramProductCode: {productCode(quirks)}, paramSubscriptionType: {subscription},
		"OrderType": {"NewOrder", "Renewal"}, "ServicePeriodUnit": {"Month", "Year"},
	} {
		if !slices.Contains(valid, q.Params[name]) {
			return nil, invalidParameter(name)
		}
	}
	region, err := priceRegion(q.Params["Region"], quirks)
	if err != nil {
		return nil, err
	}
	months, err := q.Number("ServicePeriodQuantity", 1, 60)
	if err != nil {
		return nil, invalidParameter("ServicePeriodQuantity")
	}
	if q.Params["ServicePeriodUnit"] == "Year" {
		months *= 12
	}
	price, listed := quirks.Price(region, module(q, "Spec"), months)
	if !listed {
		return nil, gateway.Errorf("InvalidParameter", "The module Spec has no price.")
	}
	number := func(m account.Money) json.Number { return json.Number(m.String()) }
	return gateway.Object{
		{"OriginalPrice", number(price.Gross)},
		{"DiscountPrice", number(price.Gross - price.Pretax)},
		{"TradePrice", number(price.Pretax)},
		{"Currency", currency(quirks)},
		{"Quantity", 1},
		{"ModuleDetails", gateway.Object{{"ModuleDetail", gateway.List{}}}},
		{"PromotionDetails", gateway.Object{{"PromotionDetail", gateway.List{}}}},
	}, nil
}

// priceRegion returns the region that a code of the price list, or a region ID, means.
func priceRegion(name string, quirks account.Quirks) (string, error) {
	region, isCode := priceRegions[name]
	switch {
	case isCode && quirks.PriceRegion != account.PriceRegionIDs:
		return region, nil
	case !isCode && name != "" && quirks.PriceRegion != account.PriceRegionCodes:
		return name, nil
	default:
		return "", invalidParameter("Region")
	}
}

// module returns the value of a module: 10G for the module Spec with the config Spec:10G.
func module(q *gateway.Request, code string) string {
	for i := 1; i <= 10; i++ {
		if q.Params[fmt.Sprintf("ModuleList.%d.ModuleCode", i)] == code {
			value, _ := strings.CutPrefix(q.Params[fmt.Sprintf("ModuleList.%d.Config", i)], code+":")
			return value
		}
	}
	return ""
}
