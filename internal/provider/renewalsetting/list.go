package renewalsetting

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/renewal"
)

var _ list.ListResourceWithConfigure = (*settingList)(nil)

// settingList lists the renewal settings of a region's circuits, for terraform query.
type settingList struct {
	// services is nil until the provider is configured.
	services *shared.Services
}

// NewList returns the list resource.
func NewList() list.ListResource { return &settingList{} }

type listModel struct {
	RegionID      types.String `tfsdk:"region_id"`
	RenewalStatus types.String `tfsdk:"renewal_status"`
}

func (l *settingList) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = TypeName
}

func (l *settingList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the renewal settings of a region's circuits, with `terraform query` (Terraform 1.14 or later). " +
			"Circuits that are not in service have none. Reading costs nothing and changes nothing. " +
			"It needs the permissions `bss:DescribeInstances` and `vpc:DescribePhysicalConnections`.",
		Attributes: map[string]schema.Attribute{
			"region_id": schema.StringAttribute{
				Optional: true, Validators: []validator.String{shared.RegionID},
				MarkdownDescription: "Region of the circuits, for example `cn-hangzhou`. Default: the provider's region.",
			},
			"renewal_status": schema.StringAttribute{
				Optional: true, Validators: []validator.String{stringvalidator.OneOf(renewal.Statuses()...)},
				MarkdownDescription: "Only settings with this status: `AutoRenewal`, `ManualRenewal` or `NotRenewal`. Default: all.",
			},
		},
	}
}

func (l *settingList) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	l.services = shared.ServicesFrom(req.ProviderData, &resp.Diagnostics)
}

func (l *settingList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config listModel
	diags := req.Config.Get(ctx, &config)
	if !diags.HasError() && !l.services.Ready() {
		diags.Append(message.UnconfiguredRead())
	}
	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	region := config.RegionID.ValueString()
	if region == "" {
		region = l.services.Region
	}
	found, failed := l.read(ctx, region)
	if failed != nil {
		stream.Results = list.ListResultsStreamDiagnostics(diag.Diagnostics{failed})
		return
	}
	stream.Results = func(push func(list.ListResult) bool) {
		left := req.Limit
		for _, instance := range found {
			if wanted := config.RenewalStatus; !wanted.IsNull() && wanted.ValueString() != instance.Setting.Status {
				continue
			}
			if !push(listed(ctx, req, region, instance)) {
				return
			}
			if left--; left == 0 {
				return
			}
		}
	}
}

// read returns the instances of a region's circuits.
func (l *settingList) read(ctx context.Context, region string) ([]renewal.Instance, diag.Diagnostic) {
	circuits, err := l.services.Circuits.ListCircuits(ctx, circuit.Filter{Region: region})
	if err != nil {
		return nil, message.CircuitList(err, region, 0)
	}
	ids := circuit.IDs(circuits)
	find, err := l.services.Renewals.All(ctx, ids)
	if err != nil {
		return nil, message.RenewalRead(err, "the circuits in "+region)
	}
	var found []renewal.Instance
	for _, id := range ids {
		if instance, listed := find(id); listed {
			instance.CircuitID = id
			found = append(found, instance)
		}
	}
	return found, nil
}

// listed returns the result for a setting.
func listed(ctx context.Context, req list.ListRequest, region string, found renewal.Instance) list.ListResult {
	result := req.NewListResult(ctx)
	m := model{RegionID: types.StringValue(region), PhysicalConnectionID: types.StringValue(found.CircuitID)}
	m.setTerm(found)
	m.setStatus(found.Setting)
	result.DisplayName = found.CircuitID + ", " + message.RenewalName(found.Setting)
	result.Diagnostics.Append(result.Identity.Set(ctx, m.identity())...)
	if req.IncludeResource {
		for name, value := range map[string]any{
			"region_id": m.RegionID, "physical_connection_id": m.PhysicalConnectionID, "id": m.ID,
			"renewal_status": m.RenewalStatus, "renewal_period": m.RenewalPeriod, "renewal_period_unit": m.RenewalPeriodUnit,
			"end_time": m.EndTime, "stop_time": m.StopTime, "release_time": m.ReleaseTime,
			"product_code": m.ProductCode, "product_type": m.ProductType, "subscription_type": m.SubscriptionType,
		} {
			result.Diagnostics.Append(result.Resource.SetAttribute(ctx, path.Root(name), value)...)
		}
	}
	return result
}
