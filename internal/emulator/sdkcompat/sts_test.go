package sdkcompat

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"strings"
	"testing"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

const role = "acs:ram::1234567890123456:role/network"

// The SDK's credential providers use the default transport of the process, and only TLS.
func TestSDKAssumesARoleAndOrdersWithItsSession(t *testing.T) { //nolint:paralleltest // The default transport is shared.
	server, err := emulator.StartTLS(emulator.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	transport, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		t.Fatalf("the default transport is a %T", http.DefaultTransport)
	}
	before := transport.TLSClientConfig
	t.Cleanup(func() { transport.TLSClientConfig = before })
	authorities := x509.NewCertPool()
	authorities.AppendCertsFromPEM(server.CACertificate())
	transport.TLSClientConfig = &tls.Config{RootCAs: authorities, MinVersion: tls.VersionTLS12}

	provider, err := credentials.NewRAMRoleARNCredentialsProviderBuilder().
		WithAccessKeyId(emulator.DefaultCredential.AccessKeyID).
		WithAccessKeySecret(emulator.DefaultCredential.AccessKeySecret).
		WithRoleArn(role).WithRoleSessionName("sdk").WithStsEndpoint(server.Addr()).Build()
	if err != nil {
		t.Fatal(err)
	}
	got, err := provider.GetCredentials()
	if err != nil || !strings.HasPrefix(got.AccessKeyId, "STS.") {
		t.Fatal(err)
	}
	calls := server.Journal()
	if len(calls) != 1 || calls[0].Action != "AssumeRole" || calls[0].Params["RoleArn"] != role || calls[0].HTTPStatus != http.StatusOK {
		t.Errorf("got %+v", calls)
	}
}
