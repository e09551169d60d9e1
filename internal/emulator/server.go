package emulator

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

const readHeaderTimeout = 10 * time.Second

// Server is an emulator that listens: on a loopback address, unless Options.AllowRemote is set.
type Server struct {
	*Emulator

	listening string // the address that it listens on
	address   string // the address that clients use
	scheme    string
	tls       *tls.Config // nil for plain HTTP
	dropping  atomic.Int64

	mu     sync.Mutex
	down   bool
	http   *http.Server
	served chan struct{} // is closed when http has stopped
}

// Start serves plain HTTP, by default on a free port of 127.0.0.1. An address that other
// machines can reach is a *RemoteAddressError.
func Start(options Options) (*Server, error) {
	return start(options, false)
}

// StartTLS serves HTTPS, by default on a free port of 127.0.0.1. The certificate is for
// localhost, 127.0.0.1, ::1 and Options.TLSNames. Its authority exists only for this server;
// see CACertificate. An address that StartTLS may not use is a *RemoteAddressError.
func StartTLS(options Options) (*Server, error) {
	return start(options, true)
}

func start(options Options, secured bool) (*Server, error) {
	binding, err := bind(options, secured)
	if err != nil {
		return nil, err
	}
	e, err := create(options)
	if err != nil {
		return nil, err
	}
	s := &Server{Emulator: e, scheme: "http"}
	if secured {
		issued, err := issueCertificate(binding.names)
		if err != nil {
			return nil, fmt.Errorf("issue a certificate: %w", err)
		}
		s.scheme = "https"
		s.authority = issued.authority
		// A fault can reset only connections of HTTP/1.1.
		s.tls = &tls.Config{Certificates: []tls.Certificate{issued.server}, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}}
	}
	listener, err := listen(binding.address)
	if err != nil {
		return nil, err
	}
	s.listening = listener.Addr().String()
	s.address = binding.clientAddress(listener.Addr())
	s.serve(listener)
	return s, nil
}

func listen(address string) (net.Listener, error) {
	var config net.ListenConfig
	return config.Listen(context.Background(), "tcp", address)
}

func (s *Server) serve(listener net.Listener) {
	listener = droppingListener{listener, &s.dropping}
	if s.tls != nil {
		listener = tls.NewListener(listener, s.tls)
	}
	server := &http.Server{
		Handler:           s.Emulator,
		ReadHeaderTimeout: readHeaderTimeout,
		ErrorLog:          log.New(withoutHandshakes{}, "", log.LstdFlags),
	}
	served := make(chan struct{})
	s.http, s.served = server, served
	go func() {
		defer close(served)
		_ = server.Serve(listener) // It ends when the server is closed.
	}()
}

// URL returns the address as a URL without a path.
func (s *Server) URL() string { return s.scheme + "://" + s.Addr() }

// Addr returns the address that clients use, as host:port. It is the address of the listener.
// If that means all addresses of the machine, the host is the first of Options.TLSNames.
func (s *Server) Addr() string { return s.address }

// CACertificate returns the certificate of the authority in PEM, or nil for plain HTTP.
func (s *Server) CACertificate() []byte { return bytes.Clone(s.authority) }

// Close stops listening and ends every connection. Requests that hang end without an answer.
func (s *Server) Close() error {
	s.Stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closeConnections()
}

// Down stops listening, so that new connections are refused, and closes the open ones. Up
// listens on the same address again.
func (s *Server) Down() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down {
		return errors.New("the server is down already")
	}
	s.down = true
	return s.closeConnections()
}

// Up ends Down.
func (s *Server) Up() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.down {
		return errors.New("the server is up already")
	}
	listener, err := listen(s.listening)
	if err != nil {
		return err
	}
	s.down = false
	s.serve(listener)
	return nil
}

func (s *Server) closeConnections() error {
	err := s.http.Close()
	<-s.served
	return err
}

// DropConnections closes the next n connections when it accepts them: a TLS handshake fails,
// and the client has sent nothing of its request.
func (s *Server) DropConnections(n int) { s.dropping.Store(int64(n)) }

// droppingListener closes connections until its counter is zero.
type droppingListener struct {
	net.Listener

	dropping *atomic.Int64
}

// Accept returns the next connection that is not dropped.
func (l droppingListener) Accept() (net.Conn, error) {
	for {
		connection, err := l.Listener.Accept()
		if err != nil || l.dropping.Add(-1) < 0 {
			return connection, err
		}
		_ = connection.Close()
	}
}

// withoutHandshakes writes the server's log to standard error, without failed handshakes:
// tests often use clients that do not trust the certificate.
type withoutHandshakes struct{}

func (withoutHandshakes) Write(line []byte) (int, error) {
	if bytes.Contains(line, []byte("TLS handshake error")) {
		return len(line), nil
	}
	return os.Stderr.Write(line)
}
