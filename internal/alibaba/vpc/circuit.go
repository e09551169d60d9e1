package vpc

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

// Source: https://www.alibabacloud.com/help/en/express-connect/developer-reference/api-vpc-2016-04-28-describephysicalconnections-efficiency-channels
const (
	actionDescribe = "DescribePhysicalConnections"
	// codeNoCircuit means that the circuit does not exist. Some answers are an empty list
	// instead.
	codeNoCircuit = "InvalidPhysicalConnectionId.NotFound"
	// readTries is the maximum number of tries of a read. The pauses between them add up
	// to at most 46 seconds.
	readTries = 8
	// circuitPage is the largest page of circuits.
	circuitPage = 50
)

// newRead returns a call that reads circuits.
func (c *Client) newRead(region string) (rpc.Call, *apierror.Error) {
	call, failure := c.newCall(actionDescribe, region)
	call.Timeout, call.Tries = rpc.ReadTimeout, readTries
	return call, failure
}

// DescribeCircuit reads one circuit by its ID. It implements circuit.Reader: it repeats
// the read after temporary errors, except for query.Once, and ends when ctx ends.
func (c *Client) DescribeCircuit(ctx context.Context, query circuit.Query) (circuit.Circuit, error) {
	call, failure := c.newRead(query.Region)
	if failure != nil {
		return circuit.Circuit{}, failure
	}
	if query.Once {
		call.Tries = 1
	}
	call.Query = map[string]string{
		"Filter.1.Key": "PhysicalConnectionId", "Filter.1.Value.1": query.CircuitID,
		"PageSize": strconv.Itoa(circuitPage), "PageNumber": "1",
	}
	if query.WithReservations {
		call.Query["IncludeReservationData"] = "true"
	}
	var found *circuit.Circuit
	missing := &circuit.NotFoundError{Region: call.Region, CircuitID: query.CircuitID, Host: call.Endpoint.Host}
	call.Parse = func(answer rpc.Answer) (problem string) {
		missing.RequestID = answer.RequestID
		if found, problem = parseCircuit(answer.Body, query.CircuitID); found != nil {
			found.Region, found.AsOf = call.Region, answer.Date
		}
		return problem
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
	return *found, nil
}

// Unanswered implements CircuitAPI.
func (c *Client) Unanswered(ctx context.Context, region string) error {
	call, failure := c.newRead(region)
	if failure != nil {
		return failure
	}
	return call.Unanswered(ctx)
}

// parseCircuit returns the circuit in the answer to a query for its ID, nil if the
// circuit does not exist. It returns a problem if the answer leaves a doubt, because an
// order depends on it.
func parseCircuit(body []byte, circuitID string) (found *circuit.Circuit, problem string) {
	rows, total, problem := parseCircuits(body)
	switch {
	case problem != "":
		return nil, problem
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

// parseCircuits reads a page of circuits.
func parseCircuits(body []byte) (rows []circuitRow, total *int64, problem string) {
	var list struct {
		TotalCount rpc.Text
		Set        struct {
			Rows rpc.Array[circuitRow] `json:"PhysicalConnectionType"`
		} `json:"PhysicalConnectionSet"`
	}
	list.Set.Rows.Max = circuitPage
	return rpc.Rows(body, "circuits", &list, &list.Set.Rows, &list.TotalCount)
}

// circuitRow is a row of DescribePhysicalConnections, without MacsecKeys, which are
// secret. JSON matches the names without regard to upper and lower case.
type circuitRow struct {
	PhysicalConnectionID                        rpc.Text
	Status, BusinessStatus, LoaStatus           rpc.Text
	CreationTime, EnabledTime, EndTime          rpc.Text
	Name, Description                           rpc.Text
	Type, ProductType, Spec, ExpectSpec         rpc.Text
	AccessPointID, AccessPointType              rpc.Text
	AdLocation, AdDetailLocation, PeerLocation  rpc.Text
	LineOperator, CircuitCode                   rpc.Text
	PortType, PortNumber                        rpc.Text
	ChargeType, OrderMode, ResourceGroupID      rpc.Text
	RedundantPhysicalConnectionID               rpc.Text
	ParentPhysicalConnectionID                  rpc.Text
	ParentPhysicalConnectionAliUID              rpc.Text
	VirtualPhysicalConnectionCount              rpc.Text
	VpconnStatus, VlanID, QosID                 rpc.Text
	OpticalModuleModel, DeviceFeaturesSelected  rpc.Text
	Bandwidth, DownDelayTime                    rpc.Text
	HasReservationData                          rpc.Text
	ReservationActiveTime, ReservationOrderType rpc.Text
	ReservationInternetChargeType               rpc.Text
	Tags                                        tags
}

func (row circuitRow) circuit() circuit.Circuit {
	return circuit.Circuit{
		ID:                             row.PhysicalConnectionID.String(),
		Status:                         row.Status.String(),
		BusinessStatus:                 row.BusinessStatus.String(),
		LOAStatus:                      row.LoaStatus.String(),
		CreationTime:                   row.CreationTime.Time(),
		EnabledTime:                    row.EnabledTime.Time(),
		EndTime:                        row.EndTime.Time(),
		Name:                           row.Name.String(),
		Description:                    row.Description.String(),
		Type:                           row.Type.String(),
		ProductType:                    row.ProductType.String(),
		Spec:                           row.Spec.String(),
		ExpectSpec:                     row.ExpectSpec.String(),
		AccessPointID:                  row.AccessPointID.String(),
		AccessPointType:                row.AccessPointType.String(),
		AdLocation:                     row.AdLocation.String(),
		AdDetailLocation:               row.AdDetailLocation.String(),
		PeerLocation:                   row.PeerLocation.String(),
		LineOperator:                   row.LineOperator.String(),
		CircuitCode:                    row.CircuitCode.String(),
		PortType:                       row.PortType.String(),
		PortNumber:                     row.PortNumber.String(),
		ChargeType:                     row.ChargeType.String(),
		OrderMode:                      row.OrderMode.String(),
		ResourceGroupID:                row.ResourceGroupID.String(),
		RedundantPhysicalConnectionID:  row.RedundantPhysicalConnectionID.String(),
		ParentPhysicalConnectionID:     row.ParentPhysicalConnectionID.String(),
		VpconnStatus:                   row.VpconnStatus.String(),
		VlanID:                         row.VlanID.String(),
		QosID:                          row.QosID.String(),
		OpticalModuleModel:             row.OpticalModuleModel.String(),
		DeviceFeaturesSelected:         row.DeviceFeaturesSelected.String(),
		Bandwidth:                      row.Bandwidth.Number(),
		ParentPhysicalConnectionAliUID: row.ParentPhysicalConnectionAliUID.Number(),
		VirtualPhysicalConnectionCount: row.VirtualPhysicalConnectionCount.Number(),
		DownDelayTime:                  row.DownDelayTime.Number(),
		HasReservationData:             row.HasReservationData.Bool(),
		ReservationActiveTime:          row.ReservationActiveTime.Time(),
		ReservationOrderType:           row.ReservationOrderType.String(),
		ReservationInternetChargeType:  row.ReservationInternetChargeType.String(),
		Tags:                           row.Tags.values,
	}
}

// tags reads {"tags": [{"Key": …, "Value": …}]}. Other values, such as the empty text in
// some answers, mean no tags.
type tags struct{ values map[string]string }

// UnmarshalJSON implements json.Unmarshaler.
func (t *tags) UnmarshalJSON(data []byte) error {
	var list struct {
		Tags rpc.Array[struct{ Key, Value rpc.Text }]
	}
	list.Tags.Max = rpc.MaxValues
	err := json.Unmarshal(data, &list)
	if errors.Is(err, rpc.ErrTooLong) {
		return err
	}
	if err == nil && len(list.Tags.Entries) > 0 {
		t.values = make(map[string]string, len(list.Tags.Entries))
		for _, tag := range list.Tags.Entries {
			t.values[tag.Key.String()] = tag.Value.String()
		}
	}
	return nil
}
