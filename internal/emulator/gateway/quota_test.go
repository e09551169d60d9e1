package gateway_test

import (
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/apitest"
)

func TestCallQuota_ExceedingCalls_AreThrottledForAMinute(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{CallQuota: 3})
	for range 3 {
		apitest.ExpectCode(t, apitest.Call(t, e, "DescribePhysicalConnections", map[string]string{"RegionId": circuit.Region}), 200, "")
	}
	apitest.ExpectCode(t, apitest.Call(t, e, "DescribePhysicalConnections", map[string]string{"RegionId": circuit.Region}), 400, "Throttling.User")
	apitest.ExpectCode(t, apitest.Call(t, e, "DescribePhysicalConnections", map[string]string{"RegionId": "cn-shanghai"}), 200, "")
	e.Advance(time.Minute)
	apitest.ExpectCode(t, apitest.Call(t, e, "DescribePhysicalConnections", map[string]string{"RegionId": circuit.Region}), 200, "")
}
