package sources_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/alibabatest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials/sources"
)

// FuzzSplitCommand checks that the arguments of a command stay the same if each of them is
// quoted, and that a command without quotes is split at white space.
func FuzzSplitCommand(f *testing.F) {
	for _, seed := range []string{`acme-sso login --json`, `"C:\Program Files\a.exe" 'b c'`, `a\ b`, `a "b\"c" ''`, `"`, `a\`, ` `, "a\u00a0b", "a\xffb", `'a'"b"`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, command string) {
		arguments, err := sources.SplitCommand(command, false)
		if err != nil {
			return
		}
		var quoted []string
		for _, argument := range arguments {
			quoted = append(quoted, `'`+strings.ReplaceAll(argument, `'`, `'\''`)+`'`)
		}
		if again, err := sources.SplitCommand(strings.Join(quoted, " "), false); err != nil || !slices.Equal(again, arguments) {
			t.Errorf("%q becomes %q, and that quoted %q, %v", command, arguments, again, err)
		}
		if utf8.ValidString(command) && !strings.ContainsAny(command, "\"'\\") && !slices.Equal(arguments, strings.Fields(command)) {
			t.Errorf("%q becomes %q", command, arguments)
		}
	})
}

// FuzzURI checks that an address that is accepted sends credentials over no network in
// plain text, and that no error shows a secret in it.
func FuzzURI(f *testing.F) {
	for _, seed := range []string{
		"https://credentials.example/?token=canary", "http://127.0.0.1:8080/", "http://[::1]/x", "http://10.0.0.1/canary", "http://localhost.example/",
		"https://user:canary@credentials.example/", "ftp://localhost/", "HTTP://localhost", "//canary", "https://%zz/canary", "",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		var asked *http.Request
		source, err := sources.Factory{Transport: alibabatest.Transport(func(request *http.Request) (*http.Response, error) {
			asked = request
			return nil, errors.New("canary")
		})}.URI(address)
		if err == nil {
			_, err = source.Credentials(t.Context())
		}
		if asked != nil && asked.URL.Scheme != "https" && !slices.Contains([]string{"localhost", "::1"}, asked.URL.Hostname()) &&
			!strings.HasPrefix(asked.URL.Hostname(), "127.") && !strings.Contains(asked.URL.Hostname(), "::") {
			t.Errorf("%q sends plain HTTP to %s", address, asked.URL.Hostname())
		}
		parsed, parseErr := url.Parse(address)
		if (parseErr != nil || !strings.Contains(parsed.Host, "canary")) && strings.Contains(err.Error(), "canary") {
			t.Errorf("%q: %v", address, err)
		}
	})
}

var issuedKeys = []string{
	alibabatest.MetadataBody(time.Now().Add(time.Hour)), alibabatest.SessionBody("STS.x", time.Now().Add(time.Hour)), "\ufeff" + `{"AccessKeyId":"id","AccessKeySecret":"canary"}`,
	`{"CloudCredential":{"AccessKeyId":"id","AccessKeySecret":"canary","SecurityToken":"canary","Expiration":"2027-01-01T00:00:00Z"}}`,
	`{"Code":"Fail","AccessKeyId":"canary","AccessKeySecret":"canary"}`, `{"accessKeyId":1,"accessKeySecret":2}`, `{"AccessKeyId":"canary"`, `[]`, `null`, ``, "canary",
}

// FuzzIssued checks that keys from a credentials URI, the metadata service and the Security
// Token Service are those of the answer, and that no error shows an answer.
func FuzzIssued(f *testing.F) {
	for _, body := range issuedKeys {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		uri, err := sources.Factory{Transport: alibabatest.Answering(http.StatusOK, string(body))}.URI("https://credentials.example/")
		if err != nil {
			t.Fatal(err)
		}
		role, err := sources.Factory{Transport: alibabatest.Transport(func(request *http.Request) (*http.Response, error) {
			if request.Method == http.MethodPut {
				return alibabatest.Reply(http.StatusOK, alibabatest.CanaryToken), nil
			}
			return alibabatest.Reply(http.StatusOK, string(body)), nil
		})}.ECSRole("network")
		if err != nil {
			t.Fatal(err)
		}
		for name, source := range map[string]credentials.Source{
			"URI": uri, "instance": role, "role": alibabatest.Assume(t, alibabatest.Answering(http.StatusOK, string(body))),
		} {
			expectIssued(t, name, source, body)
		}
	})
}

// expectIssued checks the keys of an answer, or the error without it.
func expectIssued(t *testing.T, name string, source credentials.Source, body []byte) {
	t.Helper()
	issued, err := source.Credentials(t.Context())
	if err != nil {
		// A refusal of the Security Token Service has a message, which is shown.
		if texts := alibabatest.Texts(err); name != "role" && strings.Contains(texts, "canary") || strings.Contains(texts, alibabatest.CanarySecret) {
			t.Errorf("%s: %s", name, texts)
		}
		return
	}
	scalars := alibabatest.Scalars([]byte(strings.TrimPrefix(string(body), "\ufeff")))
	for _, part := range []string{issued.AccessKeyID, issued.AccessKeySecret, issued.SecurityToken} {
		if !slices.Contains(scalars, part) && (part != "" || name != "URI") {
			t.Errorf("%s: the key has a part that is not in the answer, %d bytes", name, len(part))
		}
	}
	if name == "role" && issued.Expires.After(time.Now().Add(sources.DefaultSession)) {
		t.Errorf("the session lasts until %s", issued.Expires)
	}
}

// FuzzPrinted checks that the keys of a command are those that it prints, and that no
// error shows its output.
func FuzzPrinted(f *testing.F) {
	for _, seed := range []string{
		`{"mode":"AK","access_key_id":"id","access_key_secret":"canary"}`, `{"mode":"StsToken","access_key_id":"id","access_key_secret":"canary","sts_token":"canary","expiration":"2027-01-01T00:00:00Z"}`,
		`{"access_key_id":"id","access_key_secret":"canary","sts_token":"canary"}`, `{"mode":"RamRoleArn","access_key_id":"id","access_key_secret":"canary","ram_role_arn":"x","expired_seconds":900}`,
		`{"mode":"External"}`, `{"mode":"OAuth","oauth_access_token":"canary"}`, `{"mode":"AK","access_key_id":"a b","access_key_secret":"canary"}`, `{"mode":"CredentialsURI","credentials_uri":"http://x/canary"}`,
		`null`, `[]`, `{"mode":7}`, `canary`, ``,
	} {
		f.Add([]byte(seed))
	}
	refusing := sources.Factory{Transport: alibabatest.Answering(http.StatusForbidden, `{"Code":"NoPermission","Message":"No."}`)}
	f.Fuzz(func(t *testing.T, output []byte) {
		var shown struct {
			Mode     string
			RoleARN  string `json:"ram_role_arn"`
			Endpoint string `json:"sts_endpoint"`
			Region   string `json:"sts_region"`
			File     string `json:"oidc_token_file"`
			URI      string `json:"credentials_uri"`
		}
		if err := json.Unmarshal(output, &shown); shown.Mode == "OIDC" {
			t.Skip("reads a file", err)
		}
		host, err := url.Parse(shown.URI)
		if err != nil {
			host = &url.URL{}
		}
		issued, err := sources.Printed(t.Context(), refusing, output)
		if err != nil {
			if named := shown.RoleARN + shown.Endpoint + shown.Region + host.Host; !strings.Contains(strings.ToLower(named), "canary") && strings.Contains(err.Error(), "canary") {
				t.Errorf("%q: %v", output, err)
			}
			return
		}
		scalars := alibabatest.Scalars(output)
		if !slices.Contains(scalars, strings.TrimSpace(issued.AccessKeyID)) || !slices.Contains(scalars, issued.AccessKeySecret) || issued.ProviderName != "external" {
			t.Errorf("%q becomes a key that was not printed", output)
		}
	})
}

// FuzzProfile checks that a profile that is accepted is used with its own values, and that
// no error shows one of its secrets.
func FuzzProfile(f *testing.F) {
	for _, mode := range sources.ProfileModes() {
		f.Add(mode, "https://signin.example/start", "sts.example", "acme-sso login", int64(900))
	}
	f.Add("RamRoleArn", "http://10.0.0.1/", "http://sts.example", `a "`, int64(-1))
	f.Add("RamRoleArn", "", "", "", int64(1<<62))
	f.Add("RamRoleArn", "", "", "", int64(1<<55)+3600)
	f.Add("ak", "%", "user@", "", int64(0))
	f.Fuzz(func(t *testing.T, mode, address, endpoint, command string, seconds int64) {
		file := alibabatest.WriteProfile(t, map[string]any{ //nolint:gosec // Made up.
			"name": "p", "mode": mode, "access_key_id": "id", "access_key_secret": "canary-secret", "sts_token": "canary-token", "ram_role_arn": "role",
			"oidc_provider_arn": "provider", "oidc_token": "canary-oidc", "source_profile": "p", "process_command": command + " --password=canary-command",
			"credentials_uri": address, "access_token": "canary-login", "cloud_sso_sign_in_url": address, "cloud_sso_account_id": "1",
			"cloud_sso_access_config": "ac", "cloud_sso_access_token_expire": 1 << 40, "oauth_site_type": "CN", "oauth_access_token": "canary-oauth",
			"oauth_access_token_expire": 1 << 40, "sts_endpoint": endpoint, "expired_seconds": seconds,
		})
		asked := ""
		source, err := sources.Factory{Transport: alibabatest.Transport(func(request *http.Request) (*http.Response, error) {
			_ = request.ParseForm() // Other requests have no form.
			asked = request.Form.Get("DurationSeconds")
			return nil, errors.New("canary-transport")
		})}.Profile(file, "p")
		if err == nil && mode != "External" { // A command that is made up must not run.
			_, err = source.Credentials(t.Context())
		}
		if err != nil && strings.Contains(alibabatest.Texts(err), "canary-") {
			t.Errorf("the error shows a secret: %v", err)
		}
		if asked != "" && seconds != 0 && asked != strconv.FormatInt(seconds, 10) {
			t.Errorf("a session of %d seconds is requested with %s", seconds, asked)
		}
	})
}

// FuzzProfileFile checks that a file that is read is JSON, and that its error names the
// file and is short.
func FuzzProfileFile(f *testing.F) {
	for _, seed := range []string{
		someProfiles, "\ufeff" + someProfiles, alibabatest.Login("canary", time.Now().Add(time.Hour)), `{"current":"a","profiles":[{"name":"a"},{"name":"a"}]}`,
		`{"current":"a","profiles":[{"name":"a","mode":"ChainableRamRoleArn","ram_role_arn":"x","source_profile":"a"}]}`, `{"profiles":[null]}`, `{"profiles":{}}`, "a\x00b", `[]`, ``,
	} {
		f.Add([]byte(seed), "")
	}
	f.Add([]byte(someProfiles), "session")
	f.Fuzz(func(t *testing.T, content []byte, name string) {
		file := alibabatest.WriteProfiles(t, string(content))
		_, err := sources.Factory{}.Profile(file, name)
		switch {
		case err == nil && !json.Valid([]byte(strings.TrimPrefix(string(content), "\ufeff"))):
			t.Error("the file is not JSON")
		case err != nil && (strings.ContainsAny(err.Error(), "\n\r") || len(err.Error()) > 1000+8*(len(content)+len(name))):
			t.Errorf("%d bytes: %v", len(err.Error()), err)
		}
		if region, regionErr := sources.ProfileRegion(file, name); regionErr == nil && region != "" && !json.Valid(content) && content[0] != 0xef {
			t.Errorf("region %q, %v", region, regionErr)
		}
	})
}
