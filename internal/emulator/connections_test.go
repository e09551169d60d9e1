package emulator

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"syscall"
	"testing"
)

func TestDown_RefusesConnectionsUntilUp(t *testing.T) {
	t.Parallel()
	s, err := Start(Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	get := func() error {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL()+ControlPrefix+"health", nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultClient.Do(request)
		if err == nil {
			_ = response.Body.Close()
		}
		return err
	}
	if err := get(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.Down(); err != nil {
			t.Fatal(err)
		}
		if err := get(); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("got %v, want a refused connection", err)
		}
		if err := s.Up(); err != nil {
			t.Fatal(err)
		}
		if err := get(); err != nil {
			t.Error(err)
		}
	}
	if s.Up() == nil {
		t.Error("up twice")
	}
}

func TestDropConnections_FailsTheHandshake(t *testing.T) {
	t.Parallel()
	s, err := StartTLS(Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(s.CACertificate())
	dialer := &tls.Dialer{Config: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}
	s.DropConnections(2)
	for i, want := range []bool{true, true, false} {
		connection, err := dialer.DialContext(t.Context(), "tcp", s.Addr())
		if (err != nil) != want {
			t.Errorf("connection %d: %v, want an error %t", i, err, want)
		}
		if err == nil {
			_ = connection.Close()
		}
	}
}
