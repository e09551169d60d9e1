package rpc_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/alibabatest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
)

const secret = "canary-0123456789-secret"

// reading is one call and its answer.
type reading struct {
	status  int
	body    string
	header  http.Header
	billing bool    // a refusal may have the status 200
	effect  *string // what Effect returns
	problem string  // what Parse returns
}

// read sends a call and returns what the client makes of the answer.
func (r reading) read(t *testing.T) (answer rpc.Answer, failure *apierror.Error) {
	t.Helper()
	client := rpc.New(nil, "test", alibabatest.Transport(func(request *http.Request) (*http.Response, error) {
		if request.Method != http.MethodPost {
			t.Errorf("the method is %s", request.Method)
		}
		response := alibabatest.Reply(r.status, r.body)
		for name, values := range r.header {
			response.Header[name] = values
		}
		return response, nil
	}))
	call := rpc.Call{
		API: rpc.API{Name: "Vpc", Version: "2016-04-28", RefusesWith200: r.billing}, Action: "Test", Region: alibabatest.Region,
		Endpoint: rpc.Endpoint{Scheme: "https", Host: "vpc.aliyuncs.com"}, Unsigned: true, Timeout: time.Second, Secrets: []string{secret},
		Parse: func(a rpc.Answer) string {
			answer = a
			return r.problem
		},
	}
	if r.effect != nil {
		call.Effect = func([]byte) string { return *r.effect }
	}
	failure = client.Once(t.Context(), call)
	return answer, failure
}

func TestRefusal_WithStatus200_DependsOnSuccessAndCode(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		body                             string
		refused, refusedByBilling, claim bool
	}{
		"nothing":                   {`{}`, false, false, false},
		"code":                      {`{"Code":"X"}`, true, true, false},
		"code of success":           {`{"Code":"Success"}`, false, false, true},
		"code 200":                  {`{"Code":"200"}`, false, false, true},
		"success":                   {`{"Success":true}`, false, false, true},
		"success with a code":       {`{"Success":true,"Code":"X"}`, false, true, true},
		"success with its code":     {`{"Success":"TRUE","Code":"ok"}`, false, false, true},
		"no success":                {`{"Success":false}`, true, true, false},
		"no success, code":          {`{"Success":false,"Code":"X"}`, true, true, false},
		"no success, but its code":  {`{"Success":false,"Code":"OK"}`, true, true, true},
		"white space before a body": {" \r\n\t{\"Success\":true}", false, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for billing, refused := range map[bool]bool{false: test.refused, true: test.refusedByBilling} {
				answer, failure := reading{status: 200, body: test.body, billing: billing}.read(t)
				if (failure != nil) != refused {
					t.Errorf("billing %t: %v, want refused %t", billing, failure, refused)
				}
				if failure == nil && answer.Succeeded != test.claim {
					t.Errorf("billing %t: the body reports success %t, want %t", billing, answer.Succeeded, test.claim)
				}
			}
		})
	}
}

func TestAnswer_OfAnotherFormat_LeavesTheCallInDoubt(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"text":                "no",
		"page":                "<html></html>",
		"XML without a code":  "<Error><RequestId>R-1</RequestId></Error>",
		"XML above the bound": "<Error><Code>X</Code>" + strings.Repeat(" ", rpc.MaxText) + "</Error>",
		"text before XML":     "oops <Error><Code>X</Code></Error>",
		"cut JSON":            `{"Success":true`,
	} {
		if _, failure := (reading{status: 200, body: body}).read(t); failure == nil || failure.Delivery != apierror.ResponseLost {
			t.Errorf("%s: got %+v", name, failure)
		}
	}
	document := "<Error><Code>X</Code>" + strings.Repeat(" ", rpc.MaxText-len("<Error><Code>X</Code></Error>")) + "</Error>"
	if _, failure := (reading{status: 400, body: document}).read(t); failure == nil || failure.Code != "X" {
		t.Errorf("the largest XML document: %+v", failure)
	}
}

func TestAnswer_StatusOtherThan2xx_IsNoSuccess(t *testing.T) {
	t.Parallel()
	const redirect, foreign, none = "redirect", "not in the format of the API", "no answer to the request"
	for status, words := range map[int]string{100: none, 199: none, 200: "", 299: "", 300: redirect, 399: redirect, 400: foreign, 500: foreign} {
		_, failure := reading{status: status, body: `{"OrderId":"1"}`}.read(t)
		if words == "" != (failure == nil) {
			t.Errorf("%d: %v", status, failure)
		}
		if failure != nil && !strings.Contains(failure.Message, words) {
			t.Errorf("%d: %q, want %q", status, failure.Message, words)
		}
	}
	if _, failure := (reading{status: 400, body: `{"Code":"X"}`}).read(t); failure.Message != "" {
		t.Errorf("a code without a message: %q", failure.Message)
	}
	if _, failure := (reading{status: 200, body: `{"Success":false}`}).read(t); !strings.Contains(failure.Message, foreign) {
		t.Errorf("a refusal with the status 200 and without a text: %q", failure.Message)
	}
	if _, failure := (reading{status: 400, body: `{"Message":"text"}`}).read(t); failure.Message != "text" {
		t.Errorf("a message without a code: %q", failure.Message)
	}
}

func TestRefusal_WithAnOrder_LeavesTheCallInDoubt(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status  int
		effect  string
		inDoubt bool
	}{
		"names an order":           {200, "the order 123", true},
		"names none":               {200, "", false},
		"names a secret":           {200, "the order " + secret, false},
		"refused with another 4xx": {400, "the order 123", false},
	} {
		_, failure := reading{status: test.status, body: `{"Code":"X","Message":"text","OrderId":"123"}`, effect: &test.effect}.read(t)
		if inDoubt := failure.Delivery == apierror.ResponseLost; inDoubt != test.inDoubt || inDoubt != strings.Contains(failure.Message, "the order 123") {
			t.Errorf("%s: %+v", name, failure)
		}
		if strings.Contains(failure.Message, secret) {
			t.Errorf("%s: the message has the secret", name)
		}
	}
}

func TestAnswer_HasTheTimeOfTheServer(t *testing.T) {
	t.Parallel()
	date := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	answer, _ := reading{status: 200, body: `{}`, header: http.Header{"Date": {date.Format(http.TimeFormat)}}}.read(t)
	if answer.Date == nil || !answer.Date.Equal(date) {
		t.Errorf("got %v", answer.Date)
	}
	for _, header := range []http.Header{nil, {"Date": {"yesterday"}}} {
		if answer, _ := (reading{status: 200, body: `{}`, header: header}).read(t); answer.Date != nil {
			t.Errorf("%v: got %v", header, answer.Date)
		}
	}
}

func TestUnreadableAnswer_HasStatusAndRequestID(t *testing.T) {
	t.Parallel()
	_, failure := reading{status: 200, body: `{"RequestId":"R-1"}`, problem: "the order ID is missing"}.read(t)
	if failure.Delivery != apierror.ResponseLost || failure.RequestID != "R-1" || failure.HTTPStatus != 200 || failure.Message != "the order ID is missing" {
		t.Errorf("got %+v", failure)
	}
}

func TestErrorCode_ThatCannotBeOne_IsLeftOut(t *testing.T) {
	t.Parallel()
	for code, shown := range map[string]bool{
		"InvalidStatus.Error": true, strings.Repeat("a", rpc.MaxCode): true, strings.Repeat("a", rpc.MaxCode+1): false, "X." + secret: false,
	} {
		if _, failure := (reading{status: 400, body: `{"Code":"` + code + `"}`}).read(t); (failure.Code == code) != shown || !shown && failure.Code != "" {
			t.Errorf("%s: got %q", code, failure.Code)
		}
	}
}

func TestHelpPage_ThatCannotBeOne_IsLeftOut(t *testing.T) {
	t.Parallel()
	const page = "https://api.aliyun.com/troubleshoot?q=X"
	for address, shown := range map[string]bool{
		page: true, "http://api.aliyun.com/": false, "https:///troubleshoot": false, "api.aliyun.com": false, "https://user@api.aliyun.com/": false,
		page + "&token=" + secret: false, page + strings.Repeat("a", 1000-len(page)): true, page + strings.Repeat("a", 1001-len(page)): false, "https://%zz": false,
	} {
		if _, failure := (reading{status: 400, body: `{"Code":"X","Recommend":"` + address + `"}`}).read(t); (failure.Recommend == address) != shown || !shown && failure.Recommend != "" {
			t.Errorf("%.80s: got %q", address, failure.Recommend)
		}
	}
}
