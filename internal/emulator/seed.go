package emulator

import (
	"fmt"
)

// Seed is what an emulator contains when it starts and after Reset. In JSON, it has the field
// names of the types, as the control routes do.
type Seed struct {
	Quirks *Quirks
	// Circuits have the defaults of AddCircuit.
	Circuits []Circuit
	// ConsoleOrders are placed in this order. They do not change Balance.
	ConsoleOrders []ConsoleOrder
	OtherOrders   []Order
	// Balance is what the account can pay; nil means Unlimited.
	Balance *Money
	Faults  []Fault
}

// Reset removes circuits, orders, client tokens, sessions, faults and the journal, lets held
// requests continue, and sets clock, balance and quirks back. Then it adds the seed again.
func (e *Emulator) Reset() error {
	e.Account.Reset(e.quirks)
	e.Gateway.Reset()
	return e.add(e.seed)
}

// add adds the content of a seed.
func (e *Emulator) add(seed Seed) error {
	if seed.Quirks != nil {
		e.SetQuirks(*seed.Quirks)
	}
	for _, circuit := range seed.Circuits {
		if err := circuit.Check(); err != nil {
			return err
		}
		e.AddCircuit(circuit)
	}
	for _, order := range seed.ConsoleOrders {
		if _, err := e.PlaceConsoleOrder(order); err != nil {
			return fmt.Errorf("order of circuit %q: %w", order.CircuitID, err)
		}
	}
	for _, order := range seed.OtherOrders {
		if err := e.CheckOtherOrder(order); err != nil {
			return err
		}
		e.AddOtherOrder(order)
	}
	if seed.Balance != nil {
		e.SetBalance(*seed.Balance)
	}
	for _, fault := range seed.Faults {
		if err := e.CheckFault(&fault); err != nil {
			return err
		}
		e.AddFault(fault)
	}
	return nil
}
