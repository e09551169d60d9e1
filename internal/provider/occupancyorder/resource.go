// Package occupancyorder has the resource, the data source and the list resource for the
// occupancy order of a circuit.
package occupancyorder

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
)

var (
	_ resource.ResourceWithConfigure      = (*orderResource)(nil)
	_ resource.ResourceWithValidateConfig = (*orderResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*orderResource)(nil)
	_ resource.ResourceWithImportState    = (*orderResource)(nil)
	_ resource.ResourceWithIdentity       = (*orderResource)(nil)
)

// TypeName is the type of the resource in a configuration.
const TypeName = "expressconnect_physical_connection_occupancy_order"

const (
	// createTimeout is the default of timeouts.create.
	createTimeout = 20 * time.Minute
	// readTimeout limits a read of a plan or refresh, retries included. After it, a plan
	// continues with a warning.
	readTimeout = time.Minute
	// paymentTimeout limits the read of one order's payment in a refresh.
	paymentTimeout = 20 * time.Second
)

type orderResource struct {
	// services is nil until the provider is configured.
	services *shared.Services
}

// NewResource returns the resource.
func NewResource() resource.Resource { return &orderResource{} }

func (r *orderResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = TypeName
}

func (r *orderResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.services = shared.ServicesFrom(req.ProviderData, &resp.Diagnostics)
}

func (r *orderResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var o model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &o)...)
	timeout, diags := o.Timeouts.Create(ctx, createTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !r.services.Ready() {
		resp.Diagnostics.Append(message.Unconfigured())
		return
	}

	request := o.request()
	placer := r.services.Placer()
	placer.Timeout, placer.Guard = timeout, r.guardFor(o)
	placer.OnPlaced = func(receipt order.Receipt, token string, attempts int) {
		tflog.Info(ctx, "the API returned an occupancy order", map[string]any{
			"order_id": receipt.OrderID, "request_id": receipt.RequestID, "client_token": token,
			"region_id": request.Region, "physical_connection_id": request.CircuitID, "attempts": attempts,
		})
	}
	placement, err := placer.Place(ctx, request)
	if err != nil {
		failed := &order.PlaceError{Cause: err}
		errors.As(err, &failed)
		resp.Diagnostics.Append(message.PlaceFailed(failed, request)...)
		return
	}

	// The order exists. An error would taint it now, and Terraform would order a tainted
	// circuit again. So only warnings follow.
	o.setPlacement(placement)
	record := o.record(placement.Source)
	if placement.ClientToken != request.ClientToken {
		record.SentClientToken = placement.ClientToken
	}
	resp.Diagnostics.Append(message.AsWarnings(resp.State.Set(ctx, &o))...)
	resp.Diagnostics.Append(message.AsWarnings(resp.Identity.Set(ctx, o.identity()))...)
	resp.Diagnostics.Append(message.AsWarnings(writeRecord(ctx, resp.Private, record))...)
	unreadable := placement.PaymentErr
	if !shouldWarn(unreadable) {
		unreadable = nil
	}
	resp.Diagnostics.Append(message.OrderPlaced(o.described(), placement, unreadable)...)
	if r.services.PlanPrices && placement.Source == order.Placed && o.PaymentStatus.ValueString() == billing.Paid && !o.PretaxAmount.IsNull() {
		resp.Diagnostics.Append(message.OrderPaid(o.described(), r.services.MergesWarnings(o.key())))
	}
	resp.Diagnostics.Append(message.LookNotes(placement.Look, request)...)
	unread := cmp.Or(placement.PaymentErr, placement.Look.Err)
	if shouldWarn(unread) && r.services.BillingReader.WarnOnce() {
		resp.Diagnostics.Append(message.BillingUnread(unread))
	}
}

// Update saves changed arguments in the state. It sends nothing: ModifyPlan has refused every
// change of a placed order.
func (r *orderResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var o model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &o)...)
	if resp.Diagnostics.HasError() {
		return
	}
	record, _, diags := recordOf(ctx, req.Private, o)
	resp.Diagnostics.Append(diags...)
	record.Confirmed = record.Source == order.Imported
	resp.Diagnostics.Append(writeRecord(ctx, resp.Private, record)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, &o)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, o.identity())...)
}

// find reads one circuit without a cache, within the time limit of a plan.
func (r *orderResource) find(ctx context.Context, key circuit.Key) (circuit.Circuit, error) {
	return findFrom(ctx, r.services.API, key)
}

func findFrom(ctx context.Context, circuits circuit.Reader, key circuit.Key) (circuit.Circuit, error) {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	return circuits.DescribeCircuit(ctx, circuit.Query{Region: key.Region, CircuitID: key.CircuitID})
}

// shouldWarn reports whether a billing error deserves a warning. A user interrupt does not.
func shouldWarn(err error) bool {
	return err != nil && !errors.Is(err, context.Canceled) && !errors.Is(err, billing.ErrBillingOff)
}
