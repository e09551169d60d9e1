package abuse

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// apiNames are the host names in the certificates.
var apiNames = []string{"vpc.abuse.test", "bss.abuse.test", "sts.abuse.test"}

// wrongTLS is a kind of server that must not receive a request.
type wrongTLS struct {
	name  string
	serve *tls.Config // nil for plain HTTP
}

func kindsOfWrongTLS(t *testing.T, trusted *authority) []wrongTLS {
	t.Helper()
	changed := trusted.issue
	old := func(version uint16) *tls.Config {
		config := changed(nil)
		config.MinVersion, config.MaxVersion = version, version
		return config
	}
	demanding := func(version uint16) *tls.Config {
		config := old(version)
		config.ClientAuth = tls.RequireAnyClientCert
		return config
	}
	return []wrongTLS{
		{"expired", changed(func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Second) })},
		{"not yet valid", changed(func(c *x509.Certificate) { c.NotBefore = time.Now().Add(24 * time.Hour) })},
		{"wrong name", changed(func(c *x509.Certificate) { c.IPAddresses, c.DNSNames = nil, []string{"vpc.aliyuncs.com"} })},
		{"for clients", changed(func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} })},
		{"self-signed", selfSigned(t)},
		{"unknown authority", newAuthority(t).issue(nil)},
		{"TLS 1.0", old(tls.VersionTLS10)},
		{"TLS 1.1", old(tls.VersionTLS11)},
		{"client certificate, TLS 1.2", demanding(tls.VersionTLS12)},
		{"client certificate, TLS 1.3", demanding(tls.VersionTLS13)},
		{"plain HTTP", nil},
	}
}

func TestWrongTLS_IsRefusedBeforeACredentialIsSent(t *testing.T) {
	t.Parallel()
	trusted := newAuthority(t)
	ca := trusted.file()
	for _, h := range sample(choices(t), []host{vpcHost, bssHost, stsHost}, 2) {
		t.Run(h.name, func(t *testing.T) {
			t.Parallel()
			for _, kind := range sample(choices(t), kindsOfWrongTLS(t, trusted), 1) {
				t.Run(kind.name, func(t *testing.T) {
					t.Parallel()
					kind.plays(t, h, ca)
				})
			}
		})
	}
}

func (k wrongTLS) plays(t *testing.T, h host, ca string) {
	var requests atomic.Int64
	taps := &tapped{}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { requests.Add(1) }))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	taps.Listener = server.Listener
	server.Listener = taps
	if server.TLS = k.serve; k.serve != nil {
		server.StartTLS()
	} else {
		server.Start()
	}
	t.Cleanup(server.Close)
	address := "https://" + server.Listener.Addr().String()
	well, _ := account(t, emulator.Options{})
	f := h.fleetAt(t, well, address, 1, map[string]string{"SSL_CERT_FILE": ca})
	output := h.fails(t, f)
	if got := requests.Load(); got != 0 {
		t.Errorf("%d requests were sent:\n%s", got, output)
	}
	received := taps.received()
	if len(received) == 0 {
		t.Errorf("no connection reached the server:\n%s", output)
	}
	for _, secret := range []string{emulator.DefaultCredential.AccessKeyID, emulator.DefaultCredential.AccessKeySecret, "Signature"} {
		if strings.Contains(received, secret) {
			t.Errorf("the server received %q", secret)
		}
	}
	done.certificates.Add(1)
}

// tapped is a listener that keeps what clients send.
type tapped struct {
	net.Listener
	mu   sync.Mutex
	sent bytes.Buffer
}

// Accept returns a connection that keeps what the client sends.
func (l *tapped) Accept() (net.Conn, error) {
	connection, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return tappedConnection{connection, l}, nil
}

func (l *tapped) received() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.sent.String()
}

type tappedConnection struct {
	net.Conn
	tap *tapped
}

// Read implements net.Conn.
func (c tappedConnection) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.tap.mu.Lock()
	defer c.tap.mu.Unlock()
	c.tap.sent.Write(p[:n])
	return n, err
}
