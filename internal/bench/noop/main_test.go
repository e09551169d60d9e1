package main

import (
	"maps"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/occupancyorder"
)

func TestSchema_HasTheAttributesOfTheOrder(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	var floor, order resource.SchemaResponse
	noopOrder{}.Schema(ctx, resource.SchemaRequest{}, &floor)
	occupancyorder.NewResource().Schema(ctx, resource.SchemaRequest{}, &order)
	if got, want := slices.Sorted(maps.Keys(floor.Schema.Attributes)), slices.Sorted(maps.Keys(order.Schema.Attributes)); !slices.Equal(got, want) {
		t.Fatalf("attributes %v, want %v", got, want)
	}
	for name, want := range order.Schema.Attributes {
		got := floor.Schema.Attributes[name]
		if got.GetType().TerraformType(ctx).String() != want.GetType().TerraformType(ctx).String() ||
			got.IsRequired() != want.IsRequired() || got.IsOptional() != want.IsOptional() || got.IsComputed() != want.IsComputed() {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
}
