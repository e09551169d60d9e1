package acctest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// Version is the version of the installed provider.
const Version = "0.1.0"

// Installation is a provider in a filesystem mirror. With it, "init" needs no network.
type Installation struct {
	// Binary is the provider's executable.
	Binary string
	// ConfigFile is a CLI configuration with this mirror and nothing else.
	ConfigFile string
}

// Install builds a package of the project and installs it below dir as the provider. The
// package is "." for the provider itself, or for example "./internal/bench/noop".
func Install(ctx context.Context, dir, pkg string) (Installation, error) {
	root, err := ProjectRoot()
	if err != nil {
		return Installation{}, err
	}
	mirror := filepath.Join(dir, "mirror")
	executable := "terraform-provider-expressconnect_v" + Version
	if runtime.GOOS == "windows" {
		executable += ".exe"
	}
	inMirror := func(cli CLI) string {
		return filepath.Join(mirror, cli.RegistryHost(), "expressconnect", "expressconnect", Version, runtime.GOOS+"_"+runtime.GOARCH, executable)
	}
	installation := Installation{Binary: inMirror(CLI{}), ConfigFile: filepath.Join(dir, "cli.tfrc")}
	if err := Build(ctx, root, pkg, Version, installation.Binary); err != nil {
		return Installation{}, err
	}
	// OpenTofu uses its own registry for the same short address.
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
