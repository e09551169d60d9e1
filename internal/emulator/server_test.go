package emulator_test

import (
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/apitest"
)

func TestServer_AnswersOnLoopback(t *testing.T) {
	t.Parallel()
	for prefix, start := range map[string]func(emulator.Options) (*emulator.Server, error){
		"http://127.0.0.1:": emulator.Start, "https://127.0.0.1:": emulator.StartTLS,
	} {
		server, client, _ := apitest.Serve(t, start)
		if !strings.HasPrefix(server.URL(), prefix) || !strings.HasSuffix(server.URL(), server.Addr()) {
			t.Errorf("URL %s, address %s", server.URL(), server.Addr())
		}
		got, err := apitest.Fetch(t.Context(), t, client, server, apitest.Params{"Action": apitest.DescribeRegions})
		if err != nil || got.Status != http.StatusOK {
			t.Errorf("%s: HTTP %d, %v", server.URL(), got.Status, err)
		}
	}
}

func TestCertificate_IsTrustedOnlyWithItsAuthority(t *testing.T) {
	t.Parallel()
	server, _, _ := apitest.Serve(t, emulator.StartTLS)
	stranger := &http.Client{Transport: &http.Transport{}}
	_, err := apitest.Fetch(t.Context(), t, stranger, server, apitest.Params{"Action": apitest.DescribeRegions})
	if unknown := (x509.UnknownAuthorityError{}); !errors.As(err, &unknown) {
		t.Errorf("got %v", err)
	}
}

func TestStart_OtherAddressesThanLoopback_AreRefused(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"0.0.0.0:0", ":0", "192.0.2.1:0", "example.com:0", "[::]:0", "127.0.0.1"} {
		if server, err := emulator.Start(emulator.Options{Address: address}); err == nil {
			t.Errorf("listens on %s", server.Addr())
			_ = server.Close()
		}
	}
}

func TestClose_StopsListening(t *testing.T) {
	t.Parallel()
	server, err := emulator.Start(emulator.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Close(); err != nil {
		t.Error(err)
	}
	var dialer net.Dialer
	if connection, err := dialer.DialContext(t.Context(), "tcp", server.Addr()); err == nil {
		_ = connection.Close()
		t.Error("it still listens")
	}
	if err := server.Close(); err != nil {
		t.Errorf("closed again: %v", err)
	}
}

func TestServer_ConcurrentRequestsWithOneToken_PlaceOneOrder(t *testing.T) {
	t.Parallel()
	server, client, circuit := apitest.Serve(t, emulator.Start)
	const clients = 16
	ids := make(chan string, clients)
	var all sync.WaitGroup
	for range clients {
		all.Go(func() {
			got, err := apitest.Fetch(t.Context(), t, client, server, apitest.OrderFor(circuit, apitest.Params{"Action": apitest.PlaceOrder}))
			if err != nil || got.Status != http.StatusOK {
				t.Errorf("HTTP %d %s, %v", got.Status, got.Body, err)
				return
			}
			ids <- got.Body[strings.Index(got.Body, "OrderId"):]
			server.ChangeCircuit(circuit.Region, circuit.ID, func(c *emulator.Circuit) { c.Description += "." })
			_, _, _ = server.Orders(), server.Journal(), server.Circuits()
		})
	}
	all.Wait()
	close(ids)
	for id := range ids {
		if want := server.Orders()[0].ID; !strings.Contains(id, want) {
			t.Errorf("%s, want %s", id, want)
		}
	}
	apitest.ExpectOrders(t, server.Emulator, 1)
	if calls := server.CallCount(apitest.PlaceOrder); calls != clients {
		t.Errorf("%d calls, want %d", calls, clients)
	}
}
