package ordertest

import (
	"errors"
	"slices"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
)

// WantSends checks the number of order requests.
func WantSends(t *testing.T, api *FakeAPI, want int) {
	t.Helper()
	if got := len(api.Sends); got != want {
		t.Errorf("%d order requests, want %d", got, want)
	}
}

// WantLists checks the number of lists. A look needs two.
func WantLists(t *testing.T, billing *FakeBilling, want int) {
	t.Helper()
	if got := len(billing.Queries); got != want {
		t.Errorf("%d lists, want %d", got, want)
	}
}

// WantClaim checks whether another resource of the run may order circuit A.
func WantClaim(t *testing.T, placer order.Placer, released bool) {
	t.Helper()
	if _, free := placer.Registry.Claim(KeyA); free != released {
		t.Errorf("claim released: %t, want %t", free, released)
	}
}

// PlaceError returns the *order.PlaceError in err, and checks its kind.
func PlaceError(t *testing.T, err error, kind order.PlaceErrorKind) *order.PlaceError {
	t.Helper()
	var placeErr *order.PlaceError
	if !errors.As(err, &placeErr) {
		t.Fatalf("got %v, want a PlaceError of kind %d", err, kind)
	}
	if placeErr.Kind != kind {
		t.Fatalf("got kind %d (%v), want %d", placeErr.Kind, err, kind)
	}
	return placeErr
}

// IDsOf returns the IDs of the orders.
func IDsOf(orders []billing.Order) []string {
	var ids []string
	for _, order := range orders {
		ids = append(ids, order.ID)
	}
	return ids
}

// WantIDs checks the IDs of orders and their sequence.
func WantIDs(t *testing.T, what string, orders []billing.Order, want ...string) {
	t.Helper()
	if got := IDsOf(orders); !slices.Equal(got, want) {
		t.Errorf("%s orders %q, want %q", what, got, want)
	}
}
