package gateway_test

import (
	"encoding/xml"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/apitest"
)

func TestError_HasTheFormatOfTheGateway(t *testing.T) {
	t.Parallel()
	e, _ := apitest.NewEmulator(emulator.Quirks{})
	got := apitest.Call(t, e, apitest.PlaceOrder, apitest.Params{"RegionId": "cn-hangzhou"})
	var body map[string]string
	got.Decode(t, &body)
	id := body["RequestId"]
	if !apitest.UUID.MatchString(id) {
		t.Errorf("request ID %q is not a UUID in upper case", id)
	}
	want := `{"RequestId":"` + id + `","HostId":"vpc.test","Code":"MissingPhysicalConnectionId",` +
		`"Message":"PhysicalConnectionId is mandatory for this action.",` +
		`"Recommend":"https://api.aliyun.com/troubleshoot?q=MissingPhysicalConnectionId&product=Vpc&requestId=` + id + `"}`
	if got.Body != want {
		t.Errorf("got  %s\nwant %s", got.Body, want)
	}
	if got.Status != http.StatusBadRequest || got.Header.Get("Content-Type") != "application/json;charset=utf-8" {
		t.Errorf("got HTTP %d, %v", got.Status, got.Header)
	}
}

func TestAnswer_IsXMLOnRequest(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	e.ChangeCircuit(apitest.Region, circuit.ID, func(c *emulator.Circuit) {
		c.Name = `<"A" & B>`
		c.Tags = map[string]string{"env": "test", "team": "net"}
	})

	placed := apitest.Order(t, e, circuit, apitest.Params{"Format": "XML"})
	var order struct {
		XMLName   xml.Name `xml:"CreatePhysicalConnectionOccupancyOrderResponse"`
		RequestID string   `xml:"RequestId"`
		OrderID   string   `xml:"Data>OrderId"`
	}
	apitest.UnmarshalXML(t, placed, &order)
	if order.OrderID != e.Orders()[0].ID || !apitest.UUID.MatchString(order.RequestID) {
		t.Errorf("got %s", placed.Body)
	}

	listed := apitest.Call(t, e, apitest.DescribeCircuits, apitest.Params{"Format": "XML", "RegionId": apitest.Region})
	var circuits struct {
		XMLName xml.Name `xml:"DescribePhysicalConnectionsResponse"`
		Items   []struct {
			Name string
			Tags []struct{ Key, Value string } `xml:"Tags>tags"`
		} `xml:"PhysicalConnectionSet>PhysicalConnectionType"`
	}
	apitest.UnmarshalXML(t, listed, &circuits)
	if len(circuits.Items) != 1 || circuits.Items[0].Name != `<"A" & B>` || len(circuits.Items[0].Tags) != 2 {
		t.Errorf("got %s", listed.Body)
	}

	refused := apitest.Call(t, e, apitest.PlaceOrder, apitest.Params{"Format": "XML", "RegionId": apitest.Region})
	var failure struct {
		XMLName xml.Name `xml:"Error"`
		Code    string
		HostID  string `xml:"HostId"`
	}
	apitest.UnmarshalXML(t, refused, &failure)
	if failure.Code != "MissingPhysicalConnectionId" || failure.HostID != "vpc.test" {
		t.Errorf("got %s", refused.Body)
	}
}

func TestRequest_OtherPaths_ServeNoAPI(t *testing.T) {
	t.Parallel()
	e, _ := apitest.NewEmulator(emulator.Quirks{})
	query := apitest.Signed(http.MethodGet, emulator.DefaultCredential, apitest.Start, apitest.Params{"Action": apitest.DescribeRegions})
	request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://vpc.test/api?"+query.Encode(), nil)
	recorder := httptest.NewRecorder()
	e.ServeHTTP(recorder, request)
	apitest.ExpectCode(t, apitest.Recorded(recorder), 404, "InvalidApi.NotFound")
}

func TestDateHeader_IsTheClockOfTheOrders(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	e.Advance(48 * time.Hour)
	got := apitest.Order(t, e, circuit, nil)
	date, err := http.ParseTime(got.Header.Get("Date"))
	if err != nil {
		t.Fatal(err)
	}
	if created := e.Orders()[0].CreatedAt; !date.Equal(created) || !date.Equal(apitest.Start.Add(48*time.Hour)) {
		t.Errorf("Date %s, order created at %s", date, created)
	}
}

func TestJournal_ContainsEveryRequestAndNoSecret(t *testing.T) {
	t.Parallel()
	temporary := emulator.Credential{AccessKeyID: "k", AccessKeySecret: "s", SecurityToken: "secret-sts-token"}
	e := emulator.New(emulator.Options{Clock: apitest.FixedClock, Credentials: []emulator.Credential{temporary}})
	circuit := e.AddCircuit(emulator.Circuit{})
	apitest.CallAs(t, e, temporary, apitest.OrderFor(circuit, apitest.Params{"Action": apitest.PlaceOrder}))
	apitest.Send(t, e, http.MethodGet, apitest.Signed(http.MethodGet, temporary, apitest.Start, apitest.Params{"Action": "Nothing", "Signature": "bad"}), nil)

	journal := e.Journal()
	if len(journal) != 2 {
		t.Fatalf("%d calls, want 2", len(journal))
	}
	placed, refused := journal[0], journal[1]
	if placed.Action != apitest.PlaceOrder || placed.Method != http.MethodPost || placed.Region != apitest.Region ||
		placed.HTTPStatus != 200 || placed.Code != "" || placed.OrderID != e.Orders()[0].ID ||
		!apitest.UUID.MatchString(placed.RequestID) || !placed.Time.Equal(apitest.Start) {
		t.Errorf("call of the order: %+v", placed)
	}
	if refused.HTTPStatus != 404 || refused.Code != "InvalidAction.NotFound" || refused.OrderID != "" {
		t.Errorf("refused call: %+v", refused)
	}
	for _, name := range []string{"Signature", "SecurityToken"} {
		if value, sent := placed.Params[name]; !sent || value != "" {
			t.Errorf("%s = %q, %t; want it present and empty", name, value, sent)
		}
	}
	if placed.Params["ClientToken"] != "token-1" || placed.Params["SignatureNonce"] == "" {
		t.Errorf("parameters are missing: %v", placed.Params)
	}
	if e.CallCount(apitest.PlaceOrder) != 1 || e.CallCount(apitest.DescribeCircuits) != 0 {
		t.Error("calls are counted wrongly")
	}
}
