package price_test

import (
	"testing"
	"testing/synctest"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
)

const (
	typeName  = "expressconnect_physical_connection_price"
	circuitID = "pc-bp1hp0wr072f6abcd"
	operation = "GetSubscriptionPrice"
)

type source struct {
	t        *testing.T
	emulator *emulator.Emulator
	core     *coretest.Source
}

func newSource(t *testing.T, quirks emulator.Quirks, more coretest.Values) *source {
	t.Helper()
	account := emulator.New(emulator.Options{Quirks: quirks})
	account.AddCircuit(emulator.Circuit{Region: acctest.Region, ID: circuitID, Spec: "10G"})
	config := coretest.Values{
		"region": acctest.Region, "access_key": emulator.DefaultCredential.AccessKeyID, "secret_key": emulator.DefaultCredential.AccessKeySecret,
		"endpoints": coretest.Values{"vpc": "http://127.0.0.1", "bssopenapi": "http://127.0.0.1"},
	}
	for name, value := range more {
		config[name] = value
	}
	server, err := coretest.Serve(provider.NewWithTransport("test", acctest.PipeTransport(t, account)))
	if err != nil {
		t.Fatal(err)
	}
	core, diags, err := coretest.StartSource(t.Context(), server, typeName, config)
	if err != nil || len(diags) > 0 {
		t.Fatal(err, diags)
	}
	return &source{t: t, emulator: account, core: core}
}

func (s *source) read(config coretest.Values) (map[string]tftypes.Value, coretest.Diagnostics) {
	s.t.Helper()
	state, diags, err := s.core.Read(s.t.Context(), config)
	if err != nil {
		s.t.Fatal(err)
	}
	return state, diags
}

func text(value tftypes.Value) string {
	var text *string
	if value.As(&text) != nil || text == nil {
		return ""
	}
	return *text
}

func TestPrice_IsExactAndNamesWhatItIsFor(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		quirks emulator.Quirks
		config coretest.Values
		want   map[string]string
	}{
		"of a circuit": {
			emulator.Quirks{}, coretest.Values{"physical_connection_id": circuitID, "period": 3},
			map[string]string{"spec": "10G", "original_price": "2160.00", "discount_price": "0.00", "trade_price": "2160.00", "currency": "USD", "pricing_cycle": "Month", "order_type": "NewOrder", "region_id": acctest.Region},
		},
		"of a port, discounted, in years": {
			emulator.Quirks{DiscountPercent: 15, Currency: "CNY"}, coretest.Values{"spec": "1G", "period": 2, "pricing_cycle": "Year", "region_id": "ap-southeast-1"},
			map[string]string{"original_price": "5040.00", "discount_price": "756.00", "trade_price": "4284.00", "currency": "CNY"},
		},
		"of a renewal": {
			emulator.Quirks{}, coretest.Values{"physical_connection_id": circuitID, "period": 1, "order_type": "Renewal"},
			map[string]string{"trade_price": "720.00", "order_type": "Renewal"},
		},
		"only region IDs are accepted": {
			emulator.Quirks{PriceRegion: "IDs"}, coretest.Values{"spec": "10G", "period": 3}, map[string]string{"trade_price": "2160.00"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newSource(t, test.quirks, nil)
				state, diags := s.read(test.config)
				if len(diags) > 0 {
					t.Fatal(diags)
				}
				for attribute, want := range test.want {
					if got := text(state[attribute]); got != want {
						t.Errorf("%s is %q, want %q", attribute, got, want)
					}
				}
				if text(state["id"]) == "" || len(s.emulator.Orders()) != 0 {
					t.Errorf("id %q, %d orders", text(state["id"]), len(s.emulator.Orders()))
				}
			})
		})
	}
}

func TestPrice_ThatCannotBeRead_IsAnErrorOfThisDataSourceAlone(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		quirks emulator.Quirks
		fault  emulator.Fault
		more   coretest.Values
		kind   message.Kind
		values []string
	}{
		"forbidden":       {emulator.Quirks{}, emulator.Fault{HTTPStatus: 403, Code: "NoPermission"}, nil, message.PriceUnreadable, []string{"NoPermission", "bss:DescribePrice"}},
		"another product": {emulator.Quirks{ProductCode: "pconn_intl"}, emulator.Fault{}, nil, message.PriceUnreadable, []string{"InvalidParameter", operation}},
		"down":            {emulator.Quirks{}, emulator.Fault{HTTPStatus: 503, Code: "ServiceUnavailable"}, nil, message.PriceUnreadable, []string{"ServiceUnavailable"}},
		"no answer":       {emulator.Quirks{}, emulator.Fault{Kind: emulator.Hang}, nil, message.PriceUnreadable, []string{operation}},
		"no price":        {emulator.Quirks{}, emulator.Fault{Kind: emulator.RawBody, Body: `{"Code":"Success","Success":true,"Data":{}}`}, nil, message.PriceUnreadable, []string{operation}},
		"billing off":     {emulator.Quirks{}, emulator.Fault{}, coretest.Values{"billing": false}, message.BillingOff, []string{"billing = false"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newSource(t, test.quirks, test.more)
				if test.fault.Kind != "" || test.fault.Code != "" {
					test.fault.Action, test.fault.Times = operation, -1
					s.emulator.AddFault(test.fault)
				}
				_, diags := s.read(coretest.Values{"physical_connection_id": circuitID, "period": 3})
				messagetest.WantError(t, diags, "", test.kind, test.values...)
			})
		})
	}
}

func TestPrice_WrongArguments_AreRefusedOnTheAttribute(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSource(t, emulator.Quirks{}, nil)
		for name, test := range map[string]struct {
			config    coretest.Values
			attribute string
			kind      message.Kind
		}{
			"12 months": {coretest.Values{"spec": "1G", "period": 12}, "period", message.InvalidPeriod},
			"6 years":   {coretest.Values{"spec": "1G", "period": 6, "pricing_cycle": "Year"}, "period", message.InvalidPeriod},
			"99 units":  {coretest.Values{"spec": "1G", "period": 99, "pricing_cycle": coretest.Unknown{}}, "period", message.InvalidPeriod},
			"port":      {coretest.Values{"spec": "1G and below", "period": 1}, "spec", message.InvalidValue},
			"cycle":     {coretest.Values{"spec": "1G", "period": 1, "pricing_cycle": "Day"}, "pricing_cycle", message.InvalidValue},
			"order":     {coretest.Values{"spec": "1G", "period": 1, "order_type": "Upgrade"}, "order_type", message.InvalidValue},
			"circuit":   {coretest.Values{"physical_connection_id": "eip-1", "period": 1}, "physical_connection_id", message.InvalidValue},
			"timeout":   {coretest.Values{"spec": "1G", "period": 1, "timeouts": coretest.Values{"read": "0s"}}, "timeouts.read", message.InvalidTimeout},
			"both":      {coretest.Values{"spec": "1G", "physical_connection_id": circuitID, "period": 1}, "physical_connection_id", message.InvalidValue},
		} {
			diags, err := s.core.Validate(t.Context(), test.config)
			if err != nil {
				t.Fatal(err)
			}
			if len(diags) != 1 {
				t.Errorf("%s: %d diagnostics:\n%s", name, len(diags), diags)
				continue
			}
			messagetest.WantError(t, diags, test.attribute, test.kind)
		}
		if diags, err := s.core.Validate(t.Context(), coretest.Values{"period": 1}); err != nil || !diags.HasError() {
			t.Errorf("neither circuit nor port: %v\n%s", err, diags)
		}
		if calls := s.emulator.CallCount(operation); calls != 0 {
			t.Errorf("%d calls", calls)
		}
	})
}
