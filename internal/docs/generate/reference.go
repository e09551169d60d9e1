package main

import (
	_ "embed"
	"fmt"
	"strings"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
)

// referenceHead is the text above the sections.
//
//go:embed error-reference-head.md
var referenceHead string

// errorReference returns the page about error codes, with one section for each group.
func errorReference() string {
	var groups []apierror.Group
	families := map[apierror.Group][]apierror.Family{}
	for _, family := range apierror.Families() {
		if families[family.Group] == nil {
			groups = append(groups, family.Group)
		}
		families[family.Group] = append(families[family.Group], family)
	}
	var b strings.Builder
	b.WriteString(referenceHead)
	for _, group := range groups {
		fmt.Fprintf(&b, "\n## %s\n", message.GroupTitle(group))
		for _, family := range families[group] {
			writeFamily(&b, family)
		}
	}
	return b.String()
}

func writeFamily(b *strings.Builder, family apierror.Family) {
	code := message.Explain(family)
	fmt.Fprintf(b, "\n%s %s\n\nClass **%s**", code.Meaning, code.NextStep, family.Class)
	if code.Attribute != "" {
		fmt.Fprintf(b, ", about `%s`", code.Attribute)
	}
	if len(family.Spellings()) == 0 {
		b.WriteString(". No public page shows a code of this family.\n")
		return
	}
	b.WriteString(":\n\n")
	for _, spelling := range family.Spellings() {
		fmt.Fprintf(b, "- `%s`", spelling.Code)
		if spelling.HTTPStatus != 0 {
			fmt.Fprintf(b, ", HTTP status %d", spelling.HTTPStatus)
		}
		if spelling.Message != "" {
			fmt.Fprintf(b, ": \"%s\"", spelling.Message)
		}
		b.WriteString("\n")
	}
}
