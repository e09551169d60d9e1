package physicalconnection_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

const (
	circuitID = "pc-bp1hp0wr072f6abcd"
	canary    = "CANARY8f2c"
)

// everything is a circuit with a value in every field.
func everything() emulator.Circuit {
	return emulator.Circuit{
		Region: acctest.Region, ID: circuitID, Status: "Enabled", BusinessStatus: "FinancialLocked", LOAStatus: "Complete",
		CreationTime: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		EnabledTime:  time.Date(2026, 2, 3, 4, 5, 6, 0, time.FixedZone("UTC+8", 8*60*60)),
		EndTime:      time.Date(2027, 1, 9, 16, 0, 0, 0, time.UTC),
		Name:         "a name", Description: "a description", Type: "VPC", ProductType: "VirtualPhysicalConnection", Spec: "10G", ExpectSpec: "50M",
		Bandwidth: 10_000, AccessPointID: "ap-1", AccessPointType: "VPC", AdLocation: "an address", AdDetailLocation: "rack 3",
		PeerLocation: "a peer", LineOperator: "CU", CircuitCode: "longtel001", PortType: "10GBase-LR", PortNumber: "1/1/1", ChargeType: "Prepaid",
		OrderMode: "PayByVirtualPhysicalConnectionOwner", ResourceGroupID: "rg-1", RedundantPhysicalConnectionID: "pc-redundant", QosID: "qos-1",
		ParentPhysicalConnectionID: "pc-parent", ParentPhysicalConnectionAliUID: 1234567890123456, VirtualPhysicalConnectionCount: 2,
		VpconnStatus: "UnConfirmed", VlanID: "10",
		HasReservationData: true, ReservationActiveTime: time.Date(2027, 1, 9, 16, 0, 0, 0, time.UTC), ReservationOrderType: "RENEW",
		ReservationInternetChargeType: "PayByBandwidth", OpticalModuleModel: "a module", DownDelayTime: 500, DeviceFeaturesSelected: "MacSec",
		MacsecKeys: []emulator.MacsecKey{{CAK: canary + "-cak", CipherSuite: "GCM-AES-128", CKN: canary + "-ckn", StartOn: canary, Status: canary}},
		Tags:       map[string]string{"team": "network", "empty": ""},
	}
}

func TestRead_EveryFieldExceptSecrets_ReachesTheState(t *testing.T) {
	t.Parallel()
	server := acctest.Emulator(t, emulator.Quirks{})
	server.AddCircuit(everything())
	text := func(value string) knownvalue.Check { return knownvalue.StringExact(value) }
	number := func(value int64) knownvalue.Check { return knownvalue.Int64Exact(value) }
	checks := []statecheck.StateCheck{withoutText{canary}}
	for name, check := range map[string]knownvalue.Check{
		"physical_connection_id": text(circuitID), "id": text(circuitID), "region_id": text("cn-hangzhou"),
		"payable": knownvalue.Bool(false), "payable_reason": knownvalue.NotNull(), "wait_for_status": text("Enabled"),
		"status": text("Enabled"), "business_status": text("FinancialLocked"), "loa_status": text("Complete"),
		"creation_time": text("2026-01-02T03:04:05Z"), "enabled_time": text("2026-02-02T20:05:06Z"), "end_time": text("2027-01-09T16:00:00Z"),
		"name": text("a name"), "description": text("a description"), "type": text("VPC"), "product_type": text("VirtualPhysicalConnection"),
		"spec": text("10G"), "expect_spec": text("50M"), "bandwidth": number(10_000), "port_type": text("10GBase-LR"), "port_number": text("1/1/1"),
		"line_operator": text("CU"), "circuit_code": text("longtel001"), "access_point_id": text("ap-1"), "access_point_type": text("VPC"),
		"ad_location": text("an address"), "ad_detail_location": text("rack 3"), "peer_location": text("a peer"), "charge_type": text("Prepaid"),
		"order_mode": text("PayByVirtualPhysicalConnectionOwner"), "resource_group_id": text("rg-1"),
		"redundant_physical_connection_id": text("pc-redundant"), "parent_physical_connection_id": text("pc-parent"),
		"parent_physical_connection_ali_uid": number(1234567890123456), "virtual_physical_connection_count": number(2),
		"vpconn_status": text("UnConfirmed"), "vlan_id": text("10"), "qos_id": text("qos-1"), "optical_module_model": text("a module"),
		"down_delay_time": number(500), "device_features_selected": text("MacSec"),
		"has_reservation_data": knownvalue.Bool(true), "reservation_active_time": text("2027-01-09T16:00:00Z"),
		"reservation_order_type": text("RENEW"), "reservation_internet_charge_type": text("PayByBandwidth"),
		"tags": knownvalue.MapExact(map[string]knownvalue.Check{"team": text("network"), "empty": text("")}),
	} {
		checks = append(checks, statecheck.ExpectKnownValue("data.expressconnect_physical_connection.this", tfjsonpath.New(name), check))
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Providers(),
		Steps: []resource.TestStep{{
			Config: acctest.ProviderConfig(server) + `
data "expressconnect_physical_connection" "this" {
  physical_connection_id = "` + circuitID + `"
  wait_for_status        = "Enabled"
  timeouts {
    read = "1m"
  }
}
`,
			ConfigStateChecks: checks,
		}},
	})
	if calls := acctest.OrderCalls(server); calls != 0 {
		t.Errorf("%d order requests by a read", calls)
	}
}

// withoutText checks that the state does not contain a text.
type withoutText struct{ text string }

func (w withoutText) CheckState(_ context.Context, req statecheck.CheckStateRequest, resp *statecheck.CheckStateResponse) {
	state, err := json.Marshal(req.State)
	switch {
	case err != nil:
		resp.Error = err
	case !strings.Contains(string(state), circuitID):
		resp.Error = fmt.Errorf("the state holds no circuit: %s", state)
	case strings.Contains(string(state), w.text):
		resp.Error = fmt.Errorf("%s is in the state: %s", w.text, state)
	}
}
