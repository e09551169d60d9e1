package coretest

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Listed is one result of a query.
type Listed struct {
	DisplayName string
	// Object holds the identity and, if the query asks for it, the value.
	Object *Object
}

// List lists resources of the process's type, at most limit.
func (p *Process) List(ctx context.Context, config Values, withValues bool, limit int64) ([]Listed, Diagnostics, error) {
	server, ok := p.server.(tfprotov6.ListResourceServer)
	if !ok {
		return nil, nil, errors.New("the server lists nothing")
	}
	schemas, err := p.server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, nil, err
	}
	schema, ok := schemas.ListResourceSchemas[p.typeName]
	if !ok {
		return nil, nil, fmt.Errorf("the provider does not list %s", p.typeName)
	}
	value, err := dynamicOf(objectType(schema), config)
	if err != nil {
		return nil, nil, err
	}
	validated, err := server.ValidateListResourceConfig(ctx, &tfprotov6.ValidateListResourceConfigRequest{TypeName: p.typeName, Config: value})
	if err != nil {
		return nil, nil, err
	}
	diags := Diagnostics(validated.Diagnostics)
	if diags.HasError() {
		return nil, diags, nil
	}
	stream, err := server.ListResource(ctx, &tfprotov6.ListResourceRequest{
		TypeName: p.typeName, Config: value, IncludeResource: withValues, Limit: limit,
	})
	if err != nil {
		return nil, nil, err
	}
	var found []Listed
	for result := range stream.Results {
		diags = append(diags, result.Diagnostics...)
		if result.Identity == nil {
			continue
		}
		object, err := p.object(result.Resource, nil, result.Identity)
		if err != nil {
			return nil, nil, err
		}
		if object == nil {
			object = &Object{Value: p.null(), Identity: result.Identity}
		}
		found = append(found, Listed{result.DisplayName, object})
	}
	return found, diags, nil
}
