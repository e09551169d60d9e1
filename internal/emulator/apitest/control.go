package apitest

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// Control sends a control request.
func Control(t *testing.T, e *emulator.Emulator, method, path, body string) Reply {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), method, "http://emulator.test"+emulator.ControlPrefix+path, strings.NewReader(body))
	recorder := httptest.NewRecorder()
	e.ServeHTTP(recorder, request)
	return Recorded(recorder)
}

// MustControl sends a control request that must succeed.
func MustControl(t *testing.T, e *emulator.Emulator, method, path, body string, answer any) {
	t.Helper()
	got := Control(t, e, method, path, body)
	if got.Status >= http.StatusBadRequest {
		t.Fatalf("%s %s: HTTP %d %s", method, path, got.Status, got.Body)
	}
	if answer != nil {
		got.Decode(t, answer)
	}
}
