package coretest

import (
	"context"
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
	// With destroy = false, CreateThenForget is used instead of Replace, and Forget
	// instead of Destroy.
	CreateThenForget Action = "create, then forget"
	Forget           Action = "forget"
)

// Plan is a plan of core for one object.
type Plan struct {
	Action  Action
	Prior   *Object
	Planned tftypes.Value
	private []byte
	// mustReplace means that the provider requires a replacement.
	mustReplace bool
	// createFirst means that a replacement creates before it destroys.
	createFirst bool
}

// Options change how a plan is made.
type Options struct {
	// Replace means -replace, or a replace_triggered_by that fired.
	Replace bool
	// CreateBeforeDestroy is the rule of a lifecycle block, of the object or of another
	// one that depends on it: a replacement creates first.
	CreateBeforeDestroy bool
	// KeepOnDestroy means destroy = false in a lifecycle block. Core forgets the object
	// and does not call the provider. In a replacement, it first creates the new object.
	KeepOnDestroy bool
	// Vanished is the private data of an object that this run removed. If it is nil, core
	// uses the data that a refresh of the process left. Use an empty slice for another
	// instance than the removed one.
	Vanished []byte
}

// Plan decodes the object and plans a configuration for it. A nil object does not exist
// yet. A nil configuration means destroy. One process can plan several instances, one
// after the other.
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
	case config == nil && object == nil:
		return Plan{Action: NoOp}, nil, nil
	case config == nil && options.KeepOnDestroy:
		return Plan{Action: Forget, Prior: object}, nil, nil
	case config == nil:
		return p.change(ctx, object, object.Private, nil)
	}
	if diags, err := p.Validate(ctx, config); err != nil || diags.HasError() {
		return Plan{}, diags, err
	}
	if object == nil {
		private := options.Vanished
		if private == nil {
			private = p.vanished
		}
		return p.change(ctx, nil, private, config)
	}
	if object.Tainted {
		// For a tainted object, core sends the request of a new object.
		return p.replacement(ctx, object, nil, config, options)
	}
	plan, diags, err := p.change(ctx, object, object.Private, config)
	if err != nil || diags.HasError() {
		return Plan{}, diags, err
	}
	switch {
	case plan.mustReplace || options.Replace:
		plan, more, err := p.replacement(ctx, object, object.Private, config, options)
		return plan, append(diags, more.Errors()...), err // Core drops the warnings of this call.
	case plan.Planned.Equal(object.Value):
		plan.Action = NoOp
	}
	return plan, diags, nil
}

// replacement plans a new object that replaces another one.
func (p *Process) replacement(ctx context.Context, object *Object, private []byte, config Values, options Options) (Plan, Diagnostics, error) {
	plan, diags, err := p.change(ctx, nil, private, config)
	plan.Action, plan.Prior, plan.createFirst = Replace, object, options.CreateBeforeDestroy
	if options.KeepOnDestroy {
		plan.Action = CreateThenForget
	}
	return plan, diags, err
}

// change sends one PlanResourceChange: to create if prior is nil, to destroy if config is
// nil, and otherwise to update.
func (p *Process) change(ctx context.Context, prior *Object, private []byte, config Values) (Plan, Diagnostics, error) {
	plan := Plan{Action: Update, Prior: prior}
	switch {
	case prior == nil:
		plan.Action = Create
	case config == nil:
		plan.Action = Destroy
	}
	old := p.orNull(prior)
	configValue, err := toValue(p.objType, config)
	if err != nil {
		return Plan{}, nil, err
	}
	proposed, err := p.propose(old.Value, configValue)
	if err != nil {
		return Plan{}, nil, err
	}
	values, err := p.encode(old.Value, proposed, configValue)
	if err != nil {
		return Plan{}, nil, err
	}
	resp, err := p.server.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{
		TypeName: p.typeName, PriorState: &values[0], ProposedNewState: &values[1], Config: &values[2],
		PriorPrivate: private, PriorIdentity: old.Identity,
	})
	if err != nil {
		return Plan{}, nil, err
	}
	plan.private, plan.mustReplace = resp.PlannedPrivate, len(resp.RequiresReplace) > 0
	if resp.PlannedState != nil {
		plan.Planned, err = resp.PlannedState.Unmarshal(p.objType)
	}
	return plan, resp.Diagnostics, err
}

// propose returns the proposed new state: the configuration, with the prior value of each
// computed attribute that is not configured.
func (p *Process) propose(prior, config tftypes.Value) (tftypes.Value, error) {
	if prior.IsNull() || config.IsNull() {
		return config, nil
	}
	var priorAttributes, attributes map[string]tftypes.Value
	if err := prior.As(&priorAttributes); err != nil {
		return tftypes.Value{}, err
	}
	if err := config.As(&attributes); err != nil {
		return tftypes.Value{}, err
	}
	attributes = maps.Clone(attributes) // As returns the map of the configuration itself.
	for _, attribute := range p.schema.Block.Attributes {
		if attribute.Computed && attributes[attribute.Name].IsNull() {
			attributes[attribute.Name] = priorAttributes[attribute.Name]
		}
	}
	return tftypes.NewValue(p.objType, attributes), nil
}

// orNull returns the object, or one with a null value if it is nil.
func (p *Process) orNull(object *Object) Object {
	if object == nil {
		return Object{Value: p.null()}
	}
	return *object
}

// encode encodes values for the protocol.
func (p *Process) encode(values ...tftypes.Value) ([]tfprotov6.DynamicValue, error) {
	encoded := make([]tfprotov6.DynamicValue, len(values))
	for i, value := range values {
		var err error
		if encoded[i], err = tfprotov6.NewDynamicValue(p.objType, value); err != nil {
			return nil, err
		}
	}
	return encoded, nil
}
