package alibaba_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/alibabatest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
)

// emulate starts the emulator and returns a client of it with a credential.
func emulate(t *testing.T, options emulator.Options, credential emulator.Credential) (*emulator.Server, *alibaba.Client) {
	t.Helper()
	server, err := emulator.Start(options)
	if err != nil {
		t.Fatal(err)
	}
	base := &http.Transport{}
	t.Cleanup(func() {
		base.CloseIdleConnections()
		_ = server.Close()
	})
	return server, alibabatest.Configure(t, alibaba.Config{
		VPCEndpoint: server.Addr(),
		BSSEndpoint: server.Addr(),
		Credentials: credentials.Static(credential.AccessKeyID, credential.AccessKeySecret, credential.SecurityToken),
		Transport:   base,
	})
}

func orderOf(circuit emulator.Circuit) order.Request {
	o := alibabatest.Request()
	o.Region, o.CircuitID, o.ClientToken = circuit.Region, circuit.ID, order.DefaultToken(circuit.Region, circuit.ID)
	return o
}

func TestEmulatorAcceptsOurSignatures(t *testing.T) {
	t.Parallel()
	session := emulator.Credential{AccessKeyID: "STS.id", AccessKeySecret: alibabatest.CanarySecret, SecurityToken: alibabatest.CanaryToken}
	for name, credential := range map[string]emulator.Credential{"access key": emulator.DefaultCredential, "session": session} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, client := emulate(t, emulator.Options{Credentials: []emulator.Credential{credential}}, credential)
			circuit := server.AddCircuit(emulator.Circuit{})
			order := orderOf(circuit)
			order.AutoRenew, order.AutoRenewDuration, order.ClientToken = true, new(int64(6)), alibabatest.OddText
			receipt, err := client.SendOrder(t.Context(), order)
			if err != nil {
				t.Fatal(err)
			}
			orders := server.Orders()
			if len(orders) != 1 || orders[0].ID != receipt.OrderID || orders[0].CircuitID != circuit.ID || orders[0].ClientToken != order.ClientToken || orders[0].AutoRenewDuration != 6 {
				t.Errorf("got %+v for the receipt %+v", orders, receipt)
			}
			again, err := client.SendOrder(t.Context(), order)
			if err != nil || again.OrderID != receipt.OrderID || again.RequestID == receipt.RequestID || len(server.Orders()) != 1 {
				t.Errorf("sent again: %+v, %v; %d orders", again, err, len(server.Orders()))
			}
		})
	}
}

func TestWrongSecretIsRefusedWithoutShowingTheStringToSign(t *testing.T) {
	t.Parallel()
	known := emulator.Credential{AccessKeyID: alibabatest.CanaryID, AccessKeySecret: "right", SecurityToken: alibabatest.CanaryToken}
	wrong := known
	wrong.AccessKeySecret = "canary-wrong"
	server, client := emulate(t, emulator.Options{Credentials: []emulator.Credential{known}}, wrong)
	_, err := client.SendOrder(t.Context(), orderOf(server.AddCircuit(emulator.Circuit{})))
	failure := alibabatest.FailureOf(t, err)
	if failure.Code != "SignatureDoesNotMatch" || failure.Message != "Specified signature is not matched with our calculation." || failure.Class() != apierror.Final || failure.RequestID == "" {
		t.Errorf("got %+v", failure)
	}
	alibabatest.ExpectNoCanary(t, "the failure", alibabatest.Texts(err))
	if len(server.Orders()) != 0 {
		t.Errorf("%d orders", len(server.Orders()))
	}
}

func TestEmulatorIsReachedOverTLSWithItsAuthority(t *testing.T) {
	t.Parallel()
	server, err := emulator.StartTLS(emulator.Options{})
	if err != nil {
		t.Fatal(err)
	}
	authorities := x509.NewCertPool()
	authorities.AppendCertsFromPEM(server.CACertificate())
	base := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: authorities, MinVersion: tls.VersionTLS12}}
	t.Cleanup(func() {
		base.CloseIdleConnections()
		_ = server.Close()
	})
	credential := emulator.DefaultCredential
	config := alibaba.Config{
		VPCEndpoint: server.URL(),
		Credentials: credentials.Static(credential.AccessKeyID, credential.AccessKeySecret, ""),
		Transport:   base,
	}
	order := orderOf(server.AddCircuit(emulator.Circuit{}))
	if _, err := alibabatest.Configure(t, config).SendOrder(t.Context(), order); err != nil {
		t.Error(err)
	}
	config.Transport = nil // The shared one, which does not trust the authority.
	order.ClientToken = "another"
	_, err = alibabatest.Configure(t, config).SendOrder(t.Context(), order)
	if failure := alibabatest.FailureOf(t, err); failure.Delivery != apierror.NotSent || !failure.Permanent() {
		t.Errorf("got %+v", failure)
	}
	if len(server.Orders()) != 1 {
		t.Errorf("%d orders", len(server.Orders()))
	}
}

func TestEmulator_CircuitIsReadCompletely(t *testing.T) {
	t.Parallel()
	server, client := emulate(t, emulator.Options{}, emulator.DefaultCredential)
	reserved := time.Date(2027, 1, 1, 16, 0, 0, 0, time.UTC)
	stored := server.AddCircuit(emulator.Circuit{
		Name: "line", Tags: map[string]string{"env": "test"}, VlanID: "10", DownDelayTime: 100, HasReservationData: true,
		ReservationActiveTime: reserved, ReservationOrderType: "RENEW", MacsecKeys: []emulator.MacsecKey{{CAK: "canary-cak", CKN: "canary-ckn"}},
	})
	server.AddCircuit(emulator.Circuit{Name: "another"})
	var log bytes.Buffer
	ctx := tflogtest.RootLogger(t.Context(), &log)
	got, err := client.DescribeCircuit(ctx, circuit.Query{Region: stored.Region, CircuitID: stored.ID, WithReservations: true})
	if err != nil {
		t.Fatal(err)
	}
	if got.ID != stored.ID || got.Status != "Confirmed" || got.LOAStatus != "Complete" || got.Name != "line" || got.Tags["env"] != "test" || got.VlanID != "10" ||
		got.DownDelayTime == nil || *got.DownDelayTime != 100 || got.Bandwidth == nil || *got.Bandwidth != stored.Bandwidth || got.CreationTime == nil || got.EndTime != nil ||
		got.ReservationActiveTime == nil || !got.ReservationActiveTime.Equal(reserved) || got.ReservationOrderType != "RENEW" {
		t.Errorf("got %+v", got)
	}
	alibabatest.ExpectNoCanary(t, "the circuit", fmt.Sprintf("%+v", got))
	alibabatest.ExpectNoCanary(t, "the log", log.String())
	_, err = client.DescribeCircuit(ctx, circuit.Query{Region: stored.Region, CircuitID: "pc-none"})
	var missing *circuit.NotFoundError
	if !errors.As(err, &missing) || missing.Host != server.Addr() {
		t.Errorf("got %v", err)
	}
}

// Faults of the emulator, and the delivery that the client reports. An order that was placed must
// never be reported as not placed.
func TestEmulator_DamagedAnswer_IsNoRefusal(t *testing.T) {
	t.Parallel()
	for _, kind := range []emulator.FaultKind{
		emulator.AnswerError, emulator.Reset, emulator.TruncatedBody, emulator.WrongContentLength, emulator.HTMLPage,
		emulator.EmptyBody, emulator.RawBody, emulator.HugeBody,
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			server, client := emulate(t, emulator.Options{}, emulator.DefaultCredential)
			order := orderOf(server.AddCircuit(emulator.Circuit{}))
			server.AddFault(emulator.Fault{Action: "CreatePhysicalConnectionOccupancyOrder", Kind: kind, After: true})
			_, err := client.SendOrder(t.Context(), order)
			if failure := alibabatest.FailureOf(t, err); failure.Class() != apierror.Ambiguous {
				t.Errorf("got %+v", failure)
			}
			receipt, err := client.SendOrder(t.Context(), order)
			if orders := server.Orders(); err != nil || len(orders) != 1 || orders[0].ID != receipt.OrderID {
				t.Errorf("sent again: %+v, %v; orders %+v", receipt, err, orders)
			}
		})
	}
}

func TestEmulator_AnswersOf2018_AreRead(t *testing.T) {
	t.Parallel()
	server, client := emulate(t, emulator.Options{Quirks: emulator.Quirks{LowerCamelAnswers: true}}, emulator.DefaultCredential)
	receipt, err := client.SendOrder(t.Context(), orderOf(server.AddCircuit(emulator.Circuit{})))
	if err != nil || receipt.OrderID != server.Orders()[0].ID || receipt.RequestID == "" {
		t.Errorf("got %+v, %v", receipt, err)
	}
}
