package acctest

import (
	"bytes"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"
)

// endsWithin bounds the waiting for a command or its output. It is never reached if all is well.
const endsWithin = 5 * time.Minute

// Started is a command of the CLI that runs.
type Started struct {
	*exec.Cmd
	t testing.TB
	// Interrupted is closed when the CLI reports that it has received an interrupt.
	Interrupted chan struct{}

	mu     sync.Mutex
	output bytes.Buffer
}

// Start starts a command of Command.
func Start(t testing.TB, command *exec.Cmd) *Started {
	t.Helper()
	s := &Started{Cmd: command, t: t, Interrupted: make(chan struct{})}
	command.Stdout, command.Stderr = s, s
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	return s
}

// Write keeps output of the command.
func (s *Started) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	known := bytes.Contains(s.output.Bytes(), []byte("Interrupt received"))
	n, err := s.output.Write(p)
	if !known && bytes.Contains(s.output.Bytes(), []byte("Interrupt received")) {
		close(s.Interrupted)
	}
	return n, err
}

// Text returns the output until now.
func (s *Started) Text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.output.String()
}

// Providers returns the provider processes of the command. There is none before it starts
// one, and between a plan and its apply.
func (s *Started) Providers() []*os.Process {
	s.t.Helper()
	ids, err := Children(s.t.Context(), s.Process.Pid, "terraform-provider-expressconnect")
	if err != nil {
		s.t.Fatal(err)
	}
	var processes []*os.Process
	for _, id := range ids {
		process, err := os.FindProcess(id)
		if err != nil {
			s.t.Fatal(err)
		}
		processes = append(processes, process)
	}
	return processes
}

// Interrupt sends the first Ctrl-C, and waits until the CLI has received it.
func (s *Started) Interrupt() {
	s.t.Helper()
	if err := s.Process.Signal(os.Interrupt); err != nil {
		s.t.Fatal(err)
	}
	select {
	case <-s.Interrupted:
	case <-time.After(endsWithin):
		s.t.Errorf("the CLI did not receive the interrupt:\n%s", s.Text())
	}
}
