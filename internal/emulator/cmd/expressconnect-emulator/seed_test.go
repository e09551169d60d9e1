package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

func TestCommand_Seed_AndFlagsAddUp(t *testing.T) {
	t.Parallel()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	file := filepath.Join(t.TempDir(), "seed.json")
	text := `{"Circuits": [{"ID": "pc-1"}], "Quirks": {"RequireLOA": true, "TaxPercent": 6}, "Balance": "1"}`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	url, _ := running(t, "-seed", file, "-circuit", "pc-2", "-balance", "99.50", "-quirks", `{"TaxPercent": 9}`, "-enable-delay", "0")
	if list := circuits(t, client, url); len(list) != 2 || list[0].ID != "pc-1" || list[1].ID != "pc-2" {
		t.Errorf("circuits %+v", list)
	}
	var quirks emulator.Quirks
	read(t, client, url+emulator.ControlPrefix+"quirks", &quirks)
	if want := (emulator.Quirks{RequireLOA: true, TaxPercent: 9, EnableDelay: -1}); quirks != want {
		t.Errorf("quirks %+v, want %+v", quirks, want)
	}
	var account struct{ Balance emulator.Money }
	if read(t, client, url+emulator.ControlPrefix+"balance", &account); account.Balance != 99_50 {
		t.Errorf("balance %s", account.Balance)
	}
}

func TestCommand_State_SurvivesARestart(t *testing.T) {
	t.Parallel()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	file := filepath.Join(t.TempDir(), "state.json")
	t.Run("first run", func(t *testing.T) { // It ends before the second one.
		if _, explanation := running(t, "-state", file, "-circuit", "pc-1"); !strings.Contains(explanation, "keeps its state in "+file) {
			t.Error(explanation)
		}
	})
	url, explanation := running(t, "-state", file, "-circuit", "pc-2")
	if list := circuits(t, client, url); len(list) != 1 || list[0].ID != "pc-1" {
		t.Errorf("circuits %+v", list)
	}
	if !strings.Contains(explanation, "continues with the state in "+file) {
		t.Error(explanation)
	}
}
