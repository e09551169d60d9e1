// Package testcontainers shows how to start the emulator's image in a Go test. Copy it: it
// imports nothing of this project.
package testcontainers

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/wait"
)

// startEmulator starts the image with a circuit. It returns the address and a client that
// trusts the certificate.
func startEmulator(t *testing.T, image, circuit string) (address string, client *http.Client) {
	t.Helper()
	container, err := testcontainers.Run(t.Context(), image,
		testcontainers.WithCmd("-circuit", circuit),
		testcontainers.WithExposedPorts("8480/tcp"),
		testcontainers.WithWaitStrategy(wait.ForHealthCheck()),
	)
	testcontainers.CleanupContainer(t, container)
	if err != nil {
		t.Fatal(err)
	}
	address, err = container.PortEndpoint(t.Context(), "8480/tcp", "https")
	if err != nil {
		t.Fatal(err)
	}
	// The authority exists only in this container, so the first request cannot check it.
	unchecked := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}} //nolint:gosec // See above.
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(read(t, unchecked, address+"/_emulator/ca.pem")))
	return address, &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}}
}

func read(t *testing.T, client *http.Client, url string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestEmulator_InAContainer_HasTheCircuit(t *testing.T) {
	t.Parallel()
	image := os.Getenv("EMULATOR_IMAGE")
	if image == "" {
		t.Skip("set EMULATOR_IMAGE, such as ghcr.io/expressconnect/expressconnect-emulator:VERSION")
	}
	address, client := startEmulator(t, image, "pc-1")
	if circuits := read(t, client, address+"/_emulator/circuits"); !strings.Contains(circuits, `"pc-1"`) {
		t.Error(circuits)
	}
}
