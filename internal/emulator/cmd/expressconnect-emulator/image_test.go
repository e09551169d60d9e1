package main

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// instruction returns the arguments of an instruction of the Dockerfile, after its options.
func instruction(t *testing.T, name string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	joined := strings.ReplaceAll(string(text), "\\\n", "")
	line := regexp.MustCompile(`(?m)^` + name + ` (.*)$`).FindStringSubmatch(joined)
	if line == nil {
		t.Fatalf("the Dockerfile has no %s", name)
	}
	var args []string
	if i := strings.Index(line[1], "["); i < 0 {
		return strings.Fields(line[1])
	} else if err := json.Unmarshal([]byte(line[1][i:]), &args); err != nil {
		t.Fatal(err)
	}
	return args
}

// It runs the commands of the image with a loopback address.
func TestImage_StartsAndPassesItsHealthCheck(t *testing.T) {
	t.Parallel()
	entrypoint := instruction(t, "ENTRYPOINT")
	at := slices.Index(entrypoint, "-listen")
	if at < 0 || entrypoint[at+1] != "0.0.0.0:8480" {
		t.Fatalf("the image starts %q", entrypoint)
	}
	url, explanation := running(t, slices.Delete(slices.Clone(entrypoint[1:]), at-1, at+1)...)
	if !strings.Contains(explanation, "https://") {
		t.Errorf("the image serves plain HTTP: %s", explanation)
	}
	check := instruction(t, "HEALTHCHECK")
	if check[0] != entrypoint[0] || check[2] != "https://127.0.0.1:8480" {
		t.Fatalf("the health check is %q", check)
	}
	if err := run(t.Context(), []string{check[1], url}, io.Discard, io.Discard); err != nil {
		t.Error(err)
	}
}

func TestImage_HasNoShellAndNoRoot(t *testing.T) {
	t.Parallel()
	if from, user := instruction(t, "FROM"), instruction(t, "USER"); from[0] != "scratch" || user[0] != "65532:65532" {
		t.Errorf("from %q, user %q", from, user)
	}
}

func TestRelease_BuildsTheImage(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..", "..", "..")
	config, err := os.ReadFile(filepath.Join(root, ".goreleaser.yml")) //nolint:gosec // A file of the project.
	if err != nil {
		t.Fatal(err)
	}
	_, image, found := strings.Cut(string(config), "\ndockers_v2:\n")
	if !found || !strings.Contains(image, "\n    ids: [emulator]\n") {
		t.Fatal("the release has no image of the emulator")
	}
	for _, file := range regexp.MustCompile(`(?m)^    (?:dockerfile: |extra_files: \[)([^\]\n]+)`).FindAllStringSubmatch(image, -1) {
		if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(file[1]))); err != nil { //nolint:gosec // A file of the project.
			t.Error(err)
		}
	}
}
