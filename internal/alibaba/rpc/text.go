package rpc

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// text takes a JSON string, number or boolean as text, exactly as it is written,
// but not more than maxText, and null as nothing. The API's typing is sloppy: the same field comes as 10 in
// one answer and as "10" in another. Objects and arrays are no text; they count
// as nothing rather than costing the whole answer.
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

func (t Text) String() string { return string(t) }

// number returns nil for what is no integer.
func (t Text) Number() *int64 {
	if value, err := strconv.ParseInt(string(t), 10, 64); err == nil {
		return &value
	}
	return nil
}

// boolean returns nil for what is no boolean.
func (t Text) Bool() *bool {
	if value, err := strconv.ParseBool(string(t)); err == nil {
		return &value
	}
	return nil
}

// time returns nil for what is no time in one of the API's forms, with and without
// seconds. A time that does not name its zone is none: it may be of Beijing.
func (t Text) Time() *time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00"} {
		if value, err := time.Parse(layout, string(t)); err == nil {
			return new(value.UTC())
		}
	}
	return nil
}

var idPattern = regexp.MustCompile(`^[A-Za-z0-9-]{1,64}$`)

// isID reports whether a text can be the ID of an order.
func IsID(text string) bool {
	return idPattern.MatchString(text) && strings.ContainsAny(text, "123456789")
}
