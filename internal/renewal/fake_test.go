package renewal_test

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/renewal"
)

var (
	quarterly = renewal.Setting{Status: renewal.Auto, Period: 3, Unit: renewal.Month}
	manual    = renewal.Setting{Status: renewal.Manual}
	product   = renewal.Product{Code: "pconn_intl", Type: "pconn_pre", SubscriptionType: "Subscription"}
)

// fake is billing with some circuits.
type fake struct {
	// latency is the time of each call, lag how much later a change is listed.
	latency, lag time.Duration
	// fails are the errors of the next calls of an operation; a nil one lets a call succeed.
	fails map[string][]error
	// silent means that changes that fail are made, and only the answer is lost.
	silent bool
	// refused is a circuit that makes every question about it fail, refusedCode a product
	// code.
	refused, refusedCode string
	// hidden is whether the next questions by ID do not show any circuit.
	hidden []bool

	mu        sync.Mutex
	instances map[string]renewal.Instance
	unlisted  map[string]bool
	calls     []string // operations
	asked     [][]string
	sent      []renewal.Setting
	products  []renewal.Product
}

func newFake(circuitIDs ...string) *fake {
	f := &fake{fails: map[string][]error{}, instances: map[string]renewal.Instance{}, unlisted: map[string]bool{}}
	for _, id := range circuitIDs {
		f.instances[id] = renewal.Instance{CircuitID: id, Product: product, Setting: manual}
	}
	return f
}

func (f *fake) call(name string) error {
	time.Sleep(f.latency)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, name)
	if len(f.fails[name]) == 0 {
		return nil
	}
	err := f.fails[name][0]
	f.fails[name] = f.fails[name][1:]
	return err
}

func (f *fake) count(name string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(slices.DeleteFunc(slices.Clone(f.calls), func(call string) bool { return call != name }))
}

func (f *fake) Instances(ctx context.Context, circuitIDs []string) ([]renewal.Instance, error) {
	if err := cmp.Or(f.call("by ID"), ctx.Err()); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, circuitIDs)
	if slices.Contains(circuitIDs, f.refused) {
		return nil, refused("InvalidInstanceId.NotFound")
	}
	if len(f.hidden) > 0 {
		hidden := f.hidden[0]
		if f.hidden = f.hidden[1:]; hidden {
			return nil, nil
		}
	}
	var found []renewal.Instance
	for _, id := range circuitIDs {
		if instance, exists := f.instances[id]; exists {
			found = append(found, instance)
		}
	}
	return found, nil
}

func (f *fake) InstancesOf(ctx context.Context, productCode string) ([]renewal.Instance, error) {
	if err := cmp.Or(f.call("list"), ctx.Err()); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.refusedCode != "" && productCode == f.refusedCode {
		return nil, refused("InvalidParameter")
	}
	var found []renewal.Instance
	for id, instance := range f.instances {
		if instance.Product.Code == productCode && !f.unlisted[id] {
			found = append(found, instance)
		}
	}
	return found, nil
}

func (f *fake) SetRenewal(_ context.Context, circuitID string, product renewal.Product, setting renewal.Setting) error {
	err := f.call("set")
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sent, f.products = append(f.sent, setting), append(f.products, product)
	if f.refusedCode != "" && product.Code == f.refusedCode {
		return refused("InvalidParameter")
	}
	if err != nil && !f.silent {
		return err
	}
	if _, exists := f.instances[circuitID]; exists {
		time.AfterFunc(f.lag, func() { f.setInConsole(circuitID, setting) })
	}
	return err
}

// setInConsole changes the setting, as a person does in the console.
func (f *fake) setInConsole(circuitID string, setting renewal.Setting) {
	f.mu.Lock()
	defer f.mu.Unlock()
	instance := f.instances[circuitID]
	instance.Setting = setting
	f.instances[circuitID] = instance
}

// change is a change of the circuit of the tests.
func change(setting renewal.Setting) renewal.Change {
	return renewal.Change{CircuitID: "pc-1", Setting: setting}
}

func refused(code string) error {
	return &apierror.Error{Action: "SetRenewal", Delivery: apierror.Answered, HTTPStatus: http.StatusBadRequest, Code: code}
}

func lost() error { return &apierror.Error{Action: "SetRenewal", Delivery: apierror.ResponseLost} }

func notSent() error { return &apierror.Error{Action: "SetRenewal", Delivery: apierror.NotSent} }

// wantCalls checks the calls since the last one.
func (f *fake) wantCalls(t *testing.T, calls ...string) {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	if !slices.Equal(f.calls, calls) {
		t.Errorf("called %v, want %v", f.calls, calls)
	}
	f.calls = nil
}
