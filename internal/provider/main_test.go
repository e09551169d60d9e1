package provider

import (
	"os"
	"strings"
	"testing"
)

// TestMain hides the caller's credentials and endpoints from the tests.
func TestMain(m *testing.M) {
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		if strings.HasPrefix(name, "ALIBABA") || strings.HasPrefix(name, "ALICLOUD") || strings.HasSuffix(name, "_ENDPOINT") {
			_ = os.Unsetenv(name)
		}
	}
	os.Exit(m.Run())
}
