package alibabatest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/vpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/renewal"
)

// Answers of the VPC API.
const (
	AcceptedBody = `{"RequestId":"9B9300FE-1","Data":{"OrderId":"50187055895"}}`
	ListingBody  = `{"RequestId":"9B9300FE-2","TotalCount":1,"PageNumber":1,"PageSize":50,` +
		`"PhysicalConnectionSet":{"PhysicalConnectionType":[{"PhysicalConnectionId":"` + CircuitID + `","Status":"Confirmed"}]}}`
	ThrottledBody = `{"RequestId":"9B9300FE-3","HostId":"vpc.aliyuncs.com","Code":"Throttling.User","Message":"Request was denied due to user flow control."}`
)

// IDsOf returns the IDs of circuits.
func IDsOf(circuits []circuit.Circuit) []string {
	ids := make([]string, 0, len(circuits))
	for _, circuit := range circuits {
		ids = append(ids, circuit.ID)
	}
	return ids
}

// CircuitList returns a page of circuits. A negative total is not sent.
func CircuitList(total int, ids ...string) string {
	rows := make([]string, 0, len(ids))
	for _, id := range ids {
		rows = append(rows, `{"PhysicalConnectionId":"`+id+`","Status":"Enabled"}`)
	}
	count := ""
	if total >= 0 {
		count = fmt.Sprintf(`"TotalCount":%d,`, total)
	}
	return `{"RequestId":"R-1",` + count + `"PhysicalConnectionSet":{"PhysicalConnectionType":[` + strings.Join(rows, ",") + `]}}`
}

// NumberedIDs returns count circuit IDs in sorted order.
func NumberedIDs(count int) []string {
	ids := make([]string, count)
	for index := range ids {
		ids[index] = fmt.Sprintf("pc-%05d", index)
	}
	return ids
}

// Refresh reads circuits as a Terraform refresh does, with some workers at a time. Each
// worker pauses between two circuits.
func Refresh(t *testing.T, listing *vpc.CachedCircuits, ids []string, workers int, between func() time.Duration) {
	t.Helper()
	queue := make(chan string)
	var pool sync.WaitGroup
	for range workers {
		pool.Go(func() {
			for id := range queue {
				if circuit, err := ReadBy(t.Context(), listing, id); err != nil || circuit.ID != id {
					t.Errorf("%s: got %+v, %v", id, circuit, err)
				}
				time.Sleep(between())
			}
		})
	}
	for _, id := range ids {
		time.Sleep(between() / 10)
		queue <- id
	}
	close(queue)
	pool.Wait()
}

// OddText has every character that escaping treats differently.
const OddText = "~!*'();:@&=+$,/?#[]%"

// OrderList returns a billing answer with rows of orders. A negative total is not sent.
func OrderList(total int, rows ...string) string {
	count := ""
	if total >= 0 {
		count = fmt.Sprintf(`"TotalCount":%d,`, total)
	}
	return `{"Code":"Success","Message":"Successful!","RequestId":"B-1","Success":true,` +
		`"Data":{"HostName":"cn",` + count + `"PageNum":1,"PageSize":20,"OrderList":{"Order":[` + strings.Join(rows, ",") + `]}}}`
}

// BillingCalls are all billing operations, for tests of all of them.
var BillingCalls = map[string]func(context.Context, *alibaba.Client) error{
	"GetOrderDetail": func(ctx context.Context, client *alibaba.Client) error {
		_, err := client.OrderLines(ctx, OrderID)
		return err
	},
	"QueryOrders": func(ctx context.Context, client *alibaba.Client) error {
		_, err := client.OrdersCreated(ctx, billing.OrderQuery{From: time.Unix(1_700_000_000, 0), To: time.Unix(1_700_000_600, 0)})
		return err
	},
	"CancelOrder": func(ctx context.Context, client *alibaba.Client) error { return client.CancelOrder(ctx, OrderID) },
	"QueryAvailableInstances": func(ctx context.Context, client *alibaba.Client) error {
		_, err := client.Instances(ctx, []string{CircuitID})
		return err
	},
	"SetRenewal": func(ctx context.Context, client *alibaba.Client) error {
		return client.SetRenewal(ctx, CircuitID, renewal.DefaultProduct, renewal.Setting{Status: renewal.Manual})
	},
}

// OrderID is the order of the tests.
const OrderID = "50187055895"

// OrderRow returns a row of an order with more fields.
func OrderRow(orderID string, fields ...string) string {
	return `{` + strings.Join(append([]string{`"OrderId":"` + orderID + `"`}, fields...), ",") + `}`
}

// ReadOrderRow reads an order with one row that has these fields.
func ReadOrderRow(t *testing.T, fields ...string) billing.OrderLine {
	t.Helper()
	rows, err := NewClient(t, Answering(http.StatusOK, OrderList(1, OrderRow(OrderID, fields...)))).OrderLines(t.Context(), OrderID)
	if err != nil || len(rows) != 1 {
		t.Fatalf("%v: got %+v, %v", fields, rows, err)
	}
	return rows[0]
}

// BusinessParams returns the parameters of a request without those of the protocol.
func BusinessParams(query url.Values) map[string]string {
	params := map[string]string{}
	for key := range query {
		if !slices.Contains(EnvelopeParams, key) {
			params[key] = query.Get(key)
		}
	}
	return params
}

// EnvelopeParams are the parameters that the protocol adds to every request.
var EnvelopeParams = []string{
	"AccessKeyId", "SecurityToken", "Signature", "SignatureMethod", "SignatureNonce", "SignatureType", "SignatureVersion", "Timestamp",
}

// ReadBy reads a circuit of the region of the tests.
func ReadBy(ctx context.Context, listing *vpc.CachedCircuits, id string) (circuit.Circuit, error) {
	return listing.DescribeCircuit(ctx, circuit.Query{Region: Region, CircuitID: id})
}

// Scalars returns the texts and numbers in a JSON body, without the white space around them.
func Scalars(body []byte) []string {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var scalars []string
	for {
		token, err := decoder.Token()
		if err != nil {
			return scalars
		}
		scalars = append(scalars, strings.TrimSpace(fmt.Sprint(token)))
	}
}
