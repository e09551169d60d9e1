package message_test

import (
	"context"
	"errors"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
)

const (
	orderID      = "50187055895123"
	reorderToken = "tfecoo1-2q44es249cvnojrc1ddhirm820844mmr2ldu3ibb39bgp0ffpm5g" //nolint:gosec // A client token is no secret.
)

var (
	key     = circuit.Key{Region: "cn-hangzhou", CircuitID: "pc-bp1hp0wr072f6abcd"}
	other   = circuit.Key{Region: "cn-beijing", CircuitID: "pc-2ze1hp0wr072f6abc"}
	created = time.Date(2026, 11, 1, 8, 30, 0, 0, time.UTC)
)

func answered(status int, code string) *apierror.Error {
	return &apierror.Error{
		Action: "QueryOrders", Host: "business.aliyuncs.com", Delivery: apierror.Answered, HTTPStatus: status, Code: code,
		Message: "The message of the API.", RequestID: "102765FD-6014-4A80-809C-74434E096B78",
	}
}

func ordering(failure *apierror.Error) *apierror.Error {
	failure.Action, failure.Host = "CreatePhysicalConnectionOccupancyOrder", "vpc.aliyuncs.com"
	return failure
}

func notSent(cause apierror.PermanentCause) *apierror.Error {
	return &apierror.Error{
		Action: "DescribePhysicalConnections", Host: "127.0.0.1:9", Delivery: apierror.NotSent, PermanentCause: cause, Message: "127.0.0.1:9 refused the connection",
	}
}

func lost() *apierror.Error {
	return ordering(&apierror.Error{Delivery: apierror.ResponseLost, Message: "the connection broke before the answer came"})
}

func found(id, status string) billing.Order {
	return billing.Order{ID: id, Lines: []billing.OrderLine{{
		OrderID: id, OrderType: "New", PaymentStatus: status, CreateTime: &created, InstanceIDs: []string{key.CircuitID}, AfterTaxAmount: "1200.00", Currency: "CNY",
	}}}
}

func in(status, loa string) circuit.Circuit {
	end := created
	return circuit.Circuit{Region: key.Region, ID: key.CircuitID, Status: status, LOAStatus: loa, BusinessStatus: "FinancialLocked", EndTime: &end}
}

func request() order.Request {
	return order.Request{Region: key.Region, CircuitID: key.CircuitID, AutoPay: true, ClientToken: order.DefaultToken(key.Region, key.CircuitID)}
}

// samples are messages of each kind.
func samples() []diag.Diagnostics {
	one := func(diags ...diag.Diagnostic) diag.Diagnostics { return diags }
	look := billing.Look{Live: []billing.Order{found(orderID, "Unpaid")}}
	unreadable := billing.Look{Err: answered(503, "ServiceUnavailable"), Live: look.Live}
	denied := answered(403, "NoPermission")
	missing := &circuit.NotFoundError{Region: key.Region, CircuitID: key.CircuitID, Host: "vpc.aliyuncs.com", RequestID: "REQ-1"}
	record := order.Record{Region: key.Region, CircuitID: key.CircuitID, OrderID: orderID, ClientToken: reorderToken, Cancelled: true}
	start, end := created, created.AddDate(0, 3, 0)
	record.TermStart, record.TermEnd = &start, &end
	o := message.Order{ID: orderID, Circuit: key}
	query := circuit.Query{Region: key.Region, CircuitID: key.CircuitID}
	timeout := &circuit.StatusNotReachedError{Wanted: "Enabled", Circuit: in("Confirmed", "Complete"), Cause: context.DeadlineExceeded, Timeout: 20 * time.Minute, LastFailure: answered(503, "ServiceUnavailable")}
	unreachable := &circuit.StatusNotReachedError{Wanted: "Enabled", Circuit: in("Rejected", ""), Unreachable: true}
	list := []diag.Diagnostics{
		message.CircuitForOrder(in("Enabled", ""), look, false), message.CircuitForOrder(in("Enabled", ""), billing.Look{}, true),
		{message.EnabledAmongMany(key)},
		message.CircuitForOrder(in("Allocated", "Available"), look, true),
		one(message.CircuitForPlan(missing, key, false), message.CircuitForPlan(answered(400, "SignatureDoesNotMatch"), key, false), message.CircuitForPlan(denied, key, false)),
		one(message.CircuitRead(missing, query), message.CircuitRead(timeout, query), message.CircuitRead(unreachable, query), message.CircuitRead(denied, query)),
		one(message.CircuitList(answered(400, "Throttling.User"), key.Region, time.Minute), message.CircuitList(notSent(apierror.CauseHost), key.Region, time.Minute)),
		message.LookForPlan(look, request(), false, false), message.LookForPlan(look, request(), true, false),
		message.LookForPlan(billing.Look{Live: []billing.Order{found("2", "Unpaid"), found("1", "Paid")}}, request(), false, false),
		message.LookForPlan(unreadable, order.Request{Region: key.Region, CircuitID: key.CircuitID, ClientToken: request().ReorderToken(orderID)}, false, false),
		message.LookForPlan(billing.Look{Err: billing.ErrTooManyOrders}, request(), true, false),
		message.LookForPlan(adoptable(), request(), false, false), message.LookForPlan(look, request(), false, true),
		message.LookNotes(billing.Look{Skipped: true, Unnamed: []billing.Order{found("7", "Paid")}}, request()),
		one(message.BillingUnread(denied), message.BillingUnread(notSent(apierror.CauseRefused))),
		one(message.AlreadyInState(key, orderID), message.PlanConflict(order.PlanConflict{Twice: true}, key, reorderToken), message.PlanConflict(order.PlanConflict{TokenOf: other}, key, reorderToken)),
		one(message.UnknownCost(key.CircuitID, []string{"period"}, []string{"auto_pay"}), message.UnknownCost("", []string{"period"}, nil), message.NoTerm(key.CircuitID)),
		one(message.Replacement(o, other, ""), message.Replacement(message.Order{ID: orderID, Circuit: key, CancelUnpaid: true}, circuit.Key{Region: key.Region, CircuitID: "pc-2"}, "")),
		one(message.OrderChange(o, message.Change{Name: "period", Old: "3", New: "5"}, reorderToken), message.OrderChange(message.Order{ID: orderID, Circuit: key, Status: "Paid"}, message.Change{Name: "auto_renew_duration", New: "3"}, reorderToken)),
		one(message.ReplacementRefused(record), message.ReplacementTooLate(o, other), message.TokenReused(record, other), message.ImportedForOther(record, other)),
		one(message.NotesChanged(o, []string{"period", "auto_pay"}), message.TaintedOrder(o)),
		message.Differences(message.Order{ID: orderID, Circuit: key, AutoPay: true, Status: "Unpaid"}, new(int64(5)), "Month", record),
		one(message.Destroy(message.Order{ID: orderID, Circuit: key, Status: "Paid"}, false), message.Destroy(message.Order{ID: orderID, Circuit: key, Status: "Paid"}, true), message.Destroy(o, false), message.Destroy(message.Order{ID: orderID, Circuit: key, CancelUnpaid: true}, false),
			message.Destroy(message.Order{ID: orderID, Circuit: key, CancelUnpaid: true, CannotCancel: "The provider block has billing = false"}, false)),
		one(message.PeriodInvalid(12, "Month"), message.PeriodMissing(), message.RenewalUnused()),
		message.OrderPlaced(o, order.Placement{Passed: []string{"1"}, Source: order.Adopted, Found: true, Sent: true, Lines: found(orderID, "Unpaid").Lines, Before: in("BrandNew", "")}, errCanary),
		message.OrderPlaced(message.Order{ID: orderID, Circuit: key, AutoPay: true, Status: "Unpaid"}, order.Placement{Before: in("Confirmed", "")}, nil),
		one(message.OrderNotForCircuit(o, []billing.OrderLine{{InstanceIDs: []string{"i-1", "d-2"}}}), message.OrderExpired(o, record)),
		message.AfterExpiry(message.CircuitForOrder(in("Canceled", ""), look, true), &record), message.KeepOrder(message.CircuitForOrder(in("Canceled", ""), look, true), record),
		one(message.RefreshKeptState(missing, o), message.RefreshKeptState(lost(), o), message.BusinessLocked(o, in("Enabled", "")), message.TermOver(o, in("Enabled", ""))),
		one(message.OrderLeftState(o), message.CancelUnconfigured(o), message.DamagedRecord(errors.New("unexpected end of JSON input")), message.UnwrittenRecord(errors.New("cannot marshal"))),
		one(message.ImportIDInvalid("cn-hangzhou", circuit.Key{}, ""), message.ImportIDInvalid("", key, "x"), message.ImportCircuit(missing, key, false)),
		one(message.ImportCircuit(notSent(apierror.CauseHost), key, false), message.ImportCircuit(lost(), key, true), message.ImportCircuit(lost(), key, false)),
		one(message.ImportNotFound(key, billing.Look{}), message.ImportNotFound(key, billing.Look{Err: billing.ErrBillingOff}), message.ImportNotFound(key, billing.Look{Err: denied}),
			message.ImportNotFound(key, billing.Look{Live: []billing.Order{found("2", "Paid"), found("1", "")}}), message.ImportNotFound(key, unreadable),
			message.ImportNotFound(key, billing.Look{Skipped: true}), message.ImportNotFound(key, billing.Look{Skipped: true, Live: look.Live})),
		one(message.NotShown(record)),
		message.ImportChecked(record, []billing.OrderLine{{InstanceIDs: []string{"i-1"}}}), message.ImportChecked(record, []billing.OrderLine{{PaymentStatus: "Cancelled"}}),
		message.ImportChecked(record, []billing.OrderLine{{OrderType: "Renew"}}),
		one(message.OrderList(key.Region, denied), message.OrderRead(denied, orderID), message.OrderRead(lost(), orderID), message.OrderMissing(orderID, time.Minute, false), message.OrderMissing(orderID, time.Minute, true)),
		one(message.Unconfigured(), message.UnconfiguredRead(), message.BillingNeeded("A list of orders"), message.WrongProviderData(1)),
		one(message.ValueInvalid(path.Root("region_id"), "must be a region ID", `"CN"`, ""), message.TimeoutInvalid(path.Root("timeouts").AtName("create"), "soon")),
		one(message.ValueInvalid(path.Root("region"), "must be a region ID", message.Quoted("CN "), "one of ALICLOUD_REGION, ALIBABA_CLOUD_REGION")),
		one(message.ArgumentMissing(path.Root("region"), []string{"ALICLOUD_REGION"}), message.ArgumentMissing(path.Root("assume_role").AtName("role_arn"), []string{"ALIBABA_CLOUD_ROLE_ARN"})),
		one(message.CredentialsMissing(nil, ""), message.CredentialsMissing(nil, "/config.json"), message.CredentialsMissing([]string{"ALIBABA_CLOUD_OIDC_TOKEN"}, "")),
		one(message.CredentialsUnused("profile", "the environment variable ALICLOUD_ACCESS_KEY"), message.KeyInvalid("secret_key", errors.New("contains white space"), "the environment variable ALICLOUD_SECRET_KEY")),
		one(message.NotConfigurable(errCanary), message.SettingUnusable(message.InstanceUnusable, path.Root("ecs_role_name"), errCanary, "ecs_role_name in the configuration", "ALIBABA_CLOUD_ECS_METADATA_DISABLED")),
	}
	for _, kind := range []message.Kind{message.InvalidEndpoint, message.InvalidURI, message.ProfileUnreadable, message.TokenUnreadable, message.RoleUnusable} {
		list = append(list, one(message.SettingUnusable(kind, path.Root("profile"), errCanary, "", "")))
	}
	charged := message.Order{ID: orderID, Circuit: key, Status: "Paid", Pretax: "2160.00", AfterTax: "2289.60", Currency: "CNY"}
	list = append(list, one(message.OrderPaid(charged, false), message.OrderPaid(charged, true)))
	for _, age := range []time.Duration{0, 4 * 24 * time.Hour, 6*24*time.Hour + 13*time.Hour, 8 * 24 * time.Hour} {
		waits := message.Order{ID: orderID, Circuit: key, Created: created.Format(time.RFC3339), AutoPay: age == 0}
		list = append(list, one(message.NotPaid(waits, created.Add(age), age < 8*24*time.Hour)))
	}
	list = append(list, one(message.NotPaid(o, created, true), message.Replacement(o, other, "2160.00 CNY for 3 months")))
	list = append(append(list, priceSamples()...), renewalSamples()...)
	for outcome := billing.CancelledNow; outcome <= billing.CancelInDoubt; outcome++ {
		list = append(list, one(message.CancelOutcome(o, outcome, denied)))
	}
	list = append(list, one(message.CancelOutcome(o, billing.CancelNotPermitted, billing.ErrBillingOff)))
	for _, status := range append(circuit.Statuses(), "BrandNew") {
		list = append(list, message.CircuitForOrder(in(status, ""), billing.Look{}, false))
	}
	for _, loa := range []string{"Applying", "Accept", "Available", "Rejected", "Completing", "Complete", "Deleted", "BrandNew"} {
		list = append(list, message.CircuitForOrder(in("Allocated", loa), billing.Look{}, false), message.CircuitForOrder(in("Confirmed", loa), billing.Look{}, false))
	}
	for cause := range apierror.CauseRefused + 1 {
		list = append(list, one(message.CircuitRead(notSent(cause), query)))
	}
	for _, failed := range placeErrors(missing, look) {
		failed.Key = key
		list = append(list, message.PlaceFailed(failed, request()))
	}
	return list
}

// adoptable is a search that finds one order that Create recovers.
func adoptable() billing.Look {
	order := found(orderID, "Paid")
	asOf := created.Add(time.Minute)
	order.Lines[0].AsOf = &asOf
	return billing.Look{Live: []billing.Order{order}}
}

func placeErrors(missing error, look billing.Look) []*order.PlaceError {
	enabled, confirmed, allocated := in("Enabled", ""), in("Confirmed", ""), in("Allocated", "")
	refused := func(failure, first *apierror.Error, c *circuit.Circuit, look billing.Look) *order.PlaceError {
		return &order.PlaceError{Kind: order.NoOrderID, Failure: ordering(failure), FirstAmbiguous: first, Circuit: c, Look: look, ClientToken: request().ClientToken, Attempts: 3}
	}
	late := func(failure, first *apierror.Error, reason order.StopReason) *order.PlaceError {
		failed := refused(failure, first, nil, look)
		failed.StopReason = reason
		return failed
	}
	first, proxy := lost(), ordering(answered(404, ""))
	list := []*order.PlaceError{
		{Kind: order.LimitExceeded, OverLimit: &order.OverLimit{Limit: 2, Number: 3}},
		{Kind: order.CircuitClaimed}, {Kind: order.CircuitClaimed, OrderID: orderID}, {Kind: order.OrderInState, OrderID: orderID},
		{Kind: order.CircuitUnread, Cause: missing}, {Kind: order.CircuitUnread, Cause: answered(503, "ServiceUnavailable")},
		{Kind: order.NotPayable, Circuit: &allocated}, {Kind: order.OrdersExist, Look: look}, {Kind: order.BillingUnread, Look: billing.Look{Err: answered(503, "ServiceUnavailable")}},
		{Kind: order.OrderCancelled, OrderID: orderID, RequestID: "REQ-1", ClientToken: reorderToken}, {Kind: order.OrderCancelled, OrderID: orderID, Seen: true, ClientToken: reorderToken},
		{Kind: order.OrderShared, OrderID: orderID, Other: other},
		refused(notSent(apierror.CauseRefused), nil, nil, billing.Look{}), refused(answered(409, "Brand.NewCode"), nil, nil, billing.Look{}),
		refused(answered(400, "InvalidPrice.NotFound"), lost(), nil, look), refused(answered(400, "Order.InstanceHasUnpaidOrder"), nil, nil, look), refused(answered(400, "IdempotentFailed"), nil, nil, billing.Look{}),
		refused(proxy, proxy, nil, billing.Look{}),
		refused(answered(400, "IdempotentParameterMismatch"), nil, nil, look), refused(answered(400, "IdempotentParameterMismatch"), nil, nil, billing.Look{Cancelled: []billing.Order{found("1", "Cancelled")}}),
		refused(answered(400, "Forbidden.NotAllowedInState"), nil, &enabled, billing.Look{}), refused(answered(400, "Forbidden.NotAllowedInState"), first, &enabled, look),
		refused(answered(400, "Forbidden.NotAllowedInState"), first, &confirmed, look), refused(answered(400, "Forbidden.NotAllowedInState"), nil, &confirmed, billing.Look{}),
		refused(answered(400, "Forbidden.NotAllowedInState"), nil, &allocated, billing.Look{}), refused(answered(400, "Forbidden.NotAllowedInState"), nil, nil, billing.Look{}),
		late(lost(), first, order.OutOfTime), late(lost(), first, order.Interrupted), late(answered(400, "Throttling.User"), nil, order.OutOfTime),
	}
	return list
}
