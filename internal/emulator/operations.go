package emulator

import (
	"maps"
	"slices"
)

const (
	productVPC = "Vpc"
	versionVPC = "2016-04-28"
	productBSS = "BssOpenApi"
	versionBSS = "2017-12-14"
)

// operation is an action of the API.
type operation struct {
	product string
	version string
	// permission is the action's name in policies.
	permission string
	required   []string
	run        runner
	// unsigned says that a parameter tells who asks.
	unsigned bool
}

// runner carries out an action, under the emulator's lock.
type runner func(*Emulator, *request) (object, *apiError)

var (
	needRegion  = []string{paramRegion}
	needCircuit = []string{paramRegion, paramCircuitID}
	needOrder   = []string{paramOrderID}
)

var operations = map[string]operation{
	actionPlaceOrder: {
		product: productVPC, version: versionVPC, permission: "vpc:CreatePhysicalConnectionOccupancyOrder", required: needCircuit, run: (*Emulator).placeOrder,
	},
	"DescribePhysicalConnections": {
		product: productVPC, version: versionVPC, permission: "vpc:DescribePhysicalConnections", required: needRegion, run: (*Emulator).describeCircuits,
	},
	"DescribeRegions": {product: productVPC, version: versionVPC, permission: "vpc:DescribeRegions", run: (*Emulator).describeRegions},

	"CreatePhysicalConnection": {
		product: productVPC, version: versionVPC, permission: "vpc:CreatePhysicalConnection",
		required: []string{paramRegion, "AccessPointId", "LineOperator"}, run: applyForCircuit.run,
	},
	"ModifyPhysicalConnectionAttribute": {
		product: productVPC, version: versionVPC, permission: "vpc:ModifyPhysicalConnectionAttribute", required: needCircuit, run: modifyCircuit.run,
	},
	"ConfirmPhysicalConnection":   {product: productVPC, version: versionVPC, permission: "vpc:ConfirmPhysicalConnection", required: needCircuit, run: confirmCircuit.run},
	"CancelPhysicalConnection":    {product: productVPC, version: versionVPC, permission: "vpc:CancelPhysicalConnection", required: needCircuit, run: cancelCircuit.run},
	"TerminatePhysicalConnection": {product: productVPC, version: versionVPC, permission: "vpc:TerminatePhysicalConnection", required: needCircuit, run: terminateCircuit.run},
	"DeletePhysicalConnection":    {product: productVPC, version: versionVPC, permission: "vpc:DeletePhysicalConnection", required: needCircuit, run: deleteCircuit.run},

	"OpenPhysicalConnectionService": {
		product: productVPC, version: versionVPC, permission: "vpc:OpenPhysicalConnectionService", run: (*Emulator).openTraffic,
	},
	"GetPhysicalConnectionServiceStatus": {
		product: productVPC, version: versionVPC, permission: "vpc:GetPhysicalConnectionServiceStatus", run: (*Emulator).trafficStatus,
	},

	"QueryOrders":    {product: productBSS, version: versionBSS, permission: "bss:DescribeOrderList", run: billed((*Emulator).queryOrders)},
	"GetOrderDetail": {product: productBSS, version: versionBSS, permission: "bss:DescribeOrderDetail", required: needOrder, run: billed((*Emulator).orderDetail)},
	"CancelOrder":    {product: productBSS, version: versionBSS, permission: "bss:CancelOrder", required: needOrder, run: billed((*Emulator).cancelOrder)},
	"QueryAvailableInstances": {
		product: productBSS, version: versionBSS, permission: "bssapi:QueryAvailableInstances", run: billed((*Emulator).availableInstances),
	},
	// The permission is really spelt like that.
	actionBalance: {product: productBSS, version: versionBSS, permission: "bss:DescribeAcccount", run: billed((*Emulator).accountBalance)},

	"AssumeRole": {
		product: productSTS, version: versionSTS, permission: "sts:AssumeRole",
		required: []string{paramRoleArn, paramSessionName}, run: (*Emulator).assumeRole,
	},
	"AssumeRoleWithOIDC": {
		product: productSTS, version: versionSTS, unsigned: true,
		required: []string{paramRoleArn, paramSessionName, paramOIDCArn, paramOIDCToken}, run: (*Emulator).assumeRoleWithOIDC,
	},
}

// Operation is an action that the emulator plays.
type Operation struct {
	Action  string
	Product string // "Vpc", "BssOpenApi" or "Sts"
	Version string // such as "2016-04-28"
	// Permission is the action's name in RAM policies.
	Permission string
}

// Operations returns the actions that the emulator plays, by name. Every other
// action is answered with InvalidAction.NotFound.
func Operations() []Operation {
	played := make([]Operation, 0, len(operations))
	for _, action := range slices.Sorted(maps.Keys(operations)) {
		op := operations[action]
		played = append(played, Operation{action, op.product, op.version, op.permission})
	}
	return played
}
