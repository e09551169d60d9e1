package main

import (
	"fmt"
	"regexp"
	"runtime"
	"slices"
	"strings"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// shellName is the shell in whose language the variables are printed.
type shellName string

const (
	shellSh         shellName = "sh"
	shellPowerShell shellName = "powershell"
	shellCmd        shellName = "cmd"
)

func defaultShell() shellName {
	if runtime.GOOS == "windows" {
		return shellPowerShell
	}
	return shellSh
}

// MarshalText returns the name.
func (s shellName) MarshalText() ([]byte, error) { return []byte(s), nil }

// UnmarshalText accepts the name of a shell.
func (s *shellName) UnmarshalText(text []byte) error {
	known := []shellName{shellSh, shellPowerShell, shellCmd}
	if !slices.Contains(known, shellName(text)) {
		return fmt.Errorf("want one of %q", known)
	}
	*s = shellName(text)
	return nil
}

// plain matches values that no shell changes.
var plain = regexp.MustCompile(`^[A-Za-z0-9_./:@%+-]+$`)

// set returns the command that sets an environment variable.
func (s shellName) set(name, value string) string {
	switch s {
	case shellPowerShell:
		return fmt.Sprintf("$env:%s = '%s'", name, strings.ReplaceAll(value, "'", "''"))
	case shellCmd:
		return fmt.Sprintf(`set "%s=%s"`, name, value)
	default:
		if !plain.MatchString(value) {
			value = "'" + strings.ReplaceAll(value, "'", `'\''`) + "'"
		}
		return "export " + name + "=" + value
	}
}

// instructions returns the environment variables that make clients use the server.
func (s *settings) instructions(server *emulator.Server) string {
	lines := []string{"The emulator listens on " + server.URL(), ""}
	for _, variable := range s.variables(server) {
		lines = append(lines, "  "+s.shell.set(variable[0], variable[1]))
	}
	if s.credential.AccessKeySecret != emulator.DefaultCredential.AccessKeySecret {
		lines = append(lines, "", "Set ALIBABA_CLOUD_ACCESS_KEY_SECRET to the value of -access-key-secret.")
	}
	if s.AllowRemote {
		lines = append(lines, "", "Everybody who can reach it can change it and read what clients send: use made-up access keys only.")
	}
	switch {
	case server.Restored():
		lines = append(lines, "", "It continues with the state in "+s.StateFile+".")
	case s.StateFile != "":
		lines = append(lines, "", "It keeps its state in "+s.StateFile+".")
	}
	return strings.Join(append(lines,
		"",
		"Circuits, orders, balance, journal, clock and faults: "+server.URL()+emulator.ControlPrefix,
		"",
	), "\n")
}

// variables returns names and values of environment variables.
func (s *settings) variables(server *emulator.Server) [][2]string {
	// The alicloud provider reads the same variables, but does not accept URLs in them. This
	// provider uses plain HTTP for a loopback address without a scheme.
	endpoint := strings.TrimPrefix(server.URL(), "http://")
	variables := [][2]string{
		{"ALIBABA_CLOUD_ENDPOINT_VPC", endpoint},
		{"ALIBABA_CLOUD_ENDPOINT_BSSOPENAPI", endpoint},
		{"ALIBABA_CLOUD_ENDPOINT_STS", endpoint},
		{"ALIBABA_CLOUD_REGION", s.region},
		{"ALIBABA_CLOUD_ACCESS_KEY_ID", s.credential.AccessKeyID},
	}
	if secret := s.credential.AccessKeySecret; secret == emulator.DefaultCredential.AccessKeySecret {
		variables = append(variables, [2]string{"ALIBABA_CLOUD_ACCESS_KEY_SECRET", secret})
	}
	if s.caFile != "" {
		variables = append(variables, [2]string{"SSL_CERT_FILE", s.caFile}, [2]string{"NODE_EXTRA_CA_CERTS", s.caFile})
	}
	return variables
}
