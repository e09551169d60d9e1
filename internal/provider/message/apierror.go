package message

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

const lookUpCode = "Look the code up in Alibaba Cloud's documentation, or ask its support with the request ID"

// apiDetails lists the operation and what the API returned. Without an answer, unanswered
// returns the reason.
func apiDetails(err error) string {
	failure, ok := errors.AsType[*apierror.Error](err)
	if !ok {
		return err.Error()
	}
	if failure.Delivery != apierror.Answered && failure.HTTPStatus == 0 {
		return fmt.Sprintf("  %-11s %s (%s)", "Operation:", failure.Action, failure.Host)
	}
	var lines []string
	line := func(name, value, more string) {
		if value != "" && more != "" {
			value += " (" + more + ")"
		}
		if value = cmp.Or(value, more); value != "" {
			lines = append(lines, fmt.Sprintf("  %-11s %s", name+":", value))
		}
	}
	status := ""
	if failure.HTTPStatus != 0 {
		status = fmt.Sprintf("HTTP status %d", failure.HTTPStatus)
	}
	line("Operation", failure.Action, failure.Host)
	line("Error code", failure.Code, status)
	if failure.Delivery == apierror.Answered { // Otherwise unanswered has the message.
		line("Message", failure.Message, "")
	}
	line("Request ID", failure.RequestID, "")
	line("More", failure.Recommend, "")
	return strings.Join(lines, "\n")
}

// meaning returns what the error code means, empty if the provider does not know it.
func meaning(failure *apierror.Error) string {
	family, _ := failure.Family()
	return Explain(family).Meaning
}

// nextStep returns what to do about the error code, empty if the provider does not know
// it. It names a missing permission.
func nextStep(failure *apierror.Error) string {
	family, _ := failure.Family()
	step, action := Explain(family).NextStep, ramActions[failure.Action]
	if action == "" || step != stepRights {
		return step
	}
	step = "Give the credentials the permission for the RAM action " + action + ", then try again."
	if strings.HasPrefix(action, "bss:DescribeOrder") || action == ramActions["CancelOrder"] {
		step += " You can place orders without it."
	}
	return step
}

// ramActions are the RAM action and the resource that each operation needs. Billing
// names its actions differently from its operations.
//
// Source: https://www.alibabacloud.com/help/doc-detail/114591.html and the pages of the
// other operations.
var ramActions = map[string]string{
	"CreatePhysicalConnectionOccupancyOrder": "vpc:CreatePhysicalConnectionOccupancyOrder on acs:vpc:*:*:physicalconnection/*",
	"DescribePhysicalConnections":            "vpc:DescribePhysicalConnections on acs:vpc:*:*:physicalconnection/*",
	"GetOrderDetail":                         "bss:DescribeOrderDetail on *",
	"QueryOrders":                            "bss:DescribeOrderList on *",
	"CancelOrder":                            "bss:CancelOrder on *",
	"QueryAvailableInstances":                "bss:DescribeInstances on *",
	"SetRenewal":                             "bss:ModifyPrepaidInstanceAutoRenew on *",
}

// removeCause returns how to remove the cause that prevents a request. After that, the user
// runs a command such as "plan" again. It is empty if the error's message is enough.
func removeCause(cause apierror.PermanentCause, again string) string {
	step := ""
	switch cause {
	case apierror.CauseCredentials:
		step = "Check the provider's credentials: the access key, or the profile and its login; for a role its ARN, its trust policy, the permission for " +
			"sts:AssumeRole, and the file with the OIDC token."
	case apierror.CauseTrust:
		step = "Check that the endpoint is the one you mean. It must support TLS 1.2, and this machine must trust its certificate: on Linux, the environment " +
			"variable SSL_CERT_FILE can name the file of the authority."
	case apierror.CauseHost:
		step = "Check the region and the endpoints in the provider block: they decide the host name."
	case apierror.CauseProxy:
		step = "Check the environment variables HTTPS_PROXY and NO_PROXY: the address of the proxy, its user name and password, and whether it allows this host."
	case apierror.CauseRefused:
		step = "Check host and port of the endpoint, that a service listens there, and that no firewall blocks it."
	case apierror.NoPermanentCause, apierror.CauseRequest:
		return ""
	}
	return step + " Then " + again + " again."
}

// readFailure returns why a read failed, and the next step.
func readFailure(err error) string { return readFailureIn(err, "plan") }

// readFailureIn is readFailure for a command that the user has to run again.
func readFailureIn(err error, again string) string {
	failure, ok := errors.AsType[*apierror.Error](err)
	if !ok {
		return err.Error()
	}
	family, known := failure.Family()
	happened, next := unanswered(failure), ""
	switch {
	case failure.Delivery == apierror.NotSent && failure.PermanentCause != apierror.NoPermanentCause:
		next = removeCause(failure.PermanentCause, again)
	case failure.Delivery != apierror.Answered:
		next = "Check the network, any proxy and the endpoints in the provider block. If the message is about credentials, check the host or command that " +
			"issues them. Then " + again + " again."
	case known && family.Group == apierror.GroupThrottling:
		happened = meaning(failure)
		next = "The provider has tried several times. " + upper(again) + " again later, or with fewer parallel operations (-parallelism)."
	case known && family.Class == apierror.Final:
		happened, next = meaning(failure), nextStep(failure)
	case known, failure.HTTPStatus == http.StatusTooManyRequests, failure.HTTPStatus >= http.StatusInternalServerError:
		next = "The provider has tried several times. " + upper(again) + " again later."
	default:
		next = lookUpCode + ". Then " + again + " again."
	}
	return paragraphs(happened, stepOf(next), apiDetails(failure))
}

// unanswered returns why there is no answer of the API, empty if there is one.
func unanswered(failure *apierror.Error) string {
	if failure.Delivery == apierror.Answered || failure.Message == "" {
		return ""
	}
	return upper(failure.Message) + "."
}

// upper returns a text that is not empty with a capital first letter.
func upper(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

// stepOf returns the paragraph with the next step.
func stepOf(step string) string {
	if step == "" {
		return ""
	}
	return "Next step: " + step
}

// notFound describes a circuit that the API does not find.
func notFound(err *circuit.NotFoundError) string {
	text := fmt.Sprintf("%s finds no circuit %s in region %s for these credentials.", err.Host, err.CircuitID, err.Region)
	if err.RequestID != "" {
		text += " Request ID: " + err.RequestID + "."
	}
	return text
}

const checkCircuit = "Check physical_connection_id, region_id and the provider's credentials."
