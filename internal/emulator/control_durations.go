package emulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"time"
)

// duration is a time.Duration that reads and writes like "1m30s" in JSON.
type duration time.Duration

// MarshalText writes the duration as time.Duration prints it.
func (d duration) MarshalText() ([]byte, error) {
	return []byte(time.Duration(d).String()), nil
}

// UnmarshalText reads what time.ParseDuration understands.
func (d *duration) UnmarshalText(text []byte) error {
	parsed, err := time.ParseDuration(string(text))
	*d = duration(parsed)
	return err
}

type (
	plainQuirks Quirks
	plainFault  Fault

	// The outer fields hide those of the same name in the embedded struct.
	quirksJSON struct {
		*plainQuirks
		TokenWindow, ConstructionDelay, TerminationDelay, EnableDelay, BillingLag, DateSkew, BillingDateSkew duration
	}
	faultJSON struct {
		*plainFault
		Delay duration
	}
)

// MarshalJSON writes the durations as texts.
func (q Quirks) MarshalJSON() ([]byte, error) {
	return json.Marshal(q.mirror())
}

// mirror is q with durations that are texts.
func (q *Quirks) mirror() quirksJSON {
	return quirksJSON{
		plainQuirks:       (*plainQuirks)(q),
		TokenWindow:       duration(q.TokenWindow),
		ConstructionDelay: duration(q.ConstructionDelay),
		TerminationDelay:  duration(q.TerminationDelay),
		EnableDelay:       duration(q.EnableDelay),
		BillingLag:        duration(q.BillingLag),
		DateSkew:          duration(q.DateSkew),
		BillingDateSkew:   duration(q.BillingDateSkew),
	}
}

// UnmarshalJSON reads the durations as texts. Fields that are left out stay as they
// are; values that stand for nothing, such as a misspelt outcome, are refused.
func (q *Quirks) UnmarshalJSON(text []byte) error {
	mirror := q.mirror()
	if err := decodeStrictly(text, &mirror); err != nil {
		return err
	}
	q.TokenWindow = time.Duration(mirror.TokenWindow)
	q.ConstructionDelay = time.Duration(mirror.ConstructionDelay)
	q.TerminationDelay = time.Duration(mirror.TerminationDelay)
	q.EnableDelay = time.Duration(mirror.EnableDelay)
	q.BillingLag = time.Duration(mirror.BillingLag)
	q.DateSkew = time.Duration(mirror.DateSkew)
	q.BillingDateSkew = time.Duration(mirror.BillingDateSkew)
	return q.check()
}

// MarshalJSON writes the delay as a text.
func (f Fault) MarshalJSON() ([]byte, error) {
	plain := plainFault(f)
	return json.Marshal(faultJSON{&plain, duration(f.Delay)})
}

// UnmarshalJSON reads the delay as a text.
func (f *Fault) UnmarshalJSON(text []byte) error {
	mirror := faultJSON{plainFault: (*plainFault)(f)}
	if err := decodeStrictly(text, &mirror); err != nil {
		return err
	}
	f.Delay = time.Duration(mirror.Delay)
	return nil
}

// decodeStrictly reads one JSON value. A misspelt field must not pass for one that
// is left at its default.
func decodeStrictly(text []byte, value any) error {
	if len(bytes.TrimSpace(text)) == 0 {
		return errors.New("a body in JSON is missing")
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(value); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the JSON value")
	}
	return nil
}
