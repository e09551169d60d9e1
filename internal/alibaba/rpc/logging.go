package rpc

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/lazyregexp"
)

// LogSubsystem is the name of the log subsystem for API calls.
const LogSubsystem = "alibaba"

// sessionKey matches access key IDs, permanent and of sessions.
var sessionKey = lazyregexp.New(`\b(LTAI|STS\.)[A-Za-z0-9]{8,}`)

// withLogging adds the log subsystem to ctx. The environment variable
// TF_LOG_PROVIDER_EXPRESSCONNECT_API sets its level. If it is not set, the level of the
// provider counts. Without a logger in ctx, nothing is logged.
func withLogging(ctx context.Context) context.Context {
	ctx = tflog.NewSubsystem(ctx, LogSubsystem, tflog.WithLevelFromEnv("TF_LOG_PROVIDER_EXPRESSCONNECT", "API"))
	return tflog.SubsystemMaskLogRegexes(ctx, LogSubsystem, sessionKey(), secretValue())
}

var outcomes = map[apierror.Delivery]string{
	apierror.NotSent:      "not sent",
	apierror.ResponseLost: "lost",
	apierror.Answered:     "refused",
}

// logCall logs one try in one line. Of bodies and URLs it logs only what identifies the
// call and the answer.
func logCall(ctx context.Context, call Call, took time.Duration, answer Answer, failure *apierror.Error) {
	fields := map[string]any{
		"action":       call.Action,
		"try":          max(call.Try, 1),
		"host":         call.Endpoint.Host,
		"milliseconds": took.Milliseconds(),
		"outcome":      "ok",
		"code":         "",
		"http_status":  answer.status,
		"request_id":   answer.RequestID,
	}
	if failure != nil {
		fields["outcome"] = outcomes[failure.Delivery]
		fields["code"] = failure.Code
		fields["http_status"] = failure.HTTPStatus
		fields["request_id"] = failure.RequestID
	}
	tflog.SubsystemDebug(withLogging(ctx), LogSubsystem, "API call", fields)
}
