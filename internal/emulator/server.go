package emulator

import (
	"bytes"
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

// Server is an emulator that listens, on a loopback address unless
// Options.AllowRemote.
type Server struct {
	*Emulator

	listening   string // the address that is listened on
	address     string // the address that clients use
	http        *http.Server
	scheme      string
	certificate []byte
	tls         *tls.Config // nil for plain HTTP

	mu       sync.Mutex // guards what Down and Up change
	down     bool
	listener *droppingListener
	served   chan struct{}
}

// Start serves plain HTTP, by default on a free port of 127.0.0.1. An address
// that other machines could reach is a *RemoteAddressError.
func Start(options Options) (*Server, error) {
	return start(options, false)
}

// StartTLS serves HTTPS, by default on a free port of 127.0.0.1, with a
// certificate for localhost, 127.0.0.1, ::1 and Options.TLSNames. It is issued by
// a certificate authority that exists for this server alone; see CACertificate.
// With Options.AllowRemote it serves other machines, too. An address that it may
// not listen on is a *RemoteAddressError.
func StartTLS(options Options) (*Server, error) {
	return start(options, true)
}

func start(options Options, secured bool) (*Server, error) {
	binding, err := bind(options, secured)
	if err != nil {
		return nil, err
	}
	var certificate *issuedCertificate
	if secured {
		if certificate, err = issueCertificate(binding.names); err != nil {
			return nil, fmt.Errorf("issue a certificate: %w", err)
		}
	}
	listener, err := binding.listen()
	if err != nil {
		return nil, err
	}
	s := &Server{
		Emulator:  New(options),
		listening: listener.Addr().String(),
		address:   binding.reached(listener.Addr()),
		listener:  &droppingListener{Listener: listener},
		scheme:    "http",
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

// URL returns the address as a URL without a path.
func (s *Server) URL() string { return s.scheme + "://" + s.Addr() }

// Addr returns the address that clients use, as host:port: that of the listener,
// or where it listens on all addresses of the machine, the first of
// Options.TLSNames.
func (s *Server) Addr() string { return s.address }

// CACertificate returns the certificate of the authority in PEM, or nil for
// plain HTTP.
func (s *Server) CACertificate() []byte { return bytes.Clone(s.certificate) }

// Close stops listening and ends every connection. Requests that hang end
// without an answer.
func (s *Server) Close() error {
	s.Stop()
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
