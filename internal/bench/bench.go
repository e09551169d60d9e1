// Command bench measures the provider with the real CLI and the emulator. It compares
// it to a provider that does nothing (package noop), prints benchmark lines and a table, and
// fails if an operation makes more API calls than the documentation says.
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

// suite lists what to measure.
type suite struct {
	// plans and applies are numbers of orders.
	plans, applies []int
	latencies      []time.Duration
	// repeats returns how often an operation with a number of orders is measured.
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
		plans:     []int{1, 100, 300, 1000},
		applies:   []int{1, 10, 50},
		latencies: []time.Duration{0, 50 * time.Millisecond},
		repeats: func(orders int) int {
			switch { // The shorter a command is, the more its time varies.
			case orders == 1:
				return 45
			case orders <= 100:
				return 15
			default:
				return 5
			}
		},
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1) //nolint:gocritic // stop has run.
	}
}

// run measures the suite, writes the table to out, and reports progress.
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
	both, err := installBoth(ctx, dir, cli)
	if err != nil {
		return err
	}
	var rows []row
	for _, o := range s.operations() {
		_, _ = fmt.Fprintln(progress, "measuring", o)
		measured, err := both.measure(ctx, o, s.latencies, s.repeats(o.orders))
		if err != nil {
			return err
		}
		rows = append(rows, measured...)
	}
	if _, err := io.WriteString(out, benchmarks(rows)+"\n"+machine(cli)+"\n\n"+table(rows)); err != nil {
		return err
	}
	var violations []string
	for _, row := range rows {
		violations = append(violations, row.violations()...)
	}
	if len(violations) > 0 {
		return fmt.Errorf("too many API calls:\n  %s", strings.Join(violations, "\n  "))
	}
	return nil
}
