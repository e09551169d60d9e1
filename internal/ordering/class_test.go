package ordering_test

import (
	"slices"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordering"
)

// groupClasses is the class of each code, by its group; the exception follows.
var groupClasses = map[ordering.Group]ordering.Class{
	ordering.GroupRunning:     ordering.Ambiguous,
	ordering.GroupServer:      ordering.Ambiguous,
	ordering.GroupThrottling:  ordering.Retryable,
	ordering.GroupOtherOrder:  ordering.Final,
	ordering.GroupMismatch:    ordering.Final,
	ordering.GroupSpent:       ordering.Final,
	ordering.GroupToken:       ordering.Final,
	ordering.GroupOrder:       ordering.Final,
	ordering.GroupTrade:       ordering.Final,
	ordering.GroupCredentials: ordering.Final,
	ordering.GroupWrongState:  ordering.Final,
	ordering.GroupRights:      ordering.Final,
	ordering.GroupNotFound:    ordering.Final,
	ordering.GroupRegion:      ordering.Final,
	ordering.GroupGateway:     ordering.Final,
	ordering.GroupList:        ordering.Final,
}

var classExceptions = map[string]ordering.Class{
	"SignatureNonceUsed": ordering.Ambiguous, // a twin of the request has arrived
}

func TestEveryRefusalHasTheClassOfItsCode_AndAnyOtherAnswerIsAmbiguous(t *testing.T) {
	t.Parallel()
	for _, code := range ordering.Codes() {
		want, exceptional := classExceptions[code.Code]
		if !exceptional {
			want = groupClasses[code.Group]
		}
		for _, status := range []int{302, 400, 403, 404, 408, 409, 429, 0, 200, 202, 500, 503} {
			if status < 300 || status >= 500 {
				want = ordering.Ambiguous
			}
			failure := &ordering.Failure{Delivery: ordering.Answered, Code: code.Code, Message: code.Message, HTTPStatus: status}
			if got := failure.Class(); got != want {
				t.Errorf("%s with status %d is %s, want %s", code.Code, status, got, want)
			}
		}
	}
}

func TestAnUnknownCodeIsJudgedByItsStatus(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"", "Brand.NewCode"} {
		for status, want := range map[int]ordering.Class{
			302: ordering.Final, 400: ordering.Final, 401: ordering.Final, 403: ordering.Final, 404: ordering.Final, 409: ordering.Final, 499: ordering.Final,
			425: ordering.Retryable, 429: ordering.Retryable,
			500: ordering.Ambiguous, 501: ordering.Ambiguous, 502: ordering.Ambiguous, 503: ordering.Ambiguous, 504: ordering.Ambiguous, 599: ordering.Ambiguous,
		} {
			failure := &ordering.Failure{Delivery: ordering.Answered, Code: code, HTTPStatus: status}
			if got := failure.Class(); got != want {
				t.Errorf("code %q with status %d is %s, want %s", code, status, got, want)
			}
		}
	}
}

func TestATimeoutOfAProxyMayHideAnOrder(t *testing.T) {
	t.Parallel()
	if got := answered(408, "").Class(); got != ordering.Ambiguous {
		t.Errorf("408 without a code is %s", got)
	}
	if got := answered(408, "Brand.NewCode").Class(); got != ordering.Retryable {
		t.Errorf("408 of the API is %s", got)
	}
}

func TestALostAnswerIsAmbiguousWhateverElseIsKnown(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"", "Throttling", "InvalidPrice.NotFound", "Forbidden.NotAllowedInState", "IdempotentParameterMismatch"} {
		for _, status := range []int{0, 200, 400, 429, 503} {
			for _, obstacle := range []ordering.Obstacle{ordering.NoObstacle, ordering.ObstacleHost} {
				failure := &ordering.Failure{Delivery: ordering.Lost, Code: code, HTTPStatus: status, Obstacle: obstacle}
				if got := failure.Class(); got != ordering.Ambiguous {
					t.Errorf("code %q, status %d, obstacle %d: %s, want ambiguous", code, status, obstacle, got)
				}
				if failure.WrongState() || failure.ParameterMismatch() {
					t.Errorf("code %q of a lost answer is believed", code)
				}
			}
		}
	}
}

func TestWhatWasNotSentOrderedNothing(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"", "InternalError"} {
		for obstacle, want := range map[ordering.Obstacle]ordering.Class{
			ordering.NoObstacle: ordering.Retryable, ordering.ObstacleCredentials: ordering.Final, ordering.ObstacleTrust: ordering.Final,
			ordering.ObstacleHost: ordering.Final, ordering.ObstacleRequest: ordering.Final,
			ordering.ObstacleProxy: ordering.Final, ordering.ObstacleRefused: ordering.Retryable,
		} {
			failure := &ordering.Failure{Delivery: ordering.NotSent, Code: code, Obstacle: obstacle, HTTPStatus: 503}
			if got := failure.Class(); got != want {
				t.Errorf("code %q, obstacle %d: %s, want %s", code, obstacle, got, want)
			}
		}
	}
}

func TestAllCodesOfAGroupAreTreatedAlikeIfTheyWereAnswered(t *testing.T) {
	t.Parallel()
	groups := map[string]ordering.Group{
		"Forbidden.NotAllowedInState": ordering.GroupWrongState, "IncorrectStatus.PhysicalConnection": ordering.GroupWrongState,
		"INSTANCE.STATUS.NOT.ALLOW": ordering.GroupWrongState, "IAbs.InvalidStatus.ValueNotSupported": ordering.GroupWrongState,
		"IdempotentParameterMismatch": ordering.GroupMismatch, "InvalidIdempotenceParameter": ordering.GroupMismatch,
		"InvalidIdempotenceParameter.Mismatch": ordering.GroupMismatch, "IdempotenceParamNotMatch": ordering.GroupMismatch,
		"IdempotentFailed":             ordering.GroupSpent,
		"Order.InstanceHasUnpaidOrder": ordering.GroupOtherOrder, "OrderStatus.UnPaid": ordering.GroupOtherOrder, "InvalidInstance.UnPaidOrder": ordering.GroupOtherOrder,
		"Forbidden.RAM": ordering.GroupRights, "Forbidden": ordering.GroupRights, "NoPermission": ordering.GroupRights, "NotAuthorized": ordering.GroupRights, "NotApplicable": ordering.GroupRights,
	}
	codes := []string{"", "Brand.NewCode"}
	for _, code := range ordering.Codes() {
		codes = append(codes, code.Code)
	}
	for _, code := range codes {
		for _, delivery := range []ordering.Delivery{ordering.Answered, ordering.Lost, ordering.NotSent} {
			failure := &ordering.Failure{Delivery: delivery, Code: code, HTTPStatus: 400}
			for group, got := range map[ordering.Group]bool{
				ordering.GroupWrongState: failure.WrongState(), ordering.GroupMismatch: failure.ParameterMismatch(), ordering.GroupSpent: failure.TokenSpent(),
				ordering.GroupOtherOrder: failure.UnpaidOrderExists(), ordering.GroupRights: failure.NotPermitted(),
			} {
				if want := delivery == ordering.Answered && groups[code] == group; got != want {
					t.Errorf("%q, delivery %d: %q is %t", code, delivery, group, got)
				}
			}
		}
	}
}

func TestOnlyARefusalBeforeAnyOrderIsCertain(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		want := kind.class != ordering.Ambiguous && !slices.Contains([]ordering.Group{"", ordering.GroupTrade, ordering.GroupOtherOrder, ordering.GroupToken, ordering.GroupSpent}, kind.group)
		for _, code := range kind.codes {
			if got := answered(400, code).Certain(); got != want {
				t.Errorf("%q: certain %t, want %t", code, got, want)
			}
			if answered(503, code).Certain() {
				t.Errorf("%q with status 503 is certain", code)
			}
			if failure := (&ordering.Failure{Delivery: ordering.Lost, Code: code, HTTPStatus: 400}); failure.Certain() {
				t.Errorf("%q of a lost answer is certain", code)
			}
		}
	}
	for _, failure := range []*ordering.Failure{notSent(ordering.NoObstacle), notSent(ordering.ObstacleHost), notSent(ordering.ObstacleCredentials)} {
		if !failure.Certain() {
			t.Errorf("%v: a request that was not sent is not certain", failure)
		}
	}
	for _, status := range []int{200, 302, 403, 429, 502} {
		if answered(status, "").Certain() {
			t.Errorf("status %d without a code is certain", status)
		}
	}
}

func TestOnlyARefusalOfTheConfigurationWillRepeat(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		want := kind.class == ordering.Final && (kind.group == ordering.GroupCredentials || kind.group == ordering.GroupRegion || kind.group == ordering.GroupGateway)
		for _, code := range kind.codes {
			if got := answered(400, code).WillRepeat(); got != want {
				t.Errorf("%q: will repeat %t, want %t", code, got, want)
			}
			if failure := (&ordering.Failure{Delivery: ordering.Lost, Code: code}); failure.WillRepeat() {
				t.Errorf("%q of a lost answer will repeat", code)
			}
		}
	}
	for obstacle, want := range map[ordering.Obstacle]bool{
		ordering.NoObstacle: false, ordering.ObstacleHost: false, ordering.ObstacleTrust: false, ordering.ObstacleCredentials: true, ordering.ObstacleRequest: true,
	} {
		if got := notSent(obstacle).WillRepeat(); got != want {
			t.Errorf("obstacle %d: will repeat %t, want %t", obstacle, got, want)
		}
	}
	for _, failure := range []*ordering.Failure{answered(407, ""), answered(502, ""), answered(429, ""), answered(503, "Order.SignatureDoesNotMatch")} {
		if failure.WillRepeat() {
			t.Errorf("%v will repeat", failure)
		}
	}
}

func TestAPlaceThatDoesNotExistIsToldFromOneThatIsDown(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		failure *ordering.Failure
		want    bool
	}{
		{answered(404, "InvalidRegionId.NotFound"), true},
		{answered(400, "InvalidRegionId"), true},
		{notSent(ordering.ObstacleHost), true},
		{notSent(ordering.ObstacleRequest), true},
		{notSent(ordering.ObstacleCredentials), false},
		{notSent(ordering.ObstacleTrust), false},
		{notSent(ordering.ObstacleProxy), false},
		{notSent(ordering.ObstacleRefused), false},
		{notSent(ordering.NoObstacle), false},
		{lost(), false},
		{answered(404, "InvalidPhysicalConnectionId.NotFound"), false},
		{answered(503, "ServiceUnavailable"), false},
		{throttled(), false},
	} {
		if got := test.failure.NoSuchPlace(); got != test.want {
			t.Errorf("%v: no such place %t, want %t", test.failure, got, test.want)
		}
	}
}

func TestOnlyAnAnswerWithoutACodeIsUnclear(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		failure *ordering.Failure
		want    bool
	}{
		{answered(403, ""), true}, {answered(502, ""), true}, {answered(403, "Forbidden.RAM"), false}, {answered(409, "Brand.NewCode"), false},
		{lost(), false}, {notSent(ordering.ObstacleHost), false},
	} {
		if got := test.failure.Unclear(); got != test.want {
			t.Errorf("%v: unclear %t, want %t", test.failure, got, test.want)
		}
	}
}

func TestClassesHaveTheirNames(t *testing.T) {
	t.Parallel()
	for class, want := range map[ordering.Class]string{ordering.Final: "final", ordering.Retryable: "retryable", ordering.Ambiguous: "ambiguous"} {
		if got := class.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// An answer with a good status that is no order is as unclear as one that cannot be
// read: only a code that is known to refuse says that nothing was ordered.
func TestAnUnknownCodeWithAGoodStatusIsAmbiguous(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"", "0", "Brand.NewCode"} {
		for _, status := range []int{200, 201, 202} {
			failure := &ordering.Failure{Delivery: ordering.Answered, Code: code, HTTPStatus: status}
			if got := failure.Class(); got != ordering.Ambiguous {
				t.Errorf("code %q with status %d is %s, want ambiguous", code, status, got)
			}
		}
	}
}
