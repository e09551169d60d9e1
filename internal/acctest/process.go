package acctest

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// commandLength is the length to which Linux cuts names of commands.
const commandLength = 15

// Children returns the IDs of the child processes of parent that run an executable with
// this name.
func Children(ctx context.Context, parent int, executable string) ([]int, error) {
	if len(executable) > commandLength {
		executable = executable[:commandLength]
	}
	listing, err := processes(ctx)
	if err != nil {
		return nil, fmt.Errorf("unable to list processes: %w", err)
	}
	var children []int
	for lines := bufio.NewScanner(bytes.NewReader(listing)); lines.Scan(); {
		var id, parentID int
		var command string
		if _, err := fmt.Sscan(lines.Text(), &id, &parentID, &command); err != nil {
			return nil, fmt.Errorf("unable to read %q: %w", lines.Text(), err)
		}
		if parentID == parent && strings.HasPrefix(filepath.Base(command), executable) {
			children = append(children, id)
		}
	}
	return children, nil
}

// processes returns a line for each process: its ID, the ID of its parent, and its command.
// Linux may have no ps, but has /proc.
func processes(ctx context.Context) ([]byte, error) {
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil || len(files) == 0 {
		return exec.CommandContext(ctx, "ps", "-A", "-o", "pid=,ppid=,comm=").Output()
	}
	var listing bytes.Buffer
	for _, file := range files {
		stat, err := os.ReadFile(file) //nolint:gosec // A file of the system.
		if err != nil {
			continue // The process has ended.
		}
		id, rest, _ := strings.Cut(string(stat), " (")
		end := strings.LastIndex(rest, ") ") // The name may contain parentheses.
		if end < 0 {
			return nil, fmt.Errorf("unable to read %s: %q", file, stat)
		}
		command, fields := rest[:end], strings.Fields(rest[end+2:])
		fmt.Fprintln(&listing, id, fields[1], command)
	}
	return listing.Bytes(), nil
}
