package sources

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
)

// providerURI names credentials from a URI in requests.
const providerURI = "credential_uri"

// URI returns the credentials that a helper, such as a sidecar, serves at an
// address. Plain HTTP is for loopback addresses alone.
func (i Factory) URI(address string) (credentials.Source, error) {
	parsed, err := url.Parse(address)
	switch {
	case err != nil || parsed.Host == "" || parsed.User != nil || parsed.Scheme != rpc.SchemeHTTP && parsed.Scheme != rpc.SchemeHTTPS:
		return nil, errors.New("a credentials URI is an https URL, or an http URL of a loopback address, without user information")
	case parsed.Scheme == rpc.SchemeHTTP && !rpc.IsLoopback(parsed.Hostname()):
		return nil, errors.New("credentials would come over the network in plain text: plain http is for loopback addresses alone, use https")
	}
	asking := plainRequest{
		transport: i.Transport, method: http.MethodGet, address: address,
		subject: "no credentials from the credentials URI at " + parsed.Host,
	}
	return credentials.Cached(func(ctx context.Context) (credentials.Value, error) { return asking.credentials(ctx, providerURI) }), nil
}
