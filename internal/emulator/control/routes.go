package control

import (
	"encoding/json"
	"errors"
	"net/http"
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

	handle handler
}

// Routes returns the routes below Prefix.
func Routes() []Route {
	return []Route{
		{"GET", "health", "", "answers when the emulator is ready", get(health)},
		{"GET", "circuits", "", "returns all circuits, oldest first", get(target.Circuits)},
		{"POST", "circuits", "a `Circuit`", "adds or replaces a circuit; missing fields get a default", with(addCircuit)},
		{"PATCH", "circuits/{region}/{id}", "the fields to change", "changes a circuit, for example its `Status`", with(changeCircuit)},
		{"DELETE", "circuits/{region}/{id}", "", "deletes a circuit; its orders stay", removeCircuit},
		{"POST", "circuits/{region}/{id}/renew", `{"months": 3}`, "places an unpaid order that extends the term", with(renew)},
		{"GET", "orders", "", "returns the occupancy orders placed through the API and in the console", get(target.Orders)},
		{"POST", "console-orders", "a `ConsoleOrder`", "places an order without client token, now or earlier, as a user does in the console", with(placeOrder)},
		{"POST", "orders/{id}/pay", "", "pays an unpaid order, as a user does in the console", changeOrder(target.PayOrder)},
		{"POST", "orders/{id}/cancel", "", "cancels an unpaid order, as a user does in the console", changeOrder(target.CancelOrder)},
		{"GET", "other-orders", "", "returns renewals and orders of other products", get(target.OtherOrders)},
		{"POST", "other-orders", "an `Order`", "adds an order of another product, which only billing shows", with(addOrder)},
		{"GET", "balance", "", "returns what the account can still pay", get(balance)},
		{"PUT", "balance", `{"balance": "99.50"}`, "sets the balance; `{\"balance\": \"unlimited\"}` removes the limit", with(setBalance)},
		{"POST", "balance/top-up", `{"amount": "100"}`, "adds to the balance", with(topUp)},
		{"DELETE", "client-tokens", "", "forgets every client token, as the API does after some time", do(func(t target) { t.ForgetTokens() })},
		{"DELETE", "client-tokens/{token}", "", "forgets one client token", forgetToken},
		{"GET", "clock", "", "returns the current time of circuits and orders", get(now)},
		{"POST", "clock", `{"advance": "24h"}`, "moves that time forward", with(advance)},
		{"GET", "journal", "", "returns all API requests and their answers", get(target.Journal)},
		{"DELETE", "journal", "", "removes them, so that a test counts only its own", do(target.ClearJournal)},
		{"DELETE", "sessions", "", "ends every session, as the deletion of its role does", do(target.EndSessions)},
		{"GET", "quirks", "", "returns the current quirks", get(target.Quirks)},
		{"PUT", "quirks", "`Quirks`", "replaces them; missing quirks get their default", with(setQuirks)},
		{"GET", "faults", "", "returns the pending faults", get(target.Faults)},
		{"POST", "faults", "a `Fault`", "adds a fault after the pending ones", with(addFault)},
		{"POST", "release", "", "lets every request continue that a `Held` fault has stopped", do(target.Release)},
		{"DELETE", "faults", "", "removes all pending faults", do(target.ClearFaults)},
	}
}

func health(target) map[string]string { return map[string]string{"Status": "ok"} }

func addCircuit(t target, _ *http.Request, circuit account.Circuit) (any, error) {
	if err := circuit.Renewal.Check(); err != nil {
		return nil, err
	}
	return created{t.AddCircuit(circuit)}, nil
}

func changeCircuit(t target, r *http.Request, fields json.RawMessage) (any, error) {
	region, id := r.PathValue("region"), r.PathValue("id")
	var err error
	found := t.ChangeCircuit(region, id, func(c *account.Circuit) {
		changed := c.Clone() // Decoding changes maps and slices in place.
		err = strictjson.Decode(fields, &changed)
		if err == nil && changed.Renewal != c.Renewal {
			err = changed.Renewal.Check() // The setting of an order can have any period.
		}
		if err == nil {
			*c = changed
		}
	})
	if !found {
		return nil, refusal{errors.New("no circuit " + id + " in " + region), http.StatusNotFound}
	}
	circuit, _ := t.Circuit(region, id)
	return circuit, err
}

func removeCircuit(t target, r *http.Request) (any, error) {
	t.RemoveCircuit(r.PathValue("region"), r.PathValue("id"))
	return nil, nil
}

func renew(t target, r *http.Request, renewal struct{ Months int }) (any, error) {
	return createdOr409(t.Renew(r.PathValue("region"), r.PathValue("id"), renewal.Months))
}

func placeOrder(t target, _ *http.Request, order account.ConsoleOrder) (any, error) {
	return createdOr409(t.PlaceConsoleOrder(order))
}

func createdOr409(order account.Order, err error) (any, error) {
	if err != nil {
		return nil, refusal{err, http.StatusConflict}
	}
	return created{order}, nil
}

// changeOrder returns a handler that changes an order and returns it.
func changeOrder(change func(t target, id string) error) handler {
	return func(t target, r *http.Request) (any, error) {
		id := r.PathValue("id")
		if err := change(t, id); err != nil {
			status := http.StatusConflict
			if state := (*account.OrderStateError)(nil); errors.As(err, &state) && state.Status == "" {
				status = http.StatusNotFound
			}
			return nil, refusal{err, status}
		}
		order, _ := t.Order(id)
		return order, nil
	}
}

func addOrder(t target, _ *http.Request, order account.Order) (any, error) {
	return created{t.AddOtherOrder(order)}, nil
}

func balance(t target) map[string]account.Money {
	return map[string]account.Money{"Balance": t.Balance()}
}

func setBalance(t target, _ *http.Request, body struct{ Balance *account.Money }) (any, error) {
	// A missing field must not set the balance to zero.
	if body.Balance == nil {
		return nil, errors.New("no balance given")
	}
	t.SetBalance(*body.Balance)
	return balance(t), nil
}

func topUp(t target, _ *http.Request, body struct{ Amount account.Money }) (any, error) {
	t.TopUp(body.Amount)
	return balance(t), nil
}

func forgetToken(t target, r *http.Request) (any, error) {
	t.ForgetTokens(r.PathValue("token"))
	return nil, nil
}

func now(t target) map[string]time.Time { return map[string]time.Time{"Now": t.Now()} }

func advance(t target, _ *http.Request, body struct{ Advance strictjson.Duration }) (any, error) {
	if body.Advance < 0 {
		return nil, errors.New("the clock can only move forward")
	}
	t.Advance(time.Duration(body.Advance))
	return now(t), nil
}

func setQuirks(t target, _ *http.Request, quirks account.Quirks) (any, error) {
	t.SetQuirks(quirks)
	return quirks, nil
}

func addFault(t target, _ *http.Request, fault gateway.Fault) (any, error) {
	if err := t.CheckFault(&fault); err != nil {
		return nil, err
	}
	t.AddFault(fault)
	return created{fault}, nil
}
