package alibaba

import (
	"cmp"
	"net/http"
	"strings"
)

// rpcClient signs and sends calls. It is safe for concurrent use.
type rpcClient struct {
	credentials CredentialsSource
	userAgent   string
	transport   http.RoundTripper
	quota       quota
}

func newRPCClient(credentials CredentialsSource, userAgent string, transport http.RoundTripper) *rpcClient {
	return &rpcClient{credentials: credentials, userAgent: headerText(userAgent), transport: cmp.Or(transport, sharedTransport())}
}

// headerText makes text fit for a header: one line of printable ASCII.
func headerText(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return ' '
		}
		return r
	}, text))
}
