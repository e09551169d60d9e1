//go:build release

package release

import (
	"maps"
	"regexp"
	"strings"
	"testing"
)

// maxSubjects is the number of files that one attestation can name.
const maxSubjects = 1024

// subjectLine is a line that the attestation action reads as a subject: digest, space, mode
// (text or binary), name. The action skips a line without a space, and reports no error.
var subjectLine = regexp.MustCompile(`^([0-9a-f]{64}) [ *](\S+)$`)

// provenanceNamesEveryFile reads the checksums as the attestation action does: each line is a
// subject of the attestation.
func (r rehearsal) provenanceNamesEveryFile(t *testing.T) {
	subjects := map[string]string{}
	for line := range strings.Lines(string(readFile(t, r.path(r.sums())))) {
		match := subjectLine.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
		if match == nil {
			t.Fatalf("the attestation has no subject for the line %q", line)
		}
		if _, twice := subjects[match[2]]; twice {
			t.Errorf("the attestation names %s twice", match[2])
		}
		subjects[match[2]] = match[1]
	}
	if !maps.Equal(subjects, r.checksums(t)) || len(subjects) != len(r.published()) || len(subjects) > maxSubjects {
		t.Errorf("the attestation has %d subjects, want the %d files of the release, at most %d", len(subjects), len(r.published()), maxSubjects)
	}
}
