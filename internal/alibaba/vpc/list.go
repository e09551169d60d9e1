package vpc

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

// What one request of DescribePhysicalConnections admits.
const (
	maxFilters      = 5
	maxFilterValues = 5
	maxTags         = 20
)

// maxCircuitPages bounds a list. It stands for 10,000 circuits.
const maxCircuitPages = 200

// ListCircuits lists the circuits that the filter chooses, with what is known of
// orders that are not in effect yet. It implements ordering.Lister: the list
// is whole or there is none, for whoever uses it destroys what is not in it.
func (c *Client) ListCircuits(ctx context.Context, filter circuit.Filter) ([]circuit.Circuit, error) {
	call, failure := c.newCall(actionDescribe, filter.Region)
	if failure != nil {
		return nil, failure
	}
	call.Timeout, call.Tries = rpc.ReadTimeout, readTries

	var circuits []circuit.Circuit
	for requests := requestsOfIDs(filter.IDs); len(requests) > 0; {
		ids := requests[0]
		requests = requests[1:]
		selection := newSelection(filter, ids)
		read, failure := rpc.ReadAll(ctx, c.rpc, call, rpc.Pages[circuitRow]{
			Size: circuitPage, Max: maxCircuitPages,
			Query: selection.query,
			Parse: selection.parse,
			Key:   func(row circuitRow) string { return row.PhysicalConnectionID.String() },
		})
		switch {
		case failure != nil && failure.Code == codeNoCircuit && len(ids) > 0:
			// Which one is missing is not said.
			if len(ids) > 1 {
				requests = slices.AppendSeq(requests, slices.Chunk(ids, 1))
			}
			continue
		case failure != nil:
			return nil, failure
		case read.Truncated:
			return nil, call.Failure(apierror.ResponseLost, fmt.Sprintf("the list of circuits has more than %d pages", maxCircuitPages))
		}
		for _, row := range read.Rows {
			if circuit := row.circuit(); selection.keeps(circuit) {
				circuit.Region = call.Region
				circuits = append(circuits, circuit)
			}
		}
	}
	slices.SortFunc(circuits, func(a, b circuit.Circuit) int { return cmp.Compare(a.ID, b.ID) })
	return circuits, nil
}

// requestsOfIDs spreads IDs over requests. Without any there is one request, for
// whatever circuits there are; with none but empty ones, which no circuit has,
// there is no request.
func requestsOfIDs(ids []string) [][]string {
	if len(ids) == 0 {
		return [][]string{nil}
	}
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	if ids[0] == "" {
		ids = ids[1:]
	}
	return slices.Collect(slices.Chunk(ids, maxFilterValues))
}

// selection is a filter as one request can carry it, and what remains of it to be
// applied to the answer.
type selection struct {
	ids           []string
	sent, kept    []circuitFilter
	tags          map[string]string
	sentTags      []string // the keys
	keptTags      map[string]string
	resourceGroup string
}

// circuitFilter is a filter that a circuit passes if it has the value.
type circuitFilter struct {
	key, value string
	of         func(circuit.Circuit) string
}

func newSelection(filter circuit.Filter, ids []string) selection {
	chosen := selection{ids: ids, tags: filter.Tags, resourceGroup: filter.ResourceGroupID}
	room := maxFilters
	if len(ids) > 0 {
		room--
	}
	for _, part := range []circuitFilter{
		// The first must be sent: its values ("1G and below") are not those of circuits.
		{"Spec", filter.Spec, nil},
		{"AccessPointId", filter.AccessPointID, func(c circuit.Circuit) string { return c.AccessPointID }},
		{"LineOperator", filter.LineOperator, func(c circuit.Circuit) string { return c.LineOperator }},
		{"Status", filter.Status, statusOf},
		{"Type", filter.Type, func(c circuit.Circuit) string { return c.Type }},
		{"ProductType", filter.ProductType, func(c circuit.Circuit) string { return c.ProductType }},
	} {
		switch {
		case part.value == "":
		case len(chosen.sent) < room:
			chosen.sent = append(chosen.sent, part)
		default:
			chosen.kept = append(chosen.kept, part)
		}
	}
	chosen.keptTags = map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(filter.Tags)) {
		value := filter.Tags[key]
		fits := len(chosen.sentTags) < maxTags
		if fits {
			chosen.sentTags = append(chosen.sentTags, key)
		}
		// An empty value is not sent, and a key alone chooses every value.
		if !fits || value == "" {
			chosen.keptTags[key] = value
		}
	}
	return chosen
}

// statusOf returns the status of a circuit in the spelling of filters.
func statusOf(c circuit.Circuit) string {
	if c.Is(circuit.StatusAllocationFailed) {
		return circuit.StatusAllocationFailed
	}
	return c.Status
}

// query returns the parameters of a page of the circuits.
func (s selection) query(number int) map[string]string {
	query := map[string]string{
		"ResourceGroupId": s.resourceGroup, "IncludeReservationData": "true",
		"PageSize": strconv.Itoa(circuitPage), "PageNumber": strconv.Itoa(number),
	}
	filters := 0
	filter := func(key string, values ...string) {
		filters++
		query[fmt.Sprintf("Filter.%d.Key", filters)] = key
		for index, value := range values {
			query[fmt.Sprintf("Filter.%d.Value.%d", filters, index+1)] = value
		}
	}
	if len(s.ids) > 0 {
		filter("PhysicalConnectionId", s.ids...)
	}
	for _, part := range s.sent {
		filter(part.key, part.value)
	}
	for index, key := range s.sentTags {
		query[fmt.Sprintf("Tags.%d.Key", index+1)] = key
		query[fmt.Sprintf("Tags.%d.Value", index+1)] = s.tags[key]
	}
	return query
}

// parse reads a page of the circuits. One circuit that cannot be told makes the
// whole page unreadable, and so does one that was not asked for.
func (s selection) parse(body []byte) (rows []circuitRow, total *int64, complaint string) {
	rows, total, complaint = parseCircuits(body)
	for _, row := range rows {
		switch id := row.PhysicalConnectionID.String(); {
		case id == "":
			return nil, nil, "a circuit is listed without an ID"
		case row.Status == "":
			return nil, nil, "a circuit is listed without a status"
		case len(s.ids) > 0 && !slices.Contains(s.ids, id):
			return nil, nil, "the list of circuits holds others than those that were asked for"
		}
	}
	return rows, total, complaint
}

// keeps applies what the request could not carry.
func (s selection) keeps(circuit circuit.Circuit) bool {
	for _, part := range s.kept {
		if part.of(circuit) != part.value {
			return false
		}
	}
	for key, value := range s.keptTags {
		if actual, tagged := circuit.Tags[key]; !tagged || actual != value {
			return false
		}
	}
	return true
}
