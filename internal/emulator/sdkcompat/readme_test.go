package sdkcompat

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	"github.com/alibabacloud-go/tea/dara"
	vpc "github.com/alibabacloud-go/vpc-20160428/v6/client"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// It contains the example of the page, line by line.
func TestREADME_GoExample_ReadsACircuit(t *testing.T) {
	t.Parallel()
	server, circuits := serveWith(t, emulator.StartTLS)
	authority := server.CACertificate()
	config := &openapi.Config{
		AccessKeyId:     dara.String("emulator-access-key-id"),
		AccessKeySecret: dara.String("emulator-access-key-secret"),
		RegionId:        dara.String("cn-hangzhou"),
		Endpoint:        dara.String("127.0.0.1:8480"),
		Ca:              dara.String(string(authority)), // the content of ca.pem
	}
	config.Endpoint, config.NoProxy = dara.String(server.Addr()), dara.String("127.0.0.1")
	client, err := vpc.NewClient(config)
	if err != nil {
		t.Fatal(err)
	}
	if got := statusOf(t, client, circuits[0].ID); got != "Confirmed" {
		t.Errorf("the circuit is %s", got)
	}
}

func TestREADME_Examples_AreThoseOfTheTests(t *testing.T) {
	t.Parallel()
	read := func(name string) string {
		content, err := os.ReadFile(filepath.FromSlash(name)) //nolint:gosec // A file of the project.
		if err != nil {
			t.Fatal(err)
		}
		return string(content)
	}
	page := read("../README.md")
	for language, source := range map[string]string{"go": read("readme_test.go"), "js": read("npm/order.js")} {
		block := regexp.MustCompile("(?s)```" + language + "\n(.*?)```").FindStringSubmatch(page)
		if block == nil {
			t.Errorf("the page has no example in %s", language)
			continue
		}
		for line := range strings.Lines(block[1]) {
			if !strings.Contains(source, strings.TrimSpace(line)) {
				t.Errorf("no test contains %s", line)
			}
		}
	}
}
