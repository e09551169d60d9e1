package apierror_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordertest"
)

func TestClass_UnknownCode_DependsOnTheStatus(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"", "Brand.NewCode"} {
		for status, want := range map[int]apierror.Class{
			200: apierror.Ambiguous, 299: apierror.Ambiguous, 300: apierror.Final, 302: apierror.Final, 400: apierror.Final, 401: apierror.Final, 403: apierror.Final, 404: apierror.Final, 409: apierror.Final, 499: apierror.Final,
			425: apierror.Retryable, 429: apierror.Retryable,
			500: apierror.Ambiguous, 501: apierror.Ambiguous, 502: apierror.Ambiguous, 503: apierror.Ambiguous, 504: apierror.Ambiguous, 599: apierror.Ambiguous,
		} {
			failure := &apierror.Error{Delivery: apierror.Answered, Code: code, HTTPStatus: status}
			if got := failure.Class(); got != want {
				t.Errorf("code %q with status %d is %s, want %s", code, status, got, want)
			}
		}
	}
}

func TestClass_TimeoutOfAProxy_IsAmbiguous(t *testing.T) {
	t.Parallel()
	if got := ordertest.Answered(408, "").Class(); got != apierror.Ambiguous {
		t.Errorf("408 without a code is %s", got)
	}
	if got := ordertest.Answered(408, "Brand.NewCode").Class(); got != apierror.Retryable {
		t.Errorf("408 of the API is %s", got)
	}
}

func TestClass_LostResponse_IsAlwaysAmbiguous(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"", "Throttling", "InvalidPrice.NotFound", "Forbidden.NotAllowedInState", "IdempotentParameterMismatch"} {
		for _, status := range []int{0, 200, 400, 429, 503} {
			for _, cause := range []apierror.PermanentCause{apierror.NoPermanentCause, apierror.CauseHost} {
				failure := &apierror.Error{Delivery: apierror.ResponseLost, Code: code, HTTPStatus: status, PermanentCause: cause}
				if got := failure.Class(); got != apierror.Ambiguous {
					t.Errorf("code %q, status %d, cause %d: %s, want ambiguous", code, status, cause, got)
				}
				if failure.WrongState() || failure.ParameterMismatch() {
					t.Errorf("code %q of a lost response is used", code)
				}
			}
		}
	}
}

func TestClass_NotSent_IsRetryableOrFinal(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"", "InternalError"} {
		for cause, want := range map[apierror.PermanentCause]apierror.Class{
			apierror.NoPermanentCause: apierror.Retryable, apierror.CauseCredentials: apierror.Final, apierror.CauseTrust: apierror.Final,
			apierror.CauseHost: apierror.Final, apierror.CauseRequest: apierror.Final,
			apierror.CauseProxy: apierror.Final, apierror.CauseRefused: apierror.Retryable,
		} {
			failure := &apierror.Error{Delivery: apierror.NotSent, Code: code, PermanentCause: cause, HTTPStatus: 503}
			if got := failure.Class(); got != want {
				t.Errorf("code %q, cause %d: %s, want %s", code, cause, got, want)
			}
		}
	}
}

func TestOrderedNothing_IsTrueOnlyForRefusalsBeforeAnOrder(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		want := kind.class != apierror.Ambiguous && !slices.Contains([]apierror.Group{"", apierror.GroupTrade, apierror.GroupOtherOrder, apierror.GroupToken, apierror.GroupSpent}, kind.group)
		for _, code := range kind.codes {
			if got := ordertest.Answered(400, code).OrderedNothing(); got != want {
				t.Errorf("%q: certain %t, want %t", code, got, want)
			}
			if ordertest.Answered(503, code).OrderedNothing() {
				t.Errorf("%q with status 503 is certain", code)
			}
			if failure := (&apierror.Error{Delivery: apierror.ResponseLost, Code: code, HTTPStatus: 400}); failure.OrderedNothing() {
				t.Errorf("%q of a lost response is certain", code)
			}
		}
	}
	for _, failure := range []*apierror.Error{ordertest.NotSent(apierror.NoPermanentCause), ordertest.NotSent(apierror.CauseHost), ordertest.NotSent(apierror.CauseCredentials)} {
		if !failure.OrderedNothing() {
			t.Errorf("%v: a request that was not sent may have ordered", failure)
		}
	}
	for _, status := range []int{200, 302, 403, 429, 502} {
		if ordertest.Answered(status, "").OrderedNothing() {
			t.Errorf("status %d without a code is certain", status)
		}
	}
}

func TestWillRepeat_IsTrueOnlyForErrorsOfTheConfiguration(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		want := kind.class == apierror.Final && (kind.group == apierror.GroupCredentials || kind.group == apierror.GroupRegion || kind.group == apierror.GroupGateway)
		for _, code := range kind.codes {
			if got := ordertest.Answered(400, code).WillRepeat(); got != want {
				t.Errorf("%q: will repeat %t, want %t", code, got, want)
			}
			if failure := (&apierror.Error{Delivery: apierror.ResponseLost, Code: code, PermanentCause: apierror.CauseCredentials}); failure.WillRepeat() {
				t.Errorf("%q of a lost response will repeat", code)
			}
		}
	}
	for cause, want := range map[apierror.PermanentCause]bool{
		apierror.NoPermanentCause: false, apierror.CauseHost: false, apierror.CauseTrust: false, apierror.CauseCredentials: true, apierror.CauseRequest: true,
	} {
		if got := ordertest.NotSent(cause).WillRepeat(); got != want {
			t.Errorf("cause %d: will repeat %t, want %t", cause, got, want)
		}
	}
	for _, failure := range []*apierror.Error{ordertest.Answered(407, ""), ordertest.Answered(502, ""), ordertest.Answered(429, ""), ordertest.Answered(503, "Order.SignatureDoesNotMatch")} {
		if failure.WillRepeat() {
			t.Errorf("%v will repeat", failure)
		}
	}
}

func TestNoSuchRegion_HostThatIsDown_IsFalse(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		failure *apierror.Error
		want    bool
	}{
		{ordertest.Answered(404, "InvalidRegionId.NotFound"), true},
		{ordertest.Answered(400, "InvalidRegionId"), true},
		{ordertest.NotSent(apierror.CauseHost), true},
		{ordertest.NotSent(apierror.CauseRequest), true},
		{ordertest.NotSent(apierror.CauseCredentials), false},
		{ordertest.NotSent(apierror.CauseTrust), false},
		{ordertest.NotSent(apierror.CauseProxy), false},
		{ordertest.NotSent(apierror.CauseRefused), false},
		{ordertest.NotSent(apierror.NoPermanentCause), false},
		{ordertest.Lost(), false},
		{&apierror.Error{Delivery: apierror.ResponseLost, PermanentCause: apierror.CauseHost}, false},
		{ordertest.Answered(404, "InvalidPhysicalConnectionId.NotFound"), false},
		{ordertest.Answered(503, "ServiceUnavailable"), false},
		{ordertest.Throttled(), false},
	} {
		if got := test.failure.NoSuchRegion(); got != test.want {
			t.Errorf("%v: no such region %t, want %t", test.failure, got, test.want)
		}
	}
}

func TestHasNoCode_IsTrueOnlyForAnswersWithoutACode(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		failure *apierror.Error
		want    bool
	}{
		{ordertest.Answered(403, ""), true}, {ordertest.Answered(502, ""), true}, {ordertest.Answered(403, "Forbidden.RAM"), false}, {ordertest.Answered(409, "Brand.NewCode"), false},
		{ordertest.Lost(), false}, {ordertest.NotSent(apierror.CauseHost), false},
	} {
		if got := test.failure.HasNoCode(); got != test.want {
			t.Errorf("%v: no code %t, want %t", test.failure, got, test.want)
		}
	}
}

func TestClass_String(t *testing.T) {
	t.Parallel()
	for class, want := range map[apierror.Class]string{apierror.Final: "final", apierror.Retryable: "retryable", apierror.Ambiguous: "ambiguous"} {
		if got := class.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// A success without an order ID is as ambiguous as an unreadable answer. Only a known
// refusal proves that nothing was ordered.
func TestClass_UnknownCodeInASuccess_IsAmbiguous(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"", "0", "Brand.NewCode"} {
		for _, status := range []int{200, 201, 202} {
			failure := &apierror.Error{Delivery: apierror.Answered, Code: code, HTTPStatus: status}
			if got := failure.Class(); got != apierror.Ambiguous {
				t.Errorf("code %q with status %d is %s, want ambiguous", code, status, got)
			}
		}
	}
}

func TestOrderedNothing_RefusalBecauseOfAnEarlierOrder_IsFalse(t *testing.T) {
	t.Parallel()
	for _, f := range []*apierror.Error{
		ordertest.Answered(400, "Order.CannotPay"), ordertest.Answered(400, "OrderNotPaid"),
		{Delivery: apierror.Answered, HTTPStatus: 400, Code: "InvalidParameter", Message: "ClientToken has been used by another order"},
	} {
		if f.OrderedNothing() {
			t.Errorf("%s %q: certain, %s", f.Code, f.Message, f.Group())
		}
	}
}

func TestClass_RefusalHasTheClassOfItsCode_OtherAnswersAreAmbiguous(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		if kind.group == "" {
			continue // The status decides: see below.
		}
		for _, code := range kind.codes {
			for _, status := range []int{302, 400, 403, 404, 408, 409, 429, 0, 200, 202, 500, 503} {
				want := kind.class
				if status < 300 || status >= 500 {
					want = apierror.Ambiguous
				}
				if got := ordertest.Answered(status, code).Class(); got != want {
					t.Errorf("%s with status %d is %s, want %s", code, status, got, want)
				}
			}
		}
	}
}

func TestGroup_IsThatOfTheCode_OnlyIfTheAPIAnswered(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		for _, code := range kind.codes {
			for _, delivery := range []apierror.Delivery{apierror.Answered, apierror.ResponseLost, apierror.NotSent} {
				failure := &apierror.Error{Delivery: delivery, Code: code, HTTPStatus: 400}
				for group, got := range map[apierror.Group]bool{
					apierror.GroupWrongState: failure.WrongState(), apierror.GroupMismatch: failure.ParameterMismatch(), apierror.GroupSpent: failure.TokenSpent(),
					apierror.GroupOtherOrder: failure.UnpaidOrderExists(), apierror.GroupRights: failure.NotPermitted(),
				} {
					if want := delivery == apierror.Answered && kind.group == group; got != want {
						t.Errorf("%q, delivery %d: %q is %t", code, delivery, group, got)
					}
				}
			}
		}
	}
}

// Billing puts an error code into an answer with status 200.
func TestIsFinalRefusal_IsTrueOnlyIfTheAPIWouldRefuseTheSameReadAgain(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		failure *apierror.Error
		want    bool
	}{
		{ordertest.Answered(400, "InvalidParameter"), true}, {ordertest.Answered(403, "Forbidden.RAM"), true}, {ordertest.Answered(409, "Brand.NewCode"), true},
		{ordertest.Answered(403, ""), true}, {ordertest.Answered(200, "InvalidParameter"), true}, {ordertest.Answered(200, "Brand.NewCode"), true},
		{ordertest.Answered(200, ""), false}, {ordertest.Answered(200, "InternalError"), false}, {ordertest.Answered(200, "Throttling"), false},
		{ordertest.Answered(503, "InvalidParameter"), false}, {ordertest.Answered(502, ""), false}, {ordertest.Throttled(), false},
		{ordertest.Lost(), false}, {ordertest.NotSent(apierror.CauseHost), false}, {ordertest.NotSent(apierror.NoPermanentCause), false},
	} {
		if got := test.failure.IsFinalRefusal(); got != test.want {
			t.Errorf("%v: final refusal %t, want %t", test.failure, got, test.want)
		}
	}
}

func TestPermanent_RequestThatMayHaveBeenSent_IsFalse(t *testing.T) {
	t.Parallel()
	for delivery, want := range map[apierror.Delivery]bool{apierror.NotSent: true, apierror.ResponseLost: false, apierror.Answered: false} {
		if got := (&apierror.Error{Delivery: delivery, PermanentCause: apierror.CauseHost}).Permanent(); got != want {
			t.Errorf("delivery %d: permanent %t, want %t", delivery, got, want)
		}
	}
}

func TestIsNotPermitted_IsTrueOnlyForAnAnswerAboutPermissions(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		err  error
		want bool
	}{
		{nil, false}, {errors.New("no permission"), false}, {ordertest.Answered(400, "InvalidParameter"), false}, {ordertest.Lost(), false},
		{ordertest.Answered(403, "Forbidden.RAM"), true}, {fmt.Errorf("billing: %w", ordertest.Answered(400, "NoPermission")), true},
	} {
		if got := apierror.IsNotPermitted(test.err); got != test.want {
			t.Errorf("%v: not permitted %t, want %t", test.err, got, test.want)
		}
	}
}
