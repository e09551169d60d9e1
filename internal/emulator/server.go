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
	"sync"
	"time"
)

const readHeaderTimeout = 10 * time.Second

// Server is an emulator that listens on a loopback address.
type Server struct {
	*Emulator

	address     string
	http        *http.Server
	scheme      string
	certificate []byte
	tls         *tls.Config // nil for plain HTTP

	mu       sync.Mutex // guards what Down and Up change
	down     bool
	listener *droppingListener
	served   chan struct{}
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
		address:  listener.Addr().String(),
		listener: &droppingListener{Listener: listener},
		scheme:   "http",
	}
	if certificate != nil {
		s.scheme = "https"
		s.certificate = certificate.authority
		// Offering HTTP/1.1 alone keeps connections that a fault can reset.
		s.tls = &tls.Config{
			Certificates: []tls.Certificate{certificate.server},
			MinVersion:   tls.VersionTLS12,
			NextProtos:   []string{"http/1.1"},
		}
	}
	s.http = &http.Server{
		Handler:           s.Emulator,
		ReadHeaderTimeout: readHeaderTimeout,
		ErrorLog:          log.New(withoutHandshakes{}, "", log.LstdFlags),
	}
	s.serve()
	return s, nil
}

// serve serves the present listener until it is closed.
func (s *Server) serve() {
	var listener net.Listener = s.listener
	if s.tls != nil {
		listener = tls.NewListener(listener, s.tls)
	}
	served := make(chan struct{})
	s.served = served
	go func() {
		defer close(served)
		_ = s.http.Serve(listener) // Ends because the listener is closed.
	}()
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
func (s *Server) Addr() string { return s.address }

// CACertificate returns the certificate of the authority in PEM, or nil for
// plain HTTP.
func (s *Server) CACertificate() []byte { return bytes.Clone(s.certificate) }

// Close stops listening and ends every connection. Requests that hang end
// without an answer.
func (s *Server) Close() error {
	s.stop()
	err := s.http.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
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
