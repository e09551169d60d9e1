package message

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/renewal"
)

// Kinds about the renewal of circuits.
const (
	NotInService       Kind = "Circuit %s is not in service yet"
	RenewalPlanned     Kind = "Renewal of %s: %s"
	MoreRenewals       Kind = "Renewals of more circuits: %s each"
	RenewalNotSet      Kind = "Unable to set the renewal of %s"
	RenewalUnsure      Kind = "The renewal of %s may have changed"
	RenewalNotShown    Kind = "The renewal of %s is still %s"
	RenewalUnverified  Kind = "The renewal of %s could not be read back"
	RenewalTwice       Kind = "Two resources set the renewal of %s"
	RenewalOverwritten Kind = "Another resource resets the renewal of %s"
	RenewalsUnread     Kind = "Renewal settings could not be read"
	RenewalUnreadable  Kind = "Unable to read the renewal of %s"
	NoLongerListed     Kind = "Billing no longer lists circuit %s"
	MoreUnlisted       Kind = "Billing no longer lists more circuits"
	DestroyKeepsSet    Kind = "Destroy leaves the renewal of %s as it is"
	DestroyResets      Kind = "Destroy sets the renewal of %s to ManualRenewal"
	DestroyMore        Kind = "Destroy of more renewal settings"
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
// Enabled: a warning in a plan, an error in an apply. ordered reports whether this plan
// orders the circuit.
func CircuitNotInService(c circuit.Circuit, apply, ordered bool) diag.Diagnostic {
	happened := fmt.Sprintf("Circuit %s in %s is %s. Its renewal can be set when it is Enabled.", c.ID, c.Region, c.State())
	const wait = "In one configuration with its order, take physical_connection_id of this resource from a data source that waits; " +
		"ORDER is the address of the order:"
	var step string
	switch {
	case c.Readiness() == circuit.NeverPayable, c.Readiness() == circuit.NotYet:
		step = stepOf(CircuitNextStep(c))
	case !apply && ordered:
		step = "This plan orders the circuit. If this resource waits for it with wait_for_status, nothing is left to do."
	default:
		step = paragraphs("Next step: If the order of the circuit is paid, wait: it becomes Enabled some time after the payment. Otherwise order it. "+wait, gateInstructions)
	}
	if apply {
		return NotInService.errAt(circuitID, paragraphs(happened+" Nothing was set.", step), c.ID)
	}
	return NotInService.warningAt(circuitID, paragraphs(
		happened+" If nothing in the configuration waits for that, the apply fails for this setting and sets nothing.", step), c.ID)
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

// Renewal describes an automatic renewal that a plan turns on.
type Renewal struct {
	CircuitID string
	Setting   renewal.Setting
	// End is the end of the paid term; nil if it is not known.
	End *time.Time
	Now time.Time
	// Price is nil if it is not known.
	Price *billing.Price
	// Suspended reports whether the circuit is locked.
	Suspended bool
	// Merged means that Terraform merges the warning with others.
	Merged bool
}

// PlannedRenewal returns the warning for a plan that turns automatic renewal on.
func PlannedRenewal(r Renewal) diag.Diagnostic {
	what, source := every(r.Setting), ""
	if r.Price != nil {
		what, source = Cost(*r.Price, r.Setting.Period, r.Setting.Unit), priceSource+" "
	}
	detail := source + "Setting it charges nothing now. " + r.when()
	if r.Merged {
		return MoreRenewals.warning(fmt.Sprintf("Renewal of %s: %s", r.CircuitID, detail), what)
	}
	return RenewalPlanned.warning(detail, r.CircuitID, what)
}

// when returns when Alibaba Cloud charges the account.
func (r Renewal) when() string {
	const charges = "Alibaba Cloud charges the account for each renewal, usually "
	switch {
	case r.Suspended:
		return "The circuit is suspended. It is not documented whether it is renewed then.\n\nNext step: Renew it in the console under Renewal."
	case r.End == nil:
		return charges + "from the ninth day before the end of the term on."
	}
	next, end := renewal.NextCharge(*r.End, r.Now).Format(time.DateOnly), r.End.UTC().Format(time.RFC3339)
	switch {
	case r.End.Before(r.Now):
		return fmt.Sprintf(charges+"next on %s (08:00 UTC+8). The term ended at %s: a circuit that is not renewed is suspended 15 days after that.", next, end)
	case renewal.NextCharge(*r.End, time.Time{}).Before(r.Now):
		return fmt.Sprintf(charges+"first on %s (08:00 UTC+8). The term ends at %s.", next, end)
	default:
		return fmt.Sprintf(charges+"first on %s (08:00 UTC+8), nine days before the term ends (%s).", next, end)
	}
}

// TwoSettings returns the error for two resources with different settings for one circuit.
// The other setting is empty if it was set before.
func TwoSettings(id string, wanted, other renewal.Setting) diag.Diagnostic {
	happened := fmt.Sprintf("This run has already set another renewal for circuit %s. This one, %s, was not set.", id, RenewalName(wanted))
	if other.Status != "" {
		happened = fmt.Sprintf("One sets circuit %s to %s, another one to %s. Nothing was set.", id, RenewalName(other), RenewalName(wanted))
	}
	return RenewalTwice.errAt(circuitID, happened+"\n\nNext step: Keep one of the resources. To remove the record of the other one, use a removed block.", id)
}

// OtherResets returns the warning for a setting whose circuit another resource of the plan
// resets.
func OtherResets(id string) diag.Diagnostic {
	return RenewalOverwritten.warningAt(circuitID, "This plan also removes another resource, or an old object, for this circuit. Its reset_on_destroy sets ManualRenewal.\n\n"+
		"Next step: Plan again after the apply. It shows the setting if it was lost, and the next apply sets it again.", id)
}

// RenewalNeedsBilling returns the error for a renewal setting with billing = false.
func RenewalNeedsBilling() diag.Diagnostic {
	return BillingOff.err("A renewal setting needs billing, and billing = false in the provider block turns it off. Nothing was set.\n\n" +
		"Next step: Remove billing = false, or this resource. A destroy removes only its record.")
}

// RenewalNotReadBack returns the warning for a setting that billing accepted and does not
// list. listed reports whether it lists the circuit.
func RenewalNotReadBack(id string, setting renewal.Setting, listed bool) diag.Diagnostic {
	missing := "does not list the circuit"
	if listed {
		missing = "lists the circuit without a renewal setting"
	}
	return RenewalUnverified.warning(fmt.Sprintf("Billing accepted %s, but %s.\n\n"+
		"Next step: Check the circuit in the console under Renewal.", RenewalName(setting), missing), id)
}

// RenewalsKept returns the warning for a refresh that could not read settings.
func RenewalsKept(err error) diag.Diagnostic {
	if errors.Is(err, renewal.ErrOff) {
		return RenewalsUnread.warning("billing = false in the provider block turns billing off. The state keeps the last values.\n\n" +
			"Next step: Remove billing = false to see changes.")
	}
	return RenewalsUnread.warning(paragraphs("The state keeps the last values.", planFailure(err)))
}

// planFailure is readFailure that also knows a plan whose time was over.
func planFailure(err error) string {
	if text := contextFailure(err); text != "" {
		return text + "\n\nNext step: Plan again later."
	}
	return readFailure(err)
}

// RenewalsUnchecked returns the warning for a plan of new settings that could not read
// them.
func RenewalsUnchecked(err error) diag.Diagnostic {
	return RenewalsUnread.warning(paragraphs("The plan does not show when renewals are charged. The apply needs to read the settings, and sets nothing without it.",
		planFailure(err)))
}

// RenewalGone returns the warning for a circuit that billing listed before. If merged,
// Terraform merges the warnings.
func RenewalGone(id string, merged bool) diag.Diagnostic {
	const detail = "It may be released, because its term ended without a renewal. The setting stays in the state.\n\n" +
		"Next step: Look at the circuit in the console. If it is released, remove this resource."
	if merged {
		return MoreUnlisted.warning(id + ": " + detail)
	}
	return NoLongerListed.warning(detail, id)
}

// RenewalRead returns the error for a renewal that a data source, a list or an import could
// not read.
func RenewalRead(err error, what string) diag.Diagnostic {
	if errors.Is(err, renewal.ErrOff) {
		return BillingNeeded("The renewal of a circuit")
	}
	return RenewalUnreadable.err(planFailure(err), what)
}

// DestroyRenewal returns the warning for a plan that removes a setting. reset is the
// argument reset_on_destroy; off reports billing = false. If merged, Terraform merges the
// warnings.
func DestroyRenewal(i renewal.Instance, reset, off, merged bool) diag.Diagnostic {
	detail, kind := keptRenewal(i.Setting, reset), DestroyKeepsSet
	if reset && !off {
		detail, kind = resetRenewal(i), DestroyResets
	}
	if merged {
		return DestroyMore.warning(i.CircuitID + ": " + detail)
	}
	return kind.warning(detail, i.CircuitID)
}

func keptRenewal(setting renewal.Setting, reset bool) string {
	stays := fmt.Sprintf("It stays as it is; the last refresh read %s.", RenewalName(setting))
	if setting.Status == renewal.Auto {
		stays += " As long as it is AutoRenewal, Alibaba Cloud renews the circuit and charges the account."
	}
	if reset {
		return stays + " reset_on_destroy has no effect, because billing = false in the provider block turns billing off."
	}
	return stays + " To set it to ManualRenewal instead, first apply reset_on_destroy = true."
}

func resetRenewal(i renewal.Instance) string {
	var days []string
	for _, day := range []struct {
		what string
		at   *time.Time
	}{{"the end of its term is", i.EndTime}, {"it is suspended at", i.StopTime}, {"it is released at", i.ReleaseTime}} {
		if day.at != nil {
			days = append(days, day.what+" "+day.at.UTC().Format(time.RFC3339))
		}
	}
	detail := "Unless a person renews the circuit, it ends with its term."
	if len(days) > 0 {
		detail = "Unless a person renews the circuit: " + strings.Join(days, ", ") + "."
	}
	return detail + " If another resource of the configuration sets the renewal of this circuit, that one decides."
}

// RenewalResetSkipped returns the warning for a destroy of a setting whose circuit is gone.
func RenewalResetSkipped(id string) diag.Diagnostic {
	return ResetSkipped.warning("Its circuit does not exist any more or is terminated, so there is nothing to renew.", id)
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
