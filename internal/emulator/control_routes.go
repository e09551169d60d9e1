package emulator

import "net/http"

// ControlPrefix is the path below which the emulator is controlled: JSON in and
// out, with the field names of this package's types, durations as "24h". Its
// routes are ControlRoutes. Nothing is signed there, so that a Server listens on
// loopback addresses unless it is told otherwise.
const ControlPrefix = "/_emulator/"

// ControlRoute is one way to look into the emulator or to change it.
type ControlRoute struct {
	Method string
	Path   string // below ControlPrefix, with {names} for what differs
	Body   string // an example of the request's body, or the type that it holds; empty for none
	About  string // what the route does

	handle func(*Emulator) http.HandlerFunc
}

// ControlRoutes returns the routes below ControlPrefix.
func ControlRoutes() []ControlRoute {
	return []ControlRoute{
		{"GET", "health", "", "answers as soon as the emulator serves", answering(func(*Emulator) any {
			return map[string]string{"Status": "ok"}
		})},
		{"GET", "circuits", "", "all circuits, oldest first", answering(func(e *Emulator) any { return e.Circuits() })},
		{"POST", "circuits", "a `Circuit`", "adds or replaces a circuit; fields left out get a default", handling((*Emulator).controlAddCircuit)},
		{"PATCH", "circuits/{region}/{id}", "the fields to change", "changes a circuit, its `Status` for one", handling((*Emulator).controlChangeCircuit)},
		{"DELETE", "circuits/{region}/{id}", "", "makes a circuit unknown; its orders stay", handling((*Emulator).controlRemoveCircuit)},
		{"POST", "circuits/{region}/{id}/renew", `{"months": 3}`, "places an unpaid order that extends the term", handling((*Emulator).controlRenew)},
		{"GET", "orders", "", "the occupancy orders placed through the API and in the console", answering(func(e *Emulator) any { return e.Orders() })},
		{"POST", "console-orders", "a `ConsoleOrder`", "orders a circuit, as a person does in the console: without a client token, now or at an earlier time", handling((*Emulator).controlPlaceOrder)},
		{"POST", "orders/{id}/pay", "", "pays an unpaid order, as a person does in the console", controlOrder((*Emulator).PayOrder)},
		{"POST", "orders/{id}/cancel", "", "cancels an unpaid order, as a person does in the console", controlOrder((*Emulator).CancelOrder)},
		{"GET", "other-orders", "", "renewals and orders of other products", answering(func(e *Emulator) any { return e.OtherOrders() })},
		{"POST", "other-orders", "an `Order`", "adds an order of another product, which only billing shows", handling((*Emulator).controlAddOrder)},
		{"GET", "balance", "", "what the account can still pay", handling((*Emulator).controlTellBalance)},
		{"PUT", "balance", `{"balance": "99.50"}`, "limits that; `{\"balance\": \"unlimited\"}` lifts the limit", handling((*Emulator).controlSetBalance)},
		{"POST", "balance/top-up", `{"amount": "100"}`, "adds to it", handling((*Emulator).controlTopUp)},
		{"DELETE", "client-tokens", "", "forgets every client token, as when the API's memory of them has ended", changing(func(e *Emulator) { e.ForgetTokens() })},
		{"DELETE", "client-tokens/{token}", "", "forgets one client token", handling((*Emulator).controlForgetToken)},
		{"GET", "clock", "", "the time on which circuits and orders live", handling((*Emulator).controlTellTime)},
		{"POST", "clock", `{"advance": "24h"}`, "moves it forward", handling((*Emulator).controlAdvance)},
		{"GET", "journal", "", "every API request, and how it was answered", answering(func(e *Emulator) any { return e.Journal() })},
		{"DELETE", "journal", "", "forgets them, so that a test counts its own", changing((*Emulator).ClearJournal)},
		{"DELETE", "sessions", "", "ends every session that was issued, as when its role is deleted", changing((*Emulator).EndSessions)},
		{"GET", "quirks", "", "the present choice of quirks", answering(func(e *Emulator) any { return e.Quirks() })},
		{"PUT", "quirks", "`Quirks`", "replaces it; a quirk left out is at its default", handling((*Emulator).controlSetQuirks)},
		{"GET", "faults", "", "the faults that still wait", answering(func(e *Emulator) any { return e.Faults() })},
		{"POST", "faults", "a `Fault`", "adds a fault behind those that wait", handling((*Emulator).controlAddFault)},
		{"POST", "release", "", "lets every request go on that a `Held` fault has stopped", changing((*Emulator).Release)},
		{"DELETE", "faults", "", "removes all of them", changing((*Emulator).ClearFaults)},
	}
}

// answering is a route that only tells something.
func answering(ask func(*Emulator) any) func(*Emulator) http.HandlerFunc {
	return func(e *Emulator) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { tell(w, http.StatusOK, ask(e)) }
	}
}

// changing is a route that changes something and has nothing to tell.
func changing(change func(*Emulator)) func(*Emulator) http.HandlerFunc {
	return func(e *Emulator) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			change(e)
			w.WriteHeader(http.StatusNoContent)
		}
	}
}

func handling(handle func(*Emulator, http.ResponseWriter, *http.Request)) func(*Emulator) http.HandlerFunc {
	return func(e *Emulator) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { handle(e, w, r) }
	}
}

func (e *Emulator) controlHandler() http.Handler {
	mux := http.NewServeMux()
	for _, route := range ControlRoutes() {
		mux.HandleFunc(route.Method+" "+ControlPrefix+route.Path, route.handle(e))
	}
	// Without credentials to ask for, any page open in a browser could send the
	// requests that change something.
	return http.NewCrossOriginProtection().Handler(mux)
}
