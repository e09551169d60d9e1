// Package messagetest checks diagnostics by their kinds and by the values in them.
package messagetest

import (
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
)

// WantKinds checks that each of these kinds occurs, and no other one. It returns the
// diagnostics.
func WantKinds(t *testing.T, diags coretest.Diagnostics, kinds ...message.Kind) coretest.Diagnostics {
	t.Helper()
	for _, kind := range kinds {
		if !Has(diags, kind) {
			t.Errorf("no diagnostic is of the kind %q:\n%s", kind, diags)
		}
	}
	for _, d := range diags {
		if !slices.ContainsFunc(kinds, func(k message.Kind) bool { return k.Matches(d.Summary) }) {
			t.Errorf("another kind: %q\n%s", d.Summary, diags)
		}
	}
	return diags
}

// Has reports whether one of the diagnostics is of the kind.
func Has(diags coretest.Diagnostics, kind message.Kind) bool {
	for _, d := range diags {
		if kind.Matches(d.Summary) {
			return true
		}
	}
	return false
}

// WantValues checks that the diagnostics name these values, such as IDs, codes and tokens.
func WantValues(t *testing.T, diags coretest.Diagnostics, values ...string) {
	t.Helper()
	for _, value := range values {
		if !contains(diags, value) {
			t.Errorf("%q is missing in:\n%s", value, diags)
		}
	}
}

// WantNoValues checks that the diagnostics do not name these values, such as secrets.
func WantNoValues(t *testing.T, diags coretest.Diagnostics, values ...string) {
	t.Helper()
	for _, value := range values {
		if contains(diags, value) {
			t.Errorf("%q is in:\n%s", value, diags)
		}
	}
}

// contains ignores line ends: Terraform wraps lines.
func contains(diags coretest.Diagnostics, value string) bool {
	return strings.Contains(strings.Join(strings.Fields(diags.String()), " "), value)
}

// WantError checks that there is one error, of the kind and on the attribute ("" for
// none), with the values.
func WantError(t *testing.T, diags coretest.Diagnostics, attribute string, kind message.Kind, values ...string) {
	t.Helper()
	if len(diags) != 1 || !diags.HasError() {
		t.Fatalf("want one error:\n%s", diags)
	}
	var on []string
	if at := diags[0].Attribute; at != nil {
		for _, step := range at.Steps() {
			if name, ok := step.(tftypes.AttributeName); ok {
				on = append(on, string(name))
			}
		}
	}
	if got := strings.Join(on, "."); got != attribute {
		t.Errorf("the error is on %q, want %q:\n%s", got, attribute, diags)
	}
	WantKinds(t, diags, kind)
	WantValues(t, diags, values...)
}
