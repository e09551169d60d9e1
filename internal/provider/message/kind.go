// Package message builds all diagnostics of the provider. Each diagnostic has a Kind,
// and its text stands here and nowhere else.
package message

import (
	"fmt"
	"os"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// Kind identifies a diagnostic. Its value is the format of the summary, so that no two
// kinds share one, and a summary that Terraform shows identifies its kind.
type Kind string

var verb = regexp.MustCompile(`%\w`)

// Matches reports whether a summary is one of this kind.
func (k Kind) Matches(summary string) bool { return k.find("^", summary, "$") }

// In reports whether an output has a summary of this kind.
func (k Kind) In(output string) bool { return k.find("", output, "") }

func (k Kind) find(before, text, after string) bool {
	return regexp.MustCompile(before + verb.ReplaceAllString(regexp.QuoteMeta(string(k)), ".*") + after).MatchString(text)
}

func (k Kind) summary(args []any) string { return fmt.Sprintf(string(k), args...) }

func (k Kind) err(detail string, args ...any) diag.Diagnostic {
	return diag.NewErrorDiagnostic(k.summary(args), forCLI(detail))
}

func (k Kind) errAt(attribute, detail string, args ...any) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root(attribute), k.summary(args), forCLI(detail))
}

func (k Kind) warning(detail string, args ...any) diag.Diagnostic {
	return diag.NewWarningDiagnostic(k.summary(args), forCLI(detail))
}

func (k Kind) warningAt(attribute, detail string, args ...any) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(path.Root(attribute), k.summary(args), forCLI(detail))
}

// paragraphs joins what is not empty, with an empty line between.
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

// commandOf returns the tool that started the provider executable: each tool installs
// providers below the host name of its own registry.
func commandOf(executable string) string {
	if strings.Contains(executable, "registry.opentofu.org") {
		return "tofu"
	}
	return "terraform"
}

var terraformCommand = regexp.MustCompile(`\bterraform (apply|destroy|plan|state|untaint|show|query)\b`)

// forCLI names the commands of the tool that shows the text.
func forCLI(text string) string {
	return terraformCommand.ReplaceAllString(text, command+" $1")
}
