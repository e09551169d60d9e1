// Package acctest runs the provider under a real Terraform or OpenTofu: it finds the
// CLI, builds and installs the provider, and runs commands in a workspace. Tests, demo
// and benchmarks use it.
package acctest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// CLIVariable is the environment variable with the path of the CLI. Package
// terraform-plugin-testing reads it too.
const CLIVariable = "TF_ACC_TERRAFORM_PATH"

// CLI is a Terraform or OpenTofu executable.
type CLI struct {
	Path     string
	OpenTofu bool
	// KnowsIdentity means that import blocks may have an identity (Terraform 1.12,
	// OpenTofu 1.12).
	KnowsIdentity bool
	// KnowsQuery means that there is a command query (Terraform 1.14).
	KnowsQuery bool
	// KnowsDestroyFalse means that lifecycle blocks may have destroy = false (Terraform
	// 1.16, OpenTofu 1.12).
	KnowsDestroyFalse bool
	// Version is, for example, "Terraform v1.11.4".
	Version string
}

// Name returns the name of the command, "terraform" or "tofu".
func (c CLI) Name() string {
	if c.OpenTofu {
		return "tofu"
	}
	return "terraform"
}

// RegistryHost returns the host of the registry that the CLI uses for short provider
// addresses.
func (c CLI) RegistryHost() string {
	if c.OpenTofu {
		return "registry.opentofu.org"
	}
	return "registry.terraform.io"
}

var versionLine = regexp.MustCompile(`(?m)^(Terraform|OpenTofu) v(\d+)\.(\d+)\S*`)

// newCLI runs the executable to find out what it is, because its name may be an alias.
func newCLI(ctx context.Context, path string) (CLI, error) {
	command := exec.CommandContext(ctx, path, "version") //nolint:gosec // The CLI of tests and demo.
	command.Env = append(os.Environ(), "CHECKPOINT_DISABLE=1", "TF_CLI_CONFIG_FILE="+os.DevNull)
	output, err := command.Output()
	if err != nil {
		return CLI{}, fmt.Errorf("unable to run %s version: %w", path, err)
	}
	match := versionLine.FindSubmatch(output)
	if match == nil {
		return CLI{}, fmt.Errorf("%s is neither Terraform nor OpenTofu", path)
	}
	major, _ := strconv.Atoi(string(match[2]))
	minor, _ := strconv.Atoi(string(match[3]))
	since := func(least int) bool { return major > 1 || minor >= least }
	openTofu := string(match[1]) == "OpenTofu"
	return CLI{
		Path: path, OpenTofu: openTofu, Version: string(match[0]),
		KnowsIdentity: since(12), KnowsQuery: !openTofu && since(14), KnowsDestroyFalse: since(16) || openTofu && since(12),
	}, nil
}

// FindCLI returns the CLI: the one in CLIVariable if it is set, otherwise terraform or
// tofu on the PATH, otherwise what make has put into the project's .tools.
func FindCLI(ctx context.Context) (CLI, error) {
	candidates := []string{"terraform", "tofu"}
	if path := os.Getenv(CLIVariable); path != "" {
		candidates = []string{path}
	} else if root, err := ProjectRoot(); err == nil {
		candidates = append(candidates, filepath.Join(root, ".tools", "bin", "cli"), filepath.Join(root, ".tools", "bin", "tofu"))
	}
	for _, candidate := range candidates {
		path, err := exec.LookPath(candidate)
		if err != nil {
			continue
		}
		path, err = filepath.Abs(path)
		if err != nil {
			return CLI{}, err
		}
		return newCLI(ctx, path)
	}
	return CLI{}, fmt.Errorf("no CLI found (looked for %s): put terraform or tofu on the PATH, or its path in %s, or run make .tools/bin/cli",
		strings.Join(candidates, ", "), CLIVariable)
}

// ProjectRoot returns the directory with the project's go.mod: the working directory or one
// above it.
func ProjectRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("the working directory is not inside the project")
		}
		dir = parent
	}
}

// Build builds a command of the project as the release does: static, stripped, and
// without paths of this machine.
func Build(ctx context.Context, root, pkg, version, output string) error {
	flags := "-s -w -X main.version=" + version
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", flags, "-o", output, pkg) //nolint:gosec // Arguments of tests and demo.
	build.Dir = root
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("unable to build %s: %w\n%s", pkg, err, out)
	}
	return nil
}

// Tool returns the executable of a development tool, a module below internal/tools. Go
// builds it if it is not in the build cache.
func Tool(ctx context.Context, root, name string) (string, error) {
	module := filepath.Join("internal", "tools", name, "go.mod")
	build := exec.CommandContext(ctx, "go", "tool", "-n", "-modfile", module, name) //nolint:gosec // Arguments of tests and generator.
	build.Dir = root
	build.Env = append(os.Environ(), "GOWORK=off") // Go refuses -modfile in a workspace.
	build.Stderr = os.Stderr
	path, err := build.Output()
	if err != nil {
		return "", fmt.Errorf("unable to build %s: %w", name, err)
	}
	return strings.TrimSpace(string(path)), nil
}
