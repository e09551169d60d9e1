package coretest

import "testing"

// History is the life of one resource. As with the commands, each plan and each apply is a
// process of its own.
type History struct {
	T *testing.T
	// Start starts and configures the provider.
	Start func(t *testing.T) *Process
	// Object is the object in the state, nil if there is none.
	Object *Object
}

// Plan refreshes and plans in one process.
func (h *History) Plan(config Values, options Options) (Plan, Diagnostics) {
	h.T.Helper()
	process := h.Start(h.T)
	var diags Diagnostics
	if h.Object != nil {
		refreshed, more, err := process.Refresh(h.T.Context(), h.Object)
		if err != nil {
			h.T.Fatal(err)
		}
		h.Object, diags = refreshed, append(diags, more...)
	}
	plan, more, err := process.Plan(h.T.Context(), h.Object, config, options)
	if err != nil {
		h.T.Fatal(err)
	}
	return plan, append(diags, more...)
}

// Apply plans, and applies the plan in another process.
func (h *History) Apply(config Values) Diagnostics {
	h.T.Helper()
	plan, diags := h.Plan(config, Options{})
	if diags.HasError() {
		return diags
	}
	object, more, err := h.Start(h.T).Apply(h.T.Context(), plan, config)
	if err != nil {
		h.T.Fatal(err)
	}
	h.Object = object
	return append(diags, more...)
}

// MustApply applies a configuration that must succeed.
func (h *History) MustApply(config Values) {
	h.T.Helper()
	if diags := h.Apply(config); diags.HasError() {
		h.T.Fatal(diags)
	}
}
