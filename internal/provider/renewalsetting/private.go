package renewalsetting

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// Keys of the private state. Their value is true or false.
const (
	// unsureKey means that an update failed whose change may have taken effect.
	unsureKey = "unsure"
	// keptKey means that a planned destroy resets nothing, because another resource of the
	// configuration sets the renewal of the circuit.
	keptKey = "kept"
)

// privateReader reads the private state. The framework's own type is internal.
type privateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

// privateWriter writes the private state.
type privateWriter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

func isUnsure(ctx context.Context, private privateReader) (bool, diag.Diagnostics) {
	return isMarked(ctx, private, unsureKey)
}

func markUnsure(ctx context.Context, private privateWriter, unsure bool) diag.Diagnostics {
	return mark(ctx, private, unsureKey, unsure)
}

func isKept(ctx context.Context, private privateReader) (bool, diag.Diagnostics) {
	return isMarked(ctx, private, keptKey)
}

func markKept(ctx context.Context, private privateWriter, kept bool) diag.Diagnostics {
	return mark(ctx, private, keptKey, kept)
}

func isMarked(ctx context.Context, private privateReader, key string) (bool, diag.Diagnostics) {
	value, diags := private.GetKey(ctx, key)
	return string(value) == "true", diags
}

func mark(ctx context.Context, private privateWriter, key string, set bool) diag.Diagnostics {
	value := "false"
	if set {
		value = "true"
	}
	return private.SetKey(ctx, key, []byte(value))
}
