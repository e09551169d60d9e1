package main

import "fmt"

// kind is a command of the CLI.
type kind struct {
	name      string
	arguments []string
}

var (
	// schemaLoad starts the provider and loads its schemas.
	schemaLoad = &kind{"schema load", []string{"providers", "schema", "-json"}}
	// refresh refreshes and plans paid orders. A plan with changes has exit code 2, which
	// counts as a failure.
	refresh = &kind{"plan", []string{"plan", "-no-color", "-detailed-exitcode"}}
	// place plans and applies new orders.
	place = &kind{"apply", []string{"apply", "-no-color", "-auto-approve"}}
)

// operation is a command for a number of orders.
type operation struct {
	*kind
	orders int
}

func (o operation) String() string {
	if o.kind == schemaLoad {
		return o.name
	}
	return fmt.Sprintf("%s of %d", o.name, o.orders)
}
