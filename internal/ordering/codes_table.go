package ordering

const (
	stepReadCircuit    = "Read the circuit with the data source expressconnect_physical_connection: its payable_reason names what has to happen first."
	stepWhoseCircuit   = "Check physical_connection_id, region_id and whose credentials the provider uses: circuits of another account are not visible."
	stepOtherArguments = "Find that order under Orders in the console; import it, or cancel it while it is unpaid and order anew with the client_token that the message gives, or set the arguments back to what was ordered and apply."
	stepKeys           = "Check the provider's credentials (access_key, secret_key, security_token, profile, or their environment variables), then try again."
	stepGateway        = "Check the endpoints of the provider block and any proxy in between. If they are right, report this to the provider's developers with code and request ID."
	stepRights         = "Attach the RAM policy from the documentation page of the resource or data source, then apply again."
	stepBillingRights  = "Attach the RAM policy for billing from the documentation page of the resource or data source, then apply again. Placing orders works without."
	stepServer         = "The provider sends the same order again with the same client token by itself. If it gave up: apply again, which repeats the same order and places no second one."
	stepThrottling     = "The provider waits and sends again by itself. If it gave up: apply again later, with fewer parallel operations (-parallelism), or with a longer timeouts.create."
	stepTopUp          = "Top up the account or settle what is overdue, then look at Orders in the console before you apply again: with auto_pay = true an unpaid or void order may have been left there."
)

var codes = []Code{
	{
		Code: "InvalidPhysicalConnectionPeriod.Malformed", HTTPStatus: 400, Message: "Specified Physical Connection Period is not valid.",
		Group: GroupOrder, Class: Final, Attribute: "period",
		Meaning: "The API does not take this period.", NextStep: "Set period to " + TermRule() + ".",
	},
	{
		Code: "InvalidPhysicalConnectionPricingCycle.Malformed", HTTPStatus: 400, Message: "Specified Physical Connection PricingCycle is not valid.",
		Group: GroupOrder, Class: Final, Attribute: "pricing_cycle",
		Meaning: "The API does not take this pricing cycle.", NextStep: "Set pricing_cycle to " + CycleRule() + ".",
	},
	{
		Code: "InvalidPhysicalConnectionChargeType.Malformed", HTTPStatus: 400, Message: "Specified Physical Connection ChargeType is not valid.",
		Group: GroupOrder, Class: Final, Attribute: "instance_charge_type",
		Meaning: "The API does not take this billing method.", NextStep: "Remove instance_charge_type or set it to PrePaid, the only value there is.",
	},
	{
		Code: "InvalidPrice.NotFound", HTTPStatus: 400, Message: "Pricing plan result not found.",
		Group: GroupOrder, Class: Final, Attribute: "period",
		Meaning: "There is no price for this circuit with this period and pricing cycle.", NextStep: "Choose another period or pricing_cycle, or ask Alibaba Cloud support which terms are sold for the circuit's port.",
	},
	{
		Code: "Forbidden.NotAllowedInState", HTTPStatus: 400, Message: "The request does not allow in this state.",
		Group: GroupWrongState, Class: Final, Attribute: "physical_connection_id",
		Meaning: "The circuit cannot be ordered in its present state.", NextStep: stepReadCircuit,
	},
	{
		Code: "IncorrectStatus.PhysicalConnection", HTTPStatus: 400, Message: "Invalid physical connection status.",
		Group: GroupWrongState, Class: Final, Attribute: "physical_connection_id",
		Meaning: "The circuit cannot be ordered in its present state.", NextStep: stepReadCircuit,
	},
	{
		Code: "INSTANCE.STATUS.NOT.ALLOW", HTTPStatus: 400, Message: "Instance status not allow",
		Group: GroupWrongState, Class: Final, Attribute: "physical_connection_id",
		Meaning: "The circuit cannot be ordered in its present state.", NextStep: stepReadCircuit,
	},
	{
		Code: "IAbs.InvalidStatus.ValueNotSupported", HTTPStatus: 400, Message: "status is not supported.",
		Group: GroupWrongState, Class: Final, Attribute: "physical_connection_id",
		Meaning: "The circuit cannot be ordered in its present state.", NextStep: stepReadCircuit,
	},
	{
		Code: "InvalidPhysicalConnectionId.NotFound", HTTPStatus: 404, Message: "The PhysicalConnectionId provided does not exist in our records.",
		Group: GroupNotFound, Class: Final, Attribute: "physical_connection_id",
		Meaning: "The API knows no such circuit in this region for this account.", NextStep: stepWhoseCircuit,
	},
	{
		Code: "Abs.InstanceNotExist", HTTPStatus: 400, Message: "The specified instance does not exist.",
		Group: GroupNotFound, Class: Final, Attribute: "physical_connection_id",
		Meaning: "The API knows no such circuit in this region for this account.", NextStep: stepWhoseCircuit,
	},
	{
		Code: "InvalidRegionId.NotFound", HTTPStatus: 404, Message: "The RegionId provided does not exist in our records.",
		Group: GroupNotFound, Class: Final, Attribute: "region_id",
		Meaning: "The API knows no such region.", NextStep: "Set region_id, or the provider's region, to the region of the circuit, for example cn-hangzhou.",
	},
	{
		Code: "IdempotentParameterMismatch", HTTPStatus: 400,
		Group: GroupMismatch, Class: Final, Attribute: "client_token",
		Meaning:  "An order with this client token exists already, with other arguments. Nothing was bought by this request.",
		NextStep: stepOtherArguments,
	},
	{
		Code: "InvalidIdempotenceParameter", HTTPStatus: 400,
		Group: GroupMismatch, Class: Final, Attribute: "client_token",
		Meaning:  "An order with this client token exists already, with other arguments. Nothing was bought by this request.",
		NextStep: stepOtherArguments,
	},
	{
		Code: "LastTokenProcessing", HTTPStatus: 400,
		Group: GroupToken, Class: Ambiguous,
		Meaning: "An earlier request with the same client token is still being worked on.", NextStep: stepServer,
	},
	{
		Code: "OperationFailed.LastTokenProcessing", HTTPStatus: 400,
		Group: GroupToken, Class: Ambiguous,
		Meaning: "An earlier request with the same client token is still being worked on.", NextStep: stepServer,
	},
	{
		Code: "OperationFailed.IdempotentTokenProcessing", HTTPStatus: 400,
		Group: GroupToken, Class: Ambiguous,
		Meaning: "An earlier request with the same client token is still being worked on.", NextStep: stepServer,
	},
	{
		Code: "IllegalParam.ClientToken", HTTPStatus: 400, Message: "Token verify failed because client token length too long.",
		Group: GroupToken, Class: Final, Attribute: "client_token",
		Meaning: "The API does not take this client token.", NextStep: "Remove client_token, so that the provider derives it, or use 1 to 64 printable ASCII characters without spaces.",
	},
	{
		Code: "PAY.INSUFFICIENT_BALANCE", HTTPStatus: 400,
		Group: GroupTrade, Class: Final, Attribute: "auto_pay",
		Meaning: "The account has not enough money to pay the order at once.", NextStep: stepTopUp,
	},
	{
		Code: "InsufficientBalance", HTTPStatus: 400,
		Group: GroupTrade, Class: Final, Attribute: "auto_pay",
		Meaning: "The account has not enough money to pay the order at once.", NextStep: stepTopUp,
	},
	{
		Code: "ORDER.ARREARAGE", HTTPStatus: 400,
		Group: GroupTrade, Class: Final, Attribute: "auto_pay",
		Meaning: "The account has overdue payments, so that it cannot order.", NextStep: stepTopUp,
	},
	{
		Code: "Order.InstanceHasUnpaidOrder", HTTPStatus: 400,
		Group: GroupOtherOrder, Class: Final, Attribute: "physical_connection_id",
		Meaning:  "An unpaid order for this circuit exists already.",
		NextStep: "Find it under Orders in the console: pay it and import it, or cancel it and apply again.",
	},
	{
		Code: "Order.LatestOrderIsHanding", HTTPStatus: 400,
		Group: GroupOtherOrder, Class: Ambiguous, Attribute: "physical_connection_id",
		Meaning: "An earlier order for this circuit is still being worked on.", NextStep: stepServer,
	},
	{
		Code: "InvalidAccessKeyId.NotFound", HTTPStatus: 404, Message: "Specified access key is not found.",
		Group: GroupCredentials, Class: Final,
		Meaning: "Alibaba Cloud knows no such access key.", NextStep: stepKeys,
	},
	{
		Code: "InvalidAccessKeyId.Inactive", HTTPStatus: 400, Message: "Specified access key is disabled.",
		Group: GroupCredentials, Class: Final,
		Meaning: "The access key is disabled.", NextStep: stepKeys,
	},
	{
		Code: "Forbidden.AccessKeyDisabled", HTTPStatus: 403,
		Group: GroupCredentials, Class: Final,
		Meaning: "The access key is disabled.", NextStep: stepKeys,
	},
	{
		Code: "SignatureDoesNotMatch", HTTPStatus: 400, Message: "Specified signature is not matched with our calculation.",
		Group: GroupCredentials, Class: Final,
		Meaning: "The signature is wrong: the secret key does not belong to the access key, or a proxy changed the request.", NextStep: stepKeys,
	},
	{
		Code: "IncompleteSignature", HTTPStatus: 400, Message: "The request signature does not conform to Aliyun standards.",
		Group: GroupCredentials, Class: Final,
		Meaning: "The signature of the request is not complete, as when a proxy changes it.", NextStep: stepGateway,
	},
	{
		Code: "InvalidSignatureMethod", HTTPStatus: 400, Message: "Specified signature method is not valid.",
		Group: GroupCredentials, Class: Final,
		Meaning: "The server does not take the signature method of the provider.", NextStep: stepGateway,
	},
	{
		Code: "SignatureNonceUsed", HTTPStatus: 400, Message: "Specified signature nonce was used already.",
		Group: GroupCredentials, Class: Ambiguous,
		Meaning: "The server has seen this very request before, so something in between sent it twice.", NextStep: stepServer,
	},
	{
		Code: "InvalidTimeStamp.Expired", HTTPStatus: 400, Message: "Specified time stamp or date value is expired.",
		Group: GroupCredentials, Class: Final,
		Meaning: "The clock of this machine is more than 15 minutes off.", NextStep: "Set the clock (NTP) of the machine that runs Terraform, then try again.",
	},
	{
		Code: "InvalidTimeStamp.Format", HTTPStatus: 400, Message: "Specified time stamp or date value is not well formatted.",
		Group: GroupCredentials, Class: Final,
		Meaning: "The server does not take the time stamp of the request.", NextStep: stepGateway,
	},
	{
		Code: "InvalidSecurityToken.*", HTTPStatus: 400,
		Group: GroupCredentials, Class: Final,
		Meaning: "The security token (STS) has expired, is damaged, or does not belong to the access key.", NextStep: "Get fresh session credentials, then try again.",
	},
	{
		Code: "MissingSecurityToken", HTTPStatus: 400,
		Group: GroupCredentials, Class: Final,
		Meaning: "The access key is one of a session (STS), and its security token is missing.", NextStep: "Set security_token or ALIBABA_CLOUD_SECURITY_TOKEN, then try again.",
	},
	{
		Code: "Forbidden.RAM", HTTPStatus: 403, Message: "User not authorized to operate on the specified resource, or this API doesn't support RAM.",
		Group: GroupRights, Class: Final,
		Meaning: "The credentials are valid but lack the right for this operation.", NextStep: stepRights,
	},
	{
		Code: "Forbidden", HTTPStatus: 403, Message: "User not authorized to operate on the specified resource.",
		Group: GroupRights, Class: Final,
		Meaning: "The credentials are valid but lack the right for this operation or this circuit.", NextStep: stepRights,
	},
	{
		Code: "NoPermission", HTTPStatus: 403, Message: "You are not authorized to perform this action.",
		Group: GroupRights, Class: Final,
		Meaning: "The credentials are valid but lack the right for this operation.", NextStep: stepRights,
	},
	{
		Code: "NotAuthorized", HTTPStatus: 400,
		Group: GroupRights, Class: Final,
		Meaning: "The credentials are valid but lack the right for this operation of billing.", NextStep: stepBillingRights,
	},
	{
		Code: "NotApplicable", HTTPStatus: 400, Message: "This API is not applicable for caller.",
		Group: GroupRights, Class: Final,
		Meaning: "Billing does not serve this account: an account of the other site was asked about, or one whose orders a reseller keeps.", NextStep: "Set account_type in the provider block to the site of the account, Domestic or International.",
	},
	{
		Code: "Throttling", HTTPStatus: 400, Message: "Request was denied due to request throttling.",
		Group: GroupThrottling, Class: Retryable,
		Meaning: "Too many requests.", NextStep: stepThrottling,
	},
	{
		Code: "Throttling.*", HTTPStatus: 400, Message: "Request was denied due to user flow control.",
		Group: GroupThrottling, Class: Retryable,
		Meaning: "Too many requests of this account or to this operation.", NextStep: stepThrottling,
	},
	{
		Code:  "Rejected.Throttling",
		Group: GroupThrottling, Class: Retryable,
		Meaning: "Too many requests.", NextStep: stepThrottling,
	},
	{
		Code:  "SystemBusy",
		Group: GroupThrottling, Class: Retryable,
		Meaning: "The service is busy.", NextStep: stepThrottling,
	},
	{
		Code:  "OperationConflict",
		Group: GroupThrottling, Class: Retryable,
		Meaning: "Another operation on the circuit is under way.", NextStep: stepThrottling,
	},
	{
		Code:  "TaskConflict",
		Group: GroupThrottling, Class: Retryable,
		Meaning: "Another operation on the circuit is under way.", NextStep: stepThrottling,
	},
	{
		Code: "ServiceUnavailable", HTTPStatus: 503, Message: "The request has failed due to a temporary failure of the server.",
		Group: GroupServer, Class: Ambiguous,
		Meaning: "The server failed for the moment; it may have taken the order before.", NextStep: stepServer,
	},
	{
		Code: "InternalError", HTTPStatus: 500, Message: "The request processing has failed due to some unknown error, exception or failure.",
		Group: GroupServer, Class: Ambiguous,
		Meaning: "The server failed; it may have taken the order before.", NextStep: stepServer,
	},
	{
		Code: "UndefinedError", HTTPStatus: 500,
		Group: GroupServer, Class: Ambiguous,
		Meaning: "The server failed; it may have taken the order before.", NextStep: stepServer,
	},
	{
		Code: "MissingParameter", HTTPStatus: 400, Message: "The input parameter \"X\" that is mandatory for processing this request is not supplied.",
		Group: GroupGateway, Class: Final,
		Meaning: "The server misses a parameter of the request.", NextStep: stepGateway,
	},
	{
		Code: "InvalidParameter.Format", HTTPStatus: 400, Message: "Specified parameter format is not valid.",
		Group: GroupGateway, Class: Final,
		Meaning: "The server does not take the answer format that the provider asks for.", NextStep: stepGateway,
	},
	{
		Code: "InvalidAction.NotFound", HTTPStatus: 404, Message: "Specified api is not found, please check your url and method.",
		Group: GroupGateway, Class: Final,
		Meaning: "The host does not know this operation, so it is probably not the endpoint of this API.", NextStep: stepGateway,
	},
	{
		Code: "InvalidApi.NotFound", HTTPStatus: 404, Message: "Specified api is not found, please check your url and method.",
		Group: GroupGateway, Class: Final,
		Meaning: "The host does not know this operation, so it is probably not the endpoint of this API.", NextStep: stepGateway,
	},
	{
		Code: "InvalidVersion", HTTPStatus: 400, Message: "Specified parameter Version is not valid.",
		Group: GroupGateway, Class: Final,
		Meaning: "The host does not know the version of the operation that the provider asks for, so it is probably not the endpoint of this API.", NextStep: stepGateway,
	},
	{
		Code: "InvalidProduct.NotFound", HTTPStatus: 404, Message: "Cannot find product according to your specified domain.",
		Group: GroupGateway, Class: Final,
		Meaning: "The host does not serve the product of this API.", NextStep: stepGateway,
	},
	{
		Code: "InvalidProtocol.NeedSsl", HTTPStatus: 400, Message: "Your request is denied as lack of ssl protect.",
		Group: GroupGateway, Class: Final,
		Meaning: "The host takes HTTPS only.", NextStep: stepGateway,
	},
	{
		Code: "UnsupportedHTTPMethod", HTTPStatus: 400,
		Group: GroupGateway, Class: Final,
		Meaning: "The host does not take POST for this operation.", NextStep: stepGateway,
	},
	{
		Code: "InvalidFilterKey.ValueNotSupported", HTTPStatus: 404, Message: "Specified filter key is not supported: Filter.X.key",
		Group: GroupList, Class: Final,
		Meaning: "The API does not know one of the filters that the data source expressconnect_physical_connections asks with.", NextStep: "Leave out filters until the list is read, and report the one that it was to the provider's developers with code and request ID.",
	},
	{
		Code: "OperationUnsupported.ResourceGroupId", HTTPStatus: 400, Message: "ResourceGroupId in financial region is unsupported.",
		Group: GroupList, Class: Final,
		Meaning: "In the regions of the finance cloud, circuits cannot be chosen by resource group.", NextStep: "Remove resource_group_id from the data source expressconnect_physical_connections, and choose the circuits by tags or ids.",
	},
}
