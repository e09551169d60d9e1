// Command progress runs a command that may be silent for minutes, such as a build. After each
// 15 seconds of silence it prints how far the command is, and at the end how long it took,
// unless it was short. It uses only the standard library, so that it starts soon on a new
// machine.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"time"
)

// silence is the time without output after which a line is printed.
const silence = 15 * time.Second

func main() {
	what := flag.String("what", "", "what the command does, for example: building the provider")
	packages := flag.Int("packages", 0, "number of packages that the command, go build -v, compiles at most; 0 means that it is another command")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	run := func(stdout, stderr io.Writer) error {
		command := exec.CommandContext(ctx, flag.Arg(0), flag.Args()[1:]...) //nolint:gosec // The caller chooses the command.
		command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
		command.Stdout, command.Stderr = stdout, stderr
		return command.Run()
	}
	err := watch(*what, run, os.Stdout, newMeter(os.Stderr, *packages))
	stop()
	if err != nil {
		os.Exit(1)
	}
}

// watch runs a command. It prints lines to the meter while the command is silent, and the time
// that it took.
func watch(what string, run func(stdout, stderr io.Writer) error, stdout io.Writer, meter *meter) error {
	began, done := time.Now(), make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		for {
			select {
			case <-done:
				return
			case <-time.After(meter.untilSilence()):
				if meter.untilSilence() <= 0 {
					meter.print(fmt.Sprintf("... %s for %s%s", what, since(began), meter.counts()))
				}
			}
		}
	})
	err := run(meter.touchedBy(stdout), meter)
	close(done)
	group.Wait()
	meter.flush()
	if err != nil {
		meter.print(fmt.Sprintf("%s failed after %s", what, since(began)))
		if _, ended := errors.AsType[*exec.ExitError](err); !ended {
			meter.print(err.Error()) // The command did not start.
		}
		return err
	}
	if since(began) >= silence {
		meter.print(fmt.Sprintf("%s took %s%s", what, since(began), meter.counts()))
	}
	return nil
}

func since(began time.Time) time.Duration { return time.Since(began).Round(time.Second) }
