package provider_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	fwprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/occupancyorder"
)

func schemas(t *testing.T) *tfprotov6.GetProviderSchemaResponse {
	t.Helper()
	server, _ := serve(t, values{})
	resp, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil || len(resp.Diagnostics) > 0 {
		t.Fatal(err, resp.Diagnostics)
	}
	return resp
}

// described returns all descriptions by address.
func described(t *testing.T) map[string]string {
	t.Helper()
	resp := schemas(t)
	all := map[string]string{}
	var visitAttributes func(address string, attributes []*tfprotov6.SchemaAttribute)
	visitAttributes = func(address string, attributes []*tfprotov6.SchemaAttribute) {
		for _, attribute := range attributes {
			all[address+"."+attribute.Name] = attribute.Description
			if attribute.NestedType != nil {
				visitAttributes(address+"."+attribute.Name, attribute.NestedType.Attributes)
			}
		}
	}
	var visit func(address string, block *tfprotov6.SchemaBlock)
	visit = func(address string, block *tfprotov6.SchemaBlock) {
		visitAttributes(address, block.Attributes)
		for _, nested := range block.BlockTypes {
			visit(address+"."+nested.TypeName, nested.Block)
		}
	}
	top := map[string]*tfprotov6.Schema{"provider": resp.Provider}
	maps.Copy(top, resp.ResourceSchemas)
	for name, schema := range resp.DataSourceSchemas {
		top["data."+name] = schema // A resource may have the same name.
	}
	for name, schema := range top {
		all[name] = schema.Block.Description
		visit(name, schema.Block)
	}
	server, _ := serve(t, values{})
	identities, err := server.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil || len(identities.Diagnostics) > 0 {
		t.Fatal(err, identities.Diagnostics)
	}
	for name, identity := range identities.IdentitySchemas {
		for _, attribute := range identity.IdentityAttributes {
			all[name+" identity."+attribute.Name] = attribute.Description
		}
	}
	return all
}

func TestDescriptions_AreSentences(t *testing.T) {
	t.Parallel()
	all := described(t)
	if len(all) < 150 {
		t.Errorf("only %d descriptions were found", len(all))
	}
	for address, description := range all {
		switch {
		case description == "":
			t.Errorf("%s has no description", address)
		case !strings.HasSuffix(description, "."):
			t.Errorf("%s: no full stop at the end of %q", address, description)
		case strings.Contains(description, "  "), strings.Contains(description, ".."), strings.TrimSpace(description) != description:
			t.Errorf("%s: stray spaces or stops in %q", address, description)
		}
	}
}

func TestDescriptions_AreValidMarkdown(t *testing.T) {
	t.Parallel()
	for address, description := range described(t) {
		if strings.Contains(description, "``") || strings.Count(description, "`")%2 != 0 {
			t.Errorf("%s: the code marks are broken in %q", address, description)
		}
		if strings.Count(description, "**")%2 != 0 {
			t.Errorf("%s: the bold marks are broken in %q", address, description)
		}
	}
}

func TestSchema_ArgumentsAreThoseOfTheAlicloudProvider(t *testing.T) {
	t.Parallel()
	block := schemas(t).Provider.Block
	sensitive := map[string]bool{
		"region": false, "access_key": true, "secret_key": true, "security_token": true, "profile": false, "shared_credentials_file": false,
		"credentials_uri": false, "ecs_role_name": false, "account_type": false, "max_new_orders": false, "billing": false, "plan_prices": false, // the last three are not in alicloud
	}
	for _, attribute := range block.Attributes {
		secret, known := sensitive[attribute.Name]
		if !known || attribute.Required || !attribute.Optional || attribute.Computed {
			t.Errorf("argument %s: known %t, required %t", attribute.Name, known, attribute.Required)
		}
		if attribute.Sensitive != secret {
			t.Errorf("%s: sensitive %t, want %t", attribute.Name, attribute.Sensitive, secret)
		}
		delete(sensitive, attribute.Name)
	}
	if len(sensitive) > 0 {
		t.Errorf("missing: %v", slices.Collect(maps.Keys(sensitive)))
	}
	blocks := map[string]string{
		"endpoints":             "bssopenapi sts vpc",
		"assume_role":           "external_id policy role_arn session_expiration session_name",
		"assume_role_with_oidc": "oidc_provider_arn oidc_token oidc_token_file policy role_arn role_session_name session_expiration",
	}
	for _, nested := range block.BlockTypes {
		var names []string
		for _, attribute := range nested.Block.Attributes {
			names = append(names, attribute.Name)
			if attribute.Sensitive != (attribute.Name == "oidc_token") || !attribute.Optional {
				t.Errorf("%s.%s: sensitive %t, optional %t", nested.TypeName, attribute.Name, attribute.Sensitive, attribute.Optional)
			}
		}
		slices.Sort(names)
		if want := blocks[nested.TypeName]; strings.Join(names, " ") != want {
			t.Errorf("%s has %q, want %q", nested.TypeName, names, want)
		}
		delete(blocks, nested.TypeName)
	}
	if len(blocks) > 0 {
		t.Errorf("missing: %v", slices.Collect(maps.Keys(blocks)))
	}
}

func TestProvider_ServesOrdersCircuitsAndRenewals(t *testing.T) {
	t.Parallel()
	resp := schemas(t)
	want := []string{"expressconnect_physical_connection_occupancy_order", "expressconnect_physical_connection_renewal_setting"}
	if got := slices.Sorted(maps.Keys(resp.ResourceSchemas)); !slices.Equal(got, want) {
		t.Errorf("resources %q", got)
	}
	want = []string{"expressconnect_physical_connection", "expressconnect_physical_connection_occupancy_order",
		"expressconnect_physical_connection_price", "expressconnect_physical_connections"}
	if got := slices.Sorted(maps.Keys(resp.DataSourceSchemas)); !slices.Equal(got, want) {
		t.Errorf("data sources %q", got)
	}
	var metadata fwprovider.MetadataResponse
	provider.New("1.2.3")().Metadata(t.Context(), fwprovider.MetadataRequest{}, &metadata)
	if metadata.TypeName != "expressconnect" || metadata.Version != "1.2.3" {
		t.Errorf("type %q, version %q", metadata.TypeName, metadata.Version)
	}
}

func TestSchema_IsValidForTheFramework(t *testing.T) {
	t.Parallel()
	p := provider.New("test")()
	var own fwprovider.SchemaResponse
	p.Schema(t.Context(), fwprovider.SchemaRequest{}, &own)
	if diags := own.Schema.ValidateImplementation(t.Context()); len(diags) > 0 || len(own.Diagnostics) > 0 {
		t.Errorf("provider: %v %v", diags, own.Diagnostics)
	}
	for _, newResource := range p.Resources(t.Context()) {
		r := newResource()
		var schema resource.SchemaResponse
		r.Schema(t.Context(), resource.SchemaRequest{}, &schema)
		if diags := schema.Schema.ValidateImplementation(t.Context()); len(diags) > 0 || len(schema.Diagnostics) > 0 {
			t.Errorf("%T: %v %v", r, diags, schema.Diagnostics)
		}
		identified, ok := r.(resource.ResourceWithIdentity)
		if !ok {
			t.Errorf("%T has no identity", r)
			continue
		}
		var identity resource.IdentitySchemaResponse
		identified.IdentitySchema(t.Context(), resource.IdentitySchemaRequest{}, &identity)
		if diags := identity.IdentitySchema.ValidateImplementation(t.Context()); len(diags) > 0 || len(identity.Diagnostics) > 0 {
			t.Errorf("%T identity: %v %v", r, diags, identity.Diagnostics)
		}
	}
	for _, newDataSource := range p.DataSources(t.Context()) {
		d := newDataSource()
		var schema datasource.SchemaResponse
		d.Schema(t.Context(), datasource.SchemaRequest{}, &schema)
		if diags := schema.Schema.ValidateImplementation(t.Context()); len(diags) > 0 || len(schema.Diagnostics) > 0 {
			t.Errorf("%T: %v %v", d, diags, schema.Diagnostics)
		}
	}
}

func TestSchema_HasNoAttributeForSecrets(t *testing.T) {
	t.Parallel()
	for address := range described(t) {
		if strings.HasPrefix(address, "provider.") {
			continue
		}
		for _, secret := range []string{"macsec", "cak", "ckn", "secret", "access_key"} {
			if strings.Contains(address[strings.LastIndex(address, ".")+1:], secret) {
				t.Errorf("%s would hold a secret in the state", address)
			}
		}
	}
}

func TestExplain_AttributesAreArgumentsOfTheOrder(t *testing.T) {
	t.Parallel()
	block := schemas(t).ResourceSchemas[occupancyorder.TypeName].Block
	for _, family := range apierror.Families() {
		attribute := message.Explain(family).Attribute
		if attribute == "" {
			continue
		}
		found := slices.IndexFunc(block.Attributes, func(a *tfprotov6.SchemaAttribute) bool { return a.Name == attribute })
		if found < 0 || !block.Attributes[found].Required && !block.Attributes[found].Optional {
			t.Errorf("%s %q is no argument of the order", family.Name, attribute)
		}
	}
}
