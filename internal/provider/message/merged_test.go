package message_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
)

// Terraform shows only the first of several warnings with one summary.
func TestMergedPrices_ShareASummaryOnlyIfTheyAreEqual(t *testing.T) {
	t.Parallel()
	summary := func(circuitID, amount string) string {
		price := billing.Price{Trade: amount, Currency: "USD"}
		return message.PriceOfOrder(circuitID, message.Cost(price, 3, "Month"), price, types.BoolValue(true), true).Summary()
	}
	if summary("pc-a", "255") != summary("pc-b", "255") {
		t.Error("equal prices are not merged")
	}
	if summary("pc-a", "255") == summary("pc-c", "2160") {
		t.Error("a higher price is hidden behind a lower one")
	}
}
