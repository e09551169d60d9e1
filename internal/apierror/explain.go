package apierror

import (
	"fmt"
	"net/http"
	"strings"
)

// Explain tells the user what the code means, if it is known, and then the facts.
func (f *Error) Explain() string {
	if family, known := f.Family(); known {
		return family.Meaning + "\n\n" + f.Facts()
	}
	return f.Facts()
}

// ExplainRead is Explain for a read, with what to do next. What the table says of
// failures that may pass is about orders, and a read orders nothing.
func (f *Error) ExplainRead() string {
	family, known := f.Family()
	facts, next := f.Facts(), ""
	switch {
	case f.Delivery == NotSent && f.PermanentCause != NoPermanentCause:
		next = f.PermanentCause.NextStep("plan")
	case f.Delivery != Answered:
		next = "Check the network, any proxy and the endpoints of the provider block, and, where the message is about credentials, the host or command that issues them. Then plan again."
	case known && family.Group == GroupThrottling:
		facts = f.Explain()
		next = "The provider has waited and asked again by itself. Plan again later, or with fewer parallel operations (-parallelism)."
	case known && family.Class == Final:
		facts, next = f.Explain(), f.NextStep()
	case known, f.HTTPStatus == http.StatusTooManyRequests, f.HTTPStatus >= http.StatusInternalServerError:
		next = "The provider has asked again by itself. Plan again later."
	default:
		next = "Look the code up in Alibaba Cloud's documentation, or ask its support with the request ID; then plan again."
	}
	if next == "" {
		return facts
	}
	return facts + "\n\nNext step: " + next
}

// Facts lists what was asked and what came back. A code of no family is
// passed through whole.
func (f *Error) Facts() string {
	var lines []string
	line := func(name, value string) {
		if value != "" {
			lines = append(lines, fmt.Sprintf("  %-12s %s", name+":", value))
		}
	}
	line("Operation", f.Action)
	line("Endpoint", f.Host)
	line("Code", f.Code)
	line("Message", f.Message)
	if f.HTTPStatus != 0 {
		line("HTTP status", fmt.Sprint(f.HTTPStatus))
	}
	line("Request ID", f.RequestID)
	line("More", f.Recommend)
	return strings.Join(lines, "\n")
}
