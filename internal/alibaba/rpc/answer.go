package rpc

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
)

// answer is a success that the operation has yet to read.
type Answer struct {
	// succeeded means that the answer itself reports a success.
	Succeeded bool
	status    int
	RequestID string
	Date      *time.Time // by the server's clock, nil where it did not say
	Body      []byte
}

// envelope holds the fields that errors have, and successes may have. Matching is
// not case-sensitive, which serves the lower-camel answers of 2018 as well.
type envelope struct {
	RequestID Text `json:"RequestId" xml:"RequestId"`
	Code      Text `json:"Code" xml:"Code"`
	Message   Text `json:"Message" xml:"Message"`
	Recommend Text `json:"Recommend" xml:"Recommend"`
	Success   Text `json:"Success" xml:"Success"`
}

// refused reports whether an answer with a 2xx status says that the call failed.
// Where Success and Code contradict each other, an answer about orders counts as
// refused, so that nothing is concluded from it; an order that was placed does not,
// so that its ID is not lost.
func (e envelope) refused(by API) bool {
	if e.Success == "" || by.RefusesWith200 && e.succeeded() {
		return e.Code != "" && !e.codeIsGood()
	}
	return !e.succeeded()
}

func (e envelope) succeeded() bool { return strings.EqualFold(string(e.Success), "true") }

func (e envelope) codeIsGood() bool {
	return slices.Contains([]string{"success", "ok", "200", "0"}, strings.ToLower(string(e.Code)))
}

// parseEnvelope reads the common fields. The gateway answers in XML, briefly, when it
// fails before it has read which format is wanted.
func parseEnvelope(body []byte) (envelope, bool) {
	var parsed envelope
	body = bytes.TrimSpace(body)
	switch {
	case bytes.HasPrefix(body, []byte("{")):
		if json.Unmarshal(body, &parsed) != nil {
			return envelope{}, false
		}
	case bytes.HasPrefix(body, []byte("<")) && len(body) <= MaxText:
		if xml.Unmarshal(body, &parsed) != nil || parsed.Code == "" {
			return envelope{}, false
		}
	default:
		return envelope{}, false
	}
	return parsed, true
}

// read makes an answer or a failure of what the exchange brought. It alone decides
// how far the request went, and with that whether an order may exist.
func (call Call) read(x *roundTrip, key credentials.Value) (Answer, *apierror.Error) {
	secrets := append([]string{key.AccessKeySecret, key.SecurityToken, key.AccessKeyID}, call.Secrets...)
	if x.err != nil {
		return Answer{}, call.undelivered(x, secrets)
	}
	parsed, readable := parseEnvelope(x.body)
	requestID := cleanRequestID(string(parsed.RequestID), secrets...)
	if requestID == "" {
		requestID = cleanRequestID(x.header.Get("X-Acs-Request-Id"), secrets...)
	}
	received := Answer{Succeeded: parsed.succeeded() || parsed.codeIsGood(), status: x.status, RequestID: requestID, Body: x.body}
	if date, err := http.ParseTime(x.header.Get("Date")); err == nil {
		received.Date = &date
	}

	successful := x.status >= http.StatusOK && x.status < http.StatusMultipleChoices
	switch {
	case successful && readable && !parsed.refused(call.API):
		return received, nil
	case successful && !readable:
		return Answer{}, call.unreadable(received, "the answer is not in the format of the API")
	}

	failure := call.Failure(apierror.Answered, Clean(string(parsed.Message), secrets...))
	failure.HTTPStatus = x.status
	failure.RequestID = requestID
	failure.Code = cleanCode(string(parsed.Code), secrets...)
	failure.Recommend = cleanAddress(string(parsed.Recommend), secrets...)
	if failure.Message == "" && failure.Code == "" {
		failure.Message = foreignMessage(x.status)
	}
	if successful && call.Effect != nil {
		// A refusal that names an order contradicts itself. The order may exist, so the
		// request is repeated, and the ID must not be lost.
		if effect := call.Effect(x.body); effect != "" && IsHarmless(effect, secrets) {
			failure.Delivery = apierror.ResponseLost
			failure.Message += " (the answer names " + effect + ")"
		}
	}
	return Answer{}, failure
}

// unreadable says that the request was answered by something that cannot be
// understood, so that nobody knows what the server did.
func (call Call) unreadable(received Answer, message string) *apierror.Error {
	failure := call.Failure(apierror.ResponseLost, message)
	failure.HTTPStatus = received.status
	failure.RequestID = received.RequestID
	return failure
}

// foreignMessage stands in for the body of an error that the API did not write.
func foreignMessage(status int) string {
	if status >= http.StatusMultipleChoices && status < http.StatusBadRequest {
		return "the host answered with a redirect, which is not followed"
	}
	return "the answer is not in the format of the API; it may come from a proxy or a load balancer on the way"
}
