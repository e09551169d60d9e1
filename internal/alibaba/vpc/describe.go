package vpc

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

// Source: https://www.alibabacloud.com/help/en/express-connect/developer-reference/api-vpc-2016-04-28-describephysicalconnections-efficiency-channels
const (
	actionDescribe = "DescribePhysicalConnections"
	// codeNoCircuit answers a question for a circuit that does not exist, where the
	// answer is not simply an empty list.
	codeNoCircuit = "InvalidPhysicalConnectionId.NotFound"
	// readTries bounds the tries of a read. The pauses between them add up to 46
	// seconds at most.
	readTries = 8
)

// circuitPage is the most circuits that a page can hold.
const circuitPage = 50

// DescribeCircuit reads one circuit. It implements ordering.Reader: it
// tries again what may pass, at most readTries times, and ends as soon as ctx ends.
func (c *Client) DescribeCircuit(ctx context.Context, query circuit.Query) (circuit.Circuit, error) {
	call, failure := c.newCall(actionDescribe, query.Region)
	if failure != nil {
		return circuit.Circuit{}, failure
	}
	call.Timeout, call.Tries = rpc.ReadTimeout, readTries
	call.Query = map[string]string{
		"Filter.1.Key": "PhysicalConnectionId", "Filter.1.Value.1": query.CircuitID,
		"PageSize": strconv.Itoa(circuitPage), "PageNumber": "1",
	}
	if query.WithReservations {
		call.Query["IncludeReservationData"] = "true"
	}
	var found *circuit.Circuit
	missing := &circuit.NotFoundError{Region: call.Region, CircuitID: query.CircuitID, Host: call.Endpoint.Host}
	call.Parse = func(received rpc.Answer) (complaint string) {
		missing.RequestID = received.RequestID
		if found, complaint = parseCircuit(received.Body, query.CircuitID); found != nil {
			found.AsOf = received.Date
		}
		return complaint
	}

	failure = c.rpc.Retry(ctx, call)
	switch {
	case failure != nil && failure.Code == codeNoCircuit:
		missing.RequestID = failure.RequestID
		return circuit.Circuit{}, missing
	case failure != nil:
		return circuit.Circuit{}, failure
	case found == nil:
		return circuit.Circuit{}, missing
	}
	found.Region = call.Region
	return *found, nil
}

// parseCircuit finds a circuit in the answer to a question for it alone. It returns
// nil when the answer is that there is none, and a complaint when the answer makes
// no sense: that a circuit is gone is only believed of an answer that is beyond
// doubt, since an order depends on it.
func parseCircuit(body []byte, circuitID string) (found *circuit.Circuit, complaint string) {
	rows, total, complaint := parseCircuits(body)
	switch {
	case complaint != "":
		return nil, complaint
	case len(rows) == 0 && total != nil && *total > 0:
		return nil, "the list of circuits contradicts its count"
	}
	for _, row := range rows {
		switch {
		case row.PhysicalConnectionID.String() != circuitID:
		case found != nil:
			return nil, "the circuit is listed twice"
		case row.Status == "":
			return nil, "the circuit is listed without a status"
		default:
			found = new(row.circuit())
		}
	}
	if found == nil && len(rows) > 0 {
		return nil, "the list of circuits holds others than the one that was asked for"
	}
	return found, ""
}

// parseCircuits reads a page of a list of circuits.
func parseCircuits(body []byte) (rows []circuitRow, total *int64, complaint string) {
	var listing struct {
		TotalCount rpc.Text
		Set        struct {
			Rows rpc.Array[circuitRow] `json:"PhysicalConnectionType"`
		} `json:"PhysicalConnectionSet"`
	}
	listing.Set.Rows.Max = circuitPage
	if err := json.Unmarshal(body, &listing); err != nil {
		return nil, nil, rpc.PageError("circuits", err)
	}
	return rpc.PageRows("circuits", listing.Set.Rows, listing.TotalCount)
}
