package bss_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/alibabatest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/bss"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
)

var tenGigabit = billing.PriceQuery{Region: "cn-hangzhou", Spec: "10G", Period: 12, PricingCycle: "Month", OrderType: billing.PriceNewOrder}

const priceBody = `{"Code":"Success","Success":true,"RequestId":"R","Data":{"OriginalPrice":2160,"DiscountPrice":"216.00","TradePrice":1.944E+3,"Currency":"CNY"}}`

func TestPrice_AsksForTheCircuitsKind_ByTheCodeOfTheRegion(t *testing.T) {
	t.Parallel()
	var seen alibabatest.Recorder
	client := alibabatest.Configure(t, alibaba.Config{Transport: seen.Wrap(alibabatest.Answering(http.StatusOK, priceBody))})
	query := tenGigabit
	query.CircuitID, query.OrderType = "pc-1", billing.PriceRenewal
	price, err := client.Price(t.Context(), query)
	if want := (billing.Price{Original: "2160", Discount: "216.00", Trade: "1944", Currency: "CNY"}); err != nil || price != want {
		t.Errorf("%+v, %v", price, err)
	}
	for name, want := range map[string]string{
		"Action": "GetSubscriptionPrice", "ProductCode": "pconn", "SubscriptionType": "Subscription", "OrderType": "Renewal", "Region": "cn-hangzhou-dg-a01",
		"Quantity": "1", "ServicePeriodQuantity": "12", "ServicePeriodUnit": "Month", "ModuleList.1.ModuleCode": "Spec", "ModuleList.1.Config": "Spec:10G",
		"ModuleList.2.ModuleCode": "Pconn_ID", "ModuleList.2.Config": "Pconn_ID:pc-1",
	} {
		if got := seen.Requests[0].Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestPrice_RefusedRegionCode_IsFollowedByTheRegionID(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		region, refusal string
		asked           []string
	}{
		"a region of the list":   {"cn-hangzhou", `{"Code":"InvalidParameter"}`, []string{"cn-hangzhou-dg-a01", "cn-hangzhou"}},
		"a region of tomorrow":   {"cn-tomorrow", `{"Code":"InvalidParameter"}`, []string{"cn-tomorrow"}},
		"a missing permission":   {"cn-hangzhou", `{"Code":"NoPermission"}`, []string{"cn-hangzhou-dg-a01"}},
		"a refusal inside a 200": {"cn-hangzhou", `{"Code":"PricingPlanResultNotFound","Success":false}`, []string{"cn-hangzhou-dg-a01", "cn-hangzhou"}},
	} {
		var seen alibabatest.Recorder
		status := http.StatusBadRequest
		if name == "a refusal inside a 200" {
			status = http.StatusOK
		}
		client := alibabatest.Configure(t, alibaba.Config{Transport: seen.Wrap(alibabatest.Answering(status, test.refusal))})
		query := tenGigabit
		query.Region = test.region
		_, err := client.Price(t.Context(), query)
		if alibabatest.FailureOf(t, err).Delivery != apierror.Answered || len(seen.Requests) != len(test.asked) {
			t.Fatalf("%s: %v after %d requests, want %v", name, err, len(seen.Requests), test.asked)
		}
		for i, want := range test.asked {
			if got := seen.Requests[i].Get("Region"); got != want {
				t.Errorf("%s: request %d names %s, want %s", name, i, got, want)
			}
		}
	}
}

func TestPrice_BusyAPI_IsAskedAgainAndForNoOtherRegion(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var seen alibabatest.Recorder
		client := alibabatest.Configure(t, alibaba.Config{Transport: seen.Wrap(alibabatest.Answering(http.StatusBadRequest, alibabatest.ThrottledBody))})
		_, err := client.Price(t.Context(), tenGigabit)
		if failure := alibabatest.FailureOf(t, err); failure.Code != "Throttling.User" || seen.Count() != 4 {
			t.Errorf("%+v after %d requests", failure, seen.Count())
		}
		for _, asked := range seen.Requests {
			if asked.Get("Region") != "cn-hangzhou-dg-a01" {
				t.Errorf("asked for %v", asked)
			}
		}
	})
}

func TestPrice_WithAnExponent_IsReadUpToItsLimit(t *testing.T) {
	t.Parallel()
	for written, want := range map[string]string{
		"1.944E+3": "1944", "-5e0": "-5", "1e20": "1" + strings.Repeat("0", 20), "1e-20": "0." + strings.Repeat("0", 19) + "1",
		"1e21": "", "1e-21": "", "1e999999999": "", "1e": "", "e5": "", "1e1_0": "", "1/2e2": "", "0x1e2": "", "1e2e3": "",
	} {
		if _, got := bss.Amount(written); got != want {
			t.Errorf("%s: got %q, want %q", written, got, want)
		}
	}
}

func TestPrice_NegativeListPrice_IsLeftOut(t *testing.T) {
	t.Parallel()
	price, problem := bss.ParsePrice([]byte(`{"Data":{"OriginalPrice":-1,"TradePrice":10,"Currency":"CNY"}}`))
	if want := (billing.Price{Trade: "10", Currency: "CNY"}); problem != "" || price != want {
		t.Errorf("%+v, %q", price, problem)
	}
}

func TestPrice_AnswerWithoutAPrice_IsAnErrorAndNoPrice(t *testing.T) {
	t.Parallel()
	for _, data := range []string{
		``, `"Data":null`, `"Data":[]`, `"Data":{}`, `"Data":{"TradePrice":"free","Currency":"CNY"}`, `"Data":{"TradePrice":-1,"Currency":"CNY"}`, `"Data":{"TradePrice":10}`,
		`"Data":{"TradePrice":1e999999999,"Currency":"CNY"}`, `"Data":{"TradePrice":{"a":1},"Currency":"CNY"}`, `"Data":{"TradePrice":"1","Currency":"<b>"}`,
		`"Data":{"TradePrice":"12345678901234567890123456789012345678901","Currency":"CNY"}`,
	} {
		synctest.Test(t, func(t *testing.T) {
			body := `{"Code":"Success","Success":true,"RequestId":"R"`
			if data != "" {
				body += "," + data
			}
			client := alibabatest.Configure(t, alibaba.Config{Transport: alibabatest.Answering(http.StatusOK, body+"}")})
			if price, err := client.Price(t.Context(), tenGigabit); err == nil || price != (billing.Price{}) {
				t.Errorf("%s: %+v, %v", data, price, err)
			}
		})
	}
}
