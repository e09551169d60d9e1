package main

import (
	"fmt"
	"strings"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
)

const referenceHead = `---
page_title: "Error reference"
subcategory: ""
description: |-
  The error codes of the API: what they mean, what the provider does, and what to do.
---

# Error reference

Each error of the provider says what happened and what to do next. It contains the API's code, message, HTTP status and request ID without changes.

The *class* of a code says what the provider does when an order fails with it:

- **final**: a repeated request would fail again. The provider stops and reports the error.
- **retryable**: nothing was ordered. The provider waits and sends the same order again, until ` + "`timeouts.create`" + ` ends.
- **ambiguous**: an order may exist. The provider sends the same order again with the same client token, so that the API recognizes it. A lost connection and an unreadable response are ambiguous too.

## Codes that are not listed

The API spells the same code in several ways, so the provider uses families of codes. A code belongs to a family if it contains its words. Letter case, dots and underscores, and a prefix or suffix do not matter: ` + "`Order.NotEnoughBalance` and `NOT_ENOUGH_BALANCE`" + ` are in the same family. If a code fits several families, the provider first uses one in which an order may exist. For ` + "`InvalidParameter`" + ` and similar codes, it also uses the parameter in the message.

If the HTTP status is 500 or above, a code that is not listed is ambiguous, even if it fits a family.

If a code fits no family, the HTTP status decides:

| HTTP status | class |
|---|---|
| 200 to 299 | ambiguous |
| 408, 425, 429 | retryable |
| 500 and above | ambiguous |
| any other | final; the response contains no order, and nothing more is known |
`

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
