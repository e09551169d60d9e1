package coretest

import (
	"fmt"
	"maps"
	"math/big"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Values are the arguments of a configuration. Missing arguments are null. A nested block
// is Values too, a list or set of strings is a []string, a map of strings is a
// map[string]string, and a value that is not known yet is Unknown.
type Values map[string]any

// Unknown is a value that is not known yet.
type Unknown struct{}

// dynamicOf returns a value of a type in the encoding of the protocol.
func dynamicOf(t tftypes.Object, config Values) (*tfprotov6.DynamicValue, error) {
	value, err := toValue(t, config)
	if err != nil {
		return nil, err
	}
	dynamic, err := tfprotov6.NewDynamicValue(t, value)
	return &dynamic, err
}

// toValue returns a value of a type; a nil map is null.
func toValue(t tftypes.Object, values Values) (tftypes.Value, error) {
	if values == nil {
		return tftypes.NewValue(t, nil), nil
	}
	for name := range values {
		if _, ok := t.AttributeTypes[name]; !ok {
			return tftypes.Value{}, fmt.Errorf("there is no attribute %q", name)
		}
	}
	attributes := make(map[string]tftypes.Value, len(t.AttributeTypes))
	for name, attributeType := range t.AttributeTypes {
		value, err := attribute(attributeType, values[name])
		if err != nil {
			return tftypes.Value{}, fmt.Errorf("%s: %w", name, err)
		}
		attributes[name] = value
	}
	return tftypes.NewValue(t, attributes), nil
}

func attribute(t tftypes.Type, value any) (tftypes.Value, error) {
	switch given := value.(type) {
	case Unknown:
		value = tftypes.UnknownValue
	case Values:
		object, ok := t.(tftypes.Object)
		if !ok {
			return tftypes.Value{}, fmt.Errorf("%s is not an object", t)
		}
		return toValue(object, given)
	case []string:
		elements := make([]tftypes.Value, 0, len(given))
		for _, text := range given {
			elements = append(elements, tftypes.NewValue(tftypes.String, text))
		}
		value = elements
	case map[string]string:
		elements := make(map[string]tftypes.Value, len(given))
		for key, text := range given {
			elements[key] = tftypes.NewValue(tftypes.String, text)
		}
		value = elements
	}
	if err := tftypes.ValidateValue(t, value); err != nil {
		return tftypes.Value{}, err
	}
	return tftypes.NewValue(t, value), nil
}

// With returns a copy of the object with other strings.
func (o *Object) With(texts map[string]string) (*Object, error) {
	var attributes map[string]tftypes.Value
	if err := o.Value.As(&attributes); err != nil {
		return nil, err
	}
	attributes = maps.Clone(attributes) // As returns the map of the value itself.
	for name, text := range texts {
		attributes[name] = tftypes.NewValue(tftypes.String, text)
	}
	changed := *o
	changed.Value, changed.Identity = tftypes.NewValue(o.Value.Type(), attributes), nil
	return &changed, nil
}

// String returns a string of the object, "" for null and unknown.
func (o *Object) String(name string) string {
	var text string
	o.get(name, &text)
	return text
}

// Bool returns a boolean of the object, false for null and unknown.
func (o *Object) Bool(name string) bool {
	var truth bool
	o.get(name, &truth)
	return truth
}

// Int returns an integer of the object, 0 for null and unknown.
func (o *Object) Int(name string) int64 {
	var number big.Float
	o.get(name, &number)
	n, _ := number.Int64()
	return n
}

// get reads an attribute into target. It leaves target alone if there is no known value of
// that type.
func (o *Object) get(name string, target any) {
	var attributes map[string]tftypes.Value
	if o != nil && o.Value.As(&attributes) == nil {
		_ = attributes[name].As(target)
	}
}
