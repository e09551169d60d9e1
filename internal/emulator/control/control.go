// Package control serves the routes that inspect and change the emulator. They use JSON with
// the field names of the emulator's types, and durations such as "24h".
package control

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/account"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/gateway"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/strictjson"
)

// Prefix is the path of the control routes. They need no credentials, so a server listens on
// loopback addresses by default.
const Prefix = "/_emulator/"

const maxBody = 1 << 20

// Target is what the routes inspect and change.
type Target struct {
	*account.Account
	*gateway.Gateway

	Version    string
	Reset      func() error
	StateError func() error // why the last change was not saved
	Authority  func() []byte
}

type (
	// endpoint runs a route. It answers with the status, or with 204 if there is no value.
	endpoint struct {
		run     func(Target, *http.Request) (any, error)
		status  int
		in, out reflect.Type // of the bodies; nil for none
	}
	// refusal is an error with another status than 400.
	refusal struct {
		error

		status int
	}
	// plainText is a body that is not JSON.
	plainText []byte
)

// New returns a handler for the routes below Prefix.
func New(t Target) http.Handler {
	mux := http.NewServeMux()
	for _, route := range Routes() {
		mux.HandleFunc(route.Method+" "+Prefix+route.Path, func(w http.ResponseWriter, r *http.Request) {
			r.Body = http.MaxBytesReader(w, r.Body, maxBody)
			value, err := route.run(t, r)
			write(w, route.status, value, err)
		})
	}
	// Otherwise any page in a browser could send requests, because they need no credentials.
	return http.NewCrossOriginProtection().Handler(mux)
}

// write answers with a value or an error.
func write(w http.ResponseWriter, status int, value any, err error) {
	if err != nil {
		status, value = http.StatusBadRequest, failure{err.Error()}
		if refused := (refusal{}); errors.As(err, &refused) {
			status = refused.status
		}
	}
	switch value := value.(type) {
	case nil:
		w.WriteHeader(http.StatusNoContent)
	case plainText:
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write(value) // The client may have disconnected.
	default:
		writeJSON(w, status, value)
	}
}

// failure is the body of an error.
type failure struct{ Error string }

func writeJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = encode(w, value) // The client may have disconnected.
}

func encode(w io.Writer, value any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}

// get returns an endpoint that only reads.
func get[Out any](read func(Target) Out) endpoint {
	return on(func(t Target, _ *http.Request) (Out, error) { return read(t), nil })
}

// do returns an endpoint that has no body and no content in its answer.
func do(change func(t Target, r *http.Request) error) endpoint {
	return endpoint{
		run:    func(t Target, r *http.Request) (any, error) { return nil, change(t, r) },
		status: http.StatusNoContent,
	}
}

// on returns an endpoint that does not read the body of the request.
func on[Out any](handle func(t Target, r *http.Request) (Out, error)) endpoint {
	return endpoint{
		run:    func(t Target, r *http.Request) (any, error) { return handle(t, r) },
		status: http.StatusOK,
		out:    reflect.TypeFor[Out](),
	}
}

// with returns an endpoint that reads the body of the request.
func with[In, Out any](handle func(t Target, r *http.Request, body In) (Out, error)) endpoint {
	e := on(func(t Target, r *http.Request) (Out, error) {
		var body In
		text, err := io.ReadAll(r.Body)
		if err == nil {
			err = strictjson.Decode(text, &body)
		}
		if err != nil {
			var none Out
			return none, err
		}
		return handle(t, r, body)
	})
	e.in = reflect.TypeFor[In]()
	return e
}

// created returns an endpoint that answers with status 201.
func created(e endpoint) endpoint {
	e.status = http.StatusCreated
	return e
}
