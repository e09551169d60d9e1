package provider_test

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"slices"
	"testing"

	fwprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/occupancyorder"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
)

// optionalServices are the services that plugin-go finds by type assertion.
var optionalServices = map[string]func(tfprotov6.ProviderServer) bool{
	"list resources": serves[tfprotov6.ProviderServerWithListResource], //nolint:staticcheck // As plugin-go asks.
	"actions":        serves[tfprotov6.ProviderServerWithActions],      //nolint:staticcheck // As plugin-go asks.
	"state stores":   serves[tfprotov6.ProviderServerWithStateStores],  //nolint:staticcheck // As plugin-go asks.
}

func serves[S any](server tfprotov6.ProviderServer) bool {
	_, ok := server.(S)
	return ok
}

func TestServer_HasTheOptionalServicesOfTheFramework(t *testing.T) {
	t.Parallel()
	p := provider.New("test")()
	own, framework := provider.NewServer(p), providerserver.NewProtocol6(p)()
	if reflect.TypeOf(own) == reflect.TypeOf(framework) {
		t.Fatal("no server around the framework's records the orders of the state")
	}
	for name, has := range optionalServices {
		if has(own) != has(framework) {
			t.Errorf("%s: served %t, and the framework %t", name, has(own), has(framework))
		}
	}
}

func TestServer_IsTheServerOfTheProvider(t *testing.T) {
	t.Parallel()
	p := provider.New("test")()
	of, ok := p.(interface {
		ProtocolServer() tfprotov6.ProviderServer
	})
	if !ok || reflect.TypeOf(of.ProtocolServer()) != reflect.TypeOf(provider.NewServer(p)) {
		t.Error("the provider serves something else")
	}
}

// The server passes every other call to the framework, so both return the same.
func TestServer_PassesOnOtherCalls(t *testing.T) {
	t.Parallel()
	framework, config := serve(t, complete)
	own := provider.NewServer(provider.NewWithTransport("test", noNetwork{t})())
	for _, server := range []tfprotov6.ProviderServer{framework, own} {
		if resp, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.14.0", Config: config}); err != nil || len(resp.Diagnostics) > 0 {
			t.Fatal(err, resp)
		}
	}
	schemas, err := own.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	resource := schemas.ResourceSchemas[occupancyorder.TypeName].ValueType()
	nothing := dynamic(t, resource, nil)
	state := &tfprotov6.RawState{JSON: []byte(`{"order_id":"1"}`)}
	calls := map[string]func(server tfprotov6.ProviderServer) (any, error){
		"GetMetadata": func(s tfprotov6.ProviderServer) (any, error) {
			resp, err := s.GetMetadata(t.Context(), &tfprotov6.GetMetadataRequest{})
			if err == nil { // In the order of a map.
				slices.SortFunc(resp.DataSources, func(a, b tfprotov6.DataSourceMetadata) int { return cmp.Compare(a.TypeName, b.TypeName) })
				slices.SortFunc(resp.Resources, func(a, b tfprotov6.ResourceMetadata) int { return cmp.Compare(a.TypeName, b.TypeName) })
				slices.SortFunc(resp.ListResources, func(a, b tfprotov6.ListResourceMetadata) int { return cmp.Compare(a.TypeName, b.TypeName) })
			}
			return resp, err
		},
		"GetProviderSchema": func(s tfprotov6.ProviderServer) (any, error) {
			return s.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
		},
		"GetResourceIdentitySchemas": func(s tfprotov6.ProviderServer) (any, error) {
			return s.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
		},
		"GetFunctions": func(s tfprotov6.ProviderServer) (any, error) {
			return s.GetFunctions(t.Context(), &tfprotov6.GetFunctionsRequest{})
		},
		"CallFunction": func(s tfprotov6.ProviderServer) (any, error) {
			return s.CallFunction(t.Context(), &tfprotov6.CallFunctionRequest{Name: "none"})
		},
		"ImportResourceState by ID": func(s tfprotov6.ProviderServer) (any, error) {
			return s.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: occupancyorder.TypeName, ID: "not an ID"})
		},
		"MoveResourceState": func(s tfprotov6.ProviderServer) (any, error) {
			return s.MoveResourceState(t.Context(), &tfprotov6.MoveResourceStateRequest{
				SourceTypeName: "alicloud_other", TargetTypeName: occupancyorder.TypeName, SourceProviderAddress: "registry.terraform.io/aliyun/alicloud", SourceState: state,
			})
		},
		"UpgradeResourceIdentity": func(s tfprotov6.ProviderServer) (any, error) {
			return s.UpgradeResourceIdentity(t.Context(), &tfprotov6.UpgradeResourceIdentityRequest{TypeName: occupancyorder.TypeName, RawIdentity: state})
		},
		"UpgradeResourceState of nothing": func(s tfprotov6.ProviderServer) (any, error) {
			return s.UpgradeResourceState(t.Context(), &tfprotov6.UpgradeResourceStateRequest{TypeName: occupancyorder.TypeName})
		},
		"UpgradeResourceState of another type": func(s tfprotov6.ProviderServer) (any, error) {
			return s.UpgradeResourceState(t.Context(), &tfprotov6.UpgradeResourceStateRequest{TypeName: "expressconnect_none", RawState: state})
		},
		"UpgradeResourceState of an order": func(s tfprotov6.ProviderServer) (any, error) {
			return s.UpgradeResourceState(t.Context(), &tfprotov6.UpgradeResourceStateRequest{TypeName: occupancyorder.TypeName, RawState: state})
		},
		"ValidateProviderConfig": func(s tfprotov6.ProviderServer) (any, error) {
			return s.ValidateProviderConfig(t.Context(), &tfprotov6.ValidateProviderConfigRequest{Config: config})
		},
		"ValidateListResourceConfig": func(s tfprotov6.ProviderServer) (any, error) {
			list, ok := s.(tfprotov6.ProviderServerWithListResource) //nolint:staticcheck // As plugin-go asks.
			if !ok {
				return nil, fmt.Errorf("%T lists nothing", s)
			}
			typ := schemas.ListResourceSchemas[occupancyorder.TypeName].ValueType()
			return list.ValidateListResourceConfig(t.Context(), &tfprotov6.ValidateListResourceConfigRequest{
				TypeName: occupancyorder.TypeName, Config: dynamic(t, typ, values{"region_id": "no region"}),
			})
		},
		"ReadResource of nothing": func(s tfprotov6.ProviderServer) (any, error) {
			return s.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{TypeName: occupancyorder.TypeName, CurrentState: nothing})
		},
		"StopProvider": func(s tfprotov6.ProviderServer) (any, error) {
			return s.StopProvider(t.Context(), &tfprotov6.StopProviderRequest{})
		},
	}
	for name, call := range calls {
		want, wantErr := call(framework)
		got, err := call(own)
		if fmt.Sprint(err) != fmt.Sprint(wantErr) || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v, want %+v, %v", name, got, err, want, wantErr)
		}
	}
}

func dynamic(t *testing.T, typ tftypes.Type, value any) *tfprotov6.DynamicValue {
	t.Helper()
	made, err := tfprotov6.NewDynamicValue(typ, valueOf(t, typ, value))
	if err != nil {
		t.Fatal(err)
	}
	return &made
}

// The server records the state in the services of the last configuration.
func TestServer_RecordsOrdersInTheServicesOfTheLastConfiguration(t *testing.T) {
	t.Parallel()
	p := provider.NewWithTransport("test", noNetwork{t})()
	of, ok := p.(interface{ Services() *shared.Services })
	if !ok {
		t.Fatal("the provider has no services")
	}
	server := provider.NewServer(p)
	_, config := serve(t, complete)
	key := circuit.Key{Region: "cn-hangzhou", CircuitID: "pc-one"}
	state := &tfprotov6.RawState{JSON: []byte(`{"region_id":"cn-hangzhou","physical_connection_id":"pc-one","order_id":"1"}`)}
	decode := func() {
		t.Helper()
		if _, err := server.UpgradeResourceState(t.Context(), &tfprotov6.UpgradeResourceStateRequest{TypeName: occupancyorder.TypeName, RawState: state}); err != nil {
			t.Fatal(err)
		}
	}
	configure := func() {
		t.Helper()
		if _, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.14.0", Config: config}); err != nil {
			t.Fatal(err)
		}
	}
	decode() // before any configuration
	configure()
	if held := of.Services().Registry.ExistingOrder(key); held != "" {
		t.Errorf("order %s is held before it is decoded", held)
	}
	decode()
	if held := of.Services().Registry.ExistingOrder(key); held != "1" {
		t.Errorf("held is %q, want 1", held)
	}
	configure()
	if held := of.Services().Registry.ExistingOrder(key); held != "" {
		t.Errorf("order %s of the run before is held", held)
	}
}

// strange is a provider without the method Services.
type strange struct{ fwprovider.Provider }

func TestServer_OfAnotherProvider_IsTheFrameworksServer(t *testing.T) {
	t.Parallel()
	p := strange{provider.New("test")()}
	if reflect.TypeOf(provider.NewServer(p)) != reflect.TypeOf(providerserver.NewProtocol6(p)()) {
		t.Error("another provider gets a server that records the state")
	}
}

func TestValidate_FractionalNumber_IsAnErrorOnItsAttribute(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		arguments values
		at        []string
	}{
		"max_new_orders":        {values{"max_new_orders": 2.5}, []string{"max_new_orders"}},
		"less than one order":   {values{"max_new_orders": 0.5}, []string{"max_new_orders"}},
		"session_expiration":    {values{"assume_role": values{"session_expiration": 900.5}}, []string{"assume_role", "session_expiration"}},
		"less than a second":    {values{"assume_role": values{"session_expiration": 0.5}}, []string{"assume_role", "session_expiration"}},
		"of a token":            {values{"assume_role_with_oidc": values{"session_expiration": 1000.5}}, []string{"assume_role_with_oidc", "session_expiration"}},
		"beyond every integer":  {values{"max_new_orders": 1e300}, []string{"max_new_orders"}},
		"whole":                 {values{"max_new_orders": 2.0}, nil},
		"whole, of a role":      {values{"assume_role": values{"session_expiration": 1000.0}}, nil},
		"not known yet":         {values{"max_new_orders": unknown{}}, nil},
		"none of all, in short": {values{}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, config := serve(t, test.arguments)
			resp, err := server.ValidateProviderConfig(t.Context(), &tfprotov6.ValidateProviderConfigRequest{Config: config})
			if err != nil {
				t.Fatal(err)
			}
			diags := coretest.Diagnostics(resp.Diagnostics)
			if test.at == nil {
				if len(diags) != 0 {
					t.Errorf("%s", diags)
				}
				return
			}
			at := tftypes.NewAttributePath()
			for _, step := range test.at {
				at = at.WithAttributeName(step)
			}
			if len(diags) != 1 || !diags.HasError() || !at.Equal(diags[0].Attribute) || !message.InvalidValue.Matches(diags[0].Summary) {
				t.Errorf("want one error on %s:\n%s", at, diags)
			}
		})
	}
}

func TestServer_ListResource_ReachesTheResource(t *testing.T) {
	t.Parallel()
	server := provider.NewServer(provider.NewWithTransport("test", &noCircuits{})())
	_, config := serve(t, complete)
	if _, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.14.0", Config: config}); err != nil {
		t.Fatal(err)
	}
	list, ok := server.(tfprotov6.ProviderServerWithListResource) //nolint:staticcheck // As plugin-go asks.
	if !ok {
		t.Fatal("terraform query finds nothing")
	}
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	stream, err := list.ListResource(context.WithoutCancel(t.Context()), &tfprotov6.ListResourceRequest{
		TypeName: occupancyorder.TypeName, Config: dynamic(t, schemas.ListResourceSchemas[occupancyorder.TypeName].ValueType(), values{}), Limit: 10,
	})
	if err != nil {
		t.Fatal(err)
	}
	for result := range stream.Results {
		t.Errorf("an account without circuits has %+v", result)
	}
}
