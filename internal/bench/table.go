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
		cmp.Or(acctest.ProcField(information, "model name"), "unknown CPU"))
}

const tableHead = "| operation | orders | latency | floor | limit | provider | of the limit | runs | circuit reads | order requests | billing calls " +
	"| memory, floor | memory, provider |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n"

// table returns the rows in Markdown: median times, and the most calls of one run.
func table(rows []row) string {
	var b strings.Builder
	b.WriteString(tableHead)
	for _, r := range rows {
		orders, latency := "–", "–"
		if r.kind != schemaLoad {
			orders, latency = fmt.Sprint(r.orders), fmt.Sprintf("%d ms", r.latency.Milliseconds())
		}
		floor, provider := median(r.noopTimes), median(r.times)
		calls := r.most()
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %.2f | %d | %d | %d | %d | %s | %s |\n", r.name, orders, latency,
			seconds(floor), seconds(r.limit(floor)), seconds(provider), float64(provider)/float64(r.limit(floor)), len(r.times),
			calls.reads, calls.orders, calls.billing, mebibytes(r.noopMemory), mebibytes(r.memory))
	}
	return b.String()
}

// limit returns the time that a provider needs at least: the floor, and the round trips that
// cannot be avoided. A plan needs one, an apply two for each ten orders.
func (r row) limit(floor time.Duration) time.Duration {
	switch r.kind {
	case refresh:
		return floor + r.latency
	case place:
		const atATime, trips = 10, 2
		return floor + time.Duration((r.orders+atATime-1)/atATime*trips)*r.latency
	default:
		return floor
	}
}

// benchmarks returns each run as a line of a Go benchmark, so that benchstat compares two
// commits.
func benchmarks(rows []row) string {
	var b strings.Builder
	line := func(name string, r row, took time.Duration, memory int64, calls tally) {
		fmt.Fprintf(&b, "Benchmark%s/orders=%d/latency=%s 1 %d ns/op %d peak-B %d reads/op %d orders/op %d billing/op\n",
			strings.ReplaceAll(name, " ", "-"), r.orders, r.latency, took.Nanoseconds(), memory, calls.reads, calls.orders, calls.billing)
	}
	for _, r := range rows {
		for _, took := range r.noopTimes {
			line("Floor/"+r.name, r, took, r.noopMemory, tally{})
		}
		for _, took := range r.times {
			line("Provider/"+r.name, r, took, r.memory, r.most())
		}
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
