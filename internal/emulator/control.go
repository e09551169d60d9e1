package emulator

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"
)

// ControlPrefix is the path below which the emulator is controlled: JSON in and
// out, with the field names of this package's types, durations as "24h".
//
//	GET    /_emulator/health
//	GET    /_emulator/orders
//	POST   /_emulator/orders/{id}/pay
//	POST   /_emulator/orders/{id}/cancel
//	GET    /_emulator/other-orders
//	POST   /_emulator/other-orders              an Order of another product
//	GET    /_emulator/balance
//	PUT    /_emulator/balance                   {"balance": "99.50"} or "unlimited"
//	POST   /_emulator/balance/top-up            {"amount": "100"}
//	GET    /_emulator/circuits
//	POST   /_emulator/circuits                  a Circuit
//	PATCH  /_emulator/circuits/{region}/{id}    the fields to change
//	DELETE /_emulator/circuits/{region}/{id}
//	POST   /_emulator/circuits/{region}/{id}/renew  {"months": 3}
//	GET    /_emulator/clock
//	POST   /_emulator/clock                     {"advance": "24h"}
//	GET    /_emulator/journal
//	GET    /_emulator/quirks
//	PUT    /_emulator/quirks                    Quirks
//	GET    /_emulator/faults
//	POST   /_emulator/faults                    a Fault
//	DELETE /_emulator/faults
//
// Nothing is signed there; a Server listens on loopback addresses only.
const ControlPrefix = "/_emulator/"

func (e *Emulator) controlHandler() http.Handler {
	mux := http.NewServeMux()
	handle := func(method, path string, handler http.HandlerFunc) {
		mux.HandleFunc(method+" "+ControlPrefix+path, handler)
	}
	handle("GET", "health", func(w http.ResponseWriter, _ *http.Request) {
		tell(w, http.StatusOK, map[string]string{"Status": "ok"})
	})
	handle("GET", "orders", func(w http.ResponseWriter, _ *http.Request) { tell(w, http.StatusOK, e.Orders()) })
	handle("POST", "orders/{id}/pay", e.controlOrder((*Emulator).PayOrder))
	handle("POST", "orders/{id}/cancel", e.controlOrder((*Emulator).CancelOrder))
	handle("GET", "other-orders", func(w http.ResponseWriter, _ *http.Request) { tell(w, http.StatusOK, e.OtherOrders()) })
	handle("POST", "other-orders", e.controlAddOrder)
	handle("GET", "balance", e.controlTellBalance)
	handle("PUT", "balance", e.controlSetBalance)
	handle("POST", "balance/top-up", e.controlTopUp)
	handle("POST", "circuits/{region}/{id}/renew", e.controlRenew)
	handle("GET", "circuits", func(w http.ResponseWriter, _ *http.Request) { tell(w, http.StatusOK, e.Circuits()) })
	handle("POST", "circuits", e.controlAddCircuit)
	handle("PATCH", "circuits/{region}/{id}", e.controlChangeCircuit)
	handle("DELETE", "circuits/{region}/{id}", func(w http.ResponseWriter, r *http.Request) {
		e.RemoveCircuit(r.PathValue("region"), r.PathValue("id"))
		w.WriteHeader(http.StatusNoContent)
	})
	handle("GET", "clock", e.controlTellTime)
	handle("POST", "clock", e.controlAdvance)
	handle("GET", "journal", func(w http.ResponseWriter, _ *http.Request) { tell(w, http.StatusOK, e.Journal()) })
	handle("GET", "quirks", func(w http.ResponseWriter, _ *http.Request) { tell(w, http.StatusOK, e.Quirks()) })
	handle("PUT", "quirks", e.controlSetQuirks)
	handle("GET", "faults", func(w http.ResponseWriter, _ *http.Request) { tell(w, http.StatusOK, e.Faults()) })
	handle("POST", "faults", e.controlAddFault)
	handle("DELETE", "faults", func(w http.ResponseWriter, _ *http.Request) {
		e.ClearFaults()
		w.WriteHeader(http.StatusNoContent)
	})
	return mux
}

func (e *Emulator) controlAddCircuit(w http.ResponseWriter, r *http.Request) {
	var circuit Circuit
	if ok := ask(w, r, &circuit); ok {
		tell(w, http.StatusCreated, e.AddCircuit(circuit))
	}
}

func (e *Emulator) controlChangeCircuit(w http.ResponseWriter, r *http.Request) {
	region, id := r.PathValue("region"), r.PathValue("id")
	var fields json.RawMessage
	if ok := ask(w, r, &fields); !ok {
		return
	}
	var err error
	found := e.ChangeCircuit(region, id, func(c *Circuit) {
		changed := *c
		if err = decodeStrictly(fields, &changed); err == nil {
			*c = changed
		}
	})
	switch {
	case !found:
		refuse(w, http.StatusNotFound, errors.New("no circuit "+id+" in "+region))
	case err != nil:
		refuse(w, http.StatusBadRequest, err)
	default:
		circuit, _ := e.Circuit(region, id)
		tell(w, http.StatusOK, circuit)
	}
}

func (e *Emulator) controlTellTime(w http.ResponseWriter, _ *http.Request) {
	tell(w, http.StatusOK, map[string]time.Time{"Now": e.Now()})
}

func (e *Emulator) controlAdvance(w http.ResponseWriter, r *http.Request) {
	var move struct{ Advance duration }
	if ok := ask(w, r, &move); ok {
		e.Advance(time.Duration(move.Advance))
		e.controlTellTime(w, r)
	}
}

func (e *Emulator) controlSetQuirks(w http.ResponseWriter, r *http.Request) {
	var quirks Quirks
	if ok := ask(w, r, &quirks); ok {
		e.SetQuirks(quirks)
		tell(w, http.StatusOK, quirks)
	}
}

func (e *Emulator) controlAddFault(w http.ResponseWriter, r *http.Request) {
	var fault Fault
	if ok := ask(w, r, &fault); !ok {
		return
	}
	if err := fault.complete(); err != nil {
		refuse(w, http.StatusBadRequest, err)
		return
	}
	e.AddFault(fault)
	tell(w, http.StatusCreated, fault)
}

// ask reads the body into value. Where it fails, it answers and returns false.
func ask(w http.ResponseWriter, r *http.Request, value any) bool {
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	// A misspelt field must not pass for one that is left at its default.
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(value); err != nil {
		refuse(w, http.StatusBadRequest, err)
		return false
	}
	return true
}

func tell(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	_ = encoder.Encode(value) // The client may be gone.
}

func refuse(w http.ResponseWriter, status int, err error) {
	tell(w, status, map[string]string{"Error": err.Error()})
}
