package message_test

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/renewal"
)

func renewalSamples() []diag.Diagnostics {
	id, end := key.CircuitID, time.Date(2027, 3, 1, 16, 0, 0, 0, time.UTC)
	quarterly, yearly := renewal.Setting{Status: renewal.Auto, Period: 3, Unit: renewal.Month}, renewal.Setting{Status: renewal.Auto, Period: 1, Unit: renewal.Year}
	manual := renewal.Setting{Status: renewal.Manual}
	confirmed := circuit.Circuit{Region: key.Region, ID: id, Status: circuit.StatusConfirmed, LOAStatus: circuit.LOAComplete}
	allocated := circuit.Circuit{Region: key.Region, ID: id, Status: circuit.StatusAllocated}
	over := circuit.Circuit{Region: key.Region, ID: id, Status: circuit.StatusTerminated}
	price := billing.Price{Trade: "2160.00", Currency: "CNY"}
	refused, denied, lost := answered(400, "InvalidParameter"), answered(403, "NoPermission"), answered(0, "")
	refused.Action, denied.Action = "SetRenewal", "QueryAvailableInstances"
	lost.Action, lost.Delivery, lost.Message = "SetRenewal", apierror.ResponseLost, "the answer broke off"
	failed := func(e renewal.SetError, limit string) diag.Diagnostic {
		e.Wanted = quarterly
		return message.RenewalFailed(key, &e, limit)
	}
	seen := renewal.SetError{Seen: renewal.Listed, Shown: manual}
	with := func(e renewal.SetError, change func(*renewal.SetError)) renewal.SetError {
		change(&e)
		return e
	}
	planned := func(at time.Time, more func(*message.Renewal)) diag.Diagnostic {
		r := message.Renewal{CircuitID: id, Setting: quarterly, End: &end, Now: at, Price: &price}
		more(&r)
		return message.PlannedRenewal(r)
	}
	same := func(*message.Renewal) {}
	instance := renewal.Instance{
		CircuitID: id, Setting: quarterly, EndTime: &end, StopTime: new(end.AddDate(0, 0, 15)), ReleaseTime: new(end.AddDate(0, 0, 22)),
	}
	unlisted := renewal.Instance{CircuitID: id, Setting: manual}
	return []diag.Diagnostics{{
		message.CircuitNotInService(confirmed, false, false), message.CircuitNotInService(confirmed, false, true), message.CircuitNotInService(confirmed, true, false),
		message.CircuitNotInService(over, true, false), message.CircuitNotInService(allocated, false, false),
		planned(end.AddDate(0, -1, 0), same), planned(end.AddDate(0, 0, -4), same), planned(end.AddDate(0, 0, 4), same),
		planned(end, func(r *message.Renewal) { r.Suspended = true }),
		planned(end, func(r *message.Renewal) { r.End, r.Price, r.Setting = nil, nil, yearly }),
		planned(end.AddDate(0, -1, 0), func(r *message.Renewal) { r.Merged, r.Price = true, nil }),
		failed(renewal.SetError{Cause: renewal.ErrConflict}, "timeouts.create"), failed(renewal.SetError{Cause: renewal.ErrBusy}, "timeouts.create"),
		failed(with(seen, func(e *renewal.SetError) { e.Accepted, e.Sent = true, true }), "timeouts.create"),
		failed(with(seen, func(e *renewal.SetError) { e.Accepted, e.Interrupted = true, true }), "timeouts.create"),
		failed(renewal.SetError{Accepted: true, ReadErr: denied}, "timeouts.create"), failed(renewal.SetError{Accepted: true, Seen: renewal.NotListed}, "timeouts.update"),
		failed(with(seen, func(e *renewal.SetError) { e.Sent, e.Cause = true, lost }), "timeouts.create"),
		failed(with(seen, func(e *renewal.SetError) { e.Cause = refused }), "timeouts.create"),
		failed(with(seen, func(e *renewal.SetError) { e.Cause = refused }), "timeouts.delete"),
		failed(renewal.SetError{Cause: refused, Seen: renewal.NotListed, Guessed: true, Product: "pconn"}, "timeouts.create"),
		failed(renewal.SetError{Cause: refused, Seen: renewal.Listed}, "timeouts.create"),
		failed(renewal.SetError{Cause: denied}, "timeouts.create"), failed(renewal.SetError{Cause: context.DeadlineExceeded}, "timeouts.create"),
		failed(renewal.SetError{Cause: context.Canceled}, "timeouts.delete"),
		message.TwoSettings(id, quarterly, manual), message.OtherResets(id), message.RenewalNeedsBilling(),
		message.RenewalNotReadBack(id, quarterly, false), message.RenewalNotReadBack(id, quarterly, true),
		message.RenewalsKept(renewal.ErrOff), message.RenewalsKept(denied), message.RenewalsKept(context.DeadlineExceeded), message.RenewalsUnchecked(denied),
		message.RenewalGone(id, false), message.RenewalGone(id, true), message.RenewalRead(denied, id), message.RenewalRead(renewal.ErrOff, id),
		message.DestroyRenewal(instance, false, false, false), message.DestroyRenewal(unlisted, true, true, false),
		message.DestroyRenewal(instance, true, false, false), message.DestroyRenewal(unlisted, true, false, false), message.DestroyRenewal(instance, false, false, true),
		message.RenewalResetSkipped(id), message.SettingImportInvalid("pc-1", circuit.Key{}), message.SettingImportInvalid("", key),
		message.SettingUnlisted(id), message.RenewalPeriodMissing(), message.RenewalPeriodUnused("renewal_period_unit", renewal.Manual),
		message.SettingUnconfigured(),
	}}
}
