package abuse

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

const (
	// maxBlocks is the largest limit of a file, in the blocks of ulimit: more than the first
	// states of a fleet, and less than the last one.
	maxBlocks = 10
	// maxPages is the largest free space of the small disk, in pages of the memory: the file of
	// the lock and the first state fit in, and the last one does not. Larger pages hold
	// all states.
	maxPages = 2
	pageSize = 4 << 10
	// diskSize is the size of the small disk. The configuration fits in.
	diskSize = "size=1m"
)

// disk is a way to fail the writes of Terraform and of the provider, which is its child.
type disk struct {
	name   string
	played *atomic.Int64
	// sign is what the output has if a write failed.
	sign string
	// command returns arguments that run the rest of the arguments on the disk.
	command func(random *rand.Rand) []string
}

// A limit on the size of files needs no permission, but is no full disk: the error is another
// one, and each file has its own limit.
var cutFiles = disk{"files that are cut off", &done.cutFiles, "file too large", func(random *rand.Rand) []string {
	return []string{"sh", "-c", `ulimit -f "$0" && exec "$@"`, strconv.Itoa(1 + random.IntN(maxBlocks))}
}}

// A small disk needs a system that lets a user mount one in a namespace of their own. The
// namespace ends with the command, so the files are copied out of it. The log is on a full
// device.
var smallDisk = disk{"small disk", &done.fullDisks, "no space left on device", func(random *rand.Rand) []string {
	return []string{"unshare", "-rm", "sh", "-c", `
set -e
free=$0
mkdir -p small
mount -t tmpfs -o ` + diskSize + ` none small
cp -RP main.tf .terraform .terraform.lock.hcl small
cd small
cat /dev/zero >filler 2>/dev/null || truncate -s "-$free" filler
code=0
TF_LOG_PATH=/dev/full "$@" || code=$?
cp ./*.tfstate .. || true
exit $code`, strconv.Itoa((1 + random.IntN(maxPages)) * pageSize)}
}}

// disks returns the disks that this system has.
func disks(t *testing.T) []disk {
	t.Helper()
	if size := os.Getpagesize(); size != pageSize {
		t.Logf("left out, because a page has %d bytes", size)
		return []disk{cutFiles}
	}
	mount := exec.CommandContext(t.Context(), "unshare", "-rm", "mount", "-t", "tmpfs", "-o", diskSize, "none", t.TempDir()) //nolint:gosec // A directory of the test.
	if output, err := mount.CombinedOutput(); err != nil {
		t.Logf("left out, because no disk can be mounted here: %v, %s", err, output)
		return []disk{cutFiles}
	}
	return []disk{cutFiles, smallDisk}
}

func TestFullDisk_WhileTheStateIsWritten_LosesNoOrderID(t *testing.T) {
	t.Parallel()
	for _, d := range sample(choices(t), disks(t), 1) {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			random := choices(t)
			for range some(10, 1) {
				d.plays(t, random)
			}
		})
	}
}

func (d disk) plays(t *testing.T, random *rand.Rand) {
	t.Helper()
	server, variables := account(t, emulator.Options{Quirks: emulator.Quirks{EnableDelay: pick(random, -1, time.Hour)}})
	f := newFleet(t, server.Emulator, variables, struckFleet)
	f.run.Env = append(f.run.Env, "TF_LOG_PROVIDER=INFO", "TF_LOG_PATH="+filepath.Join(f.run.Dir, "provider.log"))
	on := d.command(random)
	output := f.appliesOn(on)
	if !strings.Contains(output, d.sign) {
		t.Errorf("the output has no %q", d.sign)
	}
	f.namesAllOrders(output)
	f.recovers()
	d.played.Add(1)
	if t.Failed() {
		t.Fatalf("%q printed:\n%s", on, output)
	}
}

// appliesOn applies by arguments that run an apply on a disk, and returns the output.
func (f *fleet) appliesOn(on []string) string {
	f.t.Helper()
	apply := f.run.Command(f.t.Context(), commands["apply"]...)
	command := exec.CommandContext(f.t.Context(), on[0], append(on[1:], apply.Args...)...) //nolint:gosec // Arguments of the test.
	command.Dir, command.Env, command.WaitDelay = apply.Dir, apply.Env, apply.WaitDelay
	running := acctest.Start(f.t, command)
	if err := running.Wait(); err == nil {
		f.t.Errorf("an apply on a full disk succeeded:\n%s", running.Text())
	}
	return running.Text()
}

// namesAllOrders checks that each order is in the state or in the output. If Terraform cannot
// write the state, it writes it into another file, and if it cannot do that either, it prints
// it. Then the other file becomes the state and broken files are removed, as a user does.
func (f *fleet) namesAllOrders(output string) {
	f.t.Helper()
	path, errored := filepath.Join(f.run.Dir, "terraform.tfstate"), filepath.Join(f.run.Dir, "errored.tfstate")
	if len(wholeState(errored)) > 0 {
		_ = os.Rename(errored, path)
	}
	state := wholeState(path)
	if len(state) == 0 {
		_ = os.Remove(path)
	}
	for _, order := range f.account.Orders() {
		if !strings.Contains(string(state)+output, order.ID) {
			done.lostOrders.Add(1)
			f.t.Errorf("neither the state nor the output names order %s", order.ID)
		}
	}
}

// wholeState returns the content of a state, nothing if it is missing or broken.
func wholeState(path string) []byte {
	state, _ := os.ReadFile(path) //nolint:gosec // A path of the test. It may be missing.
	if !json.Valid(state) {
		return nil
	}
	return state
}
