package main

import "fmt"

// kind is what the CLI is asked to do.
type kind int

const (
	// schemaLoad loads the provider and its schemas.
	schemaLoad kind = iota
	// refresh plans orders that are placed and paid, their refresh included.
	refresh
	// place applies new orders, the plan included.
	place
)

// operation is a command of the CLI on a number of orders.
type operation struct {
	kind   kind
	orders int
}

func (o operation) String() string {
	if o.kind == schemaLoad {
		return o.name()
	}
	return fmt.Sprintf("%s of %d", o.name(), o.orders)
}

func (o operation) name() string {
	switch o.kind {
	case refresh:
		return "plan"
	case place:
		return "apply"
	default:
		return "schema load"
	}
}

// arguments are those of the CLI. A plan that is not empty ends with an exit code
// other than 0, and so counts as failed.
func (o operation) arguments() []string {
	switch o.kind {
	case refresh:
		return []string{"plan", "-no-color", "-detailed-exitcode"}
	case place:
		return []string{"apply", "-no-color", "-auto-approve"}
	default:
		return []string{"providers", "schema", "-json"}
	}
}
