package gateway

import (
	"maps"
	"slices"
)

// The products of the API.
const (
	ProductVPC = "Vpc"
	ProductBSS = "BssOpenApi"
	ProductSTS = "Sts"
)

// Operation is an action of the API.
type Operation struct {
	Action  string
	Product string
	Version string // such as "2016-04-28"
	// Permission is the name of the action in RAM policies.
	Permission string
	Required   []string // parameters
	// Unsigned is true if a parameter identifies the caller, instead of a signature.
	Unsigned bool
	// Run processes the request. Its error is an *Error or an account.Code.
	Run func(*Request) (Object, error)
}

// Register adds operations.
func (g *Gateway) Register(operations []Operation) {
	for _, operation := range operations {
		g.operations[operation.Action] = operation
	}
}

// Operations returns the operations that the gateway serves, by name. It answers every
// other action with InvalidAction.NotFound.
func (g *Gateway) Operations() []Operation {
	served := make([]Operation, 0, len(g.operations))
	for _, action := range slices.Sorted(maps.Keys(g.operations)) {
		served = append(served, g.operations[action])
	}
	return served
}
