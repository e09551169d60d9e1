package rpc

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
)

const (
	// maxText bounds in bytes a text that is kept. The API's own texts are far shorter.
	MaxText = 64 << 10
	// maxValues bounds the list of tags, or of instances, in one row.
	MaxValues = 1000
)

var (
	ErrTooLong = errors.New("a list is longer than what was asked for")
	errNoList  = errors.New("this is no list")
)

// bounded is a JSON array of at most so many entries, so that no answer can fill the
// memory. An array that is longer, or that is given twice, is refused while it is
// decoded. Null counts as not given.
type Array[Entry any] struct {
	Max     int
	given   bool
	Entries []Entry
}

// UnmarshalJSON implements json.Unmarshaler.
func (b *Array[Entry]) UnmarshalJSON(data []byte) error {
	switch {
	case data[0] == 'n':
		return nil
	case data[0] != '[':
		return errNoList
	case b.given:
		return ErrTooLong
	}
	b.given = true
	decoder := json.NewDecoder(bytes.NewReader(data))
	if _, err := decoder.Token(); err != nil {
		return err
	}
	for decoder.More() {
		if len(b.Entries) == b.Max {
			return ErrTooLong
		}
		var entry Entry
		if err := decoder.Decode(&entry); err != nil {
			return err
		}
		b.Entries = append(b.Entries, entry)
	}
	return nil
}

// page returns the rows of a page of a list of things, and the number of rows on all
// pages, nil if the answer has none. It believes that there are no rows only if the
// list is empty or the count is zero.
func PageRows[Row any](things string, rows Array[Row], count Text) (_ []Row, total *int64, complaint string) {
	total = count.Number()
	switch {
	case !rows.given && (total == nil || *total != 0):
		return nil, nil, "the list of " + things + " is missing"
	case rows.given && len(rows.Entries) == 0 && total == nil && count != "":
		return nil, nil, "the count of the " + things + " is not in the format of the API"
	}
	return rows.Entries, total, ""
}

// pageError says why a page of a list of things cannot be read.
func PageError(things string, err error) (complaint string) {
	if errors.Is(err, ErrTooLong) {
		return "the list of " + things + " is longer than what was asked for"
	}
	return "the list of " + things + " is not in the format of the API"
}

// cut returns at most so many bytes of a text, and no half characters.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.Clone(strings.ToValidUTF8(text[:most], ""))
}
