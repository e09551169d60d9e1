package main

import (
	"context"
	"encoding/json"
	"fmt"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider"
)

// schemaJSON returns the parts of the output of "terraform providers schema -json" that
// tfplugindocs reads.
func schemaJSON(ctx context.Context) ([]byte, error) {
	server, err := providerserver.NewProtocol6WithError(provider.New("dev")())()
	if err != nil {
		return nil, err
	}
	schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, err
	}
	identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		return nil, err
	}
	var out tfjson.ProviderSchema
	if out.ConfigSchema, err = convert(schemas.Provider); err != nil {
		return nil, err
	}
	if out.ResourceSchemas, err = convertAll(schemas.ResourceSchemas, convert); err != nil {
		return nil, err
	}
	if out.DataSourceSchemas, err = convertAll(schemas.DataSourceSchemas, convert); err != nil {
		return nil, err
	}
	if out.ListResourceSchemas, err = convertAll(schemas.ListResourceSchemas, convert); err != nil {
		return nil, err
	}
	if out.ResourceIdentitySchemas, err = convertAll(identities.IdentitySchemas, convertIdentity); err != nil {
		return nil, err
	}
	return json.Marshal(tfjson.ProviderSchemas{FormatVersion: "1.0", Schemas: map[string]*tfjson.ProviderSchema{"expressconnect": &out}})
}

func convertAll[From, To any](schemas map[string]From, convert func(From) (To, error)) (map[string]To, error) {
	all := make(map[string]To, len(schemas))
	for name, schema := range schemas {
		converted, err := convert(schema)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all[name] = converted
	}
	return all, nil
}

func convert(schema *tfprotov6.Schema) (*tfjson.Schema, error) {
	block, err := convertBlock(schema.Block)
	return &tfjson.Schema{Version: uint64(schema.Version), Block: block}, err //nolint:gosec // Versions are not negative.
}

func convertBlock(block *tfprotov6.SchemaBlock) (*tfjson.SchemaBlock, error) {
	attributes, err := convertAttributes(block.Attributes)
	if err != nil {
		return nil, err
	}
	out := &tfjson.SchemaBlock{
		Attributes: attributes, NestedBlocks: map[string]*tfjson.SchemaBlockType{},
		Description: block.Description, DescriptionKind: kind(block.DescriptionKind),
	}
	for _, nested := range block.BlockTypes {
		if nested.Nesting != tfprotov6.SchemaNestedBlockNestingModeSingle {
			return nil, fmt.Errorf("block %s: nesting %s is not supported", nested.TypeName, nested.Nesting)
		}
		inner, err := convertBlock(nested.Block)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", nested.TypeName, err)
		}
		out.NestedBlocks[nested.TypeName] = &tfjson.SchemaBlockType{NestingMode: tfjson.SchemaNestingModeSingle, Block: inner}
	}
	return out, nil
}

func convertAttributes(attributes []*tfprotov6.SchemaAttribute) (map[string]*tfjson.SchemaAttribute, error) {
	all := map[string]*tfjson.SchemaAttribute{}
	for _, attribute := range attributes {
		out := &tfjson.SchemaAttribute{
			Description: attribute.Description, DescriptionKind: kind(attribute.DescriptionKind),
			Required: attribute.Required, Optional: attribute.Optional, Computed: attribute.Computed, Sensitive: attribute.Sensitive,
		}
		var err error
		if attribute.NestedType != nil {
			out.AttributeNestedType, err = convertNested(attribute.NestedType)
		} else {
			out.AttributeType, err = convertType(attribute.Type)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", attribute.Name, err)
		}
		all[attribute.Name] = out
	}
	return all, nil
}

var nestingModes = map[tfprotov6.SchemaObjectNestingMode]tfjson.SchemaNestingMode{
	tfprotov6.SchemaObjectNestingModeSingle: tfjson.SchemaNestingModeSingle,
	tfprotov6.SchemaObjectNestingModeList:   tfjson.SchemaNestingModeList,
	tfprotov6.SchemaObjectNestingModeSet:    tfjson.SchemaNestingModeSet,
	tfprotov6.SchemaObjectNestingModeMap:    tfjson.SchemaNestingModeMap,
}

func convertNested(object *tfprotov6.SchemaObject) (*tfjson.SchemaNestedAttributeType, error) {
	mode, ok := nestingModes[object.Nesting]
	if !ok {
		return nil, fmt.Errorf("nesting %s is not supported", object.Nesting)
	}
	attributes, err := convertAttributes(object.Attributes)
	return &tfjson.SchemaNestedAttributeType{NestingMode: mode, Attributes: attributes}, err
}

func convertIdentity(schema *tfprotov6.ResourceIdentitySchema) (*tfjson.IdentitySchema, error) {
	out := &tfjson.IdentitySchema{Version: uint64(schema.Version), Attributes: map[string]*tfjson.IdentityAttribute{}} //nolint:gosec // Versions are not negative.
	for _, attribute := range schema.IdentityAttributes {
		identityType, err := convertType(attribute.Type)
		if err != nil {
			return nil, err
		}
		out.Attributes[attribute.Name] = &tfjson.IdentityAttribute{
			IdentityType: identityType, Description: attribute.Description,
			RequiredForImport: attribute.RequiredForImport, OptionalForImport: attribute.OptionalForImport,
		}
	}
	return out, nil
}

// convertType converts a type by its JSON, which is the same in both libraries.
func convertType(t tftypes.Type) (out cty.Type, err error) {
	text, err := t.MarshalJSON() //nolint:staticcheck // Deprecated for others; it is the format of the CLI.
	if err != nil {
		return out, err
	}
	return out, json.Unmarshal(text, &out)
}

func kind(k tfprotov6.StringKind) tfjson.SchemaDescriptionKind {
	if k == tfprotov6.StringKindMarkdown {
		return tfjson.SchemaDescriptionKindMarkdown
	}
	return tfjson.SchemaDescriptionKindPlain
}
