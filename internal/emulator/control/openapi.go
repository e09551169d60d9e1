package control

import (
	"io"
	"net/http"
	"reflect"
	"regexp"
	"strconv"
	"strings"
)

// object is a JSON object.
type object = map[string]any

var pathParam = regexp.MustCompile(`\{([a-z]+)\}`)

// WriteOpenAPI writes the OpenAPI description of the routes, as the route openapi.json does.
func WriteOpenAPI(w io.Writer) error { return encode(w, openAPI(Target{})) }

func openAPI(Target) object {
	schemas := schemas{}
	paths := map[string]object{}
	for _, route := range Routes() {
		path := Prefix + route.Path
		if paths[path] == nil {
			paths[path] = object{}
		}
		paths[path][strings.ToLower(route.Method)] = route.operation(schemas)
	}
	return object{
		"openapi": "3.1.0",
		"info": object{
			"title":       "Control routes of the Express Connect emulator",
			"description": "Routes that inspect and change the emulator. They need no credentials.",
			"version":     "1",
			"license":     object{"name": "MPL-2.0", "identifier": "MPL-2.0"},
		},
		"servers":    []object{{"url": "http://127.0.0.1:8480"}},
		"security":   []object{},
		"paths":      paths,
		"components": object{"schemas": schemas},
	}
}

// operation describes a route.
func (r Route) operation(known schemas) object {
	success := object{"description": http.StatusText(r.status)}
	if r.out != nil {
		success["content"] = content(r.out, known)
	}
	operation := object{
		"operationId": r.operationID(),
		"summary":     strings.ReplaceAll(r.About, "`", ""),
		"responses": object{
			strconv.Itoa(r.status): success,
			"default":              object{"description": "The error, with status 400, 403, 404, 409 or 503", "content": content(reflect.TypeFor[failure](), known)},
		},
	}
	params := []object{}
	for _, match := range pathParam.FindAllStringSubmatch(r.Path, -1) {
		params = append(params, object{"name": match[1], "in": "path", "required": true, "schema": object{"type": "string"}})
	}
	if len(params) > 0 {
		operation["parameters"] = params
	}
	if r.in != nil {
		operation["requestBody"] = object{"required": true, "content": content(r.in, known)}
	}
	return operation
}

// operationID returns a unique name such as postOrdersPay.
func (r Route) operationID() string {
	id := strings.ToLower(r.Method)
	for _, word := range strings.FieldsFunc(r.Path, func(c rune) bool { return strings.ContainsRune("/-.{}", c) }) {
		id += strings.ToUpper(word[:1]) + word[1:]
	}
	return id
}

func content(body reflect.Type, known schemas) object {
	if body == reflect.TypeFor[plainText]() {
		return object{"text/plain": object{"schema": object{"type": "string"}}}
	}
	return object{"application/json": object{"schema": known.of(body)}}
}
