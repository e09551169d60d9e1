package endtoend

import (
	"fmt"
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

func TestTheValidateCommandRefusesEveryWrongValueOnItsAttribute(t *testing.T) {
	t.Parallel()
	const periods, printable = "1 to 9", "1 to 64 printable ASCII characters without spaces"
	wrong := []struct{ attribute, lines, words string }{
		{"period", "period = 0", periods},
		{"period", "period = -1", periods},
		{"period", "period = 10", periods},
		{"period", "period = 18/12", "must be a whole number"},
		{"period", "period = 6\n  pricing_cycle = \"Year\"", periods},
		{"period", "auto_pay = true", periods},
		{"pricing_cycle", `pricing_cycle = "Week"`, `"Month" "Year"`},
		{"pricing_cycle", `pricing_cycle = "month"`, `"Month" "Year"`},
		{"instance_charge_type", `instance_charge_type = "PostPaid"`, `"PrePaid"`},
		{"client_token", `client_token = ""`, printable},
		{"client_token", `client_token = "` + strings.Repeat("x", 65) + `"`, printable},
		{"client_token", `client_token = "a b"`, printable},
		{"client_token", `client_token = "ü"`, printable},
		{"auto_renew_duration", "auto_renew_duration = 1", "auto_renew = true"},
		{"auto_renew_duration", "auto_renew = true\n  auto_renew_duration = 0", "between 1"},
	}
	var config strings.Builder
	config.WriteString(emptyProvider)
	for i, w := range wrong {
		fmt.Fprintf(&config, "resource \"expressconnect_physical_connection_occupancy_order\" \"wrong%d\" {\n  physical_connection_id = \"pc-%d\"\n  %s\n}\n", i, i, w.lines)
	}
	server := acctest.Emulator(t, emulator.Quirks{})
	output := acctest.NewRun(t, acctest.Variables(server), config.String()).Fails("validate", "-no-color")
	errors := strings.Split(output, "Error: ")[1:]
	if len(errors) != len(wrong) {
		t.Errorf("%d errors, want %d:\n%s", len(errors), len(wrong), output)
	}
	for i, w := range wrong {
		found := false
		for _, text := range errors {
			plain := strings.Join(strings.Fields(text), " ")
			if strings.Contains(plain, fmt.Sprintf(".wrong%d,", i)) {
				found = strings.Contains(plain, w.words) && strings.Contains(plain, w.attribute)
			}
		}
		if !found {
			t.Errorf("%s is not refused with %q:\n%s", w.lines, w.words, output)
		}
	}
	if calls := len(server.Journal()); calls != 0 {
		t.Errorf("validate sent %d requests", calls)
	}
}
