package alibaba_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
)

const orderID = "50187055895"

// billed returns an answer of billing with rows of orders, and a count of them
// that is not sent when negative.
func billed(total int, rows ...string) string {
	count := ""
	if total >= 0 {
		count = fmt.Sprintf(`"TotalCount":%d,`, total)
	}
	return `{"Code":"Success","Message":"Successful!","RequestId":"B-1","Success":true,"Data":{"HostName":"cn",` + count + `"PageNum":1,"PageSize":20,"OrderList":{"Order":[` + strings.Join(rows, ",") + `]}}}`
}

// row returns a row of an order, with more fields.
func row(orderID string, fields ...string) string {
	return `{` + strings.Join(append([]string{`"OrderId":"` + orderID + `"`}, fields...), ",") + `}`
}

const cancelledBody = `{"Code":"Success","Message":"Successful!","RequestId":"B-2","Success":true,"Data":{"HostId":"cn"}}`

// businessParams are the parameters of a request without those of the protocol.
func businessParams(query url.Values) map[string]string {
	params := map[string]string{}
	for key := range query {
		if !slices.Contains(envelopeParams, key) {
			params[key] = query.Get(key)
		}
	}
	return params
}

// billingCalls are all operations of billing, for what holds for each of them.
var billingCalls = map[string]func(context.Context, *alibaba.Client) error{
	"GetOrderDetail": func(ctx context.Context, client *alibaba.Client) error {
		_, err := client.OrderLines(ctx, orderID)
		return err
	},
	"QueryOrders": func(ctx context.Context, client *alibaba.Client) error {
		_, err := client.OrdersCreated(ctx, billing.OrderQuery{From: time.Unix(1_700_000_000, 0), To: time.Unix(1_700_000_600, 0)})
		return err
	},
	"CancelOrder": func(ctx context.Context, client *alibaba.Client) error { return client.CancelOrder(ctx, orderID) },
}

func TestBillingSendsExactlyTheParametersOfTheQuestion(t *testing.T) {
	t.Parallel()
	for action, want := range map[string]map[string]string{
		"GetOrderDetail": {"OrderId": orderID},
		"CancelOrder":    {"OrderId": orderID},
		"QueryOrders":    {"CreateTimeStart": "2023-11-14T22:13:20Z", "CreateTimeEnd": "2023-11-14T22:23:20Z", "PageNum": "1", "PageSize": "20"},
	} {
		var asked *http.Request
		client := newClient(t, transport(func(request *http.Request) (*http.Response, error) {
			asked = request
			return reply(http.StatusOK, billed(0)), nil
		}))
		if err := billingCalls[action](t.Context(), client); err != nil {
			t.Fatal(err)
		}
		want = maps.Clone(want)
		maps.Copy(want, map[string]string{"Action": action, "Version": "2017-12-14", "Format": "JSON", "RegionId": region})
		if got := businessParams(asked.URL.Query()); !maps.Equal(got, want) {
			t.Errorf("%s sends %v\nwant %v", action, got, want)
		}
		if asked.Method != http.MethodPost || asked.URL.Scheme != "https" || asked.URL.Host != "business.aliyuncs.com" {
			t.Errorf("%s: %s %s", action, asked.Method, asked.URL.Host)
		}
	}
}

func TestWindowOfOrdersIsInUTCAndNeverTooNarrow(t *testing.T) {
	t.Parallel()
	var seen recorder
	client := newClient(t, seen.wrap(answering(http.StatusOK, billed(0))))
	beijing := time.FixedZone("UTC+8", 8*60*60)
	from, to := time.Date(2026, 1, 1, 7, 59, 59, 999, beijing), time.Date(2026, 1, 1, 8, 0, 0, 1, beijing)
	if _, err := client.OrdersCreated(t.Context(), billing.OrderQuery{From: from, To: to}); err != nil {
		t.Fatal(err)
	}
	if start, end := seen.requests[0].Get("CreateTimeStart"), seen.requests[0].Get("CreateTimeEnd"); start != "2025-12-31T23:59:59Z" || end != "2026-01-01T00:00:01Z" {
		t.Errorf("asked from %s to %s", start, end)
	}
}

func TestOrderIsBelievedOnlyOfAnAnswerBeyondDoubt(t *testing.T) {
	t.Parallel()
	const unreadable = -1
	for name, test := range map[string]struct {
		body string
		rows int
	}{
		"one row":                  {billed(1, row(orderID)), 1},
		"sub-orders":               {billed(2, row(orderID, `"SubOrderId":"1"`), row(orderID, `"SubOrderId":"2"`)), 2},
		"a count of orders":        {billed(1, row(orderID, `"SubOrderId":"1"`), row(orderID, `"SubOrderId":"2"`)), 2},
		"no count":                 {billed(-1, row(orderID)), 1},
		"a number for the ID":      {billed(1, `{"OrderId":`+orderID+`}`), 1},
		"lower camel":              {`{"success":true,"data":{"orderList":{"order":[{"orderId":"` + orderID + `"}]}}}`, 1},
		"not known":                {billed(0), 0},
		"not known, without count": {billed(-1), 0},
		"not known, without list":  {`{"Success":true,"Data":{"TotalCount":0,"OrderList":{}}}`, 0},
		"not known, list of null":  {`{"Success":true,"Data":{"TotalCount":"0","OrderList":null}}`, 0},
		"another order":            {billed(1, row("50187055896")), unreadable},
		"another order as well":    {billed(2, row(orderID), row("50187055896")), unreadable},
		"a row without ID":         {billed(1, `{"PaymentStatus":"Cancelled"}`), unreadable},
		"null for a row":           {billed(1, `null`), unreadable},
		"text for a row":           {billed(1, `"paid"`), unreadable},
		"fewer rows than counted":  {billed(2, row(orderID)), unreadable},
		"none, but counted":        {billed(1), unreadable},
		"none, and an odd count":   {`{"Success":true,"Data":{"TotalCount":"many","OrderList":{"Order":[]}}}`, unreadable},
		"no list":                  {`{"Success":true,"Data":{"HostName":"cn"}}`, unreadable},
		"no data":                  {`{"Success":true,"Code":"Success"}`, unreadable},
		"null for the data":        {`{"Success":true,"Data":null}`, unreadable},
		"text for the data":        {`{"Success":true,"Data":"none"}`, unreadable},
		"an object for the list":   {`{"Success":true,"Data":{"OrderList":{"Order":` + row(orderID) + `}}}`, unreadable},
		"a page":                   {`<html>0 orders</html>`, unreadable},
		"nothing":                  {``, unreadable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				rows, err := newClient(t, answering(http.StatusOK, test.body)).OrderLines(t.Context(), orderID)
				if test.rows == unreadable {
					if failure := failureOf(t, err); failure.Delivery != apierror.ResponseLost || failure.HTTPStatus != http.StatusOK || rows != nil {
						t.Errorf("got %+v, %+v", rows, failure)
					}
					return
				}
				if err != nil || len(rows) != test.rows {
					t.Errorf("got %+v, %v", rows, err)
				}
			})
		})
	}
}

func TestRefusalOfBillingInsideASuccessIsARefusal(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ body, code string }{
		"no success":                {`{"Code":"NoPermission","Message":"no","RequestId":"B-3","Success":false,"Data":{"OrderId":"1"}}`, "NoPermission"},
		"no success, a good code":   {`{"Code":"Success","Message":"no","RequestId":"B-3","Success":"false"}`, "Success"},
		"a code alone":              {`{"Code":"NotAuthorized","Message":"no","RequestId":"B-3"}`, "NotAuthorized"},
		"success, but another code": {`{"Code":"NotAuthorized","Message":"no","RequestId":"B-3","Success":true,"Data":{"OrderList":{"Order":[]}}}`, "NotAuthorized"},
	} {
		for action, call := range billingCalls {
			t.Run(name+", "+action, func(t *testing.T) {
				t.Parallel()
				failure := failureOf(t, call(t.Context(), newClient(t, answering(http.StatusOK, test.body))))
				want := apierror.Error{Action: action, Host: "business.aliyuncs.com", Delivery: apierror.Answered, Code: test.code, Message: "no", HTTPStatus: http.StatusOK, RequestID: "B-3"}
				if *failure != want {
					t.Errorf("got %+v\nwant %+v", *failure, want)
				}
			})
		}
	}
}

func TestGoodCodesOfBillingAreSuccesses(t *testing.T) {
	t.Parallel()
	for _, envelope := range []string{`"Code":"Success","Success":true`, `"Code":"success"`, `"Code":"OK"`, `"Code":"200","Success":"true"`, `"Code":200`, `"Code":0`, `"Success":true`} {
		client := newClient(t, answering(http.StatusOK, `{`+envelope+`,"Data":{"TotalCount":0,"OrderList":{"Order":[]}}}`))
		for action, call := range billingCalls {
			if err := call(t.Context(), client); err != nil {
				t.Errorf("%s with %s: %v", action, envelope, err)
			}
		}
	}
}

func TestBillingIsTriedAgainAFewTimesOnly(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		failing transport
		tries   int
	}{
		"throttling":          {answering(http.StatusBadRequest, throttledBody), 4},
		"InternalError, 400":  {answering(http.StatusBadRequest, `{"Code":"InternalError"}`), 4},
		"InternalError, 200":  {answering(http.StatusOK, `{"Code":"InternalError","Success":false}`), 4},
		"UndefinedError":      {answering(http.StatusInternalServerError, `{"Code":"UndefinedError"}`), 4},
		"unreadable":          {answering(http.StatusOK, "<html>"), 4},
		"transport":           {func(*http.Request) (*http.Response, error) { return nil, errors.New("broken") }, 4},
		"no answer":           {hanging(), 4},
		"NoPermission, 403":   {answering(http.StatusForbidden, `{"Code":"NoPermission"}`), 1},
		"NoPermission, 400":   {answering(http.StatusBadRequest, `{"Code":"NoPermission"}`), 1},
		"NotAuthorized":       {answering(http.StatusBadRequest, `{"Code":"NotAuthorized"}`), 1},
		"NotAuthorized, 200":  {answering(http.StatusOK, `{"Code":"NotAuthorized","Success":false}`), 1},
		"Forbidden.RAM":       {answering(http.StatusForbidden, `{"Code":"Forbidden.RAM"}`), 1},
		"Forbidden.Something": {answering(http.StatusForbidden, `{"Code":"Forbidden.Something"}`), 1},
	} {
		for _, action := range []string{"GetOrderDetail", "QueryOrders"} {
			t.Run(name+", "+action, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					var seen recorder
					started := time.Now()
					failure := failureOf(t, billingCalls[action](t.Context(), newClient(t, seen.wrap(test.failing))))
					if seen.count() != test.tries {
						t.Errorf("%d tries, then %+v", seen.count(), failure)
					}
					if took := time.Since(started); took > 4*alibaba.ReadTimeout+4*time.Second {
						t.Errorf("took %s", took)
					}
				})
			})
		}
	}
}

func TestEveryPageOfTheOrdersIsRead(t *testing.T) {
	t.Parallel()
	for _, total := range []int{0, 1, 19, 20, 21, 40, 999, 1000} {
		for _, counted := range []bool{true, false} {
			t.Run(fmt.Sprint(total, counted), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					client := newClient(t, transport(func(request *http.Request) (*http.Response, error) {
						return reply(http.StatusOK, orderPage(t, request, total, counted)), nil
					}))
					listed, err := client.OrdersCreated(t.Context(), billing.OrderQuery{From: time.Unix(0, 0), To: time.Now()})
					truncated := total == 1000 // A list that fills all pages may go on.
					if err != nil || len(listed.Lines) != total || listed.Truncated != truncated {
						t.Fatalf("got %d rows, truncated: %t, %v", len(listed.Lines), listed.Truncated, err)
					}
					for index, row := range listed.Lines {
						if row.OrderID != strconv.Itoa(1000+index) {
							t.Errorf("row %d is of the order %s", index, row.OrderID)
						}
					}
				})
			})
		}
	}
}

// orderPage answers a question for a page of so many orders.
func orderPage(t *testing.T, request *http.Request, total int, counted bool) string {
	t.Helper()
	query := request.URL.Query()
	number, err := strconv.Atoi(query.Get("PageNum"))
	if err != nil || query.Get("PageSize") != "20" {
		t.Errorf("asked for %v", query)
	}
	var rows []string
	for index := (number - 1) * 20; index < min(number*20, total); index++ {
		rows = append(rows, row(strconv.Itoa(1000+index)))
	}
	if !counted {
		total = -1
	}
	return billed(total, rows...)
}

func TestUnreadableRowMakesTheListOfOrdersUnreadable(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{`null`, `{}`, `{"OrderId":""}`, `{"OrderId":null}`, `{"OrderId":["1"]}`, `"1001"`} {
		synctest.Test(t, func(t *testing.T) {
			listed, err := newClient(t, answering(http.StatusOK, billed(2, row("1001"), bad))).OrdersCreated(t.Context(), billing.OrderQuery{From: time.Unix(0, 0), To: time.Now()})
			if failure := failureOf(t, err); failure.Delivery != apierror.ResponseLost || listed.Lines != nil {
				t.Errorf("%s: got %+v, %+v", bad, listed, failure)
			}
		})
	}
}

func TestOrdersCreated_MoreThanFiftyPages_ReturnsTheFirstThousandAsTruncated(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var seen recorder
		client := newClient(t, seen.wrap(func(request *http.Request) (*http.Response, error) {
			return reply(http.StatusOK, orderPage(t, request, 1001, true)), nil
		}))
		listed, err := client.OrdersCreated(t.Context(), billing.OrderQuery{From: time.Unix(0, 0), To: time.Now()})
		if err != nil || len(listed.Lines) != 1000 || !listed.Truncated || seen.count() != 50 {
			t.Errorf("got %d rows, truncated: %t, %v after %d calls", len(listed.Lines), listed.Truncated, err, seen.count())
		}
	})
}

func TestOrdersCreated_Pace_ComesBeforeEachPageAndEndsTheCall(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fails, cancels bool
		cause          error
	}{
		"paced":               {},
		"cancelled":           {true, true, context.Canceled},
		"beyond the deadline": {true, false, context.DeadlineExceeded},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var seen recorder
			client := newClient(t, seen.wrap(func(request *http.Request) (*http.Response, error) {
				return reply(http.StatusOK, orderPage(t, request, 45, true)), nil
			}))
			paces := 0
			_, err := client.OrdersCreated(ctx, billing.OrderQuery{From: time.Unix(0, 0), To: time.Now(), Pace: func(context.Context) error {
				if paces++; paces != seen.count()+1 {
					t.Errorf("%d paces before %d pages", paces, seen.count()+1)
				}
				if !test.fails || paces < 2 {
					return nil
				}
				if test.cancels {
					cancel()
				}
				return errors.New("no turn")
			}})
			if !test.fails {
				if err != nil || paces != 3 {
					t.Errorf("%d paces, %v", paces, err)
				}
				return
			}
			if failure := failureOf(t, err); failure.Delivery != apierror.NotSent || !errors.Is(failure, test.cause) || seen.count() != 1 {
				t.Errorf("got %+v after %d pages", failure, seen.count())
			}
		})
	}
}

func TestOrdersCreated_Date_IsThatOfTheFirstPage(t *testing.T) {
	t.Parallel()
	for _, dated := range []bool{true, false} {
		calls := 0
		client := newClient(t, transport(func(request *http.Request) (*http.Response, error) {
			answer := reply(http.StatusOK, orderPage(t, request, 45, true))
			if calls++; dated {
				answer.Header.Set("Date", fmt.Sprintf("Sun, 01 Mar 2026 10:00:0%d GMT", calls))
			}
			return answer, nil
		}))
		listed, err := client.OrdersCreated(t.Context(), billing.OrderQuery{From: time.Unix(0, 0), To: time.Now()})
		if err != nil || len(listed.Lines) != 45 || (listed.Date != nil) != dated || dated && listed.Date.Second() != 1 {
			t.Errorf("dated: %t: got %d rows of %v, %v", dated, len(listed.Lines), listed.Date, err)
		}
	}
}

func TestOrdersCreated_ProductCode_IsSent(t *testing.T) {
	t.Parallel()
	var seen recorder
	client := newClient(t, seen.wrap(answering(http.StatusOK, billed(0))))
	if _, err := client.OrdersCreated(t.Context(), billing.OrderQuery{From: time.Unix(0, 0), To: time.Now(), ProductCode: "pconn"}); err != nil || seen.requests[0].Get("ProductCode") != "pconn" {
		t.Errorf("sent %v, %v", seen.requests, err)
	}
}

func TestWhatIsNoOrderIDIsNeverSent(t *testing.T) {
	t.Parallel()
	var seen recorder
	client := newClient(t, seen.wrap(answering(http.StatusOK, cancelledBody)))
	for _, bad := range []string{"", " ", "0", "a b", "5018&OrderId=5019", strings.Repeat("1", 65)} {
		_, err := client.OrderLines(t.Context(), bad)
		for _, err := range []error{err, client.CancelOrder(t.Context(), bad)} {
			if failure := failureOf(t, err); failure.Delivery != apierror.NotSent || !failure.Permanent() {
				t.Errorf("%q: got %+v", bad, failure)
			}
		}
	}
	if seen.count() != 0 {
		t.Errorf("%d requests were sent", seen.count())
	}
}

func TestCancellationIsBelievedOnlyOfAnAnswerThatSaysSo(t *testing.T) {
	t.Parallel()
	if err := newClient(t, answering(http.StatusOK, cancelledBody)).CancelOrder(t.Context(), orderID); err != nil {
		t.Error(err)
	}
	for _, body := range []string{"", "{}", "null", "<html>", `{"RequestId":"B-1"}`, `{"Data":{"HostId":"cn"}}`, `{"Success":null}`, cancelledBody[:40]} {
		failure := failureOf(t, newClient(t, answering(http.StatusOK, body)).CancelOrder(t.Context(), orderID))
		if failure.Delivery != apierror.ResponseLost || failure.Class() != apierror.Ambiguous {
			t.Errorf("%s: got %+v", body, failure)
		}
	}
}

func TestCancellationIsSentOnce(t *testing.T) {
	t.Parallel()
	for name, base := range map[string]transport{
		"after 500":        answering(http.StatusInternalServerError, ""),
		"after throttling": answering(http.StatusBadRequest, throttledBody),
		"after a break":    func(*http.Request) (*http.Response, error) { return nil, errors.New("broken") },
		"after nonsense":   answering(http.StatusOK, "{}"),
	} {
		var seen recorder
		if err := newClient(t, seen.wrap(base)).CancelOrder(t.Context(), orderID); err == nil || seen.count() != 1 {
			t.Errorf("%s: sent %d times, %v", name, seen.count(), err)
		}
	}
}

func TestCancellationOnTheWireEndsByItsAnswerOrItsOwnTimeout(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answerAfter time.Duration
		answered    bool
	}{
		"answered":     {29 * time.Second, true},
		"not answered": {31 * time.Second, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				started := time.Now()
				err := newClient(t, transport(func(request *http.Request) (*http.Response, error) {
					cancel()
					select {
					case <-request.Context().Done():
						return nil, request.Context().Err()
					case <-time.After(test.answerAfter):
						return reply(http.StatusOK, cancelledBody), nil
					}
				})).CancelOrder(ctx, orderID)
				if took := time.Since(started); (err == nil) != test.answered || took != min(test.answerAfter, 30*time.Second) {
					t.Errorf("ended after %s with %v", took, err)
				}
			})
		})
	}
}

func TestEndedContextSendsNothingToBilling(t *testing.T) {
	t.Parallel()
	var seen recorder
	client := newClient(t, seen.wrap(answering(http.StatusOK, billed(0))))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for action, call := range billingCalls {
		err := call(ctx, client)
		if failure := failureOf(t, err); failure.Delivery != apierror.NotSent || failure.Permanent() || !errors.Is(err, context.Canceled) {
			t.Errorf("%s: got %+v", action, failure)
		}
	}
	if seen.count() != 0 {
		t.Errorf("%d requests were sent", seen.count())
	}
}

func TestQuotasOfBillingAreSeparate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := newClient(t, answering(http.StatusOK, billed(0)))
		started := time.Now()
		for range 180 {
			for _, call := range billingCalls {
				if err := call(t.Context(), client); err != nil {
					t.Fatal(err)
				}
			}
		}
		if took := time.Since(started); took != 0 {
			t.Errorf("waited %s", took)
		}
		if err := client.CancelOrder(t.Context(), orderID); err != nil || time.Since(started) == 0 {
			t.Errorf("not held back: %v", err)
		}
	})
}

func TestEveryRowIsDatedByBillingsOwnClock(t *testing.T) {
	t.Parallel()
	for date, want := range map[string]*time.Time{
		"Sun, 01 Mar 2026 10:00:00 GMT": new(time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)),
		"yesterday":                     nil,
		"":                              nil,
	} {
		client := newClient(t, transport(func(*http.Request) (*http.Response, error) {
			answer := reply(http.StatusOK, billed(2, row(orderID, `"SubOrderId":"1"`), row(orderID, `"SubOrderId":"2"`)))
			answer.Header.Set("Date", date)
			return answer, nil
		}))
		rows, err := client.OrderLines(t.Context(), orderID)
		if err != nil || len(rows) != 2 {
			t.Fatal(rows, err)
		}
		for _, row := range rows {
			if (row.AsOf == nil) != (want == nil) || want != nil && !row.AsOf.Equal(*want) {
				t.Errorf("%q: %v, want %v", date, row.AsOf, want)
			}
		}
	}
}

// One order is placed between any two pages.
func TestOrdersCreated_OfABusyAccount_AreRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		total, calls := 100, 0
		client := newClient(t, transport(func(request *http.Request) (*http.Response, error) {
			number, _ := strconv.Atoi(request.URL.Query().Get("PageNum"))
			calls++
			total++
			var rows []string
			for i := (number - 1) * 20; i < min(number*20, total); i++ { // newest first
				rows = append(rows, row(fmt.Sprint(100000+total-i)))
			}
			return reply(http.StatusOK, billed(total, rows...)), nil
		}))
		listed, err := client.OrdersCreated(t.Context(), billing.OrderQuery{From: time.Unix(0, 0), To: time.Now()})
		if err != nil {
			t.Errorf("%d rows after %d calls: %v", len(listed.Lines), calls, err)
		}
	})
}

func TestOrdersCreated_RowsWithoutSubOrderIDs_AreAllKept(t *testing.T) {
	t.Parallel()
	body := billed(-1, row("1001", `"ProductCode":"pconn"`), row("1001", `"ProductCode":"pconn_setup"`))
	listed, err := newClient(t, answering(http.StatusOK, body)).OrdersCreated(t.Context(), billing.OrderQuery{From: time.Unix(0, 0), To: time.Now()})
	var codes []string
	for _, row := range listed.Lines {
		codes = append(codes, row.ProductCode)
	}
	if err != nil || !strings.Contains(strings.Join(codes, " ")+" ", "pconn ") {
		t.Errorf("%q %v", codes, err)
	}
}
