package gateway

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
)

// The example of Alibaba Cloud's documentation of the signature.
func TestSign_MatchesTheDocumentedExample(t *testing.T) {
	t.Parallel()
	text := stringToSign("GET", map[string]string{
		"AccessKeyId":      "testid",
		"Action":           "DescribeRegions",
		"Format":           "XML",
		"Signature":        "is not part of what is signed",
		"SignatureMethod":  "HMAC-SHA1",
		"SignatureNonce":   "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf",
		"SignatureVersion": "1.0",
		"Timestamp":        "2016-02-23T12:46:24Z",
		"Version":          "2014-05-26",
	})
	if got, want := sign(text, "testsecret"), "OLeaidS1JvxuMvnyHOwuJ+uX5qY="; got != want {
		t.Errorf("signature %s, want %s, of %s", got, want, text)
	}
}

func TestPercentEncode_FollowsRFC3986(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"AZaz09-_.~": "AZaz09-_.~",
		"a b":        "a%20b",
		"a+b":        "a%2Bb",
		"*/%":        "%2A%2F%25",
		"杭":          "%E6%9D%AD",
	} {
		if got := percentEncode(text); got != want {
			t.Errorf("percentEncode(%q) = %s, want %s", text, got, want)
		}
	}
}

// FuzzStringToSign checks that different requests have different texts to sign, and that
// each name and value can be decoded again.
func FuzzStringToSign(f *testing.F) {
	f.Add("a", "b", "c", "d", "a", "b&c=d")
	f.Add("a", "b=c", "a=b", "c", "a", "+ %20~*")
	f.Add("Signature", "x", "", "", "a", "\xff\x00é")
	f.Fuzz(func(t *testing.T, name, value, name2, value2, name3, value3 string) {
		first, second := map[string]string{name: value}, map[string]string{name2: value2}
		first[name3], second[name3] = value3, value3
		delete(first, paramSignature)
		delete(second, paramSignature)
		if same := maps.Equal(first, second); same != (stringToSign("GET", first) == stringToSign("GET", second)) {
			t.Errorf("%q and %q: %s", first, second, stringToSign("GET", first))
		}
		for _, text := range []string{name, value} {
			if decoded, err := url.PathUnescape(percentEncode(text)); err != nil || decoded != text {
				t.Errorf("%q becomes %q, %v", text, decoded, err)
			}
		}
	})
}

// The example of Alibaba Cloud's documentation of version 3.
func TestHeaderSignature_MatchesTheDocumentedExample(t *testing.T) {
	t.Parallel()
	const signature = "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
	query := url.Values{"ImageId": {"win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"}, "RegionId": {"cn-shanghai"}}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "https://ecs.cn-shanghai.aliyuncs.com/?"+query.Encode(), nil)
	for name, value := range map[string]string{
		"x-acs-action":          "RunInstances",
		"x-acs-content-sha256":  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"x-acs-date":            "2023-10-26T10:22:32Z",
		"x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
		"x-acs-version":         "2014-05-26",
		"Authorization": "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;" +
			"x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=" + signature,
	} {
		r.Header.Set(name, value)
	}
	q, err := readRequest(httptest.NewRecorder(), r)
	if err != nil {
		t.Fatal(err)
	}
	if err := q.signature.check(q); err != nil {
		t.Error(err)
	}
	if err := q.signature.verify(q, "YourAccessKeySecret"); err != nil {
		t.Error(err)
	}
}
