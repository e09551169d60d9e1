package bss_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/alibabatest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
)

const cancelledBody = `{"Code":"Success","Message":"Successful!","RequestId":"B-2","Success":true,"Data":{"HostId":"cn"}}`

func TestBilling_SendsExactlyTheParameters(t *testing.T) {
	t.Parallel()
	for action, want := range map[string]map[string]string{
		"GetOrderDetail": {"OrderId": alibabatest.OrderID},
		"CancelOrder":    {"OrderId": alibabatest.OrderID},
		"QueryOrders":    {"CreateTimeStart": "2023-11-14T22:13:20Z", "CreateTimeEnd": "2023-11-14T22:23:20Z", "PageNum": "1", "PageSize": "20"},
	} {
		var asked *http.Request
		client := alibabatest.NewClient(t, alibabatest.Transport(func(request *http.Request) (*http.Response, error) {
			asked = request
			return alibabatest.Reply(http.StatusOK, alibabatest.OrderList(0)), nil
		}))
		if err := alibabatest.BillingCalls[action](t.Context(), client); err != nil {
			t.Fatal(err)
		}
		want = maps.Clone(want)
		maps.Copy(want, map[string]string{"Action": action, "Version": "2017-12-14", "Format": "JSON", "RegionId": alibabatest.Region})
		if got := alibabatest.BusinessParams(asked.URL.Query()); !maps.Equal(got, want) {
			t.Errorf("%s sends %v\nwant %v", action, got, want)
		}
		if asked.Method != http.MethodPost || asked.URL.Scheme != "https" || asked.URL.Host != "business.aliyuncs.com" {
			t.Errorf("%s: %s %s", action, asked.Method, asked.URL.Host)
		}
	}
}

func TestOrdersCreated_WindowIsInUTCAndRoundedOutwards(t *testing.T) {
	t.Parallel()
	var seen alibabatest.Recorder
	client := alibabatest.NewClient(t, seen.Wrap(alibabatest.Answering(http.StatusOK, alibabatest.OrderList(0))))
	beijing := time.FixedZone("UTC+8", 8*60*60)
	from, to := time.Date(2026, 1, 1, 7, 59, 59, 999, beijing), time.Date(2026, 1, 1, 8, 0, 0, 1, beijing)
	if _, err := client.OrdersCreated(t.Context(), billing.OrderQuery{From: from, To: to}); err != nil {
		t.Fatal(err)
	}
	if start, end := seen.Requests[0].Get("CreateTimeStart"), seen.Requests[0].Get("CreateTimeEnd"); start != "2025-12-31T23:59:59Z" || end != "2026-01-01T00:00:01Z" {
		t.Errorf("asked from %s to %s", start, end)
	}
}

func TestOrderLines_UnclearAnswer_IsAnError(t *testing.T) {
	t.Parallel()
	const unreadable = -1
	for name, test := range map[string]struct {
		body string
		rows int
	}{
		"one row":                  {alibabatest.OrderList(1, alibabatest.OrderRow(alibabatest.OrderID)), 1},
		"sub-orders":               {alibabatest.OrderList(2, alibabatest.OrderRow(alibabatest.OrderID, `"SubOrderId":"1"`), alibabatest.OrderRow(alibabatest.OrderID, `"SubOrderId":"2"`)), 2},
		"a count of orders":        {alibabatest.OrderList(1, alibabatest.OrderRow(alibabatest.OrderID, `"SubOrderId":"1"`), alibabatest.OrderRow(alibabatest.OrderID, `"SubOrderId":"2"`)), 2},
		"no count":                 {alibabatest.OrderList(-1, alibabatest.OrderRow(alibabatest.OrderID)), 1},
		"a number for the ID":      {alibabatest.OrderList(1, `{"OrderId":`+alibabatest.OrderID+`}`), 1},
		"lower camel":              {`{"success":true,"data":{"orderList":{"order":[{"orderId":"` + alibabatest.OrderID + `"}]}}}`, 1},
		"not known":                {alibabatest.OrderList(0), 0},
		"not known, without count": {alibabatest.OrderList(-1), 0},
		"not known, without list":  {`{"Success":true,"Data":{"TotalCount":0,"OrderList":{}}}`, 0},
		"not known, list of null":  {`{"Success":true,"Data":{"TotalCount":"0","OrderList":null}}`, 0},
		"another order":            {alibabatest.OrderList(1, alibabatest.OrderRow("50187055896")), unreadable},
		"another order as well":    {alibabatest.OrderList(2, alibabatest.OrderRow(alibabatest.OrderID), alibabatest.OrderRow("50187055896")), unreadable},
		"a row without ID":         {alibabatest.OrderList(1, `{"PaymentStatus":"Cancelled"}`), unreadable},
		"null for a row":           {alibabatest.OrderList(1, `null`), unreadable},
		"text for a row":           {alibabatest.OrderList(1, `"paid"`), unreadable},
		"fewer rows than counted":  {alibabatest.OrderList(2, alibabatest.OrderRow(alibabatest.OrderID)), unreadable},
		"none, but counted":        {alibabatest.OrderList(1), unreadable},
		"none, and an odd count":   {`{"Success":true,"Data":{"TotalCount":"many","OrderList":{"Order":[]}}}`, unreadable},
		"no list":                  {`{"Success":true,"Data":{"HostName":"cn"}}`, unreadable},
		"no data":                  {`{"Success":true,"Code":"Success"}`, unreadable},
		"null for the data":        {`{"Success":true,"Data":null}`, unreadable},
		"text for the data":        {`{"Success":true,"Data":"none"}`, unreadable},
		"an object for the list":   {`{"Success":true,"Data":{"OrderList":{"Order":` + alibabatest.OrderRow(alibabatest.OrderID) + `}}}`, unreadable},
		"a page":                   {`<html>0 orders</html>`, unreadable},
		"nothing":                  {``, unreadable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				rows, err := alibabatest.NewClient(t, alibabatest.Answering(http.StatusOK, test.body)).OrderLines(t.Context(), alibabatest.OrderID)
				if test.rows == unreadable {
					if failure := alibabatest.FailureOf(t, err); failure.Delivery != apierror.ResponseLost || failure.HTTPStatus != http.StatusOK || rows != nil {
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

func TestBilling_RefusalWithStatus200_IsARefusal(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ body, code string }{
		"no success":                {`{"Code":"NoPermission","Message":"no","RequestId":"B-3","Success":false,"Data":{"OrderId":"1"}}`, "NoPermission"},
		"no success, a good code":   {`{"Code":"Success","Message":"no","RequestId":"B-3","Success":"false"}`, "Success"},
		"a code alone":              {`{"Code":"NotAuthorized","Message":"no","RequestId":"B-3"}`, "NotAuthorized"},
		"success, but another code": {`{"Code":"NotAuthorized","Message":"no","RequestId":"B-3","Success":true,"Data":{"OrderList":{"Order":[]}}}`, "NotAuthorized"},
	} {
		for action, call := range alibabatest.BillingCalls {
			t.Run(name+", "+action, func(t *testing.T) {
				t.Parallel()
				failure := alibabatest.FailureOf(t, call(t.Context(), alibabatest.NewClient(t, alibabatest.Answering(http.StatusOK, test.body))))
				want := apierror.Error{Action: action, Host: "business.aliyuncs.com", Delivery: apierror.Answered, Code: test.code, Message: "no", HTTPStatus: http.StatusOK, RequestID: "B-3"}
				if *failure != want {
					t.Errorf("got %+v\nwant %+v", *failure, want)
				}
			})
		}
	}
}

func TestBilling_SuccessCodes_AreSuccesses(t *testing.T) {
	t.Parallel()
	for _, envelope := range []string{`"Code":"Success","Success":true`, `"Code":"success"`, `"Code":"OK"`, `"Code":"200","Success":"true"`, `"Code":200`, `"Code":0`, `"Success":true`} {
		client := alibabatest.NewClient(t, alibabatest.Answering(http.StatusOK, `{`+envelope+`,"Data":{"TotalCount":0,"OrderList":{"Order":[]}}}`))
		for action, call := range alibabatest.BillingCalls {
			if err := call(t.Context(), client); err != nil {
				t.Errorf("%s with %s: %v", action, envelope, err)
			}
		}
	}
}

func TestBilling_IsRepeatedAFewTimes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		failing alibabatest.Transport
		tries   int
	}{
		"throttling":          {alibabatest.Answering(http.StatusBadRequest, alibabatest.ThrottledBody), 4},
		"InternalError, 400":  {alibabatest.Answering(http.StatusBadRequest, `{"Code":"InternalError"}`), 4},
		"InternalError, 200":  {alibabatest.Answering(http.StatusOK, `{"Code":"InternalError","Success":false}`), 4},
		"UndefinedError":      {alibabatest.Answering(http.StatusInternalServerError, `{"Code":"UndefinedError"}`), 4},
		"unreadable":          {alibabatest.Answering(http.StatusOK, "<html>"), 4},
		"transport":           {func(*http.Request) (*http.Response, error) { return nil, errors.New("broken") }, 4},
		"no answer":           {alibabatest.Hanging(), 4},
		"NoPermission, 403":   {alibabatest.Answering(http.StatusForbidden, `{"Code":"NoPermission"}`), 1},
		"NoPermission, 400":   {alibabatest.Answering(http.StatusBadRequest, `{"Code":"NoPermission"}`), 1},
		"NotAuthorized":       {alibabatest.Answering(http.StatusBadRequest, `{"Code":"NotAuthorized"}`), 1},
		"NotAuthorized, 200":  {alibabatest.Answering(http.StatusOK, `{"Code":"NotAuthorized","Success":false}`), 1},
		"Forbidden.RAM":       {alibabatest.Answering(http.StatusForbidden, `{"Code":"Forbidden.RAM"}`), 1},
		"Forbidden.Something": {alibabatest.Answering(http.StatusForbidden, `{"Code":"Forbidden.Something"}`), 1},
	} {
		for _, action := range []string{"GetOrderDetail", "QueryOrders", "QueryAvailableInstances"} {
			t.Run(name+", "+action, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					var seen alibabatest.Recorder
					started := time.Now()
					failure := alibabatest.FailureOf(t, alibabatest.BillingCalls[action](t.Context(), alibabatest.NewClient(t, seen.Wrap(test.failing))))
					if seen.Count() != test.tries {
						t.Errorf("%d tries, then %+v", seen.Count(), failure)
					}
					if took := time.Since(started); took > 4*rpc.ReadTimeout+4*time.Second {
						t.Errorf("took %s", took)
					}
				})
			})
		}
	}
}

func TestOrdersCreated_ReadsEveryPage(t *testing.T) {
	t.Parallel()
	for _, total := range []int{0, 1, 19, 20, 21, 40, 999, 1000} {
		for _, counted := range []bool{true, false} {
			t.Run(fmt.Sprint(total, counted), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					client := alibabatest.NewClient(t, alibabatest.Transport(func(request *http.Request) (*http.Response, error) {
						return alibabatest.Reply(http.StatusOK, orderPage(t, request, total, counted)), nil
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

// orderPage answers a request for a page of total orders.
func orderPage(t *testing.T, request *http.Request, total int, counted bool) string {
	t.Helper()
	query := request.URL.Query()
	number, err := strconv.Atoi(query.Get("PageNum"))
	if err != nil || query.Get("PageSize") != "20" {
		t.Errorf("asked for %v", query)
	}
	var rows []string
	for index := (number - 1) * 20; index < min(number*20, total); index++ {
		rows = append(rows, alibabatest.OrderRow(strconv.Itoa(1000+index)))
	}
	if !counted {
		total = -1
	}
	return alibabatest.OrderList(total, rows...)
}

func TestOrdersCreated_UnreadableRow_IsAnError(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{`null`, `{}`, `{"OrderId":""}`, `{"OrderId":null}`, `{"OrderId":["1"]}`, `"1001"`} {
		synctest.Test(t, func(t *testing.T) {
			listed, err := alibabatest.NewClient(t, alibabatest.Answering(http.StatusOK, alibabatest.OrderList(2, alibabatest.OrderRow("1001"), bad))).OrdersCreated(t.Context(), billing.OrderQuery{From: time.Unix(0, 0), To: time.Now()})
			if failure := alibabatest.FailureOf(t, err); failure.Delivery != apierror.ResponseLost || listed.Lines != nil {
				t.Errorf("%s: got %+v, %+v", bad, listed, failure)
			}
		})
	}
}

func TestOrdersCreated_MoreThanFiftyPages_ReturnsTheFirstThousandAsTruncated(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var seen alibabatest.Recorder
		client := alibabatest.NewClient(t, seen.Wrap(func(request *http.Request) (*http.Response, error) {
			return alibabatest.Reply(http.StatusOK, orderPage(t, request, 1001, true)), nil
		}))
		listed, err := client.OrdersCreated(t.Context(), billing.OrderQuery{From: time.Unix(0, 0), To: time.Now()})
		if err != nil || len(listed.Lines) != 1000 || !listed.Truncated || seen.Count() != 50 {
			t.Errorf("got %d rows, truncated: %t, %v after %d calls", len(listed.Lines), listed.Truncated, err, seen.Count())
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
			var seen alibabatest.Recorder
			client := alibabatest.NewClient(t, seen.Wrap(func(request *http.Request) (*http.Response, error) {
				return alibabatest.Reply(http.StatusOK, orderPage(t, request, 45, true)), nil
			}))
			paces := 0
			_, err := client.OrdersCreated(ctx, billing.OrderQuery{From: time.Unix(0, 0), To: time.Now(), Pace: func(context.Context) error {
				if paces++; paces != seen.Count()+1 {
					t.Errorf("%d paces before %d pages", paces, seen.Count()+1)
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
			if failure := alibabatest.FailureOf(t, err); failure.Delivery != apierror.NotSent || !errors.Is(failure, test.cause) || seen.Count() != 1 {
				t.Errorf("got %+v after %d pages", failure, seen.Count())
			}
		})
	}
}

func TestOrdersCreated_Date_IsThatOfTheFirstPage(t *testing.T) {
	t.Parallel()
	for _, dated := range []bool{true, false} {
		calls := 0
		client := alibabatest.NewClient(t, alibabatest.Transport(func(request *http.Request) (*http.Response, error) {
			answer := alibabatest.Reply(http.StatusOK, orderPage(t, request, 45, true))
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
	var seen alibabatest.Recorder
	client := alibabatest.NewClient(t, seen.Wrap(alibabatest.Answering(http.StatusOK, alibabatest.OrderList(0))))
	if _, err := client.OrdersCreated(t.Context(), billing.OrderQuery{From: time.Unix(0, 0), To: time.Now(), ProductCode: "pconn"}); err != nil || seen.Requests[0].Get("ProductCode") != "pconn" {
		t.Errorf("sent %v, %v", seen.Requests, err)
	}
}

func TestBilling_WrongOrderID_IsNotSent(t *testing.T) {
	t.Parallel()
	var seen alibabatest.Recorder
	client := alibabatest.NewClient(t, seen.Wrap(alibabatest.Answering(http.StatusOK, cancelledBody)))
	for _, bad := range []string{"", " ", "0", "a b", "5018&OrderId=5019", strings.Repeat("1", 65)} {
		_, err := client.OrderLines(t.Context(), bad)
		for _, err := range []error{err, client.CancelOrder(t.Context(), bad)} {
			if failure := alibabatest.FailureOf(t, err); failure.Delivery != apierror.NotSent || !failure.Permanent() {
				t.Errorf("%q: got %+v", bad, failure)
			}
		}
	}
	if seen.Count() != 0 {
		t.Errorf("%d requests were sent", seen.Count())
	}
}

func TestCancelOrder_UnclearAnswer_IsAnError(t *testing.T) {
	t.Parallel()
	if err := alibabatest.NewClient(t, alibabatest.Answering(http.StatusOK, cancelledBody)).CancelOrder(t.Context(), alibabatest.OrderID); err != nil {
		t.Error(err)
	}
	for _, body := range []string{"", "{}", "null", "<html>", `{"RequestId":"B-1"}`, `{"Data":{"HostId":"cn"}}`, `{"Success":null}`, cancelledBody[:40]} {
		failure := alibabatest.FailureOf(t, alibabatest.NewClient(t, alibabatest.Answering(http.StatusOK, body)).CancelOrder(t.Context(), alibabatest.OrderID))
		if failure.Delivery != apierror.ResponseLost || failure.Class() != apierror.Ambiguous {
			t.Errorf("%s: got %+v", body, failure)
		}
	}
}

func TestCancelOrder_IsSentOnce(t *testing.T) {
	t.Parallel()
	for name, base := range map[string]alibabatest.Transport{
		"after 500":        alibabatest.Answering(http.StatusInternalServerError, ""),
		"after throttling": alibabatest.Answering(http.StatusBadRequest, alibabatest.ThrottledBody),
		"after a break":    func(*http.Request) (*http.Response, error) { return nil, errors.New("broken") },
		"after nonsense":   alibabatest.Answering(http.StatusOK, "{}"),
	} {
		var seen alibabatest.Recorder
		if err := alibabatest.NewClient(t, seen.Wrap(base)).CancelOrder(t.Context(), alibabatest.OrderID); err == nil || seen.Count() != 1 {
			t.Errorf("%s: sent %d times, %v", name, seen.Count(), err)
		}
	}
}

func TestBilling_ChangeAfterTheSend_EndsByAnswerOrTimeout(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answerAfter time.Duration
		answered    bool
	}{
		"answered":     {29 * time.Second, true},
		"not answered": {31 * time.Second, false},
	} {
		for _, action := range []string{"CancelOrder", "SetRenewal"} {
			t.Run(action+", "+name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					ctx, cancel := context.WithCancel(t.Context())
					started := time.Now()
					err := alibabatest.BillingCalls[action](ctx, alibabatest.NewClient(t, alibabatest.Transport(func(request *http.Request) (*http.Response, error) {
						cancel()
						select {
						case <-request.Context().Done():
							return nil, request.Context().Err()
						case <-time.After(test.answerAfter):
							return alibabatest.Reply(http.StatusOK, cancelledBody), nil
						}
					})))
					if took := time.Since(started); (err == nil) != test.answered || took != min(test.answerAfter, 30*time.Second) {
						t.Errorf("ended after %s with %v", took, err)
					}
				})
			})
		}
	}
}

func TestBilling_EndedContext_SendsNothing(t *testing.T) {
	t.Parallel()
	var seen alibabatest.Recorder
	client := alibabatest.NewClient(t, seen.Wrap(alibabatest.Answering(http.StatusOK, alibabatest.OrderList(0))))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for action, call := range alibabatest.BillingCalls {
		err := call(ctx, client)
		if failure := alibabatest.FailureOf(t, err); failure.Delivery != apierror.NotSent || failure.Permanent() || !errors.Is(err, context.Canceled) {
			t.Errorf("%s: got %+v", action, failure)
		}
	}
	if seen.Count() != 0 {
		t.Errorf("%d requests were sent", seen.Count())
	}
}

func TestBilling_QuotasAreSeparate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := alibabatest.NewClient(t, alibabatest.Answering(http.StatusOK, alibabatest.OrderList(0)))
		started := time.Now()
		for range 180 {
			for _, call := range alibabatest.BillingCalls {
				if err := call(t.Context(), client); err != nil {
					t.Fatal(err)
				}
			}
		}
		if took := time.Since(started); took != 0 {
			t.Errorf("waited %s", took)
		}
		if err := client.CancelOrder(t.Context(), alibabatest.OrderID); err != nil || time.Since(started) == 0 {
			t.Errorf("not held back: %v", err)
		}
	})
}

func TestOrderLines_HaveTheTimeOfTheAPI(t *testing.T) {
	t.Parallel()
	for date, want := range map[string]*time.Time{
		"Sun, 01 Mar 2026 10:00:00 GMT": new(time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)),
		"yesterday":                     nil,
		"":                              nil,
	} {
		client := alibabatest.NewClient(t, alibabatest.Transport(func(*http.Request) (*http.Response, error) {
			answer := alibabatest.Reply(http.StatusOK, alibabatest.OrderList(2, alibabatest.OrderRow(alibabatest.OrderID, `"SubOrderId":"1"`), alibabatest.OrderRow(alibabatest.OrderID, `"SubOrderId":"2"`)))
			answer.Header.Set("Date", date)
			return answer, nil
		}))
		rows, err := client.OrderLines(t.Context(), alibabatest.OrderID)
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
		client := alibabatest.NewClient(t, alibabatest.Transport(func(request *http.Request) (*http.Response, error) {
			number, _ := strconv.Atoi(request.URL.Query().Get("PageNum"))
			calls++
			total++
			var rows []string
			for i := (number - 1) * 20; i < min(number*20, total); i++ { // newest first
				rows = append(rows, alibabatest.OrderRow(fmt.Sprint(100000+total-i)))
			}
			return alibabatest.Reply(http.StatusOK, alibabatest.OrderList(total, rows...)), nil
		}))
		listed, err := client.OrdersCreated(t.Context(), billing.OrderQuery{From: time.Unix(0, 0), To: time.Now()})
		if err != nil {
			t.Errorf("%d rows after %d calls: %v", len(listed.Lines), calls, err)
		}
	})
}

func TestOrdersCreated_RowsWithoutSubOrderIDs_AreAllKept(t *testing.T) {
	t.Parallel()
	body := alibabatest.OrderList(-1, alibabatest.OrderRow("1001", `"ProductCode":"pconn"`), alibabatest.OrderRow("1001", `"ProductCode":"pconn_setup"`))
	listed, err := alibabatest.NewClient(t, alibabatest.Answering(http.StatusOK, body)).OrdersCreated(t.Context(), billing.OrderQuery{From: time.Unix(0, 0), To: time.Now()})
	var codes []string
	for _, row := range listed.Lines {
		codes = append(codes, row.ProductCode)
	}
	if err != nil || !strings.Contains(strings.Join(codes, " ")+" ", "pconn ") {
		t.Errorf("%q %v", codes, err)
	}
}
