package shared

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Text converts a string of the API. An empty string is null.
func Text(s string) types.String {
	if s == "" {
		return types.StringNull()
	}
	return types.StringValue(s)
}

// Instant converts a time of the API to RFC 3339 in UTC. A nil time is null.
func Instant(t *time.Time) types.String {
	if t == nil {
		return types.StringNull()
	}
	return types.StringValue(t.UTC().Format(time.RFC3339))
}
