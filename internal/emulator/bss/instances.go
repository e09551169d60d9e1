package bss

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/account"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/gateway"
)

const (
	paramInstanceIDs   = "InstanceIDs"
	paramRenewalStatus = "RenewalStatus"
	paramRenewalPeriod = "RenewalPeriod"
	paramRenewalUnit   = "RenewalPeriodUnit"

	maxInstanceIDs = 100

	// ownerID and sellerID are made up.
	ownerID  = 1234567890123456
	sellerID = "26842"
)

var renewalStatuses = []string{account.AutoRenewal, account.ManualRenewal, account.NotRenewal}

// availableInstances serves QueryAvailableInstances. Its only instances are circuits. The
// alicloud provider asks for another product, to find the site of the account.
func (s service) availableInstances(q *gateway.Request) (gateway.Object, error) {
	page, size, err := readPage(q)
	if err != nil {
		return nil, err
	}
	quirks := s.store.Quirks()
	filter, err := readInstanceFilter(q, quirks)
	if err != nil {
		return nil, err
	}
	found, now := []account.Circuit{}, s.store.Now()
	for _, circuit := range s.store.Instances() {
		if filter.matches(&circuit) {
			found = append(found, circuit)
		}
	}
	shown := gateway.List{}
	first := min((page-1)*size, len(found))
	for _, circuit := range found[first:min(first+size, len(found))] {
		shown = append(shown, instance(circuit, quirks, now))
	}
	return gateway.Object{
		{"TotalCount", len(found)},
		{"PageNum", page},
		{"PageSize", size},
		{"InstanceList", shown},
	}, nil
}

// instanceFilter selects circuits. An empty field selects all.
type instanceFilter struct {
	otherProduct        bool // selects no circuit
	ids                 []string
	region, renewStatus string
	created, end        period
}

func readInstanceFilter(q *gateway.Request, quirks account.Quirks) (filter instanceFilter, err error) {
	if q.Params["Region"] != "" && q.Params[paramProductCode] == "" {
		return filter, gateway.Missing(paramProductCode)
	}
	filter.otherProduct = otherProduct(q.Params, quirks) != ""
	filter.region = q.Params["Region"]
	filter.renewStatus = q.Params["RenewStatus"]
	if filter.renewStatus != "" && !slices.Contains(renewalStatuses, filter.renewStatus) {
		return filter, invalidParameter("RenewStatus")
	}
	if filter.ids, err = readInstanceIDs(q); err != nil {
		return filter, err
	}
	if filter.created, err = readBounds(q, "CreateTime"); err != nil {
		return filter, err
	}
	filter.end, err = readBounds(q, "EndTime")
	return filter, err
}

// otherProduct returns the parameter that selects a product other than circuits, or "".
func otherProduct(params map[string]string, quirks account.Quirks) string {
	for _, param := range []struct{ name, circuits string }{
		{paramProductCode, productCode(quirks)}, {paramProductType, quirks.ProductType}, {paramSubscriptionType, subscription},
	} {
		if value := params[param.name]; value != "" && value != param.circuits {
			return param.name
		}
	}
	return ""
}

func readInstanceIDs(q *gateway.Request) ([]string, error) {
	text := q.Params[paramInstanceIDs]
	if text == "" {
		return nil, nil
	}
	ids := strings.Split(text, ",")
	if len(ids) > maxInstanceIDs {
		return nil, invalidParameter(paramInstanceIDs)
	}
	return ids, nil
}

func (f *instanceFilter) matches(c *account.Circuit) bool {
	return !f.otherProduct &&
		(len(f.ids) == 0 || slices.Contains(f.ids, c.ID)) &&
		(f.region == "" || f.region == c.Region) &&
		(f.renewStatus == "" || f.renewStatus == c.Renewal.Status) &&
		f.created.contains(c.CreationTime) && f.end.contains(c.EndTime)
}

// period is a period with its first and last second. A zero time is no limit.
type period struct{ from, to time.Time }

// readBounds reads the limits of a time, such as EndTimeStart and EndTimeEnd.
func readBounds(q *gateway.Request, name string) (bounds period, err error) {
	if bounds.from, err = readTime(q, name+"Start", time.Time{}); err != nil {
		return bounds, err
	}
	bounds.to, err = readTime(q, name+"End", time.Time{})
	return bounds, err
}

func (p period) contains(at time.Time) bool {
	at = at.Truncate(time.Second)
	return !at.Before(p.from) && (p.to.IsZero() || !at.After(p.to))
}

// instance returns a row of QueryAvailableInstances. Without automatic renewal, it has no
// duration.
func instance(c account.Circuit, quirks account.Quirks, now time.Time) gateway.Object {
	status := "Normal"
	if !now.Before(c.EndTime) {
		status = "Expired"
	}
	row := gateway.Object{
		{"OwnerId", ownerID},
		{"Seller", sellerID},
		{"InstanceID", c.ID},
		{"Region", c.Region},
		{"ProductCode", productCode(quirks)},
		{"ProductType", quirks.ProductType},
		{"SubscriptionType", subscription},
		{"Status", status},
		{"SubStatus", ""},
		{"CreateTime", gateway.FormatTime(c.CreationTime)},
		{"EndTime", gateway.FormatTime(c.EndTime)},
		{"StopTime", gateway.FormatTime(c.StopTime())},
		{"ReleaseTime", gateway.FormatTime(c.ReleaseTime())},
		{"ExpectedReleaseTime", gateway.FormatTime(c.ReleaseTime())},
		{"RenewStatus", c.Renewal.Status},
	}
	if c.Renewal.Status == account.AutoRenewal {
		row = append(row, gateway.Field{"RenewalDuration", c.Renewal.Period}, gateway.Field{"RenewalDurationUnit", c.Renewal.Unit})
	}
	return row
}

// setRenewal serves SetRenewal. Its answer has no data.
func (s service) setRenewal(q *gateway.Request) (gateway.Object, error) {
	ids, err := readInstanceIDs(q)
	if err != nil {
		return nil, err
	}
	if name := otherProduct(q.Params, s.store.Quirks()); name != "" {
		return nil, invalidParameter(name)
	}
	renewal, err := readRenewal(q)
	if err != nil {
		return nil, err
	}
	if err := s.store.SetRenewal(ids, renewal); err != nil {
		return nil, gateway.Errorf("InvalidParameter", "The specified parameter %s is not valid: %s.", paramInstanceIDs, err)
	}
	return nil, nil
}

// readRenewal reads the setting. Only AutoRenewal has a period.
func readRenewal(q *gateway.Request) (account.Renewal, error) {
	renewal := account.Renewal{Status: q.Params[paramRenewalStatus]}
	if renewal.Status == account.AutoRenewal {
		for _, name := range []string{paramRenewalPeriod, paramRenewalUnit} {
			if q.Params[name] == "" {
				return renewal, gateway.Missing(name)
			}
		}
		renewal.Period, _ = strconv.Atoi(q.Params[paramRenewalPeriod]) // Check refuses 0.
		renewal.Unit = q.Params[paramRenewalUnit]
	}
	if err := renewal.Check(); err != nil {
		return renewal, gateway.Errorf("InvalidParameter", "%s.", err)
	}
	return renewal, nil
}
