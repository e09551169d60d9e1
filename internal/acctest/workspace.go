package acctest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// Workspace is a directory with a configuration and a state of its own.
type Workspace struct {
	Dir string
	CLI CLI
	// Env is the whole environment of the commands.
	Env []string
	// Echo, if set, gets what the commands print as they print it.
	Echo io.Writer
}

// Output is what a command printed, both streams together, and how it ended.
type Output struct {
	Text     string
	ExitCode int
}

// NewWorkspace makes a workspace in dir whose commands see only the installed
// provider and the given variables, none of the caller's own.
func NewWorkspace(dir string, cli CLI, installation Installation, variables map[string]string) *Workspace {
	env := []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "TMPDIR=" + os.TempDir(),
		"TF_CLI_CONFIG_FILE=" + installation.ConfigFile, "TF_IN_AUTOMATION=1", "TF_INPUT=0", "CHECKPOINT_DISABLE=1",
	}
	for name, value := range variables {
		env = append(env, name+"="+value)
	}
	return &Workspace{Dir: dir, CLI: cli, Env: env}
}

// Write writes a file of the workspace.
func (w *Workspace) Write(name, content string) error {
	path := filepath.Join(w.Dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(content), 0o600)
}

// Command prepares a command of the CLI.
func (w *Workspace) Command(ctx context.Context, arguments ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, w.CLI.Path, arguments...) //nolint:gosec // Arguments of tests and demo.
	command.Dir = w.Dir
	command.Env = w.Env
	// A provider that outlives its killed CLI keeps the pipe open; do not wait for it.
	command.WaitDelay = 10 * time.Second
	return command
}

// Run runs a command of the CLI. An exit code other than 0 is no error: the caller
// asks for it.
func (w *Workspace) Run(ctx context.Context, arguments ...string) (Output, error) {
	command := w.Command(ctx, arguments...)
	var text bytes.Buffer
	command.Stdout, command.Stderr = &text, &text
	if w.Echo != nil {
		both := io.MultiWriter(&text, w.Echo)
		command.Stdout, command.Stderr = both, both
	}
	err := command.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return Output{}, fmt.Errorf("unable to run %s %v: %w", w.CLI.Name(), arguments, err)
	}
	return Output{Text: text.String(), ExitCode: command.ProcessState.ExitCode()}, nil
}
