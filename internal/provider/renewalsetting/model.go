package renewalsetting

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/renewal"
)

// model is the resource in configuration, plan and state.
type model struct {
	PhysicalConnectionID types.String   `tfsdk:"physical_connection_id"`
	RegionID             types.String   `tfsdk:"region_id"`
	RenewalStatus        types.String   `tfsdk:"renewal_status"`
	RenewalPeriod        shared.Whole   `tfsdk:"renewal_period"`
	RenewalPeriodUnit    types.String   `tfsdk:"renewal_period_unit"`
	ResetOnDestroy       types.Bool     `tfsdk:"reset_on_destroy"`
	Timeouts             timeouts.Value `tfsdk:"timeouts"`

	ID               types.String `tfsdk:"id"`
	EndTime          types.String `tfsdk:"end_time"`
	StopTime         types.String `tfsdk:"stop_time"`
	ReleaseTime      types.String `tfsdk:"release_time"`
	ProductCode      types.String `tfsdk:"product_code"`
	ProductType      types.String `tfsdk:"product_type"`
	SubscriptionType types.String `tfsdk:"subscription_type"`
}

// identityModel is the identity of the resource.
type identityModel struct {
	RegionID             types.String `tfsdk:"region_id"`
	PhysicalConnectionID types.String `tfsdk:"physical_connection_id"`
}

func (m *model) identity() identityModel { return identityModel{m.RegionID, m.PhysicalConnectionID} }

// key returns the region and ID of the circuit. Unknown parts are empty.
func (m *model) key() circuit.Key { return keyOf(m.identity()) }

func keyOf(m identityModel) circuit.Key {
	return circuit.Key{Region: m.RegionID.ValueString(), CircuitID: m.PhysicalConnectionID.ValueString()}
}

// idOf returns the ID of a setting, which is also its import ID.
func idOf(key circuit.Key) string { return key.Region + "/" + key.CircuitID }

// setting returns the renewal setting. Unknown parts are empty.
func (m *model) setting() renewal.Setting {
	return renewal.Setting{Status: m.RenewalStatus.ValueString(), Period: m.RenewalPeriod.ValueInt64(), Unit: m.RenewalPeriodUnit.ValueString()}
}

// settingIn returns the renewal setting of an object that is not converted.
func settingIn(raw shared.Raw) renewal.Setting {
	return renewal.Setting{Status: raw.Text("renewal_status"), Period: raw.Int("renewal_period"), Unit: raw.Text("renewal_period_unit")}
}

// isUnchanged reports whether a state has the values of the circuit.
func isUnchanged(raw shared.Raw, i renewal.Instance) bool {
	for name, value := range map[string]types.String{
		"end_time": shared.Instant(i.EndTime), "stop_time": shared.Instant(i.StopTime), "release_time": shared.Instant(i.ReleaseTime),
		"product_code": shared.Text(i.Product.Code), "product_type": shared.Text(i.Product.Type), "subscription_type": shared.Text(i.Product.SubscriptionType),
	} {
		if raw.Text(name) != value.ValueString() {
			return false
		}
	}
	return i.Setting.Allows(settingIn(raw)) && !raw.IsNull("renewal_status")
}

// setStatus sets the setting that billing reports. It keeps the state's own spelling, such
// as 12 months, and what billing does not report.
func (m *model) setStatus(reported renewal.Setting) {
	if reported.Allows(m.setting()) {
		return
	}
	m.RenewalStatus, m.RenewalPeriodUnit = types.StringValue(reported.Status), shared.Text(reported.Unit)
	m.RenewalPeriod = shared.Whole{Int64Value: basetypes.NewInt64Null()}
	if reported.Period != 0 {
		m.RenewalPeriod.Int64Value = basetypes.NewInt64Value(reported.Period)
	}
}

// product returns the product of the circuit in the state.
func (m *model) product() renewal.Product {
	return renewal.Product{Code: m.ProductCode.ValueString(), Type: m.ProductType.ValueString(), SubscriptionType: m.SubscriptionType.ValueString()}
}

// setTerm sets the term and the product of the circuit. It keeps a product that the answer
// does not name.
func (m *model) setTerm(i renewal.Instance) {
	m.ID = types.StringValue(idOf(m.key()))
	m.EndTime, m.StopTime, m.ReleaseTime = shared.Instant(i.EndTime), shared.Instant(i.StopTime), shared.Instant(i.ReleaseTime)
	if i.Product.Code != "" || m.ProductCode.IsUnknown() {
		m.ProductCode, m.ProductType = shared.Text(i.Product.Code), shared.Text(i.Product.Type)
		m.SubscriptionType = shared.Text(i.Product.SubscriptionType)
	}
}

// instance returns the circuit as the state has it.
func (m *model) instance() renewal.Instance {
	return renewal.Instance{
		CircuitID: m.PhysicalConnectionID.ValueString(), Product: m.product(), Setting: m.setting(),
		EndTime: instant(m.EndTime), StopTime: instant(m.StopTime), ReleaseTime: instant(m.ReleaseTime),
	}
}

// instant returns a time of the state, nil if there is none.
func instant(text types.String) *time.Time {
	at, err := time.Parse(time.RFC3339, text.ValueString())
	if err != nil {
		return nil
	}
	return &at
}
