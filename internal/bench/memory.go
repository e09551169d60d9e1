package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// samplePause is the time between two readings of the memory.
const samplePause = 2 * time.Millisecond

// peakMemory runs an operation and returns the largest resident memory of a provider
// process in bytes, 0 if it is unknown. It reads the kernel's peak (VmHWM) until the
// process ends.
func (p *installed) peakMemory(ctx context.Context, server *emulator.Server, o operation) (int64, error) {
	command := p.workspace(server).Command(ctx, o.arguments...)
	var text bytes.Buffer
	command.Stdout, command.Stderr = &text, &text
	if err := command.Start(); err != nil {
		return 0, err
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	ticker := time.NewTicker(samplePause)
	defer ticker.Stop()
	var most int64
	for {
		select {
		case err := <-ended:
			if err != nil {
				err = fmt.Errorf("%s %v: %w\n%s", p.cli.Name(), command.Args[1:], err, &text)
			}
			return most, err
		case <-ticker.C:
			peak, err := providersPeak(command.Process.Pid)
			if err != nil {
				return 0, errors.Join(err, command.Process.Kill(), <-ended)
			}
			most = max(most, peak)
		}
	}
}

// providersPeak returns the largest peak of the running providers that the CLI started.
func providersPeak(cli int) (int64, error) {
	lists, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", cli))
	if err != nil {
		return 0, err
	}
	var most int64
	for _, list := range lists {
		children, _ := os.ReadFile(list) //nolint:gosec // The thread may have ended.
		for _, child := range strings.Fields(string(children)) {
			peak, err := peakOf(child)
			if err != nil {
				return 0, err
			}
			most = max(most, peak)
		}
	}
	return most, nil
}

// peakOf returns the peak of a provider process, 0 for other processes and for ended
// ones. Before a child starts the provider, it has the memory of its parent.
func peakOf(process string) (int64, error) {
	status, err := os.ReadFile(filepath.Join("/proc", process, "status")) //nolint:gosec // The kernel's.
	if err != nil {
		return 0, nil //nolint:nilerr // It has ended.
	}
	peak := field(status, "VmHWM")
	if !strings.HasPrefix(field(status, "Name"), "terraform-provi") || peak == "" {
		return 0, nil
	}
	kibibytes, err := strconv.ParseInt(strings.TrimSuffix(peak, " kB"), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("unable to read the peak %q: %w", peak, err)
	}
	return kibibytes << 10, nil
}

// field returns the value of the first line "name: value" of a file in /proc, "" if there
// is none.
func field(content []byte, name string) string {
	for line := range strings.Lines(string(content)) {
		if found, value, _ := strings.Cut(line, ":"); strings.TrimSpace(found) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
