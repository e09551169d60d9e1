package shared

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Text is a text of the API; one that it does not give is null.
func Text(s string) types.String {
	if s == "" {
		return types.StringNull()
	}
	return types.StringValue(s)
}

// Instant is a time of the API as RFC 3339 in UTC; one that it does not give is null.
func Instant(t *time.Time) types.String {
	if t == nil {
		return types.StringNull()
	}
	return types.StringValue(t.UTC().Format(time.RFC3339))
}
