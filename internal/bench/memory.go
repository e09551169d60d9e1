package main

import (
	"context"
	"fmt"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// peakMemory runs an operation and returns the largest resident memory of a provider
// process in bytes, 0 if it is unknown.
func (p *installed) peakMemory(ctx context.Context, server *emulator.Server, o operation) (int64, error) {
	output, usage, err := p.workspace(server).Measure(ctx, o.arguments...)
	if err == nil && output.ExitCode != 0 {
		err = fmt.Errorf("%s %v: exit code %d\n%s", p.cli.Name(), o.arguments, output.ExitCode, output.Text)
	}
	return usage.PeakMemory, err
}
