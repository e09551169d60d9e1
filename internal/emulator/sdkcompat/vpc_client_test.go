package sdkcompat

import (
	"testing"

	"github.com/alibabacloud-go/tea/dara"
	vpc "github.com/alibabacloud-go/vpc-20160428/v6/client"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// newVPCClient returns Alibaba's newer client of the VPC API. It has its default settings
// except for address, access key and trusted authority.
func newVPCClient(t *testing.T, server *emulator.Server, credential emulator.Credential) *vpc.Client {
	t.Helper()
	client, err := vpc.NewClient(openAPIConfig(server, credential))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func TestVPCClient_DefaultSettings_PlacesReadsAndRenews(t *testing.T) {
	t.Parallel()
	for name, credential := range map[string]emulator.Credential{
		"access key": emulator.DefaultCredential, "security token": temporary,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, circuits := serveWith(t, emulator.StartTLS)
			client := newVPCClient(t, server, credential)
			request := (&vpc.CreatePhysicalConnectionOccupancyOrderRequest{}).
				SetRegionId(region).SetPhysicalConnectionId(circuits[0].ID).SetPeriod(1).SetPricingCycle("Year").
				SetInstanceChargeType("PrePaid").SetAutoPay(true).SetClientToken("a token/with+reserved=characters&more~*")
			var ids []string
			for range 2 {
				placed, err := client.CreatePhysicalConnectionOccupancyOrder(request)
				if err != nil {
					t.Fatal(err)
				}
				ids = append(ids, dara.StringValue(placed.Body.Data.OrderId))
			}
			if orders := server.Orders(); len(orders) != 1 || ids[0] != orders[0].ID || ids[1] != ids[0] {
				t.Fatalf("answers %v, orders %+v", ids, orders)
			}
			if got := statusOf(t, client, circuits[0].ID); got != "Enabled" {
				t.Errorf("the circuit is %s", got)
			}
			setRenewal(t, server, credential, circuits[0].ID)
		})
	}
}

// statusOf reads the status of a circuit.
func statusOf(t *testing.T, client *vpc.Client, id string) string {
	t.Helper()
	listed, err := client.DescribePhysicalConnections((&vpc.DescribePhysicalConnectionsRequest{}).SetRegionId(region).
		SetFilter([]*vpc.DescribePhysicalConnectionsRequestFilter{{Key: dara.String("PhysicalConnectionId"), Value: []*string{&id}}}))
	if err != nil {
		t.Fatal(err)
	}
	rows := listed.Body.PhysicalConnectionSet.PhysicalConnectionType
	if len(rows) != 1 {
		t.Fatalf("listed %v", listed.Body)
	}
	return dara.StringValue(rows[0].Status)
}

// setRenewal changes a renewal setting and reads it back.
func setRenewal(t *testing.T, server *emulator.Server, credential emulator.Credential, id string) {
	t.Helper()
	if _, err := callOpenAPI(t, server, credential, "SetRenewal", map[string]any{
		"InstanceIDs": id, "ProductCode": "pconn", "RenewalStatus": "AutoRenewal", "RenewalPeriod": 6, "RenewalPeriodUnit": "M",
	}); err != nil {
		t.Fatal(err)
	}
	answer, err := callOpenAPI(t, server, credential, "QueryAvailableInstances", map[string]any{"InstanceIDs": id})
	if err != nil {
		t.Fatal(err)
	}
	var body struct {
		Data struct {
			InstanceList []struct {
				InstanceID, RenewStatus string
				RenewalDuration         int
			}
		}
	}
	decode(t, answer, &body)
	if rows := body.Data.InstanceList; len(rows) != 1 || rows[0].InstanceID != id || rows[0].RenewStatus != "AutoRenewal" || rows[0].RenewalDuration != 6 {
		t.Errorf("renewal %v", answer)
	}
}

func TestVPCClient_DefaultSettings_ReadsErrors(t *testing.T) {
	t.Parallel()
	server, circuits := serveWith(t, emulator.StartTLS)
	place := func(credential emulator.Credential, id string) error {
		_, err := newVPCClient(t, server, credential).CreatePhysicalConnectionOccupancyOrder(
			(&vpc.CreatePhysicalConnectionOccupancyOrderRequest{}).SetRegionId(region).SetPhysicalConnectionId(id))
		return err
	}
	expectOpenAPIError(t, place(emulator.DefaultCredential, "pc-unknown"), 404, "InvalidPhysicalConnectionId.NotFound")
	expectOpenAPIError(t, place(wrongSecret(), circuits[0].ID), 400, "SignatureDoesNotMatch")
	expectOpenAPIError(t, place(denied, circuits[0].ID), 403, "Forbidden.RAM")
	another := temporary
	another.SecurityToken = "another token"
	expectOpenAPIError(t, place(another, circuits[0].ID), 400, "InvalidSecurityToken.MismatchWithAccessKey")
}

func TestOpenAPIClient_AssumesARoleAndUsesTheSession(t *testing.T) {
	t.Parallel()
	bothSignatures(t, func(t *testing.T, server *emulator.Server, circuits []emulator.Circuit) {
		answer, err := callOpenAPI(t, server, emulator.DefaultCredential, "AssumeRole", map[string]any{
			"RoleArn": "acs:ram::1234567890123456:role/network", "RoleSessionName": "test",
		})
		if err != nil {
			t.Fatal(err)
		}
		var body struct {
			Credentials struct{ AccessKeyID, AccessKeySecret, SecurityToken string }
		}
		decode(t, answer, &body)
		session := emulator.Credential{
			AccessKeyID: body.Credentials.AccessKeyID, AccessKeySecret: body.Credentials.AccessKeySecret, SecurityToken: body.Credentials.SecurityToken,
		}
		if _, err := callOpenAPI(t, server, session, "CreatePhysicalConnectionOccupancyOrder", openAPIOrder(circuits[0])); err != nil {
			t.Fatal(err)
		}
		if orders := server.Orders(); len(orders) != 1 {
			t.Errorf("orders %+v", orders)
		}
	})
}
