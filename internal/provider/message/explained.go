package message

import (
	"cmp"
	"strings"
	"sync"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/lazyregexp"
)

// Explained remembers the messages of a session, so that a cause with many resources is
// explained once. The zero value is ready to use.
type Explained struct {
	mu    sync.Mutex
	shown map[string]bool
}

// own are the parts of a message that belong to one resource: circuits, orders, client
// tokens, request IDs and times.
var own = lazyregexp.New(`\bpc-[0-9A-Za-z_-]+|\btfeco[0-9A-Za-z-]+|\b[0-9A-Fa-f]{8}-[0-9A-Fa-f-]{27}\b|\b\d{4}-\d\d-\d\dT[0-9:]+Z|\b\d{6,}\b|` + unknownCircuit)

// nothingOrdered is true for every error of a plan. It is not repeated for each resource.
const nothingOrdered = "Nothing was ordered."

// Shorten returns the detail of a message as it is shown. The first paragraph has the facts
// about the resource, the others explain. If the session has shown the same explanation for
// another resource, only the facts are left.
func (e *Explained) Shorten(summary, detail string) string {
	facts, rest, explained := strings.Cut(detail, "\n\n")
	if !explained {
		return detail
	}
	cause := own().ReplaceAllString(summary+"\n"+rest, "…")
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.shown[cause] {
		if e.shown == nil {
			e.shown = map[string]bool{}
		}
		e.shown[cause] = true
		return detail
	}
	return cmp.Or(strings.TrimSpace(strings.Replace(facts, nothingOrdered, "", 1)), facts)
}
