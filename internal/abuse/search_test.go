package abuse

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// keyLength is the length of the beginning by which a form of a canary is found.
const keyLength = 8

// canaries are secrets that must not appear anywhere.
type canaries struct {
	mu    sync.Mutex
	names map[string]string // by secret
}

// add adds a secret. Names say what it is, in the error about a leak.
func (c *canaries) add(name, secret string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.names == nil {
		c.names = map[string]string{}
	}
	if len(secret) >= keyLength {
		c.names[secret] = name
	}
}

// secrets returns the secrets.
func (c *canaries) secrets() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var secrets []string
	for secret := range c.names {
		secrets = append(secrets, secret)
	}
	return secrets
}

// encodings are reversible ways to write a text.
var encodings = map[string]func(string) string{
	"plain":                        strings.Clone,
	"in a query":                   url.QueryEscape,
	"in a path":                    url.PathEscape,
	"twice in a query":             func(s string) string { return url.QueryEscape(url.QueryEscape(s)) },
	"all percent":                  eachByte("%%%02x"),
	"hexadecimal":                  func(s string) string { return hex.EncodeToString([]byte(s)) },
	"JSON":                         quoted,
	"all JSON escapes":             eachByte(`\u%04x`),
	"HTML":                         html.EscapeString,
	"all HTML escapes":             eachByte("&#%d;"),
	"base64":                       base64From(base64.StdEncoding, 0),
	"base64, from byte 1":          base64From(base64.StdEncoding, 1),
	"base64, from byte 2":          base64From(base64.StdEncoding, 2),
	"base64 for URLs":              base64From(base64.URLEncoding, 0),
	"base64 for URLs, from byte 1": base64From(base64.URLEncoding, 1),
	"base64 for URLs, from byte 2": base64From(base64.URLEncoding, 2),
}

func eachByte(format string) func(string) string {
	return func(text string) string {
		var all strings.Builder
		for _, b := range []byte(text) {
			fmt.Fprintf(&all, format, b)
		}
		return all.String()
	}
}

func quoted(text string) string {
	encoded, _ := json.Marshal(text) // A string does not fail.
	return strings.Trim(string(encoded), `"`)
}

// base64From returns an encoding that returns the part of a base64 text that is the same for
// all texts before and after it, if the text begins at this byte of a group of three.
func base64From(encoding *base64.Encoding, begin int) func(string) string {
	return func(text string) string {
		encoded := encoding.EncodeToString([]byte(strings.Repeat("x", begin) + text))
		return encoded[(begin*8+5)/6 : (begin+len(text))*8/6]
	}
}

// reversed returns a text from its end to its beginning.
func reversed(text string) string {
	letters := []rune(text)
	slices.Reverse(letters)
	return string(letters)
}

// needle is a form of a secret.
type needle struct{ form, secret, encoding string }

// needles returns all forms of the secrets in lower case, by their beginnings.
func (c *canaries) needles() map[string][]needle {
	found := map[string][]needle{}
	for _, secret := range c.secrets() {
		for name, encode := range encodings {
			form := encode(secret)
			for _, form := range []string{form, reversed(form)} {
				form = strings.ToLower(form)
				found[form[:keyLength]] = append(found[form[:keyLength]], needle{form, secret, name})
			}
		}
	}
	return found
}

// search checks that texts hold no form of a canary, in any case of the letters.
func (c *canaries) search(t *testing.T, texts map[string][]byte) {
	t.Helper()
	needles := c.needles()
	for place, text := range texts {
		lower := strings.ToLower(string(text))
		for at := 0; at+keyLength <= len(lower); at++ {
			for _, n := range needles[lower[at:at+keyLength]] {
				if strings.HasPrefix(lower[at:], n.form) {
					done.leaks.Add(1)
					t.Errorf("%s has the %s (%s): …%s…", place, c.names[n.secret], n.encoding, lower[max(at-200, 0):min(at+len(n.form)+50, len(lower))])
				}
			}
		}
	}
	done.canaries.Add(int64(len(c.secrets())))
	done.places.Add(int64(len(texts)))
}

// filesIn returns the contents of all files below a directory, and those of archives.
func filesIn(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	texts := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path) //nolint:gosec // Made by the test.
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(dir, path) // It is below dir.
		texts[name] = content
		if bytes.HasPrefix(content, []byte("PK")) {
			return unpack(texts, name, content)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

func unpack(texts map[string][]byte, name string, content []byte) error {
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return err
	}
	for _, file := range archive.File {
		reader, err := file.Open()
		if err != nil {
			return err
		}
		if texts[name+"/"+file.Name], err = io.ReadAll(reader); err != nil {
			return err
		}
	}
	return nil
}
