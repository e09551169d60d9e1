package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider"
)

// The structs below are the parts of the output of "terraform providers schema
// -json" that tfplugindocs reads.

type schemasJSON struct {
	FormatVersion string                        `json:"format_version"`
	Providers     map[string]providerSchemaJSON `json:"provider_schemas"`
}

type providerSchemaJSON struct {
	Provider    schemaObject                  `json:"provider"`
	Resources   map[string]schemaObject       `json:"resource_schemas"`
	DataSources map[string]schemaObject       `json:"data_source_schemas"`
	Lists       map[string]schemaObject       `json:"list_resource_schemas"`
	Identities  map[string]identitySchemaJSON `json:"resource_identity_schemas"`
}

type schemaObject struct {
	Version int64     `json:"version"`
	Block   blockJSON `json:"block"`
}

type blockJSON struct {
	Attributes      map[string]attributeJSON `json:"attributes,omitempty"`
	Blocks          map[string]nestedJSON    `json:"block_types,omitempty"`
	Description     string                   `json:"description,omitempty"`
	DescriptionKind string                   `json:"description_kind,omitempty"`
}

type attributeJSON struct {
	// Either Type or Nested is set.
	Type            json.RawMessage      `json:"type,omitempty"`
	Nested          *nestedAttributeJSON `json:"nested_type,omitempty"`
	Description     string               `json:"description,omitempty"`
	DescriptionKind string               `json:"description_kind,omitempty"`
	Required        bool                 `json:"required,omitempty"`
	Optional        bool                 `json:"optional,omitempty"`
	Computed        bool                 `json:"computed,omitempty"`
	Sensitive       bool                 `json:"sensitive,omitempty"`
}

type nestedAttributeJSON struct {
	NestingMode string                   `json:"nesting_mode"`
	Attributes  map[string]attributeJSON `json:"attributes"`
}

type nestedJSON struct {
	NestingMode string    `json:"nesting_mode"`
	Block       blockJSON `json:"block"`
}

type identitySchemaJSON struct {
	Version    int64                            `json:"version"`
	Attributes map[string]identityAttributeJSON `json:"attributes"`
}

type identityAttributeJSON struct {
	Type              json.RawMessage `json:"type"`
	Description       string          `json:"description,omitempty"`
	RequiredForImport bool            `json:"required_for_import,omitempty"`
	OptionalForImport bool            `json:"optional_for_import,omitempty"`
}

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
	out := providerSchemaJSON{Identities: map[string]identitySchemaJSON{}}
	if out.Provider, err = convert(schemas.Provider); err != nil {
		return nil, err
	}
	if out.Resources, err = convertAll(schemas.ResourceSchemas); err != nil {
		return nil, err
	}
	if out.DataSources, err = convertAll(schemas.DataSourceSchemas); err != nil {
		return nil, err
	}
	if out.Lists, err = convertAll(schemas.ListResourceSchemas); err != nil {
		return nil, err
	}
	for name, schema := range identities.IdentitySchemas {
		if out.Identities[name], err = convertIdentity(schema); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return json.Marshal(schemasJSON{FormatVersion: "1.0", Providers: map[string]providerSchemaJSON{"expressconnect": out}})
}

func convertAll(schemas map[string]*tfprotov6.Schema) (map[string]schemaObject, error) {
	all := make(map[string]schemaObject, len(schemas))
	for name, schema := range schemas {
		converted, err := convert(schema)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all[name] = converted
	}
	return all, nil
}

func convert(schema *tfprotov6.Schema) (schemaObject, error) {
	block, err := convertBlock(schema.Block)
	return schemaObject{Version: schema.Version, Block: block}, err
}

func convertBlock(block *tfprotov6.SchemaBlock) (blockJSON, error) {
	attributes, err := convertAttributes(block.Attributes)
	out := blockJSON{
		Attributes: attributes, Blocks: map[string]nestedJSON{},
		Description: block.Description, DescriptionKind: kind(block.DescriptionKind),
	}
	if err != nil {
		return out, err
	}
	for _, nested := range block.BlockTypes {
		if nested.Nesting != tfprotov6.SchemaNestedBlockNestingModeSingle {
			return out, fmt.Errorf("block %s: nesting %s is not converted yet", nested.TypeName, nested.Nesting)
		}
		inner, err := convertBlock(nested.Block)
		if err != nil {
			return out, fmt.Errorf("%s: %w", nested.TypeName, err)
		}
		out.Blocks[nested.TypeName] = nestedJSON{NestingMode: "single", Block: inner}
	}
	return out, nil
}

func convertAttributes(attributes []*tfprotov6.SchemaAttribute) (map[string]attributeJSON, error) {
	all := map[string]attributeJSON{}
	for _, attribute := range attributes {
		out := attributeJSON{
			Description: attribute.Description, DescriptionKind: kind(attribute.DescriptionKind),
			Required: attribute.Required, Optional: attribute.Optional, Computed: attribute.Computed, Sensitive: attribute.Sensitive,
		}
		var err error
		if attribute.NestedType != nil {
			out.Nested, err = convertNested(attribute.NestedType)
		} else {
			out.Type, err = typeJSON(attribute.Type)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", attribute.Name, err)
		}
		all[attribute.Name] = out
	}
	return all, nil
}

// nestingModes are the names of the modes in the CLI's output.
var nestingModes = map[tfprotov6.SchemaObjectNestingMode]string{
	tfprotov6.SchemaObjectNestingModeSingle: "single",
	tfprotov6.SchemaObjectNestingModeList:   "list",
	tfprotov6.SchemaObjectNestingModeSet:    "set",
	tfprotov6.SchemaObjectNestingModeMap:    "map",
}

func convertNested(object *tfprotov6.SchemaObject) (*nestedAttributeJSON, error) {
	mode, known := nestingModes[object.Nesting]
	if !known {
		return nil, fmt.Errorf("nesting %s is not known", object.Nesting)
	}
	attributes, err := convertAttributes(object.Attributes)
	return &nestedAttributeJSON{NestingMode: mode, Attributes: attributes}, err
}

func convertIdentity(schema *tfprotov6.ResourceIdentitySchema) (identitySchemaJSON, error) {
	out := identitySchemaJSON{Version: schema.Version, Attributes: map[string]identityAttributeJSON{}}
	for _, attribute := range schema.IdentityAttributes {
		attributeType, err := typeJSON(attribute.Type)
		if err != nil {
			return out, err
		}
		out.Attributes[attribute.Name] = identityAttributeJSON{
			Type: attributeType, Description: attribute.Description,
			RequiredForImport: attribute.RequiredForImport, OptionalForImport: attribute.OptionalForImport,
		}
	}
	return out, nil
}

func typeJSON(t tftypes.Type) (json.RawMessage, error) {
	return t.MarshalJSON() //nolint:staticcheck // Deprecated for others; it is the very format of the CLI.
}

func kind(k tfprotov6.StringKind) string {
	if k == tfprotov6.StringKindMarkdown {
		return "markdown"
	}
	return "plain"
}
