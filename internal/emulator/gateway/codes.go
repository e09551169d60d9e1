package gateway

import "net/http"

// documented is the answer that the documentation defines for an error code.
type documented struct {
	status  int
	message string
}

// codes are the error codes that the emulator answers with, and those that a fault can
// use without a status and a message of its own.
var codes = map[string]documented{
	// Gateway.
	"Forbidden":                                  {http.StatusForbidden, "User not authorized to operate on the specified resource."},
	"Forbidden.AccessKeyDisabled":                {http.StatusForbidden, "The AccessKey is disabled."},
	"Forbidden.RAM":                              {http.StatusForbidden, "User not authorized to operate on the specified resource, or this API doesn't support RAM."},
	"IncompleteSignature":                        {http.StatusBadRequest, "The request signature does not conform to Aliyun standards."},
	"InternalError":                              {http.StatusInternalServerError, "The request processing has failed due to some unknown error, exception or failure."},
	"InvalidAccessKeyId.Inactive":                {http.StatusBadRequest, "Specified access key is disabled."},
	"InvalidAccessKeyId.NotFound":                {http.StatusNotFound, "Specified access key is not found."},
	"InvalidAction.NotFound":                     {http.StatusNotFound, "Specified api is not found, please check your url and method."},
	"InvalidApi.NotFound":                        {http.StatusNotFound, "Specified api is not found, please check your url and method."},
	"InvalidParameter.Format":                    {http.StatusBadRequest, "Specified parameter format is not valid."},
	"InvalidProduct.NotFound":                    {http.StatusNotFound, "Cannot find product according to your specified domain."},
	"InvalidProtocol.NeedSsl":                    {http.StatusBadRequest, "Your request is denied as lack of ssl protect."},
	"InvalidSecurityToken.Expired":               {http.StatusBadRequest, "Specified SecurityToken is expired."},
	"InvalidSecurityToken.Malformed":             {http.StatusBadRequest, "Specified SecurityToken is malformed."},
	"InvalidSecurityToken.MismatchWithAccessKey": {http.StatusBadRequest, "Specified SecurityToken mismatch with the AccessKey."},
	"InvalidSignatureMethod":                     {http.StatusBadRequest, "Specified signature method is not valid."},
	"InvalidTimeStamp.Expired":                   {http.StatusBadRequest, "Specified time stamp or date value is expired."},
	"InvalidTimeStamp.Format":                    {http.StatusBadRequest, "Specified time stamp or date value is not well formatted."},
	"NoPermission":                               {http.StatusForbidden, "You are not authorized to perform this action."},
	"ServiceUnavailable":                         {http.StatusServiceUnavailable, "The request has failed due to a temporary failure of the server."},
	"SignatureDoesNotMatch":                      {http.StatusBadRequest, "Specified signature is not matched with our calculation."},
	"SignatureNonceUsed":                         {http.StatusBadRequest, "Specified signature nonce was used already."},
	"Throttling":                                 {http.StatusBadRequest, "Request was denied due to request throttling."},
	"Throttling.Api":                             {http.StatusBadRequest, "Request was denied due to api flow control."},
	"Throttling.User":                            {http.StatusBadRequest, "Request was denied due to user flow control."},
	"UnsupportedHTTPMethod":                      {http.StatusBadRequest, "This HTTP method is not supported."},

	// Order.
	"Abs.InstanceNotExist":                            {http.StatusBadRequest, "The specified instance does not exist."},
	"Forbidden.NotAllowedInState":                     {http.StatusBadRequest, "The request does not allow in this state."},
	"IAbs.InvalidStatus.ValueNotSupported":            {http.StatusBadRequest, "status is not supported."},
	"INSTANCE.STATUS.NOT.ALLOW":                       {http.StatusBadRequest, "Instance status not allow"},
	"IncorrectStatus.PhysicalConnection":              {http.StatusBadRequest, "Invalid physical connection status."},
	"InvalidPhysicalConnectionChargeType.Malformed":   {http.StatusBadRequest, "Specified Physical Connection ChargeType is not valid."},
	"InvalidPhysicalConnectionId.NotFound":            {http.StatusNotFound, "The PhysicalConnectionId provided does not exist in our records."},
	"InvalidPhysicalConnectionPeriod.Malformed":       {http.StatusBadRequest, "Specified Physical Connection Period is not valid."},
	"InvalidPhysicalConnectionPricingCycle.Malformed": {http.StatusBadRequest, "Specified Physical Connection PricingCycle is not valid."},
	"InvalidPrice.NotFound":                           {http.StatusBadRequest, "Pricing plan result not found."},
	"InvalidRegionId.NotFound":                        {http.StatusNotFound, "The RegionId provided does not exist in our records."},

	// Client tokens.
	"IdempotenceParamNotMatch":                  {http.StatusBadRequest, "The request uses the same client token as a previous, but non-identical request."},
	"IdempotentFailed":                          {http.StatusForbidden, "The previous request with the same client token failed."},
	"IdempotentParameterMismatch":               {http.StatusBadRequest, "The request uses the same client token as a previous, but non-identical request."},
	"IdempotentProcessing":                      {http.StatusForbidden, "The previous request with the same client token is still being processed."},
	"IllegalParam.ClientToken":                  {http.StatusBadRequest, "Token verify failed because client token length too long."},
	"InvalidIdempotenceParameter.Mismatch":      {http.StatusBadRequest, "The request uses the same client token as a previous, but non-identical request."},
	"LastTokenProcessing":                       {http.StatusBadRequest, "The last token request is processing."},
	"OperationFailed.LastTokenProcessing":       {http.StatusBadRequest, "The last token request is processing."},
	"OperationFailed.IdempotentTokenProcessing": {http.StatusBadRequest, "The idempotent token is processing."},

	// Trade platform.
	"Account.Arrearage":            {http.StatusBadRequest, "The account is in arrears."},
	"InsufficientAvailableQuota":   {http.StatusBadRequest, "Your account does not have enough available quota."},
	"InsufficientBalance":          {http.StatusBadRequest, "Your account does not have enough balance."},
	"InvalidInstance.UnPaidOrder":  {http.StatusBadRequest, "The specified instance has an unpaid order."},
	"NotEnoughBalance":             {http.StatusBadRequest, "Your account does not have enough balance."},
	"ORDER.ARREARAGE":              {http.StatusBadRequest, "The account is in arrears."},
	"Order.InstanceHasUnpaidOrder": {http.StatusBadRequest, "The specified instance has an unpaid order."},
	"Order.LatestOrderIsHanding":   {http.StatusBadRequest, "The latest order of the instance is being handled."},
	"OrderStatus.UnPaid":           {http.StatusBadRequest, "The specified instance has an unpaid order."},
	"PAY.INSUFFICIENT_BALANCE":     {http.StatusBadRequest, "Your account does not have enough balance."},
	"Pay.InsufficientBalance":      {http.StatusBadRequest, "Your account does not have enough balance."},
	"PaymentMethodNotFound":        {http.StatusBadRequest, "No payment method is found for the account."},
	"noAvailablePaymentMethod":     {http.StatusBadRequest, "The account has no available payment method."},

	// Billing.
	"InvalidCaller":    {http.StatusBadRequest, "The specified caller doesn't exist."},
	"InvalidOwner":     {http.StatusBadRequest, "The specified owner doesn't belong to caller."},
	"InvalidParameter": {http.StatusBadRequest, "The specified parameter is not valid."},
	"NotApplicable":    {http.StatusBadRequest, "This API is not applicable for caller."},
	"NotAuthorized":    {http.StatusBadRequest, "This API is not authorized for caller."},
	"UndefinedError":   {http.StatusInternalServerError, "The request processing has failed due to some unknown error."},

	// Sessions of roles.
	"AuthenticationFail.OIDCToken.Invalid": {http.StatusBadRequest, "The OIDC token is invalid."},
	"EntityNotExist.OIDCProvider":          {http.StatusNotFound, "The OIDC provider does not exist."},
	"EntityNotExist.Role":                  {http.StatusNotFound, "The specified role does not exist."},
	"InvalidParameter.DurationSeconds":     {http.StatusBadRequest, "The parameter DurationSeconds is not valid."},
	"InvalidParameter.RoleSessionName":     {http.StatusBadRequest, "The parameter RoleSessionName is not valid."},

	// Circuits.
	"Forbidden.VbrAttached":                         {http.StatusBadRequest, "Cannot terminate physical connection with virtual border routers attached."},
	"Invalid.Status":                                {http.StatusBadRequest, "The device or interface status invalid, or has been used.."},
	"InvalidAccessPointId.NotEnabled":               {http.StatusBadRequest, "Invalid access point status."},
	"InvalidBandwidth":                              {http.StatusBadRequest, "invalid physical connection banwidth."},
	"InvalidCircuitCode.Malformed":                  {http.StatusBadRequest, "circuitCode is illegal."},
	"InvalidDescription.Malformed":                  {http.StatusBadRequest, "The specifid ?Description? is not valid."},
	"InvalidLineOperator.Malformd":                  {http.StatusBadRequest, "The LineOperator provided was invalid."},
	"InvalidName.Malformed":                         {http.StatusBadRequest, "The specified ?Name? is not valid."},
	"InvalidOperation.OrderOpened":                  {http.StatusBadRequest, "You have already open the service. Go to the console to start using it."},
	"InvalidPeerLocation.Malformd":                  {http.StatusBadRequest, "The PeerLocation provided was invalid."},
	"InvalidPortType.Malformd":                      {http.StatusBadRequest, "The PortType provided was invalid."},
	"InvalidRedundantPhysicalConnection":            {http.StatusBadRequest, "redundant physical connection doesn't belong to current user."},
	"InvalidRedundantPhysicalConnectionId.NotFound": {http.StatusBadRequest, "The RedundantPhysicalConnectionId does not found."},
	"InvalidRedundantPhysicalConnectionStatus":      {http.StatusBadRequest, "invalid redundant physical connection status."},
	"InvalidType.Malformd":                          {http.StatusBadRequest, "The Type provided was invalid."},
	"OperationFailed.PconnTrafficNotEnable":         {http.StatusBadRequest, "The operation is failed because of PconnTrafficNotEnable."},
	"OperationUnsupported.SkipConstruction":         {http.StatusBadRequest, "You can not skip construction."},
	"QuotaExceeded.pConnPerAP":                      {http.StatusBadRequest, "Physical connection count per ap quota exceed."},
	"ResourceNotFound.AccessPointId":                {http.StatusBadRequest, "The specified resource of access point id is not found."},

	// Description of circuits.
	"InvalidFilterKey.ValueNotSupported":   {http.StatusNotFound, "Specified filter key is not supported."},
	"OperationUnsupported.ResourceGroupId": {http.StatusBadRequest, "ResourceGroupId in financial region is unsupported."},
}

// billingStatuses are the HTTP statuses that are different for billing.
var billingStatuses = map[string]int{"InternalError": http.StatusBadRequest, "NoPermission": http.StatusBadRequest}
