package sdkcompat

import (
	"cmp"
	"encoding/json"
	"errors"
	"testing"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	"github.com/alibabacloud-go/darabonba-openapi/v2/models"
	"github.com/alibabacloud-go/tea/dara"
	"github.com/alibabacloud-go/tea/tea"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// bothSignatures runs a test with the two ways in which the newer SDKs send requests: with
// their default settings (HTTPS, version 3 of the signature), and as the alicloud provider
// does here (HTTP, version 1.0).
func bothSignatures(t *testing.T, test func(t *testing.T, server *emulator.Server, circuits []emulator.Circuit)) {
	t.Helper()
	for name, start := range map[string]func(emulator.Options) (*emulator.Server, error){
		"default": emulator.StartTLS, "version 1.0": emulator.Start,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, circuits := serveWith(t, start)
			test(t, server, circuits)
		})
	}
}

// openAPIConfig returns the settings of the newer SDKs for the emulator. With TLS, only the
// address, the access key and the trusted authority are set.
func openAPIConfig(server *emulator.Server, credential emulator.Credential) *models.Config {
	config := &models.Config{
		AccessKeyId:     dara.String(credential.AccessKeyID),
		AccessKeySecret: dara.String(credential.AccessKeySecret),
		Endpoint:        dara.String(server.Addr()),
		RegionId:        dara.String(region),
		NoProxy:         dara.String("127.0.0.1"),
	}
	if credential.SecurityToken != "" {
		config.SecurityToken = dara.String(credential.SecurityToken)
	}
	if authority := server.CACertificate(); authority != nil {
		config.Ca = dara.String(string(authority))
	} else {
		config.Protocol = dara.String("HTTP")
		config.SignatureAlgorithm = dara.String("v2") // Version 1.0 of the signature.
	}
	return config
}

// openAPIVersions are the versions of the API for the actions that are not of the VPC API.
var openAPIVersions = map[string]string{
	"GetOrderDetail": "2017-12-14", "CancelOrder": "2017-12-14", "SetRenewal": "2017-12-14", "QueryAvailableInstances": "2017-12-14",
	"AssumeRole": "2015-04-01",
}

// callOpenAPI sends a request with the client of Alibaba's newer SDKs. Their generated
// packages use this client too. It sends the parameters in the form of a POST, like the
// alicloud provider.
func callOpenAPI(t *testing.T, server *emulator.Server, credential emulator.Credential, action string, form map[string]any) (map[string]any, error) {
	t.Helper()
	client, err := openapi.NewClient(openAPIConfig(server, credential))
	if err != nil {
		t.Fatal(err)
	}
	return client.CallApi(&models.Params{
		Action:      dara.String(action),
		Version:     dara.String(cmp.Or(openAPIVersions[action], "2016-04-28")),
		Protocol:    dara.String("HTTPS"),
		Pathname:    dara.String("/"),
		Method:      dara.String("POST"),
		AuthType:    dara.String("AK"),
		Style:       dara.String("RPC"),
		ReqBodyType: dara.String("formData"),
		BodyType:    dara.String("json"),
	}, &models.OpenApiRequest{Body: form}, &dara.RuntimeOptions{})
}

// decode reads the body of an answer into value.
func decode(t *testing.T, answer map[string]any, value any) {
	t.Helper()
	text, err := json.Marshal(answer["body"])
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, value); err != nil {
		t.Fatalf("decode %s: %v", text, err)
	}
}

func openAPIOrder(circuit emulator.Circuit) map[string]any {
	return map[string]any{
		"RegionId":             region,
		"PhysicalConnectionId": circuit.ID,
		"Period":               3,
		"PricingCycle":         "Month",
		"AutoPay":              true,
		"AutoRenew":            true,
		"AutoRenewDuration":    1,
		"InstanceChargeType":   "PrePaid",
		"ClientToken":          "a token/with+reserved=characters&more~*",
	}
}

func expectOpenAPIError(t *testing.T, err error, status int, code string) {
	t.Helper()
	var failure *tea.SDKError
	if !errors.As(err, &failure) || tea.IntValue(failure.StatusCode) != status || tea.StringValue(failure.Code) != code {
		t.Errorf("got %v, want HTTP %d with code %s", err, status, code)
	}
}

func TestOpenAPIClientPlacesAndReplaysAnOrder(t *testing.T) {
	t.Parallel()
	bothSignatures(t, func(t *testing.T, server *emulator.Server, circuits []emulator.Circuit) {
		for name, credential := range map[string]emulator.Credential{
			"access key": emulator.DefaultCredential, "security token": temporary,
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				var ids []string
				for range 2 {
					answer, err := callOpenAPI(t, server, credential, "CreatePhysicalConnectionOccupancyOrder", openAPIOrder(circuits[0]))
					if err != nil {
						t.Fatal(err)
					}
					var body struct{ Data struct{ OrderID string } }
					decode(t, answer, &body)
					ids = append(ids, body.Data.OrderID)
				}
				orders := server.Orders()
				if len(orders) != 1 || ids[0] != orders[0].ID || ids[1] != orders[0].ID {
					t.Fatalf("answers %v, orders %+v", ids, orders)
				}
				order := orders[0]
				if order.CircuitID != circuits[0].ID || order.Region != region || order.Period != 3 || order.PricingCycle != "Month" ||
					!order.AutoPay || !order.AutoRenew || order.ClientToken != openAPIOrder(circuits[0])["ClientToken"] {
					t.Errorf("order %+v", order)
				}
			})
		}
	})
}

func TestOpenAPIClientReadsCircuits(t *testing.T) {
	t.Parallel()
	bothSignatures(t, func(t *testing.T, server *emulator.Server, circuits []emulator.Circuit) {
		answer, err := callOpenAPI(t, server, emulator.DefaultCredential, "DescribePhysicalConnections", map[string]any{
			"RegionId": region,
			"Filter": []any{
				map[string]any{"Key": "PhysicalConnectionId", "Value": []any{circuits[0].ID, circuits[2].ID}},
				map[string]any{"Key": "Name", "Value": []any{circuits[1].Name, circuits[2].Name}},
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		var body struct {
			TotalCount            int
			PhysicalConnectionSet struct {
				PhysicalConnectionType []struct {
					Name       string
					MacsecKeys struct{ MacsecKey []struct{ Cak string } }
				}
			}
		}
		decode(t, answer, &body)
		listed := body.PhysicalConnectionSet.PhysicalConnectionType
		if body.TotalCount != 1 || len(listed) != 1 || listed[0].Name != circuits[2].Name || listed[0].MacsecKeys.MacsecKey[0].Cak != "key" {
			t.Errorf("answer %v", answer)
		}
	})
}

func TestOpenAPIClientReadsErrors(t *testing.T) {
	t.Parallel()
	bothSignatures(t, func(t *testing.T, server *emulator.Server, circuits []emulator.Circuit) {
		place := func(credential emulator.Credential, circuit emulator.Circuit) error {
			_, err := callOpenAPI(t, server, credential, "CreatePhysicalConnectionOccupancyOrder", openAPIOrder(circuit))
			return err
		}
		expectOpenAPIError(t, place(emulator.DefaultCredential, circuits[1]), 400, "Forbidden.NotAllowedInState")
		expectOpenAPIError(t, place(emulator.DefaultCredential, emulator.Circuit{ID: "pc-unknown"}), 404, "InvalidPhysicalConnectionId.NotFound")
		expectOpenAPIError(t, place(wrongSecret(), circuits[0]), 400, "SignatureDoesNotMatch")
		expectOpenAPIError(t, place(denied, circuits[0]), 403, "Forbidden.RAM")
		server.AddFault(emulator.Fault{Code: "Throttling.Api"})
		expectOpenAPIError(t, place(emulator.DefaultCredential, circuits[0]), 400, "Throttling.Api")
		server.AddFault(emulator.Fault{Code: "ServiceUnavailable"})
		expectOpenAPIError(t, place(emulator.DefaultCredential, circuits[0]), 503, "ServiceUnavailable")
		if orders := server.Orders(); len(orders) != 0 {
			t.Errorf("orders %+v", orders)
		}
	})
}

func TestOpenAPIClientReadsAndCancelsAnOrderInBilling(t *testing.T) {
	t.Parallel()
	bothSignatures(t, func(t *testing.T, server *emulator.Server, circuits []emulator.Circuit) {
		form := openAPIOrder(circuits[0])
		form["AutoPay"] = false
		if _, err := callOpenAPI(t, server, emulator.DefaultCredential, "CreatePhysicalConnectionOccupancyOrder", form); err != nil {
			t.Fatal(err)
		}
		id := map[string]any{"OrderId": server.Orders()[0].ID}
		status := func() string {
			t.Helper()
			answer, err := callOpenAPI(t, server, temporary, "GetOrderDetail", id)
			if err != nil {
				t.Fatal(err)
			}
			var body struct {
				Success bool
				Data    struct {
					OrderList struct {
						Order []struct{ OrderID, InstanceIDs, PaymentStatus, AfterTaxAmount string }
					}
				}
			}
			decode(t, answer, &body)
			rows := body.Data.OrderList.Order
			if !body.Success || len(rows) != 1 || rows[0].OrderID != id["OrderId"] || rows[0].AfterTaxAmount != "255" ||
				rows[0].InstanceIDs != `["`+circuits[0].ID+`"]` {
				t.Fatalf("answer %v", answer)
			}
			return rows[0].PaymentStatus
		}
		if got := status(); got != "Unpaid" {
			t.Errorf("the order is %s", got)
		}
		if _, err := callOpenAPI(t, server, temporary, "CancelOrder", id); err != nil {
			t.Fatal(err)
		}
		if got := status(); got != "Cancelled" {
			t.Errorf("after its cancellation the order is %s", got)
		}
		_, err := callOpenAPI(t, server, temporary, "CancelOrder", id)
		expectOpenAPIError(t, err, 400, "InvalidParameter")
		_, err = callOpenAPI(t, server, denied, "GetOrderDetail", id)
		expectOpenAPIError(t, err, 400, "NoPermission")
	})
}
