// Package coretest plays Terraform's core against the protocol server of the provider.
// It runs in process: it plans, plans again inside an apply, taints, replaces, refreshes
// and imports one resource as core does. A test can run thousands of histories in the
// time of one command. Core's own checks of a plan are not here; the tests with the real
// CLI have them.
package coretest

import (
	"context"
	"fmt"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// coreVersion is the version of Terraform that the provider sees.
const coreVersion = "1.11.4"

// connection connects core to one type of a running provider.
type connection struct {
	server   tfprotov6.ProviderServer
	typeName string
	objType  tftypes.Object
}

// Stop stops the provider, as core does on the first Ctrl-C.
func (c *connection) Stop(ctx context.Context) error {
	_, err := c.server.StopProvider(ctx, &tfprotov6.StopProviderRequest{})
	return err
}

// Process is one run of the provider, as core starts it for one plan or apply.
type Process struct {
	connection
	schema *tfprotov6.Schema
	// vanished is the private data of an object that a refresh of this process removed.
	// Core plans the next object with it.
	vanished []byte
}

// Object is a resource instance in the state.
type Object struct {
	Value    tftypes.Value
	Private  []byte
	Identity *tfprotov6.ResourceIdentityData
	Tainted  bool
	// Deposed is the object that this one replaced and that could not be removed. Later
	// plans and applies ignore it.
	Deposed *Object
}

// Serve returns the protocol server of a new provider: the provider's own server if it
// has one, otherwise that of the framework.
func Serve(newProvider func() provider.Provider) (tfprotov6.ProviderServer, error) {
	p := newProvider()
	if own, ok := p.(interface {
		ProtocolServer() tfprotov6.ProviderServer
	}); ok {
		return own.ProtocolServer(), nil
	}
	return providerserver.NewProtocol6WithError(p)()
}

// Start starts the provider and configures it. It returns errors of the configuration as
// diagnostics.
func Start(ctx context.Context, newProvider func() provider.Provider, typeName string, config Values) (*Process, Diagnostics, error) {
	server, err := Serve(newProvider)
	if err != nil {
		return nil, nil, err
	}
	return StartServer(ctx, server, typeName, config)
}

// StartServer is like Start, for a protocol server that exists already.
func StartServer(ctx context.Context, server tfprotov6.ProviderServer, typeName string, config Values) (*Process, Diagnostics, error) {
	known, err := schemasOf(ctx, server, typeName)
	if err != nil {
		return nil, nil, err
	}
	diags, err := configure(ctx, server, known.providerType, config)
	if err != nil {
		return nil, nil, err
	}
	return &Process{connection: connection{server, typeName, known.resourceType}, schema: known.resource}, diags, nil
}

// configure validates a configuration of the provider, and configures the provider if
// there is no error.
func configure(ctx context.Context, server tfprotov6.ProviderServer, providerType tftypes.Object, config Values) (Diagnostics, error) {
	value, err := dynamicOf(providerType, config)
	if err != nil {
		return nil, err
	}
	validated, err := server.ValidateProviderConfig(ctx, &tfprotov6.ValidateProviderConfigRequest{Config: value})
	if err != nil {
		return nil, err
	}
	if diags := Diagnostics(validated.Diagnostics); diags.HasError() {
		return diags, nil
	}
	configured, err := server.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{TerraformVersion: coreVersion, Config: value})
	if err != nil {
		return nil, err
	}
	return configured.Diagnostics, nil
}

// schemas are the schemas and types that a process needs.
type schemas struct {
	resource                   *tfprotov6.Schema
	resourceType, providerType tftypes.Object
}

// cached holds the schemas by resource type. They are the same for every process, and
// one test runs thousands of processes.
var cached sync.Map

func schemasOf(ctx context.Context, server tfprotov6.ProviderServer, typeName string) (schemas, error) {
	if known, ok := cached.Load(typeName); ok {
		return known.(schemas), nil //nolint:forcetypeassert // Stored below.
	}
	answer, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return schemas{}, err
	}
	resource, ok := answer.ResourceSchemas[typeName]
	if !ok {
		return schemas{}, fmt.Errorf("the provider has no resource %s", typeName)
	}
	known := schemas{resource, objectType(resource), objectType(answer.Provider)}
	cached.Store(typeName, known)
	return known, nil
}

// objectType returns the type of the values of a schema.
func objectType(schema *tfprotov6.Schema) tftypes.Object {
	return schema.ValueType().(tftypes.Object) //nolint:forcetypeassert // Every schema is an object.
}

// Validate validates a configuration.
func (p *Process) Validate(ctx context.Context, config Values) (Diagnostics, error) {
	value, err := dynamicOf(p.objType, config)
	if err != nil {
		return nil, err
	}
	resp, err := p.server.ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{TypeName: p.typeName, Config: value})
	if err != nil {
		return nil, err
	}
	return resp.Diagnostics, nil
}

// Refresh decodes the object and reads it. It returns nil if the provider removed it.
func (p *Process) Refresh(ctx context.Context, object *Object) (*Object, Diagnostics, error) {
	decoded, diags, err := p.decode(ctx, object)
	if err != nil || diags.HasError() {
		return object, diags, err
	}
	refreshed, more, err := p.read(ctx, decoded)
	return refreshed, append(diags, more...), err
}

func (p *Process) read(ctx context.Context, object *Object) (*Object, Diagnostics, error) {
	state, err := tfprotov6.NewDynamicValue(p.objType, object.Value)
	if err != nil {
		return nil, nil, err
	}
	resp, err := p.server.ReadResource(ctx, &tfprotov6.ReadResourceRequest{
		TypeName: p.typeName, CurrentState: &state, Private: object.Private, CurrentIdentity: object.Identity,
	})
	if err != nil {
		return nil, nil, err
	}
	refreshed, err := p.object(resp.NewState, resp.Private, resp.NewIdentity)
	if refreshed != nil {
		refreshed.Tainted = object.Tainted
	} else {
		p.vanished = resp.Private
	}
	return refreshed, resp.Diagnostics, err
}

// Import imports an order by its ID and reads it, as core does.
func (p *Process) Import(ctx context.Context, id string) (*Object, Diagnostics, error) {
	resp, err := p.server.ImportResourceState(ctx, &tfprotov6.ImportResourceStateRequest{TypeName: p.typeName, ID: id})
	if err != nil {
		return nil, nil, err
	}
	diags := Diagnostics(resp.Diagnostics)
	if diags.HasError() {
		return nil, diags, nil
	}
	if len(resp.ImportedResources) != 1 {
		return nil, diags, fmt.Errorf("%d objects imported", len(resp.ImportedResources))
	}
	imported := resp.ImportedResources[0]
	object, err := p.object(imported.State, imported.Private, imported.Identity)
	if err != nil {
		return nil, diags, err
	}
	object, more, err := p.read(ctx, object) // It comes from no state, so it is not decoded.
	return object, append(diags, more...), err
}

func (p *Process) null() tftypes.Value { return tftypes.NewValue(p.objType, nil) }

// object returns the object of an answer, nil for a null state.
func (p *Process) object(state *tfprotov6.DynamicValue, private []byte, identity *tfprotov6.ResourceIdentityData) (*Object, error) {
	if state == nil {
		return nil, nil
	}
	value, err := state.Unmarshal(p.objType)
	if err != nil || value.IsNull() {
		return nil, err
	}
	return &Object{Value: value, Private: private, Identity: identity}, nil
}
