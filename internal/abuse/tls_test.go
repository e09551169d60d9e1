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

// plays checks two things. No byte of a request reaches a server that the client does not
// trust: the server decrypts nothing. And the bytes on the wire have no credential in the
// clear: before the keys are agreed, and all of plain HTTP. One kind is different. A server
// that demands a client certificate with TLS 1.3 is trusted, and the client may send its
// encrypted request before it learns of the refusal. The test sees only that the server does
// not serve it.
func (k wrongTLS) plays(t *testing.T, h host, ca string) {
	received, address := k.start(t)
	output := h.failsAt(t, "https://"+address, ca)
	wire, decrypted := received.texts()
	t.Logf("%d bytes on the wire, %d decrypted", len(wire), len(decrypted))
	if len(wire) == 0 {
		t.Errorf("no connection reached the server:\n%s", output)
	}
	if requests := received.requests.Load(); requests != 0 || len(decrypted) != 0 {
		t.Errorf("%d requests were sent:\n%s\n%s", requests, decrypted, output)
	}
	for _, sign := range append(emulatorSecrets(), "Signature") {
		if bytes.Contains(wire, []byte(sign)) {
			t.Errorf("%q was sent in the clear", sign)
		}
	}
	done.certificates.Add(1)
}

// This shows that the checks of wrong TLS can fail: a server with a good certificate decrypts
// the access key ID, and with plain HTTP the ID is on the wire.
func TestGoodTLS_ShowsTheCredentialOnlyToTheServer(t *testing.T) {
	t.Parallel()
	trusted := newAuthority(t)
	ca := trusted.file()
	for scheme, kind := range map[string]wrongTLS{"https": {serve: trusted.issue(nil)}, "http": {}} {
		t.Run(scheme, func(t *testing.T) {
			t.Parallel()
			received, address := kind.start(t)
			vpcHost.failsAt(t, scheme+"://"+address, ca)
			wire, decrypted := received.texts()
			keyID := []byte(emulator.DefaultCredential.AccessKeyID)
			if onWire, inside := bytes.Contains(wire, keyID), bytes.Contains(decrypted, keyID); onWire == inside || onWire != (scheme == "http") {
				t.Errorf("on the wire: %t, decrypted: %t", onWire, inside)
			}
		})
	}
}

func emulatorSecrets() []string {
	return []string{emulator.DefaultCredential.AccessKeyID, emulator.DefaultCredential.AccessKeySecret}
}

// failsAt runs the configuration of the host against a server at another address, which only
// refuses. It returns the output.
func (h host) failsAt(t *testing.T, address, ca string) string {
	t.Helper()
	well, _ := account(t, emulator.Options{})
	return h.fails(t, h.fleetAt(t, well, address, 1, map[string]string{"SSL_CERT_FILE": ca}))
}

// start starts a server, and returns what it receives and its address.
func (k wrongTLS) start(t *testing.T) (*received, string) {
	t.Helper()
	r := &received{secured: k.serve}
	server := httptest.NewUnstartedServer(r)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	r.Listener = server.Listener
	server.Listener = r
	server.Start() // The listener serves TLS itself, so that it sees what is decrypted.
	t.Cleanup(server.Close)
	return r, server.Listener.Addr().String()
}

// received is a listener that keeps what clients send: on the wire, and decrypted.
type received struct {
	net.Listener
	secured  *tls.Config // nil for plain HTTP
	requests atomic.Int64

	mu              sync.Mutex
	wire, decrypted bytes.Buffer
}

// ServeHTTP refuses a request.
func (r *received) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	r.requests.Add(1)
	answerError(w, "Forbidden.RAM", "m", "R-1", "")
}

// Accept returns a connection that keeps what the client sends.
func (r *received) Accept() (net.Conn, error) {
	connection, err := r.Listener.Accept()
	if err != nil {
		return nil, err
	}
	wire := tapped{connection, r, &r.wire}
	if r.secured == nil {
		return wire, nil
	}
	return tapped{tls.Server(wire, r.secured), r, &r.decrypted}, nil
}

func (r *received) texts() (wire, decrypted []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return bytes.Clone(r.wire.Bytes()), bytes.Clone(r.decrypted.Bytes())
}

// tapped is a connection that keeps what is read from it.
type tapped struct {
	net.Conn
	by   *received
	read *bytes.Buffer
}

// Read implements net.Conn.
func (c tapped) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.by.mu.Lock()
	defer c.by.mu.Unlock()
	c.read.Write(p[:n])
	return n, err
}
