package rpc

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
)

// Answer is a successful answer. The operation reads its body later.
type Answer struct {
	// Succeeded means that the body itself reports a success.
	Succeeded bool
	RequestID string
	// Date is the time of the answer by the server's clock; nil if the header is missing.
	Date *time.Time
	Body []byte

	status int
}

// envelope holds the fields that every error has, and that a success may have. JSON
// ignores the case of names, which also reads the lower-camel answers of 2018.
type envelope struct {
	RequestID Text `json:"RequestId" xml:"RequestId"`
	Code      Text `json:"Code" xml:"Code"`
	Message   Text `json:"Message" xml:"Message"`
	Recommend Text `json:"Recommend" xml:"Recommend"`
	Success   Text `json:"Success" xml:"Success"`
}

// refused reports whether an answer with a 2xx status is a refusal. If Success and Code
// contradict each other, an answer of billing is a refusal, because nothing can be decided
// with it. An answer to an order is not a refusal, so that the order ID is not lost.
func (e envelope) refused(by API) bool {
	if e.Success == "" || by.RefusesWith200 && e.succeeded() {
		return e.Code != "" && !e.hasSuccessCode()
	}
	return !e.succeeded()
}

func (e envelope) succeeded() bool { return strings.EqualFold(string(e.Success), "true") }

func (e envelope) hasSuccessCode() bool {
	return slices.Contains([]string{"success", "ok", "200", "0"}, strings.ToLower(string(e.Code)))
}

// parseEnvelope reads the common fields. The gateway answers with a short XML document
// if it fails before it has read the requested format.
func parseEnvelope(body []byte) (parsed envelope, ok bool) {
	body = bytes.TrimSpace(body)
	switch {
	case bytes.HasPrefix(body, []byte("{")):
		ok = json.Unmarshal(body, &parsed) == nil
	case bytes.HasPrefix(body, []byte("<")) && len(body) <= MaxText:
		ok = xml.Unmarshal(body, &parsed) == nil && parsed.Code != ""
	}
	if !ok {
		return envelope{}, false
	}
	return parsed, true
}

// read converts the HTTP result into an answer or an error. It alone decides how far the
// request went, and with that whether an order may exist.
func (call Call) read(result *result, secrets []string) (Answer, *apierror.Error) {
	if result.err != nil {
		return Answer{}, call.undelivered(result, secrets)
	}
	parsed, readable := parseEnvelope(result.body)
	requestID := cleanRequestID(string(parsed.RequestID), secrets...)
	if requestID == "" {
		requestID = result.requestID(secrets)
	}
	answer := Answer{Succeeded: parsed.succeeded() || parsed.hasSuccessCode(), RequestID: requestID, Body: result.body, status: result.status}
	if date, err := http.ParseTime(result.header.Get("Date")); err == nil {
		answer.Date = &date
	}
	successful := result.status >= http.StatusOK && result.status < http.StatusMultipleChoices
	switch {
	case successful && !readable:
		return Answer{}, call.unreadable(answer, "the answer is not in the format of the API")
	case successful && !parsed.refused(call.API):
		return answer, nil
	}

	failure := call.Failure(apierror.Answered, clean(string(parsed.Message), secrets...))
	failure.HTTPStatus = result.status
	failure.RequestID = requestID
	failure.Code = cleanCode(string(parsed.Code), secrets...)
	failure.Recommend = cleanAddress(string(parsed.Recommend), secrets...)
	if failure.Message == "" && failure.Code == "" {
		failure.Message = "the answer is not in the format of the API; it may come from a proxy or a load balancer on the way"
		if result.status >= http.StatusMultipleChoices && result.status < http.StatusBadRequest {
			failure.Message = "the host answered with a redirect, which is not followed"
		}
	}
	if successful && call.Effect != nil {
		// A refusal that names an order contradicts itself. The order may exist, so the
		// caller repeats the request, and the ID must not be lost.
		if effect := call.Effect(result.body); effect != "" && IsHarmless(effect, secrets...) {
			failure.Delivery = apierror.ResponseLost
			failure.Message += " (the answer names " + effect + ")"
		}
	}
	return Answer{}, failure
}

// unreadable returns the error of an answer that shows nothing about what the server did.
func (call Call) unreadable(answer Answer, message string) *apierror.Error {
	failure := call.Failure(apierror.ResponseLost, message)
	failure.HTTPStatus = answer.status
	failure.RequestID = answer.RequestID
	return failure
}
