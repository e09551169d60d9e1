package emulator

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"strings"
	"testing"
)

// It checks addresses without listening on them: tests use only loopback addresses.
func TestBind_RemoteAddress_NeedsAllowRemoteTLSAndAName(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		address     string
		secured     bool
		allowRemote bool
		names       []string
		reason      string // empty if the address is accepted
	}{
		{"", false, false, nil, ""},
		{"127.0.0.1:8480", false, false, nil, ""},
		{"localhost:0", true, false, nil, ""},
		{"[::1]:0", false, false, nil, ""},
		{"127.9.9.9:0", false, true, nil, ""},
		{"0.0.0.0:8480", true, false, []string{"emulator"}, reasonLoopback},
		{"[::]:8480", true, false, []string{"emulator"}, reasonLoopback},
		{":8480", false, false, nil, reasonLoopback},
		{"192.0.2.1:8480", true, false, nil, reasonLoopback},
		{"[::ffff:192.0.2.1]:0", false, false, nil, reasonLoopback},
		{"[::ffff:0.0.0.0]:8480", true, true, nil, reasonName},
		{"example.com:8480", false, false, nil, reasonLoopback},
		{"0.0.0.0:8480", false, true, []string{"emulator"}, reasonTLS},
		{"192.0.2.1:8480", false, true, nil, reasonTLS},
		{"0.0.0.0:8480", true, true, nil, reasonName},
		{":8480", true, true, nil, reasonName},
		{"[::]:8480", true, true, nil, reasonName},
		{"0.0.0.0:8480", true, true, []string{"emulator"}, ""},
		{":8480", true, true, []string{"192.0.2.1"}, ""},
		{"192.0.2.1:8480", true, true, nil, ""},
		{"emulator.example.com:8480", true, true, nil, ""},
	} {
		_, err := bind(Options{Address: test.address, AllowRemote: test.allowRemote, TLSNames: test.names}, test.secured)
		refused := (*RemoteAddressError)(nil)
		switch {
		case test.reason == "" && err != nil:
			t.Errorf("%+v: %v", test, err)
		case test.reason != "" && (!errors.As(err, &refused) || refused.Reason != test.reason || !strings.Contains(err.Error(), test.address)):
			t.Errorf("%+v: %v, want the reason %q", test, err, test.reason)
		}
	}
}

func TestBind_InvalidNames_AreRefused(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "https://emulator", "emulator:8480", "two words", "-emulator", "emulator.", "fe80::1%eth0", "*"} {
		if b, err := bind(Options{TLSNames: []string{name}}, true); err == nil {
			t.Errorf("%q is accepted: %+v", name, b)
		}
	}
}

func TestBind_ClientAddress_CanBeReached(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		address   string
		names     []string
		listening net.TCPAddr
		want      string
	}{
		{"0.0.0.0:8480", []string{"emulator", "192.0.2.1"}, net.TCPAddr{IP: net.IPv4zero, Port: 8480}, "emulator:8480"},
		{":0", []string{"2001:db8::1"}, net.TCPAddr{IP: net.IPv6unspecified, Port: 4711}, "[2001:db8::1]:4711"},
		{"192.0.2.1:8480", []string{"emulator"}, net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 8480}, "192.0.2.1:8480"},
		{"127.0.0.1:0", nil, net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 4711}, "127.0.0.1:4711"},
	} {
		b, err := bind(Options{Address: test.address, AllowRemote: true, TLSNames: test.names}, true)
		if err != nil {
			t.Fatal(err)
		}
		if got := b.clientAddress(&test.listening); got != test.want {
			t.Errorf("%s with %q is reached at %s, want %s", test.address, test.names, got, test.want)
		}
	}
}

func TestCertificate_ContainsTheNames(t *testing.T) {
	t.Parallel()
	names := []string{"emulator", "emulator.ci.example.com", "192.0.2.9", "2001:db8::9"}
	b, err := bind(Options{Address: "192.0.2.7:8480", AllowRemote: true, TLSNames: names}, true)
	if err != nil {
		t.Fatal(err)
	}
	issued, err := issueCertificate(b.names)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(issued.server.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(issued.authority)
	for _, name := range []string{
		"emulator", "emulator.ci.example.com", "192.0.2.9", "2001:db8::9", "192.0.2.7", "localhost", "127.0.0.1", "::1",
	} {
		if _, err := certificate.Verify(x509.VerifyOptions{DNSName: name, Roots: roots}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"other", "192.0.2.8", "0.0.0.0"} {
		if _, err := certificate.Verify(x509.VerifyOptions{DNSName: name, Roots: roots}); err == nil {
			t.Errorf("the certificate is good for %s", name)
		}
	}
}

func TestStartTLS_TLSNames_AreInTheCertificate(t *testing.T) {
	t.Parallel()
	server, err := StartTLS(Options{AllowRemote: true, TLSNames: []string{"emulator.test"}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = server.Close() }()
	if err := handshake(t, server, "emulator.test"); err != nil {
		t.Error(err)
	}
	if unknown := (x509.HostnameError{}); !errors.As(handshake(t, server, "other.test"), &unknown) {
		t.Error("the certificate is good for a name that it was not given")
	}
	if host, _, _ := net.SplitHostPort(server.Addr()); host != "127.0.0.1" {
		t.Errorf("address %s", server.Addr())
	}
}

// handshake connects to a server with a host name.
func handshake(t *testing.T, server *Server, name string) error {
	t.Helper()
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(server.CACertificate())
	dialer := &tls.Dialer{Config: &tls.Config{RootCAs: roots, ServerName: name, MinVersion: tls.VersionTLS12}}
	connection, err := dialer.DialContext(t.Context(), "tcp", server.Addr())
	if err == nil {
		_ = connection.Close()
	}
	return err
}
