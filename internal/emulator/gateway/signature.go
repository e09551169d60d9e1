package gateway

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // Version 1.0 of the RPC signature is HMAC-SHA1.
	"encoding/base64"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// stringToSign returns the text that the client of a request must sign, in version 1.0 of
// the RPC signature: https://www.alibabacloud.com/help/en/ram/common-parameters-2.
func stringToSign(method string, params map[string]string) string {
	pairs := make([]string, 0, len(params))
	for _, name := range slices.Sorted(maps.Keys(params)) {
		if name != paramSignature {
			pairs = append(pairs, percentEncode(name)+"="+percentEncode(params[name]))
		}
	}
	return method + "&" + percentEncode("/") + "&" + percentEncode(strings.Join(pairs, "&"))
}

// sign returns the signature of a string, in base64.
func sign(text, accessKeySecret string) string {
	mac := hmac.New(sha1.New, []byte(accessKeySecret+"&"))
	mac.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// percentEncode encodes a text as in RFC 3986. Only for a space, url.QueryEscape differs.
func percentEncode(text string) string {
	return strings.ReplaceAll(url.QueryEscape(text), "+", "%20")
}
