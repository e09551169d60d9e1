package rpc

import (
	"encoding/base64"
	"encoding/hex"
	"html"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/lazyregexp"
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
	stringToSign = lazyregexp.New(`(?is)\s*(server\s+)?string\s*to\s*sign.*$`)
	urlUser      = lazyregexp.New(`://[^/\s@"'<>]*@`)
	urlQuery     = lazyregexp.New(`(https?://[^\s?"'<>]*)\?[^\s"'<>]*`)
	secretValue  = lazyregexp.New(`(?i)\b(Signature|SignatureNonce|SecurityToken|AccessKeyId|AccessKeySecret|BearerToken)((?:=|%(?:25)*3D)[^&\s"'<>]*)`)
	requestIDs   = lazyregexp.New(`^[A-Za-z0-9_.-]{1,80}$`)
)

// clean returns a message from outside for errors and logs: one line of at most 1,000
// bytes, without signed parameters, queries of URLs and secrets. It drops a message with a
// secret in a form that it cannot mask.
func clean(message string, secrets ...string) string {
	if len(message) > maxInput {
		return "the message is not shown: it is too long"
	}
	message = strings.ToValidUTF8(message, "")
	message = stringToSign().ReplaceAllString(message, "")
	message = maskSecrets(message, secrets)
	message = urlUser().ReplaceAllString(message, "://")
	message = urlQuery().ReplaceAllString(message, "$1")
	message = secretValue().ReplaceAllString(message, "$1="+mask)
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
	return maskSecrets(text, secrets) == text && !secretValue().MatchString(text) && !reveals(text, secrets)
}

// cleanCode returns an error code, empty if it cannot be one or contains a secret.
func cleanCode(code string, secrets ...string) string {
	if len(code) > maxCode || !IsHarmless(code, secrets...) {
		return ""
	}
	return clean(code)
}

// cleanRequestID returns a request ID, empty if it cannot be one or contains a secret.
func cleanRequestID(id string, secrets ...string) string {
	id = strings.TrimSpace(id)
	if !requestIDs().MatchString(id) || !IsHarmless(id, secrets...) {
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

const (
	// pieceLength is the length of a piece that gives a secret away. A shorter secret is
	// searched as a whole. A secret below minPiece is a common word and is not searched.
	pieceLength = 16
	minPiece    = 8
	// maxEscapes is how often a text may be escaped, and maxDecodings how often it may be
	// encoded as a whole.
	maxEscapes   = 16
	maxDecodings = 2
)

// reveals reports whether a text contains a secret, or a piece of it, in any form that can
// be reversed: escaped for URLs, JSON, HTML or XML, in base64 or hexadecimal, split over
// lines, and combinations. It compares only letters and digits, because other
// characters change on the way.
func reveals(text string, secrets []string) bool {
	var pieces []string
	for _, secret := range secrets {
		secret = core(secret)
		for at := 0; len(secret) >= minPiece && at <= max(0, len(secret)-pieceLength); at++ {
			pieces = append(pieces, secret[at:min(at+pieceLength, len(secret))])
		}
	}
	return len(pieces) > 0 && contains(text, pieces, maxDecodings)
}

func contains(text string, pieces []string, decodings int) bool {
	for range maxEscapes {
		letters := core(text)
		if slices.ContainsFunc(pieces, func(piece string) bool { return strings.Contains(letters, piece) }) {
			return true
		}
		plain := unescape(text)
		if plain == text {
			return decodings > 0 && slices.ContainsFunc(decode(text), func(decoded string) bool { return contains(decoded, pieces, decodings-1) })
		}
		text = plain
	}
	return true // No harmless text is escaped so often.
}

// core returns the letters and digits of a text in lower case.
func core(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

var escapes = lazyregexp.New(`<[^<>]{0,40}>|%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|\\[nrtbf]|[\s\\]`)

// unescape removes one layer of escapes, and white space, which may split an escape.
func unescape(text string) string {
	text = strings.Join(strings.Fields(text), "")
	return html.UnescapeString(escapes().ReplaceAllStringFunc(text, func(escape string) string {
		if code, err := strconv.ParseInt(strings.TrimLeft(escape, `%\ux`), 16, 32); err == nil && len(escape) > 2 {
			return string(rune(code))
		}
		return ""
	}))
}

var (
	notBase64 = lazyregexp.New(`[^A-Za-z0-9+/]+`)
	notHex    = lazyregexp.New(`0[xX]|[^0-9A-Fa-f]+`)
	standard  = strings.NewReplacer("-", "+", "_", "/")
)

// decode returns the content of a text that is base64 or hexadecimal, for each position
// at which a group of characters may begin.
func decode(text string) []string {
	var decoded []string
	letters := notBase64().ReplaceAllString(standard.Replace(text), "")
	for start := range min(4, len(letters)) {
		rest := letters[start:]
		plain, _ := base64.StdEncoding.DecodeString(rest + "AAA"[:(4-len(rest)%4)%4])
		decoded = append(decoded, string(plain))
	}
	digits := notHex().ReplaceAllString(text, "")
	for start := range min(2, len(digits)) {
		plain, _ := hex.DecodeString(digits[start : len(digits)-(len(digits)-start)%2])
		decoded = append(decoded, string(plain))
	}
	return decoded
}
