package sources_test

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/alibabatest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials/sources"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// inProcess passes requests to an emulator without a network, so that both use fake
// time. The emulator refuses sessions that have ended.
func inProcess(e *emulator.Emulator) alibabatest.Transport {
	return func(request *http.Request) (*http.Response, error) {
		recorder := httptest.NewRecorder()
		served := request.Clone(request.Context())
		served.RequestURI = request.URL.RequestURI()
		if served.Body == nil {
			served.Body = http.NoBody
		}
		e.ServeHTTP(recorder, served)
		return recorder.Result(), nil
	}
}

func TestSession_IsRenewedDuringALongWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e := emulator.New(emulator.Options{Credentials: []emulator.Credential{canaryKey}})
		e.AddCircuit(emulator.Circuit{ID: alibabatest.CircuitID})
		base := inProcess(e)
		source, err := sources.Factory{Transport: base}.AssumeRole(
			credentials.Static(alibabatest.CanaryID, alibabatest.CanarySecret, ""), sources.Role{ARN: alibabatest.RoleARN, Duration: sources.MinSession})
		if err != nil {
			t.Fatal(err)
		}
		client := alibabatest.Configure(t, alibaba.Config{Credentials: source, Transport: base})
		var group sync.WaitGroup
		for waiting := range 4 {
			group.Go(func() {
				// Each reads in its own interval, like a wait for a status.
				for start := time.Now(); time.Since(start) < 2*time.Hour; time.Sleep(time.Duration(50+waiting) * time.Second) {
					if _, err := alibabatest.Describe(t.Context(), client); err != nil {
						t.Errorf("after %s: %v", time.Since(start), err)
						return
					}
				}
			})
		}
		group.Wait()
		sessions := e.CallCount("AssumeRole")
		if sessions < 8 || sessions > 14 {
			t.Errorf("%d sessions of 15 minutes in 2 hours", sessions)
		}
		if calls := e.CallCount("DescribePhysicalConnections"); calls < 4*2*60 {
			t.Errorf("only %d calls", calls)
		}
		if _, err := client.SendOrder(t.Context(), alibabatest.Request()); err != nil || len(e.Orders()) != 1 {
			t.Errorf("%d orders, %v", len(e.Orders()), err)
		}
	})
}
