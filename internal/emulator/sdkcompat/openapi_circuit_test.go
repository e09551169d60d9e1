package sdkcompat

import (
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// It sends the requests of the resource alicloud_express_connect_physical_connection with the
// same parameters, including empty ones, and checks what the resource expects.
func TestOpenAPIClientChangesACircuitThroughItsLife(t *testing.T) {
	t.Parallel()
	bothSignatures(t, func(t *testing.T, server *emulator.Server, _ []emulator.Circuit) {
		do := func(action string, form map[string]any) map[string]any {
			t.Helper()
			form["RegionId"], form["ClientToken"] = region, "TF-"+action+"-1795388995-af060933-c7"
			answer, err := callOpenAPI(t, server, emulator.DefaultCredential, action, form)
			if err != nil {
				t.Fatalf("%s: %v", action, err)
			}
			return answer
		}
		var made struct{ PhysicalConnectionID string }
		decode(t, do("CreatePhysicalConnection", map[string]any{
			"AccessPointId": "ap-cn-hangzhou-yh-B", "LineOperator": "CT", "PeerLocation": "", "Name": "example", "Description": "an example",
			"PortType": "1000Base-LX", "bandwidth": "100",
		}), &made)
		id := made.PhysicalConnectionID
		status := func() string {
			t.Helper()
			var body struct {
				PhysicalConnectionSet struct {
					PhysicalConnectionType []struct {
						PhysicalConnectionID, Status, Name, PortType string
						Bandwidth                                    int64
					}
				}
			}
			decode(t, do("DescribePhysicalConnections", map[string]any{
				"PageSize": 50, "PageNumber": 1, "Filter.1.Key": "PhysicalConnectionId", "Filter.1.Value.1": id,
			}), &body)
			listed := body.PhysicalConnectionSet.PhysicalConnectionType
			if len(listed) == 0 {
				return "not found"
			}
			if got := listed[0]; len(listed) > 1 || got.PhysicalConnectionID != id || got.Name != "example" || got.PortType != "1000Base-LX" || got.Bandwidth != 100 {
				t.Errorf("listed %+v", listed)
			}
			return listed[0].Status
		}
		expect := func(want string) {
			t.Helper()
			if got := status(); got != want {
				t.Fatalf("the circuit is %s, want %s", got, want)
			}
		}
		expect("Initial")
		server.Advance(6 * time.Second)
		expect("Allocated")
		do("ModifyPhysicalConnectionAttribute", map[string]any{"PhysicalConnectionId": id, "Name": "", "PeerLocation": "Hangzhou"})
		do("ConfirmPhysicalConnection", map[string]any{"PhysicalConnectionId": id})
		expect("Confirmed")
		do("CreatePhysicalConnectionOccupancyOrder", map[string]any{
			"PhysicalConnectionId": id, "Period": 1, "PricingCycle": "Month", "InstanceChargeType": "PrePaid", "AutoPay": true,
		})
		expect("Enabled")
		_, err := callOpenAPI(t, server, emulator.DefaultCredential, "DeletePhysicalConnection", map[string]any{"RegionId": region, "PhysicalConnectionId": id})
		expectOpenAPIError(t, err, 400, "Forbidden.NotAllowedInState")
		do("TerminatePhysicalConnection", map[string]any{"PhysicalConnectionId": id})
		server.Advance(6 * time.Second)
		expect("Terminated")
		do("DeletePhysicalConnection", map[string]any{"PhysicalConnectionId": id})
		expect("not found")
	})
}

func TestOpenAPIClientSeesAFailedAllocation(t *testing.T) {
	t.Parallel()
	bothSignatures(t, func(t *testing.T, server *emulator.Server, _ []emulator.Circuit) {
		server.SetQuirks(emulator.Quirks{ConstructionEnd: "Allocation Failed", ConstructionDelay: -1})
		answer, err := callOpenAPI(t, server, emulator.DefaultCredential, "CreatePhysicalConnection", map[string]any{
			"RegionId": region, "AccessPointId": "ap-cn-hangzhou-yh-B", "LineOperator": "CT",
		})
		if err != nil {
			t.Fatal(err)
		}
		var made struct{ PhysicalConnectionID string }
		decode(t, answer, &made)
		circuit, _ := server.Circuit(region, made.PhysicalConnectionID)
		if circuit.Status != "Allocation Failed" {
			t.Errorf("circuit %+v", circuit)
		}
		_, err = callOpenAPI(t, server, denied, "CreatePhysicalConnectionOccupancyOrder", openAPIOrder(circuit))
		expectOpenAPIError(t, err, 403, "Forbidden.RAM")
	})
}
