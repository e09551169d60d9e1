package emulator_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// printed makes values comparable that hold maps and times.
func printed(t *testing.T, value any) string {
	t.Helper()
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// newFleet returns an emulator with circuits that differ in everything that can
// be filtered by.
func newFleet() *emulator.Emulator {
	e := emulator.New(emulator.Options{Clock: fixedClock})
	e.AddCircuit(emulator.Circuit{
		ID: "pc-a", Name: "first", Status: "Enabled", LineOperator: "CT", Tags: map[string]string{"env": "prod", "team": "net"},
	})
	e.AddCircuit(emulator.Circuit{
		ID: "pc-b", Name: "second", Spec: "10G", Bandwidth: 10000, LineOperator: "CU", Tags: map[string]string{"env": "test"},
	})
	e.AddCircuit(emulator.Circuit{
		ID: "pc-c", AccessPointID: "ap-other", ProductType: "VirtualPhysicalConnection", LineOperator: "CT", ResourceGroupID: "rg-1",
	})
	e.AddCircuit(emulator.Circuit{ID: "pc-d", Region: "cn-beijing"})
	return e
}

func TestFiltersNarrowTheList(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		params params
		want   []string
	}{
		"region":            {nil, []string{"pc-a", "pc-b", "pc-c"}},
		"ID":                {params{"Filter.1.Key": "PhysicalConnectionId", "Filter.1.Value.1": "pc-b"}, []string{"pc-b"}},
		"ID elsewhere":      {params{"Filter.1.Key": "PhysicalConnectionId", "Filter.1.Value.1": "pc-d"}, []string{}},
		"unknown ID":        {params{"Filter.1.Key": "PhysicalConnectionId", "Filter.1.Value.1": "pc-z"}, []string{}},
		"any of two values": {params{"Filter.1.Key": "Name", "Filter.1.Value.1": "first", "Filter.1.Value.2": "second"}, []string{"pc-a", "pc-b"}},
		"both filters": {params{
			"Filter.1.Key": "Status", "Filter.1.Value.1": "Confirmed", "Filter.2.Key": "LineOperator", "Filter.2.Value.1": "CT",
		}, []string{"pc-c"}},
		"access point":         {params{"Filter.7.Key": "AccessPointId", "Filter.7.Value.3": "ap-other"}, []string{"pc-c"}},
		"type":                 {params{"Filter.1.Key": "Type", "Filter.1.Value.1": "VPC"}, []string{"pc-a", "pc-b", "pc-c"}},
		"product type":         {params{"Filter.1.Key": "ProductType", "Filter.1.Value.1": "VirtualPhysicalConnection"}, []string{"pc-c"}},
		"spec":                 {params{"Filter.1.Key": "Spec", "Filter.1.Value.1": "10G"}, []string{"pc-b"}},
		"spec up to 1G":        {params{"Filter.1.Key": "Spec", "Filter.1.Value.1": "1G and below"}, []string{"pc-a", "pc-c"}},
		"resource group":       {params{"ResourceGroupId": "rg-1"}, []string{"pc-c"}},
		"tag":                  {params{"Tags.1.Key": "env", "Tags.1.Value": "prod"}, []string{"pc-a"}},
		"tag key":              {params{"Tags.1.Key": "env"}, []string{"pc-a", "pc-b"}},
		"two tags":             {params{"Tags.1.Key": "env", "Tags.2.Key": "team", "Tags.2.Value": "net"}, []string{"pc-a"}},
		"tag, other spelling":  {params{"Tag.1.Key": "env", "Tag.1.Value": "test"}, []string{"pc-b"}},
		"tag that nothing has": {params{"Tags.1.Key": "cost"}, []string{}},
	}
	e := newFleet()
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := params{"RegionId": region}
			for key, value := range test.params {
				all[key] = value
			}
			if got := call(t, e, describeCircuits, all).circuitIDs(t); !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestDescribeRefusesWhatExceedsItsLimits(t *testing.T) {
	t.Parallel()
	filters := func(count, values int) params {
		p := params{"RegionId": region}
		for i := 1; i <= count; i++ {
			p[fmt.Sprintf("Filter.%d.Key", i)] = "Status"
			for j := 1; j <= values; j++ {
				p[fmt.Sprintf("Filter.%d.Value.%d", i, j)] = "Confirmed"
			}
		}
		return p
	}
	tags := params{"RegionId": region}
	for i := range 21 {
		tags[fmt.Sprintf("Tags.%d.Key", i+1)] = strconv.Itoa(i)
	}
	tests := map[string]struct {
		params params
		status int
		code   string
	}{
		"no region":           {nil, 400, "MissingRegionId"},
		"unknown region":      {params{"RegionId": "xx-new-9"}, 404, "InvalidRegionId.NotFound"},
		"page 0":              {params{"RegionId": region, "PageNumber": "0"}, 400, "InvalidPageNumber"},
		"page no number":      {params{"RegionId": region, "PageNumber": "x"}, 400, "InvalidPageNumber"},
		"page size 0":         {params{"RegionId": region, "PageSize": "0"}, 400, "InvalidPageSize"},
		"page size 50":        {params{"RegionId": region, "PageSize": "50"}, 200, ""},
		"page size 51":        {params{"RegionId": region, "PageSize": "51"}, 400, "InvalidPageSize"},
		"5 filters, 5 values": {filters(5, 5), 200, ""},
		"6 filters":           {filters(6, 1), 400, "InvalidFilter"},
		"6 values":            {filters(1, 6), 400, "InvalidFilter"},
		"no value":            {filters(1, 0), 400, "InvalidFilter"},
		"21 tags":             {tags, 400, "InvalidTags"},
		"group in finance": {
			params{"RegionId": "cn-shanghai-finance-1", "ResourceGroupId": "rg-1"}, 400, "OperationUnsupported.ResourceGroupId",
		},
		"unknown filter key": {
			params{"RegionId": region, "Filter.2.Key": "Colour", "Filter.2.Value.1": "x"}, 404, "InvalidFilterKey.ValueNotSupported",
		},
	}
	e := newFleet()
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := call(t, e, describeCircuits, test.params)
			expectCode(t, got, test.status, test.code)
			if test.code == "InvalidFilterKey.ValueNotSupported" && !strings.Contains(got.body, ": Filter.2.key") {
				t.Errorf("%s does not name the filter", got.body)
			}
		})
	}
}

func TestPagesCoverTheListOnce(t *testing.T) {
	t.Parallel()
	e := emulator.New(emulator.Options{Clock: fixedClock})
	var want []string
	for range 23 {
		want = append(want, e.AddCircuit(emulator.Circuit{}).ID)
	}
	var got []string
	for page := 1; page <= 4; page++ {
		listed := call(t, e, describeCircuits, params{"RegionId": region, "PageNumber": strconv.Itoa(page)})
		got = append(got, listed.circuitIDs(t)...)
		var counts struct{ PageNumber, PageSize, TotalCount int }
		listed.decode(t, &counts)
		if counts.PageNumber != page || counts.PageSize != 10 || counts.TotalCount != 23 {
			t.Errorf("counts %+v on page %d", counts, page)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("pages hold %v, want %v", got, want)
	}
	if far := call(t, e, describeCircuits, params{"RegionId": region, "PageNumber": "2147483647", "PageSize": "50"}); len(far.circuitIDs(t)) != 0 {
		t.Errorf("far behind the last page: %s", far.body)
	}
}

func TestEmptyListIsAListAndNoError(t *testing.T) {
	t.Parallel()
	got := call(t, newFleet(), describeCircuits, params{"RegionId": "cn-shenzhen"})
	if want := `"TotalCount":0,"PhysicalConnectionSet":{"PhysicalConnectionType":[]}}`; !strings.HasSuffix(got.body, want) {
		t.Errorf("got %s", got.body)
	}
}

func TestCircuitIsDescribedWithTheTypingOfTheAPI(t *testing.T) {
	t.Parallel()
	e := emulator.New(emulator.Options{Clock: fixedClock})
	e.AddCircuit(emulator.Circuit{
		ID: "pc-1", VlanID: "10", EndTime: time.Date(2022, 4, 24, 16, 0, 0, 0, time.UTC), DownDelayTime: 5,
		OpticalModuleModel: "Single-mode", DeviceFeaturesSelected: "MACsec",
		MacsecKeys:         []emulator.MacsecKey{{CAK: "secret", CKN: "name", Status: "Active"}},
		Tags:               map[string]string{"b": "2", "a": "1"},
		HasReservationData: true, ReservationOrderType: "RENEW",
	})
	body := call(t, e, describeCircuits, params{"RegionId": region}).body
	for _, want := range []string{
		`"PhysicalConnectionId":"pc-1"`, `"VlanId":10,`, `"HasReservationData":false`, `"ReservationOrderType":""`,
		`"EndTime":"2022-04-24T16:00:00Z"`, `"EnabledTime":""`, `"Bandwidth":1000,`, `"LoaStatus":"Complete"`,
		`"OpticalModuleModel":"Single-mode"`, `"DownDelayTime":5,`, `"DeviceFeaturesSelected":"MACsec"`,
		`"MacsecKeys":{"MacsecKey":[{"Cak":"secret","CipherSuite":"","Ckn":"name","StartOn":"","Status":"Active"}]}`,
		`"Tags":{"tags":[{"Key":"a","Value":"1"},{"Key":"b","Value":"2"}]}`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("%s\ndoes not contain %s", body, want)
		}
	}
	body = call(t, e, describeCircuits, params{"RegionId": region, "IncludeReservationData": "true"}).body
	if want := `"HasReservationData":true`; !strings.Contains(body, want) || !strings.Contains(body, `"ReservationOrderType":"RENEW"`) {
		t.Errorf("%s\ndoes not contain %s", body, want)
	}
}

// Every field of Circuit must reach the wire: a field that is forgotten there
// would be a promise that no test of the client could rely on.
func TestEveryFieldOfACircuitIsDescribed(t *testing.T) {
	t.Parallel()
	e := emulator.New(emulator.Options{Clock: fixedClock})
	filled := filledCircuit(t)
	e.AddCircuit(filled)
	got := call(t, e, describeCircuits, params{"RegionId": filled.Region, "IncludeReservationData": "true"})
	for _, text := range markers(filled) {
		if !strings.Contains(got.body, text) {
			t.Errorf("%s is missing in\n%s", text, got.body)
		}
	}
}
