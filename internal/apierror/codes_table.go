package apierror

const (
	stepKeys       = "Check the provider's credentials (access_key, secret_key, security_token, profile, or their environment variables), then try again."
	stepGateway    = "Check the endpoints of the provider block and any proxy in between. If they are right, report this to the provider's developers with code and request ID."
	stepRights     = "Attach the RAM policy from the documentation page of the resource or data source, then apply again. Placing orders works without the rights to billing."
	stepServer     = "The provider sends the same order again with the same client token by itself. If it gave up: apply again, which repeats the same order and places no second one."
	stepThrottling = "The provider waits and sends again by itself. If it gave up: apply again later, with fewer parallel operations (-parallelism), or with a longer timeouts.create."
	stepOrders     = " Look at Orders in the console before you apply again: an unpaid or void order may be there."
)

// families is the table of families. The first that fits wins, so what may have ordered
// comes first: to repeat a refusal costs time, to miss an order costs money.
var families = []Family{
	{
		Group: GroupRunning, Class: Ambiguous,
		pattern: pattern(`processing|in process|in progress|handing|handling|(^|[^s]|ha?s|is)pending` +
			`|client token.*(duplicat|repeat|conflict|use|exist|occup)|(duplicat|repeat)\w* (client token|request|order|submit)` +
			`|order (duplicat|repeat|conflict|already exist)|(conflict|state|status) order|(incorrect|invalid|wrong|illegal) order (state|status)|order (state|status) (not (allow|support|match)|error)`),
		Meaning: "The API has an earlier request with the same client token, or an earlier order for the same circuit, and may still be working on it.", NextStep: stepServer,
		spellings: []Spelling{
			{"LastTokenProcessing", 400, ""}, {"OperationFailed.LastTokenProcessing", 400, ""}, {"OperationFailed.IdempotentTokenProcessing", 400, ""},
			{"IdempotentProcessing", 403, ""}, {"Order.LatestOrderIsHanding", 400, ""},
		},
	},
	{
		Group: GroupServer, Class: Ambiguous,
		pattern: pattern(`internal (server|service|system|err|fault|fail|exception)|internal$|back ?end (err|fail)|bad gateway|temporar\w* (un|not )available|exception|undefined|(unknown|unexpected) (error|fail)|timed? out|((service|server|system)\w* (un|not )available)|(service|server|system) (error|fault|fail)`),
		Meaning: "The server failed; it may have taken the order before.", NextStep: stepServer,
		spellings: []Spelling{
			{"ServiceUnavailable", 503, "The request has failed due to a temporary failure of the server."},
			{"InternalError", 500, "The request processing has failed due to some unknown error, exception or failure."},
			{"UndefinedError", 500, ""},
		},
	},
	{
		Group: GroupOtherOrder, Class: Final, Attribute: "physical_connection_id",
		pattern: pattern(`(order|instance|has|exist)[\w.]*(un|not|wait for|to be) (paid|pay\b)|(un|non?|not|wait) (paid|pay) order`),
		Meaning: "An unpaid order for this circuit exists already.", NextStep: "Find it under Orders in the console: pay it and import it, or cancel it and apply again.",
		spellings: []Spelling{{"Order.InstanceHasUnpaidOrder", 400, ""}, {"OrderStatus.UnPaid", 400, ""}, {"InvalidInstance.UnPaidOrder", 0, ""}},
	},
	{
		Group: GroupMismatch, Class: Final, Attribute: "client_token",
		pattern: pattern(`idempoten.*(param|argument|mis match|not match|different)|client token.*(mis match|not match|different)`),
		Meaning: "The API has a request with this client token and other arguments. This request bought nothing.",
		NextStep: "Find that order under Orders in the console; import it, or cancel it while it is unpaid and order again with the client_token that the message gives, " +
			"or set the arguments back to what was ordered and apply.",
		spellings: []Spelling{
			{"IdempotentParameterMismatch", 400, ""}, {"InvalidIdempotenceParameter", 400, ""}, {"InvalidIdempotenceParameter.Mismatch", 400, ""}, {"IdempotenceParamNotMatch", 400, ""},
		},
	},
	{
		Group: GroupSpent, Class: Final, Attribute: "client_token",
		pattern:   pattern(`idempoten(t|ce|cy)?( (client|token|request|order|create|operation|action|call|process|execut(e|ion)|has|is))* fail|last token fail`),
		Meaning:   "The first request with this client token failed, and the API does not accept the token again. What that request left is not known.",
		NextStep:  "Look at Orders in the console. If there is no order for this circuit, order with the client_token that the message gives.",
		spellings: []Spelling{{"IdempotentFailed", 403, ""}},
	},
	{
		Group: GroupToken, Class: Final, Attribute: "client_token",
		pattern: pattern(`(invalid|illegal|malformed).*client token|client token.*(invalid|illegal|malformed|long|length|format)`),
		Meaning: "The API does not take this client token.", NextStep: "Remove client_token, so that the provider derives it, or use 1 to 64 printable ASCII characters without spaces.",
		spellings: []Spelling{{"IllegalParam.ClientToken", 400, "Token verify failed because client token length too long."}, {"InvalidClientToken.Malformed", 0, ""}},
	},
	{
		Group: GroupRunning, Class: Ambiguous, pattern: pattern(`idempoten|client token|last token`),
		Meaning: "The API answered about the client token in a way that the provider does not know. An order may exist.", NextStep: stepServer,
	},
	{
		Group: GroupOrder, Class: Final, Attribute: "pricing_cycle", pattern: pattern(`pricing cycle`),
		Meaning: "The API does not take this pricing cycle.", NextStep: "Set pricing_cycle to Month or Year.",
		spellings: []Spelling{{"InvalidPhysicalConnectionPricingCycle.Malformed", 400, "Specified Physical Connection PricingCycle is not valid."}},
	},
	{
		Group: GroupOrder, Class: Final, Attribute: "period", pattern: pattern(`(invalid|illegal|unsupported).*period|period.*(invalid|malformed|not support)`),
		Meaning: "The API does not take this period.", NextStep: `Set period to 1 to 9 with pricing_cycle = "Month", or 1 to 5 with pricing_cycle = "Year".`,
		spellings: []Spelling{{"InvalidPhysicalConnectionPeriod.Malformed", 400, "Specified Physical Connection Period is not valid."}},
	},
	{
		Group: GroupOrder, Class: Final, Attribute: "instance_charge_type", pattern: pattern(`(charge|pay|payment) type`),
		Meaning: "The API does not take this billing method.", NextStep: "Remove instance_charge_type or set it to PrePaid, the only value there is.",
		spellings: []Spelling{{"InvalidPhysicalConnectionChargeType.Malformed", 400, "Specified Physical Connection ChargeType is not valid."}},
	},
	{
		Group: GroupOrder, Class: Final, Attribute: "period", pattern: pattern(`invalid price|price not found|pricing plan`),
		Meaning: "There is no price for this circuit with this period and pricing cycle.", NextStep: "Choose another period or pricing_cycle, or ask Alibaba Cloud support which terms are sold for the circuit's port.",
		spellings: []Spelling{{"InvalidPrice.NotFound", 400, "Pricing plan result not found."}},
	},
	{
		Group: GroupTrade, Class: Final, Attribute: "auto_pay",
		pattern: pattern(`balance($|[^r])|arrear|debt|over due|insufficient (available quota|fund|money|credit)|not enough (fund|money|credit)|credit (limit|not enough|insufficient)|financial lock|payment method|un settled`),
		Meaning: "The account has not enough money, has overdue payments, or has no means of payment.", NextStep: "Top up the account, settle what is overdue, or add a payment method." + stepOrders,
		spellings: []Spelling{
			{"PAY.INSUFFICIENT_BALANCE", 400, ""}, {"Pay.InsufficientBalance", 400, ""}, {"InsufficientBalance", 400, ""}, {"InsufficientAvailableQuota", 0, ""},
			{"NotEnoughBalance", 0, ""}, {"InvalidAccountStatus.NotEnoughBalance", 0, ""}, {"Account.Arrearage", 0, ""}, {"ORDER.ARREARAGE", 400, ""},
			{"noAvailablePaymentMethod", 0, ""}, {"PaymentMethodNotFound", 0, ""},
		},
	},
	{
		Group: GroupRunning, Class: Ambiguous, pattern: pattern(`pay.*(fail|error|busy|throttl|conflict|limit)|fail.*pay`),
		Meaning: "The payment failed in a way that the provider does not know. The order may exist, unpaid.", NextStep: stepServer,
	},
	{
		Group: GroupTrade, Class: Final, Attribute: "auto_pay", pattern: pattern(`(^|[._-])pay([._-]|$)|payment|(order|auto) pay|pay order|pay.*(permission|authori|forbidden|denied)|(permission|authori[sz]ed|forbidden|denied).*pay`),
		Meaning: "The API refused to have the order paid.", NextStep: "Check the account's means of payment, and the right of the credentials to pay." + stepOrders,
	},
	{
		Group: GroupTrade, Class: Final, pattern: pattern(`real name|risk control|account (not|un) (verified|authenticated|certified)`),
		Meaning: "The account may not buy, for example because its owner is not verified yet.", NextStep: "Finish the verification of the account in the console." + stepOrders,
	},
	{
		Group: GroupRunning, Class: Ambiguous,
		pattern: pattern(`(operation|task|concurren)\w* conflict|conflict\w* (operation|task)|concurren\w* (modif|update|operation|access|order|creat)|(^|[._-]|instance|resource|connection|order)lock(ed)?($|[._-])|unfinished|creating|retry (later|again|after)|(instance|resource|connection|order) (is )?busy|order concurren|order (fail|exist)|already (ordered|paid|bought|purchased)|duplicat\w* (purchase|pay|buy)`),
		Meaning: "Something else is happening to the circuit, which may be an earlier order.", NextStep: stepServer,
		spellings: []Spelling{{"OperationConflict", 0, ""}, {"TaskConflict", 0, ""}},
	},
	{
		Group: GroupThrottling, Class: Retryable, pattern: pattern(`(^|[._-])(request|user|api|service)? throttl(ing|ed)?($|[._-]|user|api)|flow (control|limit)|too many|concurren|too frequent|(request|rate|call|qps|frequency)s? (limit|exceed)|busy`),
		Meaning: "Too many requests, or the service is busy.", NextStep: stepThrottling,
		spellings: []Spelling{
			{"Throttling", 400, "Request was denied due to request throttling."}, {"Throttling.User", 400, "Request was denied due to user flow control."},
			{"Throttling.Api", 400, "Request was denied due to api flow control."}, {"Rejected.Throttling", 0, ""}, {"SystemBusy", 0, ""},
		},
	},
	{
		Group: GroupCredentials, Class: Ambiguous, pattern: pattern(`nonce`),
		Meaning: "The server has seen this very request before, so something in between sent it twice.", NextStep: stepServer,
		spellings: []Spelling{{"SignatureNonceUsed", 400, "Specified signature nonce was used already."}},
	},
	{
		Group: GroupCredentials, Class: Final, pattern: pattern(`(security|sts|session) token`),
		Meaning: "The security token (STS) is missing, has expired, is damaged, or does not belong to the access key.", NextStep: "Get fresh session credentials, and set security_token or ALIBABA_CLOUD_SECURITY_TOKEN together with their keys; then try again.",
		spellings: []Spelling{
			{"InvalidSecurityToken.Expired", 400, ""}, {"InvalidSecurityToken.Malformed", 400, ""}, {"InvalidSecurityToken.MismatchWithAccessKey", 400, ""}, {"MissingSecurityToken", 400, ""},
			{"InvalidParameter", 400, `The specified parameter "SecurityToken.Expired" is not valid.`},
		},
	},
	{
		Group: GroupCredentials, Class: Final, pattern: pattern(`incomplete signature|signature (method|version|type)|missing.*(signature|time stamp)|time stamp.*(format|malformed)`),
		Meaning: "The server does not take the form of the signature or of its time stamp, as when a proxy changes the request.", NextStep: stepGateway,
		spellings: []Spelling{
			{"IncompleteSignature", 400, "The request signature does not conform to Aliyun standards."}, {"InvalidSignatureMethod", 400, "Specified signature method is not valid."},
			{"InvalidTimeStamp.Format", 400, "Specified time stamp or date value is not well formatted."},
		},
	},
	{
		Group: GroupCredentials, Class: Final, pattern: pattern(`time stamp`),
		Meaning: "The server does not take the time of the request: probably the clock of this machine is more than 15 minutes off.", NextStep: "Set the clock (NTP) of the machine that runs Terraform, then try again.",
		spellings: []Spelling{{"InvalidTimeStamp.Expired", 400, "Specified time stamp or date value is expired."}},
	},
	{
		Group: GroupCredentials, Class: Final, pattern: pattern(`signature`),
		Meaning: "The signature is wrong: the secret key does not belong to the access key, or a proxy changed the request.", NextStep: stepKeys,
		spellings: []Spelling{{"SignatureDoesNotMatch", 400, "Specified signature is not matched with our calculation."}},
	},
	{
		Group: GroupCredentials, Class: Final, pattern: pattern(`access key|credential`),
		Meaning: "Alibaba Cloud does not take the access key: it does not exist, or it is disabled.", NextStep: stepKeys,
		spellings: []Spelling{
			{"InvalidAccessKeyId.NotFound", 404, "Specified access key is not found."}, {"InvalidAccessKeyId.Inactive", 400, "Specified access key is disabled."},
			{"Forbidden.AccessKeyDisabled", 403, ""},
		},
	},
	{
		Group: GroupWrongState, Class: Final, Attribute: "physical_connection_id",
		pattern: pattern(`not allow(ed)? in\w* (state|status)|(incorrect|invalid|wrong|illegal) (physical connection|pconn|instance|resource)? (state|status)|(physical connection|pconn|instance|resource|circuit) (state|status) (not|invalid|incorrect|error)|(^|[._-])(state|status) not`),
		Meaning: "The circuit cannot be ordered in its present state.", NextStep: "Read the circuit with the data source expressconnect_physical_connection: its payable_reason names what has to happen first.",
		spellings: []Spelling{
			{"Forbidden.NotAllowedInState", 400, "The request does not allow in this state."}, {"IncorrectStatus.PhysicalConnection", 400, "Invalid physical connection status."},
			{"INSTANCE.STATUS.NOT.ALLOW", 400, "Instance status not allow"}, {"IAbs.InvalidStatus.ValueNotSupported", 400, "status is not supported."},
		},
	},
	{
		Group: GroupRights, Class: Final, pattern: pattern(`(^|[._-])forbidden($| (ram|sub user))|no permission|permission denied|(not|un) authori[sz]ed|access denied`),
		Meaning: "The credentials are valid but lack the right for this operation or this circuit.", NextStep: stepRights,
		spellings: []Spelling{
			{"Forbidden.RAM", 403, "User not authorized to operate on the specified resource, or this API doesn't support RAM."},
			{"Forbidden", 403, "User not authorized to operate on the specified resource."}, {"NoPermission", 403, "You are not authorized to perform this action."}, {"NotAuthorized", 400, ""},
		},
	},
	{
		Group: GroupRights, Class: Final, pattern: pattern(`not applicable`),
		Meaning: "Billing does not serve this account: it is an account of the other site, or a reseller keeps its orders.", NextStep: "Set account_type in the provider block to the site of the account, Domestic or International.",
		spellings: []Spelling{{"NotApplicable", 400, "This API is not applicable for caller."}},
	},
	{
		Group: GroupNotFound, Class: Final, Attribute: "physical_connection_id",
		pattern: pattern(`(physical connection|pconn|instance)( id)? (is |does )?not (found|exist)|not (found|exist) (physical connection|pconn|instance)`),
		Meaning: "The API knows no such circuit in this region for this account.", NextStep: "Check physical_connection_id, region_id and whose credentials the provider uses: circuits of another account are not visible.",
		spellings: []Spelling{
			{"InvalidPhysicalConnectionId.NotFound", 404, "The PhysicalConnectionId provided does not exist in our records."}, {"Abs.InstanceNotExist", 400, "The specified instance does not exist."},
			{"ResourceNotFound.PhysicalConnectionId", 400, "PhysicalConnection is not found."},
		},
	},
	{
		Group: GroupRegion, Class: Final, Attribute: "region_id",
		pattern: pattern(`(invalid|unsupported|unknown) (param(eter)?)? region|region( id)? (is |does )?(not (found|exist|support)|unsupported)`),
		Meaning: "The API knows no such region.", NextStep: "Set region_id, or the provider's region, to the region of the circuit, for example cn-hangzhou.",
		spellings: []Spelling{{"InvalidRegionId.NotFound", 404, "The RegionId provided does not exist in our records."}},
	},
	{
		Group: GroupGateway, Class: Final, pattern: pattern(`invalid (action|api|version|product|protocol)($|[._-])|(invalid|unsupported) http method|(^|[._-])missing\w|invalid parameter format`),
		Meaning: "The host does not take the request in the form that the provider sends: perhaps it is not the endpoint of this API, takes HTTPS only, or a proxy changed the request.", NextStep: stepGateway,
		spellings: []Spelling{
			{"InvalidAction.NotFound", 404, "Specified api is not found, please check your url and method."}, {"InvalidApi.NotFound", 404, "Specified api is not found, please check your url and method."},
			{"InvalidVersion", 400, "Specified parameter Version is not valid."}, {"InvalidProduct.NotFound", 404, "Cannot find product according to your specified domain."},
			{"InvalidProtocol.NeedSsl", 400, "Your request is denied as lack of ssl protect."}, {"UnsupportedHTTPMethod", 400, ""},
			{"MissingParameter", 400, `The input parameter "X" that is mandatory for processing this request is not supplied.`}, {"InvalidParameter.Format", 400, "Specified parameter format is not valid."},
		},
	},
	{
		Group: GroupList, Class: Final, pattern: pattern(`invalid filter`),
		Meaning: "The API does not know one of the filters that the data source expressconnect_physical_connections asks with.", NextStep: "Leave out filters until the list is read, and report the one that it was to the provider's developers with code and request ID.",
		spellings: []Spelling{{"InvalidFilterKey.ValueNotSupported", 404, "Specified filter key is not supported: Filter.X.key"}},
	},
	{
		Group: GroupList, Class: Final, pattern: pattern(`unsupported resource group`),
		Meaning: "In the regions of the finance cloud, circuits cannot be chosen by resource group.", NextStep: "Remove resource_group_id from the data source expressconnect_physical_connections, and choose the circuits by tags or ids.",
		spellings: []Spelling{{"OperationUnsupported.ResourceGroupId", 400, "ResourceGroupId in financial region is unsupported."}},
	},
}
