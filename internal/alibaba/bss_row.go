package alibaba

import (
	"encoding/json"
	"regexp"
	"strings"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordering"
)

// orderRow is a sub-order as GetOrderDetail and QueryOrders list it; the latter
// leaves out what belongs to the instance.
type orderRow struct {
	OrderID           text        `json:"OrderId"`
	SubOrderID        text        `json:"SubOrderId"`
	RelatedOrderID    text        `json:"RelatedOrderId"`
	OrderType         text        `json:"OrderType"`
	OrderSubType      text        `json:"OrderSubType"`
	PaymentStatus     text        `json:"PaymentStatus"`
	CreateTime        text        `json:"CreateTime"`
	PaymentTime       text        `json:"PaymentTime"`
	UsageStartTime    text        `json:"UsageStartTime"`
	UsageEndTime      text        `json:"UsageEndTime"`
	ProductCode       text        `json:"ProductCode"`
	ProductType       text        `json:"ProductType"`
	CommodityCode     text        `json:"CommodityCode"`
	SubscriptionType  text        `json:"SubscriptionType"`
	Region            text        `json:"Region"`
	InstanceIDs       instanceIDs `json:"InstanceIDs"`
	Quantity          text        `json:"Quantity"`
	Currency          text        `json:"Currency"`
	PaymentCurrency   text        `json:"PaymentCurrency"`
	PretaxGrossAmount text        `json:"PretaxGrossAmount"`
	PretaxAmount      text        `json:"PretaxAmount"`
	PretaxAmountLocal text        `json:"PretaxAmountLocal"`
	Tax               text        `json:"Tax"`
	AfterTaxAmount    text        `json:"AfterTaxAmount"`
	Operator          text        `json:"Operator"`
}

func orderRows(rows []orderRow) []ordering.OrderRow {
	var made []ordering.OrderRow
	for _, row := range rows {
		made = append(made, row.row())
	}
	return made
}

func (row orderRow) row() ordering.OrderRow {
	return ordering.OrderRow{
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
		PretaxGrossAmount: row.PretaxGrossAmount.amount(),
		PretaxAmount:      row.PretaxAmount.amount(),
		PretaxAmountLocal: row.PretaxAmountLocal.amount(),
		Tax:               row.Tax.amount(),
		AfterTaxAmount:    row.AfterTaxAmount.amount(),
		Operator:          row.Operator.string(),
	}
}

// instanceIDs takes a JSON array inside a text, which is what is documented, and
// as well a real array and a list separated by commas.
type instanceIDs []string

// UnmarshalJSON implements json.Unmarshaler.
func (ids *instanceIDs) UnmarshalJSON(data []byte) error {
	*ids = nil
	var list []text
	if json.Unmarshal(data, &list) != nil {
		var value text
		if err := json.Unmarshal(data, &value); err != nil {
			return err
		}
		if json.Unmarshal([]byte(value), &list) != nil {
			for part := range strings.SplitSeq(string(value), ",") {
				list = append(list, text(strings.Trim(part, " []\"'")))
			}
		}
	}
	for _, id := range list {
		if id != "" {
			*ids = append(*ids, id.string())
		}
	}
	return nil
}

var decimal = regexp.MustCompile(`^-?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]+)?$`)

// amount returns a decimal number without separators of thousands, digit for digit
// as it was written: money is never a floating-point number. It returns "" for what
// is no decimal number.
func (t text) amount() string {
	if !decimal.MatchString(string(t)) {
		return ""
	}
	return strings.ReplaceAll(string(t), ",", "")
}
