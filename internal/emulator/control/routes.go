package control

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/account"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/gateway"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/strictjson"
)

// Route is one way to inspect or change the emulator.
type Route struct {
	Method string
	Path   string // below Prefix, with {names} for variable parts
	Body   string // an example of the request's body, or its type; empty for none
	About  string // what the route does

	endpoint
}

// Routes returns the routes below Prefix.
func Routes() []Route {
	return []Route{
		{"GET", "health", "", "returns the version, and whether the emulator is ready; 503 if it is not", on(health)},
		{"GET", "openapi.json", "", "returns the OpenAPI description of these routes", get(openAPI)},
		{"GET", "ca.pem", "", "returns the certificate of the authority; 404 without `-tls`", on(authority)},
		{"GET", "circuits", "", "returns all circuits, oldest first", get(Target.Circuits)},
		{"POST", "circuits", "a `Circuit`", "adds or replaces a circuit; missing fields get a default", created(with(addCircuit))},
		{"PATCH", "circuits/{region}/{id}", "the fields to change", "changes a circuit, for example its `Status`", with(changeCircuit)},
		{"DELETE", "circuits/{region}/{id}", "", "deletes a circuit; its orders stay", do(removeCircuit)},
		{"POST", "circuits/{region}/{id}/renew", `{"Months": 3}`, "places an unpaid order that extends the term", created(with(renew))},
		{"GET", "orders", "", "returns the occupancy orders placed through the API and in the console", get(Target.Orders)},
		{"POST", "console-orders", "a `ConsoleOrder`", "places an order without client token, now or earlier, as a user does in the console", created(with(placeOrder))},
		{"POST", "orders/{id}/pay", "", "pays an unpaid order, as a user does in the console", changeOrder(Target.PayOrder)},
		{"POST", "orders/{id}/cancel", "", "cancels an unpaid order, as a user does in the console", changeOrder(Target.CancelOrder)},
		{"GET", "other-orders", "", "returns renewals and orders of other products", get(Target.OtherOrders)},
		{"POST", "other-orders", "an `Order`", "adds an order of another product, which only billing shows", created(with(addOrder))},
		{"GET", "balance", "", "returns what the account can still pay", get(balance)},
		{"PUT", "balance", `{"Balance": "99.50"}`, "sets the balance; `{\"Balance\": \"unlimited\"}` removes the limit", with(setBalance)},
		{"POST", "balance/top-up", `{"Amount": "100"}`, "adds to the balance", with(topUp)},
		{"DELETE", "client-tokens", "", "forgets every client token, as the API does after some time", do(forgetTokens)},
		{"DELETE", "client-tokens/{token}", "", "forgets one client token", do(forgetToken)},
		{"GET", "clock", "", "returns the current time of circuits and orders", get(now)},
		{"POST", "clock", `{"Advance": "24h"}`, "moves that time forward", with(advance)},
		{"GET", "journal", "", "returns all API requests and their answers", get(Target.Journal)},
		{"DELETE", "journal", "", "removes them, so that a test counts only its own", always(Target.ClearJournal)},
		{"DELETE", "sessions", "", "ends every session, as the deletion of its role does", always(Target.EndSessions)},
		{"GET", "quirks", "", "returns the current quirks", get(Target.Quirks)},
		{"PUT", "quirks", "`Quirks`", "replaces them; missing quirks get their default", with(setQuirks)},
		{"GET", "faults", "", "returns the pending faults", get(Target.Faults)},
		{"POST", "faults", "a `Fault`", "adds a fault after the pending ones", created(with(addFault))},
		{"POST", "release", "", "lets every request continue that a `Held` fault has stopped", always(Target.Release)},
		{"DELETE", "faults", "", "removes all pending faults", always(Target.ClearFaults)},
		{"POST", "reset", "", "goes back to the start: only the content of the flags and of the seed", do(reset)},
	}
}

// always returns an endpoint for a change that cannot fail.
func always(change func(Target)) endpoint {
	return do(func(t Target, _ *http.Request) error {
		change(t)
		return nil
	})
}

// healthReport is the answer of the health route.
type healthReport struct {
	Status  string
	Ready   bool
	Version string
}

func health(t Target, _ *http.Request) (healthReport, error) {
	if err := t.StateError(); err != nil {
		return healthReport{}, refusal{err, http.StatusServiceUnavailable}
	}
	return healthReport{"ok", true, t.Version}, nil
}

func reset(t Target, _ *http.Request) error { return t.Reset() }

func authority(t Target, _ *http.Request) (plainText, error) {
	certificate := t.Authority()
	if certificate == nil {
		return nil, refusal{errors.New("the emulator serves plain HTTP, so it has no authority"), http.StatusNotFound}
	}
	return certificate, nil
}

func addCircuit(t Target, _ *http.Request, circuit account.Circuit) (account.Circuit, error) {
	if err := circuit.Check(); err != nil {
		return circuit, err
	}
	return t.AddCircuit(circuit), nil
}

func changeCircuit(t Target, r *http.Request, fields circuitFields) (account.Circuit, error) {
	region, id := r.PathValue("region"), r.PathValue("id")
	var err error
	found := t.ChangeCircuit(region, id, func(c *account.Circuit) {
		changed := c.Clone() // Decoding changes maps and slices in place.
		err = fields.apply(&changed)
		renewal := changed.Renewal
		if renewal == c.Renewal {
			changed.Renewal = account.Renewal{} // The setting of an order can have any period.
		}
		if err == nil {
			err = changed.Check()
		}
		changed.Renewal = renewal
		if err == nil {
			*c = changed
		}
	})
	if !found {
		return account.Circuit{}, refusal{errors.New("no circuit " + id + " in " + region), http.StatusNotFound}
	}
	circuit, _ := t.Circuit(region, id)
	return circuit, err
}

// circuitFields are the fields of a circuit to change.
type circuitFields struct{ json.RawMessage }

// apply sets the fields. Tags and keys that are given replace all earlier ones.
func (f circuitFields) apply(c *account.Circuit) error {
	var given map[string]json.RawMessage
	if err := json.Unmarshal(f.RawMessage, &given); err != nil {
		return err
	}
	for name := range given {
		switch {
		case strings.EqualFold(name, "Tags"):
			c.Tags = nil
		case strings.EqualFold(name, "MacsecKeys"):
			c.MacsecKeys = nil
		}
	}
	return strictjson.Decode(f.RawMessage, c)
}

func removeCircuit(t Target, r *http.Request) error {
	t.RemoveCircuit(r.PathValue("region"), r.PathValue("id"))
	return nil
}

func renew(t Target, r *http.Request, renewal struct{ Months int }) (account.Order, error) {
	return or409(t.Renew(r.PathValue("region"), r.PathValue("id"), renewal.Months))
}

func placeOrder(t Target, _ *http.Request, order account.ConsoleOrder) (account.Order, error) {
	return or409(t.PlaceConsoleOrder(order))
}

func or409(order account.Order, err error) (account.Order, error) {
	if err != nil {
		return order, refusal{err, http.StatusConflict}
	}
	return order, nil
}

// changeOrder returns an endpoint that changes an order and returns it.
func changeOrder(change func(t Target, id string) error) endpoint {
	return on(func(t Target, r *http.Request) (account.Order, error) {
		id := r.PathValue("id")
		if err := change(t, id); err != nil {
			status := http.StatusConflict
			if state := (*account.OrderStateError)(nil); errors.As(err, &state) && state.Status == "" {
				status = http.StatusNotFound
			}
			return account.Order{}, refusal{err, status}
		}
		order, _ := t.Order(id)
		return order, nil
	})
}

func addOrder(t Target, _ *http.Request, order account.Order) (account.Order, error) {
	if err := t.CheckOtherOrder(order); err != nil {
		return order, err
	}
	return t.AddOtherOrder(order), nil
}

// accountBalance is the answer of the routes of the balance.
type accountBalance struct{ Balance account.Money }

func balance(t Target) accountBalance {
	return accountBalance{t.Balance()}
}

func setBalance(t Target, _ *http.Request, body struct{ Balance *account.Money }) (accountBalance, error) {
	// A missing field must not set the balance to zero.
	if body.Balance == nil {
		return balance(t), errors.New("no balance given")
	}
	t.SetBalance(*body.Balance)
	return balance(t), nil
}

func topUp(t Target, _ *http.Request, body struct{ Amount account.Money }) (accountBalance, error) {
	t.TopUp(body.Amount)
	return balance(t), nil
}

func forgetTokens(t Target, _ *http.Request) error {
	t.ForgetTokens()
	return nil
}

func forgetToken(t Target, r *http.Request) error {
	t.ForgetTokens(r.PathValue("token"))
	return nil
}

// clock is the answer of the routes of the clock.
type clock struct{ Now time.Time }

func now(t Target) clock { return clock{t.Now()} }

func advance(t Target, _ *http.Request, body struct{ Advance strictjson.Duration }) (clock, error) {
	if body.Advance < 0 {
		return now(t), errors.New("the clock can only move forward")
	}
	t.Advance(time.Duration(body.Advance))
	return now(t), nil
}

func setQuirks(t Target, _ *http.Request, quirks account.Quirks) (account.Quirks, error) {
	t.SetQuirks(quirks)
	return quirks, nil
}

func addFault(t Target, _ *http.Request, fault gateway.Fault) (gateway.Fault, error) {
	if err := t.CheckFault(&fault); err != nil {
		return fault, err
	}
	t.AddFault(fault)
	return fault, nil
}
