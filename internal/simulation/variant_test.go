package simulation

import (
	"context"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	fwprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/renewalsetting"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
)

// variant is the provider of a simulation: the real one, or one that is broken on purpose.
// A broken one shows that the check of an invariant can fail.
type variant struct {
	name string
	// breaks is the beginning of the violation that a broken variant must cause.
	breaks string
	// from is the first seed to try. It is set if few histories break the promise.
	from uint64
	// bound is set if the search finds the violation, within this bound.
	bound bound
	// api, billing and wrap may be nil.
	api     func(order.API) order.API
	billing func(billing.Client) billing.Client
	wrap    func(tfprotov6.ProviderServer) tfprotov6.ProviderServer
}

func (v variant) provider(p fwprovider.Provider) fwprovider.Provider {
	if v.api == nil && v.billing == nil {
		return p
	}
	return brokenProvider{p, v}
}

func (v variant) server(s tfprotov6.ProviderServer) tfprotov6.ProviderServer {
	if v.wrap == nil {
		return s
	}
	return v.wrap(s)
}

// brokenVariants returns providers whose mistakes the invariants must find.
func brokenVariants() []variant {
	var counter atomic.Int64
	return []variant{
		{name: "NoToken", bound: bound{1, 1}, breaks: "which no run may send", api: func(api order.API) order.API {
			return &brokenAPI{API: api, token: func(int, string) string { return "" }}
		}},
		{name: "RandomToken", bound: bound{1, 0}, breaks: "which no run may send", api: func(api order.API) order.API {
			return &brokenAPI{API: api, token: func(int, string) string { return fmt.Sprint("random-", counter.Add(1)) }}
		}},
		{name: "RetryWithAnotherToken", bound: bound{1, 1}, breaks: "which no run may send", api: func(api order.API) order.API {
			return &brokenAPI{API: api, token: func(try int, token string) string {
				if try == 1 {
					return token
				}
				return fmt.Sprint("retry-", counter.Add(1))
			}}
		}},
		{name: "RetryWithTheDefaultToken", bound: bound{1, 3}, breaks: "was live", api: func(api order.API) order.API {
			return &brokenAPI{API: api, token: func(try int, token string) string {
				if try == 1 {
					return token
				}
				return order.DefaultToken(acctest.Region, circuits[0])
			}}
		}},
		{name: "OrderInThePlan", bound: bound{1, 0}, breaks: "never by surprise: a plan", api: func(api order.API) order.API { return orderOnRead{api} }},
		{name: "ErrorAfterOrder", bound: bound{1, 0}, breaks: "never lost", wrap: func(s tfprotov6.ProviderServer) tfprotov6.ProviderServer { return errorAfterOrder{s} }},
		{name: "LoseTheID", bound: bound{1, 0}, breaks: "never lost: the API returned", wrap: func(s tfprotov6.ProviderServer) tfprotov6.ProviderServer {
			return losesID{s}
		}},
		{name: "FalseAssurance", bound: bound{1, 1}, breaks: "never silent: the error says", wrap: func(s tfprotov6.ProviderServer) tfprotov6.ProviderServer {
			return falseAssurance{s}
		}},
		{name: "DropWithoutEvidence", bound: bound{2, 2}, breaks: "never lost", billing: func(billing billing.Client) billing.Client { return cancelledIfUnread{billing} }},
		{name: "DropOnNotFound", breaks: "never lost", wrap: func(s tfprotov6.ProviderServer) tfprotov6.ProviderServer { return dropOnNotFound{s} }},
		{name: "ReplaceOnChange", bound: bound{2, 2}, breaks: "never lost", wrap: func(s tfprotov6.ProviderServer) tfprotov6.ProviderServer {
			return replaceOnChange{readsNothing{ignoresState{s}}}
		}},
		{name: "OrderOnRefresh", breaks: "never by surprise", api: func(api order.API) order.API { return orderOnRead{api} }},
		{name: "FindNoOrder", bound: bound{2, 2}, breaks: "was live", billing: func(billing billing.Client) billing.Client { return showsNothing{billing} }},
		{name: "IgnoreTheState", from: 946, breaks: "never by surprise", wrap: func(s tfprotov6.ProviderServer) tfprotov6.ProviderServer { return ignoresState{s} }},
		{name: "ForgetTheMark", bound: bound{2, 2}, breaks: "never by surprise", wrap: func(s tfprotov6.ProviderServer) tfprotov6.ProviderServer {
			return forgetsMark{readsNothing{ignoresState{s}}}
		}},
		{name: "ReplaceAnyOrder", breaks: "never", billing: func(billing billing.Client) billing.Client { return allCancelled{billing} }},
		{name: "CancelAnotherOrder", from: 121, breaks: "never by surprise", billing: func(billing billing.Client) billing.Client { return cancelsMore{billing} }},
		{name: "CancelOnDestroyUnasked", from: 251, breaks: "never by surprise", wrap: func(s tfprotov6.ProviderServer) tfprotov6.ProviderServer { return &cancelUnasked{ProviderServer: s} }},
		{name: "PretendToSet", breaks: "settings", wrap: func(s tfprotov6.ProviderServer) tfprotov6.ProviderServer { return pretendsToSet{s} }},
		{name: "SilentError", bound: bound{1, 1}, breaks: "never silent", wrap: func(s tfprotov6.ProviderServer) tfprotov6.ProviderServer { return silentError{s} }},
	}
}

type brokenProvider struct {
	fwprovider.Provider
	variant variant
}

func (p brokenProvider) Configure(ctx context.Context, req fwprovider.ConfigureRequest, resp *fwprovider.ConfigureResponse) {
	p.Provider.Configure(ctx, req, resp)
	if services, ok := resp.ResourceData.(*shared.Services); ok {
		if p.variant.api != nil {
			services.API = p.variant.api(services.API)
			services.CachedCircuits = uncached{services.API}
		}
		if p.variant.billing != nil {
			services.Billing = p.variant.billing(services.Billing)
			services.BillingReader = billing.NewReader(services.Billing)
		}
	}
}

// Services returns the services of the inner provider.
func (p brokenProvider) Services() *shared.Services {
	return p.Provider.(interface{ Services() *shared.Services }).Services() //nolint:forcetypeassert // It is always our provider.
}

func (p brokenProvider) ProtocolServer() tfprotov6.ProviderServer { return provider.NewServer(p) }

// uncached reads every circuit from the API.
type uncached struct{ circuit.Reader }

func (uncached) HasList(circuit.Query) bool { return false }

func (u uncached) ReadCircuit(ctx context.Context, query circuit.Query) (circuit.Circuit, time.Time, error) {
	begun := time.Now()
	found, err := u.DescribeCircuit(ctx, query)
	return found, begun, err
}

type brokenAPI struct {
	order.API
	try   int
	token func(try int, token string) string
}

func (a *brokenAPI) SendOrder(ctx context.Context, request order.Request) (order.Receipt, error) {
	a.try++
	request.ClientToken = a.token(a.try, request.ClientToken)
	return a.API.SendOrder(ctx, request)
}

type orderOnRead struct{ order.API }

func (a orderOnRead) DescribeCircuit(ctx context.Context, query circuit.Query) (circuit.Circuit, error) {
	_, _ = a.SendOrder(ctx, order.Request{
		Region: query.Region, CircuitID: query.CircuitID, PricingCycle: order.CycleMonth, ChargeType: order.ChargeTypePrePaid,
		ClientToken: order.DefaultToken(query.Region, query.CircuitID),
	})
	return a.API.DescribeCircuit(ctx, query)
}

// allCancelled reports every order as cancelled long ago.
type allCancelled struct{ billing.Client }

func (b allCancelled) OrderLines(ctx context.Context, orderID string) ([]billing.OrderLine, error) {
	rows, err := b.Client.OrderLines(ctx, orderID)
	for i := range rows {
		long := time.Unix(0, 0)
		rows[i].PaymentStatus, rows[i].CreateTime = billing.Cancelled, &long
	}
	return rows, err
}

// cancelledIfUnread reports an order that it cannot read as cancelled.
type cancelledIfUnread struct{ billing.Client }

func (b cancelledIfUnread) OrderLines(ctx context.Context, orderID string) ([]billing.OrderLine, error) {
	lines, err := b.Client.OrderLines(ctx, orderID)
	if err != nil {
		long := time.Unix(0, 0)
		return []billing.OrderLine{{OrderID: orderID, OrderType: "New", PaymentStatus: billing.Cancelled, CreateTime: &long}}, nil //nolint:nilerr // It is broken on purpose.
	}
	return lines, nil
}

// showsNothing lists no orders.
type showsNothing struct{ billing.Client }

func (b showsNothing) OrdersCreated(context.Context, billing.OrderQuery) (billing.OrderList, error) {
	return billing.OrderList{Date: new(time.Now())}, nil
}

// ignoresState does not record the orders that Terraform decodes.
type ignoresState struct{ tfprotov6.ProviderServer }

func (s ignoresState) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	schemas, err := s.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, err
	}
	objectType := schemas.ResourceSchemas[req.TypeName].ValueType()
	value, err := req.RawState.Unmarshal(objectType)
	if err != nil {
		return nil, err
	}
	state, err := tfprotov6.NewDynamicValue(objectType, value)
	return &tfprotov6.UpgradeResourceStateResponse{UpgradedState: &state}, err
}

// forgetsMark deletes without the mark of the plan, which tells a destroy from the first half
// of a replacement.
type forgetsMark struct{ tfprotov6.ProviderServer }

func (s forgetsMark) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	if isNull(req.PlannedState) {
		changed := *req
		changed.PlannedPrivate = nil
		req = &changed
	}
	return s.ProviderServer.ApplyResourceChange(ctx, req)
}

// readsNothing reads nothing, so that no registry has the order.
type readsNothing struct{ tfprotov6.ProviderServer }

func (readsNothing) ReadResource(_ context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return &tfprotov6.ReadResourceResponse{NewState: req.CurrentState, Private: req.Private, NewIdentity: req.CurrentIdentity}, nil
}

// cancelsMore cancels the requested order and the next one.
type cancelsMore struct{ billing.Client }

func (b cancelsMore) CancelOrder(ctx context.Context, orderID string) error {
	if number, err := strconv.Atoi(orderID); err == nil {
		_ = b.Client.CancelOrder(ctx, strconv.Itoa(number+1))
	}
	return b.Client.CancelOrder(ctx, orderID)
}

// cancelUnasked destroys with cancel_unpaid_on_destroy, which is not configured.
type cancelUnasked struct {
	tfprotov6.ProviderServer
}

func (s *cancelUnasked) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	if isNull(req.PlannedState) {
		schemas, err := s.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
		if err != nil {
			return nil, err
		}
		objectType := schemas.ResourceSchemas[req.TypeName].ValueType()
		value, err := req.PriorState.Unmarshal(objectType)
		if err != nil {
			return nil, err
		}
		changedValue, err := tftypes.Transform(value, func(path *tftypes.AttributePath, v tftypes.Value) (tftypes.Value, error) {
			if path.String() == `AttributeName("cancel_unpaid_on_destroy")` {
				return tftypes.NewValue(tftypes.Bool, true), nil
			}
			return v, nil
		})
		if err != nil {
			return nil, err
		}
		prior, err := tfprotov6.NewDynamicValue(objectType, changedValue)
		if err != nil {
			return nil, err
		}
		changed := *req
		changed.PriorState = &prior
		req = &changed
	}
	return s.ProviderServer.ApplyResourceChange(ctx, req)
}

type errorAfterOrder struct{ tfprotov6.ProviderServer }

func (s errorAfterOrder) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	resp, err := s.ProviderServer.ApplyResourceChange(ctx, req)
	if err == nil && isNull(req.PriorState) && !isNull(resp.NewState) {
		resp.Diagnostics = append(resp.Diagnostics, &tfprotov6.Diagnostic{Severity: tfprotov6.DiagnosticSeverityError, Summary: "broken", Detail: "The circuit is not Enabled yet."})
	}
	return resp, err
}

// losesID returns an error and no state after the order.
type losesID struct{ tfprotov6.ProviderServer }

func (s losesID) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	resp, err := errorAfterOrder(s).ApplyResourceChange(ctx, req)
	if err == nil && isNull(req.PriorState) {
		resp.NewState = req.PriorState
	}
	return resp, err
}

// falseAssurance says that nothing was ordered, whatever happened.
type falseAssurance struct{ tfprotov6.ProviderServer }

func (s falseAssurance) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	resp, err := s.ProviderServer.ApplyResourceChange(ctx, req)
	if err == nil {
		for _, d := range resp.Diagnostics {
			d.Detail += " Nothing was ordered."
		}
	}
	return resp, err
}

type dropOnNotFound struct{ tfprotov6.ProviderServer }

func (s dropOnNotFound) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	resp, err := s.ProviderServer.ReadResource(ctx, req)
	if err == nil && messagetest.Has(resp.Diagnostics, message.CircuitGone) {
		resp.NewState = nil
	}
	return resp, err
}

// replaceOnChange is what a schema with RequiresReplace would do.
type replaceOnChange struct{ tfprotov6.ProviderServer }

func (s replaceOnChange) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	if isNull(req.PriorState) {
		req.PriorPrivate = nil
	}
	resp, err := s.ProviderServer.PlanResourceChange(ctx, req)
	if err == nil && messagetest.Has(resp.Diagnostics, message.ChangeRefused) {
		resp.Diagnostics = nil
		resp.RequiresReplace = []*tftypes.AttributePath{tftypes.NewAttributePath().WithAttributeName("period")}
	}
	return resp, err
}

func (s replaceOnChange) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	if isNull(req.PlannedState) {
		return &tfprotov6.ApplyResourceChangeResponse{NewState: req.PlannedState}, nil
	}
	return s.ProviderServer.ApplyResourceChange(ctx, req)
}

type silentError struct{ tfprotov6.ProviderServer }

func (s silentError) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	resp, err := s.ProviderServer.ApplyResourceChange(ctx, req)
	if err == nil {
		for _, d := range resp.Diagnostics {
			d.Detail = "Something went wrong."
		}
	}
	return resp, err
}

// isNull reports whether a value of any type is null. In msgpack, null is one byte.
func isNull(value *tfprotov6.DynamicValue) bool {
	return value == nil || len(value.MsgPack) == 1 && value.MsgPack[0] == 0xc0
}

// pretendsToSet reports renewal settings as set and sends nothing.
type pretendsToSet struct{ tfprotov6.ProviderServer }

func (s pretendsToSet) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	if req.TypeName != renewalsetting.TypeName {
		return s.ProviderServer.ApplyResourceChange(ctx, req)
	}
	return &tfprotov6.ApplyResourceChangeResponse{NewState: req.PlannedState, Private: req.PlannedPrivate, NewIdentity: req.PlannedIdentity}, nil
}
