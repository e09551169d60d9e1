package sdkcompat

import (
	"testing"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/bssopenapi"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

var _ = bssopenapi.GetEndpointMap() // As with vpc.

func newSDKBilling(t *testing.T, server *emulator.Server, credential emulator.Credential) *bssopenapi.Client {
	t.Helper()
	identity := credentials.NewAccessKeyCredential(credential.AccessKeyID, credential.AccessKeySecret)
	client, err := bssopenapi.NewClientWithOptions(region, sdk.NewConfig().WithScheme("HTTP"), identity)
	if err != nil {
		t.Fatal(err)
	}
	client.Domain = server.Addr()
	client.SetNoProxy(`127\.0\.0\.1`)
	return client
}

func TestSDKReadsAndCancelsAnOrderInBilling(t *testing.T) {
	t.Parallel()
	server, circuits := serve(t)
	client := newSDKBilling(t, server, emulator.DefaultCredential)
	order := sdkOrder(circuits[0])
	order.AutoPay = requests.NewBoolean(false)
	placed, err := newSDKClient(t, server, emulator.DefaultCredential).CreatePhysicalConnectionOccupancyOrder(order)
	if err != nil {
		t.Fatal(err)
	}

	listing := bssopenapi.CreateQueryOrdersRequest()
	listing.OrderType = "New"
	listed, err := client.QueryOrders(listing)
	if err != nil {
		t.Fatal(err)
	}
	if rows := listed.Data.OrderList.Order; !listed.Success || listed.Data.TotalCount != 1 || len(rows) != 1 ||
		rows[0].OrderId != placed.Data.OrderId || rows[0].InstanceIDs != "" {
		t.Errorf("listed %+v", listed.Data)
	}

	reading := bssopenapi.CreateGetOrderDetailRequest()
	reading.OrderId = placed.Data.OrderId
	detail, err := client.GetOrderDetail(reading)
	if err != nil {
		t.Fatal(err)
	}
	if rows := detail.Data.OrderList.Order; len(rows) != 1 || rows[0].PaymentStatus != "Unpaid" || rows[0].Region != region ||
		rows[0].InstanceIDs != `["`+circuits[0].ID+`"]` || rows[0].AfterTaxAmount != "2040" {
		t.Errorf("detail %+v", detail.Data)
	}

	cancelling := bssopenapi.CreateCancelOrderRequest()
	cancelling.OrderId = placed.Data.OrderId
	cancelled, err := client.CancelOrder(cancelling)
	if err != nil || !cancelled.Success || server.Orders()[0].Status != emulator.OrderCancelled {
		t.Errorf("cancelled %+v, %v", cancelled, err)
	}
}

func TestSDKReadsTheBalance(t *testing.T) {
	t.Parallel()
	server, _ := serve(t)
	server.SetBalance(1234_50)
	got, err := newSDKBilling(t, server, emulator.DefaultCredential).
		QueryAccountBalance(bssopenapi.CreateQueryAccountBalanceRequest())
	if err != nil {
		t.Fatal(err)
	}
	if !got.Success || got.Code != "200" || got.Data.AvailableAmount != "1234.50" || got.Data.Currency != "USD" {
		t.Errorf("answer %+v", got)
	}
}

func TestSDKReadsAndChangesARenewal(t *testing.T) {
	t.Parallel()
	server, circuits := serve(t)
	end := server.Now().AddDate(0, 1, 0)
	server.ChangeCircuit(region, circuits[0].ID, func(c *emulator.Circuit) { c.Status, c.EndTime = emulator.StatusEnabled, end })
	client := newSDKBilling(t, server, emulator.DefaultCredential)
	changing := bssopenapi.CreateSetRenewalRequest()
	changing.InstanceIDs = circuits[0].ID
	changing.ProductCode = "pconn"
	changing.RenewalStatus = emulator.AutoRenewal
	changing.RenewalPeriod = requests.NewInteger(6)
	changing.RenewalPeriodUnit = "M"
	changed, err := client.SetRenewal(changing)
	if err != nil || !changed.Success || changed.Code != "Success" {
		t.Errorf("changed %+v, %v", changed, err)
	}

	listing := bssopenapi.CreateQueryAvailableInstancesRequest()
	listing.InstanceIDs = circuits[0].ID
	listed, err := client.QueryAvailableInstances(listing)
	if err != nil {
		t.Fatal(err)
	}
	if rows := listed.Data.InstanceList; !listed.Success || listed.Data.TotalCount != 1 || len(rows) != 1 || rows[0].InstanceID != circuits[0].ID ||
		rows[0].RenewStatus != "AutoRenewal" || rows[0].RenewalDuration != 6 || rows[0].RenewalDurationUnit != "M" || rows[0].OwnerId == 0 {
		t.Errorf("listed %+v", listed.Data)
	}
}

func TestSDKReadsDenialsOfBilling(t *testing.T) {
	t.Parallel()
	server, _ := serve(t)
	request := bssopenapi.CreateGetOrderDetailRequest()
	request.OrderId = "1"
	_, err := newSDKBilling(t, server, denied).GetOrderDetail(request)
	expectSDKError(t, err, 400, "NoPermission")

	// The SDK treats this refusal as a success.
	server.AddFault(emulator.Fault{Code: "NotApplicable", HTTPStatus: 200})
	request = bssopenapi.CreateGetOrderDetailRequest()
	request.OrderId = "1"
	answer, err := newSDKBilling(t, server, emulator.DefaultCredential).GetOrderDetail(request)
	if err != nil || answer.Success || answer.Code != "NotApplicable" {
		t.Errorf("answer %+v, %v", answer, err)
	}
}
