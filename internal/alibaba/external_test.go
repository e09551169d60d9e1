package alibaba_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba"
)

const (
	externalOutput = "EXPRESSCONNECT_TEST_OUTPUT"
	externalRuns   = "EXPRESSCONNECT_TEST_RUNS"
)

// TestMain lets the tests' own binary be the command of a profile.
func TestMain(m *testing.M) {
	if output, ok := os.LookupEnv(externalOutput); ok && len(os.Args) > 1 && os.Args[1] == "print credentials" {
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
		if strings.Contains(output, "hang") {
			time.Sleep(time.Hour)
		}
		if _, err := fmt.Print(output); err != nil || strings.Contains(output, "fail") {
			os.Exit(3)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func TestCommandOfAProfilePrintsItsCredentials(t *testing.T) {
	hour := time.Now().Add(time.Hour).UTC().Format("2006-01-02T15:04:05Z")
	session := fmt.Sprintf(`{"mode":"StsToken","access_key_id":"STS.1","access_key_secret":%q,"sts_token":%q`, canarySecret, canaryToken)
	for name, test := range map[string]struct {
		output  string
		runs    int
		want    string
		passing bool
	}{
		"session":           {session + `,"expiration":"` + hour + `"}`, 1, "", false},
		"no end":            {session + `}`, 2, "", false},
		"access key":        {`{"mode":"AK","access_key_id":"STS.1","access_key_secret":"` + canarySecret + `"}`, 1, "", false},
		"no JSON":           {"canary", 1, "prints no JSON", false},
		"session cut short": {`{"mode":"StsToken","access_key_id":"canary","access_key_secret":"canary"}`, 1, "prints no credentials", false},
		"without end":       {"endless canary", 1, "prints more than credentials: run it by hand to see what", false},
		"failed":            {"fail canary", 1, "failed (exit status 3): run it by hand to see why", true},
	} {
		t.Run(name, func(t *testing.T) {
			runs := filepath.Join(t.TempDir(), "runs")
			t.Setenv(externalOutput, test.output)
			t.Setenv(externalRuns, runs)
			command := fmt.Sprintf(`'%s' "print credentials"`, os.Args[0])
			source, err := alibaba.Issuers{}.Profile(writeProfile(t, map[string]any{"name": "p", "mode": "External", "process_command": command}), "p")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := os.Stat(runs); err == nil {
				t.Error("the command ran before credentials were needed")
			}
			got, err := source.Credentials(t.Context())
			var failure *alibaba.CredentialsError
			switch {
			case test.want == "" && (err != nil || got.AccessKeyID != "STS.1" || got.AccessKeySecret != canarySecret || got.ProviderName != "external"):
				t.Fatalf("got %q, %v", got.AccessKeyID, err)
			case test.want == "":
				if _, err := source.Credentials(t.Context()); err != nil {
					t.Error(err)
				}
			case !errors.As(err, &failure) || failure.Message != `the process_command of profile "p" `+test.want || failure.Passing != test.passing:
				t.Fatalf("got %+v", err)
			default:
				expectNoCanary(t, "the error", texts(err))
			}
			if content, err := os.ReadFile(runs); err != nil || len(content) != test.runs { //nolint:gosec // Made by the test.
				t.Errorf("the command ran %d times, %v", len(content), err)
			}
		})
	}
}

func TestCommandThatHangsEndsWithTheCall(t *testing.T) {
	t.Setenv(externalOutput, "hang")
	t.Setenv(externalRuns, filepath.Join(t.TempDir(), "runs"))
	command := fmt.Sprintf(`'%s' "print credentials"`, os.Args[0])
	source, err := alibaba.Issuers{}.Profile(writeProfile(t, map[string]any{"name": "p", "mode": "External", "process_command": command}), "p")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := source.Credentials(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestCommandThatCannotBeRunIsToldWithoutIt(t *testing.T) {
	t.Parallel()
	missing := filepath.Join(t.TempDir(), "canary")
	source, err := alibaba.Issuers{}.Profile(writeProfile(t, map[string]any{"name": "p", "mode": "External", "process_command": missing}), "p")
	if err != nil {
		t.Fatal(err)
	}
	_, err = source.Credentials(t.Context())
	var failure *alibaba.CredentialsError
	if !errors.As(err, &failure) || failure.Passing || !strings.Contains(failure.Message, "cannot be run") {
		t.Fatalf("got %+v", err)
	}
	expectNoCanary(t, "the error", texts(err))
}

func TestCommandIsSplitLikeAShellWould(t *testing.T) {
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
		{`C:\bin\tool.exe "C:\Program Files"`, true, []string{`C:\bin\tool.exe`, `C:\Program Files`}},
	} {
		if got, err := alibaba.SplitCommand(test.command, test.windows); err != nil || !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, %v", test.command, got, err)
		}
	}
	for _, command := range []string{``, ` `, `''`, `tool "a`, `tool 'a`, `tool \`} {
		if got, err := alibaba.SplitCommand(command, false); err == nil {
			t.Errorf("%s: %q", command, got)
		}
	}
}
