package gateway

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// The algorithms of version 3 begin with algorithmPrefix. Only algorithmHMAC is served.
const (
	algorithmPrefix = "ACS3-"
	algorithmHMAC   = "ACS3-HMAC-SHA256"

	headerPrefix        = "x-acs-"
	headerAction        = "x-acs-action"
	headerContentSHA256 = "x-acs-content-sha256"
	headerContentType   = "content-type"
	headerHost          = "host"
)

// headerParams are the common headers of version 3 by the parameter of version 1.0 that they
// replace.
var headerParams = map[string]string{ //nolint:gosec // Names, not credentials.
	paramAction:         headerAction,
	paramVersion:        "x-acs-version",
	paramTimestamp:      "x-acs-date",
	paramSignatureNonce: "x-acs-signature-nonce",
	paramSecurityToken:  "x-acs-security-token",
}

// headerSignature is version 3 of the signature: the header Authorization contains it. See
// https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature.
type headerSignature struct {
	algorithm     string
	credential    string
	signedHeaders []string
	signature     string
	format        string

	query    url.Values
	headers  map[string]string // those that must be signed, by name in lower case
	bodyHash string
}

// inHeaders reports whether the common parameters are in headers. Older SDKs send the action
// in a header too, in addition to the parameter.
func inHeaders(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Authorization"), algorithmPrefix) ||
		r.Header.Get(headerAction) != "" && !r.Form.Has(paramAction)
}

func newHeaderSignature(r *http.Request, body []byte) *headerSignature {
	hash := sha256.Sum256(body)
	s := &headerSignature{
		query:    r.URL.Query(),
		headers:  map[string]string{headerHost: r.Host},
		bodyHash: hex.EncodeToString(hash[:]),
	}
	for name, values := range r.Header {
		name = strings.ToLower(name)
		if strings.HasPrefix(name, headerPrefix) || name == headerContentType {
			s.headers[name] = strings.Join(slices.Sorted(slices.Values(values)), ",")
		}
	}
	switch accept := strings.ToLower(r.Header.Get("Accept")); {
	case strings.Contains(accept, "json"):
		s.format = formatJSON
	case strings.Contains(accept, "xml"):
		s.format = formatXML
	}
	s.parse(r.Header.Get("Authorization"))
	return s
}

// parse reads ALGORITHM Credential=ID,SignedHeaders=a;b,Signature=HEX.
func (s *headerSignature) parse(authorization string) {
	algorithm, rest, _ := strings.Cut(authorization, " ")
	s.algorithm = algorithm
	for part := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch name {
		case "Credential":
			s.credential = value
		case "SignedHeaders":
			s.signedHeaders = strings.Split(value, ";")
		case "Signature":
			s.signature = value
		}
	}
}

// addParams sets the parameters that are headers in version 3. So the rest of the gateway
// does not depend on the version of the signature.
func (s *headerSignature) addParams(params map[string]string) {
	for param, header := range headerParams {
		delete(params, param)
		if value, sent := s.headers[header]; sent {
			params[param] = value
		}
	}
	for param, value := range map[string]string{
		paramAccessKeyID:     s.credential,
		paramSignatureMethod: s.algorithm,
		paramFormat:          cmp.Or(params[paramFormat], s.format),
	} {
		delete(params, param)
		if value != "" {
			params[param] = value
		}
	}
}

// check names missing headers by the parameters that they replace: the documentation has no
// codes of their own.
func (s *headerSignature) check(q *Request) error {
	if err := q.require(paramAccessKeyID, paramSignatureNonce, paramTimestamp); err != nil {
		return err
	}
	if s.algorithm != algorithmHMAC {
		return NewError("InvalidSignatureMethod")
	}
	if s.signature == "" || s.headers[headerContentSHA256] == "" {
		return NewError("IncompleteSignature")
	}
	for name := range s.headers {
		if !slices.Contains(s.signedHeaders, name) {
			return NewError("IncompleteSignature")
		}
	}
	return nil
}

func (s *headerSignature) verify(q *Request, accessKeySecret string) error {
	request := s.canonicalRequest(q.Method)
	hash := sha256.Sum256([]byte(request))
	text := algorithmHMAC + "\n" + hex.EncodeToString(hash[:])
	mac := hmac.New(sha256.New, []byte(accessKeySecret))
	mac.Write([]byte(text))
	bodyMatches := Equal(s.headers[headerContentSHA256], s.bodyHash)
	if bodyMatches && Equal(hex.EncodeToString(mac.Sum(nil)), s.signature) {
		return nil
	}
	return Errorf("SignatureDoesNotMatch", "Specified signature does not match our calculation. "+
		"server StringToSign is [%s] server CanonicalRequest is [%s]", text, request)
}

// canonicalRequest returns the text whose hash the client must sign.
func (s *headerSignature) canonicalRequest(method string) string {
	names := slices.Sorted(slices.Values(s.signedHeaders))
	headers := ""
	for _, name := range names {
		headers += fmt.Sprintf("%s:%s\n", name, s.headers[name])
	}
	pairs := make([]string, 0, len(s.query))
	for _, name := range slices.Sorted(maps.Keys(s.query)) {
		pairs = append(pairs, percentEncode(name)+"="+percentEncode(s.query.Get(name)))
	}
	return strings.Join([]string{method, "/", strings.Join(pairs, "&"), headers, strings.Join(names, ";"), s.bodyHash}, "\n")
}
