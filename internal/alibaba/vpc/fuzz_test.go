package vpc_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/alibabatest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/vpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

// answersToOrders are answers to an order, of which the first ones have an order ID.
var answersToOrders = []string{
	alibabatest.AcceptedBody, `{"requestId":"R","data":{"orderId":50187055895}}`, `{"Data":{"OrderId":"\u0035018"}}`, `{"Data":{"OrderId":" 5018 "}}`,
	`{"Code":"Success","Success":true,"Data":{"OrderId":"5018"}}`, `{"Code":"InternalError","Data":{"OrderId":"5018"}}`, `{"Success":false,"Data":{"OrderId":"5018"}}`,
	`{"Data":{"OrderId":"0"}}`, `{"Data":{"OrderId":["5018"]}}`, `{"Data":{"OrderId":1.5e3}}`, `{"Data":"5018"}`, `{"OrderId":"5018"}`, `{"Data":{"OrderId":"5018"},"Data":{}}`,
	alibabatest.ThrottledBody, `{}`, `[]`, `null`, ``, `{"Data":`, `<Error><Code>Throttling</Code><RequestId>R</RequestId></Error>`, `<html>502</html>`,
	`{"Code":"` + alibabatest.CanaryID + `","Message":"` + alibabatest.CanarySecret + `","RequestId":"` + alibabatest.CanaryToken + `"}`,
}

// FuzzOrderAnswer checks that an order counts as placed only if the answer has its ID, that
// an answer never counts as not sent, and that no error shows a credential.
func FuzzOrderAnswer(f *testing.F) {
	for _, body := range answersToOrders {
		f.Add(http.StatusOK, []byte(body))
		f.Add(http.StatusBadRequest, []byte(body))
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		if status < 200 || status > 599 {
			t.Skip("no final answer")
		}
		receipt, err := alibabatest.NewClient(t, alibabatest.Answering(status, string(body))).SendOrder(t.Context(), alibabatest.Request())
		if err == nil {
			if status > 299 || !rpc.IsID(receipt.OrderID) || !slices.Contains(alibabatest.Scalars(body), receipt.OrderID) {
				t.Errorf("order %q of HTTP %d %q", receipt.OrderID, status, body)
			}
			return
		}
		failure := alibabatest.FailureOf(t, err)
		if failure.Delivery == apierror.NotSent || receipt.OrderID != "" {
			t.Errorf("%+v, receipt %+v", failure, receipt)
		}
		if id := vpc.ParseOrderID(body); id != "" && status <= 299 && (failure.Delivery == apierror.Answered || !strings.Contains(failure.Message, id)) {
			t.Errorf("the error loses order %s: %+v", id, failure)
		}
		for _, secret := range []string{alibabatest.CanaryID, alibabatest.CanarySecret, alibabatest.CanaryToken} {
			if strings.Contains(alibabatest.Texts(err), secret) {
				t.Errorf("the error shows %s: %v", secret, err)
			}
		}
	})
}

var lists = []string{
	alibabatest.ListingBody, alibabatest.CircuitList(0), alibabatest.CircuitList(-1), alibabatest.CircuitList(2, alibabatest.CircuitID, alibabatest.CircuitID),
	alibabatest.CircuitList(1, "pc-other"), `{"TotalCount":1}`, `{"totalCount":"1","physicalConnectionSet":{"physicalConnectionType":[{"physicalConnectionId":"` + alibabatest.CircuitID + `"}]}}`,
	`{"PhysicalConnectionSet":{"PhysicalConnectionType":[{"PhysicalConnectionId":"` + alibabatest.CircuitID + `","Status":"Enabled","Bandwidth":"1000","EndTime":"2027-01-01T00:00Z",
	"Tags":{"tags":[{"Key":"a","Value":1}]},"HasReservationData":"false","LoaStatus":null}]}}`,
	`{"PhysicalConnectionSet":{"PhysicalConnectionType":{}}}`, `{"PhysicalConnectionSet":null,"TotalCount":0}`, `{"Tags":""}`, `[]`, ``,
}

// FuzzCircuit checks that the circuit of an answer is the requested one and has a status,
// and that an answer with a problem has none.
func FuzzCircuit(f *testing.F) {
	for _, body := range lists {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		found, problem := vpc.ParseCircuit(body, alibabatest.CircuitID)
		if found == nil {
			return
		}
		scalars := alibabatest.Scalars(body)
		if problem != "" || found.ID != alibabatest.CircuitID || !slices.Contains(scalars, found.ID) || found.Status == "" || !slices.Contains(scalars, found.Status) {
			t.Errorf("circuit %s, %s, %q", found.ID, found.Status, problem)
		}
		if found.Readiness() == circuit.Payable && found.Status != circuit.StatusConfirmed {
			t.Errorf("%s can be ordered", found.State())
		}
	})
}

// FuzzCircuitList checks that each circuit of a page was requested and has ID and status.
func FuzzCircuitList(f *testing.F) {
	for _, body := range lists {
		f.Add([]byte(body), alibabatest.CircuitID, "")
		f.Add([]byte(body), "", "Confirmed")
	}
	f.Fuzz(func(t *testing.T, body []byte, id, status string) {
		filter := circuit.Filter{Status: status}
		if id != "" {
			filter.IDs = []string{id}
		}
		circuits, problem := vpc.ParseList(body, filter)
		if problem != "" && len(circuits) > 0 {
			t.Errorf("%q and %d circuits", problem, len(circuits))
		}
		for _, c := range circuits {
			if c.ID == "" || c.Status == "" || id != "" && c.ID != id {
				t.Errorf("circuit %q, %q of the request for %q", c.ID, c.Status, id)
			}
		}
	})
}
