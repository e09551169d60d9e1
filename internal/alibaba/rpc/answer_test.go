package rpc_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/alibabatest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
)

func TestError_HasCodeMessageAndRequestIDOfTheAPI(t *testing.T) {
	t.Parallel()
	const help = "https://api.aliyun.com/troubleshoot?q=InvalidPrice.NotFound&product=Vpc&requestId=R-1"
	for name, body := range map[string]string{
		"JSON":        `{"RequestId":"R-1","HostId":"vpc.aliyuncs.com","Code":"InvalidPrice.NotFound","Message":"Pricing plan result not found.","Recommend":"` + help + `"}`,
		"lower camel": `{"requestId":"R-1","code":"InvalidPrice.NotFound","message":"Pricing plan result not found.","recommend":"` + help + `"}`,
		"XML":         `<?xml version="1.0" encoding="UTF-8"?><Error><RequestId>R-1</RequestId><HostId>vpc.aliyuncs.com</HostId><Code>InvalidPrice.NotFound</Code><Message>Pricing plan result not found.</Message><Recommend>` + strings.ReplaceAll(help, "&", "&amp;") + `</Recommend></Error>`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			failure := alibabatest.SendOrder(t, alibabatest.NewClient(t, alibabatest.Answering(http.StatusBadRequest, body)))
			want := apierror.Error{
				Action: "CreatePhysicalConnectionOccupancyOrder", Host: "vpc.aliyuncs.com", Delivery: apierror.Answered,
				Code: "InvalidPrice.NotFound", Message: "Pricing plan result not found.", HTTPStatus: 400, RequestID: "R-1", Recommend: help,
			}
			if *failure != want {
				t.Errorf("got %+v\nwant %+v", *failure, want)
			}
		})
	}
}

func TestError_Malformed_IsAnAnswer(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ body, code string }{
		"numeric code":              {`{"Code":400,"Message":"no"}`, "400"},
		"boolean code":              {`{"Code":true,"Message":"no"}`, "true"},
		"list for a code":           {`{"Code":["a"],"Message":["b"],"RequestId":[1]}`, ""},
		"object for a code":         {`{"Code":{"a":1}}`, ""},
		"null":                      {`{"Code":null,"Message":null,"RequestId":null,"HostId":null,"Recommend":null}`, ""},
		"numbers everywhere":        {`{"Code":1,"Message":2,"RequestId":3,"HostId":4,"Recommend":5}`, "1"},
		"text AccessDeniedDetail":   {`{"Code":"Forbidden.RAM","Message":"no","AccessDeniedDetail":"text"}`, "Forbidden.RAM"},
		"object AccessDeniedDetail": {`{"Code":"Forbidden.RAM","Message":"no","AccessDeniedDetail":{"PolicyType":"x"}}`, "Forbidden.RAM"},
		"a list":                    {`[{"Code":"a"}]`, ""},
		"text":                      {`"no"`, ""},
		"nothing":                   {``, ""},
		"broken":                    {`{"Code":"a`, ""},
		"not UTF-8":                 {"{\"Code\":\"a\xff\"}", "a\uFFFD"},
		"a novel for a code":        {`{"Code":"` + strings.Repeat("a", 500) + `"}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			failure := alibabatest.SendOrder(t, alibabatest.NewClient(t, alibabatest.Answering(http.StatusForbidden, test.body)))
			if failure.Delivery != apierror.Answered || failure.HTTPStatus != http.StatusForbidden || failure.Code != test.code {
				t.Errorf("got %+v", failure)
			}
		})
	}
}

func TestError_PageOfALoadBalancer_IsNotShown(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusBadGateway, http.StatusNotFound, http.StatusForbidden} {
		page := "<html><head><title>502 Bad Gateway</title></head><body><center>nginx</center><br></body></html>"
		failure := alibabatest.SendOrder(t, alibabatest.NewClient(t, alibabatest.Answering(status, page)))
		if failure.Delivery != apierror.Answered || failure.HTTPStatus != status || failure.Code != "" || failure.Message == "" || strings.Contains(failure.Message, "nginx") {
			t.Errorf("got %+v", failure)
		}
	}
}

func TestRequestID_IsReadFromTheHeader(t *testing.T) {
	t.Parallel()
	client := alibabatest.NewClient(t, alibabatest.Transport(func(*http.Request) (*http.Response, error) {
		response := alibabatest.Reply(http.StatusBadGateway, "<html>")
		response.Header.Set("X-Acs-Request-Id", "H-1")
		return response, nil
	}))
	if failure := alibabatest.SendOrder(t, client); failure.RequestID != "H-1" {
		t.Errorf("got %+v", failure)
	}
}

func TestRedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	var followed atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		followed.Add(1)
		_, _ = fmt.Fprint(w, alibabatest.AcceptedBody)
	}))
	defer elsewhere.Close()
	for _, status := range []int{301, 302, 303, 307, 308, 304, 300} {
		client := alibabatest.Serve(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", elsewhere.URL+"/?"+r.URL.RawQuery)
			w.WriteHeader(status)
		})
		failure := alibabatest.SendOrder(t, client)
		if failure.Delivery != apierror.Answered || failure.HTTPStatus != status || failure.Code != "" {
			t.Errorf("got %+v", failure)
		}
	}
	if followed.Load() != 0 {
		t.Errorf("%d redirects were followed", followed.Load())
	}
}

func TestAnswerIsReadToABoundOnly(t *testing.T) {
	t.Parallel()
	var written atomic.Int64
	t.Cleanup(func() { // after the server has closed
		if mebibytes := written.Load() >> 20; mebibytes > 32 {
			t.Errorf("%d MiB were taken in", mebibytes)
		}
	})
	client := alibabatest.Serve(t, func(w http.ResponseWriter, _ *http.Request) {
		filling := strings.Repeat("a", 1<<20)
		_, _ = fmt.Fprint(w, `{"Data":{"OrderId":"5018"},"Filling":"`)
		for range 64 {
			n, err := fmt.Fprint(w, filling)
			if err != nil {
				return
			}
			written.Add(int64(n))
		}
		_, _ = fmt.Fprint(w, `"}`)
	})
	failure := alibabatest.SendOrder(t, client)
	if failure.Delivery != apierror.ResponseLost || failure.HTTPStatus != http.StatusOK {
		t.Errorf("got %+v", failure)
	}
	if !strings.Contains(failure.Message, "4 MiB") {
		t.Errorf("message: %s", failure.Message)
	}
}

func TestLargestAllowedAnswerIsRead(t *testing.T) {
	t.Parallel()
	body := alibabatest.AcceptedBody + strings.Repeat(" ", rpc.MaxBody-len(alibabatest.AcceptedBody))
	if _, err := alibabatest.NewClient(t, alibabatest.Answering(http.StatusOK, body)).SendOrder(t.Context(), alibabatest.Request()); err != nil {
		t.Error(err)
	}
	if failure := alibabatest.SendOrder(t, alibabatest.NewClient(t, alibabatest.Answering(http.StatusOK, body+" "))); failure.Delivery != apierror.ResponseLost {
		t.Errorf("got %+v", failure)
	}
}
