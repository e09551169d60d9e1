package apierror_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordertest"
)

func whole() *apierror.Error {
	return &apierror.Error{
		Action: "CreatePhysicalConnectionOccupancyOrder", Host: "vpc.aliyuncs.com", Delivery: apierror.Answered,
		Code: "Brand.NewCode", Message: "As the API says it.", HTTPStatus: 409, RequestID: "REQ-1",
		Recommend: "https://api.aliyun.com/troubleshoot?q=Brand.NewCode", Cause: errors.New("canary"),
	}
}

func TestAFailureIsOneLineForTheLog(t *testing.T) {
	t.Parallel()
	const want = "CreatePhysicalConnectionOccupancyOrder at vpc.aliyuncs.com: HTTP 409: Brand.NewCode: As the API says it. (request ID REQ-1)"
	if got := whole().Error(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	bare := &apierror.Error{Action: "DescribePhysicalConnections", Host: "vpc.aliyuncs.com"}
	if got, want := bare.Error(), "DescribePhysicalConnections at vpc.aliyuncs.com"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestACircuitNotFoundNamesRegionAndEndpoint(t *testing.T) {
	t.Parallel()
	missing := &circuit.NotFoundError{Region: "cn-hangzhou", CircuitID: "pc-1", Host: "vpc.aliyuncs.com", RequestID: "REQ-1"}
	for _, fact := range []string{"pc-1", "cn-hangzhou", "vpc.aliyuncs.com"} {
		if text := missing.Error(); !strings.Contains(text, fact) {
			t.Errorf("%s is missing in: %s", fact, text)
		}
	}
}

// Callers tell failures apart by type, through whatever wraps them.
func TestFailuresAreFoundByTheirType(t *testing.T) {
	t.Parallel()
	cause := errors.New("cause")
	failure := &apierror.Error{Cause: cause}
	for _, err := range []error{
		failure, &order.PlaceError{Cause: failure}, &order.PlaceError{Failure: failure}, &circuit.StatusTimeoutError{Cause: failure},
	} {
		var found *apierror.Error
		if !errors.As(err, &found) || found != failure || !errors.Is(err, cause) {
			t.Errorf("%T hides its failure", err)
		}
	}
}

func TestErrorsNameTheirCircuit(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		err   error
		words []string
	}{
		{&order.PlaceError{Key: ordertest.KeyA, OrderID: "1001"}, []string{"pc-a", "cn-hangzhou", "1001"}},
		{&order.PlaceError{Kind: order.CircuitUnread, Key: ordertest.KeyA, Cause: errors.New("no answer")}, []string{"pc-a", "no answer"}},
		{&order.PlaceError{Kind: order.NotAnswered, Key: ordertest.KeyA, Failure: whole()}, []string{"pc-a", "Brand.NewCode"}},
		{&circuit.StatusTimeoutError{Wanted: "Enabled", Circuit: ordertest.CircuitA("Confirmed")}, []string{"pc-a", "Confirmed", "Enabled"}},
	} {
		for _, word := range test.words {
			if !strings.Contains(test.err.Error(), word) {
				t.Errorf("%T: %s is missing in %q", test.err, word, test.err)
			}
		}
	}
}
