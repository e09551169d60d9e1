// Package strictjson encodes durations as texts such as "1m30s" and refuses JSON
// with unknown fields. The control routes of the emulator use it.
package strictjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"time"
)

// Duration is a time.Duration that is a text such as "1m30s" in JSON.
type Duration time.Duration

// MarshalText writes the duration as time.Duration prints it.
func (d Duration) MarshalText() ([]byte, error) {
	return []byte(time.Duration(d).String()), nil
}

// UnmarshalText reads what time.ParseDuration understands.
func (d *Duration) UnmarshalText(text []byte) error {
	parsed, err := time.ParseDuration(string(text))
	*d = Duration(parsed)
	return err
}

// Marshal encodes a struct with exported fields. Those of type time.Duration become texts.
func Marshal(structure any) ([]byte, error) {
	source := reflect.ValueOf(structure)
	twin := newTwin(source.Type())
	copyFields(twin, source)
	return json.Marshal(twin.Interface())
}

// Unmarshal decodes what Marshal encodes. Fields that the text leaves out keep their values.
func Unmarshal(text []byte, structure any) error {
	target := reflect.ValueOf(structure).Elem()
	twin := newTwin(target.Type())
	copyFields(twin, target)
	if err := Decode(text, twin.Addr().Interface()); err != nil {
		return err
	}
	copyFields(target, twin)
	return nil
}

// Decode reads one JSON value. An unknown field is an error, because it may be a misspelled one.
func Decode(text []byte, value any) error {
	if len(bytes.TrimSpace(text)) == 0 {
		return errors.New("the body is missing, JSON is expected")
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(value); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more text follows the JSON value")
	}
	return nil
}

// newTwin returns a struct with the fields of another one, but with Duration for time.Duration.
func newTwin(structure reflect.Type) reflect.Value {
	fields := reflect.VisibleFields(structure)
	for i := range fields {
		if fields[i].Type == reflect.TypeFor[time.Duration]() {
			fields[i].Type = reflect.TypeFor[Duration]()
		}
	}
	return reflect.New(reflect.StructOf(fields)).Elem()
}

func copyFields(to, from reflect.Value) {
	for i := range to.NumField() {
		to.Field(i).Set(from.Field(i).Convert(to.Field(i).Type()))
	}
}
