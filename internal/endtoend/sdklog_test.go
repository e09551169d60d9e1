package endtoend

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
)

func TestBinary_LogOfTheSDK_HasTheLevelOfTheCLI(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		variables string
		want      []string // modules that write trace lines
	}{
		"no log":                 {"", nil},
		"the log of core only":   {"TF_LOG_CORE=TRACE", nil},
		"errors":                 {"TF_LOG=ERROR", nil},
		"no log of providers":    {"TF_LOG=TRACE TF_LOG_PROVIDER=off", nil},
		"all":                    {"TF_LOG=TRACE", []string{"sdk.framework", "sdk.proto"}},
		"all as JSON":            {"TF_LOG=JSON", []string{"sdk.framework", "sdk.proto"}},
		"the log of providers":   {"TF_LOG_PROVIDER=trace", []string{"sdk.framework", "sdk.proto"}},
		"one part of the SDK":    {"TF_LOG_SDK_PROTO=TRACE", []string{"sdk.proto"}},
		"all but one part of it": {"TF_LOG=TRACE TF_LOG_SDK_PROTO=off", []string{"sdk.framework"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			written := logOfSchema(t, strings.Fields(test.variables)...)
			var got []string
			for _, module := range []string{"sdk.framework", "sdk.proto"} {
				if strings.Contains(written, `"@level":"trace"`) && strings.Contains(written, `"@module":"`+module+`"`) {
					got = append(got, module)
				}
			}
			if strings.Join(got, " ") != strings.Join(test.want, " ") || test.want == nil && strings.Contains(written, "@module") {
				t.Errorf("lines of %q, want %q\n%.500s", got, test.want, written)
			}
		})
	}
}

// logOfSchema starts the provider as the CLI does, with some variables, reads its schemas, and
// returns what it wrote to its log.
func logOfSchema(t *testing.T, variables ...string) string {
	t.Helper()
	sockets, err := os.MkdirTemp("", "ec") //nolint:usetesting // The path of a socket must be short.
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(sockets) })
	plugin := exec.CommandContext(t.Context(), acctest.Installed(t).Binary) //nolint:gosec // The built provider.
	plugin.Env = append(variables,
		// See https://developer.hashicorp.com/terraform/plugin/how-terraform-works.
		"TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
		"PLUGIN_PROTOCOL_VERSIONS=6", "PLUGIN_UNIX_SOCKET_DIR="+sockets)
	var written bytes.Buffer
	plugin.Stderr = &written
	output, err := plugin.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := plugin.Start(); err != nil {
		t.Fatal(err)
	}
	handshake, _ := bufio.NewReader(output).ReadString('\n')
	fields := strings.Split(handshake, "|") // 1|6|unix|PATH|grpc|
	if len(fields) < 5 {
		t.Fatalf("handshake %q", handshake)
	}
	connection, err := grpc.NewClient("unix:"+fields[3], grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(bytesCodec{})))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = connection.Close() }()
	var empty, schemas, ended []byte
	if err := connection.Invoke(t.Context(), "/tfplugin6.Provider/GetProviderSchema", &empty, &schemas); err != nil || len(schemas) == 0 {
		t.Errorf("%d bytes of schemas, %v", len(schemas), err)
	}
	_ = connection.Invoke(t.Context(), "/plugin.GRPCController/Shutdown", &empty, &ended)
	_ = plugin.Wait()
	return written.String()
}

// bytesCodec sends and receives encoded messages.
type bytesCodec struct{}

func (bytesCodec) Name() string { return "proto" }

func (bytesCodec) Marshal(message any) ([]byte, error) { return *message.(*[]byte), nil } //nolint:forcetypeassert // The test sends no other.

func (bytesCodec) Unmarshal(data []byte, message any) error {
	*message.(*[]byte) = bytes.Clone(data) //nolint:forcetypeassert // The test receives no other.
	return nil
}
