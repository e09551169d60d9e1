package sources_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/alibabatest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials/sources"
)

const (
	externalOutput = "EXPRESSCONNECT_TEST_OUTPUT"
	externalRuns   = "EXPRESSCONNECT_TEST_RUNS"
	spaces         = "spaces"
)

// TestMain makes the test binary the command of a profile. With other arguments, the command
// must not run the tests: they would run it again without end.
func TestMain(m *testing.M) {
	if output, ok := os.LookupEnv(externalOutput); ok {
		if len(os.Args) != 2 || os.Args[1] != "print credentials" {
			os.Exit(8)
		}
		runs, err := os.OpenFile(os.Getenv(externalRuns), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600) //nolint:gosec // Named by the test.
		if err != nil {
			os.Exit(9)
		}
		_, _ = runs.WriteString("x")
		_, _ = fmt.Fprintln(os.Stderr, "canary")
		for strings.Contains(output, "endless") {
			if _, err := fmt.Println(output); err != nil {
				os.Exit(4)
			}
		}
		switch {
		case strings.Contains(output, "hang"):
			time.Sleep(time.Hour)
		case strings.Contains(output, "child"):
			startChild()
		case output == spaces:
			printSpaces()
		}
		if _, err := fmt.Print(output); err != nil || strings.Contains(output, "fail") {
			os.Exit(3)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// startChild starts this binary again. The child keeps the output of the command open.
func startChild() {
	child := exec.CommandContext(context.Background(), os.Args[0], os.Args[1:]...) //nolint:gosec // This binary.
	child.Env = append(os.Environ(), externalOutput+"="+spaces)
	child.Stdout = os.Stdout
	if child.Start() != nil {
		os.Exit(7)
	}
}

// printSpaces prints spaces until nothing reads them, for at most half a minute.
func printSpaces() {
	for range 300 {
		time.Sleep(100 * time.Millisecond)
		if _, err := fmt.Print(" "); err != nil {
			return
		}
	}
}

// external returns the credentials of a profile whose command is this binary.
func external(t *testing.T, issuers sources.Factory, fields map[string]any) credentials.Source {
	t.Helper()
	argument := `print\ credentials`
	if runtime.GOOS == "windows" {
		argument = `"print credentials"`
	}
	profile := map[string]any{"name": "p", "mode": "External", "process_command": fmt.Sprintf(`'%s' %s`, os.Args[0], argument)}
	maps.Copy(profile, fields)
	source, err := issuers.Profile(alibabatest.WriteProfile(t, profile), "p")
	if err != nil {
		t.Fatal(err)
	}
	return source
}

func TestExternal_PrintsAModeThatNeedsAnIssuer_IsNotSignedWithThePrintedKeys(t *testing.T) {
	for name, test := range map[string]struct {
		output string
		fields map[string]any
		want   map[string]string // of the last request
		keyID  string
	}{
		"role": {
			`{"mode":"RamRoleArn","access_key_id":"base","access_key_secret":"canary","ram_role_arn":"` + alibabatest.RoleARN + `","ram_session_name":"ci","external_id":"partner","policy":"{}","expired_seconds":900,"sts_region":"eu-central-1"}`, nil,
			map[string]string{"Action": "AssumeRole", "AccessKeyId": "base", "SecurityToken": "", "RoleArn": alibabatest.RoleARN, "RoleSessionName": "ci", "ExternalId": "partner", "Policy": "{}", "DurationSeconds": "900", "Host": "sts.eu-central-1.aliyuncs.com"},
			"STS.issued",
		},
		"role of a session": {
			`{"mode":"RamRoleArn","access_key_id":"base","access_key_secret":"canary","sts_token":"base-token","ram_role_arn":"` + alibabatest.RoleARN + `"}`, nil,
			map[string]string{"Action": "AssumeRole", "AccessKeyId": "base", "SecurityToken": "base-token"}, "STS.issued",
		},
		"role of the profile": {
			`{"mode":"RamRoleArn","access_key_id":"base","access_key_secret":"canary"}`,
			map[string]any{"ram_role_arn": alibabatest.RoleARN, "sts_endpoint": "sts.example", "access_key_id": "old", "access_key_secret": "old", "sts_token": "old"},
			map[string]string{"AccessKeyId": "base", "SecurityToken": "", "RoleArn": alibabatest.RoleARN, "Host": "sts.example"}, "STS.issued",
		},
		"OIDC": {
			`{"mode":"OIDC","ram_role_arn":"` + alibabatest.RoleARN + `","oidc_provider_arn":"` + alibabatest.OIDCARN + `","oidc_token":"` + alibabatest.OIDCToken + `"}`, nil,
			map[string]string{"Action": "AssumeRoleWithOIDC", "RoleArn": alibabatest.RoleARN, "OIDCToken": alibabatest.OIDCToken}, "STS.issued",
		},
		"ECS role": {
			`{"mode":"EcsRamRole","ram_role_name":"app"}`, nil,
			map[string]string{"Path": "/latest/meta-data/ram/security-credentials/app"}, "STS.ecs",
		},
		"URI": {
			`{"mode":"CredentialsURI","credentials_uri":"https://credentials.example/uri"}`, nil,
			map[string]string{"Host": "credentials.example", "Path": "/uri"}, "STS.ecs",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(externalOutput, test.output)
			for expires, wantRuns := range map[time.Time]int{time.Now().Add(time.Hour): 1, time.Now().Add(-time.Hour): 2} {
				var asked []url.Values
				runs := filepath.Join(t.TempDir(), "runs")
				t.Setenv(externalRuns, runs)
				source := external(t, sources.Factory{Transport: alibabatest.Issuing(&asked, expires)}, test.fields)
				for range 2 {
					if got, err := source.Credentials(t.Context()); err != nil || got.AccessKeyID != test.keyID {
						t.Fatalf("got %q, %v", got.AccessKeyID, err)
					}
				}
				for parameter, want := range test.want {
					if got := asked[len(asked)-1].Get(parameter); got != want {
						t.Errorf("%s is %q, want %q", parameter, got, want)
					}
				}
				if content, err := os.ReadFile(runs); err != nil || len(content) != wantRuns { //nolint:gosec // Made by the test.
					t.Errorf("the command ran %d times for sessions until %s, %v", len(content), expires, err)
				}
			}
		})
	}
}

func TestChain_SourceCommandPrintsARole_AssumesBothRoles(t *testing.T) {
	t.Setenv(externalOutput, `{"mode":"RamRoleArn","access_key_id":"base","access_key_secret":"canary","ram_role_arn":"acs:ram::1:role/first"}`)
	t.Setenv(externalRuns, filepath.Join(t.TempDir(), "runs"))
	file := alibabatest.WriteProfile(t,
		map[string]any{"name": "p", "mode": "External", "process_command": fmt.Sprintf(`'%s' "print credentials"`, os.Args[0])},
		map[string]any{"name": "chain", "mode": "ChainableRamRoleArn", "source_profile": "p", "ram_role_arn": "acs:ram::1:role/second"})
	var asked []url.Values
	source, err := sources.Factory{Transport: alibabatest.Issuing(&asked, time.Now().Add(time.Hour))}.Profile(file, "chain")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := source.Credentials(t.Context()); err != nil || len(asked) != 2 {
		t.Fatalf("asked %q, %v", asked, err)
	}
	for i, want := range []struct{ role, key string }{{"acs:ram::1:role/first", "base"}, {"acs:ram::1:role/second", "STS.issued"}} {
		if asked[i].Get("RoleArn") != want.role || asked[i].Get("AccessKeyId") != want.key {
			t.Errorf("assumed %s with %s", asked[i].Get("RoleArn"), asked[i].Get("AccessKeyId"))
		}
	}
}

func TestExternal_PrintsUnusableCredentials_FailsWithoutARequest(t *testing.T) {
	keys := `"access_key_id":"canary","access_key_secret":"canary","ram_role_arn":"` + alibabatest.RoleARN + `"`
	const modes = "prints a mode that does not work here. These modes work: AK, StsToken, RamRoleArn, EcsRamRole, OIDC, CredentialsURI"
	for name, test := range map[string]struct {
		output string
		fields map[string]any
		want   string
	}{
		"chain":                  {`{"mode":"ChainableRamRoleArn","source_profile":"p",` + keys + `}`, nil, modes},
		"another command":        {`{"mode":"External","process_command":"canary",` + keys + `}`, nil, modes},
		"login":                  {`{"mode":"OAuth",` + keys + `}`, nil, modes},
		"old mode":               {`{"mode":"RamRoleArnWithRoleName",` + keys + `}`, nil, modes},
		"unknown mode":           {`{"mode":"canary",` + keys + `}`, nil, modes},
		"role without a mode":    {`{` + keys + `}`, nil, "prints no mode, but there is a ram_role_arn: print the mode RamRoleArn to assume the role, otherwise AK or StsToken"},
		"role of the profile":    {`{"access_key_id":"canary","access_key_secret":"canary"}`, map[string]any{"ram_role_arn": alibabatest.RoleARN}, "prints no mode, but there is a ram_role_arn: print the mode RamRoleArn to assume the role, otherwise AK or StsToken"},
		"no role":                {`{"mode":"RamRoleArn","access_key_id":"canary","access_key_secret":"canary"}`, nil, `prints no complete credentials: profile "p" has no ram_role_arn`},
		"keys of the profile":    {`{"name":"canary","mode":"RamRoleArn","ram_role_arn":"` + alibabatest.RoleARN + `"}`, map[string]any{"access_key_id": "old", "access_key_secret": "old"}, `prints no complete credentials: profile "p" has no access_key_id`},
		"session that is short":  {`{"mode":"RamRoleArn","expired_seconds":60,` + keys + `}`, nil, `prints no valid credentials: profile "p": a session lasts 900 to 43200 seconds, not 60`},
		"token service in plain": {`{"mode":"RamRoleArn","sts_endpoint":"http://canary:canary@sts.example",` + keys + `}`, nil, `prints no valid credentials: profile "p": the STS endpoint is not valid: the endpoint contains a user name or a password`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(externalOutput, test.output)
			t.Setenv(externalRuns, filepath.Join(t.TempDir(), "runs"))
			var asked []url.Values
			source := external(t, sources.Factory{Transport: alibabatest.Issuing(&asked, time.Now().Add(time.Hour))}, test.fields)
			_, err := source.Credentials(t.Context())
			var failure *credentials.Error
			if !errors.As(err, &failure) || failure.Message != `the process_command of profile "p" `+test.want || failure.Temporary || len(asked) != 0 {
				t.Fatalf("asked %d times, got %+v", len(asked), err)
			}
			alibabatest.ExpectNoCanary(t, "the error", alibabatest.Texts(err))
		})
	}
}

func TestExternal_ReturnsThePrintedCredentials(t *testing.T) {
	hour := time.Now().Add(time.Hour).UTC().Format("2006-01-02T15:04:05Z")
	session := fmt.Sprintf(`{"mode":"StsToken","access_key_id":"STS.1","access_key_secret":%q,"sts_token":%q`, alibabatest.CanarySecret, alibabatest.CanaryToken)
	for name, test := range map[string]struct {
		output  string
		runs    int
		want    string
		passing bool
	}{
		"session":           {session + `,"expiration":"` + hour + `"}`, 1, "", false},
		"no end":            {session + `}`, 2, "", false},
		"access key":        {`{"mode":"AK","access_key_id":"STS.1","access_key_secret":"` + alibabatest.CanarySecret + `"}`, 1, "", false},
		"no JSON":           {"canary", 1, "prints no JSON in UTF-8", false},
		"session cut short": {`{"mode":"StsToken","access_key_id":"canary","access_key_secret":"canary"}`, 1, `prints no complete credentials: profile "p" has no sts_token`, false},
		"mark first":        {"\ufeff" + session + `,"expiration":"` + hour + `"}`, 1, "", false},
		"no mode":           {strings.Replace(session, `"mode":"StsToken",`, "", 1) + `,"expiration":"` + hour + `"}`, 1, "", false},
		"key with a token":  {strings.Replace(session, "StsToken", "AK", 1) + `,"expiration":"` + hour + `"}`, 1, "", false},
		"key with a space":  {`{"mode":"AK","access_key_id":"canary","access_key_secret":"canary canary"}`, 1, `prints no valid credentials: profile "p": the access key secret contains white space`, false},
		"null":              {`null`, 1, `prints no complete credentials: profile "p" has no access_key_id`, false},
		"without end":       {"endless canary", 1, "prints more than credentials: run it by hand to see what", false},
		"failed":            {"fail canary", 1, "failed (exit status 3): run it by hand to see why", true},
	} {
		t.Run(name, func(t *testing.T) {
			runs := filepath.Join(t.TempDir(), "runs")
			t.Setenv(externalOutput, test.output)
			t.Setenv(externalRuns, runs)
			source := external(t, sources.Factory{}, nil)
			if _, err := os.Stat(runs); err == nil {
				t.Error("the command ran before credentials were needed")
			}
			got, err := source.Credentials(t.Context())
			var failure *credentials.Error
			switch {
			case test.want == "" && (err != nil || got.AccessKeyID != "STS.1" || got.AccessKeySecret != alibabatest.CanarySecret || (got.SecurityToken == alibabatest.CanaryToken) != strings.Contains(test.output, "sts_token") || got.ProviderName != "external"):
				t.Fatalf("got %q, %v", got.AccessKeyID, err)
			case test.want == "":
				if _, err := source.Credentials(t.Context()); err != nil {
					t.Error(err)
				}
			case !errors.As(err, &failure) || failure.Message != `the process_command of profile "p" `+test.want || failure.Temporary != test.passing:
				t.Fatalf("got %+v", err)
			default:
				alibabatest.ExpectNoCanary(t, "the error", alibabatest.Texts(err))
			}
			if content, err := os.ReadFile(runs); err != nil || len(content) != test.runs { //nolint:gosec // Made by the test.
				t.Errorf("the command ran %d times, %v", len(content), err)
			}
		})
	}
}

func TestExternal_HangingCommand_EndsWithTheCall(t *testing.T) {
	t.Setenv(externalOutput, "hang")
	t.Setenv(externalRuns, filepath.Join(t.TempDir(), "runs"))
	command := fmt.Sprintf(`'%s' "print credentials"`, os.Args[0])
	source, err := sources.Factory{}.Profile(alibabatest.WriteProfile(t, map[string]any{"name": "p", "mode": "External", "process_command": command}), "p")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := source.Credentials(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

// The credentials may need a person, who must not be asked again and again.
func TestExternal_CommandThatDoesNotEnd_FailsForGood(t *testing.T) {
	t.Setenv(externalOutput, "hang")
	t.Setenv(externalRuns, filepath.Join(t.TempDir(), "runs"))
	output, failure := sources.RunCommand(t.Context(), []string{os.Args[0], "print credentials"}, 100*time.Millisecond)
	if failure == nil || failure.Temporary || !strings.Contains(failure.Message, "did not end within 100ms") {
		t.Errorf("got %q, %+v", output, failure)
	}
}

func TestExternal_ChildOfTheCommandKeepsItsOutputOpen_IsNotAwaited(t *testing.T) {
	t.Setenv(externalOutput, `{"mode":"AK","access_key_id":"child","access_key_secret":"canary"}`)
	t.Setenv(externalRuns, filepath.Join(t.TempDir(), "runs"))
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if got, err := external(t, sources.Factory{}, nil).Credentials(ctx); err != nil || got.AccessKeyID != "child" {
		t.Errorf("got %q, %v", got.AccessKeyID, err)
	}
}

func TestExternal_FailedCommand_IsNotShown(t *testing.T) {
	t.Parallel()
	missing := filepath.Join(t.TempDir(), "canary")
	source, err := sources.Factory{}.Profile(alibabatest.WriteProfile(t, map[string]any{"name": "p", "mode": "External", "process_command": missing}), "p")
	if err != nil {
		t.Fatal(err)
	}
	_, err = source.Credentials(t.Context())
	var failure *credentials.Error
	if !errors.As(err, &failure) || failure.Temporary || !strings.Contains(failure.Message, "cannot be run") {
		t.Fatalf("got %+v", err)
	}
	alibabatest.ExpectNoCanary(t, "the error", alibabatest.Texts(err))
}

func TestExternal_Output_IsKeptUpToItsLimit(t *testing.T) {
	t.Parallel()
	var buffer sources.BoundedBuffer
	for range 2 {
		if n, err := buffer.Write(make([]byte, sources.ExternalOutput/2)); err != nil || n != sources.ExternalOutput/2 {
			t.Errorf("%d bytes, %v", n, err)
		}
	}
	if n, err := buffer.Write([]byte{0}); err == nil || n != 0 {
		t.Errorf("%d bytes above the limit, %v", n, err)
	}
}

func TestExternal_CommandIsSplitAsByAShell(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		command string
		windows bool
		want    []string
	}{
		{`tool a  b`, false, []string{"tool", "a", "b"}},
		{`'/opt/my tool' "a b" c\ d`, false, []string{"/opt/my tool", "a b", "c d"}},
		{`tool "" ''`, false, []string{"tool", "", ""}},
		{`tool "a\"b\\c\d" 'e\f'`, false, []string{"tool", `a"b\c\d`, `e\f`}},
		{"tool a\x00b", false, []string{"tool", "a\x00b"}},
		{`C:\bin\tool.exe "C:\Program Files"`, true, []string{`C:\bin\tool.exe`, `C:\Program Files`}},
	} {
		if got, err := sources.SplitCommand(test.command, test.windows); err != nil || !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, %v", test.command, got, err)
		}
	}
	for _, command := range []string{``, ` `, `''`, `tool "a`, `tool 'a`, `tool \`} {
		if got, err := sources.SplitCommand(command, false); err == nil {
			t.Errorf("%s: %q", command, got)
		}
	}
}
