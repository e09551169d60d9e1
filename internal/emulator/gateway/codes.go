package gateway

// documented is the answer that the documentation defines for an error code.
type documented struct {
	status  int
	message string
}

// codes are the error codes that the emulator answers with, and those that a fault can
// use without a status and a message of its own.
var codes = map[string]documented{
	// Gateway.
	"Forbidden":                                  {403, "User not authorized to operate on the specified resource."},
	"Forbidden.AccessKeyDisabled":                {403, "The AccessKey is disabled."},
	"Forbidden.RAM":                              {403, "User not authorized to operate on the specified resource, or this API doesn't support RAM."},
	"IncompleteSignature":                        {400, "The request signature does not conform to Aliyun standards."},
	"InternalError":                              {500, "The request processing has failed due to some unknown error, exception or failure."},
	"InvalidAccessKeyId.Inactive":                {400, "Specified access key is disabled."},
	"InvalidAccessKeyId.NotFound":                {404, "Specified access key is not found."},
	"InvalidAction.NotFound":                     {404, "Specified api is not found, please check your url and method."},
	"InvalidApi.NotFound":                        {404, "Specified api is not found, please check your url and method."},
	"InvalidParameter.Format":                    {400, "Specified parameter format is not valid."},
	"InvalidProduct.NotFound":                    {404, "Cannot find product according to your specified domain."},
	"InvalidProtocol.NeedSsl":                    {400, "Your request is denied as lack of ssl protect."},
	"InvalidSecurityToken.Expired":               {400, "Specified SecurityToken is expired."},
	"InvalidSecurityToken.Malformed":             {400, "Specified SecurityToken is malformed."},
	"InvalidSecurityToken.MismatchWithAccessKey": {400, "Specified SecurityToken mismatch with the AccessKey."},
	"InvalidSignatureMethod":                     {400, "Specified signature method is not valid."},
	"InvalidTimeStamp.Expired":                   {400, "Specified time stamp or date value is expired."},
	"InvalidTimeStamp.Format":                    {400, "Specified time stamp or date value is not well formatted."},
	"NoPermission":                               {403, "You are not authorized to perform this action."},
	"ServiceUnavailable":                         {503, "The request has failed due to a temporary failure of the server."},
	"SignatureDoesNotMatch":                      {400, "Specified signature is not matched with our calculation."},
	"SignatureNonceUsed":                         {400, "Specified signature nonce was used already."},
	"Throttling":                                 {400, "Request was denied due to request throttling."},
	"Throttling.Api":                             {400, "Request was denied due to api flow control."},
	"Throttling.User":                            {400, "Request was denied due to user flow control."},
	"UnsupportedHTTPMethod":                      {400, "This HTTP method is not supported."},

	// Order.
	"Abs.InstanceNotExist":                            {400, "The specified instance does not exist."},
	"Forbidden.NotAllowedInState":                     {400, "The request does not allow in this state."},
	"IAbs.InvalidStatus.ValueNotSupported":            {400, "status is not supported."},
	"INSTANCE.STATUS.NOT.ALLOW":                       {400, "Instance status not allow"},
	"IncorrectStatus.PhysicalConnection":              {400, "Invalid physical connection status."},
	"InvalidPhysicalConnectionChargeType.Malformed":   {400, "Specified Physical Connection ChargeType is not valid."},
	"InvalidPhysicalConnectionId.NotFound":            {404, "The PhysicalConnectionId provided does not exist in our records."},
	"InvalidPhysicalConnectionPeriod.Malformed":       {400, "Specified Physical Connection Period is not valid."},
	"InvalidPhysicalConnectionPricingCycle.Malformed": {400, "Specified Physical Connection PricingCycle is not valid."},
	"InvalidPrice.NotFound":                           {400, "Pricing plan result not found."},
	"InvalidRegionId.NotFound":                        {404, "The RegionId provided does not exist in our records."},

	// Client tokens.
	"IdempotenceParamNotMatch":                  {400, "The request uses the same client token as a previous, but non-identical request."},
	"IdempotentFailed":                          {403, "The previous request with the same client token failed."},
	"IdempotentParameterMismatch":               {400, "The request uses the same client token as a previous, but non-identical request."},
	"IdempotentProcessing":                      {403, "The previous request with the same client token is still being processed."},
	"IllegalParam.ClientToken":                  {400, "Token verify failed because client token length too long."},
	"InvalidIdempotenceParameter.Mismatch":      {400, "The request uses the same client token as a previous, but non-identical request."},
	"LastTokenProcessing":                       {400, "The last token request is processing."},
	"OperationFailed.LastTokenProcessing":       {400, "The last token request is processing."},
	"OperationFailed.IdempotentTokenProcessing": {400, "The idempotent token is processing."},

	// Trade platform.
	"Account.Arrearage":            {400, "The account is in arrears."},
	"InsufficientAvailableQuota":   {400, "Your account does not have enough available quota."},
	"InsufficientBalance":          {400, "Your account does not have enough balance."},
	"InvalidInstance.UnPaidOrder":  {400, "The specified instance has an unpaid order."},
	"NotEnoughBalance":             {400, "Your account does not have enough balance."},
	"ORDER.ARREARAGE":              {400, "The account is in arrears."},
	"Order.InstanceHasUnpaidOrder": {400, "The specified instance has an unpaid order."},
	"Order.LatestOrderIsHanding":   {400, "The latest order of the instance is being handled."},
	"OrderStatus.UnPaid":           {400, "The specified instance has an unpaid order."},
	"PAY.INSUFFICIENT_BALANCE":     {400, "Your account does not have enough balance."},
	"Pay.InsufficientBalance":      {400, "Your account does not have enough balance."},
	"PaymentMethodNotFound":        {400, "No payment method is found for the account."},
	"noAvailablePaymentMethod":     {400, "The account has no available payment method."},

	// Billing.
	"InvalidCaller":    {400, "The specified caller doesn't exist."},
	"InvalidOwner":     {400, "The specified owner doesn't belong to caller."},
	"InvalidParameter": {400, "The specified parameter is not valid."},
	"NotApplicable":    {400, "This API is not applicable for caller."},
	"NotAuthorized":    {400, "This API is not authorized for caller."},
	"UndefinedError":   {500, "The request processing has failed due to some unknown error."},

	// Sessions of roles.
	"AuthenticationFail.OIDCToken.Invalid": {400, "The OIDC token is invalid."},
	"EntityNotExist.OIDCProvider":          {404, "The OIDC provider does not exist."},
	"EntityNotExist.Role":                  {404, "The specified role does not exist."},
	"InvalidParameter.DurationSeconds":     {400, "The parameter DurationSeconds is not valid."},
	"InvalidParameter.RoleSessionName":     {400, "The parameter RoleSessionName is not valid."},

	// Circuits.
	"Forbidden.VbrAttached":                         {400, "Cannot terminate physical connection with virtual border routers attached."},
	"Invalid.Status":                                {400, "The device or interface status invalid, or has been used.."},
	"InvalidAccessPointId.NotEnabled":               {400, "Invalid access point status."},
	"InvalidBandwidth":                              {400, "invalid physical connection banwidth."},
	"InvalidCircuitCode.Malformed":                  {400, "circuitCode is illegal."},
	"InvalidDescription.Malformed":                  {400, "The specifid ?Description? is not valid."},
	"InvalidLineOperator.Malformd":                  {400, "The LineOperator provided was invalid."},
	"InvalidName.Malformed":                         {400, "The specified ?Name? is not valid."},
	"InvalidOperation.OrderOpened":                  {400, "You have already open the service. Go to the console to start using it."},
	"InvalidPeerLocation.Malformd":                  {400, "The PeerLocation provided was invalid."},
	"InvalidPortType.Malformd":                      {400, "The PortType provided was invalid."},
	"InvalidRedundantPhysicalConnection":            {400, "redundant physical connection doesn't belong to current user."},
	"InvalidRedundantPhysicalConnectionId.NotFound": {400, "The RedundantPhysicalConnectionId does not found."},
	"InvalidRedundantPhysicalConnectionStatus":      {400, "invalid redundant physical connection status."},
	"InvalidType.Malformd":                          {400, "The Type provided was invalid."},
	"OperationFailed.PconnTrafficNotEnable":         {400, "The operation is failed because of PconnTrafficNotEnable."},
	"OperationUnsupported.SkipConstruction":         {400, "You can not skip construction."},
	"QuotaExceeded.pConnPerAP":                      {400, "Physical connection count per ap quota exceed."},
	"ResourceNotFound.AccessPointId":                {400, "The specified resource of access point id is not found."},

	// Description of circuits.
	"InvalidFilterKey.ValueNotSupported":   {404, "Specified filter key is not supported."},
	"OperationUnsupported.ResourceGroupId": {400, "ResourceGroupId in financial region is unsupported."},
}

// billingStatuses are the HTTP statuses that are different for billing.
var billingStatuses = map[string]int{"InternalError": 400, "NoPermission": 400}
