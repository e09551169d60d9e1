package rpc

import (
	"context"
	"regexp"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
)

// LogSubsystem is the name of the subsystem in which calls are logged.
const LogSubsystem = "alibaba"

// sessionKey matches access key IDs, permanent and of sessions.
var sessionKey = regexp.MustCompile(`\b(LTAI|STS\.)[A-Za-z0-9]{8,}`)

// withLogging gives ctx the subsystem in which calls are logged. The environment
// variable TF_LOG_PROVIDER_EXPRESSCONNECT_API sets its level; unset, the provider's
// own level holds. Without a logger in ctx nothing is logged.
func withLogging(ctx context.Context) context.Context {
	ctx = tflog.NewSubsystem(ctx, LogSubsystem, tflog.WithLevelFromEnv("TF_LOG_PROVIDER_EXPRESSCONNECT", "API"))
	return tflog.SubsystemMaskLogRegexes(ctx, LogSubsystem, sessionKey, secretValue)
}

// logAttempt writes the one line of an attempt. It takes nothing from bodies and
// URLs but what identifies call and answer.
func logAttempt(ctx context.Context, call Call, try int, took time.Duration, received Answer, failure *apierror.Error) {
	fields := map[string]any{
		"action":       call.Action,
		"try":          try,
		"host":         call.Endpoint.Host,
		"milliseconds": took.Milliseconds(),
		"outcome":      "ok",
		"code":         "",
		"http_status":  received.status,
		"request_id":   received.RequestID,
	}
	if failure != nil {
		fields["outcome"] = outcomes[failure.Delivery]
		fields["code"] = failure.Code
		fields["http_status"] = failure.HTTPStatus
		fields["request_id"] = failure.RequestID
	}
	tflog.SubsystemDebug(withLogging(ctx), LogSubsystem, "API call", fields)
}

var outcomes = map[apierror.Delivery]string{
	apierror.NotSent:      "not sent",
	apierror.ResponseLost: "lost",
	apierror.Answered:     "refused",
}
