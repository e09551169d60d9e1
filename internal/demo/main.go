// Command demo shows the provider with a fleet of circuits: the prices in the plan, two limits
// that stop an order, a lost response, a lost state and the renewal. It counts the orders at
// the end. It needs no cloud account, because the emulator plays the API.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := demo(ctx, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

// demo builds the provider and shows it.
func demo(ctx context.Context, output io.Writer) error {
	cli, err := acctest.FindCLI(ctx)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "expressconnect-demo-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	s := screen{output, map[string]bool{}}
	s.say("The demo builds the provider, and runs it with %s.", cli.Version)
	installation, err := acctest.Install(ctx, dir, ".")
	if err != nil {
		return err
	}
	server, err := emulator.Start(emulator.Options{Quirks: usual}) //nolint:contextcheck // It runs until Close.
	if err != nil {
		return err
	}
	defer func() { _ = server.Close() }()
	run := acctest.NewWorkspace(dir+"/work", cli, installation, acctest.Variables(server))
	return s.play(ctx, server, run)
}

// play plays all steps, and reports the orders.
func (s screen) play(ctx context.Context, server *emulator.Server, run *acctest.Workspace) error {
	began := time.Now()
	addCircuits(server)
	if err := run.Write("main.tf", fleet(allowTooFew)); err != nil {
		return err
	}
	if _, err := run.Run(ctx, "init", "-no-color"); err != nil {
		return err
	}
	s.say("An emulator plays the API of Alibaba Cloud. The account has %d circuits that wait for their order. The configuration is the fleet of the documentation, with max_price. Of output that repeats itself, the demo shows one part.", circuits)
	s.show(orders())
	for number, step := range steps {
		s.say("%d. %s", number+1, step.text)
		if err := step.play(ctx, s, server, run); err != nil {
			return err
		}
	}
	result := count(server)
	s.report(result, time.Since(began))
	if result.secondOrders() != 0 || result.orders != circuits {
		return fmt.Errorf("there are %d orders, %d of them second orders, want %d and none", result.orders, result.secondOrders(), circuits)
	}
	return nil
}
