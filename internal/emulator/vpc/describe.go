package vpc

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/account"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/gateway"
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
var filterKeys = map[string]func(*account.Circuit) string{
	"PhysicalConnectionId": func(c *account.Circuit) string { return c.ID },
	"AccessPointId":        func(c *account.Circuit) string { return c.AccessPointID },
	"Type":                 func(c *account.Circuit) string { return c.Type },
	"LineOperator":         func(c *account.Circuit) string { return c.LineOperator },
	"Spec":                 func(c *account.Circuit) string { return c.Spec },
	"Status":               func(c *account.Circuit) string { return c.Status },
	"Name":                 func(c *account.Circuit) string { return c.Name },
	"ProductType":          func(c *account.Circuit) string { return c.ProductType },
}

// describeCircuits serves DescribePhysicalConnections. An unknown circuit is not in the
// list; it is not an error.
func (s service) describeCircuits(q *gateway.Request) (gateway.Object, error) {
	region, group := q.Region(), q.Params["ResourceGroupId"]
	if !s.store.KnowsRegion(region) {
		return nil, gateway.NewError("InvalidRegionId.NotFound")
	}
	if group != "" && strings.Contains(region, financialRegions) {
		return nil, gateway.NewError("OperationUnsupported.ResourceGroupId")
	}
	page, badPage := q.Number("PageNumber", 1, 1<<31-1)
	size, badSize := q.Number("PageSize", defaultPageSize, maxPageSize)
	reservations, badFlag := q.Flag("IncludeReservationData")
	filters, badFilter := readFilters(q.Params)
	tags, badTag := readTagFilters(q.Params)
	if err := errors.Join(badPage, badSize, badFlag, badFilter, badTag); err != nil {
		return nil, err // The answer has only the first error.
	}
	found := s.store.CircuitsWhere(func(c *account.Circuit) bool {
		return c.Region == region && (group == "" || c.ResourceGroupID == group) && matchesAll(c, filters) && hasTags(c, tags)
	})
	omitEmpty := s.store.Quirks().OmitEmptyFields
	shown := gateway.List{}
	first := min((page-1)*size, len(found))
	for _, c := range found[first:min(first+size, len(found))] {
		described := describe(c, reservations)
		if omitEmpty {
			described = described.WithoutEmpty()
		}
		shown = append(shown, described)
	}
	return gateway.Object{
		{"RequestId", q.ID},
		{"PageNumber", page},
		{"PageSize", size},
		{"TotalCount", len(found)},
		{"PhysicalConnectionSet", gateway.Object{{"PhysicalConnectionType", shown}}},
	}, nil
}

// filter selects the circuits that have one of the values.
type filter struct {
	key    string
	values []string
}

// readFilters reads Filter.N.Key and Filter.N.Value.M.
func readFilters(params map[string]string) ([]filter, error) {
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
				return nil, gateway.Errorf("InvalidFilterKey.ValueNotSupported",
					"Specified filter key is not supported: Filter.%s.key", parts[1])
			}
			f.key = value
		case parts[2] == "Value" && len(parts) == 4:
			f.values = append(f.values, value)
		}
	}
	var filters []filter
	for _, f := range byNumber {
		if f.key == "" || len(f.values) == 0 || len(f.values) > maxFilterValues {
			return nil, gateway.Invalid("Filter")
		}
		filters = append(filters, *f)
	}
	if len(filters) > maxFilters {
		return nil, gateway.Invalid("Filter")
	}
	return filters, nil
}

func matchesAll(c *account.Circuit, filters []filter) bool {
	for _, f := range filters {
		value := filterKeys[f.key](c)
		upTo1G := f.key == "Spec" && c.Bandwidth <= bandwidth1G && slices.Contains(f.values, specUpTo1G)
		if !upTo1G && !slices.Contains(f.values, value) {
			return false
		}
	}
	return true
}

// readTagFilters reads Tags.N.Key and Tags.N.Value, also if they are spelled Tag.N. The value
// is nil if the filter has only a key.
func readTagFilters(params map[string]string) (map[string]*string, error) {
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
		return nil, gateway.Invalid("Tags")
	}
	return tags, nil
}

func hasTags(c *account.Circuit, tags map[string]*string) bool {
	for key, value := range tags {
		actual, tagged := c.Tags[key]
		if !tagged || value != nil && actual != *value {
			return false
		}
	}
	return true
}

// describe returns a circuit as DescribePhysicalConnections does, with the types of the real
// API: some numbers in fields that are documented as texts, and lower-case "tags" in "Tags".
func describe(c account.Circuit, reservations bool) gateway.Object {
	reservation := account.Circuit{}
	if reservations {
		reservation = c
	}
	keys := gateway.List{}
	for _, key := range c.MacsecKeys {
		keys = append(keys, gateway.Object{
			{"Cak", key.CAK},
			{"CipherSuite", key.CipherSuite},
			{"Ckn", key.CKN},
			{"StartOn", key.StartOn},
			{"Status", key.Status},
		})
	}
	tags := gateway.List{}
	for _, key := range slices.Sorted(maps.Keys(c.Tags)) {
		tags = append(tags, gateway.Object{{"Key", key}, {"Value", c.Tags[key]}})
	}
	return gateway.Object{
		{"PhysicalConnectionId", c.ID},
		{"Status", c.Status},
		{"BusinessStatus", c.BusinessStatus},
		{"LoaStatus", c.LOAStatus},
		{"CreationTime", gateway.FormatTime(c.CreationTime)},
		{"EnabledTime", gateway.FormatTime(c.EnabledTime)},
		{"EndTime", gateway.FormatTime(c.EndTime)},
		{"Name", c.Name},
		{"Description", c.Description},
		{"Type", c.Type},
		{"ProductType", c.ProductType},
		{"Spec", c.Spec},
		{"ExpectSpec", c.ExpectSpec},
		{"Bandwidth", c.Bandwidth},
		{"AccessPointId", c.AccessPointID},
		{"AccessPointType", c.AccessPointType},
		{"AdLocation", c.AdLocation},
		{"AdDetailLocation", c.AdDetailLocation},
		{"PeerLocation", c.PeerLocation},
		{"LineOperator", c.LineOperator},
		{"CircuitCode", c.CircuitCode},
		{"PortType", c.PortType},
		{"PortNumber", c.PortNumber},
		{"ChargeType", c.ChargeType},
		{"OrderMode", c.OrderMode},
		{"ResourceGroupId", c.ResourceGroupID},
		{"RedundantPhysicalConnectionId", c.RedundantPhysicalConnectionID},
		{"QosId", c.QosID},
		{"ParentPhysicalConnectionId", c.ParentPhysicalConnectionID},
		{"ParentPhysicalConnectionAliUid", c.ParentPhysicalConnectionAliUID},
		{"VirtualPhysicalConnectionCount", c.VirtualPhysicalConnectionCount},
		{"VpconnStatus", c.VpconnStatus},
		{"VlanId", gateway.Bare(c.VlanID)},
		{"OpticalModuleModel", c.OpticalModuleModel},
		{"DownDelayTime", c.DownDelayTime},
		{"DeviceFeaturesSelected", c.DeviceFeaturesSelected},
		{"HasReservationData", reservation.HasReservationData},
		{"ReservationActiveTime", gateway.FormatTime(reservation.ReservationActiveTime)},
		{"ReservationOrderType", reservation.ReservationOrderType},
		{"ReservationInternetChargeType", reservation.ReservationInternetChargeType},
		{"MacsecKeys", gateway.Object{{"MacsecKey", keys}}},
		{"Tags", gateway.Object{{"tags", tags}}},
	}
}
