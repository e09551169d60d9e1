package sources

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
)

const (
	// externalTimeout bounds the command of a profile, which may ask a person.
	externalTimeout = time.Minute
	// externalOutput is the maximum output in bytes. Credentials have a few kilobytes.
	externalOutput = 1 << 20
)

// external returns the source of the credentials that the command of a profile prints. The
// command runs without a shell, again for each session. No error shows the command or the
// keys that it prints.
func (f Factory) external(profile *cliProfile) (credentials.Source, error) {
	arguments, err := splitCommand(profile.ProcessCommand, runtime.GOOS == "windows")
	if err != nil {
		return nil, fmt.Errorf("the process_command of profile %q %w", profile.Name, err)
	}
	subject := fmt.Sprintf("the process_command of profile %q ", profile.Name)
	return credentials.Cached(func(ctx context.Context) (credentials.Value, error) {
		output, failure := runCommand(ctx, arguments, externalTimeout)
		switch {
		case ctx.Err() != nil:
			return credentials.Value{}, ctx.Err()
		case failure != nil:
			failure.Message = subject + failure.Message
			return credentials.Value{}, failure
		}
		return f.printed(ctx, profile, subject+"prints ", output)
	}), nil
}

// runCommand returns the output of a command that ends within limit. The message of the error
// continues the name of the command.
func runCommand(ctx context.Context, arguments []string, limit time.Duration) ([]byte, *credentials.Error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var buffer boundedBuffer
	command := exec.CommandContext(ctx, arguments[0], arguments[1:]...) //nolint:gosec // The user names the command.
	command.Stdout = &buffer
	command.WaitDelay = time.Second
	err := command.Run()
	exit, failed := errors.AsType[*exec.ExitError](err)
	switch {
	case ctx.Err() != nil:
		return nil, &credentials.Error{Message: fmt.Sprintf("did not end within %s: run it by hand to see why", limit)}
	case buffer.full:
		return nil, &credentials.Error{Message: "prints more than credentials: run it by hand to see what"}
	case failed:
		return nil, &credentials.Error{Message: fmt.Sprintf("failed (%s): run it by hand to see why", exit), Temporary: true}
	case err != nil && !errors.Is(err, exec.ErrWaitDelay): // ErrWaitDelay: it succeeded, and a child process keeps its output open.
		return nil, &credentials.Error{Message: "cannot be run: run it by hand to see why"}
	}
	return buffer.text.Bytes(), nil
}

// boundedBuffer holds at most externalOutput, so that a command with endless output cannot
// fill the memory.
type boundedBuffer struct {
	text bytes.Buffer // It is not embedded, because io.Copy would call its ReadFrom.
	full bool
}

// Write implements io.Writer. Its error ends the command's output.
func (b *boundedBuffer) Write(text []byte) (int, error) {
	if b.text.Len()+len(text) > externalOutput {
		b.full = true
		return 0, io.ErrShortWrite
	}
	return b.text.Write(text)
}

// printed returns the credentials in the output of a command. Like the CLI, it reads the
// output as a profile with a mode, and assumes the role of that profile. Fields that are not
// printed come from the command's own profile, except keys.
func (f Factory) printed(ctx context.Context, profile *cliProfile, subject string, output []byte) (credentials.Value, error) {
	fail := func(problem string) (credentials.Value, error) {
		return credentials.Value{}, &credentials.Error{Message: subject + problem}
	}
	printed := struct {
		cliProfile
		Expiration rpc.Text `json:"expiration"`
	}{cliProfile: *profile}
	printed.Mode, printed.AccessKeyID, printed.AccessKeySecret, printed.STSToken = "", "", "", ""
	if json.Unmarshal(withoutMark(output), &printed) != nil {
		return fail("no JSON in UTF-8")
	}
	printed.Name = profile.Name
	switch {
	case printed.Mode == "" && printed.RoleARN != "":
		return fail("no mode, but there is a ram_role_arn: print the mode RamRoleArn to assume the role, otherwise AK or StsToken")
	case (printed.Mode == "" || printed.Mode == modeKey) && printed.STSToken != "":
		printed.Mode = modeSTSToken
	case printed.Mode == "":
		printed.Mode = modeKey
	case !slices.Contains(printableModes, printed.Mode):
		return fail("a mode that does not work here. These modes work: " + strings.Join(printableModes, ", "))
	}
	config := &cliConfig{}
	if err := config.check(&printed.cliProfile, nil); err != nil {
		return fail("no complete credentials: " + err.Error())
	}
	source, err := f.profileSource(config, &printed.cliProfile)
	if err != nil {
		return fail("no valid credentials: " + err.Error())
	}
	issued, err := source.Credentials(ctx)
	if printed.Mode != modeKey && printed.Mode != modeSTSToken {
		return issued, err
	}
	issued.ProviderName = "external"
	if expires := printed.Expiration.Time(); expires != nil {
		issued.Expires = *expires
	} else if printed.Mode == modeKey { // The command need not run before each call.
		issued.Expires = time.Now().Add(DefaultSession)
	}
	return issued, err
}

// splitCommand splits a command at white space outside of quotes. A backslash escapes the
// next character, except on Windows, where it is part of a path.
func splitCommand(command string, windows bool) ([]string, error) {
	var (
		arguments []string
		current   strings.Builder
		started   bool
		quote     rune
		escaped   bool
	)
	for _, r := range command {
		switch {
		case escaped:
			if quote == '"' && !strings.ContainsRune("\"\\$`", r) {
				current.WriteRune('\\')
			}
			current.WriteRune(r)
			escaped = false
		case r == '\\' && !windows && quote != '\'':
			escaped, started = true, true
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '"' || r == '\''):
			quote, started = r, true
		case quote == 0 && unicode.IsSpace(r):
			if started {
				arguments = append(arguments, current.String())
				current.Reset()
				started = false
			}
		default:
			current.WriteRune(r)
			started = true
		}
	}
	switch {
	case quote != 0 || escaped:
		return nil, errors.New("has a quote or a backslash that nothing follows")
	case started:
		arguments = append(arguments, current.String())
	}
	if len(arguments) == 0 || arguments[0] == "" {
		return nil, errors.New("is empty")
	}
	return arguments, nil
}
