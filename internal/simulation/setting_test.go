package simulation

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/renewalsetting"
)

// The steps of renewal settings. They are drawn from random numbers of their own, so that
// they do not change the other steps of a seed.
const (
	applySetting   stepKind = "apply the renewal setting"
	killSetting    stepKind = "apply the renewal setting, killed"
	destroySetting stepKind = "destroy the renewal setting"
	consoleSetting stepKind = "a person sets the renewal"
)

// setAction is the action of the request that changes a renewal.
const setAction = "SetRenewal"

// drawSettings inserts steps of renewal settings.
func drawSettings(h *history, dark func(*rand.Rand) bool) {
	random := rand.New(rand.NewPCG(h.seed, 1)) //nolint:gosec // A simulation is repeatable, not secret.
	if random.IntN(2) == 0 {
		return
	}
	h.quirks.RenewalLag = pick(random, 0, 0, 0, time.Minute, time.Hour)
	h.quirks.ProductCode = pick(random, "", "", "pconn_intl")
	for range 1 + random.IntN(4) {
		s := step{
			kind: pick(random, applySetting, applySetting, applySetting, killSetting, destroySetting, consoleSetting), machine: random.IntN(2),
			setting: pick(random, settings...), point: pick(random, beforeSend, afterCommit), circuit: pick(random, circuits...), dark: h.dark || dark(random),
		}
		h.steps = slices.Insert(h.steps, random.IntN(len(h.steps)+1), s)
	}
}

// setting is a renewal setting in a configuration and at the emulator.
type setting struct {
	status string
	period int
	unit   string // of the emulator
	reset  bool
}

var settings = []setting{
	{"AutoRenewal", 1, "M", false}, {"AutoRenewal", 12, "M", true}, {"AutoRenewal", 1, "Y", false}, {"ManualRenewal", 0, "", true}, {"NotRenewal", 0, "", false},
}

func (s setting) config(circuit string) coretest.Values {
	config := coretest.Values{"physical_connection_id": circuit, "renewal_status": s.status, "reset_on_destroy": s.reset}
	if s.period != 0 {
		config["renewal_period"] = s.period
		config["renewal_period_unit"] = map[string]string{"M": "Month", "Y": "Year"}[s.unit]
	}
	return config
}

func (s setting) text() string {
	if s.period == 0 {
		return cmp.Or(s.status, "ManualRenewal")
	}
	months := map[string]int{"M": 1, "Y": 12}[s.unit] * s.period
	return s.status + " " + strconv.Itoa(months)
}

// isSetting reports whether a step is about a renewal setting.
func (s step) isSetting() bool {
	return slices.Contains([]stepKind{applySetting, killSetting, destroySetting, consoleSetting}, s.kind)
}

// playSetting plays a step of a renewal setting, and checks its promises.
func (w *world) playSetting(ctx context.Context, s step) error {
	m := w.machines[s.machine]
	switch s.kind {
	case consoleSetting:
		w.server.ChangeCircuit(acctest.Region, s.circuit, func(c *emulator.Circuit) {
			c.Renewal = emulator.Renewal{Status: s.setting.status, Period: s.setting.period, Unit: s.setting.unit}
		})
		return nil
	case destroySetting:
		if m.setting == nil {
			return nil
		}
		return w.applySettingOf(ctx, m, nil, s)
	default:
		m.wanted = &s.setting
		return w.applySettingOf(ctx, m, s.setting.config(circuitOf(m)), s)
	}
}

// applySettingOf plans and applies a renewal setting in two runs.
func (w *world) applySettingOf(ctx context.Context, m *machine, config coretest.Values, s step) error {
	before := w.server.CallCount(setAction)
	planner, err := w.startType(ctx, renewalsetting.TypeName, notKilled, s.refuse)
	if err != nil {
		return err
	}
	object := m.setting
	if object != nil {
		if object, _, err = planner.Refresh(ctx, object); err != nil || object == nil {
			return errors.Join(err, errors.New("settings: a refresh has removed the resource"))
		}
		m.setting = object
	}
	made, diags, err := planner.Plan(ctx, object, config, coretest.Options{})
	if m.said = diags; err != nil || diags.HasError() {
		return err
	}
	if sent := w.server.CallCount(setAction) - before; sent != 0 {
		return fmt.Errorf("settings: a plan has sent %d changes", sent)
	}
	kill := notKilled
	if s.kind == killSetting {
		kill = s.point
	}
	applier, err := w.startType(ctx, renewalsetting.TypeName, kill, 0)
	if err != nil {
		return err
	}
	applier.wire.action = setAction
	ended := applier.applyUntilDeath(ctx, made, config, -1)
	time.Sleep(10 * time.Minute) // A slow request of this apply may still arrive.
	if ended.killed || ended.err != nil {
		return ended.err
	}
	m.setting, m.said = ended.object, ended.diags
	return w.checkSetting(m, made, config, ended)
}

// checkSetting checks the result of an apply.
func (w *world) checkSetting(m *machine, made coretest.Plan, config coretest.Values, ended end) error {
	failed := ended.diags.HasError()
	switch {
	case made.Action == coretest.Create && (m.setting == nil) != failed:
		return fmt.Errorf("settings: a create with an error has a state, or one without has none:\n%s", ended.diags)
	case made.Action == coretest.Update && m.setting == nil:
		return errors.New("settings: an update has removed the resource")
	case m.setting != nil && m.setting.Tainted:
		return errors.New("settings: the resource is tainted")
	case failed || config == nil || made.Action == coretest.NoOp:
		return nil
	}
	return w.wantSetting(m)
}

// wantSetting checks that the emulator has the setting of the configuration.
func (w *world) wantSetting(m *machine) error {
	circuit, _ := w.server.Circuit(acctest.Region, m.setting.String("physical_connection_id"))
	if got := (setting{circuit.Renewal.Status, circuit.Renewal.Period, circuit.Renewal.Unit, false}); circuit.Status == "Enabled" && got.text() != m.wanted.text() {
		return fmt.Errorf("settings: an apply has succeeded, and the renewal is %q instead of %q", got.text(), m.wanted.text())
	}
	return nil
}

// recoverSetting checks that an apply without faults ends as configured.
func (w *world) recoverSetting(ctx context.Context, i int) error {
	m := w.machines[i]
	circuit, exists := w.server.Circuit(acctest.Region, circuitOf(m))
	if m.wanted == nil || w.dark || !exists || circuit.Status != "Enabled" {
		return nil
	}
	w.server.Advance(2 * time.Hour) // Billing lists the circuit and its setting.
	applies := 1
	if w.server.Quirks().RenewalLag >= time.Minute {
		applies = 3 // A list that lags is an error, in a reset and in a new setting. The next apply finds it.
	}
	for range applies {
		if err := w.applySettingOf(ctx, m, m.wanted.config(circuitOf(m)), step{kind: applySetting, machine: i, setting: *m.wanted}); err != nil {
			return err
		}
		w.server.Advance(2 * time.Hour)
		if !m.said.HasError() {
			break
		}
	}
	if m.setting == nil || m.said.HasError() {
		return fmt.Errorf("settings: %d applies without faults have failed:\n%s", applies, m.said)
	}
	return w.wantSetting(m)
}
