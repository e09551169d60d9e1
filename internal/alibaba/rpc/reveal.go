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

var escapes = regexp.MustCompile(`<[^<>]{0,40}>|%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|\\[nrtbf]|[\s\\]`)

// unescape removes one layer of escapes, and white space, which may split an escape.
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

// decode returns the content of a text that is base64 or hexadecimal, for each position
// at which a group of characters may begin.
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
