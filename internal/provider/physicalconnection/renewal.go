package physicalconnection

import (
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/renewal"
)

// renewalModel has the values that billing returns for the subscription of a circuit.
type renewalModel struct {
	RenewalStatus     types.String `tfsdk:"renewal_status"`
	RenewalPeriod     types.Int64  `tfsdk:"renewal_period"`
	RenewalPeriodUnit types.String `tfsdk:"renewal_period_unit"`
	StopTime          types.String `tfsdk:"stop_time"`
	ReleaseTime       types.String `tfsdk:"release_time"`
}

// newRenewalModel converts an instance. A value that billing does not return is null.
func newRenewalModel(i renewal.Instance) renewalModel {
	m := renewalModel{
		RenewalStatus: shared.Text(i.Setting.Status), RenewalPeriodUnit: shared.Text(i.Setting.Unit),
		StopTime: shared.Instant(i.StopTime), ReleaseTime: shared.Instant(i.ReleaseTime),
	}
	if i.Setting.Period != 0 {
		m.RenewalPeriod = types.Int64Value(i.Setting.Period)
	}
	return m
}

// addRenewal adds the attributes of renewalModel.
func addRenewal(attributes map[string]schema.Attribute) {
	const null = " Null without `include_renewal`, and if billing does not list the circuit."
	maps.Copy(attributes, map[string]schema.Attribute{
		"renewal_status": computed("Renewal of the subscription: `AutoRenewal`, `ManualRenewal` or `NotRenewal`." + null),
		"renewal_period": schema.Int64Attribute{
			Computed: true, MarkdownDescription: "Term of each renewal in units of `renewal_period_unit`. Null without `AutoRenewal`.",
		},
		"renewal_period_unit": computed("Unit of `renewal_period`: `Month` or `Year`. Null without `AutoRenewal`."),
		"stop_time":           computed("When the circuit is suspended without a renewal, RFC 3339 in UTC." + null),
		"release_time":        computed("When the circuit is released without a renewal, RFC 3339 in UTC." + null),
	})
}

// includeRenewal returns the argument that reads the renewal.
func includeRenewal() schema.Attribute {
	return schema.BoolAttribute{
		Optional: true,
		MarkdownDescription: "Whether to read the renewal from billing: `renewal_status`, `renewal_period`, `renewal_period_unit`, `stop_time` and `release_time`. " +
			"Needs the permission `bss:DescribeInstances`. Default: `false`.",
	}
}
