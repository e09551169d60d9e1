package bss_test

import (
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/account"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/apitest"
)

// priceParams ask for the price of a new 10G port in Hangzhou for three months.
func priceParams(more apitest.Params) apitest.Params {
	params := apitest.Params{
		"ProductCode": "pconn", "SubscriptionType": "Subscription", "OrderType": "NewOrder", "Region": "cn-hangzhou-dg-a01",
		"ServicePeriodQuantity": "3", "ServicePeriodUnit": "Month", "ModuleList.1.ModuleCode": "Spec", "ModuleList.1.Config": "Spec:10G",
	}
	for name, value := range more {
		params[name] = value
	}
	return params
}

func TestSubscriptionPrice_IsThatOfThePublicList(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		quirks                emulator.Quirks
		params                apitest.Params
		list, discount, trade string
		currency              string
	}{
		"mainland":      {emulator.Quirks{}, nil, "2160.00", "0.00", "2160.00", "USD"},
		"by region ID":  {emulator.Quirks{}, apitest.Params{"Region": "cn-hangzhou"}, "2160.00", "0.00", "2160.00", "USD"},
		"abroad, years": {emulator.Quirks{Currency: "CNY"}, apitest.Params{"Region": "ap-southeast-os30-a01", "ServicePeriodQuantity": "2", "ServicePeriodUnit": "Year"}, "38400.00", "0.00", "38400.00", "CNY"},
		"Riyadh":        {emulator.Quirks{}, apitest.Params{"Region": "me-central-1", "ModuleList.1.Config": "Spec:1G"}, "756.00", "0.00", "756.00", "USD"},
		"discount":      {emulator.Quirks{DiscountPercent: 10}, nil, "2160.00", "216.00", "1944.00", "USD"},
		"a new list":    {emulator.Quirks{PricePercent: 150}, nil, "3240.00", "0.00", "3240.00", "USD"},
	} {
		e, _ := apitest.NewEmulator(test.quirks)
		got := apitest.CallBilling(t, e, "GetSubscriptionPrice", priceParams(test.params))
		var body struct {
			Success bool
			Data    struct {
				OriginalPrice, DiscountPrice, TradePrice jsonNumber
				Currency                                 string
			}
		}
		got.Decode(t, &body)
		data := body.Data
		if !body.Success || string(data.OriginalPrice) != test.list || string(data.DiscountPrice) != test.discount || string(data.TradePrice) != test.trade || data.Currency != test.currency {
			t.Errorf("%s: %s", name, got.Body)
		}
	}
}

// jsonNumber is a number as it is written.
type jsonNumber string

func (n *jsonNumber) UnmarshalJSON(text []byte) error {
	*n = jsonNumber(text)
	return nil
}

func TestSubscriptionPrice_WhatHasNoPrice_IsRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		quirks emulator.Quirks
		params apitest.Params
	}{
		"product":       {emulator.Quirks{ProductCode: "pconn_intl"}, nil},
		"order type":    {emulator.Quirks{}, apitest.Params{"OrderType": "Upgrade"}},
		"unit":          {emulator.Quirks{}, apitest.Params{"ServicePeriodUnit": "Day"}},
		"period":        {emulator.Quirks{}, apitest.Params{"ServicePeriodQuantity": "x"}},
		"port":          {emulator.Quirks{}, apitest.Params{"ModuleList.1.Config": "Spec:400G"}},
		"no module":     {emulator.Quirks{}, apitest.Params{"ModuleList.1.ModuleCode": "Other"}},
		"only codes":    {emulator.Quirks{PriceRegion: account.PriceRegionCodes}, apitest.Params{"Region": "cn-hangzhou"}},
		"only IDs":      {emulator.Quirks{PriceRegion: account.PriceRegionIDs}, nil},
		"without place": {emulator.Quirks{}, apitest.Params{"Region": ""}},
	} {
		e, _ := apitest.NewEmulator(test.quirks)
		if got := apitest.CallBilling(t, e, "GetSubscriptionPrice", priceParams(test.params)); got.Status != 400 {
			t.Errorf("%s: HTTP %d %s", name, got.Status, got.Body)
		}
	}
}
