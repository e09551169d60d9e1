package physicalconnection_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
)

// waiting is a configuration that waits for a circuit in service.
func waiting(more ...any) arguments {
	config := arguments{"physical_connection_id": circuitID, "wait_for_status": "Enabled"}
	for i := 0; i+1 < len(more); i += 2 {
		config[more[i].(string)] = more[i+1] //nolint:forcetypeassert // Literals of the tests.
	}
	return config
}

func timeout(read string) arguments { return arguments{"read": read} }

// pay orders the circuit and pays at once, as another user does.
func (s *source) pay() {
	s.t.Helper()
	client, err := alibaba.New(alibaba.Config{
		Region: acctest.Region, VPCEndpoint: "http://127.0.0.1", Transport: s.transport,
		Credentials: credentials.Static(emulator.DefaultCredential.AccessKeyID, emulator.DefaultCredential.AccessKeySecret, ""),
	})
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := client.SendOrder(s.t.Context(), order.Request{
		Region: acctest.Region, CircuitID: circuitID, Period: new(int64(1)), PricingCycle: order.CycleMonth, AutoPay: true,
		ChargeType: order.ChargeTypePrePaid, ClientToken: "somebody-else",
	}); err != nil {
		s.t.Fatal(err)
	}
}

func TestWait_EndsWhenTheCircuitIsInService(t *testing.T) {
	t.Parallel()
	for _, delay := range []time.Duration{time.Second, 30 * time.Second, 19 * time.Minute} {
		t.Run(delay.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newSource(t, emulator.Quirks{EnableDelay: delay}, emulator.Circuit{ID: circuitID})
				begin := time.Now()
				s.pay()

				read := s.mustRead(waiting())

				if read.text("status") != "Enabled" || read.text("enabled_time") == "" || read.text("end_time") == "" || read.text("wait_for_status") != "Enabled" {
					t.Errorf("status %q, enabled %q, end %q", read.text("status"), read.text("enabled_time"), read.text("end_time"))
				}
				if took := time.Since(begin); took < delay || took > delay+15*time.Second {
					t.Errorf("the wait ended after %s, want at most 15s after %s", took, delay)
				}
			})
		})
	}
}

func TestWait_CircuitInService_EndsAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSource(t, emulator.Quirks{}, everything())
		begin := time.Now()
		s.mustRead(waiting())
		if s.reads() != 1 || time.Since(begin) > batchWindow {
			t.Errorf("%d reads in %s, want one at once", s.reads(), time.Since(begin))
		}
	})
}

func TestWait_Timeout_NamesStateTimeoutAndNextStep(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		circuit emulator.Circuit
		config  arguments
		takes   time.Duration
		values  []string
	}{
		"DefaultTimeout": {emulator.Circuit{}, waiting(), 20 * time.Minute, []string{"Confirmed (LOA Complete)", "20m0s", "timeouts.read"}},
		"OwnTimeout":     {emulator.Circuit{}, waiting("timeouts", timeout("90s")), 90 * time.Second, []string{"Confirmed (LOA Complete)", "1m30s", "timeouts.read"}},
		"Construction":   {emulator.Circuit{Status: "Allocated", LOAStatus: "Available"}, waiting("timeouts", timeout("1m")), time.Minute, []string{"Allocated (LOA Available)", "CompletePhysicalConnectionLOA"}},
		"Application":    {emulator.Circuit{Status: "Initial"}, waiting("timeouts", timeout("1m")), time.Minute, []string{"Initial"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				test.circuit.ID = circuitID
				s := newSource(t, emulator.Quirks{}, test.circuit)
				begin := time.Now()

				_, diags := s.read(t.Context(), test.config)

				messagetest.WantError(t, diags, "wait_for_status", message.StatusNotReached, append(test.values, circuitID, "cn-hangzhou")...)
				if took := time.Since(begin); took != test.takes {
					t.Errorf("waited %s, want %s", took, test.takes)
				}
			})
		})
	}
}

func TestWait_UnreachableStatus_FailsAtOnce(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ status, wanted string }{
		{"Rejected", "Enabled"},
		{"Canceled", "Enabled"},
		{"Allocation Failed", "Confirmed"},
		{"Terminated", "Enabled"},
		{"Enabled", "Confirmed"}, // otherwise every plan after the payment would wait until the timeout
	} {
		t.Run(test.status, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newSource(t, emulator.Quirks{}, emulator.Circuit{ID: circuitID, Status: test.status})
				begin := time.Now()
				_, diags := s.read(t.Context(), waiting("wait_for_status", test.wanted))
				messagetest.WantError(t, diags, "wait_for_status", message.StatusNotReached, test.status, test.wanted)
				if s.reads() != 1 || time.Since(begin) > batchWindow {
					t.Errorf("%d reads in %s, want one at once", s.reads(), time.Since(begin))
				}
			})
		})
	}
}

func TestWait_ShortOutage_Continues(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSource(t, emulator.Quirks{EnableDelay: 5 * time.Minute}, emulator.Circuit{ID: circuitID})
		s.pay()
		s.emulator.AddFault(emulator.Fault{Action: describe, Times: -1, Kind: emulator.AnswerError, HTTPStatus: 503, Code: "ServiceUnavailable"})
		time.AfterFunc(10*time.Minute, s.emulator.ClearFaults)
		if read := s.mustRead(waiting()); read.text("status") != "Enabled" {
			t.Errorf("status %q", read.text("status"))
		}
	})
}

func TestWait_TimeoutDuringAnOutage_NamesStateAndFailure(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSource(t, emulator.Quirks{}, emulator.Circuit{ID: circuitID})
		s.emulator.AddFault(emulator.Fault{Action: describe, Skip: 1, Times: -1, Kind: emulator.AnswerError, HTTPStatus: 503, Code: "ServiceUnavailable"})
		_, diags := s.read(t.Context(), waiting("timeouts", timeout("5m")))
		messagetest.WantError(t, diags, "wait_for_status", message.StatusNotReached, "Confirmed (LOA Complete)", "5m0s", "ServiceUnavailable")
	})
}

func TestWait_CircuitNeverRead_NamesTheFailure(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSource(t, emulator.Quirks{}, emulator.Circuit{ID: circuitID})
		s.emulator.AddFault(emulator.Fault{Action: describe, Times: -1, Kind: emulator.Hang})
		begin := time.Now()
		_, diags := s.read(t.Context(), waiting("timeouts", timeout("10s")))
		messagetest.WantError(t, diags, "", message.CircuitUnreadable, circuitID, "127.0.0.1")
		if took := time.Since(begin); took != 10*time.Second {
			t.Errorf("ended after %s: a reading that hangs holds up the end of timeouts.read", took)
		}
	})
}

func TestWait_Interrupt_EndsAtOnce(t *testing.T) {
	t.Parallel()
	for name, interrupt := range map[string]func(*source, context.CancelFunc){
		"CoreIsGone": func(_ *source, cancel context.CancelFunc) { cancel() },
		"CtrlC": func(s *source, _ context.CancelFunc) {
			_ = s.core.Stop(context.Background())
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newSource(t, emulator.Quirks{}, emulator.Circuit{ID: circuitID})
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				begin := time.Now()
				time.AfterFunc(time.Minute, func() { interrupt(s, cancel) })

				_, diags := s.read(ctx, waiting())

				messagetest.WantError(t, diags, "wait_for_status", message.StatusNotReached, "Confirmed")
				messagetest.WantNoValues(t, diags, "20m0s")
				if took := time.Since(begin); took != time.Minute {
					t.Errorf("ended after %s, want 1m", took)
				}
			})
		})
	}
}

func TestWait_ManyDataSources_ShareTheirReads(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSource(t, emulator.Quirks{EnableDelay: 10 * time.Minute})
		ids := make([]string, 40)
		for i := range ids {
			ids[i] = fmt.Sprintf("pc-wait%02d", i)
			s.emulator.AddCircuit(emulator.Circuit{ID: ids[i]})
		}
		before := s.reads()
		time.AfterFunc(5*time.Minute, func() {
			for _, id := range ids {
				s.emulator.ChangeCircuit(acctest.Region, id, func(c *emulator.Circuit) { c.Status = "Enabled" })
			}
		})
		begin := time.Now()
		var all sync.WaitGroup
		for _, id := range ids {
			all.Go(func() { s.mustRead(arguments{"physical_connection_id": id, "wait_for_status": "Enabled"}) })
		}
		all.Wait()
		polls := int(time.Since(begin)/(15*time.Second)) + 10
		if reads := s.reads() - before; reads > 3*polls {
			t.Errorf("%d reads by 40 data sources in %s", reads, time.Since(begin))
		}
	})
}
