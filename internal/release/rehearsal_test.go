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

// project is the beginning of the names of archives and binaries.
const project = "terraform-provider-expressconnect"

// platforms are the platforms of a release.
var platforms = []string{
	"darwin_amd64", "darwin_arm64",
	"freebsd_386", "freebsd_amd64", "freebsd_arm", "freebsd_arm64",
	"linux_386", "linux_amd64", "linux_arm", "linux_arm64",
	"windows_386", "windows_amd64", "windows_arm64",
}

// emulatorPlatforms are the platforms of the emulator.
var emulatorPlatforms = []string{"darwin_amd64", "darwin_arm64", "linux_amd64", "linux_arm64", "windows_amd64"}

// hostOnly is the environment variable that restricts the rehearsal to this platform, with
// any value. It saves about ten minutes.
const hostOnly = "RELEASE_HOST_ONLY"

// host is this platform.
const host = runtime.GOOS + "_" + runtime.GOARCH

// rehearsal is a release of this machine, with a key that exists only during the test.
type rehearsal struct {
	root, dist string
	// config is the configuration of GoReleaser.
	config     string
	goreleaser string
	version    string
	key        signingKey
	// platforms and emulatorPlatforms are the platforms that were built.
	platforms, emulatorPlatforms []string
}

// path returns the path of a file of the release.
func (r rehearsal) path(name string) string { return filepath.Join(r.dist, name) }

// archive returns the name of the provider's archive for a platform.
func (r rehearsal) archive(platform string) string {
	return project + "_" + r.version + "_" + platform + ".zip"
}

// emulatorArchive returns the name of the emulator's archive for a platform.
func (r rehearsal) emulatorArchive(platform string) string {
	return "expressconnect-emulator_" + r.version + "_" + platform + ".tar.gz"
}

// binary returns the name of the provider's executable for a platform.
func (r rehearsal) binary(platform string) string {
	name := project + "_v" + r.version
	if strings.HasPrefix(platform, "windows_") {
		name += ".exe"
	}
	return name
}

// emulatorBinary returns the name of the emulator's executable for a platform.
func emulatorBinary(platform string) string {
	if strings.HasPrefix(platform, "windows_") {
		return "expressconnect-emulator.exe"
	}
	return "expressconnect-emulator"
}

// sums returns the name of the file with the checksums.
func (r rehearsal) sums() string { return project + "_" + r.version + "_SHA256SUMS" }

// manifest returns the name of the manifest for the registry.
func (r rehearsal) manifest() string { return project + "_" + r.version + "_manifest.json" }

func TestReleaseRehearsal(t *testing.T) {
	t.Parallel()
	r := rehearse(t)

	for _, promise := range []struct {
		name  string
		check func(*testing.T)
	}{
		{"EveryPlatformHasItsArchive", r.everyPlatformHasItsArchive},
		{"EmulatorArchivesHaveNamesThatRegistriesIgnore", r.emulatorArchives},
		{"EachArchiveHasAnSBOMWithTheModulesOfItsBinary", r.everyArchiveHasItsSBOM},
		{"ChecksumsCoverEveryFile", r.checksumsCoverEveryFile},
		{"ProvenanceNamesEveryFileOnce", r.provenanceNamesEveryFile},
		{"SignatureVerifiesAndATamperedFileDoesNot", r.signatureVerifies},
		{"ManifestHasProtocol6", r.manifestHasProtocol6},
		{"VersionIsInTheBinary", r.versionIsInTheBinary},
		{"InitInstallsTheArchive", r.initInstallsTheArchive},
		{"EmulatorOfTheArchiveServes", r.emulatorServes},
		{"SecondBuildElsewhereGivesTheSameBytes", r.secondBuildGivesTheSameBytes},
	} {
		t.Run(promise.name, func(t *testing.T) {
			t.Parallel()
			promise.check(t)
		})
	}
}

// rehearse builds a snapshot release in the directory dist.
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

	// The image needs Docker. A test of the emulator's command checks it.
	command := r.command(t.Context(), "release", "--snapshot", "--clean", "--skip", "docker")
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

// command returns a command of GoReleaser, with the key of the rehearsal.
func (r rehearsal) command(ctx context.Context, arguments ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, r.goreleaser, append(arguments, "--config", r.config)...) //nolint:gosec // The tool that was just built.
	command.Dir = r.root
	command.Env = append(os.Environ(), "GNUPGHOME="+r.key.home, "GPG_FINGERPRINT="+r.key.fingerprint)
	return command
}

// hostOnlyConfig writes a configuration with this platform as the only target.
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
