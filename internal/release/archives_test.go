//go:build release

package release

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// maxBinary bounds the size of a binary, in bytes: 25 MiB.
const maxBinary = 25 << 20

func (r rehearsal) everyPlatformHasItsArchive(t *testing.T) {
	wanted := make([]string, 0, len(r.platforms))
	for _, platform := range r.platforms {
		wanted = append(wanted, r.archive(platform))
	}
	found, err := filepath.Glob(r.path("*.zip"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range found {
		found[i] = filepath.Base(found[i])
	}
	if slices.Sort(found); !slices.Equal(found, wanted) {
		t.Fatalf("archives are %v, want %v", found, wanted)
	}
	for _, platform := range r.platforms {
		files := unzip(t, r.path(r.archive(platform)))
		if names := slices.Sorted(maps.Keys(files)); !slices.Equal(names, []string{"LICENSE", r.binary(platform)}) {
			t.Errorf("%s holds %v, want LICENSE and %s", r.archive(platform), names, r.binary(platform))
			continue
		}
		checkBinary(t, platform, files[r.binary(platform)])
	}
}

// checkBinary checks that a binary is for the platform, static, not too large, and without
// paths of the machine that built it.
func checkBinary(t *testing.T, platform string, binary []byte) {
	t.Helper()
	info, err := buildinfo.Read(bytes.NewReader(binary))
	if err != nil {
		t.Errorf("%s: %v", platform, err)
		return
	}
	settings := map[string]string{}
	for _, setting := range info.Settings {
		settings[setting.Key] = setting.Value
	}
	if built := settings["GOOS"] + "_" + settings["GOARCH"]; built != platform {
		t.Errorf("the binary for %s was built for %s", platform, built)
	}
	if settings["CGO_ENABLED"] != "0" || settings["-trimpath"] != "true" {
		t.Errorf("%s: built with CGO_ENABLED=%s and -trimpath=%s, want 0 and true", platform, settings["CGO_ENABLED"], settings["-trimpath"])
	}
	if len(binary) > maxBinary {
		t.Errorf("%s: the binary has %d bytes, want at most %d", platform, len(binary), maxBinary)
	}
}

func (r rehearsal) emulatorArchives(t *testing.T) {
	found, err := filepath.Glob(r.path("expressconnect-emulator_*"))
	if err != nil {
		t.Fatal(err)
	}
	archives := slices.DeleteFunc(found, func(path string) bool { return !strings.HasSuffix(path, ".tar.gz") })
	for i := range archives {
		archives[i] = filepath.Base(archives[i])
	}
	wanted := make([]string, 0, len(r.emulatorPlatforms))
	for _, platform := range r.emulatorPlatforms {
		wanted = append(wanted, r.emulatorArchive(platform))
	}
	if slices.Sort(archives); !slices.Equal(archives, wanted) {
		t.Fatalf("the emulator's archives are %v, want %v", archives, wanted)
	}
	for _, platform := range r.emulatorPlatforms {
		name := emulatorBinary(platform)
		files := untar(t, readFile(t, r.path(r.emulatorArchive(platform))))
		if names := slices.Sorted(maps.Keys(files)); !slices.Equal(names, []string{"LICENSE", name}) {
			t.Errorf("%s holds %v, want LICENSE and %s", r.emulatorArchive(platform), names, name)
			continue
		}
		checkBinary(t, platform, files[name])
	}
}

func (r rehearsal) checksumsCoverEveryFile(t *testing.T) {
	wanted := map[string]string{}
	for name, path := range r.published() {
		wanted[name] = sha256Hex(readFile(t, path))
	}
	if listed := r.checksums(t); !maps.Equal(listed, wanted) {
		t.Errorf("%s lists %v, want %v", r.sums(), listed, wanted)
	}
}

// published returns the files of the release that the checksums must cover: name to path.
func (r rehearsal) published() map[string]string {
	// The manifest is uploaded under another name than it has in the project.
	paths := map[string]string{r.manifest(): filepath.Join(r.root, "terraform-registry-manifest.json")}
	for _, archive := range r.archives() {
		paths[archive] = r.path(archive)
		paths[sbom(archive)] = r.path(sbom(archive))
	}
	return paths
}

// archives returns the names of all archives of the release.
func (r rehearsal) archives() []string {
	var archives []string
	for _, platform := range r.platforms {
		archives = append(archives, r.archive(platform))
	}
	for _, platform := range r.emulatorPlatforms {
		archives = append(archives, r.emulatorArchive(platform))
	}
	return archives
}

// checksums reads the release's checksums: file name to SHA-256 in hex.
func (r rehearsal) checksums(t *testing.T) map[string]string {
	t.Helper()
	listed := map[string]string{}
	for line := range strings.Lines(string(readFile(t, r.path(r.sums())))) {
		fields := strings.Fields(line)
		if len(fields) != 2 {
			t.Fatalf("%s has the line %q", r.sums(), line)
		}
		listed[fields[1]] = fields[0]
	}
	return listed
}

func (r rehearsal) manifestHasProtocol6(t *testing.T) {
	var manifest struct {
		Version  int
		Metadata struct {
			ProtocolVersions []string `json:"protocol_versions"`
		}
	}
	if err := json.Unmarshal(readFile(t, filepath.Join(r.root, "terraform-registry-manifest.json")), &manifest); err != nil {
		t.Fatal(err)
	}
	if manifest.Version != 1 || !slices.Equal(manifest.Metadata.ProtocolVersions, []string{"6.0"}) {
		t.Errorf("the manifest is %+v, want version 1 and protocol 6.0", manifest)
	}
}

// The linker ignores a variable that does not exist, so the text itself has to be
// looked for.
func (r rehearsal) versionIsInTheBinary(t *testing.T) {
	for _, platform := range r.platforms {
		if binary := unzip(t, r.path(r.archive(platform)))[r.binary(platform)]; !bytes.Contains(binary, []byte(r.version)) {
			t.Errorf("the binary for %s does not hold the version %s", platform, r.version)
		}
	}
	for _, platform := range r.emulatorPlatforms {
		files := untar(t, readFile(t, r.path(r.emulatorArchive(platform))))
		if !bytes.Contains(files[emulatorBinary(platform)], []byte(r.version)) {
			t.Errorf("the emulator for %s does not hold the version %s", platform, r.version)
		}
	}
}

// unzip reads an archive: file name to content. Executables have to be executable.
func unzip(t *testing.T, path string) map[string][]byte {
	t.Helper()
	archive, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = archive.Close() }()
	files := map[string][]byte{}
	for _, file := range archive.File {
		content, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[file.Name], err = io.ReadAll(content); err != nil {
			t.Fatal(err)
		}
		if mode := file.Mode().Perm(); file.Name != "LICENSE" && mode != 0o755 {
			t.Errorf("%s in %s has mode %v, want 0755", file.Name, filepath.Base(path), mode)
		}
	}
	return files
}

// untar reads a gzipped archive: file name to content. Executables have to be
// executable.
func untar(t *testing.T, compressed []byte) map[string][]byte {
	t.Helper()
	stream, err := gzip.NewReader(bytes.NewReader(compressed))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for archive := tar.NewReader(stream); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		if files[header.Name], err = io.ReadAll(archive); err != nil {
			t.Fatal(err)
		}
		if mode := header.FileInfo().Mode().Perm(); header.Name != "LICENSE" && mode != 0o755 {
			t.Errorf("%s has mode %v, want 0755", header.Name, mode)
		}
	}
}

func sha256Hex(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
