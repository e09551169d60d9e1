package alibaba

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
)

// orderRow is a sub-order as GetOrderDetail and QueryOrders list it; the latter
// leaves out what belongs to the instance. JSON finds the fields by their names,
// whatever the case of the letters.
type orderRow struct {
	OrderID, SubOrderID, RelatedOrderID text
	OrderType, OrderSubType             text
	PaymentStatus                       text
	CreateTime, PaymentTime             text
	UsageStartTime, UsageEndTime        text
	ProductCode, ProductType            text
	CommodityCode, SubscriptionType     text
	Region                              text
	InstanceIDs                         instanceIDs
	Quantity                            text
	Currency, PaymentCurrency           text
	PretaxGrossAmount, PretaxAmount     text
	PretaxAmountLocal, Tax              text
	AfterTaxAmount                      text
	Operator                            text
}

func orderRows(rows []orderRow) []billing.OrderLine {
	var made []billing.OrderLine
	for _, row := range rows {
		made = append(made, row.row())
	}
	return made
}

func (row orderRow) row() billing.OrderLine {
	return billing.OrderLine{
		OrderID:           row.OrderID.string(),
		SubOrderID:        row.SubOrderID.string(),
		RelatedOrderID:    row.RelatedOrderID.string(),
		OrderType:         row.OrderType.string(),
		OrderSubType:      row.OrderSubType.string(),
		PaymentStatus:     row.PaymentStatus.string(),
		CreateTime:        row.CreateTime.time(),
		PaymentTime:       row.PaymentTime.time(),
		UsageStartTime:    row.UsageStartTime.time(),
		UsageEndTime:      row.UsageEndTime.time(),
		ProductCode:       row.ProductCode.string(),
		ProductType:       row.ProductType.string(),
		CommodityCode:     row.CommodityCode.string(),
		SubscriptionType:  row.SubscriptionType.string(),
		Region:            row.Region.string(),
		InstanceIDs:       row.InstanceIDs,
		Quantity:          row.Quantity.string(),
		Currency:          row.Currency.string(),
		PaymentCurrency:   row.PaymentCurrency.string(),
		PretaxGrossAmount: amount(row.PretaxGrossAmount),
		PretaxAmount:      amount(row.PretaxAmount),
		PretaxAmountLocal: amount(row.PretaxAmountLocal),
		Tax:               amount(row.Tax),
		AfterTaxAmount:    amount(row.AfterTaxAmount),
		Operator:          row.Operator.string(),
	}
}

// instanceIDs takes a JSON array inside a text, which is what is documented, and just as
// well an array, a list with other separators, and objects.
type instanceIDs []string

var instanceID = regexp.MustCompile(`[A-Za-z0-9][A-Za-z0-9_.-]*`)

// UnmarshalJSON implements json.Unmarshaler. What is too long is refused: what is cut off
// may be the ID that matters.
func (ids *instanceIDs) UnmarshalJSON(data []byte) error {
	plain := ""
	if json.Unmarshal(data, &plain) != nil { // null is nothing.
		plain = string(data)
	}
	*ids = slices.DeleteFunc(instanceID.FindAllString(plain, maxValues+1), func(id string) bool { return id == "null" })
	if len(data) > maxText || len(*ids) > maxValues {
		return errTooLong
	}
	return nil
}

// maxAmount bounds the digits of an amount.
const maxAmount = 40

var decimal = regexp.MustCompile(`^-?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]+)?$`)

// amount returns a decimal number without separators of thousands, digit for digit
// as it was written: money is never a floating-point number. It returns "" for what
// is no decimal number, or none that anybody pays.
func amount(t text) string {
	if len(t) > maxAmount || !decimal.MatchString(t.string()) {
		return ""
	}
	return strings.ReplaceAll(t.string(), ",", "")
}
