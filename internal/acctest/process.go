package acctest

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
)

// commandLength is the length to which ps cuts names of commands on Linux.
const commandLength = 15

// Children returns the IDs of the child processes of parent that run an executable with
// this name.
func Children(ctx context.Context, parent int, executable string) ([]int, error) {
	if len(executable) > commandLength {
		executable = executable[:commandLength]
	}
	listing, err := exec.CommandContext(ctx, "ps", "-A", "-o", "pid=,ppid=,comm=").Output()
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
