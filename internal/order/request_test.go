package order_test

import (
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordertest"
)

// Never change these literals: the API finds a repeated order by its token, so another
// token after an upgrade of the provider would place a second order.
func TestDefaultToken_NeverChanges(t *testing.T) {
	t.Parallel()
	for _, golden := range []struct{ region, circuitID, token string }{
		{"cn-hangzhou", "pc-bp1hp0wr072f6abcd", "tfecoo1-8nok4tvg6m8u3qoctfag78iint0fusjqdvetep9jig6sei19qndg"},
		{"cn-beijing", "pc-bp1hp0wr072f6abcd", "tfecoo1-6r8al2ui78q5et3in36u75edbeih1nnh5ghn2dmhrfhsb0gdtgn0"},
		{"cn-hangzhou", "pc-1", "tfecoo1-crr3b1vu7jemmkr541fifgm717aja3t5jgscvkuf1g89lf391800"},
		{"ap-southeast-1", "pc-t4nkv1s9pr8m6w2x0y3zq", "tfecoo1-6dfcvvdp7ashpoqdoloov89stu51pn17gsk57dduirgc4ldhole0"},
	} {
		if got := order.DefaultToken(golden.region, golden.circuitID); got != golden.token {
			t.Errorf("%s/%s: token %s, want %s", golden.region, golden.circuitID, got, golden.token)
		}
	}
}

// Never change these either: every version on every machine must compute the same tokens
// after cancelled orders.
func TestTokenAfter_NeverChanges(t *testing.T) {
	t.Parallel()
	for _, golden := range []struct{ token, orderID, next string }{
		{"tfecoo1-8nok4tvg6m8u3qoctfag78iint0fusjqdvetep9jig6sei19qndg", "50187055895123", "tfecoo1-9olq2ftpgfac5uv3keu0dgpc42jt4q44heajqna48cd2uro33970"},
		{"tfecoo1-9olq2ftpgfac5uv3keu0dgpc42jt4q44heajqna48cd2uro33970", "50187055895124", "tfecoo1-8lvr5ivm4nps0huhgs4g7oel8njbti1lnat2jo6d8mni130ntke0"},
	} {
		if got := order.TokenAfter(golden.token, golden.orderID); got != golden.next {
			t.Errorf("%s after %s: next token %s, want %s", golden.token, golden.orderID, got, golden.next)
		}
	}
}

func TestTokens_MatchTheRulesOfTheAPI(t *testing.T) {
	t.Parallel()
	for _, part := range []string{"", " ", "\x00", "\n", "cn-hangzhou", "杭州", "\xff\xfe", strings.Repeat("x", 10_000)} {
		for name, token := range map[string]string{
			"region":  order.DefaultToken(part, "pc-1"),
			"circuit": order.DefaultToken("cn-hangzhou", part),
			"reorder": order.Request{Region: part, CircuitID: part}.ReorderToken(part),
			"next":    order.TokenAfter(part, part),
		} {
			if !order.TokenPattern().MatchString(token) {
				t.Errorf("%s %.20q: token %q of %d characters", name, part, token, len(token))
			}
			if !strings.HasPrefix(token, "tfecoo1-") {
				t.Errorf("%s %.20q: token %q has no prefix", name, part, token)
			}
		}
	}
}

func TestTokens_AreUnique(t *testing.T) {
	t.Parallel()
	requests := map[string]string{}
	note := func(request, token string) {
		if other, taken := requests[token]; taken {
			t.Errorf("%s and %s share token %s", request, other, token)
		}
		requests[token] = request
	}
	for _, parts := range [][2]string{
		{"a", "bc"}, {"ab", "c"}, {"abc", ""}, {"", "abc"}, {"bc", "a"}, {"c", "ab"},
		{"A", "bc"}, {"a", "BC"}, {"order", ""}, {"", "order"}, {"after", ""}, {"", ""},
	} {
		request := parts[0] + "/" + parts[1]
		token := order.DefaultToken(parts[0], parts[1])
		note(request, token)
		note(request+" after 1", order.TokenAfter(token, "1"))
		note(request+" after 2", order.TokenAfter(token, "2"))
		note(request+" after 1 and 2", order.TokenAfter(order.TokenAfter(token, "1"), "2"))
	}
	note("a after nothing", order.TokenAfter("a", ""))
	note("nothing after a", order.TokenAfter("", "a"))
}

func TestReorderToken_FollowsTheDefaultToken(t *testing.T) {
	t.Parallel()
	want := order.TokenAfter(order.DefaultToken(ordertest.KeyA.Region, ordertest.KeyA.CircuitID), "1001")
	for _, token := range []string{ordertest.RequestA().ClientToken, "typed", ""} {
		if got := ordertest.WithToken(ordertest.RequestA(), token).ReorderToken("1001"); got != want {
			t.Errorf("of a request with token %q: %s, want %s", token, got, want)
		}
	}
}
