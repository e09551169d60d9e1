package alibaba

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
)

// URI returns the credentials that a helper, such as a sidecar, serves at an
// address. Plain HTTP is for loopback addresses alone.
func (i Issuers) URI(address string) (CredentialsSource, error) {
	parsed, err := url.Parse(address)
	switch {
	case err != nil || parsed.Host == "" || parsed.User != nil || parsed.Scheme != schemeHTTP && parsed.Scheme != schemeHTTPS:
		return nil, errors.New("a credentials URI is an https URL, or an http URL of a loopback address, without user information")
	case parsed.Scheme == schemeHTTP && !isLoopback(parsed.Hostname()):
		return nil, errors.New("credentials would come over the network in plain text: plain http is for loopback addresses alone, use https")
	}
	asking := question{
		transport: i.Transport, method: http.MethodGet, address: address,
		what: "no credentials from the credentials URI at " + parsed.Host,
	}
	if asking.transport == nil {
		asking.transport = sharedTransport()
	}
	return renewed(func(ctx context.Context) (session, error) {
		body, err := asking.ask(ctx)
		if err != nil {
			return session{}, err
		}
		var answer struct {
			issuedKeys
			Code text
		}
		if json.Unmarshal(body, &answer) != nil {
			return session{}, &CredentialsError{Message: asking.what + ": the answer is not the JSON of credentials", Passing: true}
		}
		issued, ok := answer.session()
		if !ok || answer.Code != "" && answer.Code != "Success" {
			return session{}, &CredentialsError{Message: asking.what + ": the answer holds none", Passing: true}
		}
		issued.ProviderName = "credential_uri"
		return issued, nil
	}), nil
}
