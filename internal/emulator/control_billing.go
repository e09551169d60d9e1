package emulator

import (
	"errors"
	"net/http"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/account"
)

// controlOrder is a route that lets something happen to the order of the path,
// and tells how it is then.
func controlOrder(happen func(*Emulator, string) error) func(*Emulator) http.HandlerFunc {
	return handling(func(e *Emulator, w http.ResponseWriter, r *http.Request) {
		id := r.PathValue("id")
		if err := happen(e, id); err != nil {
			status := http.StatusConflict
			if state := (*account.OrderStateError)(nil); errors.As(err, &state) && state.Status == "" {
				status = http.StatusNotFound
			}
			refuse(w, status, err)
			return
		}
		order, _ := e.Order(id)
		tell(w, http.StatusOK, order)
	})
}

func (e *Emulator) controlPlaceOrder(w http.ResponseWriter, r *http.Request) {
	var order ConsoleOrder
	if ok := ask(w, r, &order); !ok {
		return
	}
	placed, err := e.PlaceConsoleOrder(order)
	if err != nil {
		refuse(w, http.StatusConflict, err)
		return
	}
	tell(w, http.StatusCreated, placed)
}

func (e *Emulator) controlAddOrder(w http.ResponseWriter, r *http.Request) {
	var order Order
	if ok := ask(w, r, &order); ok {
		tell(w, http.StatusCreated, e.AddOtherOrder(order))
	}
}

func (e *Emulator) controlRenew(w http.ResponseWriter, r *http.Request) {
	var renewal struct{ Months int }
	if ok := ask(w, r, &renewal); !ok {
		return
	}
	order, err := e.Renew(r.PathValue("region"), r.PathValue("id"), renewal.Months)
	if err != nil {
		refuse(w, http.StatusConflict, err)
		return
	}
	tell(w, http.StatusCreated, order)
}

func (e *Emulator) controlTellBalance(w http.ResponseWriter, _ *http.Request) {
	tell(w, http.StatusOK, map[string]Money{"Balance": e.Balance()})
}

func (e *Emulator) controlSetBalance(w http.ResponseWriter, r *http.Request) {
	// Without the field, the account must not become a poor one unnoticed.
	balance := struct{ Balance *Money }{}
	if ok := ask(w, r, &balance); !ok {
		return
	}
	if balance.Balance == nil {
		refuse(w, http.StatusBadRequest, errors.New("no balance given"))
		return
	}
	e.SetBalance(*balance.Balance)
	e.controlTellBalance(w, r)
}

func (e *Emulator) controlTopUp(w http.ResponseWriter, r *http.Request) {
	var more struct{ Amount Money }
	if ok := ask(w, r, &more); ok {
		e.TopUp(more.Amount)
		e.controlTellBalance(w, r)
	}
}
