package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// step is a command of the CLI, with what it shows.
type step struct {
	text string
	// before changes the emulator; may be nil.
	before func(*emulator.Server)
	// config replaces the configuration; empty keeps it.
	config string
	// planned makes a saved plan first, and does not show its output.
	planned   bool
	arguments []string
	exitCode  int
	// from is the beginning of the first line that is shown; empty shows all.
	from string
}

var steps = []step{
	{
		text:      fmt.Sprintf("A limit. A filter can match more circuits than you expect. This provider block allows %d new orders, and the plan has %d. It fails, and nothing is sent.", allowTooFew, circuits),
		arguments: []string{"plan"}, exitCode: 1, from: "Error: ",
	},
	{
		text:   fmt.Sprintf("The plan, with max_new_orders = %d. It shows what the apply will buy and what each order costs. It buys nothing.", circuits),
		config: fleet(circuits), arguments: []string{"plan", "-out=plan.bin"}, from: "  # ",
	},
	{
		text:   "Another limit. After the plan, prices rise by a fifth. The apply asks for the price again, and max_price = 1100 stops it. Nothing is bought.",
		before: func(server *emulator.Server) { server.SetQuirks(dear) }, arguments: []string{"apply", "plan.bin"}, exitCode: 1, from: "Error: ",
	},
	{
		text: fmt.Sprintf("The apply, at the old price. For %s the connection breaks after the API has placed the order, so the response is lost. The provider sends the same client token again, and the API returns the same order.", repeated),
		before: func(server *emulator.Server) {
			server.SetQuirks(usual)
			server.AddFault(emulator.Fault{
				Action: placeOrder, Where: map[string]string{"PhysicalConnectionId": repeated}, After: true, Kind: emulator.Reset,
			})
		},
		planned: true, arguments: []string{"apply", "plan.bin"},
	},
	{
		text:      fmt.Sprintf("A lost state. Terraform forgets the order of %s, as after a crash. The order exists, and it is paid.", forgotten),
		arguments: []string{"state", "rm", fmt.Sprintf(`expressconnect_physical_connection_occupancy_order.fleet["%s"]`, forgotten)},
	},
	{
		text:      "The next plan. Terraform wants to create the order again. The provider finds it in billing.",
		arguments: []string{"plan", "-out=plan.bin"}, from: "Plan: ",
	},
	{
		text:      "The next apply. The provider saves the order in the state, and sends none.",
		arguments: []string{"apply", "plan.bin"},
	},
	{
		text:   "The renewal. Ten minutes later all circuits are in service. A second resource renews them year by year. The plan shows what a renewal costs.",
		before: func(server *emulator.Server) { server.Advance(10 * time.Minute) },
		config: renewed(), arguments: []string{"plan", "-out=plan.bin"}, from: "  # ",
	},
	{
		text:      "The apply sets the renewal. It charges nothing now.",
		arguments: []string{"apply", "plan.bin"},
	},
	{
		text:      "A last plan. It is empty, because the state has all orders.",
		arguments: []string{"plan", "-detailed-exitcode"}, from: "No changes",
	},
}

// play runs a step.
func (p step) play(ctx context.Context, s screen, server *emulator.Server, run *acctest.Workspace) error {
	if p.before != nil {
		p.before(server)
	}
	if p.config != "" {
		if err := run.Write("main.tf", p.config); err != nil {
			return err
		}
	}
	if p.planned {
		if _, err := execute(ctx, s, run, 0, "plan", "-out=plan.bin"); err != nil {
			return err
		}
		s.show("(as before)")
	}
	output, err := execute(ctx, s, run, p.exitCode, p.arguments...)
	if err != nil {
		return err
	}
	s.showOutput(output, p.from)
	return nil
}

// execute prints a command, runs it, and returns its output. Another exit code is an error.
func execute(ctx context.Context, s screen, run *acctest.Workspace, exitCode int, arguments ...string) (string, error) {
	command := run.CLI.Name() + " " + strings.Join(arguments, " ")
	s.command(command)
	output, err := run.Run(ctx, append(arguments, "-no-color")...)
	if err != nil {
		return "", err
	}
	if output.ExitCode != exitCode {
		return "", fmt.Errorf("%s ended with exit code %d, not %d:\n%s", command, output.ExitCode, exitCode, output.Text)
	}
	return output.Text, nil
}
