package coretest

import (
	"context"
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Action is what a plan will do.
type Action string

// The actions of a plan.
const (
	NoOp    Action = "no-op"
	Create  Action = "create"
	Update  Action = "update"
	Replace Action = "replace"
	Destroy Action = "destroy"
	// CreateThenForget is Replace, and Forget is Destroy, under destroy = false.
	CreateThenForget Action = "create, then forget"
	Forget           Action = "forget"
)

// Plan is what core has planned for the object.
type Plan struct {
	Action  Action
	Prior   *Object
	Planned tftypes.Value
	private []byte
	// createFirst says that a replacement creates before it destroys.
	createFirst bool
}

// Options change how a plan is made.
type Options struct {
	// Replace is -replace, or a replace_triggered_by that fired.
	Replace bool
	// CreateBeforeDestroy is that rule of a lifecycle block, the object's own or handed
	// down by what depends on it: a replacement creates first.
	CreateBeforeDestroy bool
	// KeepOnDestroy is destroy = false of a lifecycle block: an object that is to go is
	// forgotten without a call of the provider, one that is to be replaced after the
	// new one is created.
	KeepOnDestroy bool
	// Vanished is the private data of an object that this walk has removed; nil uses
	// what a refresh of the process left. For another instance than the removed one it
	// is empty but not nil.
	Vanished []byte
}

// replacement is the action that replaces an object.
func (o Options) replacement() Action {
	if o.KeepOnDestroy {
		return CreateThenForget
	}
	return Replace
}

// Plan decodes the object, nil for none, and plans the configuration over it. A nil
// configuration plans to destroy. A process can plan several instances, one by one.
func (p *Process) Plan(ctx context.Context, object *Object, config Values, options Options) (Plan, Diagnostics, error) {
	decoded, diags, err := p.decode(ctx, object)
	if err != nil || diags.HasError() {
		return Plan{}, diags, err
	}
	plan, more, err := p.plan(ctx, decoded, config, options)
	return plan, append(diags, more...), err
}

func (p *Process) plan(ctx context.Context, object *Object, config Values, options Options) (Plan, Diagnostics, error) {
	switch {
	case config == nil && object != nil && options.KeepOnDestroy:
		return Plan{Action: Forget, Prior: object}, nil, nil
	case config == nil:
		return p.planDestroy(ctx, object)
	}
	if diags, err := p.Validate(ctx, config); err != nil || diags.HasError() {
		return Plan{}, diags, err
	}
	if object == nil {
		private := options.Vanished
		if private == nil {
			private = p.vanished
		}
		first, diags, err := p.change(ctx, nil, private, nil, config)
		return Plan{Action: Create, Planned: first.planned, private: first.private}, diags, err
	}
	if object.Tainted {
		// Core shows a tainted object to the provider as none at all.
		first, diags, err := p.change(ctx, nil, nil, nil, config)
		return Plan{Action: options.replacement(), Prior: object, Planned: first.planned, private: first.private, createFirst: options.CreateBeforeDestroy}, diags, err
	}
	first, diags, err := p.change(ctx, &object.Value, object.Private, object.Identity, config)
	if err != nil || diags.HasError() {
		return Plan{}, diags, err
	}
	plan := Plan{Action: Update, Prior: object, Planned: first.planned, private: first.private}
	switch {
	case first.replace || options.Replace:
		second, more, err := p.change(ctx, nil, object.Private, nil, config)
		plan.Action, plan.Planned, plan.private = options.replacement(), second.planned, second.private
		plan.createFirst = options.CreateBeforeDestroy
		return plan, append(diags, more.Errors()...), err // Core drops the warnings of this call.
	case first.planned.Equal(object.Value):
		plan.Action = NoOp
	}
	return plan, diags, nil
}

func (p *Process) planDestroy(ctx context.Context, object *Object) (Plan, Diagnostics, error) {
	if object == nil {
		return Plan{Action: NoOp}, nil, nil
	}
	prior, err := tfprotov6.NewDynamicValue(p.objType, object.Value)
	if err != nil {
		return Plan{}, nil, err
	}
	null, err := tfprotov6.NewDynamicValue(p.objType, p.null())
	if err != nil {
		return Plan{}, nil, err
	}
	resp, err := p.server.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{
		TypeName: p.typeName, PriorState: &prior, ProposedNewState: &null, Config: &null, PriorPrivate: object.Private, PriorIdentity: object.Identity,
	})
	if err != nil {
		return Plan{}, nil, err
	}
	return Plan{Action: Destroy, Prior: object, private: resp.PlannedPrivate}, resp.Diagnostics, nil
}

// Apply carries a plan out, in the process of the apply's own walk: it plans again
// before it creates or updates. It returns the object that is in the state
// afterwards, nil for none.
func (p *Process) Apply(ctx context.Context, plan Plan, config Values) (*Object, Diagnostics, error) {
	switch plan.Action {
	case NoOp:
		return plan.Prior, nil, nil
	case Forget:
		return nil, nil, nil
	}
	decoded, diags, err := p.decode(ctx, plan.Prior)
	if err != nil || diags.HasError() {
		return plan.Prior, diags, err
	}
	plan.Prior = decoded
	left, more, err := p.carryOut(ctx, plan, config)
	return left, append(diags, more...), err
}

func (p *Process) carryOut(ctx context.Context, plan Plan, config Values) (*Object, Diagnostics, error) {
	switch plan.Action {
	case Destroy:
		return p.remove(ctx, plan)
	case Replace:
		if plan.createFirst {
			return p.createAndRemove(ctx, plan, config)
		}
		left, diags, err := p.remove(ctx, plan)
		if err != nil || diags.HasError() {
			return left, diags, err
		}
		created, more, err := p.create(ctx, config)
		return created, append(diags, more...), err
	case CreateThenForget:
		return p.createAndRemove(ctx, plan, config)
	case Create:
		return p.create(ctx, config)
	default:
		return p.update(ctx, plan, config)
	}
}

// createAndRemove carries out a replacement that creates first. The old object is
// planned for its destruction only after that, with its own private data: nothing
// that the plan of the replacement has left reaches its Delete. Under destroy = false
// it is forgotten instead.
func (p *Process) createAndRemove(ctx context.Context, plan Plan, config Values) (*Object, Diagnostics, error) {
	created, diags, err := p.create(ctx, config)
	if created == nil {
		return plan.Prior, diags, err
	}
	created.Deposed = plan.Prior
	if err != nil || diags.HasError() {
		return created, diags, err
	}
	if plan.Action == CreateThenForget {
		created.Deposed = nil
		return created, diags, nil
	}
	removal, more, err := p.planDestroy(ctx, plan.Prior)
	diags = append(diags, more...)
	if err != nil || more.HasError() {
		return created, diags, err
	}
	created.Deposed, more, err = p.remove(ctx, removal)
	return created, append(diags, more...), err
}

func (p *Process) remove(ctx context.Context, plan Plan) (*Object, Diagnostics, error) {
	null, err := toValue(p.objType, nil)
	if err != nil {
		return plan.Prior, nil, err
	}
	left, diags, err := p.apply(ctx, plan.Prior, p.null(), null, plan.private)
	if left != nil {
		left.Tainted = plan.Prior.Tainted
	}
	return left, diags, err
}

func (p *Process) create(ctx context.Context, config Values) (*Object, Diagnostics, error) {
	if diags, err := p.Validate(ctx, config); err != nil || diags.HasError() {
		return nil, diags, err
	}
	again, diags, err := p.change(ctx, nil, nil, nil, config)
	if err != nil || diags.HasError() {
		return nil, diags, err
	}
	value, err := toValue(p.objType, config)
	if err != nil {
		return nil, diags, err
	}
	created, more, err := p.apply(ctx, nil, again.planned, value, again.private)
	if created != nil {
		created.Tainted = more.HasError()
	}
	return created, append(diags, more...), err
}

func (p *Process) update(ctx context.Context, plan Plan, config Values) (*Object, Diagnostics, error) {
	again, diags, err := p.change(ctx, &plan.Prior.Value, plan.Prior.Private, plan.Prior.Identity, config)
	if err != nil || diags.HasError() {
		return plan.Prior, diags, err
	}
	if again.replace {
		return plan.Prior, diags, fmt.Errorf("inconsistent final plan: an update became a replacement")
	}
	if again.planned.Equal(plan.Prior.Value) {
		return plan.Prior, diags, nil
	}
	value, err := toValue(p.objType, config)
	if err != nil {
		return plan.Prior, diags, err
	}
	updated, more, err := p.apply(ctx, plan.Prior, again.planned, value, again.private)
	return updated, append(diags, more...), err
}

// changed is the answer to one PlanResourceChange.
type changed struct {
	planned tftypes.Value
	private []byte
	replace bool
}

func (p *Process) change(ctx context.Context, prior *tftypes.Value, private []byte, identity *tfprotov6.ResourceIdentityData, config Values) (changed, Diagnostics, error) {
	priorValue := p.null()
	if prior != nil {
		priorValue = *prior
	}
	configValue, err := toValue(p.objType, config)
	if err != nil {
		return changed{}, nil, err
	}
	proposed, err := p.propose(prior, configValue)
	if err != nil {
		return changed{}, nil, err
	}
	var values [3]tfprotov6.DynamicValue
	for i, value := range []tftypes.Value{priorValue, proposed, configValue} {
		if values[i], err = tfprotov6.NewDynamicValue(p.objType, value); err != nil {
			return changed{}, nil, err
		}
	}
	resp, err := p.server.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{
		TypeName: p.typeName, PriorState: &values[0], ProposedNewState: &values[1], Config: &values[2], PriorPrivate: private, PriorIdentity: identity,
	})
	if err != nil {
		return changed{}, nil, err
	}
	result := changed{private: resp.PlannedPrivate, replace: len(resp.RequiresReplace) > 0}
	if resp.PlannedState != nil {
		result.planned, err = resp.PlannedState.Unmarshal(p.objType)
	}
	return result, resp.Diagnostics, err
}

// propose builds the proposed new state: the configuration, and for computed
// attributes that it leaves out the prior value.
func (p *Process) propose(prior *tftypes.Value, config tftypes.Value) (tftypes.Value, error) {
	if prior == nil {
		return config, nil
	}
	var priorAttributes, attributes map[string]tftypes.Value
	if err := prior.As(&priorAttributes); err != nil {
		return tftypes.Value{}, err
	}
	if err := config.As(&attributes); err != nil {
		return tftypes.Value{}, err
	}
	attributes = maps.Clone(attributes) // As hands out the map of the configuration itself.
	for _, attribute := range p.schema.Block.Attributes {
		if attribute.Computed && attributes[attribute.Name].IsNull() {
			attributes[attribute.Name] = priorAttributes[attribute.Name]
		}
	}
	return tftypes.NewValue(p.objType, attributes), nil
}

func (p *Process) apply(ctx context.Context, prior *Object, planned, config tftypes.Value, private []byte) (*Object, Diagnostics, error) {
	priorValue := p.null()
	var identity *tfprotov6.ResourceIdentityData
	if prior != nil {
		priorValue, identity = prior.Value, prior.Identity
	}
	var values [3]tfprotov6.DynamicValue
	for i, value := range []tftypes.Value{priorValue, planned, config} {
		var err error
		if values[i], err = tfprotov6.NewDynamicValue(p.objType, value); err != nil {
			return prior, nil, err
		}
	}
	resp, err := p.server.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: p.typeName, PriorState: &values[0], PlannedState: &values[1], Config: &values[2], PlannedPrivate: private, PlannedIdentity: identity,
	})
	if err != nil {
		return prior, nil, err
	}
	object, err := p.object(resp.NewState, resp.Private, resp.NewIdentity)
	return object, resp.Diagnostics, err
}
