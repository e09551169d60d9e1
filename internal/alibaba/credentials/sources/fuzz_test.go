package sources_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"net/netip"
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

// FuzzURI checks that exactly the https URLs and the http URLs of loopback addresses are
// accepted, that no other address is asked, and that no error shows a secret in it.
func FuzzURI(f *testing.F) {
	for _, seed := range []string{
		"https://credentials.example/?token=canary", "http://127.0.0.1:8080/", "http://[::1]/x", "http://10.0.0.1/canary", "http://localhost.example/",
		"https://user:canary@credentials.example/", "ftp://localhost/", "HTTP://localhost", "//canary", "https://%zz/canary", "", "http://[::]/", "http://[::2]/",
		"http://[::ffff:127.9.9.9]/", "http://[::ffff:10.0.0.1]/", "http://[::127.0.0.1]/", "http://[::1%25eth0]/", "http://[::ffff:127.0.0.1%25eth0]/", "http://127.1/", "http://:80/",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		var asked *http.Request
		source, err := sources.Factory{Transport: alibabatest.Transport(func(request *http.Request) (*http.Response, error) {
			asked = request
			return nil, errors.New("canary")
		})}.URI(address)
		parsed, parseErr := url.Parse(address)
		isAllowed := parseErr == nil && parsed.Host != "" && parsed.User == nil && (parsed.Scheme == "https" || parsed.Scheme == "http" && isLoopback(parsed.Hostname()))
		if isAllowed != (err == nil) {
			t.Errorf("%q: %v", address, err)
		}
		if err == nil {
			_, err = source.Credentials(t.Context())
		}
		if asked != nil && asked.URL.Scheme != "https" && !isLoopback(asked.URL.Hostname()) {
			t.Errorf("%q sends plain HTTP to %s", address, asked.URL.Hostname())
		}
		if (parseErr != nil || !strings.Contains(parsed.Host, "canary")) && strings.Contains(err.Error(), "canary") {
			t.Errorf("%q: %v", address, err)
		}
	})
}

// isLoopback reports whether nothing that is sent to a host leaves the machine.
func isLoopback(host string) bool {
	address, err := netip.ParseAddr(host)
	if err != nil {
		return host == "localhost"
	}
	return address == netip.IPv6Loopback() || address.Zone() == "" && netip.MustParsePrefix("127.0.0.0/8").Contains(address.Unmap())
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

// FuzzProfileFile checks that the profile with the name is used, if there is one, with its own
// region and key, and that an error names the file or a profile and shows no secret.
func FuzzProfileFile(f *testing.F) {
	for _, seed := range []string{
		someProfiles, "\ufeff" + someProfiles, strings.ReplaceAll(someProfiles, "secret-", "canary "), strings.TrimSuffix(strings.ReplaceAll(someProfiles, "secret-", "canary"), "}"),
		alibabatest.Login("canary", time.Now().Add(time.Hour)), `{"current":"a","profiles":[{"name":"a"},{"name":"a"}]}`,
		`{"current":"a","profiles":[{"name":"a","mode":"ChainableRamRoleArn","ram_role_arn":"x","source_profile":"a"}]}`, `{"profiles":[null]}`, `{"profiles":{}}`, "a\x00b", `[]`, ``,
		`{"current":"a","profiles":[{"name":"a","mode":"AK","access_key_id":"id","access_key_secret":["canary"]}]}`, `{"CURRENT":"a","Profiles":[{"NAME":"a","mode":"ak"}]}`,
	} {
		f.Add([]byte(seed), "")
	}
	f.Add([]byte(someProfiles), "session")
	f.Add([]byte(someProfiles), "no\nname")
	f.Fuzz(func(t *testing.T, content []byte, name string) {
		file := alibabatest.WriteProfiles(t, string(content))
		known := readProfiles(content)
		only := known.only(name)
		region, err := sources.ProfileRegion(file, name)
		if isUnreadable := err != nil && strings.Contains(err.Error(), "is not the JSON"); !isUnreadable && (err == nil) != (only != nil) || err == nil && only != nil && region != only.Region {
			t.Errorf("region %q, %v, but the profile is %+v", region, err, only)
		}
		source, profileErr := sources.Factory{}.Profile(file, name)
		if profileErr == nil {
			expectProfile(t, source, only)
		}
		for _, err := range []error{err, profileErr} {
			if err == nil {
				continue
			}
			if text := err.Error(); strings.ContainsAny(text, "\n\r") || len(text) > 1000+8*(len(content)+len(name)) || !strings.Contains(text, file) && !strings.Contains(text, `profile "`) {
				t.Errorf("%d bytes: %v", len(text), err)
			}
			if strings.Contains(alibabatest.Texts(err), "canary") && !strings.Contains(known.shown()+name, "canary") {
				t.Errorf("the error shows a secret: %v", err)
			}
		}
	})
}

// profiles are the profiles of a file.
type profiles struct {
	Current  string
	Profiles []*profile
}

type profile struct {
	Name, Mode string
	Source     string `json:"source_profile"`
	Role       string `json:"ram_role_arn"`
	STS        string `json:"sts_endpoint"`
	STSRegion  string `json:"sts_region"`
	URI        string `json:"credentials_uri"`
	Region     string `json:"region_id"`
	ID         string `json:"access_key_id"`
	Secret     string `json:"access_key_secret"`
	Token      string `json:"sts_token"`
}

// readProfiles returns the profiles of a file, none if it is not JSON.
func readProfiles(content []byte) profiles {
	var known profiles
	if json.Unmarshal(bytes.TrimPrefix(content, []byte("\ufeff")), &known) != nil || slices.Contains(known.Profiles, nil) {
		return profiles{}
	}
	return known
}

// only returns the one profile with a name, nil if there is none or more than one.
func (p profiles) only(name string) (only *profile) {
	name = cmp.Or(name, p.Current)
	for _, profile := range p.Profiles {
		switch {
		case profile.Name != name || name == "":
		case only != nil:
			return nil
		default:
			only = profile
		}
	}
	return only
}

// shown returns what errors may show.
func (p profiles) shown() string {
	shown := p.Current
	for _, profile := range p.Profiles {
		shown += profile.Name + profile.Mode + profile.Source + profile.Role + profile.STS + profile.STSRegion + profile.URI
	}
	return shown
}

// expectProfile checks that a source is that of the profile, and has its key if the profile
// contains it.
func expectProfile(t *testing.T, source credentials.Source, of *profile) {
	t.Helper()
	if of == nil || !slices.Contains(sources.ProfileModes(), of.Mode) {
		t.Fatalf("a source of the profile %+v", of)
	}
	if of.Mode != "AK" && of.Mode != "StsToken" {
		return
	}
	if of.Mode == "AK" {
		of.Token = ""
	}
	got, err := source.Credentials(t.Context())
	if err != nil || got.AccessKeyID != of.ID || got.AccessKeySecret != of.Secret || got.SecurityToken != of.Token {
		t.Errorf("%v: the key is not that of the profile %+v", err, of)
	}
}
