// Command bench measures the provider under the real CLI, as whole processes and
// against the emulator over a real socket, beside a floor: a provider with the same
// resource schema that does nothing (package floor). It prints a table in Markdown,
// and fails if an operation makes more API calls than it may.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
)

// suite says what is measured.
type suite struct {
	// plans and applies are numbers of orders.
	plans, applies []int
	latencies      []time.Duration
	// repeats is how often an operation on that many orders is measured.
	repeats func(orders int) int
}

func (s suite) operations() []operation {
	operations := []operation{{schemaLoad, 1}}
	for _, orders := range s.plans {
		operations = append(operations, operation{refresh, orders})
	}
	for _, orders := range s.applies {
		operations = append(operations, operation{place, orders})
	}
	return operations
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := run(ctx, os.Stdout, os.Stderr, suite{
		plans:     []int{1, 10, 100, 1000},
		applies:   []int{1, 10, 50},
		latencies: []time.Duration{0, 50 * time.Millisecond},
		repeats: func(orders int) int {
			if orders > 100 {
				return 5
			}
			return 15
		},
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1) //nolint:gocritic // stop has run.
	}
}

// run measures the suite, prints the table to out, and tells its progress.
func run(ctx context.Context, out, progress io.Writer, s suite) error {
	cli, err := acctest.FindCLI(ctx)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "expressconnect-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()

	_, _ = fmt.Fprintln(progress, "building both providers")
	st, err := newStage(ctx, dir, cli)
	if err != nil {
		return err
	}
	var rows []row
	for _, o := range s.operations() {
		_, _ = fmt.Fprintln(progress, "measuring", o)
		measured, err := st.measure(ctx, o, s.latencies, s.repeats(o.orders))
		if err != nil {
			return err
		}
		rows = append(rows, measured...)
	}
	if _, err := io.WriteString(out, machine(cli)+"\n\n"+table(rows)); err != nil {
		return err
	}
	var breaches []string
	for _, row := range rows {
		breaches = append(breaches, row.breaches()...)
	}
	if len(breaches) > 0 {
		return fmt.Errorf("too much was asked of the API:\n  %s", strings.Join(breaches, "\n  "))
	}
	return nil
}
