// Package renewalsetting has the resource and the list resource for the renewal of a
// circuit's subscription.
package renewalsetting

import (
	"context"
	"errors"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/renewal"
)

var (
	_ resource.ResourceWithConfigure      = (*settingResource)(nil)
	_ resource.ResourceWithValidateConfig = (*settingResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*settingResource)(nil)
	_ resource.ResourceWithImportState    = (*settingResource)(nil)
	_ resource.ResourceWithIdentity       = (*settingResource)(nil)
)

// TypeName is the type of the resource in a configuration.
const TypeName = "expressconnect_physical_connection_renewal_setting"

const (
	// changeTimeout is the default of all timeouts.
	changeTimeout = 5 * time.Minute
	// readTimeout limits a read of a plan or refresh, retries included.
	readTimeout = time.Minute
)

type settingResource struct {
	// services is nil until the provider is configured.
	services *shared.Services
}

// NewResource returns the resource.
func NewResource() resource.Resource { return &settingResource{} }

func (r *settingResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = TypeName
}

func (r *settingResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.services = shared.ServicesFrom(req.ProviderData, &resp.Diagnostics)
}

// Create sets the renewal. After an error there is no state, so that nothing is tainted,
// and the next apply sets it again.
func (r *settingResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var m model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &m)...)
	timeout, diags := m.Timeouts.Create(ctx, changeTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	resp.Diagnostics.Append(r.checkInService(ctx, m.key())...)
	if resp.Diagnostics.HasError() {
		return
	}
	outcome, diags := r.set(ctx, m, renewal.DefaultProduct, "timeouts.create")
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	m.setTerm(outcome.Instance)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, m.identity())...)
}

// Read refreshes the setting. It never removes it: billing may not list a circuit.
func (r *settingResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var m model
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.Identity.Set(ctx, m.identity())...)
	if !r.services.Ready() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	found, listed, err := r.services.Renewals.Get(ctx, m.PhysicalConnectionID.ValueString(), m.ProductCode.ValueString())
	switch {
	case err != nil && !errors.Is(err, context.Canceled) && r.services.Renewals.WarnOnce():
		resp.Diagnostics.Append(message.RenewalsKept(err))
	case err == nil && listed:
		m.setTerm(found)
		m.setStatus(found.Setting)
	case err == nil && !m.EndTime.IsNull():
		resp.Diagnostics.Append(message.RenewalGone(m.PhysicalConnectionID.ValueString()))
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

// Update sets the renewal if it changes. After an error, the state keeps the old setting,
// and the next refresh reads the true one.
func (r *settingResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	timeout, diags := plan.Timeouts.Update(ctx, changeTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !plan.setting().Equal(state.setting()) {
		ctx, cancel := context.WithTimeout(ctx, timeout)
		defer cancel()
		_, diags := r.set(ctx, plan, state.product(), "timeouts.update")
		resp.Diagnostics.Append(diags...)
		if resp.Diagnostics.HasError() {
			return
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, plan.identity())...)
}

// Delete removes the record. With reset_on_destroy it sets the renewal to ManualRenewal.
func (r *settingResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var m model
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	timeout, diags := m.Timeouts.Delete(ctx, changeTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() || !m.ResetOnDestroy.ValueBool() || r.services.BillingOff() {
		return
	}
	if !r.services.Ready() {
		resp.Diagnostics.Append(message.SettingUnconfigured())
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	_, err := r.services.Renewals.Reset(ctx, m.PhysicalConnectionID.ValueString(), m.product())
	failed := (*renewal.SetError)(nil)
	switch {
	case !errors.As(err, &failed):
	case failed.Seen == nil && r.isGone(ctx, m.key()):
		resp.Diagnostics.Append(message.RenewalResetSkipped(m.PhysicalConnectionID.ValueString(), failed.Cause))
	default:
		resp.Diagnostics.Append(message.RenewalFailed(m.key(), failed, "timeouts.delete"))
	}
}

// set sets the setting of a plan. The product is used if billing does not list the circuit.
func (r *settingResource) set(ctx context.Context, plan model, product renewal.Product, limit string) (renewal.Outcome, diag.Diagnostics) {
	switch {
	case !r.services.Ready():
		return renewal.Outcome{}, diag.Diagnostics{message.SettingUnconfigured()}
	case r.services.BillingOff():
		return renewal.Outcome{}, diag.Diagnostics{message.BillingNeeded("A renewal setting")}
	}
	outcome, err := r.services.Renewals.Set(ctx, plan.PhysicalConnectionID.ValueString(), product, plan.setting())
	if failed := (*renewal.SetError)(nil); errors.As(err, &failed) {
		return outcome, diag.Diagnostics{message.RenewalFailed(plan.key(), failed, limit)}
	}
	if !outcome.Verified {
		return outcome, diag.Diagnostics{message.RenewalNotReadBack(plan.PhysicalConnectionID.ValueString(), plan.setting())}
	}
	return outcome, nil
}

// checkInService returns an error if the circuit is not in service.
func (r *settingResource) checkInService(ctx context.Context, key circuit.Key) diag.Diagnostics {
	if !r.services.Ready() {
		return diag.Diagnostics{message.SettingUnconfigured()}
	}
	query := circuit.Query{Region: key.Region, CircuitID: key.CircuitID, NotBefore: time.Now()}
	c, err := r.services.CachedCircuits.DescribeCircuit(ctx, query)
	switch {
	case err != nil:
		return diag.Diagnostics{message.CircuitRead(err, query)}
	case c.Readiness() != circuit.InService:
		return diag.Diagnostics{message.CircuitNotInService(c, true)}
	}
	return nil
}

// isGone reports whether the circuit does not exist any more or is terminated.
func (r *settingResource) isGone(ctx context.Context, key circuit.Key) bool {
	c, err := r.services.API.DescribeCircuit(ctx, circuit.Query{Region: key.Region, CircuitID: key.CircuitID})
	missing := (*circuit.NotFoundError)(nil)
	return errors.As(err, &missing) || err == nil && (c.Is(circuit.StatusTerminated) || c.Is(circuit.StatusTerminating))
}
