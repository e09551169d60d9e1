package provider

import (
	"context"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/occupancyorder"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
)

// frameworkServer is what the framework serves. plugin-go finds the optional services by
// type assertion, so that a server around it must have exactly those.
type frameworkServer interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
	tfprotov6.StateStoreServer
}

// server notes the orders of the state as Terraform decodes them, refreshed or not. It
// hands everything else on to the framework.
type server struct {
	frameworkServer

	session func() *shared.Services
	// validated reports whether a configuration was validated and not yet used.
	validated atomic.Bool
}

// configured is a provider that knows its configured session.
type configured interface{ Services() *shared.Services }

// NewServer returns the protocol server of a provider of New, or of one around it that
// has its method Session.
func NewServer(p provider.Provider) tfprotov6.ProviderServer {
	framework := providerserver.NewProtocol6(p)()
	services, complete := framework.(frameworkServer)
	of, known := p.(configured)
	if !complete || !known {
		return framework
	}
	return &server{frameworkServer: services, session: of.Services}
}

// ProtocolServer returns the protocol server of the provider.
func (p *expressConnect) ProtocolServer() tfprotov6.ProviderServer { return NewServer(p) }

// Session returns the session of the last configuration, nil before it.
func (p *expressConnect) Services() *shared.Services { return p.services.Load() }

// ValidateProviderConfig is called right before the configuration of one plan or apply.
func (s *server) ValidateProviderConfig(ctx context.Context, req *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	s.validated.Store(true)
	return s.frameworkServer.ValidateProviderConfig(ctx, req)
}

// ConfigureProvider begins a session. A provider block in a file of terraform test (since
// 1.12) is configured without a validation, for the plans and applies of all runs.
func (s *server) ConfigureProvider(ctx context.Context, req *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	resp, err := s.frameworkServer.ConfigureProvider(ctx, req)
	if session := s.session(); session != nil && s.validated.Swap(false) {
		session.Registry.SetSingleRun()
	}
	return resp, err
}

// UpgradeResourceState is the one call that Terraform makes for each object of the state
// that it decodes, refreshed or not, before that object is planned.
func (s *server) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	resp, err := s.frameworkServer.UpgradeResourceState(ctx, req)
	session := s.session()
	if err != nil || session == nil || req.TypeName != occupancyorder.TypeName || req.RawState == nil {
		return resp, err
	}
	if conflict := occupancyorder.RecordState(session, req.RawState.JSON); conflict != nil {
		resp.Diagnostics = append(resp.Diagnostics, &tfprotov6.Diagnostic{
			Severity: tfprotov6.DiagnosticSeverityError, Summary: conflict.Summary(), Detail: conflict.Detail(),
			Attribute: tftypes.NewAttributePath().WithAttributeName("physical_connection_id"),
		})
	}
	return resp, nil
}
