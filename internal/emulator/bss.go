package emulator

import (
	"cmp"
	"net"
	"net/http"
	"strings"
)

const paramOrderID = "OrderId"

const codeSuccess = "Success"

// billed puts what a billing operation answers into billing's envelope.
func billed(run runner) runner {
	return func(e *Emulator, q *request) (object, *apiError) {
		var data object
		failure := e.checkBillingHost(q)
		if failure == nil {
			data, failure = run(e, q)
		}
		if failure != nil {
			if e.quirks.UnsuccessfulAs200 {
				failure.status = http.StatusOK
			}
			return nil, failure
		}
		code, message := codeSuccess, "Successful!"
		if q.params[paramAction] == actionBalance {
			code, message = "200", "success"
		}
		return object{
			{"Code", cmp.Or(e.quirks.BillingSuccessCode, code)},
			{"Message", message},
			{"RequestId", q.id},
			{"Success", true},
			{"Data", data},
		}, nil
	}
}

// unsuccessful is a refusal that the HTTP status does not tell.
func unsuccessful(q *request, failure *apiError) answer {
	return answer{
		status: failure.status,
		code:   failure.code,
		root:   q.params[paramAction] + "Response",
		body: object{
			{"Code", failure.code},
			{"Message", failure.message},
			{"RequestId", q.id},
			{"Success", false},
		},
	}
}

// checkBillingHost refuses an account of the other site.
func (e *Emulator) checkBillingHost(q *request) *apiError {
	host, _, err := net.SplitHostPort(q.host)
	if err != nil {
		host = q.host // It has no port.
	}
	if only := e.quirks.BillingHost; only != "" && !strings.EqualFold(host, only) {
		return fail("NotApplicable")
	}
	return nil
}

// invalidParameter is billing's answer to a value that the parameter cannot
// have.
func invalidParameter(name string) *apiError {
	return fail("InvalidParameter").saying("The specified parameter " + name + " is not valid.")
}
