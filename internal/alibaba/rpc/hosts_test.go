package rpc_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/alibabatest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials/sources"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
)

// factoryAt returns a factory that sends the requests for all hosts to one address. It uses a
// real transport.
func factoryAt(address string) sources.Factory {
	base := &http.Transport{DisableKeepAlives: true}
	return sources.Factory{Transport: redirected{base, address}}
}

// redirected sends every request to one address.
type redirected struct {
	base    *http.Transport
	address string
}

func (r redirected) RoundTrip(request *http.Request) (*http.Response, error) {
	request = request.Clone(request.Context())
	request.URL.Scheme, request.URL.Host = "http", r.address
	return r.base.RoundTrip(request)
}

// hosts are calls to each host that the provider uses, redirected to an address.
func hosts(t *testing.T) map[string]func(ctx context.Context, address string) error {
	t.Helper()
	client := func(address string) *alibaba.Client {
		return alibabatest.Configure(t, alibaba.Config{VPCEndpoint: address, BSSEndpoint: address, Transport: &http.Transport{DisableKeepAlives: true}})
	}
	key, role := credentials.Static(alibabatest.CanaryID, alibabatest.CanarySecret, ""), sources.Role{ARN: alibabatest.RoleARN}
	from := func(open func(sources.Factory) (credentials.Source, error)) func(context.Context, string) error {
		return func(ctx context.Context, address string) error {
			source, err := open(factoryAt(address))
			if err != nil {
				t.Fatal(err)
			}
			_, err = source.Credentials(ctx)
			return err
		}
	}
	return map[string]func(context.Context, string) error{
		"an order": func(ctx context.Context, address string) error {
			_, err := client(address).SendOrder(ctx, alibabatest.Request())
			return err
		},
		"a cancellation": func(ctx context.Context, address string) error {
			return client(address).CancelOrder(ctx, alibabatest.OrderID)
		},
		"credentials URI": from(func(i sources.Factory) (credentials.Source, error) {
			return i.URI("https://credentials.example/")
		}),
		"metadata service": from(func(i sources.Factory) (credentials.Source, error) { return i.ECSRole("app") }),
		"token service":    from(func(i sources.Factory) (credentials.Source, error) { return i.AssumeRole(key, role) }),
		"token service of OIDC": from(func(i sources.Factory) (credentials.Source, error) {
			return i.AssumeRoleWithOIDC(sources.OIDC{ProviderARN: alibabatest.OIDCARN, Token: alibabatest.OIDCToken}, role)
		}),
		"OAuth": from(func(i sources.Factory) (credentials.Source, error) {
			return i.Profile(alibabatest.LoginFile(t, "canary-access-0", time.Now().Add(time.Hour)), "p")
		}),
		"CloudSSO": from(func(i sources.Factory) (credentials.Source, error) {
			return i.Profile(alibabatest.SSOProfile(t, "https://signin.example/start"), "p")
		}),
	}
}

func TestEveryHost_AnswerBelow200_EndsAsUnreadable(t *testing.T) {
	t.Parallel()
	for answer, text := range map[string]string{
		"101, open for ever": "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n",
		"101 with a body":    "HTTP/1.1 101 Switching Protocols\r\nContent-Length: 60\r\n\r\n" + alibabatest.AcceptedBody,
		"a flood of 1xx":     strings.Repeat("HTTP/1.1 103 Early Hints\r\nLink: "+strings.Repeat("a", 4000)+"\r\n\r\n", 3000),
	} {
		for name, ask := range hosts(t) {
			t.Run(answer+", "+name, func(t *testing.T) {
				t.Parallel()
				listener := listen(t, func(connection *net.TCPConn) {
					readRequest(connection)
					_, _ = io.WriteString(connection, text)
					_, _ = io.Copy(io.Discard, connection) // It stays open.
				})
				// This ends the test if the client waits without a limit.
				ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
				defer cancel()
				err := ask(ctx, listener.Addr().String())
				var failure *apierror.Error
				var issuing *credentials.Error
				switch {
				case errors.As(err, &failure):
					if failure.Delivery != apierror.ResponseLost || failure.Class() != apierror.Ambiguous {
						t.Errorf("got %+v", failure)
					}
				case errors.As(err, &issuing):
					if !issuing.Temporary {
						t.Errorf("got %+v", issuing)
					}
				default:
					t.Errorf("got %v", err)
				}
				alibabatest.ExpectNoCanary(t, "the error", alibabatest.Texts(err))
			})
		}
	}
}

func TestEveryHost_Redirect_IsNotFollowed(t *testing.T) {
	t.Parallel()
	var followed atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed.Add(1) }))
	t.Cleanup(func() {
		elsewhere.Close()
		if followed.Load() != 0 {
			t.Errorf("%d redirects were followed", followed.Load())
		}
	})
	for name, ask := range hosts(t) {
		for _, status := range []int{http.StatusFound, http.StatusTemporaryRedirect, http.StatusPermanentRedirect} {
			t.Run(fmt.Sprint(name, status), func(t *testing.T) {
				t.Parallel()
				server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					http.Redirect(w, r, elsewhere.URL, status)
				}))
				defer server.Close()
				err := ask(t.Context(), server.Listener.Addr().String())
				if err == nil {
					t.Error("a redirect is a success")
				}
				alibabatest.ExpectNoCanary(t, "the error", alibabatest.Texts(err))
			})
		}
	}
}

func TestEveryHost_EndlessBody_IsReadToABoundOnly(t *testing.T) {
	t.Parallel()
	for name, ask := range hosts(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var written atomic.Int64
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				for filling := strings.Repeat(" ", 1<<20); written.Load() < 64<<20; written.Add(1 << 20) {
					if _, err := io.WriteString(w, filling); err != nil {
						return
					}
				}
			}))
			err := ask(t.Context(), server.Listener.Addr().String())
			server.Close()
			if err == nil || !strings.Contains(err.Error(), "4 MiB") || written.Load() > 32<<20 {
				t.Errorf("after %d MiB: %v", written.Load()>>20, err)
			}
		})
	}
}

// proxied returns the transport of the provider with a proxy.
func proxied(t *testing.T, address string) *http.Transport {
	t.Helper()
	proxy, err := url.Parse("http://user:canary-password@" + address)
	if err != nil {
		t.Fatal(err)
	}
	return rpc.NewTransport(http.ProxyURL(proxy))
}

func TestProxyThatOpensNoConnection_IsNamed(t *testing.T) {
	t.Parallel()
	const public = "vpc.cn-hangzhou.aliyuncs.com"
	for status, permanent := range map[int]apierror.PermanentCause{
		403: apierror.CauseProxy, 407: apierror.CauseProxy,
		101: apierror.NoPermanentCause, 302: apierror.NoPermanentCause, 404: apierror.NoPermanentCause, 502: apierror.NoPermanentCause, 504: apierror.NoPermanentCause,
	} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			var asked atomic.Int32
			listener := listen(t, func(connection *net.TCPConn) {
				asked.Add(1)
				readRequest(connection)
				_, _ = fmt.Fprintf(connection, "HTTP/1.1 %d canary\r\nConnection: close\r\n\r\n", status)
				_ = connection.Close()
			})
			address := listener.Addr().String()
			failure := ask(t, public, proxied(t, address))
			want := fmt.Sprintf("the proxy %s opened no connection to %s: HTTP %d %s", address, public, status, http.StatusText(status))
			if failure.Delivery != apierror.NotSent || failure.PermanentCause != permanent || failure.Message != want {
				t.Errorf("got %+v\nwant %s", failure, want)
			}
			alibabatest.ExpectNoCanary(t, "the failure", alibabatest.Texts(failure))
			if permanent == apierror.NoPermanentCause {
				return
			}
			asked.Store(0)
			if _, err := alibabatest.Describe(t.Context(), alibabatest.Configure(t, alibaba.Config{VPCEndpoint: public, Transport: proxied(t, address)})); err == nil || asked.Load() != 1 {
				t.Errorf("%d tries, then %v", asked.Load(), err)
			}
		})
	}
}

func TestProxyThatCannotBeUsed_IsNamed(t *testing.T) {
	t.Parallel()
	const public = "vpc.cn-hangzhou.aliyuncs.com"
	silent := listen(t, func(connection *net.TCPConn) { _, _ = io.Copy(io.Discard, connection) })
	closed := refusing(t, silent.Addr())
	hangUp := listen(t, func(connection *net.TCPConn) { _ = connection.Close() })
	unknown := proxied(t, "proxy.example:3128")
	unknown.DialContext = func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{IsNotFound: true, Name: "proxy.example"}}
	}
	wrong := rpc.NewTransport(func(*http.Request) (*url.URL, error) { return nil, errors.New("canary-password") })
	for name, test := range map[string]struct {
		base      *http.Transport
		permanent apierror.PermanentCause
		message   string
	}{
		"refused":    {proxied(t, closed), apierror.CauseRefused, "the proxy " + closed + " refused the connection"},
		"no name":    {unknown, apierror.CauseProxy, "there is no host with the name of the proxy proxy.example:3128"},
		"hangs up":   {proxied(t, hangUp.Addr().String()), apierror.NoPermanentCause, "no connection to " + public + " (through the proxy " + hangUp.Addr().String() + ")"},
		"no address": {wrong, apierror.CauseProxy, "the environment holds no valid address of a proxy to " + public},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			failure := ask(t, public, test.base)
			if failure.Delivery != apierror.NotSent || failure.PermanentCause != test.permanent || failure.Message != test.message {
				t.Errorf("got %+v", failure)
			}
			alibabatest.ExpectNoCanary(t, "the failure", alibabatest.Texts(failure))
		})
	}
}

func TestHandshakeThatWillFailAgain_EndsAtOnce(t *testing.T) {
	t.Parallel()
	pool := x509.NewCertPool()
	start := func(config *tls.Config) string {
		server := httptest.NewUnstartedServer(http.NotFoundHandler())
		server.TLS, server.Config.ErrorLog = config, log.New(io.Discard, "", 0)
		server.StartTLS()
		t.Cleanup(server.Close)
		pool.AddCert(server.Certificate())
		return server.URL
	}
	alert := func(code byte) string {
		return "https://" + listen(t, func(connection *net.TCPConn) {
			_, _ = connection.Read(make([]byte, 4096))
			_, _ = connection.Write([]byte{21, 3, 3, 0, 2, 2, code})
			_ = connection.Close()
		}).Addr().String()
	}
	for name, test := range map[string]struct {
		endpoint  string
		permanent apierror.PermanentCause
	}{
		"TLS 1.1 only":     {start(&tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}), apierror.CauseTrust},                         //nolint:gosec // An old server.
		"no common cipher": {start(&tls.Config{MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_RSA_WITH_RC4_128_SHA}}), apierror.CauseTrust}, //nolint:gosec // An old server.
		"expired":          {start(&tls.Config{MinVersion: tls.VersionTLS12}), apierror.CauseTrust},
		"answers TLS 1.0": {"https://" + listen(t, func(connection *net.TCPConn) {
			_, _ = connection.Read(make([]byte, 4096))
			hello := append([]byte{22, 3, 1, 0, 42, 2, 0, 0, 38, 3, 1}, make([]byte, 32)...)
			_, _ = connection.Write(append(hello, 0, 0, 0x2f, 0))
			_, _ = io.Copy(io.Discard, connection)
		}).Addr().String(), apierror.CauseTrust},
		"alert handshake failure": {alert(40), apierror.CauseTrust},
		"alert protocol version":  {alert(70), apierror.CauseTrust},
		"alert unrecognized name": {alert(112), apierror.CauseTrust},
		"alert internal error":    {alert(80), apierror.NoPermanentCause},
		"alert user canceled":     {alert(90), apierror.NoPermanentCause},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			base := rpc.NewTransport(nil)
			base.TLSClientConfig.RootCAs = pool
			if name == "expired" {
				base.TLSClientConfig.Time = func() time.Time { return time.Now().AddDate(200, 0, 0) }
			}
			failure := ask(t, test.endpoint, base)
			host := strings.TrimPrefix(test.endpoint, "https://")
			if failure.Delivery != apierror.NotSent || failure.PermanentCause != test.permanent || !strings.Contains(failure.Message, host) {
				t.Errorf("got %+v", failure)
			}
		})
	}
}
