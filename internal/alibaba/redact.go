package alibaba

import (
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"
)

const mask = "***"

// A message or code longer than this, in bytes, is not one that a person wrote.
const (
	maxMessage = 1000
	maxCode    = 128
)

var (
	// The gateway quotes the signed parameters, the key ID and the security token
	// among them, in its message on a wrong signature.
	stringToSign = regexp.MustCompile(`(?is)\s*(server\s+)?string\s*to\s*sign.*$`)
	urlUser      = regexp.MustCompile(`://[^/\s@"'<>]*@`)
	urlQuery     = regexp.MustCompile(`(https?://[^\s?"'<>]*)\?[^\s"'<>]*`)
	secretValue  = regexp.MustCompile(`(?i)\b(Signature|SignatureNonce|SecurityToken|AccessKeyId|AccessKeySecret|BearerToken)((?:=|%(?:25)*3D)[^&\s"'<>]*)`)
	requestIDs   = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,80}$`)
)

// clean makes text from outside fit for errors and logs: one line of bounded
// length, without signed parameters, queries of URLs and the given secrets in any
// of the encodings in which a gateway may quote them.
func clean(message string, secrets ...string) string {
	message = strings.ToValidUTF8(message, "")
	message = stringToSign.ReplaceAllString(message, "")
	message = maskSecrets(message, secrets)
	message = urlUser.ReplaceAllString(message, "://")
	message = urlQuery.ReplaceAllString(message, "$1")
	message = secretValue.ReplaceAllString(message, "$1="+mask)
	message = strings.Join(strings.FieldsFunc(message, func(r rune) bool { return r <= ' ' || r == 0x7f }), " ")
	if len(message) > maxMessage {
		end := maxMessage
		for !utf8.RuneStart(message[end]) {
			end--
		}
		message = message[:end] + "…"
	}
	return message
}

func maskSecrets(message string, secrets []string) string {
	for _, secret := range secrets {
		if len(secret) < 4 {
			continue // would maim the message and protects nothing
		}
		for range 3 {
			message = strings.ReplaceAll(message, secret, mask)
			secret = url.QueryEscape(secret)
		}
	}
	return message
}

// cleanCode returns an error code, empty if it cannot be one.
func cleanCode(code string, secrets ...string) string {
	code = clean(code, secrets...)
	if len(code) > maxCode {
		return ""
	}
	return code
}

// cleanRequestID returns a request ID, empty if it cannot be one.
func cleanRequestID(id string) string {
	id = strings.TrimSpace(id)
	if !requestIDs.MatchString(id) {
		return ""
	}
	return id
}

// cleanAddress returns the address of a help page, empty if it is none.
func cleanAddress(address string, secrets ...string) string {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Scheme != schemeHTTPS || parsed.Host == "" || parsed.User != nil || len(address) > maxMessage {
		return ""
	}
	if maskSecrets(address, secrets) != address || secretValue.MatchString(address) {
		return ""
	}
	return parsed.String()
}
