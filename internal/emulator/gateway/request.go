package gateway

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/account"
)

// The parameters that several operations have.
const (
	ParamRegion      = "RegionId"
	ParamClientToken = "ClientToken"

	paramAction           = "Action"
	paramVersion          = "Version"
	paramFormat           = "Format"
	paramAccessKeyID      = "AccessKeyId"
	paramSignature        = "Signature"
	paramSignatureMethod  = "SignatureMethod"
	paramSignatureVersion = "SignatureVersion"
	paramSignatureNonce   = "SignatureNonce"
	paramSignatureType    = "SignatureType"
	paramTimestamp        = "Timestamp"
	paramSecurityToken    = "SecurityToken"
	paramBearerToken      = "BearerToken"
	ParamOIDCToken        = "OIDCToken"
)

// commonParams are not parameters of an operation. RegionId is one.
var commonParams = []string{
	paramAction, paramVersion, paramFormat, paramAccessKeyID, paramSignature, paramSignatureMethod,
	paramSignatureVersion, paramSignatureNonce, paramSignatureType, paramTimestamp, paramSecurityToken,
}

const (
	// maxBody limits the form of a request.
	maxBody = 1 << 20
	// maxClientToken is in characters; see
	// https://www.alibabacloud.com/help/doc-detail/36569.html.
	maxClientToken = 64
	// timeLayout is how the API writes times.
	timeLayout = "2006-01-02T15:04:05Z"
)

// Request is an API request.
type Request struct {
	ID     string
	Host   string
	Method string
	Params map[string]string
	// OrderID is the order that the request placed or received again.
	OrderID string
	// AnsweredID is the order ID that a fault answers with instead.
	AnsweredID string

	signature signature
	operation Operation
	call      *Call
	// released is closed when a Held request may continue.
	released <-chan struct{}
	// holdsToken is true if this request is the one in progress with its client token.
	holdsToken bool
}

// Region returns the region of the request.
func (q *Request) Region() string { return q.Params[ParamRegion] }

// Attempt returns what the store needs to recognize a repetition of the request.
func (q *Request) Attempt() (account.Attempt, error) {
	token := q.Params[ParamClientToken]
	if strings.ContainsFunc(token, func(r rune) bool { return r > '~' }) {
		return account.Attempt{}, Errorf("IllegalParam.ClientToken", "Token verify failed because client token contains characters that are not ASCII.")
	}
	if len(token) > maxClientToken {
		return account.Attempt{}, NewError("IllegalParam.ClientToken")
	}
	params := maps.Clone(q.Params)
	maps.DeleteFunc(params, func(name, _ string) bool { return slices.Contains(commonParams, name) })
	return account.Attempt{TokenKey: q.tokenKey(), Params: params, HoldsToken: q.holdsToken}, nil
}

func (q *Request) tokenKey() account.TokenKey {
	return account.TokenKey{Action: q.Params[paramAction], Region: q.Region(), Token: q.Params[ParamClientToken]}
}

// Flag reads a parameter that is true or false. The default is false.
func (q *Request) Flag(name string) (bool, error) {
	value, sent := q.Params[name]
	switch {
	case !sent, strings.EqualFold(value, "false"):
		return false, nil
	case strings.EqualFold(value, "true"):
		return true, nil
	default:
		return false, Invalid(name)
	}
}

// Number reads a parameter between 1 and most.
func (q *Request) Number(name string, preset, most int) (int, error) {
	value, sent := q.Params[name]
	if !sent {
		return preset, nil
	}
	number, err := strconv.Atoi(value)
	if err != nil || number < 1 || number > most {
		return 0, Invalid(name)
	}
	return number, nil
}

// format returns the format of the answer. The products have different defaults.
func (q *Request) format() string {
	preset := formatJSON
	if q.operation.Product == ProductBSS || q.operation.Product == ProductSTS {
		preset = formatXML
	}
	return cmp.Or(q.Params[paramFormat], preset)
}

// require returns an error if one of the parameters is missing.
func (q *Request) require(names ...string) error {
	for _, name := range names {
		if q.Params[name] == "" {
			return Missing(name)
		}
	}
	return nil
}

// readRequest reads query, form and common headers. With an error, it returns what it could
// read.
func readRequest(w http.ResponseWriter, r *http.Request) (*Request, error) {
	q := &Request{ID: newRequestID(), Host: r.Host, Method: r.Method, signature: rpcSignature{}}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	r.Body = io.NopCloser(bytes.NewReader(body))
	err = errors.Join(err, r.ParseForm())
	q.Params = make(map[string]string, len(r.Form))
	repeated := false
	for name, values := range r.Form {
		q.Params[name] = values[0]
		repeated = repeated || len(values) > 1
	}
	if inHeaders(r) {
		signature := newHeaderSignature(r, body)
		signature.addParams(q.Params)
		q.signature = signature
	}
	// A repeated parameter is ambiguous, above all for the signature.
	if err != nil || repeated {
		return q, NewError("InvalidParameter.Format")
	}
	return q, nil
}

// ParseTime reads a time as the API writes it, and no other form.
func ParseTime(text string) (time.Time, bool) {
	at, err := time.Parse(timeLayout, text)
	// time.Parse accepts fractions of a second that the layout does not have.
	return at, err == nil && at.Format(timeLayout) == text
}

// FormatTime writes a time as the API does; empty for the zero time.
func FormatTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(timeLayout)
}
