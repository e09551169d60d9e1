package main

import (
	"fmt"
	"strings"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
)

const referenceHead = `---
page_title: "Error reference"
subcategory: ""
description: |-
  The error codes of the API by family: what they mean, what the provider does, and what to do.
---

# Error reference

Each error of the provider reads the same way: what happened, then the API's code, message, HTTP status and request ID as they came, then the next step.

The *class* says what the provider does if the API answers an order with the code:

- **final**: the code would come again, so the provider stops and reports it.
- **retryable**: the request ordered nothing. The provider waits and sends the same order again, until ` + "`timeouts.create`" + ` runs out.
- **ambiguous**: an order may exist. The provider sends the same order again with the same client token, by which the API recognizes it. Until a clear answer comes, it says that an order may exist. A lost connection and an unreadable answer are ambiguous, too.

## Codes that are not listed

The API spells one code in many ways, so the provider goes by families. A family holds every code that contains its words. Letter case, the dots and underscores between the words, and a prefix or suffix do not count: ` + "`Order.NotEnoughBalance` and `NOT_ENOUGH_BALANCE`" + ` are of the same family. If a code fits several families, one whose request may have ordered comes first. If the code is ` + "`InvalidParameter`" + ` or the like, the parameter that the message names counts, too.

If the HTTP status is 500 or above, a code that is not listed is ambiguous, whatever its family.

A code of no family is shown as it came, and its HTTP status decides:

| HTTP status | class |
|---|---|
| 200 to 299 | ambiguous |
| 429 | retryable |
| 500 and above | ambiguous |
| any other | final; the API named no order, and more is not known |
`

// errorReference returns the page about the families of codes, one section a group.
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
		fmt.Fprintf(&b, "\n## %s\n", group)
		for _, family := range families[group] {
			writeFamily(&b, family)
		}
	}
	return b.String()
}

func writeFamily(b *strings.Builder, family apierror.Family) {
	fmt.Fprintf(b, "\n%s %s\n\nClass **%s**", family.Meaning, family.NextStep, family.Class)
	if family.Attribute != "" {
		fmt.Fprintf(b, ", about `%s`", family.Attribute)
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
