// Package message builds all diagnostics of the provider. Each diagnostic has a Kind, and
// only this package has its text.
package message

import (
	"fmt"
	"os"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/lazyregexp"
)

// Kind identifies a diagnostic. Its value is the format of the summary. Each kind has its
// own format, so the summary in an output identifies the kind.
type Kind string

var verb = lazyregexp.New(`%\w`)

// Matches reports whether a summary is of this kind.
func (k Kind) Matches(summary string) bool { return k.find("^", summary, "$") }

// In reports whether an output has a summary of this kind.
func (k Kind) In(output string) bool { return k.find("", output, "") }

func (k Kind) find(before, text, after string) bool {
	return regexp.MustCompile(before + verb().ReplaceAllString(regexp.QuoteMeta(string(k)), ".*") + after).MatchString(text)
}

func (k Kind) summary(args []any) string { return fmt.Sprintf(string(k), args...) }

func (k Kind) err(detail string, args ...any) diag.Diagnostic {
	return diag.NewErrorDiagnostic(k.summary(args), forCLI(detail))
}

func (k Kind) errAt(attribute, detail string, args ...any) diag.Diagnostic {
	return k.errOn(path.Root(attribute), detail, args...)
}

func (k Kind) errOn(at path.Path, detail string, args ...any) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(at, k.summary(args), forCLI(detail))
}

func (k Kind) warning(detail string, args ...any) diag.Diagnostic {
	return diag.NewWarningDiagnostic(k.summary(args), forCLI(detail))
}

func (k Kind) warningAt(attribute, detail string, args ...any) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(path.Root(attribute), k.summary(args), forCLI(detail))
}

// paragraphs joins the parts that are not empty, with an empty line between them.
func paragraphs(parts ...string) string {
	var kept []string
	for _, part := range parts {
		if part != "" {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, "\n\n")
}

// command is the command line tool that runs the provider.
var command = commandOf(os.Args[0])

// commandOf returns the tool that started the provider executable. Each tool installs
// providers in a directory with the host name of its registry.
func commandOf(executable string) string {
	if strings.Contains(executable, "registry.opentofu.org") {
		return "tofu"
	}
	return "terraform"
}

var terraformCommand = lazyregexp.New(`\bterraform (apply|destroy|plan|state|untaint|show|query)\b`)

// forCLI replaces the commands by those of the tool that runs the provider.
func forCLI(text string) string {
	return terraformCommand().ReplaceAllString(text, command+" $1")
}
