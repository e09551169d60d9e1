package apierror

// families is the table of families. The first match wins. Ambiguous families come first,
// because an unnecessary repeat costs time, but a missed order costs money.
var families = []Family{
	{
		Name: "EarlierRequest", Group: GroupRunning, Class: Ambiguous,
		pattern: pattern(
			`processing`, `in process`, `in progress`, `handing`, `handling`, `(^|[^s]|ha?s|is)pending`,
			`client token.*(duplicat|repeat|conflict|use|exist|occup)`, `(duplicat|repeat)\w* (client token|request|order|submit)`,
			`order (duplicat|repeat|conflict|already exist)`, `(conflict|state|status) order`,
			`(incorrect|invalid|wrong|illegal) order (state|status)`, `order (state|status) (not (allow|support|match)|error)`,
		),
		spellings: []Spelling{
			{"LastTokenProcessing", 400, ""}, {"OperationFailed.LastTokenProcessing", 400, ""},
			{"OperationFailed.IdempotentTokenProcessing", 400, ""}, {"IdempotentProcessing", 403, ""}, {"Order.LatestOrderIsHanding", 400, ""},
		},
	},
	{
		Name: "ServerFault", Group: GroupServer, Class: Ambiguous,
		pattern: pattern(
			`internal (server|service|system|err|fault|fail|exception)`, `internal$`, `back ?end (err|fail)`, `bad gateway`,
			`temporar\w* (un|not )available`, `exception`, `undefined`, `(unknown|unexpected) (error|fail)`, `timed? out`,
			`((service|server|system)\w* (un|not )available)`, `(service|server|system) (error|fault|fail)`,
		),
		spellings: []Spelling{
			{"ServiceUnavailable", 503, "The request has failed due to a temporary failure of the server."},
			{"InternalError", 500, "The request processing has failed due to some unknown error, exception or failure."}, {"UndefinedError", 500, ""},
		},
	},
	{
		Name: "UnpaidOrder", Group: GroupOtherOrder, Class: Final,
		pattern:   pattern(`(order|instance|has|exist)[\w.]*(un|not|wait for|to be) (paid|pay\b)`, `(un|non?|not|wait) (paid|pay) order`),
		spellings: []Spelling{{"Order.InstanceHasUnpaidOrder", 400, ""}, {"OrderStatus.UnPaid", 400, ""}, {"InvalidInstance.UnPaidOrder", 0, ""}},
	},
	{
		Name: "ParameterMismatch", Group: GroupMismatch, Class: Final,
		pattern: pattern(`idempoten.*(param|argument|mis match|not match|different)`, `client token.*(mis match|not match|different)`),
		spellings: []Spelling{
			{"IdempotentParameterMismatch", 400, ""}, {"InvalidIdempotenceParameter", 400, ""}, {"InvalidIdempotenceParameter.Mismatch", 400, ""},
			{"IdempotenceParamNotMatch", 400, ""},
		},
	},
	{
		Name: "SpentToken", Group: GroupSpent, Class: Final,
		pattern: pattern(
			`idempoten(t|ce|cy)?( (client|token|request|order|create|operation|action|call|process|execut(e|ion)|has|is))* fail`, `last token fail`,
		),
		spellings: []Spelling{{"IdempotentFailed", 403, ""}},
	},
	{
		Name: "MalformedToken", Group: GroupToken, Class: Final,
		pattern: pattern(`(invalid|illegal|malformed).*client token`, `client token.*(invalid|illegal|malformed|long|length|format)`),
		spellings: []Spelling{
			{"IllegalParam.ClientToken", 400, "Token verify failed because client token length too long."}, {"InvalidClientToken.Malformed", 0, ""},
		},
	},
	{
		Name: "UnclearToken", Group: GroupRunning, Class: Ambiguous, pattern: pattern(`idempoten`, `client token`, `last token`),
	},
	{
		Name: "PricingCycle", Group: GroupOrder, Class: Final, pattern: pattern(`pricing cycle`),
		spellings: []Spelling{{"InvalidPhysicalConnectionPricingCycle.Malformed", 400, "Specified Physical Connection PricingCycle is not valid."}},
	},
	{
		Name: "Period", Group: GroupOrder, Class: Final,
		pattern:   pattern(`(invalid|illegal|unsupported).*period`, `period.*(invalid|malformed|not support)`),
		spellings: []Spelling{{"InvalidPhysicalConnectionPeriod.Malformed", 400, "Specified Physical Connection Period is not valid."}},
	},
	{
		Name: "ChargeType", Group: GroupOrder, Class: Final, pattern: pattern(`(charge|pay|payment) type`),
		spellings: []Spelling{{"InvalidPhysicalConnectionChargeType.Malformed", 400, "Specified Physical Connection ChargeType is not valid."}},
	},
	{
		Name: "NoPrice", Group: GroupOrder, Class: Final, pattern: pattern(`invalid price`, `price not found`, `pricing plan`),
		spellings: []Spelling{{"InvalidPrice.NotFound", 400, "Pricing plan result not found."}},
	},
	{
		Name: "NoMoney", Group: GroupTrade, Class: Final,
		pattern: pattern(
			`balance($|[^r])`, `arrear`, `debt`, `over due`, `insufficient (available quota|fund|money|credit)`, `not enough (fund|money|credit)`,
			`credit (limit|not enough|insufficient)`, `financial lock`, `payment method`, `un settled`,
		),
		spellings: []Spelling{
			{"PAY.INSUFFICIENT_BALANCE", 400, ""}, {"Pay.InsufficientBalance", 400, ""}, {"InsufficientBalance", 400, ""},
			{"InsufficientAvailableQuota", 0, ""}, {"NotEnoughBalance", 0, ""}, {"InvalidAccountStatus.NotEnoughBalance", 0, ""},
			{"Account.Arrearage", 0, ""}, {"ORDER.ARREARAGE", 400, ""}, {"noAvailablePaymentMethod", 0, ""}, {"PaymentMethodNotFound", 0, ""},
		},
	},
	{
		Name: "UnclearPayment", Group: GroupRunning, Class: Ambiguous, pattern: pattern(`pay.*(fail|error|busy|throttl|conflict|limit)`, `fail.*pay`),
	},
	{
		Name: "PaymentRefused", Group: GroupTrade, Class: Final,
		pattern: pattern(
			`(^|[._-])pay([._-]|$)`, `payment`, `(order|auto) pay`, `pay order`, `pay.*(permission|authori|forbidden|denied)`,
			`(permission|authori[sz]ed|forbidden|denied).*pay`,
		),
	},
	{
		Name: "UnverifiedAccount", Group: GroupTrade, Class: Final,
		pattern: pattern(`real name`, `risk control`, `account (not|un) (verified|authenticated|certified)`),
	},
	{
		Name: "OtherOperation", Group: GroupRunning, Class: Ambiguous,
		pattern: pattern(
			`(operation|task|concurren)\w* conflict`, `conflict\w* (operation|task)`, `concurren\w* (modif|update|operation|access|order|creat)`,
			`(^|[._-]|instance|resource|connection|order)lock(ed)?($|[._-])`, `unfinished`, `creating`, `retry (later|again|after)`,
			`(instance|resource|connection|order) (is )?busy`, `order concurren`, `order (fail|exist)`, `already (ordered|paid|bought|purchased)`,
			`duplicat\w* (purchase|pay|buy)`,
		),
		spellings: []Spelling{{"OperationConflict", 0, ""}, {"TaskConflict", 0, ""}},
	},
	{
		Name: "Throttling", Group: GroupThrottling, Class: Retryable,
		pattern: pattern(
			`(^|[._-])(request|user|api|service)? throttl(ing|ed)?($|[._-]|user|api)`, `flow (control|limit)`, `too many`, `concurren`,
			`too frequent`, `(request|rate|call|qps|frequency)s? (limit|exceed)`, `busy`,
		),
		spellings: []Spelling{
			{"Throttling", 400, "Request was denied due to request throttling."},
			{"Throttling.User", 400, "Request was denied due to user flow control."},
			{"Throttling.Api", 400, "Request was denied due to api flow control."}, {"Rejected.Throttling", 0, ""}, {"SystemBusy", 0, ""},
		},
	},
	{
		Name: "UsedNonce", Group: GroupCredentials, Class: Ambiguous, pattern: pattern(`nonce`),
		spellings: []Spelling{{"SignatureNonceUsed", 400, "Specified signature nonce was used already."}},
	},
	{
		Name: "SecurityToken", Group: GroupCredentials, Class: Final, pattern: pattern(`(security|sts|session) token`),
		spellings: []Spelling{
			{"InvalidSecurityToken.Expired", 400, ""}, {"InvalidSecurityToken.Malformed", 400, ""},
			{"InvalidSecurityToken.MismatchWithAccessKey", 400, ""}, {"MissingSecurityToken", 400, ""},
			{"InvalidParameter", 400, `The specified parameter "SecurityToken.Expired" is not valid.`},
		},
	},
	{
		Name: "SignatureForm", Group: GroupCredentials, Class: Final,
		pattern: pattern(
			`incomplete signature`, `signature (method|version|type)`, `missing.*(signature|time stamp)`, `time stamp.*(format|malformed)`,
		),
		spellings: []Spelling{
			{"IncompleteSignature", 400, "The request signature does not conform to Aliyun standards."},
			{"InvalidSignatureMethod", 400, "Specified signature method is not valid."},
			{"InvalidTimeStamp.Format", 400, "Specified time stamp or date value is not well formatted."},
		},
	},
	{
		Name: "ClockSkew", Group: GroupCredentials, Class: Final, pattern: pattern(`time stamp`),
		spellings: []Spelling{{"InvalidTimeStamp.Expired", 400, "Specified time stamp or date value is expired."}},
	},
	{
		Name: "Signature", Group: GroupCredentials, Class: Final, pattern: pattern(`signature`),
		spellings: []Spelling{{"SignatureDoesNotMatch", 400, "Specified signature is not matched with our calculation."}},
	},
	{
		Name: "AccessKey", Group: GroupCredentials, Class: Final, pattern: pattern(`access key`, `credential`),
		spellings: []Spelling{
			{"InvalidAccessKeyId.NotFound", 404, "Specified access key is not found."},
			{"InvalidAccessKeyId.Inactive", 400, "Specified access key is disabled."}, {"Forbidden.AccessKeyDisabled", 403, ""},
		},
	},
	{
		Name: "WrongState", Group: GroupWrongState, Class: Final,
		pattern: pattern(
			`not allow(ed)? in\w* (state|status)`, `(incorrect|invalid|wrong|illegal) (physical connection|pconn|instance|resource)? (state|status)`,
			`(physical connection|pconn|instance|resource|circuit) (state|status) (not|invalid|incorrect|error)`, `(^|[._-])(state|status) not`,
		),
		spellings: []Spelling{
			{"Forbidden.NotAllowedInState", 400, "The request does not allow in this state."},
			{"IncorrectStatus.PhysicalConnection", 400, "Invalid physical connection status."},
			{"INSTANCE.STATUS.NOT.ALLOW", 400, "Instance status not allow"},
			{"IAbs.InvalidStatus.ValueNotSupported", 400, "status is not supported."},
		},
	},
	{
		Name: "MissingRight", Group: GroupRights, Class: Final,
		pattern: pattern(`(^|[._-])forbidden($| (ram|sub user))`, `no permission`, `permission denied`, `(not|un) authori[sz]ed`, `access denied`),
		spellings: []Spelling{
			{"Forbidden.RAM", 403, "User not authorized to operate on the specified resource, or this API doesn't support RAM."},
			{"Forbidden", 403, "User not authorized to operate on the specified resource."},
			{"NoPermission", 403, "You are not authorized to perform this action."}, {"NotAuthorized", 400, ""},
		},
	},
	{
		Name: "OtherSite", Group: GroupRights, Class: Final, pattern: pattern(`not applicable`),
		spellings: []Spelling{{"NotApplicable", 400, "This API is not applicable for caller."}},
	},
	{
		Name: "UnknownCircuit", Group: GroupNotFound, Class: Final,
		pattern: pattern(
			`(physical connection|pconn|instance)( id)? (is |does )?not (found|exist)`, `not (found|exist) (physical connection|pconn|instance)`,
		),
		spellings: []Spelling{
			{"InvalidPhysicalConnectionId.NotFound", 404, "The PhysicalConnectionId provided does not exist in our records."},
			{"Abs.InstanceNotExist", 400, "The specified instance does not exist."},
			{"ResourceNotFound.PhysicalConnectionId", 400, "PhysicalConnection is not found."},
		},
	},
	{
		Name: "UnknownRegion", Group: GroupRegion, Class: Final,
		pattern:   pattern(`(invalid|unsupported|unknown) (param(eter)?)? region`, `region( id)? (is |does )?(not (found|exist|support)|unsupported)`),
		spellings: []Spelling{{"InvalidRegionId.NotFound", 404, "The RegionId provided does not exist in our records."}},
	},
	{
		Name: "UnknownRequest", Group: GroupGateway, Class: Final,
		pattern: pattern(
			`invalid (action|api|version|product|protocol)($|[._-])`, `(invalid|unsupported) http method`, `(^|[._-])missing\w`,
			`invalid parameter format`,
		),
		spellings: []Spelling{
			{"InvalidAction.NotFound", 404, "Specified api is not found, please check your url and method."},
			{"InvalidApi.NotFound", 404, "Specified api is not found, please check your url and method."},
			{"InvalidVersion", 400, "Specified parameter Version is not valid."},
			{"InvalidProduct.NotFound", 404, "Cannot find product according to your specified domain."},
			{"InvalidProtocol.NeedSsl", 400, "Your request is denied as lack of ssl protect."}, {"UnsupportedHTTPMethod", 400, ""},
			{"MissingParameter", 400, `The input parameter "X" that is mandatory for processing this request is not supplied.`},
			{"InvalidParameter.Format", 400, "Specified parameter format is not valid."},
		},
	},
	{
		Name: "UnknownFilter", Group: GroupList, Class: Final, pattern: pattern(`invalid filter`),
		spellings: []Spelling{{"InvalidFilterKey.ValueNotSupported", 404, "Specified filter key is not supported: Filter.X.key"}},
	},
	{
		Name: "NoResourceGroups", Group: GroupList, Class: Final, pattern: pattern(`unsupported resource group`),
		spellings: []Spelling{{"OperationUnsupported.ResourceGroupId", 400, "ResourceGroupId in financial region is unsupported."}},
	},
}
