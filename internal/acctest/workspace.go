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

// Workspace is a directory with a configuration and a state.
type Workspace struct {
	Dir string
	CLI CLI
	// Env is the whole environment of the commands.
	Env []string
	// Echo receives the output of the commands while they run; may be nil.
	Echo io.Writer
}

// Output is the output of a command, with both streams in one text, and its exit code.
type Output struct {
	Text     string
	ExitCode int
}

// NewWorkspace returns a workspace in dir. Its commands use only the installed provider
// and the given variables, and no variables of the caller.
func NewWorkspace(dir string, cli CLI, installation Installation, variables map[string]string) *Workspace {
	env := []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "TMPDIR=" + os.TempDir(), "TMP=" + os.TempDir(),
		"TF_CLI_CONFIG_FILE=" + installation.ConfigFile, "TF_IN_AUTOMATION=1", "TF_INPUT=0", "CHECKPOINT_DISABLE=1",
	}
	for name, value := range variables {
		env = append(env, name+"="+value)
	}
	return &Workspace{Dir: dir, CLI: cli, Env: env}
}

// Write writes a file.
func (w *Workspace) Write(name, content string) error {
	path := filepath.Join(w.Dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(content), 0o600)
}

// Command returns a command of the CLI.
func (w *Workspace) Command(ctx context.Context, arguments ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, w.CLI.Path, arguments...) //nolint:gosec // Arguments of tests and demo.
	command.Dir = w.Dir
	command.Env = w.Env
	// If the CLI is killed, a provider that still runs keeps the pipe open. Do not wait for it.
	command.WaitDelay = 10 * time.Second
	return command
}

// Run runs a command of the CLI. It returns no error for an exit code other than 0.
func (w *Workspace) Run(ctx context.Context, arguments ...string) (Output, error) {
	command := w.Command(ctx, arguments...)
	var text bytes.Buffer
	command.Stdout, command.Stderr = &text, &text
	if w.Echo != nil {
		both := io.MultiWriter(&text, w.Echo)
		command.Stdout, command.Stderr = both, both
	}
	return w.result(command, &text, command.Run())
}

// result returns the output of a command that has ended. An exit code is no error.
func (w *Workspace) result(command *exec.Cmd, text fmt.Stringer, err error) (Output, error) {
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return Output{}, fmt.Errorf("unable to run %s %v: %w", w.CLI.Name(), command.Args[1:], err)
	}
	return Output{Text: text.String(), ExitCode: command.ProcessState.ExitCode()}, nil
}
