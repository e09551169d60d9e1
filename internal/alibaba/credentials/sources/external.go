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
	// externalOutput bounds in bytes what it prints. Credentials have a few kilobytes.
	externalOutput = 1 << 20
)

// external returns the credentials that a profile's command prints. The command is
// run without a shell, again for each session. Neither it nor the keys that it prints are
// ever shown.
func (i Factory) external(profile *cliProfile) (credentials.Source, error) {
	arguments, err := splitCommand(profile.ProcessCommand, runtime.GOOS == "windows")
	if err != nil {
		return nil, fmt.Errorf("the process_command of profile %q %w", profile.Name, err)
	}
	what := fmt.Sprintf("the process_command of profile %q", profile.Name)
	return credentials.Cached(func(ctx context.Context) (credentials.Value, error) {
		limited, cancel := context.WithTimeout(ctx, externalTimeout)
		defer cancel()
		var output boundedBuffer
		command := exec.CommandContext(limited, arguments[0], arguments[1:]...) //nolint:gosec // The user names the command.
		command.Stdout = &output
		command.WaitDelay = time.Second
		var exit *exec.ExitError
		switch err := command.Run(); {
		case ctx.Err() != nil:
			return credentials.Value{}, ctx.Err()
		case limited.Err() != nil:
			return credentials.Value{}, &credentials.Error{Message: fmt.Sprintf("%s did not end within %s: run it by hand to see why", what, externalTimeout)}
		case output.full:
			return credentials.Value{}, &credentials.Error{Message: what + " prints more than credentials: run it by hand to see what"}
		case errors.As(err, &exit):
			return credentials.Value{}, &credentials.Error{Message: fmt.Sprintf("%s failed (%s): run it by hand to see why", what, exit), Temporary: true}
		case err != nil && !errors.Is(err, exec.ErrWaitDelay): // That one: it ended well, and left a helper behind that keeps its output open.
			return credentials.Value{}, &credentials.Error{Message: what + " cannot be run: run it by hand to see why"}
		}
		return i.printed(ctx, profile, what, output.text.Bytes())
	}), nil
}

// boundedBuffer takes so much and no more: a command that prints without end must
// not cost the machine its memory.
type boundedBuffer struct {
	text bytes.Buffer // A field, lest its ReadFrom passes by Write.
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

// printed returns the credentials that a command prints. Like the CLI, it reads the output
// as a profile with a mode, and assumes the role of that profile. A field that is not
// printed comes from the command's own profile, but never a key.
func (i Factory) printed(ctx context.Context, profile *cliProfile, what string, output []byte) (credentials.Value, error) {
	fail := func(problem string) (credentials.Value, error) {
		return credentials.Value{}, &credentials.Error{Message: what + " prints " + problem}
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
	source, err := i.profileSource(config, &printed.cliProfile)
	if err != nil {
		return fail("no valid credentials: " + err.Error())
	}
	issued, err := source.Credentials(ctx)
	if printed.Mode != modeKey && printed.Mode != modeSTSToken {
		return issued, err
	}
	issued.ProviderName = "external"
	switch expires := printed.Expiration.Time(); {
	case expires != nil:
		issued.Expires = *expires
	case printed.Mode == modeKey: // The command need not run before each call.
		issued.Expires = time.Now().Add(DefaultSession)
	}
	return issued, err
}

// splitCommand splits a command at white space. Quotes keep it together, and a
// backslash takes the next character as it is, except on Windows, where it
// separates the parts of a path.
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
