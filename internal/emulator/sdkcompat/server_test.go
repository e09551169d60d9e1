package sdkcompat

import (
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

const region = "cn-hangzhou"

// temporary is a key with a security token that needs escaping.
var temporary = emulator.Credential{ //nolint:gosec // Made up.
	AccessKeyID:     "STS.temporary",
	AccessKeySecret: "temporary-secret",
	SecurityToken:   "CAIS+token/with=padding== and spaces~*",
}

// denied has no permission to place or read orders.
var denied = emulator.Credential{
	AccessKeyID:     "denied",
	AccessKeySecret: "denied-secret",
	Denied:          []string{"CreatePhysicalConnectionOccupancyOrder", "GetOrderDetail"},
	DeniedCode:      "NoPermission",
	DeniedStatus:    400,
}

// serve starts an emulator with three circuits. It serves plain HTTP.
func serve(t *testing.T) (*emulator.Server, []emulator.Circuit) {
	t.Helper()
	return serveWith(t, emulator.Start)
}

// serveWith starts an emulator with three circuits.
func serveWith(t *testing.T, start func(emulator.Options) (*emulator.Server, error)) (*emulator.Server, []emulator.Circuit) {
	t.Helper()
	server, err := start(emulator.Options{
		Credentials: []emulator.Credential{emulator.DefaultCredential, temporary, denied},
		Quirks:      emulator.Quirks{EnableDelay: -1},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	circuits := []emulator.Circuit{
		server.AddCircuit(emulator.Circuit{Name: "first & foremost", VlanID: "10", Tags: map[string]string{"env": "prod"}}),
		server.AddCircuit(emulator.Circuit{Name: "zweite Leitung *~", Status: "Allocated"}),
		server.AddCircuit(emulator.Circuit{Name: "杭州", MacsecKeys: []emulator.MacsecKey{{CAK: "key", CKN: "name"}}}),
	}
	return server, circuits
}

func wrongSecret() emulator.Credential {
	credential := emulator.DefaultCredential
	credential.AccessKeySecret = "wrong"
	return credential
}
