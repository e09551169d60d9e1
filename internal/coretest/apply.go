package coretest

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Apply applies a plan, in the process of the apply. Before it creates or updates, it
// plans again, as core does. It returns the object that is in the state afterwards, nil
// if there is none.
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
	left, more, err := p.apply(ctx, plan, config)
	return left, append(diags, more...), err
}

func (p *Process) apply(ctx context.Context, plan Plan, config Values) (*Object, Diagnostics, error) {
	switch {
	case plan.Action == Create:
		return p.create(ctx, config)
	case plan.Action == Update:
		return p.update(ctx, plan, config)
	case plan.Action == Destroy:
		return p.remove(ctx, plan)
	case plan.Action == CreateThenForget, plan.createFirst:
		return p.createAndRemove(ctx, plan, config)
	}
	left, diags, err := p.remove(ctx, plan)
	if err != nil || diags.HasError() {
		return left, diags, err
	}
	created, more, err := p.create(ctx, config)
	return created, append(diags, more...), err
}

// createAndRemove applies a replacement that creates first. Core plans the removal of the
// old object only after that, with the object's own private data. So private data from the
// plan of the replacement never reaches Delete. With destroy = false, core forgets the old
// object instead.
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
	removal, more, err := p.change(ctx, plan.Prior, plan.Prior.Private, nil)
	diags = append(diags, more...)
	if err != nil || more.HasError() {
		return created, diags, err
	}
	created.Deposed, more, err = p.remove(ctx, removal)
	return created, append(diags, more...), err
}

func (p *Process) remove(ctx context.Context, plan Plan) (*Object, Diagnostics, error) {
	plan.Planned = p.null()
	left, diags, err := p.send(ctx, plan, nil)
	if left != nil {
		left.Tainted = plan.Prior.Tainted
	}
	return left, diags, err
}

func (p *Process) create(ctx context.Context, config Values) (*Object, Diagnostics, error) {
	if diags, err := p.Validate(ctx, config); err != nil || diags.HasError() {
		return nil, diags, err
	}
	again, diags, err := p.change(ctx, nil, nil, config)
	if err != nil || diags.HasError() {
		return nil, diags, err
	}
	created, more, err := p.send(ctx, again, config)
	if created != nil {
		created.Tainted = more.HasError()
	}
	return created, append(diags, more...), err
}

func (p *Process) update(ctx context.Context, plan Plan, config Values) (*Object, Diagnostics, error) {
	again, diags, err := p.change(ctx, plan.Prior, plan.Prior.Private, config)
	if err != nil || diags.HasError() {
		return plan.Prior, diags, err
	}
	if again.mustReplace {
		return plan.Prior, diags, errors.New("inconsistent final plan: an update became a replacement")
	}
	if again.Planned.Equal(plan.Prior.Value) {
		return plan.Prior, diags, nil
	}
	updated, more, err := p.send(ctx, again, config)
	return updated, append(diags, more...), err
}

// send sends one ApplyResourceChange.
func (p *Process) send(ctx context.Context, plan Plan, config Values) (*Object, Diagnostics, error) {
	old := p.orNull(plan.Prior)
	configValue, err := toValue(p.objType, config)
	if err != nil {
		return plan.Prior, nil, err
	}
	values, err := p.encode(old.Value, plan.Planned, configValue)
	if err != nil {
		return plan.Prior, nil, err
	}
	resp, err := p.server.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: p.typeName, PriorState: &values[0], PlannedState: &values[1], Config: &values[2],
		PlannedPrivate: plan.private, PlannedIdentity: old.Identity,
	})
	if err != nil {
		return plan.Prior, nil, err
	}
	object, err := p.object(resp.NewState, resp.Private, resp.NewIdentity)
	return object, resp.Diagnostics, err
}
