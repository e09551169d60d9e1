// Command demo shows the provider: a circuit that waits for payment, a plan, one order,
// the wait until the circuit is in service, and two mistakes that the provider refuses.
// It needs no cloud account, because the emulator plays the API.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/examples"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := demo(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		stop()
		os.Exit(1) //nolint:gocritic // stop has run.
	}
}

// enableDelay is the time from the payment to the service of the emulated circuit.
const enableDelay = 4 * time.Second

func demo(ctx context.Context) error {
	cli, err := acctest.FindCLI(ctx)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "expressconnect-demo-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()

	say("The demo starts an emulator of the Alibaba Cloud API and builds the provider.")
	server, err := emulator.Start(emulator.Options{Quirks: emulator.Quirks{EnableDelay: enableDelay}}) //nolint:contextcheck // It runs until Close.
	if err != nil {
		return err
	}
	defer func() { _ = server.Close() }()
	server.AddCircuit(emulator.Circuit{ID: examples.CircuitID, Region: examples.RegionID})
	fmt.Println("The first build takes a minute or two.")
	installation, err := acctest.Install(ctx, dir, ".")
	if err != nil {
		return err
	}
	fmt.Printf("The emulator at %s plays the API. Circuit %s is Confirmed and waits for payment.\n", server.URL(), examples.CircuitID)

	run := acctest.NewWorkspace(dir+"/work", cli, installation, acctest.Variables(server))
	run.Echo = os.Stdout
	if info, err := os.Stdout.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 { // It is not a terminal.
		run.Env = append(run.Env, "TF_CLI_ARGS=-no-color")
	}
	for _, step := range []struct {
		text      string
		months    int
		exitCode  int
		arguments []string
	}{
		{"The configuration is the example of the documentation.", 3, 0, []string{"init"}},
		{"The plan shows what will be bought. It buys nothing.", 3, 0, []string{"plan", "-out=plan.bin"}},
		{"The apply places one order, and waits until the circuit is in service.", 3, 0, []string{"apply", "plan.bin"}},
		{"A second plan is empty, because the order is in the state.", 3, 0, []string{"plan", "-detailed-exitcode"}},
		{"A mistake: 12 months. The API sells 1 to 9, so the provider refuses it and sends nothing.", 12, 1, []string{"validate"}},
		{"Another mistake: 6 months after an order of 3. An order cannot be changed, and is never replaced.", 6, 1, []string{"plan"}},
	} {
		say(step.text)
		order := strings.Replace(examples.Order, "= 3", fmt.Sprint("= ", step.months), 1)
		if err := run.Write("main.tf", examples.Provider+"\n"+order); err != nil {
			return err
		}
		fmt.Printf("\n$ %s %s\n", cli.Name(), strings.Join(step.arguments, " "))
		output, err := run.Run(ctx, step.arguments...)
		if err != nil {
			return err
		}
		if output.ExitCode != step.exitCode {
			return fmt.Errorf("%s %s ended with exit code %d, not %d", cli.Name(), step.arguments[0], output.ExitCode, step.exitCode)
		}
	}

	orders := server.Orders()
	if len(orders) != 1 {
		return fmt.Errorf("the emulator has %d orders, not 1", len(orders))
	}
	order := orders[0]
	say(fmt.Sprintf("The emulator has one order: %s, %d %ss, %s.", order.ID, order.Period, strings.ToLower(order.PricingCycle), order.Status))
	return nil
}

func say(text string) { fmt.Printf("\n==> %s\n", text) }
