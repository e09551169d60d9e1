package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// installed is a provider with its workspace.
type installed struct {
	cli          acctest.CLI
	dir          string
	installation acctest.Installation
	// sample is a state with one order, as the provider wrote it.
	sample []byte
}

// install builds the provider in package pkg, installs it below dir and runs init.
func install(ctx context.Context, cli acctest.CLI, dir, pkg string) (*installed, error) {
	installation, err := acctest.Install(ctx, dir, pkg)
	if err != nil {
		return nil, err
	}
	p := &installed{cli: cli, dir: filepath.Join(dir, "work"), installation: installation}
	if err := p.prepare(operation{place, 1}); err != nil {
		return nil, err
	}
	_, err = p.run(ctx, nil, "init", "-no-color")
	return p, err
}

// prepare writes the configuration and the state for an operation.
func (p *installed) prepare(o operation) error {
	w := p.workspace(nil)
	if err := w.Write("main.tf", acctest.RequiredProviders+configuration(o.orders)); err != nil {
		return err
	}
	if o.kind == refresh {
		state, err := multiply(p.sample, o.orders)
		if err != nil {
			return err
		}
		return w.Write(stateFile, string(state))
	}
	if err := os.Remove(filepath.Join(p.dir, stateFile)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// createSample applies one order and keeps its state.
func (p *installed) createSample(ctx context.Context, server *emulator.Server) error {
	if _, err := p.run(ctx, server, place.arguments...); err != nil {
		return err
	}
	var err error
	p.sample, err = os.ReadFile(filepath.Join(p.dir, stateFile))
	return err
}

// run runs a command that must succeed, and returns its duration.
func (p *installed) run(ctx context.Context, server *emulator.Server, arguments ...string) (time.Duration, error) {
	w := p.workspace(server)
	begun := time.Now()
	output, err := w.Run(ctx, arguments...)
	took := time.Since(begun)
	if err == nil && output.ExitCode != 0 {
		err = fmt.Errorf("%s %v: exit code %d\n%s", p.cli.Name(), arguments, output.ExitCode, output.Text)
	}
	return took, err
}

// workspace returns the workspace, with the server as API; server may be nil.
func (p *installed) workspace(server *emulator.Server) *acctest.Workspace {
	var variables map[string]string
	if server != nil {
		variables = acctest.Variables(server)
	}
	return acctest.NewWorkspace(p.dir, p.cli, p.installation, variables)
}
