package emulator_test

import (
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

func TestCallsBeyondTheQuotaAreThrottledForAMinute(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{CallQuota: 3})
	for range 3 {
		expectCode(t, call(t, e, "DescribePhysicalConnections", map[string]string{"RegionId": circuit.Region}), 200, "")
	}
	expectCode(t, call(t, e, "DescribePhysicalConnections", map[string]string{"RegionId": circuit.Region}), 400, "Throttling.User")
	expectCode(t, call(t, e, "DescribePhysicalConnections", map[string]string{"RegionId": "cn-shanghai"}), 200, "")
	e.Advance(time.Minute)
	expectCode(t, call(t, e, "DescribePhysicalConnections", map[string]string{"RegionId": circuit.Region}), 200, "")
}
