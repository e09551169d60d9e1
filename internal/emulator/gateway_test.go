package emulator_test

import (
	"encoding/xml"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

var uuid = regexp.MustCompile(`^[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$`)

func TestErrorComesInTheEnvelopeOfTheGateway(t *testing.T) {
	t.Parallel()
	e, _ := newEmulator(emulator.Quirks{})
	got := call(t, e, placeOrder, params{"RegionId": "cn-hangzhou"})
	var body map[string]string
	got.decode(t, &body)
	id := body["RequestId"]
	if !uuid.MatchString(id) {
		t.Errorf("request ID %q is no UUID in capitals", id)
	}
	want := `{"RequestId":"` + id + `","HostId":"vpc.test","Code":"MissingPhysicalConnectionId",` +
		`"Message":"PhysicalConnectionId is mandatory for this action.",` +
		`"Recommend":"https://api.aliyun.com/troubleshoot?q=MissingPhysicalConnectionId&product=Vpc&requestId=` + id + `"}`
	if got.body != want {
		t.Errorf("got  %s\nwant %s", got.body, want)
	}
	if got.status != http.StatusBadRequest || got.header.Get("Content-Type") != "application/json;charset=utf-8" {
		t.Errorf("got HTTP %d, %v", got.status, got.header)
	}
}

func TestXMLIsAnsweredOnRequest(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{})
	e.ChangeCircuit(region, circuit.ID, func(c *emulator.Circuit) {
		c.Name = `<"A" & B>`
		c.Tags = map[string]string{"env": "test", "team": "net"}
	})

	placed := call(t, e, placeOrder, orderFor(circuit, params{"Format": "XML"}))
	var order struct {
		XMLName   xml.Name `xml:"CreatePhysicalConnectionOccupancyOrderResponse"`
		RequestID string   `xml:"RequestId"`
		OrderID   string   `xml:"Data>OrderId"`
	}
	unmarshalXML(t, placed, &order)
	if order.OrderID != e.Orders()[0].ID || !uuid.MatchString(order.RequestID) {
		t.Errorf("got %s", placed.body)
	}

	listed := call(t, e, describeCircuits, params{"Format": "XML", "RegionId": region})
	var circuits struct {
		XMLName xml.Name `xml:"DescribePhysicalConnectionsResponse"`
		Items   []struct {
			Name string
			Tags []struct{ Key, Value string } `xml:"Tags>tags"`
		} `xml:"PhysicalConnectionSet>PhysicalConnectionType"`
	}
	unmarshalXML(t, listed, &circuits)
	if len(circuits.Items) != 1 || circuits.Items[0].Name != `<"A" & B>` || len(circuits.Items[0].Tags) != 2 {
		t.Errorf("got %s", listed.body)
	}

	refused := call(t, e, placeOrder, params{"Format": "XML", "RegionId": region})
	var failure struct {
		XMLName xml.Name `xml:"Error"`
		Code    string
		HostID  string `xml:"HostId"`
	}
	unmarshalXML(t, refused, &failure)
	if failure.Code != "MissingPhysicalConnectionId" || failure.HostID != "vpc.test" {
		t.Errorf("got %s", refused.body)
	}
}

func unmarshalXML(t *testing.T, got reply, value any) {
	t.Helper()
	if contentType := got.header.Get("Content-Type"); contentType != "text/xml;charset=utf-8" {
		t.Errorf("content type %q", contentType)
	}
	if err := xml.Unmarshal([]byte(got.body), value); err != nil {
		t.Fatalf("decode %s: %v", got.body, err)
	}
}

func TestOtherPathsKnowNoAPI(t *testing.T) {
	t.Parallel()
	e, _ := newEmulator(emulator.Quirks{})
	query := signed(http.MethodGet, emulator.DefaultCredential, start, params{"Action": describeRegions})
	request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://vpc.test/api?"+query.Encode(), nil)
	recorder := httptest.NewRecorder()
	e.ServeHTTP(recorder, request)
	expectCode(t, reply{recorder.Code, recorder.Body.String(), recorder.Header()}, 404, "InvalidApi.NotFound")
}

func TestDateHeaderIsTheClockOfTheOrders(t *testing.T) {
	t.Parallel()
	e, circuit := newEmulator(emulator.Quirks{})
	e.Advance(48 * time.Hour)
	got := call(t, e, placeOrder, orderFor(circuit, nil))
	date, err := http.ParseTime(got.header.Get("Date"))
	if err != nil {
		t.Fatal(err)
	}
	if created := e.Orders()[0].CreatedAt; !date.Equal(created) || !date.Equal(start.Add(48*time.Hour)) {
		t.Errorf("Date %s, order created at %s", date, created)
	}
}

func TestJournalHoldsEveryRequestButNoSecret(t *testing.T) {
	t.Parallel()
	temporary := emulator.Credential{AccessKeyID: "k", AccessKeySecret: "s", SecurityToken: "secret-sts-token"}
	e := emulator.New(emulator.Options{Clock: fixedClock, Credentials: []emulator.Credential{temporary}})
	circuit := e.AddCircuit(emulator.Circuit{})
	send(t, e, http.MethodPost, signed(http.MethodPost, temporary, start, orderFor(circuit, params{"Action": placeOrder})), nil)
	send(t, e, http.MethodGet, signed(http.MethodGet, temporary, start, params{"Action": "Nothing", "Signature": "bad"}), nil)

	journal := e.Journal()
	if len(journal) != 2 {
		t.Fatalf("%d calls, want 2", len(journal))
	}
	placed, refused := journal[0], journal[1]
	if placed.Action != placeOrder || placed.Method != http.MethodPost || placed.Region != region ||
		placed.HTTPStatus != 200 || placed.Code != "" || placed.OrderID != e.Orders()[0].ID ||
		!uuid.MatchString(placed.RequestID) || !placed.Time.Equal(start) {
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
	if e.CallCount(placeOrder) != 1 || e.CallCount(describeCircuits) != 0 {
		t.Error("calls are counted wrongly")
	}
}

func TestRegionsAreListed(t *testing.T) {
	t.Parallel()
	e, _ := newEmulator(emulator.Quirks{})
	english := call(t, e, describeRegions, params{"AcceptLanguage": "en-US"}).body
	chinese := call(t, e, describeRegions, nil).body
	for body, name := range map[string]string{english: "China (Hangzhou)", chinese: "华东1（杭州）"} {
		want := `{"RegionId":"cn-hangzhou","RegionEndpoint":"vpc.cn-hangzhou.aliyuncs.com","LocalName":"` + name + `"}`
		if !strings.Contains(body, want) {
			t.Errorf("%s does not list %s", body, want)
		}
	}
}
