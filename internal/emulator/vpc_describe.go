package emulator

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	maxFilters       = 5
	maxFilterValues  = 5
	maxTagFilters    = 20
	defaultPageSize  = 10
	maxPageSize      = 50
	specUpTo1G       = "1G and below"
	bandwidth1G      = 1000
	financialRegions = "finance"
)

// filterKeys are the keys that circuits can be filtered by.
var filterKeys = map[string]func(*Circuit) string{
	"PhysicalConnectionId": func(c *Circuit) string { return c.ID },
	"AccessPointId":        func(c *Circuit) string { return c.AccessPointID },
	"Type":                 func(c *Circuit) string { return c.Type },
	"LineOperator":         func(c *Circuit) string { return c.LineOperator },
	"Spec":                 func(c *Circuit) string { return c.Spec },
	"Status":               func(c *Circuit) string { return c.Status },
	"Name":                 func(c *Circuit) string { return c.Name },
	"ProductType":          func(c *Circuit) string { return c.ProductType },
}

// describeCircuits carries out DescribePhysicalConnections. A circuit that does
// not exist makes the list shorter; it is no error.
func (e *Emulator) describeCircuits(q *request) (object, *apiError) {
	region, group := q.params[paramRegion], q.params["ResourceGroupId"]
	if !e.knowsRegion(region) {
		return nil, fail("InvalidRegionId.NotFound")
	}
	if group != "" && strings.Contains(region, financialRegions) {
		return nil, fail("OperationUnsupported.ResourceGroupId")
	}
	page, failure := q.number("PageNumber", 1, 1<<31-1)
	if failure != nil {
		return nil, failure
	}
	size, failure := q.number("PageSize", defaultPageSize, maxPageSize)
	if failure != nil {
		return nil, failure
	}
	reservations, failure := q.flag("IncludeReservationData")
	if failure != nil {
		return nil, failure
	}
	filters, failure := readFilters(q.params)
	if failure != nil {
		return nil, failure
	}
	tags, failure := readTagFilters(q.params)
	if failure != nil {
		return nil, failure
	}
	found := list{}
	for _, record := range e.circuits {
		c := &record.Circuit
		if c.Region != region || group != "" && c.ResourceGroupID != group {
			continue
		}
		if matchesAll(c, filters) && hasTags(c, tags) {
			described := c.describe(reservations)
			if e.quirks.OmitEmptyFields {
				described = described.withoutEmpty()
			}
			found = append(found, described)
		}
	}
	first := min((page-1)*size, len(found))
	return object{
		{"RequestId", q.id},
		{"PageNumber", int64(page)},
		{"PageSize", int64(size)},
		{"TotalCount", int64(len(found))},
		{"PhysicalConnectionSet", object{{"PhysicalConnectionType", found[first:min(first+size, len(found))]}}},
	}, nil
}

// filter keeps the circuits that have one of the values.
type filter struct {
	key    string
	values []string
}

// readFilters reads Filter.N.Key and Filter.N.Value.M.
func readFilters(params map[string]string) ([]filter, *apiError) {
	byNumber := map[string]*filter{}
	for name, value := range params {
		parts := strings.Split(name, ".")
		if parts[0] != "Filter" || len(parts) < 3 {
			continue
		}
		f := byNumber[parts[1]]
		if f == nil {
			f = &filter{}
			byNumber[parts[1]] = f
		}
		switch {
		case parts[2] == "Key" && len(parts) == 3:
			if filterKeys[value] == nil {
				return nil, fail("InvalidFilterKey.ValueNotSupported").
					saying(fmt.Sprintf("Specified filter key is not supported: Filter.%s.key", parts[1]))
			}
			f.key = value
		case parts[2] == "Value" && len(parts) == 4:
			f.values = append(f.values, value)
		}
	}
	var filters []filter
	for _, f := range byNumber {
		if f.key == "" || len(f.values) == 0 || len(f.values) > maxFilterValues {
			return nil, invalid("Filter")
		}
		filters = append(filters, *f)
	}
	if len(filters) > maxFilters {
		return nil, invalid("Filter")
	}
	return filters, nil
}

func matchesAll(c *Circuit, filters []filter) bool {
	for _, f := range filters {
		value := filterKeys[f.key](c)
		upTo1G := f.key == "Spec" && c.Bandwidth <= bandwidth1G && slices.Contains(f.values, specUpTo1G)
		if !upTo1G && !slices.Contains(f.values, value) {
			return false
		}
	}
	return true
}

// readTagFilters reads Tags.N.Key and Tags.N.Value, also in their other
// spelling Tag.N. The value is nil where only the key is asked for.
func readTagFilters(params map[string]string) (map[string]*string, *apiError) {
	tags := map[string]*string{}
	for name, key := range params {
		parts := strings.Split(name, ".")
		if len(parts) != 3 || parts[0] != "Tags" && parts[0] != "Tag" || parts[2] != "Key" {
			continue
		}
		tags[key] = nil
		if value, sent := params[parts[0]+"."+parts[1]+".Value"]; sent {
			tags[key] = &value
		}
	}
	if len(tags) > maxTagFilters {
		return nil, invalid("Tags")
	}
	return tags, nil
}

func hasTags(c *Circuit, tags map[string]*string) bool {
	for key, value := range tags {
		actual, tagged := c.Tags[key]
		if !tagged || value != nil && actual != *value {
			return false
		}
	}
	return true
}

// number reads a parameter between 1 and most; absent means preset.
func (q *request) number(name string, preset, most int) (int, *apiError) {
	value, sent := q.params[name]
	if !sent {
		return preset, nil
	}
	number, err := strconv.Atoi(value)
	if err != nil || number < 1 || number > most {
		return 0, invalid(name)
	}
	return number, nil
}

// timeText writes a time as the API does; empty for the zero time.
func timeText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(timestampLayout)
}
