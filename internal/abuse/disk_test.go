package abuse

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// maxBlocks is the largest limit of a file, in the blocks of ulimit: more than the first states
// of a fleet, and less than the last one.
const maxBlocks = 10

// A mount of a small disk needs root. A limit on the size of files fails the same writes of
// Terraform, and those of the provider, which is its child.
func TestFullDisk_WhileTheStateIsWritten_LosesNoOrderID(t *testing.T) {
	t.Parallel()
	random := choices(t)
	for range some(10, 1) {
		server, variables := account(t, emulator.Options{Quirks: emulator.Quirks{EnableDelay: pick(random, -1, time.Hour)}})
		f := newFleet(t, server.Emulator, variables, struckFleet)
		f.run.Env = append(f.run.Env, "TF_LOG_PROVIDER=INFO", "TF_LOG_PATH="+filepath.Join(f.run.Dir, "provider.log"))
		blocks := 1 + random.IntN(maxBlocks)
		output := f.appliesWithin(blocks)
		f.namesAllOrders(output)
		f.recovers()
		done.fullDisks.Add(1)
		if t.Failed() {
			t.Fatalf("with files of %d blocks, the apply printed:\n%s", blocks, output)
		}
	}
}

// appliesWithin applies with a limit on the size of files, and returns the output.
func (f *fleet) appliesWithin(blocks int) string {
	f.t.Helper()
	command := f.run.Command(f.t.Context(), commands["apply"]...)
	command.Args = append([]string{"sh", "-c", `ulimit -f "$0" && exec "$@"`, strconv.Itoa(blocks), command.Path}, command.Args[1:]...)
	command.Path = "/bin/sh"
	running := acctest.Start(f.t, command)
	if err := running.Wait(); err == nil {
		f.t.Errorf("an apply on a full disk succeeded:\n%s", running.Text())
	}
	return running.Text()
}

// namesAllOrders checks that each order is in the state or in the output. Terraform prints
// the state if it cannot write it. Then the broken files are removed, as a user does.
func (f *fleet) namesAllOrders(output string) {
	f.t.Helper()
	path := filepath.Join(f.run.Dir, "terraform.tfstate")
	state, _ := os.ReadFile(path) //nolint:gosec // A path of the test. It may be missing.
	if !json.Valid(state) {
		state = nil
		_ = os.Remove(path)
	}
	for _, order := range f.account.Orders() {
		if !strings.Contains(string(state)+output, order.ID) {
			done.lostOrders.Add(1)
			f.t.Errorf("neither the state nor the output names order %s", order.ID)
		}
	}
}
