package order

import (
	"context"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/retry"
)

const (
	// existingWait is how long AwaitExisting waits after the last order that Terraform has read
	// from the state. Terraform visits resources in a random order.
	existingWait = 250 * time.Millisecond
	// maxExistingWait is how long AwaitExisting waits at most.
	maxExistingWait = 5 * time.Second
	// crowd is how many calls in progress may hold up others. Terraform makes ten at a time.
	crowd = 8
)

// AwaitExisting returns the ID of the order that the state has for the circuit, "" if it has
// none. It waits a moment for a resource that Terraform has not read yet, such as one that
// was renamed. unsure is true if the state may have the order anyway: it has others, or so
// many calls are in progress that Terraform may have more resources to read.
func (r *RunRegistry) AwaitExisting(ctx context.Context, key circuit.Key) (orderID string, unsure bool) {
	const pause = existingWait / 10
	visits := r.visited()
	quiet := time.Duration(0) // since Terraform has read the last order
	for waited := time.Duration(0); ; waited += pause {
		if orderID := r.ExistingOrder(key); orderID != "" {
			return orderID, false
		}
		unsure = unsure || r.mayHaveOthers()
		if now := r.visited(); now != visits {
			visits, quiet = now, 0
		}
		if quiet >= existingWait || waited >= maxExistingWait || retry.Wait(ctx, pause) != nil {
			return "", unsure
		}
		quiet += pause
	}
}

// visited returns how many orders Terraform has read from the state so far.
func (r *RunRegistry) visited() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.visits
}

// mayHaveOthers reports whether the state has an order, or so many calls are in progress that
// others may wait.
func (r *RunRegistry) mayHaveOthers() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, entry := range r.circuits {
		if entry.existing != "" {
			return true
		}
	}
	return r.calls >= crowd
}

// BeginCall records a call of Terraform for a resource, until the returned function is called.
func (r *RunRegistry) BeginCall() (end func()) {
	count := func(change int) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.calls += change
	}
	count(1)
	return func() { count(-1) }
}
