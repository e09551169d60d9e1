package emulator

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/strictjson"
)

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
		changed := c.Clone() // Decoding adds to maps and lists in place.
		if err = strictjson.Decode(fields, &changed); err == nil {
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

func (e *Emulator) controlRemoveCircuit(w http.ResponseWriter, r *http.Request) {
	e.RemoveCircuit(r.PathValue("region"), r.PathValue("id"))
	w.WriteHeader(http.StatusNoContent)
}

func (e *Emulator) controlTellTime(w http.ResponseWriter, _ *http.Request) {
	tell(w, http.StatusOK, map[string]time.Time{"Now": e.Now()})
}

func (e *Emulator) controlAdvance(w http.ResponseWriter, r *http.Request) {
	var move struct{ Advance strictjson.Duration }
	if ok := ask(w, r, &move); !ok {
		return
	}
	if move.Advance < 0 {
		refuse(w, http.StatusBadRequest, errors.New("the clock moves forward only"))
		return
	}
	e.Advance(time.Duration(move.Advance))
	e.controlTellTime(w, r)
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
	if err := e.CheckFault(&fault); err != nil {
		refuse(w, http.StatusBadRequest, err)
		return
	}
	e.AddFault(fault)
	tell(w, http.StatusCreated, fault)
}

func (e *Emulator) controlForgetToken(w http.ResponseWriter, r *http.Request) {
	e.ForgetTokens(r.PathValue("token"))
	w.WriteHeader(http.StatusNoContent)
}

// ask reads the body into value. Where it fails, it answers and returns false.
func ask(w http.ResponseWriter, r *http.Request, value any) bool {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	if err == nil {
		err = strictjson.Decode(body, value)
	}
	if err != nil {
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
