//go:build release

package release

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
)

// initInstallsTheArchive puts the archives in a mirror. The CLI installs the provider from
// it and starts the provider.
func (r rehearsal) initInstallsTheArchive(t *testing.T) {
	cli, err := acctest.FindCLI(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	mirror := filepath.Join(dir, "mirror")
	packages := filepath.Join(mirror, cli.RegistryHost(), "expressconnect", "expressconnect")
	if err := os.MkdirAll(packages, 0o750); err != nil {
		t.Fatal(err)
	}
	for _, platform := range r.platforms {
		if err := os.Link(r.path(r.archive(platform)), filepath.Join(packages, r.archive(platform))); err != nil {
			if err := os.WriteFile(filepath.Join(packages, r.archive(platform)), readFile(t, r.path(r.archive(platform))), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	configFile := filepath.Join(dir, "cli.tfrc")
	config := fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", mirror)
	if err := os.WriteFile(configFile, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	workspace := acctest.NewWorkspace(dir, cli, acctest.Installation{ConfigFile: configFile}, nil)
	configuration := fmt.Sprintf("terraform {\n  required_providers {\n    expressconnect = {\n      source  = \"expressconnect/expressconnect\"\n      version = %q\n    }\n  }\n}\n", r.version)
	if err := workspace.Write("main.tf", configuration); err != nil {
		t.Fatal(err)
	}
	run := func(arguments ...string) string {
		output, err := workspace.Run(t.Context(), arguments...)
		if err != nil || output.ExitCode != 0 {
			t.Fatalf("%s %v: exit code %d, %v\n%s", cli.Name(), arguments, output.ExitCode, err, output.Text)
		}
		return output.Text
	}

	run("init", "-no-color")
	address := cli.RegistryHost() + "/expressconnect/expressconnect"
	if installed := run("version"); !strings.Contains(installed, "provider "+address+" v"+r.version) {
		t.Errorf("the CLI does not name the installed version:\n%s", installed)
	}
	// The schema comes from the installed binary, so the binary starts and uses the protocol.
	if schema := run("providers", "schema", "-json"); !strings.Contains(schema, `"expressconnect_physical_connection_occupancy_order"`) {
		t.Errorf("the installed provider's schema lacks the resource: %.300s", schema)
	}

	// The command reads the archive of each platform, and writes the hash of its content.
	lock := []string{"providers", "lock", "-no-color", "-fs-mirror=" + mirror}
	for _, platform := range r.platforms {
		lock = append(lock, "-platform="+platform)
	}
	run(lock...)
	locked := string(readFile(t, filepath.Join(dir, ".terraform.lock.hcl")))
	for _, platform := range r.platforms {
		if hash := packageHash(unzip(t, r.path(r.archive(platform)))); !strings.Contains(locked, `"`+hash+`"`) {
			t.Errorf("the lock file lacks %s, the hash of the package for %s:\n%s", hash, platform, locked)
		}
	}
}

// packageHash returns the hash of a package as in lock files: "h1:" and base64.
func packageHash(files map[string][]byte) string {
	hash := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		_, _ = fmt.Fprintf(hash, "%s  %s\n", sha256Hex(files[name]), name)
	}
	return "h1:" + base64.StdEncoding.EncodeToString(hash.Sum(nil))
}

// secondBuildGivesTheSameBytes builds the binaries of the host again, in another directory
// and with an empty cache.
func (r rehearsal) secondBuildGivesTheSameBytes(t *testing.T) {
	if !slices.Contains(r.platforms, host) || !slices.Contains(r.emulatorPlatforms, host) {
		t.Fatalf("there are no releases for %s, this platform", host)
	}
	elsewhere := filepath.Join(t.TempDir(), "elsewhere")
	r.copyProject(t, elsewhere)
	cache := t.TempDir()
	for id, first := range map[string][]byte{
		"expressconnect": unzip(t, r.path(r.archive(host)))[r.binary(host)],
		"emulator":       untar(t, readFile(t, r.path(r.emulatorArchive(host))))[emulatorBinary(host)],
	} {
		output := filepath.Join(elsewhere, "again-"+id)
		command := r.command(t.Context(), "build", "--snapshot", "--clean", "--skip=before", "--single-target", "--id", id, "--output", output)
		command.Dir = elsewhere
		command.Env = append(command.Env, "GOCACHE="+cache)
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("goreleaser build: %v\n%s", err, out)
		}
		if again := readFile(t, output); !bytes.Equal(first, again) {
			t.Errorf("two builds of %s for %s differ: SHA-256 %s (%d bytes), then %s (%d bytes)",
				id, host, sha256Hex(first), len(first), sha256Hex(again), len(again))
		}
	}
}

// copyProject copies the history of the project, and its files with all changes.
func (r rehearsal) copyProject(t *testing.T, target string) {
	t.Helper()
	list := exec.CommandContext(t.Context(), "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = r.root
	names, err := list.Output()
	if err != nil {
		t.Fatalf("git ls-files: %v", err)
	}
	for name := range strings.SplitSeq(strings.TrimSuffix(string(names), "\x00"), "\x00") {
		path := filepath.Join(target, filepath.FromSlash(name))
		source := filepath.Join(r.root, filepath.FromSlash(name))
		info, err := os.Stat(source)
		if errors.Is(err, fs.ErrNotExist) {
			continue // It is deleted, but still in the index.
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, readFile(t, source), info.Mode().Perm()); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.CopyFS(filepath.Join(target, ".git"), os.DirFS(filepath.Join(r.root, ".git"))); err != nil {
		t.Fatal(err)
	}
}
