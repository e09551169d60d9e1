// Command mutation changes one place of the code at a time and runs the tests of the package.
// A change that no test notices survives: a test is missing, or the change has no effect. It
// prints the survivors and the score, the percentage of changes that a test notices, and fails
// if the score is lower than the one in scores.txt. The score leaves out the survivors in
// accepted.txt, because they have no effect that a test could notice.
package main

import (
	"bufio"
	"context"
	_ "embed"
	"flag"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// groups are the packages by part of the provider.
var groups = map[string][]string{
	"domain": {"internal/apierror", "internal/batch", "internal/billing", "internal/circuit", "internal/order", "internal/renewal", "internal/retry"},
	"wire": {
		"internal/alibaba/bss", "internal/alibaba/credentials", "internal/alibaba/credentials/sources", "internal/alibaba/rpc", "internal/alibaba/vpc",
	},
	"face": {
		"internal/provider", "internal/provider/message", "internal/provider/occupancyorder", "internal/provider/physicalconnection", "internal/provider/price",
		"internal/provider/renewalsetting", "internal/provider/shared",
	},
}

//go:embed scores.txt
var scores string

//go:embed accepted.txt
var accepted string

type options struct {
	root, group, only string
	sample            int
	seed              uint64
}

func main() {
	var o options
	flag.StringVar(&o.root, "root", "../../..", "directory of the provider's module")
	flag.StringVar(&o.group, "group", "domain", "part of the provider: domain, wire or face")
	flag.StringVar(&o.only, "only", "", "part of the file names to change")
	flag.IntVar(&o.sample, "sample", 0, "number of changes to try, chosen at random; 0 tries all")
	flag.Uint64Var(&o.seed, "seed", 1, "seed of the choice")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, o); err != nil {
		fmt.Fprintln(os.Stderr, "mutation:", err)
		stop()
		os.Exit(1) //nolint:gocritic // stop has run.
	}
}

func run(ctx context.Context, out io.Writer, o options) error {
	goal, err := goalOf(o.group)
	if err != nil {
		return err
	}
	root, err := filepath.Abs(o.root)
	if err != nil {
		return err
	}
	var mutants []mutant
	for _, dir := range groups[o.group] {
		found, err := mutantsOf(root, dir)
		if err != nil {
			return err
		}
		mutants = append(mutants, found...)
	}
	mutants = slices.DeleteFunc(mutants, func(m mutant) bool { return !strings.Contains(m.file, o.only) })
	if o.sample > 0 && o.sample < len(mutants) {
		random := rand.New(rand.NewPCG(o.seed, 0)) //nolint:gosec // The choice is no secret.
		random.Shuffle(len(mutants), func(i, j int) { mutants[i], mutants[j] = mutants[j], mutants[i] })
		mutants = mutants[:o.sample]
	}
	dir, err := os.MkdirTemp("", "mutation-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()

	reasons := acceptedReasons()
	counts := map[verdict]int{}
	mutation := tester{root: root, dir: dir, workers: runtime.NumCPU()}
	err = mutation.test(ctx, mutants, func(m mutant, v verdict) {
		reason, known := reasons[m.change()]
		if v == survived && known {
			v = excluded
		}
		if counts[v]++; v == survived || v == excluded {
			_, _ = fmt.Fprintf(out, "%s:%d: %s%s\n", m.file, m.line, m.change(), reason)
		}
	})
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	_, summary := scoreOf(counts)
	_, _ = fmt.Fprintf(out, "%s: %s\n", o.group, summary)
	if counts[survived] > allowed(counts, goal, o.sample > 0) && o.only == "" {
		return fmt.Errorf("the score of %s is below %.1f %%", o.group, goal)
	}
	return nil
}

// allowed returns how many changes may survive. In a sample, two more may survive by chance.
func allowed(counts map[verdict]int, goal float64, sample bool) int {
	most := int(float64(counts[killed]+counts[survived]) * (100 - goal) / 100)
	if sample {
		most += 2
	}
	return most
}

// scoreOf returns the percentage of changes that a test notices, and a sentence about it.
func scoreOf(counts map[verdict]int) (score float64, summary string) {
	counted := counts[killed] + counts[survived]
	score = 100 * float64(counts[killed]) / float64(max(1, counted))
	return score, fmt.Sprintf("%.1f %% of %d changes were noticed; %d survived; not counted: %d accepted survivors, %d changes that did not compile",
		score, counted, counts[survived], counts[excluded], counts[invalid])
}

// goalOf returns the lowest score of a group in percent.
func goalOf(group string) (float64, error) {
	for line := range strings.Lines(scores) {
		if name, score, found := strings.Cut(strings.TrimSpace(line), " "); found && name == group {
			return strconv.ParseFloat(score, 64)
		}
	}
	return 0, fmt.Errorf("unknown group %q: want one of %s", group, strings.Join(slices.Sorted(maps.Keys(groups)), ", "))
}

// acceptedReasons returns why a survivor is accepted, by its change.
func acceptedReasons() map[string]string {
	reasons := map[string]string{}
	for scanner := bufio.NewScanner(strings.NewReader(accepted)); scanner.Scan(); {
		if change, reason, found := strings.Cut(scanner.Text(), " | "); found {
			reasons[change] = " (accepted: " + reason + ")"
		}
	}
	return reasons
}
