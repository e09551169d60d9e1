package endtoend

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/examples"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// variableOf returns the first value of a variable in a pipeline.
func variableOf(t *testing.T, pipeline, name string) string {
	t.Helper()
	match := regexp.MustCompile(`(?m)^ +` + name + `: (\S+)`).FindStringSubmatch(pipeline)
	if match == nil {
		t.Fatalf("the pipeline does not set %s", name)
	}
	return match[1]
}

// accountOfRole starts an emulator with one role, which only the canary token can assume. It
// returns the variables without an access key.
func accountOfRole(t *testing.T, role, oidc string) (*emulator.Server, map[string]string) {
	t.Helper()
	server, err := emulator.Start(emulator.Options{
		Credentials: []emulator.Credential{{AccessKeyID: canaryID, AccessKeySecret: canarySecret}},
		Roles:       []emulator.Role{{ARN: role, OIDCProviderARN: oidc, OIDCToken: canaryToken}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	server.AddCircuit(emulator.Circuit{ID: examples.CircuitID, Status: "Confirmed"})
	variables := acctest.Variables(server)
	delete(variables, "ALIBABA_CLOUD_ACCESS_KEY_ID")
	delete(variables, "ALIBABA_CLOUD_ACCESS_KEY_SECRET")
	return server, variables
}

// wantOneOrder applies the order, and checks that a session of the role placed it.
func wantOneOrder(t *testing.T, server *emulator.Server, run *acctest.Run) {
	t.Helper()
	run.OK("apply", "-auto-approve", "-no-color")
	wantOrders(t, server, 1)
	if server.CallCount("AssumeRoleWithOIDC") == 0 {
		t.Error("no session was requested with the token")
	}
}

func TestCIGuide_GitHub_ExchangesTheTokenOfTheJob(t *testing.T) {
	t.Parallel()
	role, oidc := variableOf(t, examples.CIGitHub, "ALIBABA_CLOUD_ROLE_ARN"), variableOf(t, examples.CIGitHub, "ALIBABA_CLOUD_OIDC_PROVIDER_ARN")
	issuer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "bearer request-token" || r.FormValue("audience") != "sts.aliyuncs.com" || r.FormValue("job") != "7" {
			http.Error(w, "denied", http.StatusForbidden)
			return
		}
		_, _ = w.Write([]byte(`{"value": "` + canaryToken + `"}`))
	}))
	t.Cleanup(issuer.Close)
	server, variables := accountOfRole(t, role, oidc)
	dir := t.TempDir()
	fileOfJob := filepath.Join(dir, "github-env")
	environment := []string{"PATH=" + pathWithJQ(t), "RUNNER_TEMP=" + dir, "GITHUB_ENV=" + fileOfJob, "ACTIONS_ID_TOKEN_REQUEST_URL=" + issuer.URL + "?job=7"}
	getToken := func(requestToken string) (string, error) {
		step := exec.CommandContext(t.Context(), "bash", "-e", "-c", tokenStep(t)) //nolint:gosec // A step of the guide.
		step.Env = append(environment, "ACTIONS_ID_TOKEN_REQUEST_TOKEN="+requestToken)
		output, err := step.CombinedOutput()
		return string(output), err
	}
	if output, err := getToken("of another job"); err == nil {
		t.Errorf("the step continues without a token: %s", output)
	}
	if output, err := getToken("request-token"); err != nil || output != "" {
		t.Fatalf("%v: %s", err, output)
	}
	set, err := os.ReadFile(fileOfJob) //nolint:gosec // A file of this test.
	if err != nil {
		t.Fatal(err)
	}
	name, value, _ := strings.Cut(strings.TrimSpace(string(set)), "=")
	variables["ALIBABA_CLOUD_ROLE_ARN"], variables["ALIBABA_CLOUD_OIDC_PROVIDER_ARN"], variables[name] = role, oidc, value
	wantOneOrder(t, server, acctest.NewRun(t, variables, examples.CIProvider+theOrder))
}

// tokenStep returns the commands of the step that gets the token. Both jobs have the same.
func tokenStep(t *testing.T) string {
	t.Helper()
	steps := regexp.MustCompile(`(?s)- name: Get an identity token\n +run: \|\n(.*?)\n      - run:`).FindAllStringSubmatch(examples.CIGitHub, -1)
	if len(steps) != 2 || steps[0][1] != steps[1][1] {
		t.Fatalf("%d steps, or different ones: %q", len(steps), steps)
	}
	return steps[0][1]
}

// pathWithJQ returns a PATH on which jq is found.
func pathWithJQ(t *testing.T) string {
	t.Helper()
	bin := t.TempDir()
	if err := os.Symlink(acctest.Command(t, "jq", "gojq"), filepath.Join(bin, "jq")); err != nil {
		t.Fatal(err)
	}
	return bin + string(os.PathListSeparator) + os.Getenv("PATH")
}

func TestCIGuide_Session_IsThatOfTheProviderAndOfTheState(t *testing.T) {
	t.Parallel()
	const role, oidc = "acs:ram::1234567890123456:role/network", "acs:ram::1234567890123456:oidc-provider/github"
	server, variables := accountOfRole(t, role, oidc)
	token := filepath.Join(t.TempDir(), "oidc-token")
	if err := os.WriteFile(token, []byte(canaryToken+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	script := strings.Replace(examples.CISession, "https://sts.aliyuncs.com", server.URL(), 1)
	exchange := exec.CommandContext(t.Context(), "sh", "-c", script, "session.sh", role, oidc, token) //nolint:gosec // A file of the guide.
	exchange.Env = []string{"PATH=" + pathWithJQ(t)}
	output, err := exchange.Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(output)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		variables[name] = value
	}
	for _, name := range []string{"ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY", "ALICLOUD_SECURITY_TOKEN"} { // what the oss backend reads
		if variables[name] == "" {
			t.Errorf("no %s in %q", name, output)
		}
	}
	wantOneOrder(t, server, acctest.NewRun(t, variables, "provider \"expressconnect\" {}\n"+theOrder))
}

func TestCIGuide_GitHub_UsesThePinnedActionsOfThisProject(t *testing.T) {
	t.Parallel()
	root, err := acctest.ProjectRoot()
	if err != nil {
		t.Fatal(err)
	}
	var own strings.Builder
	for _, name := range []string{"test.yml", "release.yml"} {
		workflow, err := os.ReadFile(filepath.Join(root, ".github", "workflows", name)) //nolint:gosec // A file of the project.
		if err != nil {
			t.Fatal(err)
		}
		own.Write(workflow)
	}
	actions := regexp.MustCompile(`uses: .*`).FindAllString(examples.CIGitHub, -1)
	if len(actions) != 6 {
		t.Errorf("%d actions", len(actions))
	}
	for _, action := range actions {
		if !strings.Contains(own.String(), strings.TrimSpace(action)) {
			t.Errorf("the workflows of this project do not have %q", action)
		}
	}
}

func TestCIGuide_GitLab_ExchangesTheTokenOfTheJob(t *testing.T) {
	t.Parallel()
	role, oidc := variableOf(t, examples.CIGitLab, "ALIBABA_CLOUD_ROLE_ARN"), variableOf(t, examples.CIGitLab, "ALIBABA_CLOUD_OIDC_PROVIDER_ARN")
	token := regexp.MustCompile(`id_tokens:\n    (\w+):`).FindStringSubmatch(examples.CIGitLab)
	if token == nil {
		t.Fatal("the pipeline has no identity token")
	}
	server, variables := accountOfRole(t, role, oidc)
	variables["ALIBABA_CLOUD_ROLE_ARN"], variables["ALIBABA_CLOUD_OIDC_PROVIDER_ARN"], variables[token[1]] = role, oidc, canaryToken
	wantOneOrder(t, server, acctest.NewRun(t, variables, examples.CIProvider+theOrder))
}

func TestCIGuide_HCPTerraform_ReadsTheFileOfTheHook(t *testing.T) {
	t.Parallel()
	const home = "/home/tfc-agent"
	role := regexp.MustCompile(`acs:ram::\d+:role/[\w-]+`).FindString(examples.CIAgent)
	oidc := regexp.MustCompile(`acs:ram::\d+:oidc-provider/[\w-]+`).FindString(examples.CIAgent)
	server, variables := accountOfRole(t, role, oidc)
	dir := t.TempDir()
	hook := exec.CommandContext(t.Context(), "sh", "-c", examples.CIAgentHook) //nolint:gosec // A file of the guide.
	hook.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "TFC_WORKLOAD_IDENTITY_TOKEN=" + canaryToken}
	if output, err := hook.CombinedOutput(); err != nil || len(output) > 0 {
		t.Fatalf("%v: %s", err, output)
	}
	if files, _ := filepath.Glob(filepath.Join(dir, "*")); len(files) != 1 {
		t.Fatalf("files: %q", files)
	} else if info, err := os.Stat(files[0]); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file of the token: %v, %v", info.Mode(), err)
	}
	wantOneOrder(t, server, acctest.NewRun(t, variables, altered(t, examples.CIAgent, home, dir)+theOrder))
}
