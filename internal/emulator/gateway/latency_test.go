package gateway_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/apitest"
)

func TestLatency_DelaysEveryAnswer(t *testing.T) {
	t.Parallel()
	for _, latency := range []time.Duration{0, 50 * time.Millisecond} {
		synctest.Test(t, func(t *testing.T) {
			e := emulator.New(emulator.Options{Clock: apitest.FixedClock, Latency: latency})
			circuit := e.AddCircuit(emulator.Circuit{})
			begun := time.Now()
			apitest.Order(t, e, circuit, nil).OrderID(t)
			apitest.Call(t, e, apitest.DescribeRegions, apitest.Params{"AccessKeyId": "unknown"})
			if took := time.Since(begun); took != 2*latency {
				t.Errorf("an answer and a refusal took %v, want %v", took, 2*latency)
			}
		})
	}
}
