package rpc_test

import (
	"errors"
	"net/http"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/alibabatest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
)

func TestCall_WithoutCredentials_IsNotSent(t *testing.T) {
	t.Parallel()
	for cause, permanent := range map[error]apierror.PermanentCause{
		errors.New("no role at https://host/?Signature=canary"):                                   apierror.CauseCredentials,
		&credentials.Error{Message: "no role at https://host/?Signature=canary", Temporary: true}: apierror.NoPermanentCause,
	} {
		var seen alibabatest.Recorder
		source := alibabatest.SourceFunc(func() (credentials.Value, error) { return credentials.Value{}, cause })
		failure := rpc.New(source, "test", seen.Wrap(alibabatest.Answering(http.StatusOK, "{}"))).Once(t.Context(), rpc.Call{Action: "Test", Timeout: time.Second})
		if failure.Delivery != apierror.NotSent || failure.PermanentCause != permanent || failure.Message != "no role at https://host/" || !errors.Is(failure, cause) || seen.Count() != 0 {
			t.Errorf("%d requests, got %+v", seen.Count(), failure)
		}
	}
}

func TestCall_CannotBeBuilt_FailsForGoodWithoutARequest(t *testing.T) {
	t.Parallel()
	var seen alibabatest.Recorder
	client := rpc.New(credentials.Static("id", "secret", ""), "test", seen.Wrap(alibabatest.Answering(http.StatusOK, "{}")))
	failure := client.Once(t.Context(), rpc.Call{Action: "Test", Endpoint: rpc.HTTPS("no host"), Timeout: time.Second})
	if failure.Delivery != apierror.NotSent || failure.PermanentCause != apierror.CauseRequest || seen.Count() != 0 {
		t.Errorf("%d requests, got %+v", seen.Count(), failure)
	}
}

// A code with the status 200 proves nothing, unless the API refuses that way.
func TestRetry_FinalCodeWithStatus200_IsRepeatedUnlessTheAPIRefusesThatWay(t *testing.T) {
	t.Parallel()
	for refuses, tries := range map[bool]int{true: 1, false: 3} {
		synctest.Test(t, func(t *testing.T) {
			var seen alibabatest.Recorder
			client := rpc.New(credentials.Static("id", "secret", ""), "test", seen.Wrap(alibabatest.Answering(http.StatusOK, `{"Code":"NotAuthorized"}`)))
			failure := client.Retry(t.Context(), rpc.Call{API: rpc.API{RefusesWith200: refuses}, Action: "Test", Endpoint: rpc.HTTPS("vpc.aliyuncs.com"), Timeout: time.Second, Tries: 3})
			if failure == nil || seen.Count() != tries {
				t.Errorf("refuses with 200: %t: %d tries, got %+v", refuses, seen.Count(), failure)
			}
		})
	}
}

func TestCall_EmptyParameters_AreNotSent(t *testing.T) {
	t.Parallel()
	var seen alibabatest.Recorder
	client := rpc.New(credentials.Static("id", "secret", ""), "test", seen.Wrap(alibabatest.Answering(http.StatusOK, "{}")))
	failure := client.Once(t.Context(), rpc.Call{
		Action: "Test", Endpoint: rpc.HTTPS("vpc.aliyuncs.com"), Timeout: time.Second, Query: map[string]string{"Full": "1", "Empty": ""},
		Parse: func(rpc.Answer) string { return "" },
	})
	if failure != nil || seen.Requests[0].Get("Full") != "1" || seen.Requests[0].Has("Empty") {
		t.Errorf("sent %v, got %v", seen.Requests, failure)
	}
}

func TestCall_Unsigned_SendsItsBodyAsAForm(t *testing.T) {
	t.Parallel()
	var sent url.Values
	client := rpc.New(nil, "test", alibabatest.Transport(func(request *http.Request) (*http.Response, error) {
		err := request.ParseForm()
		sent = request.PostForm
		return alibabatest.Reply(http.StatusOK, "{}"), err
	}))
	failure := client.Once(t.Context(), rpc.Call{
		Action: "Test", Endpoint: rpc.HTTPS("sts.aliyuncs.com"), Timeout: time.Second, Unsigned: true, Body: map[string]string{"OIDCToken": "canary"},
		Parse: func(rpc.Answer) string { return "" },
	})
	if failure != nil || sent.Get("OIDCToken") != "canary" || len(sent) != 1 {
		t.Errorf("sent %v, got %v", sent, failure)
	}
}

func TestRequest_HeadersNameSDKAndCaller(t *testing.T) {
	t.Parallel()
	var seen alibabatest.Recorder
	client := alibabatest.Configure(t, alibaba.Config{
		UserAgent: " Terraform/1.11.4 terraform-provider-expressconnect/0.1.0~dev\r\nX-Evil:é1 ",
		Transport: seen.Wrap(alibabatest.Answering(http.StatusOK, alibabatest.AcceptedBody)),
		Credentials: alibabatest.SourceFunc(func() (credentials.Value, error) {
			return credentials.Value{AccessKeyID: "id", AccessKeySecret: "secret", ProviderName: "ecs_ram_role"}, nil
		}),
	})
	if _, err := client.SendOrder(t.Context(), alibabatest.Request()); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{ //nolint:gosec // Headers.
		"User-Agent":                 sdk.DefaultUserAgent + " Extra/Terraform/1.11.4 terraform-provider-expressconnect/0.1.0~dev  X-Evil: 1",
		"Accept-Encoding":            "identity",
		"Content-Type":               "application/x-www-form-urlencoded",
		"x-sdk-client":               "golang/1.0.0",
		"x-sdk-core-version":         sdk.Version,
		"x-sdk-invoke-type":          "normal",
		"x-acs-action":               "CreatePhysicalConnectionOccupancyOrder",
		"x-acs-version":              "2016-04-28",
		"x-acs-credentials-provider": "ecs_ram_role",
	} {
		if got := seen.Headers[0].Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if len(seen.Headers[0]) != 9 {
		t.Errorf("sent %v", seen.Headers[0])
	}
}

func TestIsPrivate_IsTrueForHTTPSAndLoopback(t *testing.T) {
	t.Parallel()
	for text, private := range map[string]bool{
		"https://a.example/": true, "http://127.0.0.1:80/": true, "http://localhost/": true, "http://a.example/": false, "ftp://127.0.0.1/": false,
	} {
		address, err := url.Parse(text)
		if err != nil || rpc.IsPrivate(address) != private {
			t.Errorf("%s: %t, %v", text, !private, err)
		}
	}
}
