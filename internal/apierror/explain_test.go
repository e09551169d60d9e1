package apierror_test

import (
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordertest"
)

func TestEachFailureOfAReadSaysWhatToDoNext(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		failure *apierror.Error
		want    string
	}{
		"Credentials":  {ordertest.NotSent(apierror.CauseCredentials), "Check the credentials that the provider uses"},
		"Trust":        {ordertest.NotSent(apierror.CauseTrust), "SSL_CERT_FILE"},
		"Host":         {ordertest.NotSent(apierror.CauseHost), "Check the region and the endpoints"},
		"Proxy":        {ordertest.NotSent(apierror.CauseProxy), "HTTPS_PROXY and NO_PROXY"},
		"Refused":      {ordertest.NotSent(apierror.CauseRefused), "a service listens there"},
		"NotConnected": {ordertest.NotSent(apierror.NoPermanentCause), "Check the network"},
		"Lost":         {ordertest.Lost(), "Check the network"},
		"Throttled":    {ordertest.Throttled(), "-parallelism"},
		"Down":         {ordertest.Answered(503, "Brand.NewCode"), "Plan again later"},
		"NoRights":     {ordertest.Answered(403, "Forbidden.RAM"), "RAM"},
		"UnknownCode":  {ordertest.Answered(400, "Brand.NewCode"), "Look the code up"},
		"WithoutACode": {ordertest.Answered(404, ""), "ask its support"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := test.failure.ExplainRead()
			if _, next, _ := strings.Cut(text, "Next step: "); !strings.Contains(next, test.want) {
				t.Errorf("the next step lacks %q:\n%s", test.want, text)
			}
		})
	}
}

func TestNextStepsOfAnObstacleEndWithTheCommandToRepeat(t *testing.T) {
	t.Parallel()
	for _, obstacle := range []apierror.PermanentCause{apierror.CauseCredentials, apierror.CauseTrust, apierror.CauseHost, apierror.CauseProxy, apierror.CauseRefused} {
		if step := obstacle.NextStep("apply"); !strings.HasSuffix(step, " Then apply again.") {
			t.Errorf("obstacle %d: %q", obstacle, step)
		}
	}
	if step := apierror.CauseRequest.NextStep("apply"); step != "" {
		t.Errorf("what the message says is said again: %q", step)
	}
}
