package emulator

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"time"
)

const readHeaderTimeout = 10 * time.Second

// Server is an emulator that listens on a loopback address.
type Server struct {
	*Emulator

	listener    net.Listener
	http        *http.Server
	scheme      string
	certificate []byte
	served      chan struct{}
}

// Start serves plain HTTP, by default on a free port of 127.0.0.1.
func Start(options Options) (*Server, error) {
	return start(options, nil)
}

// StartTLS serves HTTPS, by default on a free port of 127.0.0.1, with a
// certificate for localhost, 127.0.0.1 and ::1. It is issued by a certificate
// authority that exists for this server alone; see CACertificate.
func StartTLS(options Options) (*Server, error) {
	certificate, err := issueCertificate()
	if err != nil {
		return nil, fmt.Errorf("issue a certificate: %w", err)
	}
	return start(options, certificate)
}

func start(options Options, certificate *issuedCertificate) (*Server, error) {
	listener, err := listen(options.Address)
	if err != nil {
		return nil, err
	}
	s := &Server{
		Emulator: New(options),
		listener: listener,
		scheme:   "http",
		served:   make(chan struct{}),
	}
	if certificate != nil {
		s.scheme = "https"
		s.certificate = certificate.authority
		// Offering HTTP/1.1 alone keeps connections that a fault can reset.
		listener = tls.NewListener(listener, &tls.Config{
			Certificates: []tls.Certificate{certificate.server},
			MinVersion:   tls.VersionTLS12,
			NextProtos:   []string{"http/1.1"},
		})
	}
	s.http = &http.Server{
		Handler:           s.Emulator,
		ReadHeaderTimeout: readHeaderTimeout,
		ErrorLog:          log.New(withoutHandshakes{}, "", log.LstdFlags),
	}
	go func() {
		defer close(s.served)
		_ = s.http.Serve(listener) // Ends with ErrServerClosed.
	}()
	return s, nil
}

// listen accepts loopback addresses only: the control interface asks for no
// credentials.
func listen(address string) (net.Listener, error) {
	if address == "" {
		address = "127.0.0.1:0"
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("listen on %q: %w", address, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("listen on %q: not a loopback address", address)
	}
	var config net.ListenConfig
	return config.Listen(context.Background(), "tcp", address)
}

// URL returns the address as a URL without a path.
func (s *Server) URL() string { return s.scheme + "://" + s.Addr() }

// Addr returns the address as host:port.
func (s *Server) Addr() string { return s.listener.Addr().String() }

// CACertificate returns the certificate of the authority in PEM, or nil for
// plain HTTP.
func (s *Server) CACertificate() []byte { return bytes.Clone(s.certificate) }

// Close stops listening and ends every connection. Requests that hang end
// without an answer.
func (s *Server) Close() error {
	s.stop()
	err := s.http.Close()
	<-s.served
	return err
}

// withoutHandshakes writes the server's log to the standard error, without the
// clients that do not trust the certificate: to try that is a usual test.
type withoutHandshakes struct{}

func (withoutHandshakes) Write(line []byte) (int, error) {
	if bytes.Contains(line, []byte("TLS handshake error")) {
		return len(line), nil
	}
	return os.Stderr.Write(line)
}
