// Package renewal reads and sets whether Alibaba Cloud renews the subscription of a circuit
// at the end of its term.
package renewal

import (
	"context"
	"strings"
	"time"
)

// Statuses of a renewal setting.
//
// Source: https://www.alibabacloud.com/help/en/user-center/developer-reference/api-bssopenapi-2017-12-14-setrenewal
const (
	// Auto renews the subscription and charges the account, before each end of a term.
	Auto = "AutoRenewal"
	// Manual waits for a person to renew. Alibaba Cloud sends reminders.
	Manual = "ManualRenewal"
	// Never does not renew, without reminders.
	Never = "NotRenewal"
)

// Units of a renewal period.
const (
	Month = "Month"
	Year  = "Year"
)

// Statuses returns the statuses of a setting.
func Statuses() []string { return []string{Auto, Manual, Never} }

// Units returns the units of a period.
func Units() []string { return []string{Month, Year} }

// Periods returns the valid periods, in either unit.
func Periods() []int64 { return []int64{1, 2, 3, 6, 12} }

// Setting is the renewal setting of a circuit.
type Setting struct {
	// Status is one of Statuses, or another one that billing reports. It is empty if
	// billing reports none.
	Status string
	// Period and Unit are the term of each renewal, with the status Auto only. They are 0
	// and empty if billing does not report them. Billing may report a period without a unit.
	Period int64
	Unit   string
}

// Equal reports whether two settings do the same: 12 months are one year.
func (s Setting) Equal(other Setting) bool {
	return s.Status == other.Status && (s.Status != Auto || s.months() == other.months())
}

// Allows reports whether nothing that billing reported in s contradicts the other setting.
func (s Setting) Allows(other Setting) bool {
	if s.Status == Auto && other.Status == Auto && s.Unit == "" { // in months or in years
		return s.Period == 0 || s.Period == other.months() || 12*s.Period == other.months()
	}
	return s.Status == "" || s.Equal(other)
}

func (s Setting) months() int64 {
	if s.Unit == Year {
		return 12 * s.Period
	}
	return s.Period
}

// Product is how billing names the product of a circuit. Billing reports it, and expects
// it in a change. It differs between the sites of Alibaba Cloud.
type Product struct {
	Code, Type       string
	SubscriptionType string
}

// DefaultProduct is the product of a circuit that billing does not list.
//
// Source: https://help.aliyun.com/document_detail/118666.html
var DefaultProduct = Product{Code: "pconn"}

// Instance is a paid circuit as billing lists it. Strings are empty and times nil if billing
// does not report them.
type Instance struct {
	CircuitID string
	Region    string
	Product   Product
	Setting   Setting
	// EndTime is the end of the paid term. Without a renewal, the circuit is suspended at
	// StopTime and released at ReleaseTime.
	EndTime, StopTime, ReleaseTime *time.Time
}

// key returns the key of a circuit in a map: billing may spell an ID in capital letters.
func key(circuitID string) string { return strings.ToLower(circuitID) }

const (
	// chargeDays is how many days before the end of a term the first charge of a renewal is.
	// The source is about another product, so messages say "usually".
	//
	// Source: https://www.alibabacloud.com/help/en/ecs/user-guide/auto-renewal
	chargeDays = 9
	// chargeHour is the hour of a charge in UTC+8.
	chargeHour = 8
)

// NextCharge returns when Alibaba Cloud usually charges the renewal of a term next: at 08:00
// UTC+8, nine days before its end, or on the next day if that is over.
func NextCharge(end, now time.Time) time.Time {
	zone := time.FixedZone("UTC+8", 8*60*60)
	at := func(day time.Time, later int) time.Time {
		year, month, date := day.In(zone).Date()
		return time.Date(year, month, date+later, chargeHour, 0, 0, 0, zone)
	}
	first := at(end, -chargeDays)
	switch today := at(now, 0); {
	case now.Before(first):
		return first
	case now.Before(today):
		return today
	default:
		return at(now, 1)
	}
}

// MaxIDs is the maximum number of circuits in one question.
const MaxIDs = 100

// byCircuit returns the instances by the key of their circuit. Billing may list a circuit
// twice, because its installation fee is a product of its own.
func byCircuit(found []Instance) map[string]Instance {
	instances := map[string]Instance{}
	for _, instance := range found {
		id := key(instance.CircuitID)
		if instances[id].quality() <= instance.quality() { // 0 without another one
			instances[id] = instance
		}
	}
	return instances
}

// quality is higher for the row of the occupancy fee, which has a setting and a term.
func (i Instance) quality() int {
	quality := 0
	for weight, good := range []bool{i.EndTime != nil, i.Setting.Status != "", i.Product.Code != "" && !strings.Contains(i.Product.Code, "setup")} {
		if good {
			quality += 1 << weight
		}
	}
	return quality
}

// Client reads and sets renewals (BssOpenApi 2017-12-14). All errors are of type
// *apierror.Error.
type Client interface {
	// Instances reads circuits by their IDs, at most MaxIDs (QueryAvailableInstances). It
	// leaves out circuits that billing does not list.
	Instances(ctx context.Context, circuitIDs []string) ([]Instance, error)
	// InstancesOf lists all instances of a product code (QueryAvailableInstances).
	InstancesOf(ctx context.Context, productCode string) ([]Instance, error)
	// SetRenewal sends one request to change the setting of a circuit (SetRenewal). It
	// charges nothing. Repeating it does no harm.
	SetRenewal(ctx context.Context, circuitID string, product Product, setting Setting) error
}
