package main

import (
	"fmt"
	"strings"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordering"
)

const referenceHead = `---
page_title: "Error reference"
subcategory: ""
description: |-
  Every error code of the API that the provider knows: what it means, what the provider does, and what to do.
---

# Error reference

Each error of the provider reads the same way: what happened, then the API's code, message, HTTP status and request ID as they came, then the next step. Codes that are not listed here are passed through whole.

The *class* says what the provider does when an order is answered by the code:

- **final**: the code would come again, so the provider stops and reports it.
- **retryable**: nothing was ordered; the provider waits and sends the same order again, until ` + "`timeouts.create`" + ` runs out.
- **ambiguous**: the order may have been taken before the answer went wrong. The provider sends the same order again with the same client token, by which the API recognises it, and until a clear answer comes it says that an order may exist. A lost connection, an unreadable answer, and any other answer with an HTTP status of 500 or above count as ambiguous, too.

An HTTP status of "–" is not documented.
`

// errorReference writes the table of codes as a page, one section a group.
func errorReference() string {
	var groups []ordering.Group
	codes := map[ordering.Group][]ordering.Code{}
	for _, code := range ordering.Codes() {
		if codes[code.Group] == nil {
			groups = append(groups, code.Group)
		}
		codes[code.Group] = append(codes[code.Group], code)
	}
	var b strings.Builder
	b.WriteString(referenceHead)
	for _, group := range groups {
		fmt.Fprintf(&b, "\n## %s\n", group)
		for _, code := range codes[group] {
			writeCode(&b, code)
		}
	}
	return b.String()
}

func writeCode(b *strings.Builder, code ordering.Code) {
	status := "–"
	if code.HTTPStatus != 0 {
		status = fmt.Sprint(code.HTTPStatus)
	}
	fmt.Fprintf(b, "\n### `%s`\n\nHTTP status %s, class **%s**", code.Code, status, code.Class)
	if code.Attribute != "" {
		fmt.Fprintf(b, ", about `%s`", code.Attribute)
	}
	b.WriteString(".")
	if code.Message != "" {
		fmt.Fprintf(b, " The API's message: \"%s\"", code.Message)
	}
	fmt.Fprintf(b, "\n\n%s %s\n", code.Meaning, code.NextStep)
}
