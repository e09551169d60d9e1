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

// signature proves that the owner of an access key has sent a request.
type signature interface {
	// check returns an error if the request lacks something that its signature needs.
	check(q *Request) error
	// verify returns an error if the signature was not made with the secret.
	verify(q *Request, accessKeySecret string) error
}

// rpcSignature is version 1.0 of the signature: parameters of the request contain it.
type rpcSignature struct{}

func (rpcSignature) check(q *Request) error {
	err := q.require(paramAccessKeyID, paramSignature, paramSignatureMethod, paramSignatureVersion, paramSignatureNonce, paramTimestamp)
	switch {
	case err != nil:
		return err
	case q.Params[paramSignatureMethod] != "HMAC-SHA1":
		return NewError("InvalidSignatureMethod")
	case q.Params[paramSignatureVersion] != "1.0":
		return Invalid(paramSignatureVersion)
	case q.Params[paramSignatureType] != "":
		return Invalid(paramSignatureType)
	default:
		return nil
	}
}

func (rpcSignature) verify(q *Request, accessKeySecret string) error {
	text := stringToSign(q.Method, q.Params)
	if Equal(sign(text, accessKeySecret), q.Params[paramSignature]) {
		return nil
	}
	// The real gateway also returns the signed string, which contains the security token.
	return Errorf("SignatureDoesNotMatch", "Specified signature is not matched with our calculation. server string to sign is:%s", text)
}

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
