package ordering_test

import (
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/ordering"
)

func TestEachFailureOfAReadSaysWhatToDoNext(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		failure *ordering.Failure
		want    string
	}{
		"Credentials":  {notSent(ordering.ObstacleCredentials), "Check the credentials that the provider uses"},
		"Trust":        {notSent(ordering.ObstacleTrust), "SSL_CERT_FILE"},
		"Host":         {notSent(ordering.ObstacleHost), "Check the region and the endpoints"},
		"Proxy":        {notSent(ordering.ObstacleProxy), "HTTPS_PROXY and NO_PROXY"},
		"Refused":      {notSent(ordering.ObstacleRefused), "a service listens there"},
		"NotConnected": {notSent(ordering.NoObstacle), "Check the network"},
		"Lost":         {lost(), "Check the network"},
		"Throttled":    {throttled(), "-parallelism"},
		"Down":         {answered(503, "Brand.NewCode"), "Plan again later"},
		"NoRights":     {answered(403, "Forbidden.RAM"), "RAM"},
		"UnknownCode":  {answered(400, "Brand.NewCode"), "Look the code up"},
		"WithoutACode": {answered(404, ""), "ask its support"},
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
	for _, obstacle := range []ordering.Obstacle{ordering.ObstacleCredentials, ordering.ObstacleTrust, ordering.ObstacleHost, ordering.ObstacleProxy, ordering.ObstacleRefused} {
		if step := obstacle.NextStep("apply"); !strings.HasSuffix(step, " Then apply again.") {
			t.Errorf("obstacle %d: %q", obstacle, step)
		}
	}
	if step := ordering.ObstacleRequest.NextStep("apply"); step != "" {
		t.Errorf("what the message says is said again: %q", step)
	}
}
