// Package sources makes credential sources: roles (STS), the metadata service of an
// instance, a credentials URI, and the profiles of the aliyun CLI with their commands and
// logins.
package sources

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
)

// Factory makes sources. Its methods make no network call. The sources call the hosts
// when the first credentials are needed.
type Factory struct {
	// STSEndpoint is the endpoint of the Security Token Service, in the form of
	// rpc.ParseEndpoint; empty means the public host.
	STSEndpoint string
	// Transport carries the requests; nil means the network.
	Transport http.RoundTripper
	// UserAgent names the caller.
	UserAgent string
}

// DisabledError means that an environment variable turns a source off.
type DisabledError struct{ Source, Variable string }

// Error names the source and the variable.
func (e *DisabledError) Error() string {
	return fmt.Sprintf("the environment variable %s turns off %s", e.Variable, e.Source)
}

// checkEnabled returns a *DisabledError if the variable has one of the values, in upper or
// lower case.
func checkEnabled(source, variable string, values ...string) error {
	if slices.Contains(values, strings.ToLower(os.Getenv(variable))) {
		return &DisabledError{source, variable}
	}
	return nil
}

// URI returns the source of credentials that a helper, such as a sidecar, serves at an
// address. Plain HTTP is allowed only for loopback addresses.
func (f Factory) URI(address string) (credentials.Source, error) {
	parsed, err := url.Parse(address)
	switch {
	case err != nil || parsed.Host == "" || parsed.User != nil || parsed.Scheme != "http" && parsed.Scheme != "https":
		return nil, errors.New("the credentials URI is not an https URL, or an http URL of a loopback address, without user information")
	case !rpc.IsPrivate(parsed):
		return nil, errors.New("credentials would come over the network in plain text: plain http is allowed only for loopback addresses")
	}
	request := plainRequest{transport: f.Transport, address: address, subject: "no credentials from the credentials URI at " + parsed.Host}
	return request.source(providerURI), nil
}
