package endtoend

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/examples"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// The credentials of these tests. Their names make every leak visible.
const (
	canaryID     = "LTAIcanary5fKey"
	canarySecret = "CANARY8f2csecret"
	canaryToken  = "CANARY8f2ctoken.CANARY8f2ctoken.CANARY8f2ctoken" //nolint:gosec // Made up.

	networkRole = "acs:ram::1234567890123456:role/network"
	oidcARN     = "acs:ram::1234567890123456:oidc-provider/ci"
)

const theOrder = `
resource "expressconnect_physical_connection_occupancy_order" "this" {
  physical_connection_id = "pc-bp1hp0wr072f6abcd"
  period                 = 3
  auto_pay               = true
}
`

// accountWithRoles starts an emulator with TLS. Its role can be assumed with the canary
// key and with the canary token. It returns the variables for both.
func accountWithRoles(t *testing.T) (*emulator.Server, map[string]string) {
	t.Helper()
	server, err := emulator.StartTLS(emulator.Options{
		Credentials: []emulator.Credential{{
			AccessKeyID: canaryID, AccessKeySecret: canarySecret,
			Denied: []string{"DescribePhysicalConnections", "CreatePhysicalConnectionOccupancyOrder"},
		}},
		Roles: []emulator.Role{{ARN: networkRole, OIDCProviderARN: oidcARN, OIDCToken: canaryToken}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	server.AddCircuit(emulator.Circuit{ID: examples.CircuitID})
	dir := t.TempDir()
	authority, token := filepath.Join(dir, "ca.pem"), filepath.Join(dir, "token")
	for file, content := range map[string][]byte{authority: server.CACertificate(), token: []byte(canaryToken)} {
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	variables := acctest.Variables(server)
	variables["SSL_CERT_FILE"] = authority
	variables["ALIBABA_CLOUD_ACCESS_KEY_ID"], variables["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = canaryID, canarySecret
	variables["ALIBABA_CLOUD_OIDC_TOKEN_FILE"] = token
	return server, variables
}

func TestRole_OrdersAndWritesNoSecret(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		block  string
		action string
		unset  []string
	}{
		"assume_role": {
			"assume_role {\n    role_arn     = \"" + networkRole + "\"\n    session_name = \"ci-7\"\n  }", "AssumeRole", []string{"ALIBABA_CLOUD_OIDC_TOKEN_FILE"},
		},
		"assume_role_with_oidc": {
			"assume_role_with_oidc {\n    oidc_provider_arn = \"" + oidcARN + "\"\n    role_arn          = \"" + networkRole + "\"\n  }", "AssumeRoleWithOIDC",
			[]string{"ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, variables := accountWithRoles(t)
			for _, variable := range test.unset {
				delete(variables, variable)
			}
			run := acctest.NewRun(t, variables, "\nprovider \"expressconnect\" {\n  "+test.block+"\n}\n"+theOrder)
			log := filepath.Join(run.Dir, "trace.log")
			run.Env = append(run.Env, "TF_LOG=TRACE", "TF_LOG_PATH="+log)

			var printed strings.Builder
			for _, arguments := range [][]string{
				{"plan", "-no-color", "-out=plan.bin"}, {"show", "-no-color", "-json", "plan.bin"}, {"apply", "-no-color", "plan.bin"},
				{"plan", "-no-color", "-detailed-exitcode"}, {"show", "-no-color", "-json"},
			} {
				printed.WriteString(run.OK(arguments...))
			}
			wantOrders(t, server, 1)
			if assumed := server.CallCount(test.action); assumed < 2 {
				t.Errorf("%s was called %d times", test.action, assumed)
			}
			for _, call := range server.Journal() {
				if id := call.Params["AccessKeyId"]; call.Action != test.action && !strings.HasPrefix(id, "STS.") {
					t.Errorf("%s is signed by %q", call.Action, id)
				}
			}
			wantNoSecret(t, "the output", printed.String())
			content := wantNoSecretIn(t, run.Dir, "terraform.tfstate", "plan.bin", "trace.log")
			if !strings.Contains(content["trace.log"], test.action) || !strings.Contains(content["trace.log"], "[TRACE]") {
				t.Error("the role is missing in the log")
			}
			if !strings.Contains(content["terraform.tfstate"], server.Orders()[0].ID) {
				t.Error("the state does not hold the order")
			}
		})
	}
}

func TestCredentials_OfEachSource_OrderAndAreNotWritten(t *testing.T) {
	t.Parallel()
	keys := fmt.Sprintf(`"access_key_id":%q,"access_key_secret":%q`, canaryID, canarySecret)
	helper := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("token") != canaryToken {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		_, _ = fmt.Fprintf(w, `{"AccessKeyId":%q,"AccessKeySecret":%q,"SecurityToken":%q,"Expiration":"2099-01-01T00:00:00Z","Code":"Success"}`, canaryID, canarySecret, canaryToken)
	}))
	t.Cleanup(helper.Close) // After the parallel tests.
	session := emulator.Credential{AccessKeyID: canaryID, AccessKeySecret: canarySecret, SecurityToken: canaryToken}
	permanent := emulator.Credential{AccessKeyID: canaryID, AccessKeySecret: canarySecret}
	for name, test := range map[string]struct {
		credential emulator.Credential
		variables  map[string]string
		profile    string
		signer     string // the beginning of the key that signs the order
	}{
		"key":                  {permanent, map[string]string{"ALICLOUD_ACCESS_KEY": canaryID, "ALICLOUD_SECRET_KEY": canarySecret}, "", canaryID},
		"session":              {session, map[string]string{"ALICLOUD_ACCESS_KEY": canaryID, "ALICLOUD_SECRET_KEY": canarySecret, "ALICLOUD_SECURITY_TOKEN": canaryToken}, "", canaryID},
		"credentials URI":      {session, map[string]string{"ALICLOUD_CREDENTIALS_URI": helper.URL + "/?token=" + canaryToken}, "", canaryID},
		"profile of a key":     {permanent, nil, `"mode":"AK",` + keys, canaryID},
		"profile of a role":    {permanent, nil, `"mode":"RamRoleArn","ram_role_arn":"` + networkRole + `",` + keys, "STS.N"},
		"profile of OIDC":      {permanent, nil, `"mode":"OIDC","ram_role_arn":"` + networkRole + `","oidc_provider_arn":"` + oidcARN + `","oidc_token":"` + canaryToken + `"`, "STS.N"},
		"profile of a command": {permanent, nil, `"mode":"External","process_command":"echo '{` + strings.ReplaceAll(keys, `"`, `\"`) + `}'"`, canaryID},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, err := emulator.StartTLS(emulator.Options{
				Credentials: []emulator.Credential{test.credential},
				Roles:       []emulator.Role{{ARN: networkRole, OIDCProviderARN: oidcARN, OIDCToken: canaryToken}},
			})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = server.Close() })
			server.AddCircuit(emulator.Circuit{ID: examples.CircuitID})
			variables := acctest.Variables(server)
			delete(variables, "ALIBABA_CLOUD_ACCESS_KEY_ID")
			delete(variables, "ALIBABA_CLOUD_ACCESS_KEY_SECRET")
			dir := t.TempDir()
			variables["SSL_CERT_FILE"] = filepath.Join(dir, "ca.pem")
			variables["ALIBABA_CLOUD_CREDENTIALS_FILE"] = filepath.Join(dir, "config.json")
			for file, content := range map[string][]byte{"ca.pem": server.CACertificate(), "config.json": []byte(`{"profiles":[{"name":"p",` + test.profile + `}]}`)} {
				if err := os.WriteFile(filepath.Join(dir, file), content, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if test.profile != "" {
				variables["ALIBABA_CLOUD_PROFILE"] = "p"
			}
			maps.Copy(variables, test.variables)
			run := acctest.NewRun(t, variables, theOrder)
			run.Env = append(run.Env, "TF_LOG=TRACE", "TF_LOG_PATH="+filepath.Join(run.Dir, "trace.log"))
			printed := run.OK("plan", "-no-color", "-out=plan.bin") + run.OK("show", "-no-color", "-json", "plan.bin") + run.OK("apply", "-no-color", "plan.bin") + run.OK("show", "-no-color", "-json")
			wantOrders(t, server, 1)
			for _, call := range server.Journal() {
				if call.Action == "CreatePhysicalConnectionOccupancyOrder" && !strings.HasPrefix(call.Params["AccessKeyId"], test.signer) {
					t.Errorf("the order is signed by %q", call.Params["AccessKeyId"])
				}
			}
			wantNoSecret(t, "the output", printed)
			if log := wantNoSecretIn(t, run.Dir, "terraform.tfstate", "plan.bin", "trace.log")["trace.log"]; !strings.Contains(log, "[TRACE]") || !strings.Contains(log, "CreatePhysicalConnectionOccupancyOrder") {
				t.Error("the order is missing in the log")
			}
		})
	}
}

// wantNoSecret checks that a text has no canary and no secret of a session. In the
// emulator, the secrets of sessions begin with STS.N and CAIS.
func wantNoSecret(t *testing.T, where, text string) {
	t.Helper()
	for _, secret := range []string{canaryID, "CANARY8f2c", "STS.N", "CAIS"} {
		if at := strings.Index(text, secret); at >= 0 {
			t.Errorf("%s holds %s: …%s…", where, secret, text[max(at-200, 0):min(at+100, len(text))])
		}
	}
}

// wantNoSecretIn checks files, and returns their contents. It unpacks plan files.
func wantNoSecretIn(t *testing.T, dir string, names ...string) map[string]string {
	t.Helper()
	content := map[string]string{}
	for _, name := range names {
		read, err := os.ReadFile(filepath.Join(dir, name)) //nolint:gosec // Made by the test.
		if err != nil {
			t.Fatal(err)
		}
		content[name] = string(read)
		if strings.HasPrefix(content[name], "PK") {
			content[name] = unpacked(t, read)
		}
		wantNoSecret(t, name, content[name])
	}
	return content
}

// unpacked returns the content of a plan file.
func unpacked(t *testing.T, plan []byte) string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(plan), int64(len(plan)))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, file := range archive.File {
		content, err := fs.ReadFile(archive, file.Name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(content)
	}
	return all.String()
}

func TestRole_ThatCannotBeAssumed_FailsAndOrdersNothing(t *testing.T) {
	t.Parallel()
	server, variables := accountWithRoles(t)
	run := acctest.NewRun(t, variables, "\nprovider \"expressconnect\" {\n  assume_role {\n    role_arn = \"acs:ram::1234567890123456:role/unknown\"\n  }\n}\n"+theOrder)
	run.Env = append(run.Env, "TF_LOG=TRACE", "TF_LOG_PATH="+filepath.Join(run.Dir, "trace.log"))
	output := run.Fails("apply", "-auto-approve", "-no-color")
	wantWords(t, output, "role/unknown", "EntityNotExist.Role")
	wantNoSecret(t, "the output", output)
	wantNoSecretIn(t, run.Dir, "trace.log")
	wantOrders(t, server, 0)
}

func TestProfile_WithKeysInTheEnvironment_GivesAWarning(t *testing.T) {
	t.Parallel()
	server := circuit(t, emulator.Quirks{})
	run := acctest.NewRun(t, acctest.Variables(server), "\nprovider \"expressconnect\" {\n  profile = \"production\"\n}\n"+theOrder)
	wantWords(t, run.OK("plan", "-no-color"), "Unused credentials: profile", "ALIBABA_CLOUD_ACCESS_KEY_ID")
}

func TestRole_BusyTokenService_IsRetriedAndOrdersOnce(t *testing.T) {
	t.Parallel()
	server, variables := accountWithRoles(t)
	run := acctest.NewRun(t, variables, "\nprovider \"expressconnect\" {\n  assume_role {\n    role_arn = \""+networkRole+"\"\n  }\n}\n"+theOrder)
	run.OK("plan", "-no-color", "-out=plan.bin")
	server.AddFault(emulator.Fault{Action: "AssumeRole", HTTPStatus: 503, Code: "ServiceUnavailable", Times: 2})
	run.OK("apply", "-no-color", "plan.bin")
	wantOrders(t, server, 1)
}
