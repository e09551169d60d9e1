package coretest

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Source is a data source of a configured provider.
type Source struct {
	server   tfprotov6.ProviderServer
	typeName string
	objType  tftypes.Object
}

// StartSource configures the provider behind a protocol server for the use of one of
// its data sources. Errors of the configuration come back as diagnostics.
func StartSource(ctx context.Context, server tfprotov6.ProviderServer, typeName string, config Values) (*Source, Diagnostics, error) {
	schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, nil, err
	}
	schema, ok := schemas.DataSourceSchemas[typeName]
	if !ok {
		return nil, nil, fmt.Errorf("the provider has no data source %s", typeName)
	}
	objType, isObject := schema.ValueType().(tftypes.Object)
	providerType, isObjectToo := schemas.Provider.ValueType().(tftypes.Object)
	if !isObject || !isObjectToo {
		return nil, nil, errors.New("a schema is no object")
	}
	value, err := dynamicOf(providerType, config)
	if err != nil {
		return nil, nil, err
	}
	configured, err := server.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{TerraformVersion: coreVersion, Config: value})
	if err != nil {
		return nil, nil, err
	}
	return &Source{server, typeName, objType}, configured.Diagnostics, nil
}

// Stop tells the provider to stop, as core does on the first Ctrl-C.
func (s *Source) Stop(ctx context.Context) error {
	_, err := s.server.StopProvider(ctx, &tfprotov6.StopProviderRequest{})
	return err
}

// Validate validates a data block.
func (s *Source) Validate(ctx context.Context, config Values) (Diagnostics, error) {
	value, err := dynamicOf(s.objType, config)
	if err != nil {
		return nil, err
	}
	resp, err := s.server.ValidateDataResourceConfig(ctx, &tfprotov6.ValidateDataResourceConfigRequest{TypeName: s.typeName, Config: value})
	if err != nil {
		return nil, err
	}
	return resp.Diagnostics, nil
}

// Read reads a data block, which is validated before, as core does. The attributes
// are nil if there is no state.
func (s *Source) Read(ctx context.Context, config Values) (map[string]tftypes.Value, Diagnostics, error) {
	if diags, err := s.Validate(ctx, config); err != nil || diags.HasError() {
		return nil, diags, err
	}
	value, err := dynamicOf(s.objType, config)
	if err != nil {
		return nil, nil, err
	}
	resp, err := s.server.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{TypeName: s.typeName, Config: value})
	if err != nil {
		return nil, nil, err
	}
	if resp.State == nil {
		return nil, resp.Diagnostics, nil
	}
	state, err := resp.State.Unmarshal(s.objType)
	if err != nil || state.IsNull() {
		return nil, resp.Diagnostics, err
	}
	var attributes map[string]tftypes.Value
	err = state.As(&attributes)
	return attributes, resp.Diagnostics, err
}
