package bss

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
)

// orderRow is a sub-order as GetOrderDetail and QueryOrders list it; the latter
// leaves out what belongs to the instance. JSON finds the fields by their names,
// whatever the case of the letters.
type orderRow struct {
	OrderID, SubOrderID, RelatedOrderID rpc.Text
	OrderType, OrderSubType             rpc.Text
	PaymentStatus                       rpc.Text
	CreateTime, PaymentTime             rpc.Text
	UsageStartTime, UsageEndTime        rpc.Text
	ProductCode, ProductType            rpc.Text
	CommodityCode, SubscriptionType     rpc.Text
	Region                              rpc.Text
	InstanceIDs                         instanceIDs
	Quantity                            rpc.Text
	Currency, PaymentCurrency           rpc.Text
	PretaxGrossAmount, PretaxAmount     rpc.Text
	PretaxAmountLocal, Tax              rpc.Text
	AfterTaxAmount                      rpc.Text
	Operator                            rpc.Text
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
		OrderID:           row.OrderID.String(),
		SubOrderID:        row.SubOrderID.String(),
		RelatedOrderID:    row.RelatedOrderID.String(),
		OrderType:         row.OrderType.String(),
		OrderSubType:      row.OrderSubType.String(),
		PaymentStatus:     row.PaymentStatus.String(),
		CreateTime:        row.CreateTime.Time(),
		PaymentTime:       row.PaymentTime.Time(),
		UsageStartTime:    row.UsageStartTime.Time(),
		UsageEndTime:      row.UsageEndTime.Time(),
		ProductCode:       row.ProductCode.String(),
		ProductType:       row.ProductType.String(),
		CommodityCode:     row.CommodityCode.String(),
		SubscriptionType:  row.SubscriptionType.String(),
		Region:            row.Region.String(),
		InstanceIDs:       row.InstanceIDs,
		Quantity:          row.Quantity.String(),
		Currency:          row.Currency.String(),
		PaymentCurrency:   row.PaymentCurrency.String(),
		PretaxGrossAmount: amount(row.PretaxGrossAmount),
		PretaxAmount:      amount(row.PretaxAmount),
		PretaxAmountLocal: amount(row.PretaxAmountLocal),
		Tax:               amount(row.Tax),
		AfterTaxAmount:    amount(row.AfterTaxAmount),
		Operator:          row.Operator.String(),
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
	*ids = slices.DeleteFunc(instanceID.FindAllString(plain, rpc.MaxValues+1), func(id string) bool { return id == "null" })
	if len(data) > rpc.MaxText || len(*ids) > rpc.MaxValues {
		return rpc.ErrTooLong
	}
	return nil
}

// maxAmount bounds the digits of an amount.
const maxAmount = 40

var decimal = regexp.MustCompile(`^-?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]+)?$`)

// amount returns a decimal number without separators of thousands, digit for digit
// as it was written: money is never a floating-point number. It returns "" for what
// is no decimal number, or none that anybody pays.
func amount(t rpc.Text) string {
	if len(t) > maxAmount || !decimal.MatchString(t.String()) {
		return ""
	}
	return strings.ReplaceAll(t.String(), ",", "")
}
