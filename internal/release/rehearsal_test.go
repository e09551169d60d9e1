//go:build release

package release

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
)

// project is the name that archives and binaries carry.
const project = "terraform-provider-expressconnect"

// platforms are those that a release has to serve.
var platforms = []string{
	"darwin_amd64", "darwin_arm64",
	"freebsd_386", "freebsd_amd64", "freebsd_arm", "freebsd_arm64",
	"linux_386", "linux_amd64", "linux_arm", "linux_arm64",
	"windows_386", "windows_amd64", "windows_arm64",
}

// emulatorPlatforms are those that the emulator is offered for.
var emulatorPlatforms = []string{"darwin_amd64", "darwin_arm64", "linux_amd64", "linux_arm64", "windows_amd64"}

// hostOnly names the environment variable that, set to anything, restricts the
// rehearsal to the platform at hand: minutes instead of a quarter of an hour.
const hostOnly = "RELEASE_HOST_ONLY"

// host is the platform at hand.
const host = runtime.GOOS + "_" + runtime.GOARCH

// rehearsal is a release made here, with a key that lives as long as the test.
type rehearsal struct {
	root, dist string
	// config is the configuration that GoReleaser ran with.
	config     string
	goreleaser string
	version    string
	key        signingKey
	// platforms and emulatorPlatforms are those that were built.
	platforms, emulatorPlatforms []string
}

// path of a file of the release.
func (r rehearsal) path(name string) string { return filepath.Join(r.dist, name) }

// archive is the name of the provider's archive for a platform.
func (r rehearsal) archive(platform string) string {
	return project + "_" + r.version + "_" + platform + ".zip"
}

// emulatorArchive is the name of the emulator's archive for a platform.
func (r rehearsal) emulatorArchive(platform string) string {
	return "expressconnect-emulator_" + r.version + "_" + platform + ".tar.gz"
}

// binary is the name of the provider's executable for a platform.
func (r rehearsal) binary(platform string) string {
	name := project + "_v" + r.version
	if strings.HasPrefix(platform, "windows_") {
		name += ".exe"
	}
	return name
}

// emulatorBinary is the name of the emulator's executable for a platform.
func emulatorBinary(platform string) string {
	if strings.HasPrefix(platform, "windows_") {
		return "expressconnect-emulator.exe"
	}
	return "expressconnect-emulator"
}

// sums is the name of the file of checksums.
func (r rehearsal) sums() string { return project + "_" + r.version + "_SHA256SUMS" }

// manifest is the name under which the registry finds the manifest.
func (r rehearsal) manifest() string { return project + "_" + r.version + "_manifest.json" }

func TestReleaseRehearsal(t *testing.T) {
	t.Parallel()
	r := rehearse(t)

	for _, promise := range []struct {
		name string
		keep func(*testing.T)
	}{
		{"EveryPlatformHasItsArchive", r.everyPlatformHasItsArchive},
		{"EmulatorIsOfferedUnderNamesThatRegistriesIgnore", r.emulatorArchives},
		{"ChecksumsCoverEveryFile", r.checksumsCoverEveryFile},
		{"SignatureVerifiesAndATamperedFileDoesNot", r.signatureVerifies},
		{"ManifestSaysProtocol6", r.manifestSaysProtocol6},
		{"VersionIsInTheBinary", r.versionIsInTheBinary},
		{"InitInstallsTheArchive", r.initInstallsTheArchive},
		{"EmulatorOfTheArchiveServes", r.emulatorServes},
		{"SecondBuildElsewhereGivesTheSameBytes", r.secondBuildGivesTheSameBytes},
	} {
		t.Run(promise.name, func(t *testing.T) {
			t.Parallel()
			promise.keep(t)
		})
	}
}

// rehearse makes a snapshot release in the project's dist directory.
func rehearse(t *testing.T) rehearsal {
	t.Helper()
	root, err := acctest.ProjectRoot()
	if err != nil {
		t.Fatal(err)
	}
	r := rehearsal{
		root:              root,
		dist:              filepath.Join(root, "dist"),
		config:            filepath.Join(root, ".goreleaser.yml"),
		platforms:         platforms,
		emulatorPlatforms: emulatorPlatforms,
		key:               newSigningKey(t),
	}
	if os.Getenv(hostOnly) != "" {
		r.platforms = []string{host}
		r.emulatorPlatforms = []string{host}
		r.config = hostOnlyConfig(t, r.config)
	}

	if r.goreleaser, err = acctest.Tool(t.Context(), root, "goreleaser"); err != nil {
		t.Fatal(err)
	}

	command := r.command(t.Context(), "release", "--snapshot", "--clean")
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	if err := command.Run(); err != nil {
		t.Fatalf("goreleaser release: %v", err)
	}

	var metadata struct{ Version string }
	if err := json.Unmarshal(readFile(t, r.path("metadata.json")), &metadata); err != nil {
		t.Fatal(err)
	}
	r.version = metadata.Version
	return r
}

// command prepares GoReleaser in the project, with the throw-away key.
func (r rehearsal) command(ctx context.Context, arguments ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, r.goreleaser, append(arguments, "--config", r.config)...) //nolint:gosec // The tool that was just built.
	command.Dir = r.root
	command.Env = append(os.Environ(), "GNUPGHOME="+r.key.home, "GPG_FINGERPRINT="+r.key.fingerprint)
	return command
}

// hostOnlyConfig writes the configuration with no target but the platform at hand.
func hostOnlyConfig(t *testing.T, path string) string {
	t.Helper()
	target := regexp.MustCompile(`^ +- ([a-z]+_[a-z0-9]+)$`)
	lines := strings.Split(string(readFile(t, path)), "\n")
	kept := slices.DeleteFunc(lines, func(line string) bool {
		match := target.FindStringSubmatch(line)
		return match != nil && slices.Contains(platforms, match[1]) && match[1] != host
	})
	written := filepath.Join(t.TempDir(), "goreleaser.yml")
	if err := os.WriteFile(written, []byte(strings.Join(kept, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	return written
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path) //nolint:gosec // A file of the release or of this project.
	if err != nil {
		t.Fatal(err)
	}
	return content
}
