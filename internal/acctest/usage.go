package acctest

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// samplePause is the time between two readings of the usage.
const samplePause = 2 * time.Millisecond

// Usage is what processes use. It is zero on systems without /proc.
type Usage struct {
	// PeakMemory is the largest resident memory since the start, in bytes (the kernel's VmHWM).
	PeakMemory int64
	// Descriptors is the number of open files and connections.
	Descriptors int
}

// Max returns the larger of each value.
func (u Usage) Max(other Usage) Usage {
	return Usage{PeakMemory: max(u.PeakMemory, other.PeakMemory), Descriptors: max(u.Descriptors, other.Descriptors)}
}

// Measure runs a command like Run, and returns also the largest usage of a provider.
func (w *Workspace) Measure(ctx context.Context, arguments ...string) (Output, Usage, error) {
	command := w.Command(ctx, arguments...)
	var text bytes.Buffer
	command.Stdout, command.Stderr = &text, &text
	if err := command.Start(); err != nil {
		return Output{}, Usage{}, err
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	ticker := time.NewTicker(samplePause)
	defer ticker.Stop()
	var most Usage
	for {
		select {
		case err := <-ended:
			output, err := w.result(command, &text, err)
			return output, most, err
		case <-ticker.C:
			most = most.Max(providerUsage(command.Process.Pid))
		}
	}
}

// providerUsage returns the largest usage of the running providers that a CLI started.
func providerUsage(cli int) Usage {
	lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", cli)) // The pattern is valid.
	var most Usage
	for _, list := range lists {
		children, _ := os.ReadFile(list) //nolint:gosec // The thread may have ended.
		for _, child := range strings.Fields(string(children)) {
			most = most.Max(usageOf(filepath.Join("/proc", child)))
		}
	}
	return most
}

// usageOf returns the usage of a provider process, nothing for other processes and for
// ended ones. Before a child starts the provider, it has the memory of its parent.
func usageOf(process string) Usage {
	status, _ := os.ReadFile(filepath.Join(process, "status")) //nolint:gosec // The kernel's.
	if !strings.HasPrefix(ProcField(status, "Name"), "terraform-provi") {
		return Usage{}
	}
	kibibytes, _ := strconv.ParseInt(strings.TrimSuffix(ProcField(status, "VmHWM"), " kB"), 10, 64) // 0 for a process that ends.
	descriptors, _ := os.ReadDir(filepath.Join(process, "fd"))
	return Usage{PeakMemory: kibibytes << 10, Descriptors: len(descriptors)}
}

// ProcField returns the value of the first line "name: value" of a file in /proc, "" if there
// is none.
func ProcField(content []byte, name string) string {
	for line := range strings.Lines(string(content)) {
		if found, value, _ := strings.Cut(line, ":"); strings.TrimSpace(found) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
