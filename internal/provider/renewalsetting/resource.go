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
	outcome, err := r.services.Renewals.Set(ctx, renewal.Change{CircuitID: m.key().CircuitID, Setting: m.setting()})
	resp.Diagnostics.Append(changeResult(m, outcome, err, "timeouts.create")...)
	if resp.Diagnostics.HasError() {
		return
	}
	m.setTerm(outcome.Instance)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, m.identity())...)
}

// Read refreshes the setting. It never removes it: billing may not list a circuit. It
// converts the state only if something has changed.
func (r *settingResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	raw := shared.RawOf(req.State.Raw)
	raw.SetIdentity(resp.Identity, "region_id", "physical_connection_id")
	if !r.services.Ready() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	key := raw.Key()
	found, listed, err := r.services.Renewals.Get(ctx, key.CircuitID, raw.Text("product_code"))
	switch {
	case err != nil:
		if !errors.Is(err, context.Canceled) && r.services.Renewals.WarnOnce() {
			resp.Diagnostics.Append(message.RenewalsKept(err))
		}
	case !listed && !raw.IsNull("end_time"):
		resp.Diagnostics.Append(message.RenewalGone(key.CircuitID, r.services.MergesWarnings(key)))
	case listed && !isUnchanged(raw, found):
		var m model
		resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
		m.setTerm(found)
		m.setStatus(found.Setting)
		resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
	}
}

// Update sets the renewal if an argument of it changes. After an error the state keeps the
// old setting. If the change may have taken effect, the next update sends it anyway.
func (r *settingResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	timeout, diags := plan.Timeouts.Update(ctx, changeTimeout)
	resp.Diagnostics.Append(diags...)
	unsure, diags := isUnsure(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if plan.setting() != state.setting() || unsure {
		ctx, cancel := context.WithTimeout(ctx, timeout)
		defer cancel()
		resp.Diagnostics.Append(r.checkUsable()...)
		if resp.Diagnostics.HasError() {
			return
		}
		outcome, err := r.services.Renewals.Set(ctx, renewal.Change{
			CircuitID: plan.key().CircuitID, Setting: plan.setting(), Product: state.product(), Force: unsure,
		})
		failed := (*renewal.SetError)(nil)
		resp.Diagnostics.Append(markUnsure(ctx, resp.Private, errors.As(err, &failed) && failed.Sent)...)
		resp.Diagnostics.Append(changeResult(plan, outcome, err, "timeouts.update")...)
		if resp.Diagnostics.HasError() {
			return
		}
	}
	if plan.EndTime.IsUnknown() { // The plan forced this update.
		plan.EndTime = state.EndTime
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
	kept, diags := isKept(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() || !m.ResetOnDestroy.ValueBool() || kept || r.services.BillingOff() {
		return
	}
	if !r.services.Ready() {
		resp.Diagnostics.Append(message.SettingUnconfigured())
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if r.isGone(ctx, m.key()) {
		resp.Diagnostics.Append(message.RenewalResetSkipped(m.PhysicalConnectionID.ValueString()))
		return
	}
	outcome, err := r.services.Renewals.Reset(ctx, m.PhysicalConnectionID.ValueString(), m.product())
	failed := (*renewal.SetError)(nil)
	switch {
	case errors.As(err, &failed):
		resp.Diagnostics.Append(message.RenewalFailed(m.key(), failed, "timeouts.delete"))
	case outcome != nil && !outcome.Verified:
		resp.Diagnostics.Append(message.RenewalNotReadBack(m.PhysicalConnectionID.ValueString(), renewal.Setting{Status: renewal.Manual}, outcome.Listed))
	}
}

// changeResult returns the diagnostics for the result of a change. limit is the name of the
// timeout.
func changeResult(plan model, outcome renewal.Outcome, err error, limit string) diag.Diagnostics {
	if failed := (*renewal.SetError)(nil); errors.As(err, &failed) {
		return diag.Diagnostics{message.RenewalFailed(plan.key(), failed, limit)}
	}
	if !outcome.Verified {
		return diag.Diagnostics{message.RenewalNotReadBack(plan.key().CircuitID, plan.setting(), outcome.Listed)}
	}
	return nil
}

// checkUsable returns an error if the provider cannot set renewals.
func (r *settingResource) checkUsable() diag.Diagnostics {
	switch {
	case !r.services.Ready():
		return diag.Diagnostics{message.SettingUnconfigured()}
	case r.services.BillingOff():
		return diag.Diagnostics{message.RenewalNeedsBilling()}
	}
	return nil
}

// checkInService returns an error if the circuit is not in service.
func (r *settingResource) checkInService(ctx context.Context, key circuit.Key) diag.Diagnostics {
	if diags := r.checkUsable(); diags.HasError() {
		return diags
	}
	query := circuit.Query{Region: key.Region, CircuitID: key.CircuitID, NotBefore: time.Now()}
	c, err := r.services.CachedCircuits.DescribeCircuit(ctx, query)
	switch {
	case err != nil:
		return diag.Diagnostics{message.CircuitRead(err, query)}
	case c.Readiness() != circuit.InService:
		return diag.Diagnostics{message.CircuitNotInService(c, true, false)}
	}
	return nil
}

// isGone reports whether the circuit does not exist any more or is terminated.
func (r *settingResource) isGone(ctx context.Context, key circuit.Key) bool {
	c, err := r.services.API.DescribeCircuit(ctx, circuit.Query{Region: key.Region, CircuitID: key.CircuitID})
	missing := (*circuit.NotFoundError)(nil)
	return errors.As(err, &missing) || err == nil && (c.Is(circuit.StatusTerminated) || c.Is(circuit.StatusTerminating))
}
