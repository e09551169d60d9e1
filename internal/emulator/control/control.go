// Package control serves the routes that inspect and change the emulator. They use JSON with
// the field names of the emulator's types, and durations such as "24h".
package control

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/account"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/gateway"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/strictjson"
)

// Prefix is the path of the control routes. They need no credentials, so a server listens on
// loopback addresses by default.
const Prefix = "/_emulator/"

const maxBody = 1 << 20

// target is what the routes inspect and change.
type target struct {
	*account.Account
	*gateway.Gateway
}

type (
	// handler runs a route and returns the value to answer with; nil for no content. A
	// created value is answered with status 201, an error with 400 or the status of a refusal.
	handler func(target, *http.Request) (any, error)
	created struct{ value any }
	refusal struct {
		error

		status int
	}
)

// New returns a handler for the routes below Prefix.
func New(store *account.Account, api *gateway.Gateway) http.Handler {
	mux := http.NewServeMux()
	for _, route := range Routes() {
		mux.HandleFunc(route.Method+" "+Prefix+route.Path, func(w http.ResponseWriter, r *http.Request) {
			r.Body = http.MaxBytesReader(w, r.Body, maxBody)
			value, err := route.handle(target{store, api}, r)
			write(w, value, err)
		})
	}
	// Otherwise any page in a browser could send requests, because they need no credentials.
	return http.NewCrossOriginProtection().Handler(mux)
}

// write answers with a value or an error.
func write(w http.ResponseWriter, value any, err error) {
	status := http.StatusOK
	if made, is := value.(created); is {
		status, value = http.StatusCreated, made.value
	}
	if err != nil {
		status, value = http.StatusBadRequest, map[string]string{"Error": err.Error()}
		if refused := (refusal{}); errors.As(err, &refused) {
			status = refused.status
		}
	}
	if value == nil {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	writeJSON(w, status, value)
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	_ = encoder.Encode(value) // The client may have disconnected.
}

// get returns a handler that only reads.
func get[T any](read func(target) T) handler {
	return func(t target, _ *http.Request) (any, error) { return read(t), nil }
}

// do returns a handler that has no body and no content in its answer.
func do(change func(target)) handler {
	return func(t target, _ *http.Request) (any, error) {
		change(t)
		return nil, nil
	}
}

// with returns a handler that reads the body of the request.
func with[T any](handle func(t target, r *http.Request, body T) (any, error)) handler {
	return func(t target, r *http.Request) (any, error) {
		var body T
		text, err := io.ReadAll(r.Body)
		if err == nil {
			err = strictjson.Decode(text, &body)
		}
		if err != nil {
			return nil, err
		}
		return handle(t, r, body)
	}
}
