package rpc

import (
	"encoding/base64"
	"encoding/hex"
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

const (
	// pieceLength is how much of a secret gives it away. Shorter secrets are looked for
	// as a whole, and those below minPiece not at all: they are no secrets, but words.
	pieceLength = 16
	minPiece    = 8
	// maxEscapes bounds how often a text may be escaped, decodings how often it may be
	// encoded as a whole.
	maxEscapes = 16
	decodings  = 2
)

// reveals reports whether a text holds one of the secrets, or a piece of it, in any
// form that a person could turn back: escaped for URLs, JSON, HTML or XML, in base64 or
// hexadecimal digits, broken over lines, and several of these at once. It compares
// letters and digits alone, because all else changes on the way.
func reveals(text string, secrets []string) bool {
	var pieces []string
	for _, secret := range secrets {
		secret = core(secret)
		for at := 0; len(secret) >= minPiece && at <= max(0, len(secret)-pieceLength); at++ {
			pieces = append(pieces, secret[at:min(at+pieceLength, len(secret))])
		}
	}
	return len(pieces) > 0 && holds(text, pieces, decodings)
}

func holds(text string, pieces []string, decodings int) bool {
	for range maxEscapes {
		letters := core(text)
		if slices.ContainsFunc(pieces, func(piece string) bool { return strings.Contains(letters, piece) }) {
			return true
		}
		plain := unescape(text)
		if plain == text {
			return decodings > 0 && slices.ContainsFunc(decode(text), func(decoded string) bool { return holds(decoded, pieces, decodings-1) })
		}
		text = plain
	}
	return true // Nothing harmless is escaped so often.
}

// core returns the letters and digits of a text, in lower case.
func core(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

var escapes = regexp.MustCompile(`<[^<>]{0,40}>|%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|\\[nrtbf]|[\s\\]`)

// unescape undoes one layer of escapes and drops white space, which may break one.
func unescape(text string) string {
	text = strings.Join(strings.Fields(text), "")
	return html.UnescapeString(escapes.ReplaceAllStringFunc(text, func(escape string) string {
		if code, err := strconv.ParseInt(strings.TrimLeft(escape, `%\ux`), 16, 32); err == nil && len(escape) > 2 {
			return string(rune(code))
		}
		return ""
	}))
}

var (
	notBase64 = regexp.MustCompile(`[^A-Za-z0-9+/]+`)
	notHex    = regexp.MustCompile(`0[xX]|[^0-9A-Fa-f]+`)
	standard  = strings.NewReplacer("-", "+", "_", "/")
)

// decode returns what a text is if it is base64 or hexadecimal digits, from each place
// at which these may begin.
func decode(text string) []string {
	var decoded []string
	letters := notBase64.ReplaceAllString(standard.Replace(text), "")
	for start := range min(4, len(letters)) {
		rest := letters[start:]
		plain, _ := base64.StdEncoding.DecodeString(rest + "AAA"[:(4-len(rest)%4)%4])
		decoded = append(decoded, string(plain))
	}
	digits := notHex.ReplaceAllString(text, "")
	for start := range min(2, len(digits)) {
		plain, _ := hex.DecodeString(digits[start : len(digits)-(len(digits)-start)%2])
		decoded = append(decoded, string(plain))
	}
	return decoded
}
