package occupancyorder_test

import (
	"encoding/json"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/occupancyorder"
)

// startWith starts the provider and decodes objects of the state, as Terraform does with or
// without a refresh.
func (h *history) startWith(t *testing.T, objects ...*coretest.Object) (*coretest.Process, coretest.Diagnostics) {
	t.Helper()
	server := provider.NewServer(h.client())
	process := h.startServer(t, server)
	var diags coretest.Diagnostics
	for _, object := range objects {
		diags = append(diags, decode(t, server, stateOf(t, object))...)
	}
	return process, diags
}

// stateOf returns the JSON of an order in a state.
func stateOf(t *testing.T, object *coretest.Object) []byte {
	t.Helper()
	attributes := map[string]string{}
	for _, name := range []string{"region_id", "physical_connection_id", "order_id", "client_token"} {
		attributes[name] = object.String(name)
	}
	state, err := json.Marshal(attributes)
	if err != nil {
		t.Fatal(err)
	}
	return state
}

// decode makes a server decode the state of an order.
func decode(t *testing.T, server tfprotov6.ProviderServer, state []byte) coretest.Diagnostics {
	t.Helper()
	resp, err := server.UpgradeResourceState(t.Context(), &tfprotov6.UpgradeResourceStateRequest{
		TypeName: occupancyorder.TypeName, RawState: &tfprotov6.RawState{JSON: state},
	})
	if err != nil {
		t.Fatal(err)
	}
	return resp.Diagnostics
}
