package account

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/strictjson"
)

// stateFormat is the format of a State. A later one may have another number.
const stateFormat = 1

// State is what an account remembers, as JSON in a file. It has the field names of the types.
type State struct {
	Format int
	// Ahead is how far Advance has moved the clock.
	Ahead          strictjson.Duration
	Quirks         Quirks
	Balance        stateBalance
	TrafficOpened  bool
	CircuitsIssued int
	Circuits       []CircuitState
	Orders         []Order
	OtherOrders    []Order
	ClientTokens   []TokenState
}

// stateBalance is a balance that may be negative: SetBalance accepts that.
type stateBalance Money

// MarshalText writes the balance as Money does.
func (b stateBalance) MarshalText() ([]byte, error) { return Money(b).MarshalText() }

// UnmarshalText reads what MarshalText writes.
func (b *stateBalance) UnmarshalText(text []byte) error {
	amount, isNegative := bytes.CutPrefix(text, []byte("-"))
	err := (*Money)(b).UnmarshalText(amount)
	if isNegative {
		*b = -*b
	}
	return err
}

// CircuitState is a circuit and its next changes.
type CircuitState struct {
	Circuit

	EnableAt time.Time `json:",omitzero"`
	// PaidBy is the ID of the order that enables the circuit at EnableAt.
	PaidBy          string         `json:",omitempty"`
	ChangeAt        time.Time      `json:",omitzero"`
	ChargedUntil    time.Time      `json:",omitzero"`
	EarlierRenewals []RenewalState `json:",omitempty"`
}

// RenewalState is a renewal setting that a circuit had until a time.
type RenewalState struct {
	Until   time.Time
	Renewal Renewal
}

// TokenState is a client token and its result.
type TokenState struct {
	TokenKey

	Result string
	Params map[string]string
	At     time.Time
	Spent  bool `json:",omitempty"`
}

// OnChange calls a function after every change of the account, before another request can
// see it. The function must not use the account.
func (a *Account) OnChange(save func(State)) {
	defer a.lock()()
	a.onChange = save
}

func (a *Account) state() State {
	s := State{
		Format:         stateFormat,
		Ahead:          strictjson.Duration(a.offset),
		Quirks:         a.quirks,
		Balance:        stateBalance(a.balance),
		TrafficOpened:  a.trafficOpened,
		CircuitsIssued: a.circuitsIssued,
		Circuits:       make([]CircuitState, 0, len(a.circuits)),
		Orders:         cloneAll(a.orders.occupancy),
		OtherOrders:    cloneAll(a.orders.others),
		ClientTokens:   make([]TokenState, 0, len(a.tokens)),
	}
	for _, record := range a.circuits {
		s.Circuits = append(s.Circuits, record.state())
	}
	for key, token := range a.tokens {
		s.ClientTokens = append(s.ClientTokens, TokenState{key, token.result, maps.Clone(token.params), token.at, token.spent})
	}
	slices.SortFunc(s.ClientTokens, func(a, b TokenState) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Action, b.Action), cmp.Compare(a.Region, b.Region), cmp.Compare(a.Token, b.Token))
	})
	return s
}

func (r *circuitRecord) state() CircuitState {
	s := CircuitState{Circuit: r.Clone(), EnableAt: r.enableAt, ChangeAt: r.changeAt, ChargedUntil: r.chargedUntil}
	if r.paidBy != nil {
		s.PaidBy = r.paidBy.ID
	}
	for _, change := range r.renewals {
		s.EarlierRenewals = append(s.EarlierRenewals, RenewalState{change.at, change.renewal})
	}
	return s
}

// Restore replaces what the account remembers. With an error, the account stays the same.
func (a *Account) Restore(s State) error {
	restored, err := s.contents()
	if err != nil {
		return err
	}
	defer a.lockCurrent()()
	a.contents = restored
	return nil
}

// contents returns what the state describes. It is an error if the state contradicts itself.
func (s State) contents() (contents, error) {
	c := newContents(s.Quirks)
	if s.Format != stateFormat {
		return c, fmt.Errorf("the format of the state is %d, this version reads %d", s.Format, stateFormat)
	}
	c.offset, c.balance, c.trafficOpened, c.circuitsIssued = time.Duration(s.Ahead), Money(s.Balance), s.TrafficOpened, s.CircuitsIssued
	for i, order := range slices.Concat(s.Orders, s.OtherOrders) {
		if order.ID == "" || c.orders.byID[order.ID] != nil {
			return c, fmt.Errorf("two orders have the ID %q, or it is empty", order.ID)
		}
		if err := order.check(); err != nil {
			return c, err
		}
		placed := order.clone()
		if i < len(s.Orders) {
			c.orders.occupancy = append(c.orders.occupancy, &placed)
		} else {
			c.orders.others = append(c.orders.others, &placed)
		}
		c.orders.insert(&placed)
	}
	for _, circuit := range s.Circuits {
		record, err := circuit.record(c.orders)
		if err != nil {
			return c, err
		}
		c.circuits = append(c.circuits, record)
	}
	for _, token := range s.ClientTokens {
		c.tokens[token.TokenKey] = tokenRecord{token.Result, token.Params, token.At, token.Spent}
	}
	return c, nil
}

func (s CircuitState) record(orders orderStore) (*circuitRecord, error) {
	record := &circuitRecord{Circuit: s.Clone(), enableAt: s.EnableAt, changeAt: s.ChangeAt, chargedUntil: s.ChargedUntil}
	if !s.EnableAt.IsZero() {
		if record.paidBy = orders.byID[s.PaidBy]; record.paidBy == nil {
			return nil, fmt.Errorf("circuit %s is paid by the order %q, which does not exist", s.ID, s.PaidBy)
		}
	}
	for _, earlier := range s.EarlierRenewals {
		record.renewals = append(record.renewals, renewalChange{earlier.Until, earlier.Renewal})
	}
	return record, nil
}
