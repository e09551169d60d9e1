package messagetest

import (
	"maps"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
)

// Rules are the rules for the arguments of a configuration.
type Rules struct {
	// Values are valid values of each argument, nil for null.
	Values map[string][]any
	// Valid reports whether a configuration without unknown values is valid.
	Valid func(coretest.Values) bool
}

// WantValidated checks that a configuration is refused exactly if it breaks a rule, and that
// each error is on an argument that is wrong. With unknown values, it may be refused later,
// but not before it breaks a rule whatever they become.
func (r Rules) WantValidated(t *testing.T, config coretest.Values, diags coretest.Diagnostics) {
	t.Helper()
	switch refused := diags.HasError(); {
	case refused && r.canBeValid(config):
		t.Errorf("%v is refused:\n%s", config, diags)
	case !refused && !r.canBeValid(config) && !hasUnknown(config):
		t.Errorf("%v is accepted", config)
	}
	for _, d := range diags.Errors() {
		if d.Attribute == nil {
			t.Fatalf("%v: an error on no argument\n%s", config, diags)
		}
		name, _ := d.Attribute.Steps()[0].(tftypes.AttributeName)
		if !r.isWrong(config, string(name), slices.Collect(maps.Keys(config))) {
			t.Errorf("%v: %s is not wrong\n%s", config, name, diags)
		}
	}
}

// isWrong reports whether an argument has to change, alone or together with some of the others,
// to make a configuration valid.
func (r Rules) isWrong(config coretest.Values, name string, others []string) bool {
	if len(others) == 0 {
		return !r.canBeValid(config) && r.canBeValid(without(config, name))
	}
	return r.isWrong(config, name, others[1:]) || others[0] != name && r.isWrong(without(config, others[0]), name, others[1:])
}

// canBeValid reports whether the configuration is valid with some values for the unknown ones.
func (r Rules) canBeValid(config coretest.Values) bool {
	for name, value := range config {
		if value == (coretest.Unknown{}) {
			return slices.ContainsFunc(r.Values[name], func(value any) bool { return r.canBeValid(with(config, name, value)) })
		}
	}
	return r.Valid(config)
}

func hasUnknown(config coretest.Values) bool {
	return slices.Contains(slices.Collect(maps.Values(config)), any(coretest.Unknown{}))
}

// without returns a copy of a configuration in which an argument is unknown.
func without(config coretest.Values, name string) coretest.Values {
	return with(config, name, coretest.Unknown{})
}

// with returns a copy of a configuration with another value of an argument.
func with(config coretest.Values, name string, value any) coretest.Values {
	changed := maps.Clone(config)
	changed[name] = value
	return changed
}

// Argument returns one of three values of an argument, by the remainder of the choice: null,
// unknown, or the given one.
func Argument(choice uint8, value any) any {
	return []any{nil, coretest.Unknown{}, value}[choice%3]
}
