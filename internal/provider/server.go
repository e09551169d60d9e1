package provider

import (
	"context"
	"strings"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/occupancyorder"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
)

// frameworkServer has the services of the framework's server. plugin-go finds the optional
// services by type assertion, so a server around it must have exactly these.
type frameworkServer interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
	tfprotov6.StateStoreServer
}

// server records the orders of the state when Terraform decodes them, refreshed or not. It
// also gives the errors of all validators one title.
type server struct {
	frameworkServer

	services func() *shared.Services
	// validated reports whether a configuration was validated and not yet used.
	validated atomic.Bool
}

// configured is a provider that returns the services of its last configuration.
type configured interface{ Services() *shared.Services }

// NewServer returns the protocol server of a provider of New, or of another provider with
// the method Services.
func NewServer(p provider.Provider) tfprotov6.ProviderServer {
	framework := providerserver.NewProtocol6(p)()
	complete, ok := framework.(frameworkServer)
	source, hasServices := p.(configured)
	if !ok || !hasServices {
		return framework
	}
	return &server{frameworkServer: complete, services: source.Services}
}

// ProtocolServer returns the protocol server of the provider.
func (p *expressConnect) ProtocolServer() tfprotov6.ProviderServer { return NewServer(p) }

// Services returns the services of the last configuration, nil before it.
func (p *expressConnect) Services() *shared.Services { return p.services.Load() }

// ValidateProviderConfig is called right before the configuration of one plan or apply.
func (s *server) ValidateProviderConfig(ctx context.Context, req *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	s.validated.Store(true)
	resp, err := s.frameworkServer.ValidateProviderConfig(ctx, req)
	if resp != nil {
		entitle(resp.Diagnostics)
	}
	return resp, err
}

// ValidateResourceConfig validates a resource block.
func (s *server) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	resp, err := s.frameworkServer.ValidateResourceConfig(ctx, req)
	if resp != nil {
		entitle(resp.Diagnostics)
	}
	return resp, err
}

// ValidateDataResourceConfig validates a data block.
func (s *server) ValidateDataResourceConfig(
	ctx context.Context, req *tfprotov6.ValidateDataResourceConfigRequest,
) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	resp, err := s.frameworkServer.ValidateDataResourceConfig(ctx, req)
	if resp != nil {
		entitle(resp.Diagnostics)
	}
	return resp, err
}

// ValidateListResourceConfig validates a list block.
func (s *server) ValidateListResourceConfig(
	ctx context.Context, req *tfprotov6.ValidateListResourceConfigRequest,
) (*tfprotov6.ValidateListResourceConfigResponse, error) {
	resp, err := s.frameworkServer.ValidateListResourceConfig(ctx, req)
	if resp != nil {
		entitle(resp.Diagnostics)
	}
	return resp, err
}

// entitle gives the errors of the framework's own validators, such as "Invalid Attribute
// Value Match", the title of ours.
func entitle(diags []*tfprotov6.Diagnostic) {
	for _, d := range diags {
		if strings.HasPrefix(d.Summary, "Invalid Attribute") {
			d.Summary = string(message.InvalidValue)
		}
	}
}

// ConfigureProvider starts a run. A provider block in a file of terraform test (since
// 1.12) is configured without a validation, for the plans and applies of all runs.
func (s *server) ConfigureProvider(ctx context.Context, req *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	resp, err := s.frameworkServer.ConfigureProvider(ctx, req)
	if services := s.services(); services != nil && s.validated.Swap(false) {
		services.Registry.SetSingleRun()
	}
	return resp, err
}

// ReadResource refreshes a resource.
func (s *server) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	defer s.beginCall()()
	resp, err := s.frameworkServer.ReadResource(ctx, req)
	if resp != nil {
		s.shorten(resp.Diagnostics)
	}
	return resp, err
}

// PlanResourceChange plans a resource.
func (s *server) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	defer s.beginCall()()
	if unchanged := occupancyorder.PlanUnchanged(req); unchanged != nil {
		return unchanged, nil
	}
	resp, err := s.frameworkServer.PlanResourceChange(ctx, req)
	if resp != nil {
		s.shorten(resp.Diagnostics)
	}
	return resp, err
}

// beginCall records a call of Terraform until the returned function is called.
func (s *server) beginCall() (end func()) {
	if services := s.services(); services != nil {
		return services.Registry.BeginCall()
	}
	return func() {}
}

// shorten leaves one sentence of each message that the session has shown for another
// resource. The messages of an apply are never shortened: they name requests and orders.
func (s *server) shorten(diags []*tfprotov6.Diagnostic) {
	services := s.services()
	if services == nil {
		return
	}
	for _, d := range diags {
		d.Detail = services.Explained.Shorten(d.Summary, d.Detail)
	}
}

// UpgradeResourceState is the one call that Terraform makes for each object of the state
// that it decodes, refreshed or not, before that object is planned.
func (s *server) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	resp, err := s.frameworkServer.UpgradeResourceState(ctx, req)
	services := s.services()
	if err != nil || services == nil || req.TypeName != occupancyorder.TypeName || req.RawState == nil {
		return resp, err
	}
	if conflict := occupancyorder.RecordState(services, req.RawState.JSON); conflict != nil {
		resp.Diagnostics = append(resp.Diagnostics, &tfprotov6.Diagnostic{
			Severity: tfprotov6.DiagnosticSeverityError, Summary: conflict.Summary(), Detail: conflict.Detail(),
			Attribute: tftypes.NewAttributePath().WithAttributeName("physical_connection_id"),
		})
		s.shorten(resp.Diagnostics)
	}
	return resp, nil
}
