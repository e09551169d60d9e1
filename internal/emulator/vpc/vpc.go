// Package vpc serves the emulated operations of the VPC API: the occupancy order, and the
// life of a circuit.
package vpc

import (
	"fmt"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/account"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/gateway"
)

const paramCircuitID = "PhysicalConnectionId"

// service serves the circuits and orders of one account.
type service struct{ store *account.Account }

// Operations returns the operations of the VPC API.
func Operations(store *account.Account) []gateway.Operation {
	s := service{store}
	return []gateway.Operation{
		operation(gateway.ActionPlaceOrder, s.placeOrder, gateway.ParamRegion, paramCircuitID),
		operation("DescribePhysicalConnections", s.describeCircuits, gateway.ParamRegion),
		operation("DescribeRegions", s.describeRegions),

		operation("CreatePhysicalConnection", s.applyForCircuit, gateway.ParamRegion, "AccessPointId", "LineOperator"),
		operation("ModifyPhysicalConnectionAttribute", s.modifyCircuit, gateway.ParamRegion, paramCircuitID),
		operation("ConfirmPhysicalConnection", s.confirmCircuit, gateway.ParamRegion, paramCircuitID),
		operation("CancelPhysicalConnection", onCircuit(store.CancelCircuit), gateway.ParamRegion, paramCircuitID),
		operation("TerminatePhysicalConnection", onCircuit(store.TerminateCircuit), gateway.ParamRegion, paramCircuitID),
		operation("DeletePhysicalConnection", onCircuit(store.DeleteCircuit), gateway.ParamRegion, paramCircuitID),

		operation("OpenPhysicalConnectionService", s.openTraffic),
		operation("GetPhysicalConnectionServiceStatus", s.trafficStatus),
	}
}

func operation(action string, run func(*gateway.Request) (gateway.Object, error), required ...string) gateway.Operation {
	return gateway.Operation{
		Action: action, Product: gateway.ProductVPC, Version: "2016-04-28", Permission: "vpc:" + action, Required: required, Run: run,
	}
}

// describeRegions serves DescribeRegions.
func (s service) describeRegions(q *gateway.Request) (gateway.Object, error) {
	found := gateway.List{}
	for _, region := range account.Regions() {
		name := region.Chinese
		if q.Params["AcceptLanguage"] == "en-US" {
			name = region.English
		}
		found = append(found, gateway.Object{
			{"RegionId", region.ID},
			{"RegionEndpoint", fmt.Sprintf("vpc.%s.aliyuncs.com", region.ID)},
			{"LocalName", name},
		})
	}
	return gateway.Object{
		{"RequestId", q.ID},
		{"Regions", gateway.Object{{"Region", found}}},
	}, nil
}
