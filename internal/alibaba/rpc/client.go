package rpc

import (
	"cmp"
	"net/http"
	"strings"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
)

// rpcClient signs and sends calls. It is safe for concurrent use.
type Client struct {
	credentials credentials.Source
	userAgent   string
	transport   http.RoundTripper
	quota       quota
}

func New(source credentials.Source, userAgent string, transport http.RoundTripper) *Client {
	return &Client{credentials: source, userAgent: headerText(userAgent), transport: cmp.Or(transport, sharedTransport())}
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
