package emulator

import (
	"context"
	"errors"
	"net"
	"sync"
)

// Down stops listening, so that new connections are refused, and ends those that
// are open. Up listens at the same address again.
func (s *Server) Down() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down {
		return errors.New("the server is down already")
	}
	s.down = true
	err := s.listener.Close()
	<-s.served
	s.listener.closeAccepted()
	return err
}

// Up ends Down.
func (s *Server) Up() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.down {
		return errors.New("the server is up already")
	}
	var config net.ListenConfig
	listener, err := config.Listen(context.Background(), "tcp", s.listening)
	if err != nil {
		return err
	}
	s.listener = s.listener.again(listener)
	s.down = false
	s.serve()
	return nil
}

// DropConnections closes the next n connections as soon as they are accepted: a
// TLS handshake fails, and nothing of a request was sent.
func (s *Server) DropConnections(n int) {
	s.listener.drop(n)
}

// droppingListener closes some of the connections that it accepts, and knows the
// others.
type droppingListener struct {
	net.Listener

	mu       sync.Mutex
	dropping int
	accepted []net.Conn
}

func (l *droppingListener) Accept() (net.Conn, error) {
	for {
		connection, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if !l.keep(connection) {
			_ = connection.Close()
			continue
		}
		return connection, nil
	}
}

func (l *droppingListener) keep(connection net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.dropping > 0 {
		l.dropping--
		return false
	}
	l.accepted = append(l.accepted, connection)
	return true
}

func (l *droppingListener) drop(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dropping = n
}

func (l *droppingListener) closeAccepted() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, connection := range l.accepted {
		_ = connection.Close() // It may have ended by itself.
	}
	l.accepted = nil
}

// again carries what is left to drop over to another listener.
func (l *droppingListener) again(listener net.Listener) *droppingListener {
	l.mu.Lock()
	defer l.mu.Unlock()
	return &droppingListener{Listener: listener, dropping: l.dropping}
}
