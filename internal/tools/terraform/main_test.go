package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
)

const (
	folder  = "/terraform/" + Version + "/"
	archive = "terraform.zip"
	sums    = "terraform_" + Version + "_SHA256SUMS"
)

// release has the files of a signed release, by path.
type release struct {
	files map[string][]byte
	key   string
}

func newRelease(t *testing.T) release {
	t.Helper()
	signer, err := openpgp.NewEntity("Releases", "", "releases@example.com", nil)
	if err != nil {
		t.Fatal(err)
	}
	content := zipped(t, "the executable")
	checksums := fmt.Appendf(nil, "%x  %s\n", sha256.Sum256(content), archive)
	var signature, key bytes.Buffer
	if err := openpgp.DetachSign(&signature, signer, bytes.NewReader(checksums), nil); err != nil {
		t.Fatal(err)
	}
	armored, err := armor.Encode(&key, openpgp.PublicKeyType, nil)
	if err == nil {
		err = signer.Serialize(armored)
	}
	if err == nil {
		err = armored.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	index, err := json.Marshal(map[string]any{
		"name": "terraform", "version": Version, "shasums": sums, "shasums_signature": sums + ".sig",
		"builds": []map[string]string{{"os": runtime.GOOS, "arch": runtime.GOARCH, "filename": archive, "url": folder + archive}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return release{key: key.String(), files: map[string][]byte{
		folder + "index.json": index, folder + sums: checksums, folder + sums + ".sig": signature.Bytes(), folder + archive: content,
	}}
}

func zipped(t *testing.T, content string) []byte {
	t.Helper()
	var buffer bytes.Buffer
	writer := zip.NewWriter(&buffer)
	file, err := writer.Create("terraform")
	if err == nil {
		_, err = file.Write([]byte(content))
	}
	if err == nil {
		err = writer.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return buffer.Bytes()
}

// serve returns a source that serves the release.
func (r release) serve(t *testing.T) source {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		content, ok := r.files[request.URL.Path]
		if !ok {
			http.NotFound(w, request)
			return
		}
		if strings.HasSuffix(request.URL.Path, ".zip") {
			w.Header().Set("Content-Type", "application/zip")
		} else {
			w.Header().Set("Content-Type", "application/json")
		}
		_, _ = w.Write(content)
	}))
	t.Cleanup(server.Close)
	return source{site: server.URL, key: r.key, answerTimeout: time.Minute}
}

// wantRefused checks that install returns this error and leaves the earlier executable.
func wantRefused(t *testing.T, source source, want string) {
	t.Helper()
	dir := t.TempDir()
	earlier := filepath.Join(dir, "terraform")
	if err := os.WriteFile(earlier, []byte("earlier"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := source.install(t.Context(), dir); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("the error is %v, want %q", err, want)
	}
	files, _ := os.ReadDir(dir)
	content, err := os.ReadFile(earlier) //nolint:gosec // A file of this test.
	if err != nil || string(content) != "earlier" || len(files) != 1 {
		t.Errorf("%d files, the executable is %q, %v", len(files), content, err)
	}
}

func TestInstall_SignedRelease_ReturnsTheExecutable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, err := newRelease(t).serve(t).install(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path) //nolint:gosec // A file of this test.
	if err != nil || string(content) != "the executable" || path != filepath.Join(dir, "terraform") {
		t.Errorf("%s: %q, %v", path, content, err)
	}
}

func TestInstall_OtherArchive_IsRefused(t *testing.T) {
	t.Parallel()
	changed := newRelease(t)
	changed.files[folder+archive] = zipped(t, "another executable")
	wantRefused(t, changed.serve(t), "no such file")
}

func TestInstall_OtherSigner_IsRefused(t *testing.T) {
	t.Parallel()
	source := newRelease(t).serve(t)
	source.key = newRelease(t).key
	wantRefused(t, source, "signature")
}

func TestInstall_KeyOfHashiCorp_IsTheDefault(t *testing.T) {
	t.Parallel()
	source := newRelease(t).serve(t)
	source.key = ""
	wantRefused(t, source, "signature")
}

func TestInstall_UnknownRelease_FailsWithoutARetry(t *testing.T) {
	t.Parallel()
	wantRefused(t, release{}.serve(t), "404 Not Found")
}

func TestInstall_NoServer_FailsWithoutARetry(t *testing.T) {
	t.Parallel()
	wantRefused(t, source{site: "http://127.0.0.1:1", answerTimeout: time.Minute}, "connection refused")
}

func TestInstall_ServerThatDoesNotAnswer_FailsInTime(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	t.Cleanup(server.Close)
	wantRefused(t, source{site: server.URL, answerTimeout: time.Millisecond}, "deadline exceeded")
}
