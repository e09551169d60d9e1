package vpc_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/alibabatest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
)

// circuitPages answers requests for pages of circuits. A test can change the circuits between two
// pages.
type circuitPages struct {
	ids []string
	// size is the page size of the server; 0 means the requested one.
	size int
	// uncounted leaves the total out.
	uncounted bool
	// before is called before each answer with its number, which counts from 1.
	before func(call int, pages *circuitPages)
	calls  int
	mu     sync.Mutex
}

func (p *circuitPages) RoundTrip(request *http.Request) (*http.Response, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls++
	if p.before != nil {
		p.before(p.calls, p)
	}
	number, err := strconv.Atoi(request.URL.Query().Get("PageNumber"))
	if err != nil {
		return nil, err
	}
	size := 50
	if p.size > 0 {
		size = p.size
	}
	first := min((number-1)*size, len(p.ids))
	total := len(p.ids)
	if p.uncounted {
		total = -1
	}
	return alibabatest.Reply(http.StatusOK, alibabatest.CircuitList(total, p.ids[first:min(first+size, len(p.ids))]...)), nil
}

func TestListCircuits_ReadsEveryPageOnce(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ circuits, calls, callsUncounted int }{
		{0, 1, 1}, {1, 1, 1}, {49, 1, 1}, {50, 1, 2}, {51, 2, 2}, {100, 2, 3}, {1000, 20, 21},
	} {
		for _, uncounted := range []bool{false, true} {
			pages := &circuitPages{ids: alibabatest.NumberedIDs(test.circuits), uncounted: uncounted}
			slices.Reverse(pages.ids)
			circuits, err := alibabatest.NewClient(t, pages).ListCircuits(t.Context(), circuit.Filter{Region: "cn-beijing"})
			if err != nil || !slices.Equal(alibabatest.IDsOf(circuits), alibabatest.NumberedIDs(test.circuits)) {
				t.Errorf("%d circuits: got %d, %v", test.circuits, len(circuits), err)
			}
			if want := map[bool]int{false: test.calls, true: test.callsUncounted}[uncounted]; pages.calls != want {
				t.Errorf("%d circuits, uncounted %t: %d calls", test.circuits, uncounted, pages.calls)
			}
			for _, circuit := range circuits {
				if circuit.Region != "cn-beijing" || circuit.Status != "Enabled" {
					t.Fatalf("got %+v", circuit)
				}
			}
		}
	}
}

func TestListCircuits_ShorterPages_AreReadToTheEnd(t *testing.T) {
	t.Parallel()
	circuits, err := alibabatest.NewClient(t, &circuitPages{ids: alibabatest.NumberedIDs(95), size: 10}).ListCircuits(t.Context(), circuit.Filter{})
	if err != nil || !slices.Equal(alibabatest.IDsOf(circuits), alibabatest.NumberedIDs(95)) {
		t.Errorf("got %d circuits, %v", len(circuits), err)
	}
}

func TestListCircuits_ChangedDuringTheReading_IsReadAgain(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(pages *circuitPages){
		"one less, so that one slips to the page before": func(pages *circuitPages) { pages.ids = pages.ids[1:] },
		"one more, so that one slips to the page behind": func(pages *circuitPages) { pages.ids = slices.Insert(pages.ids, 0, "pc-00000-new") },
		"all less": func(pages *circuitPages) { pages.ids = nil },
		"another order, in which one is listed twice":  func(pages *circuitPages) { slices.Reverse(pages.ids[40:60]) },
		"as many, one of the first page on the second": func(pages *circuitPages) { pages.ids[0], pages.ids[60] = pages.ids[60], pages.ids[0] },
		"nothing": func(*circuitPages) {},
	} {
		pages := &circuitPages{ids: alibabatest.NumberedIDs(120), before: func(call int, pages *circuitPages) {
			if call == 2 {
				change(pages)
			}
		}}
		circuits, err := alibabatest.NewClient(t, pages).ListCircuits(t.Context(), circuit.Filter{})
		if want := slices.Sorted(slices.Values(pages.ids)); err != nil || !slices.Equal(alibabatest.IDsOf(circuits), want) {
			t.Errorf("%s: got %d circuits, %v; there are %d", name, len(circuits), err, len(want))
		}
	}
}

func TestListCircuits_ListedTwice_HasTheLastValues(t *testing.T) {
	t.Parallel()
	const total = 51
	circuits, err := alibabatest.NewClient(t, alibabatest.Transport(func(request *http.Request) (*http.Response, error) {
		if request.URL.Query().Get("PageNumber") == "1" {
			return alibabatest.Reply(http.StatusOK, alibabatest.CircuitList(total, alibabatest.NumberedIDs(50)...)), nil
		}
		return alibabatest.Reply(http.StatusOK, strings.ReplaceAll(alibabatest.CircuitList(total, alibabatest.NumberedIDs(total)[49:]...), "Enabled", "Terminated")), nil
	})).ListCircuits(t.Context(), circuit.Filter{})
	if err != nil || len(circuits) != total || circuits[48].Status != "Enabled" || circuits[49].Status != "Terminated" {
		t.Errorf("got %d circuits, %v", len(circuits), err)
	}
}

func TestListCircuits_IsCompleteOrFails(t *testing.T) {
	t.Parallel()
	page := alibabatest.CircuitList(120, alibabatest.NumberedIDs(50)...)
	for name, answer := range map[string]func(call int) string{
		"the same page always": func(int) string { return page },
		"an empty second page": func(call int) string { return []string{alibabatest.CircuitList(120), page}[call%2] },
		"a total that grows":   func(call int) string { return alibabatest.CircuitList(1000*call, fmt.Sprint("pc-", call)) },
		"new circuits for ever": func(call int) string {
			return alibabatest.CircuitList(-1, alibabatest.NumberedIDs(50 * call)[50*(call-1):]...)
		},
		"more than the total": func(call int) string {
			return alibabatest.CircuitList(1, alibabatest.NumberedIDs(50 * call)[50*(call-1):]...)
		},
		"too many":             func(int) string { return alibabatest.CircuitList(1<<60, alibabatest.NumberedIDs(50)...) },
		"half a second page":   func(call int) string { return []string{page[:200], page}[call%2] },
		"a circuit without ID": func(int) string { return alibabatest.CircuitList(1, "") },
		"null for a circuit":   func(int) string { return `{"TotalCount":1,"PhysicalConnectionSet":{"PhysicalConnectionType":[null]}}` },
		"no status": func(int) string {
			return `{"TotalCount":1,"PhysicalConnectionSet":{"PhysicalConnectionType":[{"PhysicalConnectionId":"pc-1"}]}}`
		},
		"no list":                func(int) string { return `{"RequestId":"R-1"}` },
		"no list, but a count":   func(int) string { return `{"TotalCount":1}` },
		"an empty list, counted": func(int) string { return alibabatest.CircuitList(1) },
		"an odd count":           func(int) string { return `{"TotalCount":"many","PhysicalConnectionSet":{"PhysicalConnectionType":[]}}` },
		"nothing":                func(int) string { return "" },
		"a page of the network":  func(int) string { return "<html>" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				calls := 0
				circuits, err := alibabatest.NewClient(t, alibabatest.Serial(alibabatest.Transport(func(*http.Request) (*http.Response, error) {
					calls++
					return alibabatest.Reply(http.StatusOK, answer(calls)), nil
				}))).ListCircuits(t.Context(), circuit.Filter{})
				if failure := alibabatest.FailureOf(t, err); failure.Delivery != apierror.ResponseLost || circuits != nil {
					t.Errorf("got %d circuits, %+v", len(circuits), failure)
				}
				synctest.Wait() // Pages that were read ahead may still end.
				if calls > 600 {
					t.Errorf("%d calls", calls)
				}
			})
		})
	}
}

func TestListCircuits_ManyPages_AreReadSideBySide(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		circuits, trips int
		many            bool // are expected
	}{
		{50, 1, false}, {100, 2, false}, {550, 2, false}, {600, 3, false}, {1000, 3, false}, {1050, 3, false}, {1100, 4, false},
		{50, 1, true}, {100, 1, true}, {150, 2, true},
	} {
		synctest.Test(t, func(t *testing.T) {
			pages := &circuitPages{ids: alibabatest.NumberedIDs(test.circuits)}
			var running, most atomic.Int64
			client := alibabatest.NewClient(t, alibabatest.Transport(func(request *http.Request) (*http.Response, error) {
				most.Store(max(most.Load(), running.Add(1)))
				defer running.Add(-1)
				time.Sleep(50 * time.Millisecond)
				return pages.RoundTrip(request)
			}))
			started := time.Now()
			found, err := client.ListCircuits(t.Context(), circuit.Filter{Many: test.many})
			if took := time.Since(started); err != nil || len(found) != test.circuits || took != time.Duration(test.trips)*50*time.Millisecond || most.Load() > 10 {
				t.Errorf("%+v: got %d in %s, %d requests at once, %v", test, len(found), took, most.Load(), err)
			}
		})
	}
}

func TestListCircuits_FailedPage_IsReadAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		pages, calls := &circuitPages{ids: alibabatest.NumberedIDs(120)}, 0
		circuits, err := alibabatest.NewClient(t, alibabatest.Serial(alibabatest.Transport(func(request *http.Request) (*http.Response, error) {
			if calls++; calls%2 == 0 {
				return alibabatest.Reply(http.StatusBadRequest, alibabatest.ThrottledBody), nil
			}
			return pages.RoundTrip(request)
		}))).ListCircuits(t.Context(), circuit.Filter{})
		if err != nil || len(circuits) != 120 || calls != 5 {
			t.Errorf("got %d circuits, %v after %d calls", len(circuits), err, calls)
		}
	})
}

func TestListCircuits_Once_SendsOneRequest(t *testing.T) {
	t.Parallel()
	var seen alibabatest.Recorder
	client := alibabatest.NewClient(t, seen.Wrap(alibabatest.Answering(http.StatusBadRequest, alibabatest.ThrottledBody)))
	if _, err := client.ListCircuits(t.Context(), circuit.Filter{Once: true}); alibabatest.FailureOf(t, err).Code != "Throttling.User" || seen.Count() != 1 {
		t.Errorf("%d requests, then %v", seen.Count(), err)
	}
}

// A list of the whole region names no circuit that could be missing.
func TestListCircuits_Refused_FailsAtOnce(t *testing.T) {
	t.Parallel()
	for code, status := range map[string]int{"Forbidden.RAM": http.StatusForbidden, "InvalidPhysicalConnectionId.NotFound": http.StatusNotFound} {
		var seen alibabatest.Recorder
		_, err := alibabatest.NewClient(t, seen.Wrap(alibabatest.Answering(status, `{"Code":"`+code+`"}`))).ListCircuits(t.Context(), circuit.Filter{})
		if failure := alibabatest.FailureOf(t, err); failure.Code != code || seen.Count() != 1 {
			t.Errorf("got %+v after %d calls", failure, seen.Count())
		}
	}
}

func TestListCircuits_SendsTheFilter(t *testing.T) {
	t.Parallel()
	manyTags := map[string]string{}
	for number := range 21 {
		manyTags[fmt.Sprintf("key%02d", number)] = "value"
	}
	for name, test := range map[string]struct {
		filter circuit.Filter
		want   map[string]string
	}{
		"nothing": {circuit.Filter{}, map[string]string{}},
		"one of each kind": {
			circuit.Filter{IDs: []string{"pc-b", "pc-a", "pc-b", ""}, Status: "Enabled", ResourceGroupID: "rg-1", Tags: map[string]string{"env": "test", "a b": "c&d"}},
			map[string]string{
				"Filter.1.Key": "PhysicalConnectionId", "Filter.1.Value.1": "pc-a", "Filter.1.Value.2": "pc-b",
				"Filter.2.Key": "Status", "Filter.2.Value.1": "Enabled", "ResourceGroupId": "rg-1",
				"Tags.1.Key": "a b", "Tags.1.Value": "c&d", "Tags.2.Key": "env", "Tags.2.Value": "test",
			},
		},
		"five at most": {
			circuit.Filter{IDs: []string{"pc-a"}, AccessPointID: "ap-1", Type: "VPC", LineOperator: "CT", Spec: "1G and below", Status: "Enabled", ProductType: "PhysicalConnection"},
			map[string]string{
				"Filter.1.Key": "PhysicalConnectionId", "Filter.1.Value.1": "pc-a",
				"Filter.2.Key": "Spec", "Filter.2.Value.1": "1G and below", "Filter.3.Key": "AccessPointId", "Filter.3.Value.1": "ap-1",
				"Filter.4.Key": "LineOperator", "Filter.4.Value.1": "CT", "Filter.5.Key": "Status", "Filter.5.Value.1": "Enabled",
			},
		},
		"without IDs there is room for one more": {
			circuit.Filter{AccessPointID: "ap-1", Type: "VPC", LineOperator: "CT", Spec: "10G", Status: "Enabled", ProductType: "PhysicalConnection"},
			map[string]string{
				"Filter.1.Key": "Spec", "Filter.1.Value.1": "10G", "Filter.2.Key": "AccessPointId", "Filter.2.Value.1": "ap-1",
				"Filter.3.Key": "LineOperator", "Filter.3.Value.1": "CT", "Filter.4.Key": "Status", "Filter.4.Value.1": "Enabled", "Filter.5.Key": "Type", "Filter.5.Value.1": "VPC",
			},
		},
		"tags, the key of an empty one": {circuit.Filter{Tags: map[string]string{"env": ""}}, map[string]string{"Tags.1.Key": "env"}},
	} {
		var seen alibabatest.Recorder
		if _, err := alibabatest.NewClient(t, seen.Wrap(alibabatest.Answering(http.StatusOK, alibabatest.CircuitList(0)))).ListCircuits(t.Context(), test.filter); err != nil {
			t.Fatal(err)
		}
		want := map[string]string{"Action": "DescribePhysicalConnections", "Version": "2016-04-28", "Format": "JSON", "RegionId": alibabatest.Region, "PageSize": "50", "PageNumber": "1", "IncludeReservationData": "true"}
		maps.Copy(want, test.want)
		if got := alibabatest.BusinessParams(seen.Requests[0]); !maps.Equal(got, want) || seen.Count() != 1 {
			t.Errorf("%s: %d requests, sent %v\nwant %v", name, seen.Count(), got, want)
		}
	}
	var seen alibabatest.Recorder
	if _, err := alibabatest.NewClient(t, seen.Wrap(alibabatest.Answering(http.StatusOK, alibabatest.CircuitList(0)))).ListCircuits(t.Context(), circuit.Filter{Tags: manyTags}); err != nil {
		t.Fatal(err)
	}
	if sent := seen.Requests[0]; !sent.Has("Tags.20.Key") || sent.Has("Tags.21.Key") {
		t.Errorf("sent %v", sent)
	}
}

func TestListCircuits_FilterAboveTheLimits_IsAppliedToTheAnswer(t *testing.T) {
	t.Parallel()
	tags := map[string]string{"empty": ""}
	for number := range 20 {
		tags[fmt.Sprintf("key%02d", number)] = "value"
	}
	all := circuit.Filter{AccessPointID: "ap-1", Type: "VPC", LineOperator: "CT", Spec: "10G", Status: "Enabled", ProductType: "PhysicalConnection"}
	for name, test := range map[string]struct {
		filter circuit.Filter
		row    string
		kept   bool
	}{
		"the sixth filter holds":        {all, `"ProductType":"PhysicalConnection"`, true},
		"the sixth filter does not":     {all, `"ProductType":"VirtualPhysicalConnection"`, false},
		"an empty tag holds":            {circuit.Filter{Tags: map[string]string{"env": ""}}, `"Tags":{"tags":[{"Key":"env","Value":""}]}`, true},
		"an empty tag has a value":      {circuit.Filter{Tags: map[string]string{"env": ""}}, `"Tags":{"tags":[{"Key":"env","Value":"test"}]}`, false},
		"an empty tag is missing":       {circuit.Filter{Tags: map[string]string{"env": ""}}, `"Tags":{"tags":[]}`, false},
		"the twenty-first tag is there": {circuit.Filter{Tags: tags}, `"Tags":{"tags":[{"Key":"empty","Value":""},{"Key":"key19","Value":"value"}]}`, true},
		"the twenty-first is another":   {circuit.Filter{Tags: tags}, `"Tags":{"tags":[{"Key":"empty","Value":""},{"Key":"key19","Value":"x"}]}`, false},
		"tags that were sent":           {circuit.Filter{Tags: map[string]string{"env": "test"}}, `"Name":"tags are not shown"`, true},
	} {
		body := `{"TotalCount":1,"PhysicalConnectionSet":{"PhysicalConnectionType":[{"PhysicalConnectionId":"pc-1","Status":"Enabled",` + test.row + `}]}}`
		circuits, err := alibabatest.NewClient(t, alibabatest.Answering(http.StatusOK, body)).ListCircuits(t.Context(), test.filter)
		if err != nil || (len(circuits) == 1) != test.kept {
			t.Errorf("%s: got %+v, %v", name, circuits, err)
		}
	}
}

// byID answers requests for circuits by ID, without those that do not exist.
func byID(existing ...string) alibabatest.Transport {
	return func(request *http.Request) (*http.Response, error) {
		query := request.URL.Query()
		var found []string
		for number := 1; query.Has(fmt.Sprintf("Filter.1.Value.%d", number)); number++ {
			if id := query.Get(fmt.Sprintf("Filter.1.Value.%d", number)); slices.Contains(existing, id) {
				found = append(found, id)
			}
		}
		return alibabatest.Reply(http.StatusOK, alibabatest.CircuitList(len(found), found...)), nil
	}
}

func TestListCircuits_ManyIDs_AreSplitIntoRequests(t *testing.T) {
	t.Parallel()
	var seen alibabatest.Recorder
	asked := alibabatest.NumberedIDs(12)
	slices.Reverse(asked)
	circuits, err := alibabatest.NewClient(t, seen.Wrap(byID(alibabatest.NumberedIDs(11)...))).ListCircuits(t.Context(), circuit.Filter{IDs: asked})
	if err != nil || !slices.Equal(alibabatest.IDsOf(circuits), alibabatest.NumberedIDs(11)) || seen.Count() != 3 {
		t.Errorf("got %v, %v after %d requests", alibabatest.IDsOf(circuits), err, seen.Count())
	}
	for _, request := range seen.Requests {
		if request.Has("Filter.1.Value.6") {
			t.Errorf("sent %v", request)
		}
	}
}

func TestListCircuits_EmptyIDs_AreNotSent(t *testing.T) {
	t.Parallel()
	var seen alibabatest.Recorder
	circuits, err := alibabatest.NewClient(t, seen.Wrap(alibabatest.Answering(http.StatusOK, alibabatest.CircuitList(1, "pc-1")))).ListCircuits(t.Context(), circuit.Filter{IDs: []string{"", ""}})
	if err != nil || len(circuits) != 0 || seen.Count() != 0 {
		t.Errorf("got %v, %v after %d requests", circuits, err, seen.Count())
	}
}

func TestListCircuits_CircuitsThatWereNotRequested_AreAnError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		circuits, err := alibabatest.NewClient(t, alibabatest.Answering(http.StatusOK, alibabatest.CircuitList(2, "pc-1", "pc-2"))).ListCircuits(t.Context(), circuit.Filter{IDs: []string{"pc-1"}})
		if failure := alibabatest.FailureOf(t, err); failure.Delivery != apierror.ResponseLost {
			t.Errorf("got %v, %+v", circuits, failure)
		}
	})
}

func TestListCircuits_MissingCircuit_DoesNotHideTheOthers(t *testing.T) {
	t.Parallel()
	existing := byID("pc-1", "pc-3")
	client := alibabatest.NewClient(t, alibabatest.Transport(func(request *http.Request) (*http.Response, error) {
		if strings.Contains(request.URL.RawQuery, "pc-2") {
			return alibabatest.Reply(http.StatusNotFound, `{"Code":"InvalidPhysicalConnectionId.NotFound"}`), nil
		}
		return existing(request)
	}))
	for _, test := range []struct{ asked, want []string }{
		{[]string{"pc-2"}, nil}, {[]string{"pc-1", "pc-2"}, []string{"pc-1"}}, {[]string{"pc-1", "pc-2", "pc-3"}, []string{"pc-1", "pc-3"}},
	} {
		circuits, err := client.ListCircuits(t.Context(), circuit.Filter{IDs: test.asked})
		if err != nil || !slices.Equal(alibabatest.IDsOf(circuits), test.want) {
			t.Errorf("%v: got %v, %v", test.asked, alibabatest.IDsOf(circuits), err)
		}
	}
}

func TestListCircuits_WrongRegion_IsNotSent(t *testing.T) {
	t.Parallel()
	var seen alibabatest.Recorder
	_, err := alibabatest.Configure(t, alibaba.Config{Transport: seen.Wrap(alibabatest.Answering(http.StatusOK, alibabatest.CircuitList(0)))}).ListCircuits(t.Context(), circuit.Filter{Region: "evil.example/"})
	if failure := alibabatest.FailureOf(t, err); failure.Delivery != apierror.NotSent || seen.Count() != 0 {
		t.Errorf("got %+v", failure)
	}
}
