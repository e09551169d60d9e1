package rpc_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/alibabatest"
)

const debugServer = "EXPRESSCONNECT_TEST_DEBUG_SERVER"

// The client of the SDK prints signed URLs if DEBUG contains "sdk". The SDK reads the variable
// when it starts, so the test runs itself in another process.
func TestDebugVariablePrintsNothing(t *testing.T) {
	t.Parallel()
	if endpoint := os.Getenv(debugServer); endpoint != "" {
		client := alibabatest.Configure(t, alibaba.Config{VPCEndpoint: endpoint})
		if _, err := client.SendOrder(t.Context(), alibabatest.Request()); err != nil {
			t.Fatal(err)
		}
		return
	}
	var requests alibabatest.Recorder
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Note(r)
		_, _ = fmt.Fprint(w, alibabatest.AcceptedBody)
	}))
	defer server.Close()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestDebugVariablePrintsNothing$", "-test.v") //nolint:gosec // Runs itself.
	child.Env = append(os.Environ(), "DEBUG=sdk,credential,tea", debugServer+"="+server.URL)
	output, err := child.CombinedOutput()
	if err != nil || requests.Count() != 1 {
		t.Fatalf("%d requests, %v: %s", requests.Count(), err, output)
	}
	for line := range strings.Lines(string(output)) {
		if !strings.HasPrefix(line, "=== ") && !strings.HasPrefix(line, "--- PASS") && strings.TrimSpace(line) != "PASS" && !strings.HasPrefix(line, "coverage:") {
			t.Errorf("printed %q", line)
		}
	}
	alibabatest.ExpectNoCanary(t, "the output", string(output))
}
