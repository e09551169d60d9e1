package emulator

import (
	"cmp"
	"crypto/subtle"
	"maps"
	"net/http"
	"slices"
	"time"
)

const timestampLayout = "2006-01-02T15:04:05Z"

// authenticate checks who sends a request, that it is signed, fresh and not a
// replay, and that the sender may use the action.
func (e *Emulator) authenticate(q *request) *apiError {
	for _, name := range []string{
		paramAccessKeyID, paramSignature, paramSignatureMethod, paramSignatureVersion, paramSignatureNonce, paramTimestamp,
	} {
		if q.params[name] == "" {
			return missing(name)
		}
	}
	switch {
	case q.params[paramSignatureMethod] != "HMAC-SHA1":
		return fail("InvalidSignatureMethod")
	case q.params[paramSignatureVersion] != "1.0":
		return invalid(paramSignatureVersion)
	case q.params[paramSignatureType] != "":
		return invalid(paramSignatureType)
	}
	credential, known := e.credential(q.params[paramAccessKeyID])
	if !known {
		return fail("InvalidAccessKeyId.NotFound")
	}
	if credential.Disabled {
		return fail("InvalidAccessKeyId.Inactive")
	}
	if failure := e.checkTimestamp(q.params[paramTimestamp]); failure != nil {
		return failure
	}
	if failure := checkSecurityToken(q, credential); failure != nil {
		return failure
	}
	if !credential.expires.IsZero() && !e.clock().Before(credential.expires) {
		return fail("InvalidSecurityToken.Expired")
	}
	text := stringToSign(q.method, q.params)
	if !equal(sign(text, credential.AccessKeySecret), q.params[paramSignature]) {
		// The gateway quotes the signed string, and with it a security token.
		return fail("SignatureDoesNotMatch").
			saying("Specified signature is not matched with our calculation. server string to sign is:" + text)
	}
	if !e.useNonce(credential.AccessKeyID + "\n" + q.params[paramSignatureNonce]) {
		return fail("SignatureNonceUsed")
	}
	if slices.Contains(credential.Denied, q.params[paramAction]) {
		return e.deny(q, credential)
	}
	return nil
}

func (e *Emulator) credential(id string) (Credential, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	credential, known := e.credentials[id]
	return credential, known
}

func (e *Emulator) checkTimestamp(value string) *apiError {
	timestamp, ok := parseTime(value)
	if !ok {
		return fail("InvalidTimeStamp.Format")
	}
	if e.clock().Sub(timestamp).Abs() > timestampWindow {
		return fail("InvalidTimeStamp.Expired")
	}
	return nil
}

// parseTime reads a time as the API writes it, and nothing else.
func parseTime(text string) (time.Time, bool) {
	at, err := time.Parse(timestampLayout, text)
	// Parse lets fractions of a second pass that the layout does not have.
	return at, err == nil && at.Format(timestampLayout) == text
}

func checkSecurityToken(q *request, credential Credential) *apiError {
	token := q.params[paramSecurityToken]
	switch {
	case token == "" && credential.SecurityToken != "":
		return missing(paramSecurityToken)
	case !equal(token, credential.SecurityToken):
		return fail("InvalidSecurityToken.MismatchWithAccessKey")
	default:
		return nil
	}
}

// useNonce reports whether a nonce is new, and remembers it.
func (e *Emulator) useNonce(nonce string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.clock()
	if now.Sub(e.noncesTidied) > timestampWindow {
		// A request with a nonce that old is refused for its timestamp by now.
		maps.DeleteFunc(e.nonces, func(_ string, used time.Time) bool { return now.Sub(used) > 2*timestampWindow })
		e.noncesTidied = now
	}
	if _, used := e.nonces[nonce]; used {
		return false
	}
	e.nonces[nonce] = now
	return true
}

// deny is the answer to a user whose policies do not allow the action.
func (e *Emulator) deny(q *request, credential Credential) *apiError {
	op := operations[q.params[paramAction]]
	if op.product == productBSS && credential.DeniedCode != "" {
		failure := q.fail(credential.DeniedCode)
		failure.status = cmp.Or(credential.DeniedStatus, failure.status)
		if e.Quirks().UnsuccessfulAs200 {
			failure.status = http.StatusOK
		}
		return failure
	}
	failure := fail("Forbidden.RAM")
	failure.details = object{{"AccessDeniedDetail", object{
		{"AuthAction", op.permission},
		{"AuthPrincipalType", "SubUser"},
		{"NoPermissionType", "ImplicitDeny"},
		{"PolicyType", "AccountLevelIdentityBasedPolicy"},
	}}}
	return failure
}

// equal compares secrets in a time that does not depend on where they differ.
func equal(a, b string) bool {
	return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}
