package gateway

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	formatJSON = "JSON"
	formatXML  = "XML"

	contentTypeJSON = "application/json;charset=utf-8"
	contentTypeXML  = "text/xml;charset=utf-8"
)

// answer is an answer before it is encoded as JSON or XML.
type answer struct {
	status int
	code   string // of an error
	root   string // name of the root element in XML
	body   Object
}

type (
	// Object is a JSON object, or the children of an XML element.
	Object []Field
	// Field is the name and the value of a member. The value is a string, a bool, a number,
	// a Bare, nil, an Object or a List.
	Field [2]any
	// List is a JSON array, or XML elements with the same name.
	List []Object
	// Bare is a text that the API writes without quotes if it is a number.
	Bare string
)

// WithoutEmpty returns the members that are not empty texts.
func (o Object) WithoutEmpty() Object {
	var kept Object
	for _, member := range o {
		if member[1] != "" && member[1] != Bare("") {
			kept = append(kept, member)
		}
	}
	return kept
}

// encode returns body and content type in the requested format.
func (a answer) encode(format string) (body []byte, contentType string) {
	var out bytes.Buffer
	if strings.EqualFold(format, formatXML) {
		out.WriteString("<?xml version='1.0' encoding='UTF-8'?>")
		writeXML(&out, a.root, a.body)
		return out.Bytes(), contentTypeXML
	}
	writeJSON(&out, a.body)
	return out.Bytes(), contentTypeJSON
}

// send sends an answer of the API.
func (g *Gateway) send(w http.ResponseWriter, q *Request, a answer) {
	body, contentType := a.encode(q.format())
	w.Header().Set("X-Acs-Request-Id", q.ID)
	g.sendBody(w, q, a.status, a.code, contentType, body)
}

func (g *Gateway) sendBody(w http.ResponseWriter, q *Request, status int, code, contentType string, body []byte) {
	g.prepare(w, q, status, code, contentType, len(body))
	w.WriteHeader(status)
	_, _ = w.Write(body) //nolint:gosec // It is no page. The client may have disconnected.
}

// prepare completes the journal entry and sets the header. The date agrees with the times of
// circuits and orders, also after Advance, unless a quirk moves it or a fault has set it.
func (g *Gateway) prepare(w http.ResponseWriter, q *Request, status int, code, contentType string, length int) {
	g.mu.Lock()
	q.call.HTTPStatus, q.call.Code = status, code
	g.mu.Unlock()
	if contentType != "" {
		w.Header().Set("Content-Type", contentType)
	}
	if length >= 0 {
		w.Header().Set("Content-Length", strconv.Itoa(length))
	}
	quirks := g.store.Quirks()
	skew, omitted := quirks.DateSkew, quirks.OmitDate
	if q.operation.Product == ProductBSS {
		skew, omitted = quirks.BillingDateSkew, quirks.OmitBillingDate
	}
	switch {
	case w.Header().Get("Date") != "":
	case omitted:
		w.Header()["Date"] = nil // Otherwise net/http sets it.
	default:
		SetDate(w, g.store.Now().Add(skew))
	}
}

// SetDate sets the Date header.
func SetDate(w http.ResponseWriter, at time.Time) {
	w.Header().Set("Date", at.UTC().Format(http.TimeFormat))
}

func writeJSON(out *bytes.Buffer, value any) {
	switch value := value.(type) {
	case Object:
		out.WriteByte('{')
		for i, member := range value {
			if i > 0 {
				out.WriteByte(',')
			}
			writeJSON(out, member[0])
			out.WriteByte(':')
			writeJSON(out, member[1])
		}
		out.WriteByte('}')
	case List:
		out.WriteByte('[')
		for i, element := range value {
			if i > 0 {
				out.WriteByte(',')
			}
			writeJSON(out, element)
		}
		out.WriteByte(']')
	case Bare:
		if _, err := strconv.ParseUint(string(value), 10, 63); err != nil {
			writeJSON(out, string(value))
			return
		}
		out.WriteString(string(value))
	default:
		encoder := json.NewEncoder(out)
		encoder.SetEscapeHTML(false)
		_ = encoder.Encode(value)   // Texts, numbers and nil do not fail.
		out.Truncate(out.Len() - 1) // without the line break
	}
}

func writeXML(out *bytes.Buffer, name string, value any) {
	if elements, ok := value.(List); ok {
		for _, element := range elements {
			writeXML(out, name, element)
		}
		return
	}
	fmt.Fprintf(out, "<%s>", name)
	switch value := value.(type) {
	case Object:
		for _, member := range value {
			writeXML(out, fmt.Sprint(member[0]), member[1])
		}
	case nil:
	default:
		_ = xml.EscapeText(out, fmt.Append(nil, value)) // A buffer does not fail.
	}
	fmt.Fprintf(out, "</%s>", name)
}
