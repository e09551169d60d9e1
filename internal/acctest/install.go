package acctest

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"runtime"
)

// Version is the version under which the provider is installed for tests.
const Version = "0.0.1"

// ownAddress is the provider's address, without the host of the registry.
const ownAddress = "expressconnect/expressconnect"

// Installation is a provider in a filesystem mirror, where "init" finds it without
// a network.
type Installation struct {
	// Binary is the provider's executable.
	Binary string
	// ConfigFile is a CLI configuration that knows the mirror and nothing else.
	ConfigFile string

	mirror string
}

// Install builds the provider and installs it below dir.
func Install(ctx context.Context, dir string) (Installation, error) {
	return InstallCommand(ctx, dir, ".")
}

// InstallCommand builds the command of a package of the project, a path such as
// "./internal/bench/floor", and installs it below dir as if it were the provider.
func InstallCommand(ctx context.Context, dir, pkg string) (Installation, error) {
	installation := Installation{ConfigFile: filepath.Join(dir, "cli.tfrc"), mirror: filepath.Join(dir, "mirror")}
	var err error
	if installation.Binary, err = installation.add(ctx, pkg, ownAddress, Version); err != nil {
		return Installation{}, err
	}
	text := fmt.Sprintf("disable_checkpoint = true\nprovider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", installation.mirror)
	return installation, os.WriteFile(installation.ConfigFile, []byte(text), 0o600)
}

// InstallBeside builds the command of a package of the project and installs it
// beside the provider, as the release of another one: address is the other one's
// without the host of the registry, such as "aliyun/alicloud".
func (i Installation) InstallBeside(ctx context.Context, pkg, address, version string) error {
	_, err := i.add(ctx, pkg, address, version)
	return err
}

// add builds a command into the mirror and returns its executable.
func (i Installation) add(ctx context.Context, pkg, address, version string) (string, error) {
	root, err := ProjectRoot()
	if err != nil {
		return "", err
	}
	inMirror := func(host string) string {
		return filepath.Join(i.mirror, host, filepath.FromSlash(address), version, runtime.GOOS+"_"+runtime.GOARCH, "terraform-provider-"+path.Base(address)+"_v"+version)
	}
	binary := inMirror(CLI{}.RegistryHost())
	if err := Build(ctx, root, pkg, version, binary); err != nil {
		return "", err
	}
	// OpenTofu resolves the same short address at its own registry.
	twin := inMirror(CLI{OpenTofu: true}.RegistryHost())
	if err := os.MkdirAll(filepath.Dir(twin), 0o750); err != nil {
		return "", err
	}
	return binary, os.Link(binary, twin)
}
