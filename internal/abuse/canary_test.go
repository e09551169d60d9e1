package abuse

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// The secrets. Their characters are different in most encodings.
const (
	canaryKey      = "LTAI5tCanaryKeyOfAbuse"
	canarySecret   = "canary<secret>&/+=of\"abuse0"
	canaryToken    = "CAIS-canary/token+of&abuse<0>=="  //nolint:gosec // Made up.
	canaryOIDC     = "eyJh.canary-oidc-token.of_abuse0" //nolint:gosec // Made up.
	canaryPassword = "canary:proxy/password of+abuse0"
	canaryURI      = "canary-uri-token-of-abuse0"

	roleARN = "acs:ram::1234567890123456:role/network"
	oidcARN = "acs:ram::1234567890123456:oidc-provider/ci"
)

// source is a source of credentials.
type source struct {
	name      string
	variables map[string]string
	block     string
	// profile is the profile of the CLI.
	profile string
	token   string // of the key
}

func sources(dir, helper string) []source {
	key := map[string]string{"ALIBABA_CLOUD_ACCESS_KEY_ID": canaryKey, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": canarySecret}
	session := maps.Clone(key)
	session["ALIBABA_CLOUD_SECURITY_TOKEN"] = canaryToken
	keys := fmt.Sprintf(`"access_key_id":%q,"access_key_secret":%q`, canaryKey, canarySecret)
	oidc := map[string]string{"ALIBABA_CLOUD_OIDC_TOKEN_FILE": filepath.Join(dir, "oidc")}
	return []source{
		{name: "key", variables: key},
		{name: "session", variables: session, token: canaryToken},
		{name: "role", variables: key, block: assumesRole},
		{name: "OIDC", variables: oidc, block: fmt.Sprintf("assume_role_with_oidc {\n    role_arn          = %q\n    oidc_provider_arn = %q\n  }", roleARN, oidcARN)},
		{name: "profile of a session", profile: `"mode":"StsToken",` + keys + fmt.Sprintf(`,"sts_token":%q`, canaryToken), token: canaryToken},
		{name: "profile of a role", profile: `"mode":"RamRoleArn","ram_role_arn":"` + roleARN + `",` + keys},
		{name: "profile of a command", profile: fmt.Sprintf(`"mode":"External","process_command":"cat %s"`, filepath.Join(dir, "printed.json"))},
		{name: "credentials URI", variables: map[string]string{"ALIBABA_CLOUD_CREDENTIALS_URI": helper + "/?token=" + canaryURI}, token: canaryToken},
	}
}

// stage is an account with canaries, and how the provider reaches it.
type stage struct {
	t       *testing.T
	account *emulator.Emulator
	hidden  canaries
	proxy   *proxy
	// damage answers instead of the account; may be nil.
	damage atomic.Pointer[http.HandlerFunc]
}

// ServeHTTP records the secrets of the request and of its answer.
func (s *stage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm() // The account reports what it cannot read.
	s.hidden.add("signature", r.Form.Get("Signature"))
	if damage := s.damage.Load(); damage != nil {
		(*damage)(w, r)
		return
	}
	answer := httptest.NewRecorder()
	s.account.ServeHTTP(answer, r)
	var issued struct {
		Credentials struct{ AccessKeyID, AccessKeySecret, SecurityToken string }
	}
	if json.Unmarshal(answer.Body.Bytes(), &issued) == nil {
		s.hidden.add("key ID of the session", issued.Credentials.AccessKeyID)
		s.hidden.add("secret of the session", issued.Credentials.AccessKeySecret)
		s.hidden.add("token of the session", issued.Credentials.SecurityToken)
	}
	maps.Copy(w.Header(), answer.Header())
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes()) // The client may have gone.
}

func TestCanaries_AreWrittenNowhere(t *testing.T) {
	t.Parallel()
	helper := serve(t, http.HandlerFunc(issueKeys), nil)
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "oidc"), canaryOIDC)
	printed, _ := json.Marshal(map[string]string{"mode": "AK", "access_key_id": canaryKey, "access_key_secret": canarySecret}) // Strings do not fail.
	writeFile(t, filepath.Join(dir, "printed.json"), string(printed))
	random := choices(t)
	played, all := sample(random, sources(dir, helper), 1), damages(random)
	for i, from := range played {
		dealt := deal(all, i, len(played))
		t.Run(from.name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, from)
			run := s.workspace(from)
			output := s.goesWell(run)
			for _, d := range dealt {
				output += s.goesWrong(run, d)
			}
			texts := filesIn(t, run.Dir)
			texts["the output"] = []byte(output)
			if !strings.Contains(string(texts["trace.log"]), "[TRACE]") {
				t.Error("there is no log")
			}
			s.hidden.search(t, texts)
		})
	}
}

// deal returns the damages that one source plays. In a short run, it is one.
func deal(all []damage, number, sources int) []damage {
	if !*full {
		return all[:1]
	}
	var dealt []damage
	for i, d := range all {
		if i%sources == number {
			dealt = append(dealt, d)
		}
	}
	return dealt
}

// issueKeys answers as a credentials URI does.
func issueKeys(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("token") != canaryURI {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]string{ // The client may have gone.
		"Code": "Success", "AccessKeyId": canaryKey, "AccessKeySecret": canarySecret, "SecurityToken": canaryToken, "Expiration": "2099-01-01T00:00:00Z",
	})
}

func writeFile(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// newStage returns an account that accepts the credentials of a source.
func newStage(t *testing.T, from source) *stage {
	t.Helper()
	s := &stage{t: t, account: emulator.New(emulator.Options{
		Credentials: []emulator.Credential{{AccessKeyID: canaryKey, AccessKeySecret: canarySecret, SecurityToken: from.token}},
		Roles:       []emulator.Role{{ARN: roleARN, OIDCProviderARN: oidcARN, OIDCToken: canaryOIDC}},
		Quirks:      emulator.Quirks{EnableDelay: -1},
	})}
	for name, secret := range map[string]string{
		"key ID": canaryKey, "secret": canarySecret, "token": canaryToken, "OIDC token": canaryOIDC,
		"password of the proxy": canaryPassword, "token of the URI": canaryURI,
	} {
		s.hidden.add(name, secret)
	}
	return s
}

// workspace returns a workspace that reaches the account through a proxy with a password.
func (s *stage) workspace(from source) *acctest.Run {
	s.t.Helper()
	trusted := newAuthority(s.t)
	address := strings.TrimPrefix(serve(s.t, s, trusted.issue(nil)), "https://")
	s.proxy = &proxy{target: address, user: "abuse", password: canaryPassword}
	_, port, _ := strings.Cut(address, ":")
	variables := map[string]string{
		"ALIBABA_CLOUD_REGION": acctest.Region, "SSL_CERT_FILE": trusted.file(),
		"HTTPS_PROXY": strings.Replace(serve(s.t, s.proxy, nil), "http://", "http://"+url.UserPassword("abuse", canaryPassword).String()+"@", 1),
	}
	for i, name := range []string{"VPC", "BSSOPENAPI", "STS"} {
		variables["ALIBABA_CLOUD_ENDPOINT_"+name] = apiNames[i] + ":" + port
	}
	maps.Copy(variables, from.variables)
	if from.profile != "" {
		file := filepath.Join(s.t.TempDir(), "config.json")
		writeFile(s.t, file, `{"profiles":[{"name":"p",`+from.profile+`}]}`)
		variables["ALIBABA_CLOUD_CREDENTIALS_FILE"], variables["ALIBABA_CLOUD_PROFILE"] = file, "p"
	}
	run := acctest.NewRun(s.t, variables, fmt.Sprintf("\nprovider \"expressconnect\" {\n  %s\n}\n%s", from.block, canaryConfig))
	run.Env = append(run.Env, "TF_LOG=TRACE", "TF_LOG_PATH="+filepath.Join(run.Dir, "trace.log"))
	return run
}

const canaryConfig = `
variable "circuit" { default = "pc-well" }

resource "expressconnect_physical_connection_occupancy_order" "this" {
  physical_connection_id   = var.circuit
  period                   = 3
  auto_pay                 = true
  cancel_unpaid_on_destroy = true
  timeouts { create = "5s" }
}

data "expressconnect_physical_connection" "this" {
  physical_connection_id = expressconnect_physical_connection_occupancy_order.this.physical_connection_id
  timeouts { read = "5s" }
}

output "order" { value = expressconnect_physical_connection_occupancy_order.this }
output "circuit" { value = data.expressconnect_physical_connection.this }
`

const orderAddress = orderType + ".this"

// goesWell runs every command, and returns their output.
func (s *stage) goesWell(run *acctest.Run) string {
	s.t.Helper()
	s.account.AddCircuit(emulator.Circuit{ID: "pc-well"})
	output := run.OK("validate", "-no-color") + run.OK("plan", "-no-color", "-out=plan.bin") + run.OK("show", "-json", "plan.bin") +
		run.OK("apply", "-no-color", "plan.bin") + run.OK("state", "show", "-no-color", orderAddress) + run.OK("output", "-json")
	if !*full {
		return output
	}
	orders := s.account.Orders()
	return output + run.OK("refresh", "-no-color") + run.OK("state", "rm", orderAddress) +
		run.OK("import", "-no-color", orderAddress, "cn-hangzhou/pc-well/"+orders[0].ID) + run.OK("show", "-json") +
		run.OK("providers", "schema", "-json") + run.OK("destroy", "-no-color", "-auto-approve")
}

// goesWrong runs commands while the answers are damaged, and returns their output.
func (s *stage) goesWrong(run *acctest.Run, d damage) string {
	s.t.Helper()
	circuit := s.account.AddCircuit(emulator.Circuit{}).ID
	answers := d.answers()
	s.damage.Store(&answers)
	s.proxy.refuse.Store(d.proxy)
	defer func() {
		s.damage.Store(nil)
		s.proxy.refuse.Store(0)
	}()
	var output strings.Builder
	for _, arguments := range [][]string{
		{"plan", "-no-color", "-out=plan-" + d.name + ".bin"}, {"apply", "-no-color", "-auto-approve"}, {"refresh", "-no-color"},
		{"import", "-no-color", orderAddress, "cn-hangzhou/" + circuit}, {"destroy", "-no-color", "-auto-approve"},
	} {
		if slices.Contains([]string{"plan", "apply", "import"}, arguments[0]) {
			arguments = slices.Insert(slices.Clone(arguments), 1, "-var=circuit="+circuit)
		}
		result, err := run.Run(s.t.Context(), arguments...)
		if err != nil {
			s.t.Fatal(err)
		}
		output.WriteString(result.Text)
	}
	return output.String()
}
