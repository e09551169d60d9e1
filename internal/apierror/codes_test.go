package apierror_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordertest"
)

type kind struct {
	name  string
	group apierror.Group
	class apierror.Class
	codes []string
}

// kinds are codes by their meaning: those of public pages and clients, and invented ones
// with another case, separator, prefix or suffix.
var kinds = []kind{
	{"TheFirstRequestIsNotFinished", apierror.GroupRunning, apierror.Ambiguous, []string{
		"LastTokenProcessing", "OperationFailed.LastTokenProcessing", "OperationFailed.IdempotentTokenProcessing", "IdempotentProcessing",
		"Order.LatestOrderIsHanding", "Ecs.Order.LastTokenProcessing", "idempotent_processing", "IdempotenceTokenProcessing", "Idempotent.Request.Processing.Now",
		"Order.Pay.Processing", "Order.Pay.InProgress", "Order.LatestOrderIsHandling", "IdempotentParameterProcessing", "Order.UnpaidOrderProcessing",
		"Order.InProcess", "Order.Pending", "HasPending", "Order.HasPendingOrder",
	}},
	{"TheTokenOrTheOrderIsKnownAlready", apierror.GroupRunning, apierror.Ambiguous, []string{
		"DuplicateOrder", "Order.Duplicated", "OrderAlreadyExists", "RepeatedRequest", "DuplicateClientToken", "InvalidClientToken.Used", "InvalidClientToken.Duplicate",
		"IdempotentConflict", "Idempotent", "IdempotentLockFailed", "ClientToken.Unclear", "LastToken.Unclear", "InvalidOrderStatus", "IncorrectStatus.Order", "OrderStatus.NotSupport",
	}},
	{"SomethingElseIsHappening", apierror.GroupRunning, apierror.Ambiguous, []string{
		"OperationConflict", "TaskConflict", "Ecs.Order.OperationConflict", "ConflictOperation", "ConcurrentModification", "Order.Concurrency", "ResourceLocked", "Order.Unfinished", "InstanceCreating",
		"RetryLater", "PleaseRetryAfter", "Order.Busy", "ResourceBusy", "OrderFailed", "CreateOrderFail", "OrderExists", "AlreadyPaid", "DuplicatePurchase",
	}},
	{"ThePaymentIsUnclear", apierror.GroupRunning, apierror.Ambiguous, []string{
		"PayOrderFailed", "Order.PayFailed", "PaymentError", "Pay.Busy", "Pay.Throttling", "OperationFailed.PayOrder", "FailedToPay",
	}},
	{"TheServerFailed", apierror.GroupServer, apierror.Ambiguous, []string{
		"ServiceUnavailable", "InternalError", "UndefinedError", "UnknownError", "InternalServerError", "SYSTEM.ERROR", "Vpc.InternalError.Order", "Order.SystemError",
		"PAY.SYSTEM_ERROR", "ServiceTemporarilyUnavailable", "RequestTimeout", "Backend.TimedOut", "InternalError.NoPermission", "InsufficientBalance.Timeout", "IdempotentFailed.InternalError",
		"Order.Internal", "NullPointerException", "BadGateway", "ServiceTemporaryUnavailable", "InternalErr", "BackendError",
	}},
	{"AnUnpaidOrderExists", apierror.GroupOtherOrder, apierror.Final, []string{
		"Order.InstanceHasUnpaidOrder", "OrderStatus.UnPaid", "InvalidInstance.UnPaidOrder", "ORDER_STATUS_UNPAID", "Ecs.Order.HasUnpaidOrder", "ExistUnpaidOrder.Instance", "Order.NotPaid", "Forbidden.UnpaidOrder", "ORDER.INST_HAS_UNPAID_ORDER",
		"Order.WaitForPay", "UnpaidOrder", "NotPayOrder", "ExistNonpayOrder", "WaitPayOrder", "Order.NoPayOrder",
	}},
	{"TheArgumentsDiffer", apierror.GroupMismatch, apierror.Final, []string{
		"IdempotentParameterMismatch", "InvalidIdempotenceParameter", "InvalidIdempotenceParameter.Mismatch", "IdempotenceParamNotMatch", "IDEMPOTENT.PARAM.NOT.MATCH",
		"Ecs.IdempotentParamMismatch", "ClientTokenMismatch", "InvalidClientToken.NotMatch",
	}},
	{"TheTokenIsSpent", apierror.GroupSpent, apierror.Final, []string{
		"IdempotentFailed", "Order.IdempotentFailed", "IDEMPOTENT_FAILED", "IdempotentRequestFailed", "IdempotenceFailed.Order", "IdempotentTokenFailure", "LastTokenFailed",
	}},
	{"TheTokenIsMalformed", apierror.GroupToken, apierror.Final, []string{
		"IllegalParam.ClientToken", "InvalidClientToken.Malformed", "InvalidClientToken", "InvalidParameter.ClientToken", "ClientTokenTooLong", "invalid_client_token.format",
	}},
	{"ThePricingCycleIsRefused", apierror.GroupOrder, apierror.Final, []string{
		"InvalidPhysicalConnectionPricingCycle.Malformed", "InvalidPricingCycle", "Ecs.Order.PRICING_CYCLE.INVALID",
	}},
	{"ThePeriodIsRefused", apierror.GroupOrder, apierror.Final, []string{"InvalidPhysicalConnectionPeriod.Malformed", "InvalidPeriod", "Order.Period.NotSupported", "ORDER.PERIOD_INVALID"}},
	{"TheChargeTypeIsRefused", apierror.GroupOrder, apierror.Final, []string{
		"InvalidPhysicalConnectionChargeType.Malformed", "InvalidInstanceChargeType", "InvalidPayType",
	}},
	{"ThereIsNoPrice", apierror.GroupOrder, apierror.Final, []string{"InvalidPrice.NotFound", "Order.PriceNotFound", "PRICE.PRICING_PLAN_RESULT_NOT_FOUND", "InvalidPrice"}},
	{"ThereIsNoMoney", apierror.GroupTrade, apierror.Final, []string{
		"PAY.INSUFFICIENT_BALANCE", "Pay.InsufficientBalance", "InsufficientBalance", "InsufficientAvailableQuota", "NotEnoughBalance", "Order.NotEnoughBalance",
		"InvalidAccountStatus.NotEnoughBalance", "Account.Arrearage", "ORDER.ARREARAGE", "noAvailablePaymentMethod", "PaymentMethodNotFound", "Account.InArrears",
		"CreditLimitExceeded", "Ecs.Order.pay_insufficient_balance", "MissingPaymentMethod", "PayOrderFailed.InsufficientBalance", "Account.FinancialLocked", "Forbidden.InDebt", "OverduePayment", "NotEnoughCredit", "InstHasUnsettledBills",
	}},
	{"ThePaymentIsRefused", apierror.GroupTrade, apierror.Final, []string{
		"Pay.Unknown", "Pay.NoPermission", "PayOrder.NotAuthorized", "PayPermissionDenied", "NoPermission.Pay", "PaymentNotSupported", "AutoPayNotSupported", "PayOrderNotAllowed", "NotAuthorizedToPay",
	}},
	{"TheAccountMayNotBuy", apierror.GroupTrade, apierror.Final, []string{"RealName.Required", "NoRealNameAuthentication", "RiskControl", "Account.NotVerified"}},
	{"TheRequestIsThrottled", apierror.GroupThrottling, apierror.Retryable, []string{
		"Throttling", "Throttling.User", "Throttling.Api", "Throttling.User.More", "Rejected.Throttling", "throttling", "Ecs.Throttled", "RequestThrottled", "FlowControl", "Api_Flow_Control",
		"RequestLimitExceeded", "TooManyRequests", "ServiceBusy", "SystemBusy", "OperationTooFrequent", "ThrottlingUser", "FlowLimit", "TooManyConcurrentRequests", "ConcurrencyLimitExceeded",
	}},
	{"TheNonceWasUsed", apierror.GroupCredentials, apierror.Ambiguous, []string{"SignatureNonceUsed", "InvalidSignatureNonce", "signature_nonce_used"}},
	{"TheSessionIsOver", apierror.GroupCredentials, apierror.Final, []string{
		"InvalidSecurityToken.Expired", "InvalidSecurityToken.Malformed", "InvalidSecurityToken.MismatchWithAccessKey", "MissingSecurityToken", "InvalidSecurityToken", "SecurityTokenExpired",
		"SECURITY_TOKEN.EXPIRED", "InvalidParameter.SecurityToken", "InvalidStsToken",
	}},
	{"TheSignatureHasTheWrongForm", apierror.GroupCredentials, apierror.Final, []string{
		"IncompleteSignature", "InvalidSignatureMethod", "InvalidTimeStamp.Format", "MissingSignature", "InvalidSignatureVersion",
	}},
	{"TheClockIsWrong", apierror.GroupCredentials, apierror.Final, []string{"InvalidTimeStamp.Expired", "InvalidTimestamp", "InvalidTimestamp.Foo"}},
	{"TheSignatureIsWrong", apierror.GroupCredentials, apierror.Final, []string{"SignatureDoesNotMatch", "SignatureNotMatch", "InvalidSignature", "signature.mismatch"}},
	{"TheKeyIsRefused", apierror.GroupCredentials, apierror.Final, []string{
		"InvalidAccessKeyId.NotFound", "InvalidAccessKeyId.Inactive", "Forbidden.AccessKeyDisabled", "InvalidAccessKeyId", "invalidaccesskeyid.expired", "InvalidCredentials", "MissingAccessKeyId",
	}},
	{"TheStateIsWrong", apierror.GroupWrongState, apierror.Final, []string{
		"Forbidden.NotAllowedInState", "IncorrectStatus.PhysicalConnection", "INSTANCE.STATUS.NOT.ALLOW", "IAbs.InvalidStatus.ValueNotSupported", "IncorrectStatus", "Invalid.Status", "IncorrectInstanceStatus.Initializing",
		"InstanceStatusNotAllowed", "Status.NotAllowed", "InvalidPhysicalConnectionStatus", "Vpc.Forbidden.NotAllowedInCurrentStatus", "IncorrectStatus.PhysicalConnectionLOA",
	}},
	{"ARightIsMissing", apierror.GroupRights, apierror.Final, []string{
		"Forbidden", "Forbidden.RAM", "Vpc.Forbidden", "forbidden", "Forbidden.SubUser", "Forbidden.Unauthorized", "NoPermission", "Order.NoPermission", "NotAuthorized", "Unauthorized",
		"UnauthorizedOperation", "NO_PERMISSION", "InvalidRegion.NotAuthorized", "AccessDenied", "Operation.Forbidden", "Ram.PermissionDenied",
	}},
	{"BillingIsOfTheOtherSite", apierror.GroupRights, apierror.Final, []string{"NotApplicable", "Bss.NotApplicable"}},
	{"TheCircuitIsMissing", apierror.GroupNotFound, apierror.Final, []string{
		"InvalidPhysicalConnectionId.NotFound", "Abs.InstanceNotExist", "ResourceNotFound.PhysicalConnectionId", "InvalidInstanceId.NotFound", "INSTANCE_NOT_FOUND",
	}},
	{"TheRegionIsMissing", apierror.GroupRegion, apierror.Final, []string{"InvalidRegionId.NotFound", "InvalidRegionId", "InvalidRegion.NotFound", "RegionNotExist", "UnsupportedRegion"}},
	{"TheRequestHasTheWrongForm", apierror.GroupGateway, apierror.Final, []string{
		"MissingParameter", "InvalidParameter.Format", "InvalidAction.NotFound", "InvalidApi.NotFound", "InvalidVersion", "InvalidProduct.NotFound", "InvalidProtocol.NeedSsl",
		"UnsupportedHTTPMethod", "MissingPhysicalConnectionId", "MissingParam.RegionNo", "Vpc.MissingAction",
	}},
	{"AFilterIsUnknown", apierror.GroupList, apierror.Final, []string{"InvalidFilterKey.ValueNotSupported", "InvalidFilterValue"}},
	{"TheResourceGroupIsRefused", apierror.GroupList, apierror.Final, []string{"OperationUnsupported.ResourceGroupId"}},
	{"NoFamily", "", apierror.Final, []string{
		"Brand.NewCode", "InvalidParameter", "InvalidParameter.Foo", "Forbidden.Else", "Forbidden.VbrAttached", "QuotaExceeded.pConnPerAP", "InvalidLoadBalancerId", "EntityNotExist.Role",
		"PURCHASE_QUANTITY_LIMIT", "InvalidAccessPointId.NotEnabled", "PrePaidOnly", "InvalidPayloadSize", "Throttlings", "NotThrottling.User", "NotThrottlingAtAll", "AccountLocked", "RequestBlocked", "InvalidCidrBlock", "NoRetry", "InvalidRetryCount", "0", "*", ".", "",
	}},
}

func TestFamily_EverySpelling_HasItsGroupAndClass(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			t.Parallel()
			for _, code := range kind.codes {
				failure := ordertest.Answered(400, code)
				_, known := failure.Family()
				if failure.Group() != kind.group || failure.Class() != kind.class || known != (kind.group != "") {
					t.Errorf("%q: group %q, %s, want %q, %s", code, failure.Group(), failure.Class(), kind.group, kind.class)
				}
			}
		})
	}
}

func TestFamilies_EveryPublicSpelling_IsTested(t *testing.T) {
	t.Parallel()
	for _, code := range apierror.Codes() {
		if code.Code == "InvalidParameter" {
			continue // It needs a message: see below.
		}
		i := slices.IndexFunc(kinds, func(k kind) bool { return slices.Contains(k.codes, code.Code) })
		if i < 0 || kinds[i].group != code.Group {
			t.Errorf("%s of the group %q is missing", code.Code, code.Group)
		}
	}
}

func TestFamily_CaseAndSeparators_DoNotMatter(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // The same spellings in every run.
	for _, kind := range kinds {
		for _, code := range kind.codes {
			want, _ := ordertest.Answered(400, code).Family()
			for range 5 {
				spelled := strings.Map(func(r rune) rune {
					if random.IntN(2) == 0 {
						return unicode.ToUpper(r)
					}
					return unicode.ToLower(r)
				}, code)
				if random.IntN(2) == 0 {
					spelled = strings.ReplaceAll(spelled, ".", "_")
				}
				failure := ordertest.Answered(400, spelled)
				if got, _ := failure.Family(); got.Name != want.Name || failure.Class() != kind.class {
					t.Errorf("%s as %s is %s: %q", code, spelled, failure.Class(), got.Name)
				}
			}
		}
	}
}

// A code after which an order may exist must never count as a refusal.
func TestClass_PrefixOrSuffix_MakesNoAmbiguousCodeFinal(t *testing.T) {
	t.Parallel()
	for _, code := range apierror.Codes() {
		for _, prefix := range []string{"", "Ecs.Order.", "OperationFailed.", "Forbidden.", "Invalid."} {
			for _, suffix := range []string{"", ".Order", ".PhysicalConnection", ".NotFound"} {
				got := ordertest.Answered(400, prefix+code.Code+suffix).Class()
				if code.Class == apierror.Ambiguous && got != apierror.Ambiguous {
					t.Errorf("%s%s%s is %s", prefix, code.Code, suffix, got)
				}
			}
		}
		if got := ordertest.Answered(400, "Ecs.Order."+code.Code); got.Class() != code.Class && code.Code != "InvalidParameter" {
			t.Errorf("Ecs.Order.%s is %s, want %s", code.Code, got.Class(), code.Class)
		}
	}
}

func TestFamily_InvalidParameter_UsesTheParameterInTheMessage(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		code, message string
		group         apierror.Group
	}{
		{"InvalidParameter", `The specified parameter "SecurityToken.Expired" is not valid.`, apierror.GroupCredentials},
		{"invalidparameter", `the specified parameter "securitytoken" is not valid.`, apierror.GroupCredentials},
		{"InvalidParameter.Value", `Specified parameter AccessKeyId is not valid.`, apierror.GroupCredentials},
		{"IllegalParam", `The Signature is not valid.`, apierror.GroupCredentials},
		{"InvalidParameter", `The specified parameter "Timestamp" is not valid.`, apierror.GroupCredentials},
		{"MissingParameter", `The input parameter "SecurityToken" that is mandatory for processing this request is not supplied.`, apierror.GroupCredentials},
		{"InvalidParameter", `The specified parameter "RegionId" is not valid.`, apierror.GroupRegion},
		{"MissingParameter", `The input parameter "X" that is mandatory for processing this request is not supplied.`, apierror.GroupGateway},
		{"InvalidParameter", `The specified parameter "Foo" is not valid.`, ""},
		{"InvalidParameter", "", ""},
		{"Brand.NewCode", `The specified parameter "SecurityToken.Expired" is not valid.`, ""},
		{"", `The specified parameter "SecurityToken.Expired" is not valid.`, ""},
	} {
		failure := ordertest.Answered(400, test.code)
		failure.Message = test.message
		if failure.Group() != test.group || failure.Class() != apierror.Final {
			t.Errorf("%s %q: group %q, %s", test.code, test.message, failure.Group(), failure.Class())
		}
	}
}

func TestFamilies_AreComplete(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, family := range apierror.Families() {
		for _, spelling := range family.Spellings() {
			if seen[spelling.Code] {
				t.Errorf("%s is listed twice", spelling.Code)
			}
			seen[spelling.Code] = true
			if spelling.Code == "" || strings.ContainsAny(spelling.Code, " \t*") {
				t.Errorf("%q is not a code", spelling.Code)
			}
			if spelling.HTTPStatus != 0 && (spelling.HTTPStatus < 400 || spelling.HTTPStatus > 599) {
				t.Errorf("%s: HTTP status %d", spelling.Code, spelling.HTTPStatus)
			}
			failure := ordertest.Answered(400, spelling.Code)
			failure.Message = spelling.Message
			if got, _ := failure.Family(); got.Name != family.Name {
				t.Errorf("%s is found in another family: %q", spelling.Code, got.Name)
			}
		}
	}
}

// The codes, statuses and messages are those of
// https://www.alibabacloud.com/help/doc-detail/114591.html.
func TestFamilies_ContainTheDocumentedCodesOfTheOrder(t *testing.T) {
	t.Parallel()
	for _, documented := range []apierror.Spelling{
		{Code: "IAbs.InvalidStatus.ValueNotSupported", HTTPStatus: 400, Message: "status is not supported."},
		{Code: "InvalidPrice.NotFound", HTTPStatus: 400, Message: "Pricing plan result not found."},
		{Code: "InvalidPhysicalConnectionChargeType.Malformed", HTTPStatus: 400, Message: "Specified Physical Connection ChargeType is not valid."},
		{Code: "InvalidPhysicalConnectionPeriod.Malformed", HTTPStatus: 400, Message: "Specified Physical Connection Period is not valid."},
		{Code: "InvalidPhysicalConnectionPricingCycle.Malformed", HTTPStatus: 400, Message: "Specified Physical Connection PricingCycle is not valid."},
		{Code: "Forbidden.NotAllowedInState", HTTPStatus: 400, Message: "The request does not allow in this state."},
		{Code: "INSTANCE.STATUS.NOT.ALLOW", HTTPStatus: 400, Message: "Instance status not allow"},
		{Code: "Abs.InstanceNotExist", HTTPStatus: 400, Message: "The specified instance does not exist."},
		{Code: "IncorrectStatus.PhysicalConnection", HTTPStatus: 400, Message: "Invalid physical connection status."},
		{Code: "InvalidRegionId.NotFound", HTTPStatus: 404, Message: "The RegionId provided does not exist in our records."},
		{Code: "InvalidPhysicalConnectionId.NotFound", HTTPStatus: 404, Message: "The PhysicalConnectionId provided does not exist in our records."},
	} {
		family, known := (&apierror.Error{Code: documented.Code}).Family()
		if !known || !slices.Contains(family.Spellings(), documented) || family.Class != apierror.Final {
			t.Errorf("%s: known %t, %s, spellings %+v", documented.Code, known, family.Class, family.Spellings())
		}
	}
}

func TestFamilies_ReturnsACopy(t *testing.T) {
	t.Parallel()
	families := apierror.Families()
	meaning, code := families[0].Name, families[0].Spellings()[0].Code
	families[0].Spellings()[0] = apierror.Spelling{}
	families[0] = apierror.Family{}
	if got := apierror.Families()[0]; got.Name != meaning || got.Spellings()[0].Code != code {
		t.Errorf("the first family has become %+v", got)
	}
}
