package occupancyorder_test

import (
	"testing"
	"testing/synctest"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/occupancyorder"
)

var identityType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
	"region_id": tftypes.String, "physical_connection_id": tftypes.String, "order_id": tftypes.String,
}}

func identityOf(region, circuit, order string) tftypes.Value {
	return tftypes.NewValue(identityType, map[string]tftypes.Value{
		"region_id":              tftypes.NewValue(tftypes.String, region),
		"physical_connection_id": tftypes.NewValue(tftypes.String, circuit),
		"order_id":               tftypes.NewValue(tftypes.String, order),
	})
}

func identityData(t *testing.T, identity tftypes.Value) *tfprotov6.ResourceIdentityData {
	t.Helper()
	data, err := tfprotov6.NewDynamicValue(identityType, identity)
	if err != nil {
		t.Fatal(err)
	}
	return &tfprotov6.ResourceIdentityData{IdentityData: &data}
}

// askImport imports an order. It returns the process and its answer before core reads the
// object.
func (h *history) askImport(t *testing.T, req *tfprotov6.ImportResourceStateRequest) (*coretest.Process, *tfprotov6.ImportResourceStateResponse) {
	t.Helper()
	server, err := coretest.Serve(h.client)
	if err != nil {
		t.Fatal(err)
	}
	process, diags, err := coretest.StartServer(t.Context(), server, occupancyorder.TypeName, coretest.Values{
		"region": acctest.Region, "access_key": emulator.DefaultCredential.AccessKeyID, "secret_key": emulator.DefaultCredential.AccessKeySecret,
		"endpoints": coretest.Values{"vpc": "http://127.0.0.1", "bssopenapi": "http://127.0.0.1"},
	})
	if err != nil || diags.HasError() {
		t.Fatal(err, diags)
	}
	req.TypeName = occupancyorder.TypeName
	resp, err := server.ImportResourceState(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	return process, resp
}

// wantIdentity checks the identity that an import returns.
func wantIdentity(t *testing.T, resp *tfprotov6.ImportResourceStateResponse) {
	t.Helper()
	if coretest.Diagnostics(resp.Diagnostics).HasError() || len(resp.ImportedResources) != 1 {
		t.Fatalf("%d objects:\n%s", len(resp.ImportedResources), coretest.Diagnostics(resp.Diagnostics))
	}
	got := resp.ImportedResources[0].Identity
	if got == nil {
		t.Fatal("the import returns no identity")
	}
	identity, err := got.IdentityData.Unmarshal(identityType)
	if err != nil || !identity.Equal(identityOf("cn-hangzhou", circuitID, "50187055895123")) {
		t.Errorf("identity %s, %v", identity, err)
	}
}

func TestImport_ByID_ReturnsTheIdentity(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, resp := newHistory(t, emulator.Quirks{}).askImport(t, &tfprotov6.ImportResourceStateRequest{ID: importID})
		wantIdentity(t, resp)
	})
}

func TestImport_ByIdentity_ImportsTheOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		process, resp := h.askImport(t, &tfprotov6.ImportResourceStateRequest{Identity: identityData(t, identityOf("cn-hangzhou", circuitID, "50187055895123"))})
		wantIdentity(t, resp)
		got := resp.ImportedResources[0]
		byID := imported(t).Object
		value, err := got.State.Unmarshal(byID.Value.Type())
		if err != nil {
			t.Fatal(err)
		}
		object, diags, err := process.Refresh(t.Context(), &coretest.Object{Value: value, Private: got.Private, Identity: got.Identity})
		messagetest.WantKinds(t, diags.Warnings(), message.OrderNotShown)
		if err != nil || len(diags) != 1 || !object.Value.Equal(byID.Value) || string(object.Private) != string(byID.Private) {
			t.Fatalf("%v\n%s\nby identity %s\nby ID %s", err, diags, object.Value, byID.Value)
		}
		h.Object = object
		h.MustApply(paid()) // only notes
		h.wantOrders(0, 0)
	})
}

func TestImport_InvalidIdentity_IsAnError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(t, emulator.Quirks{})
		_, resp := h.askImport(t, &tfprotov6.ImportResourceStateRequest{Identity: identityData(t, identityOf("cn-hangzhou", circuitID, "not-digits"))})
		diags := coretest.Diagnostics(resp.Diagnostics)
		if !diags.HasError() {
			t.Error("it is imported")
		}
		messagetest.WantKinds(t, diags.Errors(), message.WrongImportID)
		messagetest.WantValues(t, diags.Errors(), circuitID, "<region_id>/<physical_connection_id>/<order_id>")
	})
}
