// Package account is the store of the emulator: the circuits, orders and balance of one
// account, its client tokens, and the clock on which they change. It does not use HTTP.
package account

import (
	"math"
	"sync"
	"time"
)

// Account is the state of the emulated account. It is safe for concurrent use.
// The operations of the API refuse a request with a Code.
type Account struct {
	clock func() time.Time

	mu       sync.Mutex
	onChange func(State) // see OnChange
	contents
}

// contents is what an account remembers. A State contains all of it but tokensHeld.
type contents struct {
	offset         time.Duration
	quirks         Quirks
	circuits       []*circuitRecord
	circuitsIssued int
	orders         orderStore
	trafficOpened  bool // by OpenTraffic
	balance        Money
	tokens         map[TokenKey]tokenRecord
	tokensHeld     map[TokenKey]bool
}

func newContents(quirks Quirks) contents {
	return contents{
		quirks:     quirks,
		balance:    Unlimited,
		orders:     orderStore{byID: map[string]*Order{}},
		tokens:     map[TokenKey]tokenRecord{},
		tokensHeld: map[TokenKey]bool{},
	}
}

// Code is an error code of the API. An operation returns it if it refuses a request.
type Code string

// Error returns the code.
func (c Code) Error() string { return string(c) }

// New returns an account without circuits and with an unlimited balance.
func New(clock func() time.Time, quirks Quirks) *Account {
	return &Account{clock: clock, contents: newContents(quirks)}
}

// Reset makes the account a new one. The clock is at the current time again.
func (a *Account) Reset(quirks Quirks) {
	defer a.lock()()
	a.contents = newContents(quirks)
}

// Now returns the current time on the clock of circuits and orders.
func (a *Account) Now() time.Time {
	defer a.read()()
	return a.now()
}

// Advance moves that clock forward, by at most 292 years in all. The timestamps of requests
// are still checked against the clock that New received, which is also the clock of the
// clients.
func (a *Account) Advance(d time.Duration) {
	defer a.lock()()
	a.offset += min(d, math.MaxInt64-max(a.offset, 0))
}

// Quirks returns the current quirks.
func (a *Account) Quirks() Quirks {
	defer a.read()()
	return a.quirks
}

// SetQuirks replaces the quirks.
func (a *Account) SetQuirks(quirks Quirks) {
	defer a.lockCurrent()()
	a.quirks = quirks
}

func (a *Account) now() time.Time { return a.clock().Add(a.offset) }

// read locks the account for a function that changes nothing. It returns the function that
// unlocks it.
func (a *Account) read() (unlock func()) {
	a.mu.Lock()
	return a.mu.Unlock
}

// lock locks the account for a change. It returns the function that unlocks it.
func (a *Account) lock() (unlock func()) {
	a.mu.Lock()
	return func() {
		if a.onChange != nil {
			a.onChange(a.state())
		}
		a.mu.Unlock()
	}
}

// lockCurrent locks the account and applies the changes that are due. Every function that
// reads or changes circuits, orders or the balance uses it.
func (a *Account) lockCurrent() (unlock func()) {
	unlock = a.lock()
	a.applyDueChanges()
	return unlock
}

// applyDueChanges cancels unpaid orders that expired, enables circuits that were paid, takes
// the next steps of constructions and terminations, and plays the ends of terms.
func (a *Account) applyDueChanges() {
	now := a.now()
	for _, order := range a.orders.all {
		order.expire(now)
	}
	for _, record := range a.circuits {
		record.applyDueChanges(now, a.quirks)
	}
	a.playTerms(now)
}
