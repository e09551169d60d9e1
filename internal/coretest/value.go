package coretest

import (
	"fmt"
	"maps"
	"math/big"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// dynamicOf makes a value of a type, as the protocol carries it.
func dynamicOf(t tftypes.Object, config Values) (*tfprotov6.DynamicValue, error) {
	value, err := toValue(t, config)
	if err != nil {
		return nil, err
	}
	dynamic, err := tfprotov6.NewDynamicValue(t, value)
	return &dynamic, err
}

// toValue makes a value of a type; a nil map is null.
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
	switch value := value.(type) {
	case Unknown:
		return tftypes.NewValue(t, tftypes.UnknownValue), nil
	case Values:
		object, ok := t.(tftypes.Object)
		if !ok {
			return tftypes.Value{}, fmt.Errorf("%s is no object", t)
		}
		return toValue(object, value)
	case []string:
		elements := make([]tftypes.Value, 0, len(value))
		for _, text := range value {
			elements = append(elements, tftypes.NewValue(tftypes.String, text))
		}
		return checked(t, elements)
	case map[string]string:
		elements := make(map[string]tftypes.Value, len(value))
		for key, text := range value {
			elements[key] = tftypes.NewValue(tftypes.String, text)
		}
		return checked(t, elements)
	default:
		return checked(t, value)
	}
}

func checked(t tftypes.Type, value any) (tftypes.Value, error) {
	if err := tftypes.ValidateValue(t, value); err != nil {
		return tftypes.Value{}, err
	}
	return tftypes.NewValue(t, value), nil
}

// String returns a text attribute of the object, "" for null and unknown.
func (o *Object) String(name string) string {
	var attributes map[string]tftypes.Value
	var text string
	if o == nil || o.Value.As(&attributes) != nil || !attributes[name].IsKnown() || attributes[name].IsNull() {
		return ""
	}
	if attributes[name].As(&text) != nil {
		return ""
	}
	return text
}

// With returns a copy of the object with other texts.
func (o *Object) With(texts map[string]string) (*Object, error) {
	var attributes map[string]tftypes.Value
	if err := o.Value.As(&attributes); err != nil {
		return nil, err
	}
	attributes = maps.Clone(attributes) // the value keeps the one that it gave
	for name, text := range texts {
		attributes[name] = tftypes.NewValue(tftypes.String, text)
	}
	changed := *o
	changed.Value, changed.Identity = tftypes.NewValue(o.Value.Type(), attributes), nil
	return &changed, nil
}

// Bool returns a truth value of the object, false for null and unknown.
func (o *Object) Bool(name string) bool {
	var attributes map[string]tftypes.Value
	var truth bool
	if o == nil || o.Value.As(&attributes) != nil || !attributes[name].IsKnown() || attributes[name].IsNull() {
		return false
	}
	return attributes[name].As(&truth) == nil && truth
}

// Int returns a whole-number attribute of the object, 0 for null and unknown.
func (o *Object) Int(name string) int64 {
	var attributes map[string]tftypes.Value
	var number big.Float
	if o == nil || o.Value.As(&attributes) != nil || !attributes[name].IsKnown() || attributes[name].IsNull() {
		return 0
	}
	if attributes[name].As(&number) != nil {
		return 0
	}
	n, _ := number.Int64()
	return n
}
