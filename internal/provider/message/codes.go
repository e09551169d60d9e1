package message

import "github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"

// Code explains the error codes of one family.
type Code struct {
	// Attribute is the argument of the resource that causes the codes. It may be empty.
	Attribute string
	// Meaning is what happened, in one sentence. NextStep is what to do.
	Meaning, NextStep string
}

const (
	stepKeys = "Check the provider's credentials (access_key, secret_key, security_token, profile, or their environment variables), then try again."

	stepGateway = "Check the endpoints in the provider block and any proxy. If they are right, report this to the provider's developers with code and request ID."

	stepRights = "Attach the RAM policy from the documentation page of the resource or data source, then apply again. " +
		"You can place orders without permission to read billing."

	stepServer = "Apply again: the provider repeats the same order with the same client token and does not place a second one."

	stepThrottling = "Apply again later, with fewer parallel operations (-parallelism) or a longer timeouts.create."

	stepOrders = " Look at Orders in the console before you apply again: an unpaid order may be there."
)

// Explain returns the explanation of a family's codes, the zero Code if there is none.
func Explain(family apierror.Family) Code { return codes[family.Name] }

// codes explains each family of apierror.Families.
var codes = map[string]Code{
	"EarlierRequest": {"", "The API still works on an earlier request with the same client token, or on an earlier order for the same circuit.", stepServer},
	"ServerFault":    {"", "The server failed. It may have accepted the order before.", stepServer},
	"UnpaidOrder": {
		"physical_connection_id", "An unpaid order for this circuit exists already.",
		"Find it under Orders in the console. Pay it and import it, or cancel it and apply again.",
	},
	"ParameterMismatch": {
		"client_token", "The API has a request with this client token and other arguments. This request bought nothing.",
		"Find that order under Orders in the console. Import it, or set the arguments back to what was ordered and apply. " +
			"If it is unpaid and wrong, cancel it and order again with the client_token from the message.",
	},
	"SpentToken": {
		"client_token", "The first request with this client token failed, and the API does not accept the token again. " +
			"Whether that request left an order is not known.",
		"Look at Orders in the console. If there is no order for this circuit, order with the client_token from the message.",
	},
	"MalformedToken": {
		"client_token", "The API does not accept this client token.",
		"Remove client_token to use the default token, or use 1 to 64 printable ASCII characters without spaces.",
	},
	"UnclearToken": {"", "The API returned an error about the client token that the provider does not know. An order may exist.", stepServer},
	"PricingCycle": {"pricing_cycle", "The API does not accept this pricing cycle.", "Set pricing_cycle to " + CycleRule() + "."},
	"Period":       {"period", "The API does not accept this period.", "Set period to " + TermRule() + "."},
	"ChargeType": {
		"instance_charge_type", "The API does not accept this billing method.",
		"Remove instance_charge_type or set it to PrePaid, the only valid value.",
	},
	"NoPrice": {
		"period", "There is no price for this circuit with this period and pricing cycle.",
		"Choose another period or pricing_cycle, or ask Alibaba Cloud support which terms are sold for the circuit's port.",
	},
	"NoMoney": {
		"auto_pay", "The account's balance is too low, payments are overdue, or there is no payment method.",
		"Top up the account, pay what is overdue, or add a payment method." + stepOrders,
	},
	"UnclearPayment": {"", "The payment failed with an error that the provider does not know. The order may exist, unpaid.", stepServer},
	"PaymentRefused": {
		"auto_pay", "The API refused the payment of the order.",
		"Check the account's payment method, and whether the credentials may pay." + stepOrders,
	},
	"UnverifiedAccount": {
		"", "The account may not buy, for example because its owner is not verified yet.",
		"Complete the verification of the account in the console." + stepOrders,
	},
	"OtherOperation": {"", "Another operation on the circuit is running. It may be an earlier order.", stepServer},
	"Throttling":     {"", "There were too many requests, or the service is busy.", stepThrottling},
	"UsedNonce":      {"", "The server has received this same request before, so a proxy sent it twice.", stepServer},
	"SecurityToken": {
		"", "The security token (STS) is missing, expired or damaged, or it does not belong to the access key.",
		"Get new session credentials. Set security_token or ALIBABA_CLOUD_SECURITY_TOKEN together with their keys, then try again.",
	},
	"SignatureForm": {"", "The server does not accept the form of the signature or of its timestamp. A proxy may have changed the request.", stepGateway},
	"ClockSkew": {
		"", "The server does not accept the time of the request. The clock of this machine is probably wrong by more than 15 minutes.",
		"Set the clock (NTP) of the machine that runs Terraform, then try again.",
	},
	"Signature": {"", "The signature is wrong: the secret key does not belong to the access key, or a proxy changed the request.", stepKeys},
	"AccessKey": {"", "Alibaba Cloud does not accept the access key: it does not exist, or it is disabled.", stepKeys},
	"WrongState": {
		"physical_connection_id", "The circuit cannot be ordered in its current state.",
		"Read the circuit with the data source expressconnect_physical_connection. Its payable_reason says what must happen first.",
	},
	"MissingRight": {"", "The credentials are valid, but they lack the permission for this operation or this circuit.", stepRights},
	"OtherSite": {
		"", "Billing does not serve this account: it belongs to the other site (China or International), or a reseller manages its orders.",
		"Set account_type in the provider block to the site of the account, Domestic or International.",
	},
	"UnknownCircuit": {
		"physical_connection_id", "The API finds no such circuit in this region for this account.",
		"Check physical_connection_id, region_id and the provider's credentials: circuits of another account are not visible.",
	},
	"UnknownRegion": {
		"region_id", "The API does not know this region.",
		"Set region_id, or the provider's region, to the region of the circuit, for example cn-hangzhou.",
	},
	"UnknownRequest": {
		"", "The host does not accept the form of the request. It may be no endpoint of this API, it may accept HTTPS only, or a proxy changed the request.",
		stepGateway,
	},
	"UnknownFilter": {
		"", "The API does not know one of the filters of the data source expressconnect_physical_connections.",
		"Remove filters until the list is read. Report the filter to the provider's developers with code and request ID.",
	},
	"NoResourceGroups": {
		"", "The regions of the finance cloud do not filter circuits by resource group.",
		"Remove resource_group_id from the data source expressconnect_physical_connections, and filter by tags or ids.",
	},
}

// GroupTitle returns the title of a group of codes in the error reference.
func GroupTitle(group apierror.Group) string {
	return map[apierror.Group]string{
		apierror.GroupRunning:     "An earlier request or order",
		apierror.GroupServer:      "Server errors",
		apierror.GroupOtherOrder:  "An unpaid order of the circuit",
		apierror.GroupMismatch:    "Client token used with other arguments",
		apierror.GroupSpent:       "Client token of a failed request",
		apierror.GroupToken:       "Malformed client token",
		apierror.GroupOrder:       "The order's arguments",
		apierror.GroupTrade:       "Money",
		apierror.GroupThrottling:  "Throttling",
		apierror.GroupCredentials: "Credentials and signature",
		apierror.GroupWrongState:  "The state of the circuit",
		apierror.GroupRights:      "Permissions",
		apierror.GroupNotFound:    "Not found",
		apierror.GroupRegion:      "The region",
		apierror.GroupGateway:     "The form of the request",
		apierror.GroupList:        "Filters",
	}[group]
}
