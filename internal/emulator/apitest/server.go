package apitest

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// Serve starts a server with one circuit. It returns a client that trusts the server and does
// not follow redirects.
func Serve(t *testing.T, start func(emulator.Options) (*emulator.Server, error)) (*emulator.Server, *http.Client, emulator.Circuit) {
	t.Helper()
	server, err := start(emulator.Options{Clock: FixedClock})
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	if authority := server.CACertificate(); authority != nil {
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM(authority)
		transport.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return server, &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, server.AddCircuit(emulator.Circuit{})
}

// Fetch sends an API request over the network. The error is that of the request or of
// reading the body.
func Fetch(ctx context.Context, t *testing.T, client *http.Client, server *emulator.Server, changes Params) (Reply, error) {
	t.Helper()
	query := Signed(http.MethodPost, emulator.DefaultCredential, Start, changes)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL()+"/?"+query.Encode(), nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		return Reply{}, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	return Reply{Status: response.StatusCode, Body: string(body), Header: response.Header}, err
}
