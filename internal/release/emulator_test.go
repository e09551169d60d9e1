//go:build release

package release

import (
	"bufio"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// emulatorServes starts the emulator of the archive for this platform, and reads its
// circuits.
func (r rehearsal) emulatorServes(t *testing.T) {
	if !slices.Contains(r.emulatorPlatforms, host) {
		t.Fatalf("releases do not offer the emulator for %s, the platform at hand", host)
	}
	binary := filepath.Join(t.TempDir(), emulatorBinary(host))
	files := untar(t, readFile(t, r.path(r.emulatorArchive(host))))
	if err := os.WriteFile(binary, files[emulatorBinary(host)], 0o700); err != nil { //nolint:gosec // An executable.
		t.Fatal(err)
	}
	version, err := exec.CommandContext(t.Context(), binary, "-version").Output() //nolint:gosec // The binary of this release.
	if err != nil || strings.TrimSpace(string(version)) != r.version {
		t.Errorf("-version prints %q, %v, want %s", version, err, r.version)
	}

	command := exec.CommandContext(t.Context(), binary, "-listen", "127.0.0.1:0", "-circuit", "pc-release") //nolint:gosec // The binary of this release.
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = command.Process.Signal(syscall.SIGTERM)
		_, _ = io.Copy(io.Discard, output)
		if err := command.Wait(); err != nil {
			t.Errorf("the emulator ends with %v", err)
		}
	}()
	line, err := bufio.NewReader(output).ReadString('\n')
	url, found := strings.CutPrefix(strings.TrimSpace(line), "The emulator listens on ")
	if err != nil || !found {
		t.Fatalf("the emulator begins with %q, %v", line, err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+emulator.ControlPrefix+"circuits", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if body, err := io.ReadAll(response.Body); err != nil || !strings.Contains(string(body), `"pc-release"`) {
		t.Errorf("circuits %s, %v", body, err)
	}
}
