package main

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestShell_SetsValuesWithSpecialCharacters(t *testing.T) {
	t.Parallel()
	const value = `C:\it's $HOME`
	for shell, want := range map[shellName]string{
		shellSh:         `export NAME='C:\it'\''s $HOME'`,
		shellPowerShell: `$env:NAME = 'C:\it''s $HOME'`,
		shellCmd:        `set "NAME=C:\it's $HOME"`,
	} {
		if got := shell.set("NAME", value); got != want {
			t.Errorf("%s: %s, want %s", shell, got, want)
		}
	}
	sh, err := exec.LookPath("sh")
	if err != nil {
		return // On Windows.
	}
	command := exec.CommandContext(t.Context(), sh, "-c", shellSh.set("NAME", value)+`; printf %s "$NAME"`) //nolint:gosec // The line under test.
	if got, err := command.Output(); err != nil || string(got) != value {
		t.Errorf("sh sets %q, %v, want %q", got, err, value)
	}
}

func TestCommand_Shell_ChangesOnlyTheForm(t *testing.T) {
	t.Parallel()
	names := func(shell, form string) string {
		file := filepath.Join(t.TempDir(), "a file.pem")
		_, explanation := running(t, "-tls", "-ca-file", file, "-shell", shell)
		var names []string
		for _, match := range regexp.MustCompile(`(?m)^  `+form+`([A-Z_]+)`).FindAllStringSubmatch(explanation, -1) {
			names = append(names, match[1])
		}
		return strings.Join(names, " ")
	}
	sh := names("sh", "export ")
	if !strings.Contains(sh, "ALIBABA_CLOUD_ENDPOINT_VPC") || !strings.Contains(sh, "SSL_CERT_FILE NODE_EXTRA_CA_CERTS") {
		t.Errorf("sh sets %s", sh)
	}
	if got := names("powershell", `\$env:`); got != sh {
		t.Errorf("powershell sets %s, want %s", got, sh)
	}
	if got := names("cmd", `set "`); got != sh {
		t.Errorf("cmd sets %s, want %s", got, sh)
	}
}
