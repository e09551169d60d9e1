package endtoend

import (
	"fmt"
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
)

func TestValidate_RefusesEveryWrongValueOnItsAttribute(t *testing.T) {
	t.Parallel()
	const printable = "1 to 64 printable ASCII characters without spaces"
	wrong := []struct {
		attribute, lines string
		want             any // a message.Kind or a value
	}{
		{"period", "period = 0", message.InvalidPeriod},
		{"period", "period = -1", message.InvalidPeriod},
		{"period", "period = 10", message.InvalidPeriod},
		{"period", "period = 18/12", "must be a whole number"},
		{"period", "period = 6\n  pricing_cycle = \"Year\"", message.InvalidPeriod},
		{"period", "auto_pay = true", message.MissingPeriod},
		{"pricing_cycle", `pricing_cycle = "Week"`, `"Month" "Year"`},
		{"pricing_cycle", `pricing_cycle = "month"`, `"Month" "Year"`},
		{"instance_charge_type", `instance_charge_type = "PostPaid"`, `"PrePaid"`},
		{"client_token", `client_token = ""`, printable},
		{"client_token", `client_token = "` + strings.Repeat("x", 65) + `"`, printable},
		{"client_token", `client_token = "a b"`, printable},
		{"client_token", `client_token = "ü"`, printable},
		{"auto_renew_duration", "auto_renew_duration = 1", message.RenewWithoutAuto},
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
			printed := plain(text)
			if !strings.Contains(printed, fmt.Sprintf(".wrong%d,", i)) || !strings.Contains(printed, w.attribute) {
				continue
			}
			kind, isKind := w.want.(message.Kind)
			found = isKind && kind.In(printed) || !isKind && strings.Contains(printed, fmt.Sprint(w.want))
		}
		if !found {
			t.Errorf("%s is not refused with %q:\n%s", w.lines, w.want, output)
		}
	}
	if calls := len(server.Journal()); calls != 0 {
		t.Errorf("validate sent %d requests", calls)
	}
}
