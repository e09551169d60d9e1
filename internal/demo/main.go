// Command demo shows the provider at work: a circuit that waits for payment, a
// plan, one order, the gate until the circuit is in service, and two mistakes that
// are refused. It needs no cloud account: the API is played by the emulator.
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

// enableDelay is how long the emulated circuit takes to come into service.
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

	say("Starting an emulator of the Alibaba Cloud API, and building the provider.")
	server, err := emulator.Start(emulator.Options{Quirks: emulator.Quirks{EnableDelay: enableDelay}}) //nolint:contextcheck // It lives until Close.
	if err != nil {
		return err
	}
	defer func() { _ = server.Close() }()
	server.AddCircuit(emulator.Circuit{ID: examples.CircuitID, Region: examples.RegionID})
	fmt.Println("The first build takes a minute or two.")
	installation, err := acctest.Install(ctx, dir)
	if err != nil {
		return err
	}
	fmt.Printf("%s plays the API; circuit %s is Confirmed and waits for payment.\n", server.URL(), examples.CircuitID)

	work := dir + "/work"
	run := acctest.NewWorkspace(work, cli, installation, acctest.Variables(server))
	run.Echo = os.Stdout
	if !isTerminal(os.Stdout) {
		run.Env = append(run.Env, "TF_CLI_ARGS=-no-color")
	}
	must := func(want int, arguments ...string) error {
		fmt.Printf("\n$ %s %s\n", cli.Name(), strings.Join(arguments, " "))
		output, err := run.Run(ctx, arguments...)
		if err == nil && output.ExitCode != want {
			err = fmt.Errorf("%s %s ended with exit code %d, not %d", cli.Name(), arguments[0], output.ExitCode, want)
		}
		return err
	}
	steps := []struct {
		text      string
		order     string
		exit      int
		arguments []string
	}{
		{"The configuration is the example of the documentation.", examples.Order, 0, []string{"init"}},
		{"The plan says what will be bought. It buys nothing.", examples.Order, 0, []string{"plan", "-out=plan.bin"}},
		{"The apply places the order, once, and the gate waits until the circuit is in service.", examples.Order, 0, []string{"apply", "plan.bin"}},
		{"A second plan is empty: the order is in the state.", examples.Order, 0, []string{"plan", "-detailed-exitcode"}},
		{"A mistake: 12 months. The API sells 1 to 9, so it is refused before anything is asked.", strings.Replace(examples.Order, "= 3", "= 12", 1), 1, []string{"validate"}},
		{"Another mistake: 6 months after 3 were ordered. An order cannot be changed, and is never replaced.", strings.Replace(examples.Order, "= 3", "= 6", 1), 1, []string{"plan"}},
	}
	for _, step := range steps {
		say(step.text)
		if err := run.Write("main.tf", examples.Provider+"\n"+step.order); err != nil {
			return err
		}
		if err := must(step.exit, step.arguments...); err != nil {
			return err
		}
	}

	orders := server.Orders()
	if len(orders) != 1 {
		return fmt.Errorf("the emulator counts %d orders, not 1", len(orders))
	}
	say(fmt.Sprintf("The emulator counts one order: %s, %d %s, %s.", orders[0].ID, orders[0].Period, strings.ToLower(orders[0].PricingCycle)+"s", orders[0].Status))
	return nil
}

// isTerminal reports whether the file is one that shows colours.
func isTerminal(file *os.File) bool {
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

func say(text string) { fmt.Printf("\n==> %s\n", text) }
