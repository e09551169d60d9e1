package main

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
)

// machine says when and where it was measured, in terms that name no host.
func machine(cli acctest.CLI) string {
	return fmt.Sprintf("Measured on %s: %s, %s, %s/%s, %d cores%s.", time.Now().UTC().Format(time.DateOnly), cli.Version,
		strings.Replace(runtime.Version(), "go", "Go ", 1), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), processor())
}

// processor names the CPU, with a comma before it; empty where the kernel does not tell.
func processor() string {
	information, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(information)) {
		if field, value, _ := strings.Cut(line, ":"); strings.TrimSpace(field) == "model name" {
			return ", " + strings.TrimSpace(value)
		}
	}
	return ""
}

const tableHead = `| operation | orders | latency | floor | provider | ratio | runs | reads of circuits | order requests | calls of billing | memory, floor | memory, provider |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
`

// table prints the rows: medians of the wall time, the most calls of a run.
func table(rows []row) string {
	var b strings.Builder
	b.WriteString(tableHead)
	for _, r := range rows {
		orders, latency := "–", "–"
		if r.kind != schemaLoad {
			orders, latency = fmt.Sprint(r.orders), fmt.Sprintf("%d ms", r.latency.Milliseconds())
		}
		floor, ours := median(r.floor), median(r.ours)
		calls := r.most()
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %.2f | %d | %d | %d | %d | %s | %s |\n", r.name(), orders, latency,
			seconds(floor), seconds(ours), float64(ours)/float64(floor), len(r.ours),
			calls.reads, calls.orders, calls.billing, mebibytes(r.floorMemory), mebibytes(r.memory))
	}
	return b.String()
}

// median returns the middle one; of an even number, the mean of the two.
func median(times []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(times))
	half := len(sorted) / 2
	if len(sorted)%2 == 0 {
		return (sorted[half-1] + sorted[half]) / 2
	}
	return sorted[half]
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f s", d.Seconds()) }

func mebibytes(bytes int64) string {
	if bytes == 0 {
		return "–"
	}
	return fmt.Sprintf("%d MiB", (bytes+1<<19)>>20)
}
