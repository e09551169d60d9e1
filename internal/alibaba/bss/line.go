package bss

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
)

// orderRow is a sub-order of GetOrderDetail or QueryOrders. QueryOrders leaves out the
// fields of the instance. JSON matches the names without regard to upper and lower case.
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

// orderLines converts rows. The time is that of the answer; nil if unknown.
func orderLines(rows []orderRow, asOf *time.Time) []billing.OrderLine {
	var lines []billing.OrderLine
	for _, row := range rows {
		line := row.line()
		line.AsOf = asOf
		lines = append(lines, line)
	}
	return lines
}

func (row orderRow) line() billing.OrderLine {
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

// instanceIDs reads a JSON array inside a text, as documented, and also an array, a list
// with other separators, and objects.
type instanceIDs []string

var instanceID = regexp.MustCompile(`[A-Za-z0-9][A-Za-z0-9_.-]*`)

// UnmarshalJSON implements json.Unmarshaler. It refuses a list that is too long, because
// the part that is cut off may contain the ID that matters.
func (ids *instanceIDs) UnmarshalJSON(data []byte) error {
	plain := ""
	if json.Unmarshal(data, &plain) != nil { // null becomes an empty text.
		plain = string(data)
	}
	*ids = slices.DeleteFunc(instanceID.FindAllString(plain, rpc.MaxValues+1), func(id string) bool { return id == "null" })
	if len(data) > rpc.MaxText || len(*ids) > rpc.MaxValues {
		return rpc.ErrTooLong
	}
	return nil
}

// maxAmount is the maximum length of an amount.
const maxAmount = 40

var decimal = regexp.MustCompile(`^-?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]+)?$`)

var currency = regexp.MustCompile(`^[A-Z]{3}$`)

// amount returns a decimal number without thousands separators, digit by digit, because a
// floating-point number would change the amount. It returns "" for other texts.
func amount(t rpc.Text) string {
	if len(t) > maxAmount || !decimal.MatchString(t.String()) {
		return ""
	}
	return strings.ReplaceAll(t.String(), ",", "")
}
