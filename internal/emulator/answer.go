package emulator

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

// answer is what the API says, before it is written as JSON or XML.
type answer struct {
	status int
	code   string
	// root is the name of the root element in XML.
	root string
	body object
}

// object is a JSON object, or the children of an XML element.
type object []field

// field is a member of an object. Its value is a string, a bool, an int64, a
// bare, nil, an object, or a list, whose elements are repeated under one name in
// XML.
type (
	field struct {
		name  string
		value any
	}
	list []object
	// bare is a text that the API writes without quotes when it looks like a
	// number.
	bare string
)

// encode returns body and content type in the format that was asked for.
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

// send answers a request and completes its journal entry.
func (e *Emulator) send(w http.ResponseWriter, q *request, a answer) {
	body, contentType := a.encode(q.format())
	e.announce(w, q, a.status, a.code)
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("X-Acs-Request-Id", q.id)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(a.status)
	_, _ = w.Write(body) // The client may be gone.
}

// announce completes the journal entry of a request that is about to be answered,
// and sets the Date header unless a fault has set it. The date agrees with the times
// of circuits and orders, also after Advance, unless a quirk moves it.
func (e *Emulator) announce(w http.ResponseWriter, q *request, status int, code string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	q.entry.HTTPStatus, q.entry.Code = status, code
	if w.Header().Get("Date") != "" {
		return
	}
	skew, omitted := e.quirks.DateSkew, e.quirks.OmitDate
	if q.product() == productBSS {
		skew, omitted = e.quirks.BillingDateSkew, e.quirks.OmitBillingDate
	}
	if omitted {
		w.Header()["Date"] = nil // Otherwise net/http sets it.
		return
	}
	w.Header().Set("Date", dateText(e.now().Add(skew)))
}

func dateText(at time.Time) string { return at.UTC().Format(http.TimeFormat) }

func writeJSON(out *bytes.Buffer, value any) {
	switch value := value.(type) {
	case object:
		out.WriteByte('{')
		for i, member := range value {
			if i > 0 {
				out.WriteByte(',')
			}
			writeJSONText(out, member.name)
			out.WriteByte(':')
			writeJSON(out, member.value)
		}
		out.WriteByte('}')
	case list:
		out.WriteByte('[')
		for i, element := range value {
			if i > 0 {
				out.WriteByte(',')
			}
			writeJSON(out, element)
		}
		out.WriteByte(']')
	case bare:
		if _, err := strconv.ParseUint(string(value), 10, 63); err != nil {
			writeJSONText(out, string(value))
			return
		}
		out.WriteString(string(value))
	case string:
		writeJSONText(out, value)
	case nil:
		out.WriteString("null")
	default:
		fmt.Fprint(out, value)
	}
}

// writeJSONText writes a string without escaping the & that addresses and
// signed strings are full of; the gateway does not either.
func writeJSONText(out *bytes.Buffer, text string) {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(text) // A string and a buffer do not fail.
	out.Truncate(out.Len() - 1)
}

func writeXML(out *bytes.Buffer, name string, value any) {
	if elements, ok := value.(list); ok {
		for _, element := range elements {
			writeXML(out, name, element)
		}
		return
	}
	fmt.Fprintf(out, "<%s>", name)
	switch value := value.(type) {
	case object:
		for _, member := range value {
			writeXML(out, member.name, member.value)
		}
	case nil:
	default:
		_ = xml.EscapeText(out, fmt.Append(nil, value)) // A buffer does not fail.
	}
	fmt.Fprintf(out, "</%s>", name)
}

// withoutEmpty leaves out the members that are empty texts.
func (o object) withoutEmpty() object {
	var kept object
	for _, member := range o {
		if member.value != "" && member.value != bare("") {
			kept = append(kept, member)
		}
	}
	return kept
}
