package rpc_test

import (
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/alibabatest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
)

func TestParseEndpoint_AcceptsAHostOrAURL(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"vpc.cn-beijing.aliyuncs.com":            "https://vpc.cn-beijing.aliyuncs.com",
		" VPC.Aliyuncs.com \n":                   "https://vpc.aliyuncs.com",
		"vpc.aliyuncs.com:1":                     "https://vpc.aliyuncs.com:1",
		"vpc.aliyuncs.com:65535":                 "https://vpc.aliyuncs.com:65535",
		strings.Repeat("a.", 126) + "a":          "https://" + strings.Repeat("a.", 126) + "a",
		"vpc.aliyuncs.com:8443":                  "https://vpc.aliyuncs.com:8443",
		"vpc.aliyuncs.com:443":                   "https://vpc.aliyuncs.com",
		"vpc.aliyuncs.com:80":                    "https://vpc.aliyuncs.com:80",
		"https://vpc.aliyuncs.com":               "https://vpc.aliyuncs.com",
		"HTTPS://vpc.aliyuncs.com/":              "https://vpc.aliyuncs.com",
		"https://127.0.0.1:8443":                 "https://127.0.0.1:8443",
		"127.0.0.1:8480":                         "http://127.0.0.1:8480",
		"127.0.0.1":                              "http://127.0.0.1",
		"127.255.0.7:80":                         "http://127.255.0.7",
		"127.0.0.1:443":                          "http://127.0.0.1:443",
		"http://127.0.0.1:8480/":                 "http://127.0.0.1:8480",
		"localhost:8480":                         "http://localhost:8480",
		"Localhost":                              "http://localhost",
		"http://localhost":                       "http://localhost",
		"[::1]:8480":                             "http://[::1]:8480",
		"::1":                                    "http://[::1]",
		"http://[::1]":                           "http://[::1]",
		"[::ffff:127.0.0.1]:8480":                "http://[::ffff:127.0.0.1]:8480",
		"192.0.2.1:8480":                         "https://192.0.2.1:8480",
		"[2001:db8::1]:8480":                     "https://[2001:db8::1]:8480",
		"2001:db8::1":                            "https://[2001:db8::1]",
		"my_gateway:8480":                        "https://my_gateway:8480",
		"localhost.example.com":                  "https://localhost.example.com",
		"https://vpc-vpc.cn-hangzhou.aliyun.com": "https://vpc-vpc.cn-hangzhou.aliyun.com",
	} {
		got, err := rpc.ParseEndpoint(text)
		if err != nil || got.String() != want {
			t.Errorf("%q: got %s, %v; want %s", text, got, err, want)
		}
	}
}

func TestParseEndpoint_RefusesOtherTexts(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"http://vpc.aliyuncs.com":             "plain http is not allowed",
		"http://192.0.2.1:8480":               "loopback",
		"http://localhost.example.com":        "loopback",
		"http://127.0.0.1.example.com":        "loopback",
		"ftp://127.0.0.1":                     "scheme",
		"://vpc.aliyuncs.com":                 "",
		"https://vpc.aliyuncs.com/api":        "contains a path",
		"vpc.aliyuncs.com/":                   "contains a path",
		"https://vpc.aliyuncs.com//":          "contains a path",
		"https://vpc.aliyuncs.com?Action=x":   "contains a path",
		"https://vpc.aliyuncs.com#x":          "contains a path",
		`https://vpc.aliyuncs.com\x`:          "contains a path",
		"https://user:canary@vpc.aliyuncs.co": "contains a user name",
		"canary@vpc.aliyuncs.com":             "contains a user name",
		"http://127.0.0.1@evil.example":       "contains a user name",
		"vpc.aliyuncs.com:":                   "port",
		"vpc.aliyuncs.com:0":                  "port",
		"vpc.aliyuncs.com:65536":              "port",
		"vpc.aliyuncs.com:canary":             "port",
		"vpc.aliyuncs.com:+80":                "port",
		"":                                    "host",
		"https://":                            "host",
		":8480":                               "host",
		"a b":                                 "host",
		"vpc..aliyuncs.com":                   "host",
		"-vpc.aliyuncs.com":                   "host",
		"vpc.aliyuncs.com.":                   "host",
		"vpc.äöü.com":                         "host",
		"127.1":                               "host",
		"256.0.0.1":                           "host",
		"2130706433":                          "host",
		"[127.0.0.1]":                         "host",
		"[::1":                                "host",
		"[fe80::1%eth0]:80":                   "host",
		"fe80::1%25eth0":                      "host",
		"a:b:c":                               "",
		strings.Repeat("a.", 126) + "ab":      "host",
	} {
		got, err := rpc.ParseEndpoint(text)
		if err == nil {
			t.Errorf("%q is taken for %s", text, got)
			continue
		}
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got the error %q, want %q", text, err, want)
		}
		alibabatest.ExpectNoCanary(t, "the error", err.Error())
		if _, err := alibaba.New(alibaba.Config{VPCEndpoint: text, Credentials: credentials.Static("id", "secret", "")}); err == nil && text != "" {
			t.Errorf("New takes %q", text)
		}
	}
}

func TestHostFollowsTheRegion(t *testing.T) {
	t.Parallel()
	client := alibabatest.Configure(t, alibaba.Config{})
	for region, want := range map[string]string{
		"cn-hangzhou":             "vpc.aliyuncs.com",
		"cn-shanghai-finance-1":   "vpc.aliyuncs.com",
		"cn-north-2-gov-1":        "vpc.aliyuncs.com",
		"rus-west-1-pop":          "vpc.aliyuncs.com",
		"cn-zhangjiakou-na62-a01": "vpc.cn-zhangjiakou.aliyuncs.com",
		"cn-beijing":              "vpc.cn-beijing.aliyuncs.com",
		"ap-southeast-1":          "vpc.ap-southeast-1.aliyuncs.com",
		"xx-new-9":                "vpc.xx-new-9.aliyuncs.com",
	} {
		if got := client.Host(region); got != want {
			t.Errorf("%s: got %s, want %s", region, got, want)
		}
	}
	client = alibabatest.Configure(t, alibaba.Config{VPCEndpoint: "https://vpc.example.com:8443/"})
	if got := client.Host("cn-beijing"); got != "vpc.example.com:8443" {
		t.Errorf("got %s", got)
	}
}

func TestNew_WrongConfiguration_IsAnError(t *testing.T) {
	t.Parallel()
	static := credentials.Static("id", "secret", "")
	for name, config := range map[string]alibaba.Config{
		"no credentials": {Region: alibabatest.Region},
		"bad region":     {Region: "a.b", Credentials: static},
		"bad endpoint":   {VPCEndpoint: "http://vpc.aliyuncs.com", Credentials: static},
	} {
		if _, err := alibaba.New(config); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	client, err := alibaba.New(alibaba.Config{Credentials: static})
	if err != nil {
		t.Fatalf("a client without a default region: %v", err)
	}
	if _, err := alibabatest.Describe(t.Context(), client); alibabatest.FailureOf(t, err).PermanentCause != apierror.CauseRequest {
		t.Errorf("got %v", err)
	}
}
