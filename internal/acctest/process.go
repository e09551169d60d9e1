package acctest

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Children returns the IDs of the child processes of a process that run an
// executable whose name begins so. It reads /proc.
func Children(parent int, executable string) ([]int, error) {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil, err
	}
	var children []int
	for _, stat := range stats {
		content, err := os.ReadFile(stat) //nolint:gosec // A file of the kernel.
		if err != nil {
			continue // The process has ended.
		}
		// The name is in brackets and may hold anything; what follows is plain.
		_, rest, ok := strings.Cut(string(content), ") ")
		fields := strings.Fields(rest)
		if !ok || len(fields) < 2 || fields[1] != strconv.Itoa(parent) {
			continue
		}
		target, err := os.Readlink(filepath.Join(filepath.Dir(stat), "exe"))
		if err != nil || !strings.HasPrefix(filepath.Base(target), executable) {
			continue
		}
		id, err := strconv.Atoi(filepath.Base(filepath.Dir(stat)))
		if err != nil {
			return nil, fmt.Errorf("unable to read %s: %w", stat, err)
		}
		children = append(children, id)
	}
	return children, nil
}
