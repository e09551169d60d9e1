package message

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/renewal"
)

// Kinds about the renewal of circuits.
const (
	NotInService       Kind = "Circuit %s is not in service yet"
	RenewalPlanned     Kind = "Renewal of %s: %s"
	MoreRenewals       Kind = "Renewals of more circuits"
	RenewalNotSet      Kind = "Unable to set the renewal of %s"
	RenewalUnsure      Kind = "The renewal of %s may have changed"
	RenewalNotShown    Kind = "The renewal of %s is still %s"
	RenewalUnverified  Kind = "The renewal of %s could not be read back"
	RenewalTwice       Kind = "Two resources set the renewal of %s"
	RenewalsUnread     Kind = "Renewal settings could not be read"
	RenewalUnreadable  Kind = "Unable to read the renewal of %s"
	NoLongerListed     Kind = "Billing no longer lists circuit %s"
	DestroyKeepsSet    Kind = "Destroy leaves the renewal of %s as it is"
	DestroyResets      Kind = "Destroy sets the renewal of %s to ManualRenewal"
	ResetSkipped       Kind = "The renewal of %s was not reset"
	WrongSettingImport Kind = "Unable to import the renewal setting: wrong import ID"
	SettingNotListed   Kind = "Billing does not list circuit %s"
	MissingRenewPeriod Kind = "Missing renewal_period"
	PeriodWithoutAuto  Kind = "%s without AutoRenewal"
)

// gateInstructions is the data source that waits for a circuit.
const gateInstructions = ` data "expressconnect_physical_connection" "NAME" {
   physical_connection_id = ORDER.physical_connection_id
   wait_for_status        = "Enabled"
 }`

// CircuitNotInService returns the diagnostic for the setting of a circuit that is not
// Enabled: a warning in a plan, an error in an apply.
func CircuitNotInService(c circuit.Circuit, apply bool) diag.Diagnostic {
	state, later := fmt.Sprintf("Circuit %s in %s is %s.", c.ID, c.Region, c.State()), ""
	step := paragraphs("Next step: Order and pay the circuit. In one configuration with its order, take physical_connection_id of this resource "+
		"from a data source that waits; ORDER is the address of the order:", gateInstructions)
	if c.Readiness() == circuit.NeverPayable {
		step = stepOf(CircuitNextStep(c))
	}
	if apply {
		return NotInService.errAt(circuitID, paragraphs(state+" Its renewal can be set when it is Enabled. Nothing was set.", step), c.ID)
	}
	later = " Its renewal can be set when it is Enabled. If nothing in the configuration waits for that, the apply fails for this setting and sets nothing."
	return NotInService.warningAt(circuitID, paragraphs(state+later, step), c.ID)
}

// RenewalName returns what a setting does: AutoRenewal every 3 months.
func RenewalName(s renewal.Setting) string {
	switch {
	case s.Status == "":
		return "unknown"
	case s.Status != renewal.Auto || s.Period == 0:
		return s.Status
	default:
		return s.Status + " " + every(s)
	}
}

func every(s renewal.Setting) string {
	unit := strings.ToLower(s.Unit)
	if s.Period == 1 {
		return "every " + unit
	}
	return fmt.Sprintf("every %d %ss", s.Period, unit)
}

// PlannedRenewal returns the warning for a plan that turns automatic renewal on. The price
// and the end are nil if they are not known. If merged, Terraform merges the warnings.
func PlannedRenewal(id string, setting renewal.Setting, end *time.Time, price *billing.Price, merged bool) diag.Diagnostic {
	what, source := every(setting), ""
	if price != nil {
		what, source = Cost(*price, setting.Period, setting.Unit), " "+priceSource
	}
	when := "Alibaba Cloud charges the account for each renewal, usually from the ninth day before the end of the term on."
	if end != nil {
		when = fmt.Sprintf("Alibaba Cloud charges the account for each renewal, usually first on %s (08:00 UTC+8), nine days before the term ends (%s).",
			renewal.FirstCharge(*end).Format(time.DateOnly), end.UTC().Format(time.RFC3339))
	}
	detail := "This apply charges nothing. " + when + source
	if merged {
		return MoreRenewals.warning(fmt.Sprintf("Renewal of %s: %s. %s", id, what, detail))
	}
	return RenewalPlanned.warning(detail, id, what)
}

// RenewalFailed returns the error for a setting that was not set, or may not be. limit is
// the name of the timeout.
func RenewalFailed(key circuit.Key, failed *renewal.SetError, limit string) diag.Diagnostic {
	id, wanted := key.CircuitID, RenewalName(failed.Wanted)
	seen := "Billing could not be read after that."
	if failed.Seen != nil {
		seen = fmt.Sprintf("Billing lists it as %s.", RenewalName(failed.Seen.Setting))
	}
	repeat := "Apply again. The provider reads the setting first, and sets it only if it differs."
	if limit == "timeouts.delete" {
		repeat = "Destroy again. To remove only the record, first apply reset_on_destroy = false."
	}
	failure, _ := errors.AsType[*apierror.Error](failed.Cause)
	switch {
	case errors.Is(failed.Cause, renewal.ErrConflict):
		return RenewalTwice.errAt(circuitID, fmt.Sprintf("This apply has already set another renewal for circuit %s. This one, %s, was not set.\n\n"+
			"Next step: Keep one of the resources.", id, wanted), id)
	case failed.Accepted && failed.Seen != nil:
		return RenewalNotShown.err(paragraphs(
			fmt.Sprintf("Billing accepted the change to %s, but lists %s until the end of %s. Nothing was charged.", wanted, RenewalName(failed.Seen.Setting), limit),
			stepOf("Look at the circuit in the console under Renewal. "+repeat+" If billing is slow, set a longer "+limit+".")),
			id, RenewalName(failed.Seen.Setting))
	case failed.Accepted, failed.Sent:
		return RenewalUnsure.err(paragraphs(fmt.Sprintf("The change to %s was sent, and no answer shows the result. %s Nothing was charged.", wanted, seen),
			stepOf(repeat), causeDetails(failed.Cause)), id)
	case failure != nil && failure.Action == "SetRenewal":
		if failed.Seen == nil {
			seen = "Billing does not list the circuit. It may do so some minutes after the payment."
		}
		return RenewalNotSet.err(paragraphs(fmt.Sprintf("The renewal was not changed to %s. %s", wanted, seen), readFailureIn(failed.Cause, "apply")), id)
	default:
		return RenewalNotSet.err(paragraphs("Its setting could not be read, so nothing was changed.", readFailureIn(failed.Cause, "apply")), id)
	}
}

// causeDetails returns what the API returned, empty if it returned nothing.
func causeDetails(err error) string {
	if failure, ok := errors.AsType[*apierror.Error](err); ok {
		return paragraphs(unanswered(failure), apiDetails(failure))
	}
	return ""
}

// RenewalNotReadBack returns the warning for a setting that billing accepted and does not
// list.
func RenewalNotReadBack(id string, setting renewal.Setting) diag.Diagnostic {
	return RenewalUnverified.warning(fmt.Sprintf("Billing accepted %s, but does not list the circuit. The state has the values of the configuration.\n\n"+
		"Next step: Check the circuit in the console under Renewal.", RenewalName(setting)), id)
}

// RenewalsKept returns the warning for a refresh that could not read settings.
func RenewalsKept(err error) diag.Diagnostic {
	if errors.Is(err, renewal.ErrOff) {
		return RenewalsUnread.warning("billing = false in the provider block turns billing off. The state keeps the last values.\n\n" +
			"Next step: Remove billing = false to see changes.")
	}
	return RenewalsUnread.warning(paragraphs("The state keeps the last values.", readFailure(err)))
}

// RenewalsUnchecked returns the warning for a plan of new settings that could not read
// them.
func RenewalsUnchecked(err error) diag.Diagnostic {
	return RenewalsUnread.warning(paragraphs("The plan does not show when renewals are charged. The apply needs to read the settings, and sets nothing without it.",
		readFailure(err)))
}

// RenewalGone returns the warning for a circuit that billing listed before.
func RenewalGone(id string) diag.Diagnostic {
	return NoLongerListed.warning("It may be released, because its term ended without a renewal. The setting stays in the state.\n\n"+
		"Next step: Look at the circuit in the console. If it is released, remove this resource.", id)
}

// RenewalRead returns the error for a renewal that a data source, a list or an import could
// not read.
func RenewalRead(err error, what string) diag.Diagnostic {
	if errors.Is(err, renewal.ErrOff) {
		return BillingNeeded("The renewal of a circuit")
	}
	return RenewalUnreadable.err(readFailure(err), what)
}

// DestroyRenewal returns the warning for a plan that removes a setting. reset is the
// argument reset_on_destroy; off reports billing = false.
func DestroyRenewal(id string, setting renewal.Setting, end string, reset, off bool) diag.Diagnostic {
	stays := fmt.Sprintf("It stays %s.", RenewalName(setting))
	if setting.Status == renewal.Auto {
		stays += " Alibaba Cloud renews the circuit and charges the account."
	}
	switch {
	case reset && off:
		return DestroyKeepsSet.warning(stays+" reset_on_destroy has no effect, because billing = false in the provider block turns billing off.", id)
	case !reset:
		return DestroyKeepsSet.warning(stays+" To set it to ManualRenewal instead, first apply reset_on_destroy = true.", id)
	}
	term := "Its term ends unless a person renews it."
	if end != "" {
		term = fmt.Sprintf("Its term ends at %s unless a person renews it.", end)
	}
	return DestroyResets.warning(term+" A circuit that is not renewed is suspended 15 days after the end of its term, and released 7 days later.", id)
}

// RenewalResetSkipped returns the warning for a destroy of a setting whose circuit is gone.
func RenewalResetSkipped(id string, cause error) diag.Diagnostic {
	return ResetSkipped.warning(paragraphs("Its circuit does not exist any more or is terminated, so there is nothing to renew.", causeDetails(cause)), id)
}

// SettingImportInvalid returns the error for an import ID of another form.
func SettingImportInvalid(id string, key circuit.Key) diag.Diagnostic {
	got := fmt.Sprintf("Got %q.", id)
	if id == "" {
		got = fmt.Sprintf("Got region_id %q, physical_connection_id %q.", key.Region, key.CircuitID)
	}
	return WrongSettingImport.err("The import ID is <region_id>/<physical_connection_id>, for example cn-hangzhou/pc-bp1hp0wr072f6abcd. " + got)
}

// SettingUnlisted returns the error for an import of a circuit that billing does not list.
func SettingUnlisted(id string) diag.Diagnostic {
	return SettingNotListed.err("So it has no renewal setting to import. Billing lists circuits that are paid, some minutes after the payment.\n\n"+
		"Next step: Check the circuit ID, the credentials and account_type in the provider block. To set the renewal, remove the import and apply.", id)
}

// RenewalPeriodMissing returns the error for AutoRenewal without a period.
func RenewalPeriodMissing() diag.Diagnostic {
	return MissingRenewPeriod.errAt("renewal_period", "renewal_status = \"AutoRenewal\" needs renewal_period: the account is charged for this term at each renewal.\n\n"+
		"Next step: Set renewal_period to 1, 2, 3, 6 or 12.")
}

// RenewalPeriodUnused returns the error for a period, or its unit, without AutoRenewal.
func RenewalPeriodUnused(attribute, status string) diag.Diagnostic {
	return PeriodWithoutAuto.errOn(path.Root(attribute), fmt.Sprintf("renewal_status is %s, which has no period.\n\n"+
		"Next step: Remove %s, or set renewal_status = \"AutoRenewal\".", status, attribute), attribute)
}

// SettingUnconfigured returns the error for a setting with an unknown provider
// configuration.
func SettingUnconfigured() diag.Diagnostic { return unconfigured("Nothing was set.", "apply") }
