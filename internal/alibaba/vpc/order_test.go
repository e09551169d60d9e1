package vpc_test

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/alibabatest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/vpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
)

func TestOrder_SendsExactlyTheGivenParameters(t *testing.T) {
	t.Parallel()
	common := map[string]string{"Action": "CreatePhysicalConnectionOccupancyOrder", "Version": "2016-04-28", "Format": "JSON"}
	for name, test := range map[string]struct {
		request order.Request
		want    map[string]string
	}{
		"everything": {
			order.Request{Region: "eu-central-1", CircuitID: "pc-1", Period: new(int64(36)), PricingCycle: "Month", AutoPay: true, AutoRenew: true, AutoRenewDuration: new(int64(12)), ChargeType: "PrePaid", ClientToken: "tok"},
			map[string]string{"RegionId": "eu-central-1", "PhysicalConnectionId": "pc-1", "Period": "36", "PricingCycle": "Month", "AutoPay": "true", "AutoRenew": "true", "AutoRenewDuration": "12", "InstanceChargeType": "PrePaid", "ClientToken": "tok"},
		},
		"no term, no renewal, the default region": {
			order.Request{CircuitID: "pc-1", PricingCycle: "Month", ChargeType: "PrePaid", ClientToken: "tok"},
			map[string]string{"RegionId": alibabatest.Region, "PhysicalConnectionId": "pc-1", "PricingCycle": "Month", "AutoPay": "false", "InstanceChargeType": "PrePaid", "ClientToken": "tok"},
		},
		"a renewal whose length is the API's": {
			order.Request{CircuitID: "pc-1", PricingCycle: "Month", AutoRenew: true, ChargeType: "PrePaid", ClientToken: "tok"},
			map[string]string{"RegionId": alibabatest.Region, "PhysicalConnectionId": "pc-1", "PricingCycle": "Month", "AutoPay": "false", "AutoRenew": "true", "InstanceChargeType": "PrePaid", "ClientToken": "tok"},
		},
		"a length without a renewal is not sent": {
			order.Request{CircuitID: "pc-1", PricingCycle: "Month", AutoRenewDuration: new(int64(3)), ChargeType: "PrePaid", ClientToken: "tok"},
			map[string]string{"RegionId": alibabatest.Region, "PhysicalConnectionId": "pc-1", "PricingCycle": "Month", "AutoPay": "false", "InstanceChargeType": "PrePaid", "ClientToken": "tok"},
		},
		"values that need escaping": {
			order.Request{CircuitID: "pc-a&AutoPay=true b", PricingCycle: "Month", ChargeType: "PrePaid", ClientToken: alibabatest.OddText},
			map[string]string{"RegionId": alibabatest.Region, "PhysicalConnectionId": "pc-a&AutoPay=true b", "PricingCycle": "Month", "AutoPay": "false", "InstanceChargeType": "PrePaid", "ClientToken": alibabatest.OddText},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var seen *http.Request
			client := alibabatest.NewClient(t, alibabatest.Transport(func(request *http.Request) (*http.Response, error) {
				seen = request
				return alibabatest.Reply(http.StatusOK, alibabatest.AcceptedBody), nil
			}))
			if _, err := client.SendOrder(t.Context(), test.request); err != nil {
				t.Fatal(err)
			}
			got := map[string]string{}
			for key, values := range seen.URL.Query() {
				if len(values) != 1 {
					t.Errorf("%s is sent %d times", key, len(values))
				}
				if !slices.Contains(alibabatest.EnvelopeParams, key) {
					got[key] = values[0]
				}
			}
			want := maps.Clone(common)
			maps.Copy(want, test.want)
			if !maps.Equal(got, want) {
				t.Errorf("sent %v\nwant %v", got, want)
			}
			if seen.Method != http.MethodPost || seen.ContentLength != 0 || seen.URL.Path != "/" {
				t.Errorf("sent as %s %s with %d bytes", seen.Method, seen.URL.Path, seen.ContentLength)
			}
		})
	}
}

func TestOrder_EveryTryHasItsOwnNonceAndTheSameToken(t *testing.T) {
	t.Parallel()
	var seen alibabatest.Recorder
	client := alibabatest.NewClient(t, seen.Wrap(alibabatest.Answering(http.StatusServiceUnavailable, "")))
	for range 3 {
		_ = alibabatest.SendOrder(t, client)
	}
	nonces, tokens := map[string]bool{}, map[string]bool{}
	for _, request := range seen.Requests {
		nonces[request.Get("SignatureNonce")] = true
		tokens[request.Get("ClientToken")] = true
	}
	if len(nonces) != 3 || len(tokens) != 1 {
		t.Errorf("3 tries had %d nonces and %d tokens", len(nonces), len(tokens))
	}
}

func TestOrder_IDIsReadInBothFormats(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ body, orderID, requestID string }{
		"today":                         {alibabatest.AcceptedBody, "50187055895", "9B9300FE-1"},
		"2018":                          {`{"requestId":"R-1","code":"200","success":true,"httpStatusCode":200,"message":"ok","data":{"orderId":50187055895}}`, "50187055895", "R-1"},
		"a number above 2^53":           {`{"RequestId":"R-1","Data":{"OrderId":90071992547409931}}`, "90071992547409931", "R-1"},
		"white space":                   {"\n {\"RequestId\":\" R-1 \",\"Data\":{\"OrderId\":\" 5018 \"}} \n", "5018", "R-1"},
		"no request ID":                 {`{"Data":{"OrderId":"5018"}}`, "5018", ""},
		"the code OK":                   {`{"RequestId":"R-1","Code":"OK","Data":{"OrderId":"5018"}}`, "5018", "R-1"},
		"the code Success":              {`{"RequestId":"R-1","Code":"Success","Success":"true","Data":{"OrderId":"5018"}}`, "5018", "R-1"},
		"success, whatever the code is": {`{"RequestId":"R-1","Code":"Odd","Success":true,"Data":{"OrderId":"5018"}}`, "5018", "R-1"},
		"the code 0":                    {`{"RequestId":"R-1","Code":0,"Data":{"OrderId":"5018"}}`, "5018", "R-1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			receipt, err := alibabatest.NewClient(t, alibabatest.Answering(http.StatusOK, test.body)).SendOrder(t.Context(), alibabatest.Request())
			if want := (order.Receipt{OrderID: test.orderID, RequestID: test.requestID}); err != nil || receipt != want {
				t.Errorf("got %+v, %v; want %+v", receipt, err, want)
			}
		})
	}
}

func TestOrder_SuccessWithoutAnID_IsResponseLost(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"nothing":               "",
		"an empty object":       "{}",
		"null":                  "null",
		"a list":                "[]",
		"a page":                "<html><body>Welcome to the hotel network</body></html>",
		"half an object":        alibabatest.AcceptedBody[:len(alibabatest.AcceptedBody)-2],
		"two objects":           alibabatest.AcceptedBody + alibabatest.AcceptedBody,
		"no data":               `{"RequestId":"R-1"}`,
		"null data":             `{"RequestId":"R-1","Data":null}`,
		"text for data":         `{"RequestId":"R-1","Data":"5018"}`,
		"a null ID":             `{"RequestId":"R-1","Data":{"OrderId":null}}`,
		"an empty ID":           `{"RequestId":"R-1","Data":{"OrderId":" "}}`,
		"zero":                  `{"RequestId":"R-1","Data":{"OrderId":0}}`,
		"true":                  `{"RequestId":"R-1","Data":{"OrderId":true}}`,
		"an object for an ID":   `{"RequestId":"R-1","Data":{"OrderId":{"Id":"5018"}}}`,
		"an ID that is no ID":   `{"RequestId":"R-1","Data":{"OrderId":"see <a href=x>5018</a>"}}`,
		"a rounded number":      `{"RequestId":"R-1","Data":{"OrderId":5.0187e10}}`,
		"deep nesting":          strings.Repeat("[", 100_000),
		"an ID in another case": `{"RequestId":"R-1","Order":{"OrderId":"5018"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			failure := alibabatest.SendOrder(t, alibabatest.NewClient(t, alibabatest.Answering(http.StatusOK, body)))
			if failure.Delivery != apierror.ResponseLost || failure.HTTPStatus != http.StatusOK || failure.Code != "" || failure.Class() != apierror.Ambiguous {
				t.Errorf("got %+v", failure)
			}
		})
	}
}

func TestOrder_RefusalWithStatus200_IsARefusal(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ body, code, message string }{
		"of 2018":         {`{"requestId":"R-1","code":"Forbidden.NotAllowedInState","message":"no","success":false}`, "Forbidden.NotAllowedInState", "no"},
		"without success": {`{"RequestId":"R-1","Code":"Throttling","Message":"slow down"}`, "Throttling", "slow down"},
		"without a code":  {`{"RequestId":"R-1","Success":"false","Message":"no","Data":""}`, "", "no"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			failure := alibabatest.SendOrder(t, alibabatest.NewClient(t, alibabatest.Answering(http.StatusOK, test.body)))
			if failure.Delivery != apierror.Answered || failure.HTTPStatus != http.StatusOK || failure.Code != test.code || failure.Message != test.message || failure.RequestID != "R-1" {
				t.Errorf("got %+v", failure)
			}
		})
	}
}

func TestOrder_RefusalThatNamesAnOrder_IsAmbiguousAndHasTheID(t *testing.T) {
	t.Parallel()
	failure := alibabatest.SendOrder(t, alibabatest.NewClient(t, alibabatest.Answering(http.StatusOK, `{"RequestId":"R-1","Code":"Odd","Message":"no","Data":{"OrderId":"5018"}}`)))
	if failure.Class() != apierror.Ambiguous || failure.Code != "Odd" || failure.Message != "no (the answer names the order 5018)" {
		t.Errorf("got %+v", failure)
	}
}

func TestOrder_AnyStatus2xx_IsASuccess(t *testing.T) {
	t.Parallel()
	if _, err := alibabatest.NewClient(t, alibabatest.Answering(http.StatusAccepted, alibabatest.AcceptedBody)).SendOrder(t.Context(), alibabatest.Request()); err != nil {
		t.Error(err)
	}
}

func TestOrder_WrongRegion_IsNotSent(t *testing.T) {
	t.Parallel()
	var seen alibabatest.Recorder
	client := alibabatest.NewClient(t, seen.Wrap(alibabatest.Answering(http.StatusOK, alibabatest.AcceptedBody)))
	for _, bad := range []string{"evil.example/", "a.b", "cn-hangzhou?x", "cn hangzhou", "cn-hangzhou:80", "@evil"} {
		order := alibabatest.Request()
		order.Region = bad
		_, err := client.SendOrder(t.Context(), order)
		failure := alibabatest.FailureOf(t, err)
		if failure.Delivery != apierror.NotSent || !failure.Permanent() {
			t.Errorf("region %q: got %+v", bad, failure)
		}
		_, err = client.DescribeCircuit(t.Context(), circuit.Query{Region: bad, CircuitID: alibabatest.CircuitID})
		if failure := alibabatest.FailureOf(t, err); failure.Delivery != apierror.NotSent || !failure.Permanent() {
			t.Errorf("region %q: got %+v", bad, failure)
		}
	}
	if seen.Count() != 0 {
		t.Errorf("%d requests were sent", seen.Count())
	}
}

func TestNew_ChecksRegionAndEndpoint(t *testing.T) {
	t.Parallel()
	const region = "cn-beijing"
	for _, test := range []struct{ region, endpoint, host, problem string }{
		{"", "", "vpc.cn-beijing.aliyuncs.com", ""},
		{region, "", "vpc.cn-beijing.aliyuncs.com", ""},
		{region, "vpc.example:8443", "vpc.example:8443", ""},
		{"evil.example/", "", "", `the region "evil.example/" is not a region ID`},
		{region, "http://vpc.example", "", "the VPC endpoint is not valid"},
	} {
		client, err := vpc.New(nil, test.region, test.endpoint)
		if (err == nil) != (test.problem == "") || err != nil && !strings.HasPrefix(err.Error(), test.problem) {
			t.Errorf("%+v: %v", test, err)
		}
		if err == nil && client.Host(region) != test.host {
			t.Errorf("%+v: host %s", test, client.Host(region))
		}
	}
}

func TestHost_IsKnownWithoutARequest(t *testing.T) {
	t.Parallel()
	var hosts []string
	client := alibabatest.NewClient(t, alibabatest.Transport(func(request *http.Request) (*http.Response, error) {
		hosts = append(hosts, request.URL.Scheme+"://"+request.URL.Host)
		return alibabatest.Reply(http.StatusOK, alibabatest.AcceptedBody), nil
	}))
	want := []string{}
	for _, region := range []string{"cn-hangzhou", "cn-beijing", "xx-new-9"} {
		order := alibabatest.Request()
		order.Region = region
		if _, err := client.SendOrder(t.Context(), order); err != nil {
			t.Fatal(err)
		}
		want = append(want, "https://"+client.Host(region))
	}
	if !slices.Equal(hosts, want) || hosts[0] != "https://vpc.aliyuncs.com" || hosts[2] != "https://vpc.xx-new-9.aliyuncs.com" {
		t.Errorf("asked %v", hosts)
	}
}

func TestDefaultRegionIsUsedForTheHostToo(t *testing.T) {
	t.Parallel()
	client := alibabatest.Configure(t, alibaba.Config{Region: "cn-beijing"})
	if got := client.Host(""); got != "vpc.cn-beijing.aliyuncs.com" {
		t.Errorf("got %q", got)
	}
	if _, err := url.Parse("https://" + client.Host("cn-beijing")); err != nil {
		t.Error(err)
	}
}
