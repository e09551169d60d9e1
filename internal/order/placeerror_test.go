package order_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordertest"
)

func TestPlaceError_OrderedNothing(t *testing.T) {
	t.Parallel()
	for kind, released := range map[order.PlaceErrorKind]bool{
		order.CircuitClaimed: true, order.OrderInState: true, order.CircuitUnread: true, order.NotPayable: true,
		order.OrdersExist: true, order.BillingUnread: true, order.OrderCancelled: false, order.OrderShared: false,
	} {
		if got := (&order.PlaceError{Kind: kind}).OrderedNothing(); got != released {
			t.Errorf("kind %d: ordered nothing %t, want %t", kind, got, released)
		}
	}
	if !(&order.PlaceError{Kind: order.NoOrderID, Failure: ordertest.NotSent(apierror.CauseHost)}).OrderedNothing() {
		t.Error("a request that was not sent may have ordered")
	}
	if (&order.PlaceError{Kind: order.NoOrderID, Failure: ordertest.NotSent(apierror.CauseHost), FirstAmbiguous: ordertest.Lost()}).OrderedNothing() {
		t.Error("a lost response ordered nothing")
	}
}

func TestErrors_ContainTheAPIError(t *testing.T) {
	t.Parallel()
	cause := errors.New("cause")
	failure := &apierror.Error{Cause: cause}
	for _, err := range []error{
		failure, &order.PlaceError{Cause: failure}, &order.PlaceError{Failure: failure}, &circuit.StatusNotReachedError{Cause: failure},
	} {
		var found *apierror.Error
		if !errors.As(err, &found) || found != failure || !errors.Is(err, cause) {
			t.Errorf("%T does not contain its API error", err)
		}
	}
}

func TestPlaceError_Unwrap_PrefersTheCause(t *testing.T) {
	t.Parallel()
	cause, failure := errors.New("a cause"), ordertest.Throttled()
	for _, test := range []struct {
		err  order.PlaceError
		want error
	}{
		{order.PlaceError{}, nil}, {order.PlaceError{Cause: cause}, cause}, {order.PlaceError{Failure: failure}, failure}, {order.PlaceError{Cause: cause, Failure: failure}, cause},
	} {
		if got := test.err.Unwrap(); !errors.Is(got, test.want) || (got == nil) != (test.want == nil) {
			t.Errorf("got %v, want %v", got, test.want)
		}
	}
}

func TestErrors_NameTheirCircuit(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		err   error
		words []string
	}{
		{&order.PlaceError{Key: ordertest.KeyA, OrderID: "1001"}, []string{"pc-a", "cn-hangzhou", "1001"}},
		{&order.PlaceError{Kind: order.CircuitUnread, Key: ordertest.KeyA, Cause: errors.New("no answer")}, []string{"pc-a", "no answer"}},
		{&order.PlaceError{Kind: order.NoOrderID, Key: ordertest.KeyA, Failure: ordertest.Answered(409, "Brand.NewCode")}, []string{"pc-a", "Brand.NewCode"}},
		{&circuit.StatusNotReachedError{Wanted: "Enabled", Circuit: ordertest.CircuitA("Confirmed")}, []string{"pc-a", "Confirmed", "Enabled"}},
		{&circuit.NotFoundError{Region: "cn-hangzhou", CircuitID: "pc-1", Host: "vpc.aliyuncs.com"}, []string{"pc-1", "cn-hangzhou", "vpc.aliyuncs.com"}},
	} {
		for _, word := range test.words {
			if !strings.Contains(test.err.Error(), word) {
				t.Errorf("%T: %s is missing in %q", test.err, word, test.err)
			}
		}
	}
}
