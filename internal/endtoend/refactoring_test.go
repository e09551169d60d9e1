package endtoend

import (
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

const block = `
  physical_connection_id = "pc-bp1hp0wr072f6abcd"
  period                 = 3
  auto_pay               = true
`

func orderBlock(name, head string) string {
	return "resource \"expressconnect_physical_connection_occupancy_order\" \"" + name + "\" {\n" + head + block + "}\n"
}

func moved(from, to string) string {
	return "moved {\n  from = " + from + "\n  to   = " + to + "\n}\n"
}

const emptyProvider = "provider \"expressconnect\" {}\n"

func TestRefactoring_PlacesNoOrder(t *testing.T) {
	t.Parallel()
	const typ = "expressconnect_physical_connection_occupancy_order."
	for _, test := range []struct {
		name   string
		config string
		module string
		before []string // a command between the two configurations
	}{
		{name: "Moved", config: emptyProvider + orderBlock("renamed", "") + moved(typ+"this", typ+"renamed")},
		{name: "Count", config: emptyProvider + orderBlock("this", "count = 1\n")},
		{
			name:   "CountToForEach",
			config: emptyProvider + orderBlock("this", "for_each = toset([\"a\"])\n") + moved(typ+"this", typ+"this[\"a\"]"),
		},
		{
			name:   "IntoAModule",
			config: emptyProvider + "module \"port\" { source = \"./port\" }\n" + moved(typ+"this", "module.port."+typ+"this"),
			module: orderBlock("this", ""),
		},
		{name: "StateMv", config: emptyProvider + orderBlock("renamed", ""), before: []string{"state", "mv", typ + "this", typ + "renamed"}},
		{
			name:   "IgnoreChanges",
			config: emptyProvider + strings.Replace(orderBlock("this", "lifecycle { ignore_changes = [period] }\n"), "= 3", "= 7", 1),
		},
		{name: "ProviderRegion", config: "provider \"expressconnect\" { region = \"cn-beijing\" }\n" + orderBlock("this", "")},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			run, server := ordered(t, emulator.Quirks{})
			if test.module != "" {
				if err := run.Write("port/main.tf", acctest.RequiredProviders+test.module); err != nil {
					t.Fatal(err)
				}
			}
			if test.before != nil {
				run.OK(test.before...)
			}
			run.Config(test.config)
			if test.module != "" {
				run.OK("init", "-no-color")
			}
			output := run.OK("plan", "-no-color")
			if strings.Contains(output, "to add") && !strings.Contains(output, "0 to add, 0 to change, 0 to destroy") {
				t.Errorf("the plan has changes:\n%s", output)
			}
			run.OK("apply", "-auto-approve", "-no-color")
			run.EmptyPlan()
			wantOrders(t, server, 1)
		})
	}
}

func TestRefactoring_OfAModuleName_PlacesNoOrder(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{})
	run := acctest.NewRun(t, acctest.Variables(server), emptyProvider)
	if err := run.Write("port/main.tf", acctest.RequiredProviders+orderBlock("this", "")); err != nil {
		t.Fatal(err)
	}
	for _, config := range []string{
		"module \"old\" { source = \"./port\" }\n",
		"module \"new\" { source = \"./port\" }\n" + moved("module.old", "module.new"),
	} {
		run.Config(emptyProvider + config)
		run.OK("init", "-no-color")
		run.OK("apply", "-auto-approve", "-no-color")
		run.EmptyPlan()
	}
	wantOrders(t, server, 1)
}

func TestRefreshFalseTargetAndRefreshOnly_PlaceNoOrder(t *testing.T) {
	t.Parallel()
	run, server := ordered(t, emulator.Quirks{})
	for _, arguments := range [][]string{
		{"apply", "-auto-approve", "-no-color", "-refresh=false"},
		{"apply", "-auto-approve", "-no-color", "-target=" + address},
		{"apply", "-auto-approve", "-no-color", "-refresh-only"},
		{"refresh", "-no-color"},
		{"state", "rm", address},
	} {
		run.OK(arguments...)
	}
	wantOrders(t, server, 1)
}
