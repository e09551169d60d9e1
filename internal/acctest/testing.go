package acctest

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider"
)

// RequiredProviders heads every module of the tests.
const RequiredProviders = "terraform {\n  required_providers {\n    expressconnect = { source = \"expressconnect/expressconnect\" }\n  }\n}\n"

// Region is the region of the tests' circuits.
const Region = "cn-hangzhou"

// Main runs the tests of a package with the CLI that FindCLI finds, and without
// the caller's own credentials and CLI configuration. A machine without a CLI fails: nothing is skipped.
func Main(m *testing.M) {
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
	_ = os.Setenv("TF_CLI_CONFIG_FILE", os.DevNull) // not the caller's dev_overrides
	_ = os.Setenv("TF_ACC_PROVIDER_HOST", cli.RegistryHost())
	code := m.Run()
	installed.remove()
	os.Exit(code)
}

// Providers serves the provider from the test's own process.
func Providers() map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"expressconnect": func() (tfprotov6.ProviderServer, error) { return provider.NewServer(provider.New("test")()), nil },
	}
}

// Emulator starts an emulator that the end of the test stops.
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

// ProviderConfig is a provider block that points at the emulator, so that tests
// need no environment of their own and run in parallel.
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

// Variables are the environment variables that point an empty provider block at
// the emulator.
func Variables(server *emulator.Server) map[string]string { return VariablesAt(server.URL()) }

// VariablesAt are those of Variables for an emulator at a URL.
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

// OrderCalls counts the order requests that reached the emulator.
func OrderCalls(server *emulator.Server) int {
	return server.CallCount("CreatePhysicalConnectionOccupancyOrder")
}

// installed is the provider's binary, built once for the tests of a package.
var installed sharedInstallation

type sharedInstallation struct {
	once         sync.Once
	dir          string
	installation Installation
	err          error
}

func (s *sharedInstallation) get(ctx context.Context) (Installation, error) {
	s.once.Do(func() {
		if s.dir, s.err = os.MkdirTemp("", "expressconnect-acctest-"); s.err != nil {
			return
		}
		s.installation, s.err = Install(context.WithoutCancel(ctx), s.dir)
	})
	return s.installation, s.err
}

func (s *sharedInstallation) remove() {
	if s.dir != "" {
		_ = os.RemoveAll(s.dir)
	}
}

// Run is a workspace of a test, with the provider's real binary.
type Run struct {
	*Workspace
	t testing.TB
}

// NewRun makes a workspace with the given main.tf, and runs init.
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

// Installed returns the installation that the runs of this package share.
func Installed(t testing.TB) Installation {
	t.Helper()
	installation, err := installed.get(t.Context())
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

// Files writes files of the workspace, by name.
func (r *Run) Files(files map[string]string) {
	r.t.Helper()
	for name, content := range files {
		if err := r.Write(name, content); err != nil {
			r.t.Fatal(err)
		}
	}
}

// Do runs a command and returns what it printed and how it ended.
func (r *Run) Do(arguments ...string) Output {
	r.t.Helper()
	output, err := r.Run(r.t.Context(), arguments...)
	if err != nil {
		r.t.Fatal(err)
	}
	return output
}

// OK runs a command that must succeed, and returns what it printed.
func (r *Run) OK(arguments ...string) string {
	r.t.Helper()
	output := r.Do(arguments...)
	if output.ExitCode != 0 {
		r.t.Fatalf("%s %v: exit code %d\n%s", r.CLI.Name(), arguments, output.ExitCode, output.Text)
	}
	return output.Text
}

// Fails runs a command that must fail, and returns what it printed.
func (r *Run) Fails(arguments ...string) string {
	r.t.Helper()
	output := r.Do(arguments...)
	if output.ExitCode != 1 {
		r.t.Fatalf("%s %v: exit code %d, want 1\n%s", r.CLI.Name(), arguments, output.ExitCode, output.Text)
	}
	return output.Text
}

// EmptyPlan plans, and fails the test unless nothing is to be done.
func (r *Run) EmptyPlan() {
	r.t.Helper()
	output := r.Do("plan", "-no-color", "-detailed-exitcode")
	if output.ExitCode != 0 {
		r.t.Fatalf("the plan is not empty: exit code %d\n%s", output.ExitCode, output.Text)
	}
}
