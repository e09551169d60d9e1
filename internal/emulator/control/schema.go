package control

import (
	"encoding"
	"reflect"
	"strings"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/account"
)

// schemas are the JSON schemas of named structs, by name.
type schemas map[string]any

// of returns the schema of a type, and adds those of the structs that it contains.
func (s schemas) of(t reflect.Type) any {
	switch t {
	case reflect.TypeFor[time.Time]():
		return object{"type": "string", "format": "date-time"}
	case reflect.TypeFor[time.Duration]():
		return object{"type": "string", "description": "a duration such as 1m30s"}
	case reflect.TypeFor[circuitFields]():
		return s.of(reflect.TypeFor[account.Circuit]())
	}
	switch kind := t.Kind(); {
	case kind == reflect.Struct && t.Name() == "":
		return s.properties(t)
	case kind == reflect.Struct:
		return s.reference(t)
	case kind == reflect.String, t.Implements(reflect.TypeFor[encoding.TextMarshaler]()):
		return object{"type": "string"}
	case kind == reflect.Pointer:
		return s.of(t.Elem())
	case kind == reflect.Bool:
		return object{"type": "boolean"}
	case kind == reflect.Slice:
		return object{"type": []string{"array", "null"}, "items": s.of(t.Elem())}
	case kind == reflect.Map:
		return object{"type": []string{"object", "null"}, "additionalProperties": s.of(t.Elem())}
	case kind == reflect.Interface:
		return true // any value
	default:
		return object{"type": "integer"}
	}
}

// reference returns a reference to the schema of a named struct, and adds that schema.
func (s schemas) reference(t reflect.Type) object {
	name := strings.ToUpper(t.Name()[:1]) + t.Name()[1:]
	if _, known := s[name]; !known {
		s[name] = nil // A struct can contain itself.
		s[name] = s.properties(t)
	}
	return object{"$ref": "#/components/schemas/" + name}
}

func (s schemas) properties(t reflect.Type) object {
	properties := object{}
	for _, field := range reflect.VisibleFields(t) {
		properties[field.Name] = s.of(field.Type)
	}
	return object{"type": "object", "properties": properties, "additionalProperties": false}
}
