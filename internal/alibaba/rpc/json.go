package rpc

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/lazyregexp"
)

const (
	// MaxText is the maximum length in bytes of a text that is kept.
	MaxText = 64 << 10
	// MaxValues is the maximum length of a list inside one row.
	MaxValues = 1000
)

// Text reads a JSON string, number or boolean as it is written, and cuts it at MaxText.
// The types of the API vary: one answer has 10 and another "10". Null, objects and
// arrays are empty texts, so that one odd field does not make the answer unreadable.
type Text string

// UnmarshalJSON implements json.Unmarshaler.
func (t *Text) UnmarshalJSON(data []byte) error {
	var value string
	switch data[0] {
	case '"':
		if err := json.Unmarshal(data, &value); err != nil {
			return err
		}
	case '{', '[', 'n':
	default:
		value = string(data)
	}
	*t = Text(cut(strings.TrimSpace(value), MaxText))
	return nil
}

// String returns the text.
func (t Text) String() string { return string(t) }

// Number returns the integer, nil if the text is not one.
func (t Text) Number() *int64 {
	if value, err := strconv.ParseInt(string(t), 10, 64); err == nil {
		return &value
	}
	return nil
}

// Bool returns the boolean, nil if the text is not one.
func (t Text) Bool() *bool {
	if value, err := strconv.ParseBool(string(t)); err == nil {
		return &value
	}
	return nil
}

// Time returns the time in UTC, nil if the text is not in one of the API's formats, with
// or without seconds. A time without a zone is not read, because it may be Beijing time.
// Neither is a time whose year in UTC has more than four digits: it cannot be saved.
func (t Text) Time() *time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00"} {
		value, err := time.Parse(layout, string(t))
		if utc := value.UTC(); err == nil && 0 <= utc.Year() && utc.Year() <= 9999 {
			return &utc
		}
	}
	return nil
}

var idPattern = lazyregexp.New(`^[A-Za-z0-9-]{1,64}$`)

// IsID reports whether a text can be the ID of an order.
func IsID(text string) bool {
	return idPattern().MatchString(text) && strings.ContainsAny(text, "123456789")
}

// cut returns at most limit bytes of a text, and no incomplete character.
func cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	return strings.Clone(strings.ToValidUTF8(text[:limit], ""))
}

var (
	// ErrTooLong means that a list is longer than requested.
	ErrTooLong = errors.New("a list is longer than what was asked for")
	errNoList  = errors.New("the value is not a list")
)

// Array is a JSON array of at most Max entries, so that no answer can fill the memory.
// Decoding stops with ErrTooLong at a longer array, or at a second one.
type Array[Entry any] struct {
	Max     int
	Entries []Entry
	given   bool // and not null
}

// UnmarshalJSON implements json.Unmarshaler.
func (a *Array[Entry]) UnmarshalJSON(data []byte) error {
	switch {
	case data[0] == 'n':
		return nil
	case data[0] != '[':
		return errNoList
	case a.given:
		return ErrTooLong
	}
	a.given = true
	decoder := json.NewDecoder(bytes.NewReader(data))
	if _, err := decoder.Token(); err != nil {
		return err
	}
	for decoder.More() {
		if len(a.Entries) == a.Max {
			return ErrTooLong
		}
		var entry Entry
		if err := decoder.Decode(&entry); err != nil {
			return err
		}
		a.Entries = append(a.Entries, entry)
	}
	return nil
}

// Rows decodes a page of a list into list, which holds rows and count. It returns the
// number of rows on all pages, nil if the answer has none, and what is wrong with the
// page. No rows are believed only if the list is empty or the count is zero.
func Rows[Row any](body []byte, things string, list any, rows *Array[Row], count *Text) (_ []Row, total *int64, problem string) {
	err := json.Unmarshal(body, list)
	total = count.Number()
	switch {
	case errors.Is(err, ErrTooLong):
		return nil, nil, "the list of " + things + " is longer than what was asked for"
	case err != nil:
		return nil, nil, "the list of " + things + " is not in the format of the API"
	case !rows.given && (total == nil || *total != 0):
		return nil, nil, "the list of " + things + " is missing"
	case len(rows.Entries) == 0 && total == nil && *count != "":
		return nil, nil, "the count of the " + things + " is not in the format of the API"
	}
	return rows.Entries, total, ""
}
