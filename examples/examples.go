// Package examples contains the configurations in the documentation. The tests and
// the demo run the same files.
package examples

import _ "embed"

var (
	// Provider configures the provider.
	//
	//go:embed provider/provider.tf
	Provider string

	// Order orders a circuit and waits until it is in service.
	//
	//go:embed resources/expressconnect_physical_connection_occupancy_order/resource.tf
	Order string

	// ImportByID imports an order by its import ID.
	//
	//go:embed resources/expressconnect_physical_connection_occupancy_order/import-by-string-id.tf
	ImportByID string

	// ImportByIdentity imports an order by its identity (Terraform 1.12, OpenTofu 1.12).
	//
	//go:embed resources/expressconnect_physical_connection_occupancy_order/import-by-identity.tf
	ImportByIdentity string

	// Query lists the orders of a region's circuits (Terraform 1.14).
	//
	//go:embed list-resources/expressconnect_physical_connection_occupancy_order/list-resource.tfquery.hcl
	Query string

	// Circuit reads a circuit.
	//
	//go:embed data-sources/expressconnect_physical_connection/data-source.tf
	Circuit string

	// Fleet orders every circuit with a tag.
	//
	//go:embed data-sources/expressconnect_physical_connections/data-source.tf
	Fleet string

	// BilledOrder reads the order of Order from billing.
	//
	//go:embed data-sources/expressconnect_physical_connection_occupancy_order/data-source.tf
	BilledOrder string

	// BilledOrderChecks checks payment and term of BilledOrder.
	//
	//go:embed data-sources/expressconnect_physical_connection_occupancy_order/check.tf
	BilledOrderChecks string

	// ScopedCheck checks the payment of the order of Order. If billing cannot be
	// read, it only warns.
	//
	//go:embed data-sources/expressconnect_physical_connection_occupancy_order/scoped.tf
	ScopedCheck string

	// Price reads what an order of a circuit costs.
	//
	//go:embed data-sources/expressconnect_physical_connection_price/data-source.tf
	Price string

	// PriceTerms compares the prices of terms.
	//
	//go:embed data-sources/expressconnect_physical_connection_price/compare.tf
	PriceTerms string

	// Renewal orders a circuit, waits until it is in service, and sets its renewal.
	//
	//go:embed resources/expressconnect_physical_connection_renewal_setting/resource.tf
	Renewal string

	// RenewalImportByID imports a renewal setting by its import ID.
	//
	//go:embed resources/expressconnect_physical_connection_renewal_setting/import-by-string-id.tf
	RenewalImportByID string

	// RenewalImportByIdentity imports a renewal setting by its identity.
	//
	//go:embed resources/expressconnect_physical_connection_renewal_setting/import-by-identity.tf
	RenewalImportByIdentity string

	// RenewalQuery lists the renewal settings of a region (Terraform 1.14).
	//
	//go:embed list-resources/expressconnect_physical_connection_renewal_setting/list-resource.tfquery.hcl
	RenewalQuery string

	// RenewalFleet renews every circuit with a tag.
	//
	//go:embed guides/keep-in-service/fleet.tf
	RenewalFleet string
	// RenewalOverview shows the terms of these circuits.
	//
	//go:embed guides/keep-in-service/overview.tf
	RenewalOverview string
	// RenewalCheck warns before the end of a term.
	//
	//go:embed guides/keep-in-service/check.tf
	RenewalCheck string

	// FleetLimit limits the number of new orders.
	//
	//go:embed guides/orders-for-a-fleet/limit.tf
	FleetLimit string
	// FleetOverview shows payment and term of each order.
	//
	//go:embed guides/orders-for-a-fleet/overview.tf
	FleetOverview string
	// FleetAdopt imports orders by circuit ID.
	//
	//go:embed guides/orders-for-a-fleet/adopt.tf
	FleetAdopt string

	// FirstOrderCircuit reads a circuit.
	//
	//go:embed guides/first-order/main.tf
	FirstOrderCircuit string
	// FirstOrder orders the circuit.
	//
	//go:embed guides/first-order/order.tf
	FirstOrder string

	// FinanceOrder is an order that a person pays.
	//
	//go:embed guides/finance-approval/main.tf
	FinanceOrder string
	// FinancePolicy checks its plan.
	//
	//go:embed guides/finance-approval/policy.jq
	FinancePolicy string

	// Module is a module that orders a circuit.
	//
	//go:embed guides/module-tests/main.tf
	Module string
	// ModuleMocked tests Module with a mock.
	//
	//go:embed guides/module-tests/tests/mocked.tftest.hcl
	ModuleMocked string
	// ModuleEmulated tests Module with the emulator.
	//
	//go:embed guides/module-tests/tests/emulator.tftest.hcl
	ModuleEmulated string

	// RouterOrder orders a circuit, waits for it, and creates a router of alicloud on it.
	//
	//go:embed guides/order-to-router/main.tf
	RouterOrder string

	// PlanPolicy is the Rego policy for plans.
	//
	//go:embed guides/policy-checks/orders.rego
	PlanPolicy string

	// CIProvider uses the identity token of a CI job.
	//
	//go:embed guides/ci/main.tf
	CIProvider string
	// CIGitHub is the workflow for GitHub Actions.
	//
	//go:embed guides/ci/github.yml
	CIGitHub string
	// CIGitLab is the pipeline for GitLab.
	//
	//go:embed guides/ci/gitlab.yml
	CIGitLab string
	// CISession exchanges an identity token for a session.
	//
	//go:embed guides/ci/session.sh
	CISession string
	// CIAgentHook is the hook of an agent of HCP Terraform.
	//
	//go:embed guides/ci/hcp-hook.sh
	CIAgentHook string
	// CIAgent configures the provider for that hook.
	//
	//go:embed guides/ci/hcp.tf
	CIAgent string

	// MovingProviders configures this provider and alicloud.
	//
	//go:embed guides/moving-over/providers.tf
	MovingProviders string
	// MovingBefore is a circuit that alicloud ordered.
	//
	//go:embed guides/moving-over/before.tf
	MovingBefore string
	// MovingAfter is the same circuit with its order as a resource of this provider.
	//
	//go:embed guides/moving-over/after.tf
	MovingAfter string
	// MovingBack removes the order from the state.
	//
	//go:embed guides/moving-over/back.tf
	MovingBack string
	// MovingNew is a new circuit and its order.
	//
	//go:embed guides/moving-over/new.tf
	MovingNew string
)

// CircuitID is the circuit in the examples, RegionID is its region, and OrderID is
// the order that they import.
const (
	CircuitID = "pc-bp1hp0wr072f6abcd"
	RegionID  = "cn-hangzhou"
	OrderID   = "50187055895123"
)
