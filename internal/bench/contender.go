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

// contender is a provider to measure, in a workspace of its own.
type contender struct {
	cli          acctest.CLI
	dir          string
	installation acctest.Installation
	// state holds one order as the provider itself stored it.
	state []byte
}

// newContender installs the provider of a package below dir, and runs init.
func newContender(ctx context.Context, cli acctest.CLI, dir, pkg string) (*contender, error) {
	installation, err := acctest.InstallCommand(ctx, dir, pkg)
	if err != nil {
		return nil, err
	}
	c := &contender{cli: cli, dir: filepath.Join(dir, "work"), installation: installation}
	if err := c.prepare(operation{place, 1}); err != nil {
		return nil, err
	}
	_, err = c.run(ctx, nil, "init", "-no-color")
	return c, err
}

// prepare writes the configuration and the state that the operation starts from.
func (c *contender) prepare(o operation) error {
	w := c.workspace(nil)
	if err := w.Write("main.tf", acctest.RequiredProviders+configuration(o.orders)); err != nil {
		return err
	}
	if o.kind == refresh {
		state, err := grown(c.state, o.orders)
		if err != nil {
			return err
		}
		return w.Write(stateFile, string(state))
	}
	if err := os.Remove(filepath.Join(c.dir, stateFile)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// learn applies one order and keeps its state as the pattern of larger ones.
func (c *contender) learn(ctx context.Context, server *emulator.Server) error {
	_, err := c.run(ctx, server, operation{place, 1}.arguments()...)
	if err != nil {
		return err
	}
	c.state, err = os.ReadFile(filepath.Join(c.dir, stateFile))
	return err
}

// run runs a command that must succeed, and returns how long it took.
func (c *contender) run(ctx context.Context, server *emulator.Server, arguments ...string) (time.Duration, error) {
	w := c.workspace(server)
	begun := time.Now()
	output, err := w.Run(ctx, arguments...)
	took := time.Since(begun)
	if err == nil && output.ExitCode != 0 {
		err = fmt.Errorf("%s %v: exit code %d\n%s", c.cli.Name(), arguments, output.ExitCode, output.Text)
	}
	return took, err
}

// workspace returns the workspace, for commands that ask the server, if any.
func (c *contender) workspace(server *emulator.Server) *acctest.Workspace {
	var variables map[string]string
	if server != nil {
		variables = acctest.Variables(server)
	}
	return acctest.NewWorkspace(c.dir, c.cli, c.installation, variables)
}
