package acctest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider"
)

// RequiredProviders is the beginning of every module of the tests.
const RequiredProviders = "terraform {\n  required_providers {\n    expressconnect = { source = \"expressconnect/expressconnect\" }\n  }\n}\n"

// Region is the region of the tests' circuits.
const Region = "cn-hangzhou"

// installed installs the provider at the first call. Main sets it.
var installed func() (Installation, error)

// Main runs the tests of a package with the CLI of FindCLI, and without the credentials
// and the CLI configuration of the caller. Without a CLI, it fails and skips nothing. The
// tests are a *testing.M, or something that runs one.
func Main(tests interface{ Run() int }) {
	cli, err := FindCLI(context.Background())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		if strings.HasPrefix(name, "ALIBABA") || strings.HasPrefix(name, "ALICLOUD_") || strings.HasSuffix(name, "_ENDPOINT") {
			_ = os.Unsetenv(name)
		}
	}
	_ = os.Setenv(CLIVariable, cli.Path)
	_ = os.Setenv("TF_CLI_CONFIG_FILE", os.DevNull) // The caller may have dev_overrides.
	_ = os.Setenv("TF_ACC_PROVIDER_HOST", cli.RegistryHost())
	dir, err := os.MkdirTemp("", "expressconnect-acctest-")
	installed = sync.OnceValues(func() (Installation, error) {
		if err != nil {
			return Installation{}, err
		}
		return Install(context.Background(), dir, ".")
	})
	code := tests.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// Providers serves the provider in the process of the test.
func Providers() map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"expressconnect": func() (tfprotov6.ProviderServer, error) { return provider.NewServer(provider.New("test")()), nil },
	}
}

// Emulator starts an emulator, and closes it at the end of the test.
func Emulator(t testing.TB, quirks emulator.Quirks) *emulator.Server {
	t.Helper()
	server, err := emulator.Start(emulator.Options{Quirks: quirks})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return server
}

// ProviderConfig returns a provider block for the emulator. Tests with it need no
// environment variables, so they can run in parallel.
func ProviderConfig(server *emulator.Server) string {
	return fmt.Sprintf(`
provider "expressconnect" {
  region     = %q
  access_key = %q
  secret_key = %q
  endpoints {
    vpc        = %[4]q
    bssopenapi = %[4]q
  }
}
`, Region, emulator.DefaultCredential.AccessKeyID, emulator.DefaultCredential.AccessKeySecret, server.URL())
}

// Variables returns the environment variables with which an empty provider block uses the
// emulator.
func Variables(server *emulator.Server) map[string]string { return VariablesAt(server.URL()) }

// VariablesAt is like Variables, for an emulator at a URL.
func VariablesAt(url string) map[string]string {
	return map[string]string{
		"ALIBABA_CLOUD_ACCESS_KEY_ID":     emulator.DefaultCredential.AccessKeyID,
		"ALIBABA_CLOUD_ACCESS_KEY_SECRET": emulator.DefaultCredential.AccessKeySecret,
		"ALIBABA_CLOUD_REGION":            Region,
		"ALIBABA_CLOUD_ENDPOINT_VPC":      url,

		"ALIBABA_CLOUD_ENDPOINT_BSSOPENAPI": url,
		"ALIBABA_CLOUD_ENDPOINT_STS":        url,
	}
}

// Command returns the path of a command: on the PATH, or built from internal/tools.
func Command(t testing.TB, name, tool string) string {
	t.Helper()
	if path, err := exec.LookPath(name); err == nil {
		return path
	}
	root, err := ProjectRoot()
	if err != nil {
		t.Fatal(err)
	}
	path, err := Tool(t.Context(), root, tool)
	if err != nil {
		t.Fatalf("%s is not on the PATH: %v", name, err)
	}
	return path
}

// OrderCalls returns the number of order requests that the emulator received.
func OrderCalls(server *emulator.Server) int {
	return server.CallCount("CreatePhysicalConnectionOccupancyOrder")
}

// Run is a workspace of a test, with the real binary of the provider.
type Run struct {
	*Workspace
	t testing.TB
}

// NewRun returns a workspace with this main.tf, after init.
func NewRun(t testing.TB, variables map[string]string, config string) *Run {
	t.Helper()
	cli, err := FindCLI(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	run := &Run{Workspace: NewWorkspace(t.TempDir(), cli, Installed(t), variables), t: t}
	run.Config(config)
	run.OK("init", "-no-color")
	return run
}

// Installed returns the installation that all runs of a package share.
func Installed(t testing.TB) Installation {
	t.Helper()
	installation, err := installed()
	if err != nil {
		t.Fatal(err)
	}
	return installation
}

// Config replaces main.tf.
func (r *Run) Config(config string) {
	r.t.Helper()
	if err := r.Write("main.tf", RequiredProviders+config); err != nil {
		r.t.Fatal(err)
	}
}

// Files writes files, by name.
func (r *Run) Files(files map[string]string) {
	r.t.Helper()
	for name, content := range files {
		if err := r.Write(name, content); err != nil {
			r.t.Fatal(err)
		}
	}
}

// OK runs a command that must succeed, and returns its output.
func (r *Run) OK(arguments ...string) string {
	r.t.Helper()
	return r.ends(0, arguments)
}

// Fails runs a command that must fail, and returns its output.
func (r *Run) Fails(arguments ...string) string {
	r.t.Helper()
	return r.ends(1, arguments)
}

// EmptyPlan checks that a plan has no changes.
func (r *Run) EmptyPlan() {
	r.t.Helper()
	r.ends(0, []string{"plan", "-no-color", "-detailed-exitcode"})
}

func (r *Run) ends(exitCode int, arguments []string) string {
	r.t.Helper()
	output, err := r.Run(r.t.Context(), arguments...)
	if err != nil {
		r.t.Fatal(err)
	}
	if output.ExitCode != exitCode {
		r.t.Fatalf("%s %v: exit code %d, want %d\n%s", r.CLI.Name(), arguments, output.ExitCode, exitCode, output.Text)
	}
	return output.Text
}
