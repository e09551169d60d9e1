package sdkcompat

import (
	"testing"
	"time"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/vpc"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

func sdkApplication() *vpc.CreatePhysicalConnectionRequest {
	request := vpc.CreateCreatePhysicalConnectionRequest()
	request.AccessPointId = "ap-cn-hangzhou-yh-B"
	request.LineOperator = "CT"
	request.PortType = "10GBase-LR"
	request.Bandwidth = requests.NewInteger(5000)
	request.Name = "SDK-1"
	request.Description = "a line & more"
	request.ClientToken = "a token/with+reserved=characters&more~*"
	request.Tag = &[]vpc.CreatePhysicalConnectionTag{{Key: "env", Value: "test"}}
	return request
}

func TestSDKChangesACircuitThroughItsLife(t *testing.T) {
	t.Parallel()
	server, _ := serve(t)
	client := newSDKClient(t, server, emulator.DefaultCredential)
	var ids []string
	for range 2 {
		made, err := client.CreatePhysicalConnection(sdkApplication())
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, made.PhysicalConnectionId)
	}
	id := ids[0]
	made, found := server.Circuit(region, id)
	if !found || ids[1] != id || len(server.Circuits()) != 4 || made.Bandwidth != 5000 || made.Spec != "10G" || made.Tags["env"] != "test" {
		t.Fatalf("IDs %q, circuit %+v", ids, made)
	}
	expect := func(status string) {
		t.Helper()
		if c, _ := server.Circuit(region, id); c.Status != status {
			t.Fatalf("the circuit is %s, want %s", c.Status, status)
		}
	}
	expect("Initial")
	server.Advance(time.Minute)
	expect("Allocated")

	modification := vpc.CreateModifyPhysicalConnectionAttributeRequest()
	modification.PhysicalConnectionId, modification.Description = id, "another line"
	if _, err := client.ModifyPhysicalConnectionAttribute(modification); err != nil {
		t.Error(err)
	}
	confirmation := vpc.CreateConfirmPhysicalConnectionRequest()
	confirmation.PhysicalConnectionId = id
	if _, err := client.ConfirmPhysicalConnection(confirmation); err != nil {
		t.Fatal(err)
	}
	expect("Confirmed")
	_, err := client.ConfirmPhysicalConnection(confirmation)
	expectSDKError(t, err, 400, "IncorrectStatus.PhysicalConnection")
	if _, err := client.CreatePhysicalConnectionOccupancyOrder(sdkOrder(emulator.Circuit{ID: id})); err != nil {
		t.Fatal(err)
	}
	expect("Enabled")

	deletion := vpc.CreateDeletePhysicalConnectionRequest()
	deletion.PhysicalConnectionId = id
	_, err = client.DeletePhysicalConnection(deletion)
	expectSDKError(t, err, 400, "Forbidden.NotAllowedInState")
	termination := vpc.CreateTerminatePhysicalConnectionRequest()
	termination.PhysicalConnectionId = id
	if _, err := client.TerminatePhysicalConnection(termination); err != nil {
		t.Fatal(err)
	}
	expect("Terminating")
	server.Advance(time.Minute)
	expect("Terminated")
	if _, err := client.DeletePhysicalConnection(deletion); err != nil {
		t.Fatal(err)
	}
	_, err = client.DeletePhysicalConnection(deletion)
	expectSDKError(t, err, 404, "InvalidPhysicalConnectionId.NotFound")
	if orders := server.Orders(); len(orders) != 1 || orders[0].CircuitID != id {
		t.Errorf("orders %+v", orders)
	}
}

func TestSDKCancelsACircuit(t *testing.T) {
	t.Parallel()
	server, circuits := serve(t)
	request := vpc.CreateCancelPhysicalConnectionRequest()
	request.PhysicalConnectionId = circuits[1].ID
	if _, err := newSDKClient(t, server, temporary).CancelPhysicalConnection(request); err != nil {
		t.Error(err)
	}
	if c, _ := server.Circuit(region, circuits[1].ID); c.Status != "Canceled" {
		t.Errorf("the circuit is %s", c.Status)
	}
}

func TestSDKOpensTheBillingOfTraffic(t *testing.T) {
	t.Parallel()
	server, _ := serve(t)
	server.SetQuirks(emulator.Quirks{TrafficBillingClosed: true})
	client := newSDKClient(t, server, emulator.DefaultCredential)
	_, err := client.CreatePhysicalConnection(sdkApplication())
	expectSDKError(t, err, 400, "OperationFailed.PconnTrafficNotEnable")
	for _, want := range []bool{false, true} {
		status, err := client.GetPhysicalConnectionServiceStatus(vpc.CreateGetPhysicalConnectionServiceStatusRequest())
		if err != nil || status.Enabled != want {
			t.Errorf("status %+v, %v, want %t", status, err, want)
		}
		_, err = client.OpenPhysicalConnectionService(vpc.CreateOpenPhysicalConnectionServiceRequest())
		if !want && err != nil {
			t.Error(err)
		} else if want {
			expectSDKError(t, err, 400, "InvalidOperation.OrderOpened")
		}
	}
	if _, err := client.CreatePhysicalConnection(sdkApplication()); err != nil {
		t.Error(err)
	}
}
