package emulator

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

// The parameters that every request carries.
const (
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
	paramRegion           = "RegionId"
)

// commonParams are no parameters of an operation. RegionId is one.
var commonParams = []string{
	paramAction, paramVersion, paramFormat, paramAccessKeyID, paramSignature, paramSignatureMethod,
	paramSignatureVersion, paramSignatureNonce, paramSignatureType, paramTimestamp, paramSecurityToken,
}

const (
	// maxBody bounds the form of a request.
	maxBody = 1 << 20
	// timestampWindow is how far a request's timestamp may be off.
	timestampWindow = 15 * time.Minute
)

// request is an API request at work.
type request struct {
	id     string
	host   string
	method string
	params map[string]string
	entry  *Call
	// orderID is the order that was placed or replayed.
	orderID string
	// answeredID is the order ID that a fault answers with instead.
	answeredID string
	// released is closed when a request that a fault holds may go on.
	released <-chan struct{}
	// holdsToken says that this request is the one in progress with its token.
	holdsToken bool
}

// business returns the parameters of the operation itself.
func (q *request) business() map[string]string {
	params := map[string]string{}
	for name, value := range q.params {
		if !slices.Contains(commonParams, name) {
			params[name] = value
		}
	}
	return params
}

// product is that of the action, empty for an action that is not played.
func (q *request) product() string { return operations[q.params[paramAction]].product }

// format is that of the answer. The products differ in their default.
func (q *request) format() string {
	preset := formatJSON
	if product := q.product(); product == productBSS || product == productSTS {
		preset = formatXML
	}
	return cmp.Or(q.params[paramFormat], preset)
}

func (e *Emulator) serveAPI(w http.ResponseWriter, r *http.Request) {
	params, malformed := readParams(w, r)
	q := &request{id: newRequestID(), host: r.Host, method: r.Method, params: params}
	e.record(r, q)
	if e.latency > 0 {
		e.wait(e.latency)
	}
	if malformed == nil {
		malformed = e.admit(r.URL.Path, q)
	}
	if malformed != nil {
		e.send(w, q, refusal(q, malformed))
		return
	}
	if fault := e.takeFault(q); fault != nil {
		e.play(w, r, q, fault)
		return
	}
	e.send(w, q, e.carryOut(q))
}

// carryOut runs the operation and returns its answer.
func (e *Emulator) carryOut(q *request) answer {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.settle()
	action := q.params[paramAction]
	body, failure := operations[action].run(e, q)
	q.entry.OrderID = q.orderID
	if failure != nil {
		return refusal(q, failure)
	}
	return answer{status: http.StatusOK, root: action + "Response", body: body}
}

// admit checks what the gateway checks before a request reaches the product.
func (e *Emulator) admit(path string, q *request) *apiError {
	if q.method != http.MethodGet && q.method != http.MethodPost {
		return fail("UnsupportedHTTPMethod")
	}
	if path != "/" && path != "" {
		return fail("InvalidApi.NotFound")
	}
	switch strings.ToUpper(q.params[paramFormat]) {
	case "", formatJSON, formatXML:
	default:
		return invalid(paramFormat)
	}
	for _, name := range []string{paramAction, paramVersion} {
		if q.params[name] == "" {
			return missing(name)
		}
	}
	op, known := operations[q.params[paramAction]]
	if !known {
		return fail("InvalidAction.NotFound")
	}
	if q.params[paramVersion] != op.version {
		return invalid(paramVersion)
	}
	if !op.unsigned {
		if failure := e.authenticate(q); failure != nil {
			return failure
		}
	}
	for _, name := range op.required {
		if q.params[name] == "" {
			return missing(name)
		}
	}
	if e.overQuota(q) {
		return fail("Throttling.User")
	}
	return nil
}

// overQuota reports whether the request is one too many in a minute, for its
// operation and region. Requests that are turned down count, too.
func (e *Emulator) overQuota(q *request) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.quirks.CallQuota <= 0 {
		return false
	}
	calls := 0
	for _, entry := range slices.Backward(e.journal) {
		if q.entry.Time.Sub(entry.Time) >= time.Minute {
			break
		}
		if entry.Action == q.entry.Action && entry.Region == q.entry.Region {
			calls++
		}
	}
	return calls > e.quirks.CallQuota
}

// readParams merges query and form. On failure it returns what could be read.
func readParams(w http.ResponseWriter, r *http.Request) (map[string]string, *apiError) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	err := r.ParseForm()
	// A client that goes away is only noticed once the body has been read.
	_, _ = io.Copy(io.Discard, r.Body)
	params := make(map[string]string, len(r.Form))
	repeated := false
	for name, values := range r.Form {
		params[name] = values[0]
		repeated = repeated || len(values) > 1
	}
	// A repeated parameter has no single meaning, for the signature least of all.
	if err != nil || repeated {
		return params, fail("InvalidParameter.Format")
	}
	return params, nil
}

// newRequestID returns a random UUID in capitals.
func newRequestID() string {
	var id [16]byte
	_, _ = rand.Read(id[:]) // Never fails.
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return strings.ToUpper(fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:]))
}
