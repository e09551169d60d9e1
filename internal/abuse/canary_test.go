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
	"sync"
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
	// json means that commands print JSON.
	json bool
	// damaged are the actions whose answers were damaged, for all stages.
	damaged *sync.Map
	// other answers instead of the account; may be nil.
	other atomic.Pointer[other]
}

// other answers instead of the account.
type other struct {
	answer http.HandlerFunc
	// only are the actions that it answers; empty means every one.
	only []string
}

// ServeHTTP records the secrets of the request and of its answer.
func (s *stage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm() // The account reports what it cannot read.
	s.hidden.add("signature", r.Form.Get("Signature"))
	if o := s.other.Load(); o != nil && (len(o.only) == 0 || slices.Contains(o.only, r.Form.Get("Action"))) {
		o.answer(w, r)
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
	random, damaged := choices(t), new(sync.Map)
	played, all := sample(random, sources(dir, helper), 1), damages(random)
	more := slices.Clone(moreCommands)
	random.Shuffle(len(more), func(i, j int) { more[i], more[j] = more[j], more[i] })
	for i, from := range played {
		inJSON := (uint64(i)+seed)%2 == 0
		commands, dealt := deal(more, i, len(played)), deal(all, i, len(played))
		t.Run(from.name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, from)
			s.json, s.damaged = inJSON, damaged
			s.plays(from, commands, dealt)
		})
	}
	t.Cleanup(func() { wantDamaged(t, damaged) })
}

// plays runs commands, and searches all that they write.
func (s *stage) plays(from source, commands [][]string, damages []damage) {
	s.t.Helper()
	run := s.workspace(from)
	output := s.goesWell(run)
	for _, arguments := range commands {
		output += s.playsMore(run, arguments)
	}
	if *full {
		output += run.OK("state", "rm", orderAddress) // An order is never replaced by one of another circuit.
	}
	for _, d := range damages {
		output += s.goesWrong(run, d)
	}
	output += s.crashes(run)
	if *full {
		free := s.account.AddCircuit(emulator.Circuit{}).ID // A destroy plans the missing resources too.
		output += run.OK(s.form("destroy", "-auto-approve", "-var=circuit="+free)...)
	}
	texts := filesIn(s.t, run.Dir)
	texts["the output"] = []byte(output)
	for _, sign := range []string{"[TRACE]", "SIGQUIT: quit", "goroutine 1 "} {
		if !strings.Contains(string(texts["trace.log"]), sign) {
			s.t.Errorf("the log has no %q", sign)
		}
	}
	s.hidden.search(s.t, texts)
}

// wantDamaged checks that a full run damaged the answers to every action of the provider.
func wantDamaged(t *testing.T, damaged *sync.Map) {
	t.Helper()
	if !*full {
		return
	}
	for _, action := range append([]string{
		"AssumeRole", "AssumeRoleWithOIDC", "DescribePhysicalConnections", "GetOrderDetail", "GetSubscriptionPrice", "QueryAvailableInstances", "QueryOrders",
	}, changes...) {
		if _, ok := damaged.Load(action); !ok {
			t.Errorf("no answer to %s was damaged", action)
		}
	}
}

// deal returns the values that one source plays. In a short run, it is one.
func deal[Value any](all []Value, number, sources int) []Value {
	if !*full {
		return all[:1]
	}
	var dealt []Value
	for i, value := range all {
		if i%sources == number {
			dealt = append(dealt, value)
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
	for _, id := range []string{"pc-well", "pc-unpaid", "pc-served", "pc-tested"} {
		s.account.AddCircuit(emulator.Circuit{ID: id})
	}
	return s
}

// served puts a circuit into service by an order of the console, and returns the order ID.
func (s *stage) served() string {
	s.t.Helper()
	order, err := s.account.PlaceConsoleOrder(emulator.ConsoleOrder{Region: acctest.Region, CircuitID: "pc-served", Status: emulator.OrderPaid})
	if err != nil {
		s.t.Fatal(err)
	}
	return order.ID
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
	run := acctest.NewRun(s.t, variables, fmt.Sprintf("\nprovider \"expressconnect\" {\n  %s\n}\n%s", from.block, fmt.Sprintf(canaryConfig, s.served())))
	run.Files(map[string]string{"found.tfquery.hcl": canaryQuery, "tests/all.tftest.hcl": canaryTest})
	run.Env = append(run.Env, "TF_LOG=TRACE", "TF_LOG_PATH="+filepath.Join(run.Dir, "trace.log"))
	return run
}
