package alibaba

import (
	"cmp"
	"net/http"
	"strings"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
)

// rpcClient signs and sends calls. It is safe for concurrent use.
type rpcClient struct {
	credentials credentials.Source
	userAgent   string
	transport   http.RoundTripper
	quota       quota
}

func newRPCClient(source credentials.Source, userAgent string, transport http.RoundTripper) *rpcClient {
	return &rpcClient{credentials: source, userAgent: headerText(userAgent), transport: cmp.Or(transport, sharedTransport())}
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
