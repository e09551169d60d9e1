package main

import (
	"cmp"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
)

// machine describes date, versions and hardware, without the name of the host.
func machine(cli acctest.CLI) string {
	information, _ := os.ReadFile("/proc/cpuinfo")
	return fmt.Sprintf("Measured on %s: %s, %s, %s/%s, %d cores, %s.", time.Now().UTC().Format(time.DateOnly), cli.Version,
		strings.Replace(runtime.Version(), "go", "Go ", 1), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(),
		cmp.Or(field(information, "model name"), "unknown CPU"))
}

const tableHead = "| operation | orders | latency | no-op | provider | ratio | runs | circuit reads | order requests | billing calls " +
	"| memory, no-op | memory, provider |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n"

// table returns the rows in Markdown: median times, and the most calls of one run.
func table(rows []row) string {
	var b strings.Builder
	b.WriteString(tableHead)
	for _, r := range rows {
		orders, latency := "–", "–"
		if r.kind != schemaLoad {
			orders, latency = fmt.Sprint(r.orders), fmt.Sprintf("%d ms", r.latency.Milliseconds())
		}
		noop, provider := median(r.noopTimes), median(r.times)
		calls := r.most()
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %.2f | %d | %d | %d | %d | %s | %s |\n", r.name, orders, latency,
			seconds(noop), seconds(provider), float64(provider)/float64(noop), len(r.times),
			calls.reads, calls.orders, calls.billing, mebibytes(r.noopMemory), mebibytes(r.memory))
	}
	return b.String()
}

// median returns the median; for an even number of times, the mean of the middle two.
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
