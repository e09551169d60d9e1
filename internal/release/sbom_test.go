//go:build release

package release

import (
	"bytes"
	"debug/buildinfo"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// sbom returns the name of the SBOM of an archive.
func sbom(archive string) string { return archive + ".cdx.json" }

// cyclonedx is what the rehearsal reads of an SBOM.
type cyclonedx struct {
	BOMFormat string
	Metadata  struct {
		Component struct{ Name, Version string }
	}
	Components []struct{ Name, Version string }
}

func (r rehearsal) everyArchiveHasItsSBOM(t *testing.T) {
	found, err := filepath.Glob(r.path("*.cdx.json"))
	if err != nil {
		t.Fatal(err)
	}
	if archives := r.archives(); len(found) != len(archives) {
		t.Errorf("%d SBOMs, want one for each of %d archives: %v", len(found), len(archives), found)
	}
	for _, platform := range r.platforms {
		archive := r.archive(platform)
		r.checkSBOM(t, archive, unzip(t, r.path(archive))[r.binary(platform)])
	}
	for _, platform := range r.emulatorPlatforms {
		archive := r.emulatorArchive(platform)
		r.checkSBOM(t, archive, untar(t, readFile(t, r.path(archive)))[emulatorBinary(platform)])
	}
}

// checkSBOM checks that the SBOM of an archive lists the modules of the archive's binary,
// with their versions, and the Go standard library.
func (r rehearsal) checkSBOM(t *testing.T, archive string, binary []byte) {
	t.Helper()
	content := readFile(t, r.path(sbom(archive)))
	var bom cyclonedx
	if err := json.Unmarshal(content, &bom); err != nil {
		t.Fatalf("%s: %v", sbom(archive), err)
	}
	info, err := buildinfo.Read(bytes.NewReader(binary))
	if err != nil {
		t.Fatalf("%s: %v", archive, err)
	}
	wanted := []string{"std " + info.GoVersion}
	for _, module := range info.Deps {
		wanted = append(wanted, module.Path+" "+module.Version)
	}
	var listed []string
	for _, component := range bom.Components {
		listed = append(listed, component.Name+" "+component.Version)
	}
	if slices.Sort(wanted); !slices.Equal(slices.Sorted(slices.Values(listed)), wanted) {
		t.Errorf("%s lists %v, want the modules of the binary: %v", sbom(archive), listed, wanted)
	}
	subject := bom.Metadata.Component
	if bom.BOMFormat != "CycloneDX" || subject.Name != info.Main.Path || subject.Version != "v"+r.version {
		t.Errorf("%s is a %s document of %s %s, want CycloneDX of %s v%s",
			sbom(archive), bom.BOMFormat, subject.Name, subject.Version, info.Main.Path, r.version)
	}
	if !strings.Contains(string(content), sha256Hex(binary)) {
		t.Errorf("%s lacks the SHA-256 of the binary", sbom(archive))
	}
}
