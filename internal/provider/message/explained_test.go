package message_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
)

func TestExplained_SameCause_IsExplainedOnce(t *testing.T) {
	t.Parallel()
	at := func(id string) circuit.Key { return circuit.Key{Region: "cn-hangzhou", CircuitID: id} }
	var session message.Explained
	shorten := func(d diag.Diagnostic) string { return session.Shorten(d.Summary(), d.Detail()) }
	for i, id := range []string{"pc-one", "pc-two", "pc-three"} {
		first := message.AlreadyInState(at(id), "5018705589512"+strconv.Itoa(i))
		detail := shorten(first)
		if explained := strings.Contains(detail, "untaint"); explained != (i == 0) || !strings.Contains(detail, id) {
			t.Errorf("%s: %q", id, detail)
		}
		if i > 0 && (strings.Contains(detail, "\n") || len(detail) > columns) {
			t.Errorf("%s has more than one line: %q", id, detail)
		}
	}
	// Another cause with the same kind, and another kind.
	payable := circuit.Circuit{Region: "cn-hangzhou", ID: "pc-four", Status: circuit.StatusInitial}
	for _, status := range []string{circuit.StatusInitial, circuit.StatusAllocated} {
		payable.Status = status
		if detail := shorten(message.CircuitNotInService(payable, true, false)); !strings.Contains(detail, "Next step") {
			t.Errorf("%s: %q", status, detail)
		}
	}
	var other message.Explained
	again := message.AlreadyInState(at("pc-one"), "50187055895120")
	if detail := other.Shorten(again.Summary(), again.Detail()); detail != again.Detail() {
		t.Errorf("another session: %q", detail)
	}
}

func TestExplained_FactsOfAResource_AreNeverLeftOut(t *testing.T) {
	t.Parallel()
	elsewhere := circuit.Key{Region: key.Region, CircuitID: "pc-elsewhere"}
	kept, cancelled := message.Order{ID: "1", Circuit: key}, message.Order{ID: "2", Circuit: key, CancelUnpaid: true}
	live := func(ids ...string) (look billing.Look) {
		for _, id := range ids {
			look.Live = append(look.Live, found(id, "Unpaid"))
		}
		return look
	}
	replaced := func(o message.Order, cost string) diag.Diagnostic { return message.Replacement(o, elsewhere, cost) }
	exist := func(ids ...string) diag.Diagnostic {
		return message.LookForPlan(live(ids...), request(), false, false)[0]
	}
	unread := func(id string) diag.Diagnostic {
		look := live(id)
		look.Err = billing.ErrTooManyOrders
		return message.LookForPlan(look, request(), false, false)[0]
	}
	for name, test := range map[string]struct {
		first, second diag.Diagnostic
		facts         []string
	}{
		"cancelled by a replacement": {replaced(kept, "1.00 CNY"), replaced(cancelled, "2.00 CNY"), []string{"is cancelled", "2.00 CNY"}},
		"kept by a replacement":      {replaced(cancelled, ""), replaced(kept, "2.00 CNY"), []string{"stays as it is", "2.00 CNY"}},
		"the same fate":              {replaced(cancelled, ""), replaced(cancelled, ""), []string{"is cancelled"}},
		"several orders":             {exist("11", "12"), exist("21", "22"), []string{"21", "22"}},
		"billing down":               {unread("11"), unread("21"), []string{"21"}},
	} {
		var session message.Explained
		session.Shorten(test.first.Summary(), test.first.Detail())
		detail := session.Shorten(test.second.Summary(), test.second.Detail())
		for _, fact := range test.facts {
			if !strings.Contains(detail, fact) {
				t.Errorf("%s: no %q in %q", name, fact, detail)
			}
		}
	}
}

func TestExplained_OrderOfTheResources_DoesNotMatter(t *testing.T) {
	t.Parallel()
	ids := []string{"pc-a", "pc-b", "pc-c", "pc-d"}
	lines := func(order []int) string {
		var session message.Explained
		var all []string
		for _, i := range order {
			d := message.AlreadyInState(circuit.Key{Region: "cn-hangzhou", CircuitID: ids[i]}, "5018705589512"+strconv.Itoa(i))
			first, rest, _ := strings.Cut(session.Shorten(d.Summary(), d.Detail()), "\n\n")
			sentence, _, _ := strings.Cut(first, ". ")
			all = append(all, strings.TrimSuffix(sentence, "."), rest)
		}
		return strings.Join(slices.Sorted(strings.SplitSeq(strings.Join(all, "\n"), "\n")), "\n")
	}
	want := lines([]int{0, 1, 2, 3})
	for _, order := range [][]int{{3, 2, 1, 0}, {1, 0, 3, 2}, {2, 3, 0, 1}} {
		if got := lines(order); got != want {
			t.Errorf("%v:\n%s\nwant\n%s", order, got, want)
		}
	}
}
