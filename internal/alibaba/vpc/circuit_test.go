package vpc_test

import (
	"errors"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/alibabatest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

func TestDescribeCircuit_RequestsOneCircuit(t *testing.T) {
	t.Parallel()
	for name, withReservations := range map[string]bool{"plain": false, "with reservations": true} {
		var seen alibabatest.Recorder
		client := alibabatest.NewClient(t, seen.Wrap(alibabatest.Answering(http.StatusOK, alibabatest.ListingBody)))
		query := circuit.Query{Region: alibabatest.Region, CircuitID: alibabatest.CircuitID, WithReservations: withReservations}
		if _, err := client.DescribeCircuit(t.Context(), query); err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for key := range seen.Requests[0] {
			if !strings.HasPrefix(key, "S") && key != "AccessKeyId" && key != "Timestamp" {
				got[key] = seen.Requests[0].Get(key)
			}
		}
		want := map[string]string{
			"Action": "DescribePhysicalConnections", "Version": "2016-04-28", "Format": "JSON", "RegionId": alibabatest.Region,
			"Filter.1.Key": "PhysicalConnectionId", "Filter.1.Value.1": alibabatest.CircuitID, "PageSize": "50", "PageNumber": "1",
		}
		if withReservations {
			want["IncludeReservationData"] = "true"
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: sent %v\nwant %v", name, got, want)
		}
	}
}

func TestDescribeCircuit_AcceptsOtherJSONTypes(t *testing.T) {
	t.Parallel()
	at := func(text string) *time.Time {
		value, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return &value
	}
	for name, test := range map[string]struct {
		row  string
		want circuit.Circuit
	}{
		"as documented": {
			`"Status":"Enabled","BusinessStatus":"Normal","LoaStatus":"Complete","CreationTime":"2021-08-24T07:30:58Z","EnabledTime":"2021-08-24T07:33:18Z","EndTime":"2022-04-24T16:00:00Z",
			"Bandwidth":1000,"ParentPhysicalConnectionAliUid":283117732402483989,"VirtualPhysicalConnectionCount":3,"DownDelayTime":100,"HasReservationData":false,"VlanId":10,"PortNumber":"1/1/1",
			"MacsecKeys":{"MacsecKey":[{"Cak":"canary"}]},"Tags":{"tags":[{"Key":"env","Value":"test"},{"Key":"n","Value":1}]}`,
			circuit.Circuit{
				Status: "Enabled", BusinessStatus: "Normal", LOAStatus: "Complete",
				CreationTime: at("2021-08-24T07:30:58Z"), EnabledTime: at("2021-08-24T07:33:18Z"), EndTime: at("2022-04-24T16:00:00Z"),
				Bandwidth: new(int64(1000)), ParentPhysicalConnectionAliUID: new(int64(283117732402483989)), VirtualPhysicalConnectionCount: new(int64(3)), DownDelayTime: new(int64(100)),
				HasReservationData: new(false), VlanID: "10", PortNumber: "1/1/1", Tags: map[string]string{"env": "test", "n": "1"},
			},
		},
		"text for everything": {
			`"Status":" Confirmed ","Bandwidth":"1000","HasReservationData":"true","VlanId":"10","CreationTime":"2021-08-24T07:30Z","Tags":{"Tags":[{"key":"env","value":"test"}]}`,
			circuit.Circuit{Status: "Confirmed", Bandwidth: new(int64(1000)), HasReservationData: new(true), VlanID: "10", CreationTime: at("2021-08-24T07:30:00Z"), Tags: map[string]string{"env": "test"}},
		},
		"nothing in everything": {
			`"Status":"Confirmed","Bandwidth":"","HasReservationData":"","EndTime":"","EnabledTime":null,"LoaStatus":null,"DownDelayTime":null,"Tags":{"tags":[]}`,
			circuit.Circuit{Status: "Confirmed"},
		},
		"nonsense in everything": {
			`"Status":"Confirmed","Bandwidth":"fast","HasReservationData":"perhaps","EndTime":"tomorrow","DownDelayTime":1.5,"Name":{"a":1},"Tags":"none","DeviceFeaturesSelected":["a"]`,
			circuit.Circuit{Status: "Confirmed"},
		},
		"a list of tags that is damaged after the first": {
			`"Status":"Confirmed","Tags":{"tags":[{"Key":"env","Value":"test"},1]}`,
			circuit.Circuit{Status: "Confirmed"},
		},
		"lower camel": {
			`"status":"Confirmed","loaStatus":"Complete"`,
			circuit.Circuit{Status: "Confirmed", LOAStatus: "Complete"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := `{"TotalCount":1,"PhysicalConnectionSet":{"PhysicalConnectionType":[{"PhysicalConnectionId":"` + alibabatest.CircuitID + `",` + test.row + `}]}}`
			got, err := alibabatest.Describe(t.Context(), alibabatest.NewClient(t, alibabatest.Answering(http.StatusOK, body)))
			test.want.ID, test.want.Region = alibabatest.CircuitID, alibabatest.Region
			if err != nil || !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %+v, %v\nwant %+v", got, err, test.want)
			}
		})
	}
}

// Each text field must arrive in the field of its name.
func TestDescribeCircuit_ReadsEveryField(t *testing.T) {
	t.Parallel()
	names := map[string]string{ // names in the API that are different
		"ID": "PhysicalConnectionId", "LOAStatus": "LoaStatus", "AccessPointID": "AccessPointId", "ResourceGroupID": "ResourceGroupId",
		"RedundantPhysicalConnectionID": "RedundantPhysicalConnectionId", "ParentPhysicalConnectionID": "ParentPhysicalConnectionId",
		"VlanID": "VlanId", "QosID": "QosId", "ParentPhysicalConnectionAliUID": "ParentPhysicalConnectionAliUid",
	}
	row, want := []string{}, reflect.New(reflect.TypeFor[circuit.Circuit]()).Elem()
	for index := range want.NumField() {
		field := want.Type().Field(index)
		name, ok := names[field.Name]
		if !ok {
			name = field.Name
		}
		switch {
		case field.Name == "AsOf": // of the answer, not of the circuit
		case field.Name == "ID":
			want.Field(index).SetString(alibabatest.CircuitID)
			row = append(row, `"`+name+`":"`+alibabatest.CircuitID+`"`)
		case field.Name == "Region":
			want.Field(index).SetString(alibabatest.Region)
		case field.Type.Kind() == reflect.String:
			want.Field(index).SetString("value of " + name)
			row = append(row, `"`+name+`":"value of `+name+`"`)
		case field.Type == reflect.TypeFor[*int64]():
			want.Field(index).Set(reflect.ValueOf(new(int64(index))))
			row = append(row, `"`+name+`":`+string(rune('0'+index/10))+string(rune('0'+index%10)))
		case field.Type == reflect.TypeFor[*time.Time]():
			value := time.Date(2000+index, 1, 2, 3, 4, 5, 0, time.UTC)
			want.Field(index).Set(reflect.ValueOf(&value))
			row = append(row, `"`+name+`":"`+value.Format(time.RFC3339)+`"`)
		case field.Type == reflect.TypeFor[*bool]():
			want.Field(index).Set(reflect.ValueOf(new(true)))
			row = append(row, `"`+name+`":true`)
		}
	}
	body := `{"PhysicalConnectionSet":{"PhysicalConnectionType":[{` + strings.Join(row, ",") + `}]}}`
	got, err := alibabatest.Describe(t.Context(), alibabatest.NewClient(t, alibabatest.Answering(http.StatusOK, body)))
	if err != nil || !reflect.DeepEqual(got, want.Interface()) {
		t.Errorf("got %+v, %v\nwant %+v", got, err, want.Interface())
	}
}

func TestDescribeCircuit_IsMissingOnlyIfTheAnswerIsClear(t *testing.T) {
	t.Parallel()
	other := `{"PhysicalConnectionId":"pc-other","Status":"Confirmed"}`
	ours := `{"PhysicalConnectionId":"` + alibabatest.CircuitID + `","Status":"Confirmed"}`
	for name, test := range map[string]struct {
		status int
		body   string
		want   string // "missing", "found" or "unreadable"
	}{
		"empty list":                 {200, `{"RequestId":"R-1","TotalCount":0,"PhysicalConnectionSet":{"PhysicalConnectionType":[]}}`, "missing"},
		"empty list, text count":     {200, `{"RequestId":"R-1","TotalCount":"0","PhysicalConnectionSet":{"PhysicalConnectionType":[]}}`, "missing"},
		"empty list without a count": {200, `{"RequestId":"R-1","PhysicalConnectionSet":{"PhysicalConnectionType":[]}}`, "missing"},
		"a count of 0 and no set":    {200, `{"RequestId":"R-1","TotalCount":0}`, "missing"},
		"a count of 0, empty set":    {200, `{"RequestId":"R-1","TotalCount":0,"PhysicalConnectionSet":{}}`, "missing"},
		"the code of not found":      {404, `{"RequestId":"R-1","Code":"InvalidPhysicalConnectionId.NotFound","Message":"no"}`, "missing"},
		"the code with another HTTP": {400, `{"RequestId":"R-1","Code":"InvalidPhysicalConnectionId.NotFound","Message":"no"}`, "missing"},
		"found":                      {200, `{"TotalCount":1,"PhysicalConnectionSet":{"PhysicalConnectionType":[` + ours + `]}}`, "found"},
		"found among others":         {200, `{"TotalCount":2,"PhysicalConnectionSet":{"PhysicalConnectionType":[` + other + `,` + ours + `]}}`, "found"},
		"found, wrong count":         {200, `{"TotalCount":0,"PhysicalConnectionSet":{"PhysicalConnectionType":[` + ours + `]}}`, "found"},
		"others only":                {200, `{"TotalCount":1,"PhysicalConnectionSet":{"PhysicalConnectionType":[` + other + `]}}`, "unreadable"},
		"an empty list that counts":  {200, `{"TotalCount":1,"PhysicalConnectionSet":{"PhysicalConnectionType":[]}}`, "unreadable"},
		"an odd count":               {200, `{"TotalCount":"many","PhysicalConnectionSet":{"PhysicalConnectionType":[]}}`, "unreadable"},
		"no set":                     {200, `{"RequestId":"R-1"}`, "unreadable"},
		"an empty set":               {200, `{"RequestId":"R-1","PhysicalConnectionSet":{}}`, "unreadable"},
		"null for a set":             {200, `{"RequestId":"R-1","PhysicalConnectionSet":null}`, "unreadable"},
		"null for a list":            {200, `{"PhysicalConnectionSet":{"PhysicalConnectionType":null}}`, "unreadable"},
		"text for a set":             {200, `{"TotalCount":0,"PhysicalConnectionSet":""}`, "unreadable"},
		"an object for a list":       {200, `{"TotalCount":1,"PhysicalConnectionSet":{"PhysicalConnectionType":` + ours + `}}`, "unreadable"},
		"null for a row":             {200, `{"TotalCount":1,"PhysicalConnectionSet":{"PhysicalConnectionType":[null]}}`, "unreadable"},
		"listed twice":               {200, `{"TotalCount":2,"PhysicalConnectionSet":{"PhysicalConnectionType":[` + ours + `,` + ours + `]}}`, "unreadable"},
		"without a status":           {200, `{"TotalCount":1,"PhysicalConnectionSet":{"PhysicalConnectionType":[{"PhysicalConnectionId":"` + alibabatest.CircuitID + `"}]}}`, "unreadable"},
		"nothing":                    {200, ``, "unreadable"},
		"a page":                     {200, `<html>0 results</html>`, "unreadable"},
		"404 of someone else":        {404, `<html>not found</html>`, "unreadable"},
		"not found, but of a region": {404, `{"Code":"InvalidRegionId.NotFound"}`, "unreadable"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, err := alibabatest.Describe(t.Context(), alibabatest.NewClient(t, alibabatest.Answering(test.status, test.body)))
				got := "found"
				var missing *circuit.NotFoundError
				switch {
				case errors.As(err, &missing):
					got = "missing"
					want := circuit.NotFoundError{Region: alibabatest.Region, CircuitID: alibabatest.CircuitID, Host: "vpc.aliyuncs.com", RequestID: "R-1"}
					if *missing != want {
						t.Errorf("got %+v, want %+v", *missing, want)
					}
				case err != nil:
					got = "unreadable"
					if failure := alibabatest.FailureOf(t, err); failure.Delivery == apierror.ResponseLost != (test.status == http.StatusOK) {
						t.Errorf("got %+v", failure)
					}
				}
				if got != test.want || (got == "found") != (c.ID == alibabatest.CircuitID) {
					t.Errorf("%s: got %+v, %v", got, c, err)
				}
			})
		})
	}
}

func TestDescribeCircuit_HasTheTimeOfTheAPI(t *testing.T) {
	t.Parallel()
	client := alibabatest.NewClient(t, alibabatest.Transport(func(*http.Request) (*http.Response, error) {
		answer := alibabatest.Reply(http.StatusOK, `{"TotalCount":1,"PageNumber":1,"PageSize":50,"PhysicalConnectionSet":{"PhysicalConnectionType":[{"PhysicalConnectionId":"pc-1","Status":"Confirmed"}]}}`)
		answer.Header.Set("Date", "Sun, 01 Mar 2026 10:00:00 GMT")
		return answer, nil
	}))
	circuit, err := client.DescribeCircuit(t.Context(), circuit.Query{Region: alibabatest.Region, CircuitID: "pc-1"})
	if err != nil || circuit.AsOf == nil || !circuit.AsOf.Equal(time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)) {
		t.Errorf("%v, %v", circuit.AsOf, err)
	}
}

func TestDescribeCircuit_Once_SendsOneRequest(t *testing.T) {
	t.Parallel()
	sent := 0
	client := alibabatest.NewClient(t, alibabatest.Transport(func(*http.Request) (*http.Response, error) {
		sent++
		return alibabatest.Reply(http.StatusServiceUnavailable, `{"Code":"ServiceUnavailable"}`), nil
	}))
	_, err := client.DescribeCircuit(t.Context(), circuit.Query{Region: alibabatest.Region, CircuitID: "pc-1", Once: true})
	if failure := alibabatest.FailureOf(t, err); failure.Code != "ServiceUnavailable" || sent != 1 {
		t.Errorf("%v after %d requests", failure, sent)
	}
}
