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

// Limits of one request of DescribePhysicalConnections.
const (
	maxFilters      = 5
	maxFilterValues = 5
	maxTags         = 20
)

// maxCircuitPages bounds a list to 10,000 circuits.
const maxCircuitPages = 200

// ListCircuits lists the circuits that match the filter, with their renewals and orders
// that are not in effect yet. It implements circuit.Lister. The list is complete or the
// call fails, because Terraform destroys what is not in the list.
func (c *Client) ListCircuits(ctx context.Context, filter circuit.Filter) ([]circuit.Circuit, error) {
	call, failure := c.newRead(filter.Region)
	if failure != nil {
		return nil, failure
	}
	if filter.Once {
		call.Tries = 1
	}
	atOnce := 1
	if filter.Many {
		atOnce = 2
	}
	var circuits []circuit.Circuit
	for requests := requestsOfIDs(filter.IDs); len(requests) > 0; {
		ids := requests[0]
		requests = requests[1:]
		selection := newSelection(filter, ids)
		list, failure := rpc.ReadAll(ctx, c.rpc, call, rpc.Pages[circuitRow]{
			Size: circuitPage, Max: maxCircuitPages, AtOnce: atOnce,
			Query: selection.page,
			Parse: selection.parse,
			Key:   func(row circuitRow) string { return row.PhysicalConnectionID.String() },
		})
		switch {
		case failure != nil && failure.Code == codeNoCircuit && len(ids) > 0:
			// The API does not return which circuit is missing.
			if len(ids) > 1 {
				requests = slices.AppendSeq(requests, slices.Chunk(ids, 1))
			}
			continue
		case failure != nil:
			return nil, failure
		case list.Truncated:
			return nil, call.Failure(apierror.ResponseLost, fmt.Sprintf("the list of circuits has more than %d pages", maxCircuitPages))
		}
		for _, row := range list.Rows {
			if found := row.circuit(); selection.matches(found) {
				found.Region = call.Region
				circuits = append(circuits, found)
			}
		}
	}
	slices.SortFunc(circuits, func(a, b circuit.Circuit) int { return cmp.Compare(a.ID, b.ID) })
	return circuits, nil
}

// requestsOfIDs divides IDs into requests. Without IDs there is one request for all
// circuits. If all IDs are empty, there is no request, because no circuit has that ID.
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

// selection is a filter, divided into what one request can hold and the rest.
type selection struct {
	ids   []string
	query map[string]string
	rest  []func(circuit.Circuit) bool
}

func newSelection(filter circuit.Filter, ids []string) selection {
	s := selection{ids: ids, query: map[string]string{
		"ResourceGroupId": filter.ResourceGroupID, "IncludeReservationData": "true", "PageSize": strconv.Itoa(circuitPage),
	}}
	filters := 0
	send := func(key string, values ...string) {
		filters++
		s.query[fmt.Sprintf("Filter.%d.Key", filters)] = key
		for i, value := range values {
			s.query[fmt.Sprintf("Filter.%d.Value.%d", filters, i+1)] = value
		}
	}
	if len(ids) > 0 {
		send("PhysicalConnectionId", ids...)
	}
	for _, part := range []struct {
		key, value string
		of         func(circuit.Circuit) string
	}{
		// With the IDs, these always fit into a request. Only the API can apply Spec: its
		// values ("1G and below") are not those of circuits.
		{"Spec", filter.Spec, nil},
		{"AccessPointId", filter.AccessPointID, nil},
		{"LineOperator", filter.LineOperator, nil},
		{"Status", filter.Status, nil},
		{"Type", filter.Type, func(c circuit.Circuit) string { return c.Type }},
		{"ProductType", filter.ProductType, func(c circuit.Circuit) string { return c.ProductType }},
	} {
		switch {
		case part.value == "":
		case filters < maxFilters:
			send(part.key, part.value)
		default:
			s.rest = append(s.rest, func(c circuit.Circuit) bool { return part.of(c) == part.value })
		}
	}
	for i, key := range slices.Sorted(maps.Keys(filter.Tags)) {
		value := filter.Tags[key]
		if i < maxTags {
			s.query[fmt.Sprintf("Tags.%d.Key", i+1)] = key
			s.query[fmt.Sprintf("Tags.%d.Value", i+1)] = value
		}
		// An empty value is not sent, and the API matches every value for a key alone.
		if i >= maxTags || value == "" {
			s.rest = append(s.rest, func(c circuit.Circuit) bool {
				actual, tagged := c.Tags[key]
				return tagged && actual == value
			})
		}
	}
	return s
}

// page returns the parameters of a page.
func (s selection) page(number int) map[string]string {
	query := maps.Clone(s.query)
	query["PageNumber"] = strconv.Itoa(number)
	return query
}

// parse reads a page. The page is unreadable if one row has no ID or status, contradicts
// another one, or was not requested.
func (s selection) parse(body []byte) (rows []circuitRow, total *int64, problem string) {
	rows, total, problem = parseCircuits(body)
	statuses := map[string]string{}
	for _, row := range rows {
		switch id := row.PhysicalConnectionID.String(); {
		case id == "":
			return nil, nil, "a circuit is listed without an ID"
		case row.Status == "":
			return nil, nil, "a circuit is listed without a status"
		case len(s.ids) > 0 && !slices.Contains(s.ids, id):
			return nil, nil, "the list of circuits holds others than those that were asked for"
		case statuses[id] != "" && statuses[id] != row.Status.String():
			return nil, nil, "a circuit is listed twice"
		default:
			statuses[id] = row.Status.String()
		}
	}
	return rows, total, problem
}

// matches applies the part of the filter that the request does not hold.
func (s selection) matches(c circuit.Circuit) bool {
	return !slices.ContainsFunc(s.rest, func(match func(circuit.Circuit) bool) bool { return !match(c) })
}
