package sdkcompat

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
	sdkerrors "github.com/aliyun/alibaba-cloud-sdk-go/sdk/errors"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/vpc"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// The SDK builds this map when it is first used, without a lock.
var _ = vpc.GetEndpointMap()

// newSDKClient returns the SDK's typed client for the emulator. It sends all parameters in the
// query of a POST.
func newSDKClient(t *testing.T, server *emulator.Server, credential emulator.Credential) *vpc.Client {
	t.Helper()
	var identity auth.Credential = credentials.NewAccessKeyCredential(credential.AccessKeyID, credential.AccessKeySecret)
	if credential.SecurityToken != "" {
		identity = credentials.NewStsTokenCredential(credential.AccessKeyID, credential.AccessKeySecret, credential.SecurityToken)
	}
	client, err := vpc.NewClientWithOptions(region, sdk.NewConfig().WithScheme("HTTP"), identity)
	if err != nil {
		t.Fatal(err)
	}
	client.Domain = server.Addr()
	client.SetNoProxy(`127\.0\.0\.1`)
	return client
}

func sdkOrder(circuit emulator.Circuit) *vpc.CreatePhysicalConnectionOccupancyOrderRequest {
	request := vpc.CreateCreatePhysicalConnectionOccupancyOrderRequest()
	request.PhysicalConnectionId = circuit.ID
	request.Period = requests.NewInteger(2)
	request.PricingCycle = "Year"
	request.AutoPay = requests.NewBoolean(true)
	request.InstanceChargeType = "PrePaid"
	request.ClientToken = "a token/with+reserved=characters&more~*"
	return request
}

func expectSDKError(t *testing.T, err error, status int, code string) {
	t.Helper()
	var failure *sdkerrors.ServerError
	if !errors.As(err, &failure) || failure.HttpStatus() != status || failure.ErrorCode() != code || failure.RequestId() == "" {
		t.Errorf("got %v, want HTTP %d with code %s", err, status, code)
	}
}

func TestSDKPlacesAndReplaysAnOrder(t *testing.T) {
	t.Parallel()
	for name, credential := range map[string]emulator.Credential{
		"access key": emulator.DefaultCredential, "security token": temporary,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, circuits := serve(t)
			client := newSDKClient(t, server, credential)
			var ids []string
			for range 2 {
				request := sdkOrder(circuits[0])
				// The struct does not have this newer parameter.
				request.QueryParams["AutoRenew"] = "true"
				response, err := client.CreatePhysicalConnectionOccupancyOrder(request)
				if err != nil {
					t.Fatal(err)
				}
				ids = append(ids, response.Data.OrderId)
			}
			orders := server.Orders()
			if len(orders) != 1 || ids[0] != orders[0].ID || ids[1] != orders[0].ID {
				t.Fatalf("answers %v, orders %+v", ids, orders)
			}
			order := orders[0]
			if order.CircuitID != circuits[0].ID || order.Region != region || order.Period != 2 || order.PricingCycle != "Year" ||
				!order.AutoPay || !order.AutoRenew || order.ClientToken != sdkOrder(circuits[0]).ClientToken {
				t.Errorf("order %+v", order)
			}
		})
	}
}

func TestSDKReadsCircuits(t *testing.T) {
	t.Parallel()
	server, circuits := serve(t)
	client := newSDKClient(t, server, emulator.DefaultCredential)
	if _, err := client.CreatePhysicalConnectionOccupancyOrder(sdkOrder(circuits[0])); err != nil {
		t.Fatal(err)
	}
	request := vpc.CreateDescribePhysicalConnectionsRequest()
	request.Filter = &[]vpc.DescribePhysicalConnectionsFilter{
		{Key: "PhysicalConnectionId", Value: &[]string{circuits[0].ID, circuits[1].ID, "pc-unknown"}},
		{Key: "Name", Value: &[]string{circuits[0].Name, circuits[2].Name}},
	}
	request.PageSize = requests.NewInteger(50)
	request.IncludeReservationData = requests.NewBoolean(true)
	response, err := client.DescribePhysicalConnections(request)
	if err != nil {
		t.Fatal(err)
	}
	listed := response.PhysicalConnectionSet.PhysicalConnectionType
	if response.TotalCount != 1 || response.PageSize != 50 || len(listed) != 1 {
		t.Fatalf("response %+v", response)
	}
	now, _ := server.Circuit(region, circuits[0].ID)
	got := listed[0]
	if got.PhysicalConnectionId != now.ID || got.Name != now.Name || got.Status != "Enabled" || got.LoaStatus != "Complete" ||
		got.ChargeType != "Prepaid" || got.EndTime != now.EndTime.Format("2006-01-02T15:04:05Z") || got.Bandwidth != 1000 ||
		got.VlanId != "10" || got.HasReservationData != "false" || len(got.Tags.TagsItem) != 1 || got.Tags.TagsItem[0].Value != "prod" {
		t.Errorf("circuit %+v", got)
	}
}

func TestSDKFiltersByTag(t *testing.T) {
	t.Parallel()
	server, circuits := serve(t)
	request := vpc.CreateDescribePhysicalConnectionsRequest()
	request.Tags = &[]vpc.DescribePhysicalConnectionsTags{{Key: "env", Value: "prod"}}
	response, err := newSDKClient(t, server, emulator.DefaultCredential).DescribePhysicalConnections(request)
	if err != nil {
		t.Fatal(err)
	}
	if listed := response.PhysicalConnectionSet.PhysicalConnectionType; len(listed) != 1 || listed[0].PhysicalConnectionId != circuits[0].ID {
		t.Errorf("listed %+v", listed)
	}
}

func TestSDKReadsXML(t *testing.T) {
	t.Parallel()
	server, circuits := serve(t)
	request := vpc.CreateDescribePhysicalConnectionsRequest()
	request.AcceptFormat = "XML"
	response, err := newSDKClient(t, server, emulator.DefaultCredential).DescribePhysicalConnections(request)
	if err != nil {
		t.Fatal(err)
	}
	listed := response.PhysicalConnectionSet.PhysicalConnectionType
	if len(listed) != 3 || listed[2].Name != circuits[2].Name || len(listed[0].Tags.TagsItem) != 1 {
		t.Errorf("listed %+v", listed)
	}
}

func TestSDKReadsRegions(t *testing.T) {
	t.Parallel()
	server, _ := serve(t)
	response, err := newSDKClient(t, server, emulator.DefaultCredential).DescribeRegions(vpc.CreateDescribeRegionsRequest())
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(response.Regions.Region, func(r vpc.Region) bool { return r.RegionId == region }) {
		t.Errorf("regions %+v", response.Regions)
	}
}

func TestSDKReadsErrors(t *testing.T) {
	t.Parallel()
	server, circuits := serve(t)
	client := newSDKClient(t, server, emulator.DefaultCredential)

	_, err := client.CreatePhysicalConnectionOccupancyOrder(sdkOrder(circuits[1]))
	expectSDKError(t, err, 400, "Forbidden.NotAllowedInState")

	_, err = client.CreatePhysicalConnectionOccupancyOrder(sdkOrder(emulator.Circuit{ID: "pc-unknown"}))
	expectSDKError(t, err, 404, "InvalidPhysicalConnectionId.NotFound")

	server.AddFault(emulator.Fault{Code: "Throttling.User"})
	_, err = client.CreatePhysicalConnectionOccupancyOrder(sdkOrder(circuits[0]))
	expectSDKError(t, err, 400, "Throttling.User")

	_, err = newSDKClient(t, server, wrongSecret()).CreatePhysicalConnectionOccupancyOrder(sdkOrder(circuits[0]))
	expectSDKError(t, err, 400, "SignatureDoesNotMatch")
	// The SDK reports a wrong secret only if the answer contains the string that it signed.
	var failure *sdkerrors.ServerError
	if errors.As(err, &failure) && !strings.HasPrefix(failure.Recommend(), "InvalidAccessKeySecret") {
		t.Errorf("the SDK signed another string than the emulator: %v", err)
	}

	_, err = newSDKClient(t, server, denied).CreatePhysicalConnectionOccupancyOrder(sdkOrder(circuits[0]))
	expectSDKError(t, err, 403, "Forbidden.RAM")

	expired := temporary
	expired.SecurityToken = "another token"
	_, err = newSDKClient(t, server, expired).CreatePhysicalConnectionOccupancyOrder(sdkOrder(circuits[0]))
	expectSDKError(t, err, 400, "InvalidSecurityToken.MismatchWithAccessKey")

	if orders := server.Orders(); len(orders) != 0 {
		t.Errorf("orders %+v", orders)
	}
}
