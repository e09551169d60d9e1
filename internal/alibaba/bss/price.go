package bss

import (
	"cmp"
	"context"
	"encoding/json"
	"math/big"
	"strconv"
	"strings"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
)

const (
	actionPrice = "GetSubscriptionPrice"
	// connectionProduct is the product code of the occupancy fee.
	connectionProduct = "pconn"
)

// priceRegions are the regions by the codes of the price list. The list that is public is
// not complete, and it is not documented whether the price operation takes region IDs too.
//
// Source: https://help.aliyun.com/document_detail/118666.html
var priceRegions = map[string]string{
	"cn-hangzhou": "cn-hangzhou-dg-a01", "cn-qingdao": "cn-qingdao-cm5-a01", "cn-beijing": "cn-beijing-btc-a01",
	"cn-zhangjiakou": "cn-zhangjiakou-na62-a01", "cn-huhehaote": "cn-huhehaote-nt12-a01", "cn-shanghai": "cn-shanghai-eu13-a01",
	"cn-shenzhen": "cn-shenzhen-st3-a01", "cn-chengdu": "cn-chengdu-wt97-a01", "cn-guangzhou": "cn-guangzhou-so157-a01",
	"cn-hongkong": "cn-hongkong-am4-c04", "ap-southeast-1": "ap-southeast-os30-a01", "ap-southeast-3": "ap-southeast-my88-a01",
	"ap-southeast-5": "ap-southeast-id35-a01", "ap-northeast-1": "ap-northeast-jp59-a01", "us-west-1": "us-west-ot7-a01",
}

// Price returns the price of an order (GetSubscriptionPrice). It implements
// billing.Pricer: it names the region by the code of the price list, and by its ID if
// there is no code or if the API refuses the code.
func (c *Client) Price(ctx context.Context, query billing.PriceQuery) (billing.Price, error) {
	regions := []string{query.Region}
	if code := priceRegions[query.Region]; code != "" {
		regions = []string{code, query.Region}
	}
	var price billing.Price
	var failure *apierror.Error
	for _, region := range regions {
		price, failure = c.priceIn(ctx, query, region)
		if failure == nil {
			return price, nil
		}
		if !failure.IsFinalRefusal() || failure.NotPermitted() {
			break
		}
	}
	return billing.Price{}, failure
}

func (c *Client) priceIn(ctx context.Context, query billing.PriceQuery, region string) (billing.Price, *apierror.Error) {
	call := c.newCall(actionPrice)
	call.Timeout, call.Tries = rpc.ReadTimeout, readTries
	call.Query = map[string]string{
		"ProductCode": cmp.Or(query.ProductCode, connectionProduct), "SubscriptionType": "Subscription", "OrderType": query.OrderType, "Region": region,
		"Quantity": "1", "ServicePeriodQuantity": strconv.FormatInt(query.Period, 10), "ServicePeriodUnit": query.PricingCycle,
		"ModuleList.1.ModuleCode": "Spec", "ModuleList.1.Config": "Spec:" + query.Spec,
	}
	if query.CircuitID != "" {
		call.Query["ModuleList.2.ModuleCode"], call.Query["ModuleList.2.Config"] = "Pconn_ID", "Pconn_ID:"+query.CircuitID
	}
	var price billing.Price
	call.Parse = func(answer rpc.Answer) (problem string) {
		price, problem = parsePrice(answer.Body)
		return problem
	}
	failure := c.atSite(ctx, call, c.rpc.Retry)
	return price, failure
}

func parsePrice(body []byte) (billing.Price, string) {
	var answer struct {
		Data struct {
			OriginalPrice, DiscountPrice, TradePrice, Currency rpc.Text
		}
	}
	if json.Unmarshal(body, &answer) != nil {
		return billing.Price{}, "the price is not in the format of the API"
	}
	data := answer.Data
	price := billing.Price{
		Original: money(data.OriginalPrice), Discount: money(data.DiscountPrice), Trade: money(data.TradePrice), Currency: data.Currency.String(),
	}
	if price.Trade == "" || strings.HasPrefix(price.Trade, "-") || !currency().MatchString(price.Currency) {
		return billing.Price{}, "the answer holds no price"
	}
	if strings.HasPrefix(price.Original, "-") {
		price.Original = ""
	}
	return price, ""
}

// money is amount for JSON numbers, which may have an exponent.
func money(t rpc.Text) string {
	text := strings.ToLower(t.String())
	mantissa, exponent, found := strings.Cut(text, "e")
	if !found {
		return amount(t)
	}
	const most = 20 // More would be no price, and a very long text.
	if power, err := strconv.Atoi(exponent); err != nil || power < -most || power > most || amount(rpc.Text(mantissa)) == "" {
		return ""
	}
	value, ok := new(big.Rat).SetString(text)
	if !ok {
		return ""
	}
	digits, _ := value.FloatPrec()
	return value.FloatString(digits)
}
