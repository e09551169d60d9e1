package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

func check(ctx context.Context, url string) error {
	return run(ctx, []string{"-check-health", url}, io.Discard, io.Discard)
}

func TestCheckHealth_ReadyEmulator_Succeeds(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{nil, {"-tls"}} {
		url, _ := running(t, args...)
		if err := check(t.Context(), url); err != nil {
			t.Errorf("%q: %v", args, err)
		}
	}
}

func TestCheckHealth_EmulatorThatIsNotReady_Fails(t *testing.T) {
	t.Parallel()
	server, err := emulator.Start(emulator.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	if err := check(t.Context(), server.URL()); err == nil {
		t.Error("a closed emulator is ready")
	}
	dir := filepath.Join(t.TempDir(), "dir")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	unsaved, err := emulator.Start(emulator.Options{StateFile: filepath.Join(dir, "state.json")})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = unsaved.Close() }()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	unsaved.AddCircuit(emulator.Circuit{})
	if err := check(t.Context(), unsaved.URL()); err == nil || !strings.Contains(err.Error(), "503") {
		t.Errorf("%v, want an error with the status 503", err)
	}
}

func TestCommand_AddressInUse_ErrorNamesAFreePort(t *testing.T) {
	t.Parallel()
	url, _ := running(t)
	address := strings.TrimPrefix(url, "http://")
	err := run(t.Context(), []string{"-listen", address}, io.Discard, io.Discard)
	if err == nil || !strings.Contains(err.Error(), address) || !strings.Contains(err.Error(), "-listen 127.0.0.1:0") {
		t.Errorf("%v", err)
	}
}

func TestCommand_WrongFlag_IsReportedOnce(t *testing.T) {
	t.Parallel()
	var stdout, stderr bytes.Buffer
	err := run(t.Context(), []string{"-colour", "red"}, &stdout, &stderr)
	if err == nil || !strings.Contains(err.Error(), "-colour") || !strings.Contains(err.Error(), "-help") || strings.Contains(err.Error(), "\n") {
		t.Errorf("%v", err)
	}
	if stdout.Len()+stderr.Len() > 0 {
		t.Errorf("printed %s%s", stdout.String(), stderr.String())
	}
}
