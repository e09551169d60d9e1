package coretest

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Source is a data source of a configured provider.
type Source struct{ connection }

// StartSource configures the provider of a protocol server, to use one of its data
// sources. It returns errors of the configuration as diagnostics.
func StartSource(ctx context.Context, server tfprotov6.ProviderServer, typeName string, config Values) (*Source, Diagnostics, error) {
	schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, nil, err
	}
	schema, ok := schemas.DataSourceSchemas[typeName]
	if !ok {
		return nil, nil, fmt.Errorf("the provider has no data source %s", typeName)
	}
	diags, err := configure(ctx, server, objectType(schemas.Provider), config)
	if err != nil {
		return nil, nil, err
	}
	return &Source{connection{server, typeName, objectType(schema)}}, diags, nil
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

// Read validates and reads a data block, as core does. The attributes are nil if there is
// no state.
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
