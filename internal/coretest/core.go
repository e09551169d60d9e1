// Package tfcore plays Terraform's core against the provider's protocol server, in
// process: it plans, plans again inside an apply, taints, replaces, refreshes and
// imports one resource as core does, so that thousands of histories run in the
// time of one command. Core's own checks of a plan are not here; the tests with the
// real CLI have them.
package coretest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Process is one run of the provider, as core starts it for one walk.
type Process struct {
	server   tfprotov6.ProviderServer
	typeName string
	schema   *tfprotov6.Schema
	objType  tftypes.Object
	// vanished is the private data of an object that a refresh of this process has
	// removed: core plans the next one with it.
	vanished []byte
}

// Values are the arguments of a configuration; what is left out is null. A nested
// block is given as Values too, a list or set of texts as []string, a map of texts as
// map[string]string, and a value that is not known yet as Unknown.
type Values map[string]any

// Unknown is a value that is not known yet.
type Unknown struct{}

// Object is a resource instance in the state.
type Object struct {
	Value    tftypes.Value
	Private  []byte
	Identity *tfprotov6.ResourceIdentityData
	Tainted  bool
	// Deposed is the object that this one was created to replace, as long as it could
	// not be removed. Later walks do not play it.
	Deposed *Object
}

// Serve returns the protocol server of a new provider: the one that the provider
// brings along, else the framework's.
func Serve(newProvider func() provider.Provider) (tfprotov6.ProviderServer, error) {
	p := newProvider()
	if own, ok := p.(interface {
		ProtocolServer() tfprotov6.ProviderServer
	}); ok {
		return own.ProtocolServer(), nil
	}
	return providerserver.NewProtocol6WithError(p)()
}

// Start starts the provider and configures it. Errors of the configuration come
// back as diagnostics.
func Start(ctx context.Context, newProvider func() provider.Provider, typeName string, config Values) (*Process, Diagnostics, error) {
	server, err := Serve(newProvider)
	if err != nil {
		return nil, nil, err
	}
	return StartServer(ctx, server, typeName, config)
}

// StartServer is Start for a protocol server that is there already.
func StartServer(ctx context.Context, server tfprotov6.ProviderServer, typeName string, config Values) (*Process, Diagnostics, error) {
	known, err := schemasOf(ctx, server, typeName)
	if err != nil {
		return nil, nil, err
	}
	p := &Process{server: server, typeName: typeName, schema: known.resource, objType: known.resourceType}
	value, err := dynamicOf(known.providerType, config)
	if err != nil {
		return nil, nil, err
	}
	// Core validates the configuration before it configures a provider with it.
	validated, err := server.ValidateProviderConfig(ctx, &tfprotov6.ValidateProviderConfigRequest{Config: value})
	if err != nil {
		return nil, nil, err
	}
	if diags := Diagnostics(validated.Diagnostics); diags.HasError() {
		return p, diags, nil
	}
	configured, err := server.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{TerraformVersion: coreVersion, Config: value})
	if err != nil {
		return nil, nil, err
	}
	return p, configured.Diagnostics, nil
}

// coreVersion is the version of Terraform that is told to the provider.
const coreVersion = "1.11.4"

// schemas are what a process needs of the provider's schemas.
type schemas struct {
	resource                   *tfprotov6.Schema
	resourceType, providerType tftypes.Object
}

// cached holds the schemas by resource type: they are the same for each process, and
// thousands of processes run in one test.
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
	resourceType, isObject := resource.ValueType().(tftypes.Object)
	providerType, isObjectToo := answer.Provider.ValueType().(tftypes.Object)
	if !isObject || !isObjectToo {
		return schemas{}, errors.New("a schema is no object")
	}
	known := schemas{resource, resourceType, providerType}
	cached.Store(typeName, known)
	return known, nil
}

// Stop tells the provider to stop, as core does on the first Ctrl-C.
func (p *Process) Stop(ctx context.Context) error {
	_, err := p.server.StopProvider(ctx, &tfprotov6.StopProviderRequest{})
	return err
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

// Refresh decodes the object and reads it. It returns nil when the provider removed it.
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
	object, more, err := p.read(ctx, object) // It was not decoded from a state.
	return object, append(diags, more...), err
}

func (p *Process) null() tftypes.Value { return tftypes.NewValue(p.objType, nil) }

// object makes an object of an answer; nil for a null state.
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

// Diagnostics are what the provider said.
type Diagnostics []*tfprotov6.Diagnostic

// HasError reports whether one of them is an error.
func (d Diagnostics) HasError() bool { return len(d.Errors()) > 0 }

// Errors returns the errors among them.
func (d Diagnostics) Errors() Diagnostics { return d.of(tfprotov6.DiagnosticSeverityError) }

// Warnings returns the warnings among them.
func (d Diagnostics) Warnings() Diagnostics { return d.of(tfprotov6.DiagnosticSeverityWarning) }

func (d Diagnostics) of(severity tfprotov6.DiagnosticSeverity) Diagnostics {
	var some Diagnostics
	for _, diagnostic := range d {
		if diagnostic.Severity == severity {
			some = append(some, diagnostic)
		}
	}
	return some
}

// String shows them as a user reads them, with the attribute first.
func (d Diagnostics) String() string {
	var b strings.Builder
	for _, diagnostic := range d {
		fmt.Fprintf(&b, "%s: ", diagnostic.Severity)
		if diagnostic.Attribute != nil {
			fmt.Fprintf(&b, "[%s] ", diagnostic.Attribute)
		}
		fmt.Fprintf(&b, "%s\n%s\n", diagnostic.Summary, diagnostic.Detail)
	}
	return b.String()
}
