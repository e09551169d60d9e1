package sources_test

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/alibabatest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials/sources"
)

const someProfiles = `{"current":"default","profiles":[
	{"name":"default","mode":"AK","access_key_id":"id-1","access_key_secret":"secret-1","region_id":"cn-beijing","language":"en"},
	{"name":"session","mode":"StsToken","access_key_id":"id-2","access_key_secret":"secret-2","sts_token":"token-2"}
]}`

func TestProfile_ReturnsItsCredentialsAndRegion(t *testing.T) {
	t.Parallel()
	file := alibabatest.WriteProfiles(t, someProfiles)
	for _, test := range []struct{ name, id, secret, token, region string }{
		{"default", "id-1", "secret-1", "", "cn-beijing"},
		{"", "id-1", "secret-1", "", "cn-beijing"},
		{"session", "id-2", "secret-2", "token-2", ""},
	} {
		source, err := sources.Factory{}.Profile(file, test.name)
		if err != nil {
			t.Fatal(err)
		}
		got, err := source.Credentials(t.Context())
		if err != nil || got.AccessKeyID != test.id || got.AccessKeySecret != test.secret || got.SecurityToken != test.token {
			t.Errorf("%q: got %q %q %q, %v", test.name, got.AccessKeyID, got.AccessKeySecret, got.SecurityToken, err)
		}
		if region, err := sources.ProfileRegion(file, test.name); err != nil || region != test.region {
			t.Errorf("%q: region %q, %v", test.name, region, err)
		}
	}
}

func TestProfileFile_WithAByteOrderMark_IsRead(t *testing.T) {
	t.Parallel()
	source, err := sources.Factory{}.Profile(alibabatest.WriteProfiles(t, "\ufeff"+someProfiles), "default")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := source.Credentials(t.Context()); err != nil || got.AccessKeyID != "id-1" {
		t.Errorf("got %q, %v", got.AccessKeyID, err)
	}
}

// utf16File writes a text in UTF-16, as Windows PowerShell does.
func utf16File(t *testing.T, text string, order binary.AppendByteOrder, mark string) string {
	t.Helper()
	var content []byte
	for _, unit := range utf16.Encode([]rune(mark + text)) {
		content = order.AppendUint16(content, unit)
	}
	return alibabatest.WriteProfiles(t, string(content))
}

func TestProfileFile_InUTF16_IsRefusedWithAHint(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		order binary.AppendByteOrder
		mark  string
	}{
		"little endian": {binary.LittleEndian, "\ufeff"}, "little endian without a mark": {binary.LittleEndian, ""},
		"big endian": {binary.BigEndian, "\ufeff"}, "big endian without a mark": {binary.BigEndian, ""},
	} {
		for what, read := range map[string]func() (string, error){
			"the profile file cannot be read: ": func() (string, error) {
				file := utf16File(t, someProfiles, test.order, test.mark)
				_, err := sources.Factory{}.Profile(file, "default")
				return file, err
			},
			"the file with the OIDC token cannot be read: ": func() (string, error) {
				file := utf16File(t, alibabatest.OIDCToken, test.order, test.mark)
				return file, sources.OIDC{TokenFile: file}.Check()
			},
		} {
			if file, err := read(); err == nil || err.Error() != what+file+" is not in UTF-8, but probably in UTF-16: save it as UTF-8" {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func TestOIDCTokenFile_WithAByteOrderMark_IsSentWithoutIt(t *testing.T) {
	t.Parallel()
	var asked []url.Values
	source, err := sources.Factory{Transport: alibabatest.Issuing(&asked, time.Now().Add(time.Hour))}.AssumeRoleWithOIDC(
		sources.OIDC{ProviderARN: alibabatest.OIDCARN, TokenFile: alibabatest.WriteProfiles(t, "\ufeff"+alibabatest.OIDCToken+"\r\n")}, sources.Role{ARN: alibabatest.RoleARN})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := source.Credentials(t.Context()); err != nil || asked[0].Get("OIDCToken") != alibabatest.OIDCToken {
		t.Errorf("sent %q, %v", asked, err)
	}
}

func TestProfile_ExternalSourcesTurnedOff_AreNotUsed(t *testing.T) {
	const disabled = "ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS"
	file := alibabatest.WriteProfile(t,
		map[string]any{"name": "command", "mode": "External", "process_command": "canary"},
		map[string]any{"name": "uri", "mode": "CredentialsURI", "credentials_uri": "https://credentials.example/canary"}, //nolint:gosec // An address.
		map[string]any{"name": "chain", "mode": "ChainableRamRoleArn", "ram_role_arn": alibabatest.RoleARN, "source_profile": "command"},
		map[string]any{"name": "key", "mode": "AK", "access_key_id": "canary", "access_key_secret": "canary"})
	for value, off := range map[string]bool{"1": true, "true": true, "TRUE": true, "0": false, "": false} {
		t.Run("value "+value, func(t *testing.T) {
			t.Setenv(disabled, value)
			for _, name := range []string{"command", "uri", "chain"} {
				_, err := sources.Factory{}.Profile(file, name)
				if off != (err != nil) || off && !strings.Contains(err.Error(), disabled) {
					t.Errorf("%s: %v", name, err)
				}
			}
			if _, err := (sources.Factory{}).Profile(file, "key"); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestProfileFile_IsFoundInTheHomeDirectory(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	if err := os.Mkdir(filepath.Join(home, ".aliyun"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(home, ".aliyun", "config.json"), []byte(someProfiles), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"", "~/.aliyun/config.json"} {
		if region, err := sources.ProfileRegion(file, ""); err != nil || region != "cn-beijing" {
			t.Errorf("%q: %q, %v", file, region, err)
		}
	}
	for _, file := range []string{"~", "~.aliyun/config.json"} {
		if _, err := sources.ProfileRegion(file, ""); err == nil {
			t.Errorf("%s: the home directory of another user is taken for ours", file)
		}
	}
}

// The library of the CLI uses these if the profile has no value.
func TestProfile_IsNotCompletedFromTheEnvironment(t *testing.T) {
	for _, name := range []string{"ACCESS_KEY_ID", "ACCESS_KEY_SECRET", "SECURITY_TOKEN", "ROLE_ARN", "OIDC_PROVIDER_ARN", "OIDC_TOKEN", "OIDC_TOKEN_FILE", "PROFILE"} {
		t.Setenv("ALIBABA_CLOUD_"+name, "of-the-environment")
	}
	t.Setenv("ALIBABA_CLOUD_CONFIG_FILE", alibabatest.WriteProfiles(t, someProfiles))
	for name, profile := range map[string]string{ //nolint:gosec // Made up.
		"access_key_id":     `"mode":"AK","access_key_secret":"canary"`,
		"access_key_secret": `"mode":"AK","access_key_id":"canary"`,
		"sts_token":         `"mode":"StsToken","access_key_id":"canary","access_key_secret":"canary"`,
		"ram_role_arn":      `"mode":"RamRoleArn","access_key_id":"canary","access_key_secret":"canary"`,
		"oidc_token_file":   `"mode":"OIDC","ram_role_arn":"acs:ram::1:role/x","oidc_provider_arn":"acs:ram::1:oidc-provider/x"`,
		"source_profile":    `"mode":"ChainableRamRoleArn","ram_role_arn":"acs:ram::1:role/x"`,
	} {
		file := alibabatest.WriteProfiles(t, `{"current":"p","profiles":[{"name":"p",`+profile+`}]}`)
		_, err := sources.Factory{}.Profile(file, "")
		if err == nil || err.Error() != `profile "p" has no `+name {
			t.Errorf("%s: %v", name, err)
		}
	}
	oidc := `{"current":"p","profiles":[{"name":"p","mode":"OIDC","ram_role_arn":"r","oidc_provider_arn":"o","oidc_token_file":"no-such-file"}]}`
	source, err := sources.Factory{}.Profile(alibabatest.WriteProfiles(t, oidc), "")
	if err != nil {
		t.Fatal(err)
	}
	// The file of the profile is missing. No other file replaces it.
	if _, err := source.Credentials(t.Context()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	source, err = sources.Factory{}.Profile(alibabatest.WriteProfiles(t, someProfiles), "")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := source.Credentials(t.Context()); err != nil || got.AccessKeyID != "id-1" {
		t.Errorf("got %q, %v", got.AccessKeyID, err)
	}
}

func TestProfile_Unusable_IsRefusedWithoutItsSecrets(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ content, profile, want string }{
		"no such profile":     {someProfiles, "other", `holds no profile "other"`},
		"no current profile":  {`{"profiles":[]}`, "", "names no current profile"},
		"broken file":         {`{"profiles":[{"access_key_secret":"canary"`, "", "is not the JSON"},
		"another file":        {`[default]` + "\nsecret = canary", "", "is not the JSON"},
		"wrong types":         {`{"profiles":[{"name":"p","access_key_secret":["canary"]}]}`, "", "is not the JSON"},
		"null for a profile":  {`{"current":"p","profiles":[null]}`, "", "holds an empty profile"},
		"unknown mode":        {`{"current":"p","profiles":[{"name":"p","mode":"Magic","access_key_secret":"canary"}]}`, "", `profile "p" has the mode "Magic", which does not work here. These modes work: ` + strings.Join(sources.ProfileModes(), ", ")},
		"old mode":            {`{"current":"p","profiles":[{"name":"p","mode":"RamRoleArnWithRoleName","ram_role_name":"canary","ram_role_arn":"r"}]}`, "", "These modes work: AK, "},
		"no mode":             {`{"current":"p","profiles":[{"name":"p","access_key_id":"canary","access_key_secret":"canary"}]}`, "", "These modes work: AK, "},
		"source of old mode":  {`{"current":"p","profiles":[{"name":"p","mode":"ChainableRamRoleArn","ram_role_arn":"r","source_profile":"q"},{"name":"q","mode":"RsaKeyPair"}]}`, "", `profile "q" has the mode "RsaKeyPair"`},
		"two of that name":    {`{"current":"p","profiles":[{"name":"p","mode":"AK","access_key_id":"canary"},{"name":"o"},{"name":"p","mode":"StsToken"}]}`, "", `holds 2 profiles "p": keep the one that is meant`},
		"two sources":         {`{"current":"p","profiles":[{"name":"p","mode":"ChainableRamRoleArn","ram_role_arn":"r","source_profile":"q"},{"name":"q"},{"name":"q"}]}`, "", `holds 2 profiles "q"`},
		"no URI":              {`{"current":"p","profiles":[{"name":"p","mode":"CredentialsURI"}]}`, "", "has no credentials_uri"},
		"plain URI":           {`{"current":"p","profiles":[{"name":"p","mode":"CredentialsURI","credentials_uri":"http://credentials.example/canary"}]}`, "", `profile "p": credentials would come over the network in plain text`},
		"plain token service": {`{"current":"p","profiles":[{"name":"p","mode":"RamRoleArn","access_key_id":"canary","access_key_secret":"canary","ram_role_arn":"r","sts_endpoint":"http://sts.example"}]}`, "", `profile "p": the STS endpoint is not valid: sts.example is not a loopback address`},
		"no command":          {`{"current":"p","profiles":[{"name":"p","mode":"External"}]}`, "", "has no process_command"},
		"half a command":      {`{"current":"p","profiles":[{"name":"p","mode":"External","process_command":"print \"canary"}]}`, "", "has a quote"},
		"login that is over":  {`{"current":"p","profiles":[{"name":"p","mode":"CloudSSO","access_token":"canary","cloud_sso_sign_in_url":"https://signin.example","cloud_sso_access_token_expire":1700000000}]}`, "", "log in again"},
		"session too short":   {`{"current":"p","profiles":[{"name":"p","mode":"RamRoleArn","access_key_id":"canary","access_key_secret":"canary","ram_role_arn":"r","expired_seconds":60}]}`, "", `profile "p": a session lasts 900 to 43200 seconds`},
		"key with a space":    {`{"current":"p","profiles":[{"name":"p","mode":"RamRoleArn","access_key_id":"canary canary","access_key_secret":"canary","ram_role_arn":"r"}]}`, "", "contains white space"},
		"key with a line end": {`{"current":"p","profiles":[{"name":"p","mode":"AK","access_key_id":"canary","access_key_secret":"canary\r\n"}]}`, "", `profile "p": the access key secret contains white space`},
		"token with a space":  {`{"current":"p","profiles":[{"name":"p","mode":"StsToken","access_key_id":"canary","access_key_secret":"canary","sts_token":"canary "}]}`, "", `profile "p": the security token contains white space`},
		"own source":          {`{"current":"p","profiles":[{"name":"p","mode":"ChainableRamRoleArn","ram_role_arn":"r","source_profile":"p"}]}`, "", `profile "p" is its own source`},
		"sources in a circle": {`{"current":"p","profiles":[{"name":"p","mode":"ChainableRamRoleArn","ram_role_arn":"r","source_profile":"q"},{"name":"q","mode":"ChainableRamRoleArn","ram_role_arn":"r","source_profile":"p"}]}`, "", `profile "q" is its own source`},
		"source not there":    {`{"current":"p","profiles":[{"name":"p","mode":"ChainableRamRoleArn","ram_role_arn":"r","source_profile":"q"}]}`, "", `holds no profile "q"`},
		"source incomplete":   {`{"current":"p","profiles":[{"name":"p","mode":"ChainableRamRoleArn","ram_role_arn":"r","source_profile":"q"},{"name":"q","mode":"AK"}]}`, "", `profile "q" has no access_key_id`},
		"external source":     {`{"current":"p","profiles":[{"name":"p","mode":"ChainableRamRoleArn","ram_role_arn":"r","source_profile":"q"},{"name":"q","mode":"External","process_command":"\"canary"}]}`, "", "has a quote"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := sources.Factory{}.Profile(alibabatest.WriteProfiles(t, test.content), test.profile)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("got %v, want %q", err, test.want)
			}
			alibabatest.ExpectNoCanary(t, "the error", err.Error())
		})
	}
	if _, err := (sources.Factory{}).Profile(filepath.Join(t.TempDir(), "none.json"), ""); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func TestProfile_TurnedOff_IsNotRead(t *testing.T) {
	t.Setenv("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "True")
	file := alibabatest.WriteProfiles(t, someProfiles)
	if _, err := (sources.Factory{}).Profile(file, "default"); err == nil || !strings.Contains(err.Error(), "ALIBABA_CLOUD_CLI_PROFILE_DISABLED") {
		t.Errorf("got %v", err)
	}
	if _, err := sources.ProfileRegion(file, "default"); err == nil {
		t.Error("the region was read")
	}
}

func TestProfile_Role_IsAssumedOnlyIfCredentialsAreNeeded(t *testing.T) {
	t.Parallel()
	profile := map[string]string{"name": "p", "mode": "OIDC", "ram_role_arn": "acs:ram::1:role/x", "oidc_provider_arn": "acs:ram::1:oidc-provider/x", "oidc_token_file": filepath.Join(t.TempDir(), "none")}
	content, err := json.Marshal(map[string]any{"profiles": []any{profile}})
	if err != nil {
		t.Fatal(err)
	}
	source, err := sources.Factory{}.Profile(alibabatest.WriteProfiles(t, string(content)), "p")
	if err != nil {
		t.Fatal(err)
	}
	// The token file is missing, so no request is sent.
	if _, err := source.Credentials(t.Context()); err == nil {
		t.Error("no error")
	}
}
