package rpc

import (
	"net/url"
	"regexp"
	"strings"
)

const mask = "***"

// Lengths in bytes. Longer messages are cut, and longer codes are dropped. Messages above
// maxInput are not searched for secrets, and therefore not shown.
const (
	maxMessage = 1000
	maxInput   = 16 << 10
	maxCode    = 128
)

var (
	// If a signature is wrong, the message of the gateway quotes the signed parameters,
	// which include the key ID and the security token.
	stringToSign = regexp.MustCompile(`(?is)\s*(server\s+)?string\s*to\s*sign.*$`)
	urlUser      = regexp.MustCompile(`://[^/\s@"'<>]*@`)
	urlQuery     = regexp.MustCompile(`(https?://[^\s?"'<>]*)\?[^\s"'<>]*`)
	secretValue  = regexp.MustCompile(`(?i)\b(Signature|SignatureNonce|SecurityToken|AccessKeyId|AccessKeySecret|BearerToken)((?:=|%(?:25)*3D)[^&\s"'<>]*)`)
	requestIDs   = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,80}$`)
)

// Clean returns a message from outside for errors and logs: one line of at most 1,000
// bytes, without signed parameters, queries of URLs and secrets. It drops a message with a
// secret in a form that it cannot mask.
func Clean(message string, secrets ...string) string {
	if len(message) > maxInput {
		return "the message is not shown: it is too long"
	}
	message = strings.ToValidUTF8(message, "")
	message = stringToSign.ReplaceAllString(message, "")
	message = maskSecrets(message, secrets)
	message = urlUser.ReplaceAllString(message, "://")
	message = urlQuery.ReplaceAllString(message, "$1")
	message = secretValue.ReplaceAllString(message, "$1="+mask)
	message = strings.Join(strings.FieldsFunc(message, func(r rune) bool { return r <= ' ' || r == 0x7f }), " ")
	if reveals(message, secrets) {
		return "the message is not shown: it contains credentials"
	}
	if len(message) > maxMessage {
		message = cut(message, maxMessage) + "…"
	}
	return message
}

func maskSecrets(message string, secrets []string) string {
	for _, secret := range secrets {
		if len(secret) < 4 {
			continue // Masking it would damage the message and protect nothing.
		}
		for range 3 {
			message = strings.ReplaceAll(message, secret, mask)
			secret = url.QueryEscape(secret)
		}
	}
	return message
}

// IsHarmless reports whether a short text contains none of the secrets.
func IsHarmless(text string, secrets ...string) bool {
	return maskSecrets(text, secrets) == text && !secretValue.MatchString(text) && !reveals(text, secrets)
}

// cleanCode returns an error code, empty if it cannot be one or contains a secret.
func cleanCode(code string, secrets ...string) string {
	if len(code) > maxCode || !IsHarmless(code, secrets...) {
		return ""
	}
	return Clean(code)
}

// cleanRequestID returns a request ID, empty if it cannot be one or contains a secret.
func cleanRequestID(id string, secrets ...string) string {
	id = strings.TrimSpace(id)
	if !requestIDs.MatchString(id) || !IsHarmless(id, secrets...) {
		return ""
	}
	return id
}

// cleanAddress returns the address of a help page, empty if it cannot be one or contains a
// secret.
func cleanAddress(address string, secrets ...string) string {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Scheme != "https" || parsed.Host == "" || parsed.User != nil || len(address) > maxMessage || !IsHarmless(address, secrets...) {
		return ""
	}
	return parsed.String()
}
