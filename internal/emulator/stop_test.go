package emulator_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

func TestClose_AbortsRequestsThatWait(t *testing.T) {
	t.Parallel()
	server, err := emulator.Start(emulator.Options{Latency: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Close(); err != nil {
		t.Error(err)
	}
	defer func() {
		if err, _ := recover().(error); !errors.Is(err, http.ErrAbortHandler) {
			t.Errorf("the request ended with %v, want it aborted", err)
		}
	}()
	server.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://vpc.test/", nil))
}
