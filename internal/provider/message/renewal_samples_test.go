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
	over := circuit.Circuit{Region: key.Region, ID: id, Status: circuit.StatusTerminated}
	price := billing.Price{Trade: "2160.00", Currency: "CNY"}
	refused, denied, lost := answered(400, "InvalidParameter"), answered(403, "NoPermission"), answered(0, "")
	refused.Action, denied.Action = "SetRenewal", "QueryAvailableInstances"
	lost.Action, lost.Delivery, lost.Message = "SetRenewal", apierror.ResponseLost, "the answer broke off"
	seen := &renewal.Instance{CircuitID: id, Setting: manual}
	failed := func(e renewal.SetError) diag.Diagnostic {
		e.Wanted = quarterly
		return message.RenewalFailed(key, &e, "timeouts.create")
	}
	return []diag.Diagnostics{{
		message.CircuitNotInService(confirmed, false), message.CircuitNotInService(confirmed, true), message.CircuitNotInService(over, true),
		message.PlannedRenewal(id, quarterly, &end, &price, false), message.PlannedRenewal(id, yearly, nil, nil, false),
		message.PlannedRenewal(id, yearly, &end, nil, true),
		failed(renewal.SetError{Cause: renewal.ErrConflict}),
		failed(renewal.SetError{Cause: context.DeadlineExceeded, Sent: true, Accepted: true, Seen: seen}),
		failed(renewal.SetError{Cause: context.DeadlineExceeded, Sent: true, Accepted: true}),
		failed(renewal.SetError{Cause: lost, Sent: true, Seen: seen}),
		failed(renewal.SetError{Cause: refused, Seen: seen}), failed(renewal.SetError{Cause: refused}), failed(renewal.SetError{Cause: denied}),
		message.RenewalNotReadBack(id, quarterly), message.RenewalsKept(renewal.ErrOff), message.RenewalsKept(denied), message.RenewalsUnchecked(denied),
		message.RenewalGone(id), message.RenewalRead(denied, id), message.RenewalRead(renewal.ErrOff, id),
		message.DestroyRenewal(id, quarterly, "2027-03-01T16:00:00Z", false, false), message.DestroyRenewal(id, manual, "", true, true),
		message.DestroyRenewal(id, quarterly, "2027-03-01T16:00:00Z", true, false), message.DestroyRenewal(id, quarterly, "", true, false),
		message.RenewalResetSkipped(id, refused), message.SettingImportInvalid("pc-1", circuit.Key{}), message.SettingImportInvalid("", key),
		message.SettingUnlisted(id), message.RenewalPeriodMissing(), message.RenewalPeriodUnused("renewal_period_unit", renewal.Manual),
		message.SettingUnconfigured(),
	}}
}
