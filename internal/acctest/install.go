package acctest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// Version is the version under which the provider is installed for tests.
const Version = "0.0.1"

// Installation is a provider in a filesystem mirror, where "init" finds it without
// a network.
type Installation struct {
	// Binary is the provider's executable.
	Binary string
	// ConfigFile is a CLI configuration that knows the mirror and nothing else.
	ConfigFile string
}

// Install builds the provider and installs it below dir.
func Install(ctx context.Context, dir string) (Installation, error) {
	return InstallCommand(ctx, dir, ".")
}

// InstallCommand builds the command of a package of the project, a path such as
// "./internal/bench/floor", and installs it below dir as if it were the provider.
func InstallCommand(ctx context.Context, dir, pkg string) (Installation, error) {
	root, err := ProjectRoot()
	if err != nil {
		return Installation{}, err
	}
	mirror := filepath.Join(dir, "mirror")
	inMirror := func(cli CLI) string {
		return filepath.Join(mirror, cli.RegistryHost(), "expressconnect", "expressconnect", Version, runtime.GOOS+"_"+runtime.GOARCH, "terraform-provider-expressconnect_v"+Version)
	}
	installation := Installation{Binary: inMirror(CLI{}), ConfigFile: filepath.Join(dir, "cli.tfrc")}
	if err := Build(ctx, root, pkg, Version, installation.Binary); err != nil {
		return Installation{}, err
	}
	// OpenTofu resolves the same short address at its own registry.
	twin := inMirror(CLI{OpenTofu: true})
	if err := os.MkdirAll(filepath.Dir(twin), 0o750); err != nil {
		return Installation{}, err
	}
	if err := os.Link(installation.Binary, twin); err != nil {
		return Installation{}, err
	}
	text := fmt.Sprintf("disable_checkpoint = true\nprovider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", mirror)
	return installation, os.WriteFile(installation.ConfigFile, []byte(text), 0o600)
}
