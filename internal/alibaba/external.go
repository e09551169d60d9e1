package alibaba

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"strings"
	"time"
	"unicode"
)

const (
	// externalTimeout bounds the command of a profile, which may ask a person.
	externalTimeout = time.Minute
	// externalOutput bounds in bytes what it prints. Credentials have a few kilobytes.
	externalOutput = 1 << 20
)

// external returns the credentials that a profile's command prints. The command is
// run without a shell. Neither it nor what it prints is ever shown.
func external(profile *cliProfile) (CredentialsSource, error) {
	arguments, err := splitCommand(profile.ProcessCommand, runtime.GOOS == "windows")
	if err != nil {
		return nil, fmt.Errorf("the process_command of profile %q %w", profile.Name, err)
	}
	what := fmt.Sprintf("the process_command of profile %q", profile.Name)
	return renewed(func(ctx context.Context) (session, error) {
		limited, cancel := context.WithTimeout(ctx, externalTimeout)
		defer cancel()
		var output boundedBuffer
		command := exec.CommandContext(limited, arguments[0], arguments[1:]...) //nolint:gosec // The user names the command.
		command.Stdout = &output
		command.WaitDelay = time.Second
		var exit *exec.ExitError
		switch err := command.Run(); {
		case ctx.Err() != nil:
			return session{}, ctx.Err()
		case limited.Err() != nil:
			return session{}, &CredentialsError{Message: fmt.Sprintf("%s did not end within %s: run it by hand to see why", what, externalTimeout)}
		case output.full:
			return session{}, &CredentialsError{Message: what + " prints more than credentials: run it by hand to see what"}
		case errors.As(err, &exit):
			return session{}, &CredentialsError{Message: fmt.Sprintf("%s failed (%s): run it by hand to see why", what, exit), Passing: true}
		case err != nil && !errors.Is(err, exec.ErrWaitDelay): // That one: it ended well, and left a helper behind that keeps its output open.
			return session{}, &CredentialsError{Message: what + " cannot be run: run it by hand to see why"}
		}
		return parseExternal(what, output.text.Bytes())
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
		return 0, errBodyTooLarge
	}
	return b.text.Write(text)
}

func parseExternal(what string, output []byte) (session, error) {
	var printed struct {
		ID         text `json:"access_key_id"`
		Secret     text `json:"access_key_secret"`
		Token      text `json:"sts_token"`
		Expiration text `json:"expiration"`
		Mode       text `json:"mode"`
	}
	if json.Unmarshal(output, &printed) != nil {
		return session{}, &CredentialsError{Message: what + " prints no JSON"}
	}
	keys := issuedKeys{AccessKeyID: printed.ID, AccessKeySecret: printed.Secret, SecurityToken: printed.Token, Expiration: printed.Expiration}
	issued, ok := keys.session()
	if !ok || printed.Mode == modeSTSToken && printed.Token == "" {
		return session{}, &CredentialsError{Message: what + " prints no credentials"}
	}
	if issued.expires.IsZero() && printed.Token == "" {
		// A permanent key: the command need not run before each call.
		issued.expires = time.Now().Add(DefaultSession)
	}
	issued.ProviderName = "external"
	return issued, nil
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
