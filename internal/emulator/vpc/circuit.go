package vpc

import (
	"cmp"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/account"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/gateway"
)

// applyForCircuit serves CreatePhysicalConnection.
func (s service) applyForCircuit(q *gateway.Request) (gateway.Object, error) {
	attempt, err := q.Attempt()
	if err != nil {
		return nil, err
	}
	wanted := readCircuit(q)
	wanted.Type = q.Params["Type"]
	wanted.AccessPointID = q.Params["AccessPointId"]
	wanted.ResourceGroupID = q.Params["ResourceGroupId"]
	wanted.Tags = readTags(q.Params)
	id, err := s.store.ApplyForCircuit(attempt, wanted)
	return gateway.Object{{"RequestId", q.ID}, {paramCircuitID, id}}, err
}

// modifyCircuit serves ModifyPhysicalConnectionAttribute.
func (s service) modifyCircuit(q *gateway.Request) (gateway.Object, error) {
	return onCircuit(func(attempt account.Attempt, _, _ string) error {
		return s.store.ModifyCircuit(attempt, readCircuit(q))
	})(q)
}

// confirmMessages are the messages of ConfirmPhysicalConnection that differ from those of the
// other operations. Their status is 400.
var confirmMessages = map[account.Code]string{
	"InvalidRegionId.NotFound":             "The specified RegionId is not found.",
	"InvalidPhysicalConnectionId.NotFound": "The specified physicalConnection is not found",
	"IncorrectStatus.PhysicalConnection":   "The specified PhysicalConnectionId is not in Allocated state.",
}

// confirmCircuit serves ConfirmPhysicalConnection.
func (s service) confirmCircuit(q *gateway.Request) (gateway.Object, error) {
	body, err := onCircuit(s.store.ConfirmCircuit)(q)
	var code account.Code
	if errors.As(err, &code) && confirmMessages[code] != "" {
		return nil, &gateway.Error{Status: http.StatusBadRequest, Code: string(code), Message: confirmMessages[code]}
	}
	return body, err
}

// onCircuit serves an operation that changes one circuit.
func onCircuit(change func(attempt account.Attempt, region, id string) error) func(*gateway.Request) (gateway.Object, error) {
	return func(q *gateway.Request) (gateway.Object, error) {
		attempt, err := q.Attempt()
		if err != nil {
			return nil, err
		}
		return gateway.Object{{"RequestId", q.ID}}, change(attempt, q.Region(), q.Params[paramCircuitID])
	}
}

// readCircuit reads the attributes that can be set, and which circuit they are for.
func readCircuit(q *gateway.Request) account.Circuit {
	wanted := account.Circuit{
		Region:                        q.Region(),
		ID:                            q.Params[paramCircuitID],
		LineOperator:                  q.Params["LineOperator"],
		PortType:                      q.Params["PortType"],
		CircuitCode:                   q.Params["CircuitCode"],
		PeerLocation:                  q.Params["PeerLocation"],
		Name:                          q.Params["Name"],
		Description:                   q.Params["Description"],
		OpticalModuleModel:            q.Params["OpticalModuleModel"],
		RedundantPhysicalConnectionID: q.Params["RedundantPhysicalConnectionId"],
	}
	// The API spells the parameter like this.
	if text := q.Params["bandwidth"]; text != "" {
		number, _ := strconv.ParseInt(text, 10, 64)
		wanted.Bandwidth = cmp.Or(number, -1) // The store refuses -1 as invalid.
	}
	return wanted
}

// readTags reads Tag.N.Key and Tag.N.Value.
func readTags(params map[string]string) map[string]string {
	tags := map[string]string{}
	for name, key := range params {
		if number, found := strings.CutSuffix(name, ".Key"); found && strings.HasPrefix(name, "Tag.") {
			tags[key] = params[number+".Value"]
		}
	}
	return tags
}

// openTraffic serves OpenPhysicalConnectionService.
func (s service) openTraffic(q *gateway.Request) (gateway.Object, error) {
	return gateway.Object{{"RequestId", q.ID}}, s.store.OpenTraffic()
}

// trafficStatus serves GetPhysicalConnectionServiceStatus.
func (s service) trafficStatus(q *gateway.Request) (gateway.Object, error) {
	return gateway.Object{{"RequestId", q.ID}, {"Enabled", s.store.TrafficOpen()}}, nil
}
