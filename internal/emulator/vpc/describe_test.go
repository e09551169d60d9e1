package vpc_test

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/apitest"
)

// newFleet returns an emulator with circuits that differ in every filter key.
func newFleet() *emulator.Emulator {
	e := emulator.New(emulator.Options{Clock: apitest.FixedClock})
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

func TestDescribe_Filters(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		params apitest.Params
		want   []string
	}{
		"region":            {nil, []string{"pc-a", "pc-b", "pc-c"}},
		"ID":                {apitest.Params{"Filter.1.Key": "PhysicalConnectionId", "Filter.1.Value.1": "pc-b"}, []string{"pc-b"}},
		"ID elsewhere":      {apitest.Params{"Filter.1.Key": "PhysicalConnectionId", "Filter.1.Value.1": "pc-d"}, []string{}},
		"unknown ID":        {apitest.Params{"Filter.1.Key": "PhysicalConnectionId", "Filter.1.Value.1": "pc-z"}, []string{}},
		"one of two values": {apitest.Params{"Filter.1.Key": "Name", "Filter.1.Value.1": "first", "Filter.1.Value.2": "second"}, []string{"pc-a", "pc-b"}},
		"both filters": {apitest.Params{
			"Filter.1.Key": "Status", "Filter.1.Value.1": "Confirmed", "Filter.2.Key": "LineOperator", "Filter.2.Value.1": "CT",
		}, []string{"pc-c"}},
		"access point":        {apitest.Params{"Filter.7.Key": "AccessPointId", "Filter.7.Value.3": "ap-other"}, []string{"pc-c"}},
		"type":                {apitest.Params{"Filter.1.Key": "Type", "Filter.1.Value.1": "VPC"}, []string{"pc-a", "pc-b", "pc-c"}},
		"product type":        {apitest.Params{"Filter.1.Key": "ProductType", "Filter.1.Value.1": "VirtualPhysicalConnection"}, []string{"pc-c"}},
		"spec":                {apitest.Params{"Filter.1.Key": "Spec", "Filter.1.Value.1": "10G"}, []string{"pc-b"}},
		"spec up to 1G":       {apitest.Params{"Filter.1.Key": "Spec", "Filter.1.Value.1": "1G and below"}, []string{"pc-a", "pc-c"}},
		"resource group":      {apitest.Params{"ResourceGroupId": "rg-1"}, []string{"pc-c"}},
		"tag":                 {apitest.Params{"Tags.1.Key": "env", "Tags.1.Value": "prod"}, []string{"pc-a"}},
		"tag key":             {apitest.Params{"Tags.1.Key": "env"}, []string{"pc-a", "pc-b"}},
		"two tags":            {apitest.Params{"Tags.1.Key": "env", "Tags.2.Key": "team", "Tags.2.Value": "net"}, []string{"pc-a"}},
		"tag, other spelling": {apitest.Params{"Tag.1.Key": "env", "Tag.1.Value": "test"}, []string{"pc-b"}},
		"unknown tag":         {apitest.Params{"Tags.1.Key": "cost"}, []string{}},
	}
	e := newFleet()
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := apitest.Params{"RegionId": apitest.Region}
			for key, value := range test.params {
				all[key] = value
			}
			if got := apitest.Call(t, e, apitest.DescribeCircuits, all).CircuitIDs(t); !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestDescribe_ExceededLimits_AreRefused(t *testing.T) {
	t.Parallel()
	filters := func(count, values int) apitest.Params {
		p := apitest.Params{"RegionId": apitest.Region}
		for i := 1; i <= count; i++ {
			p[fmt.Sprintf("Filter.%d.Key", i)] = "Status"
			for j := 1; j <= values; j++ {
				p[fmt.Sprintf("Filter.%d.Value.%d", i, j)] = "Confirmed"
			}
		}
		return p
	}
	tags := apitest.Params{"RegionId": apitest.Region}
	for i := range 21 {
		tags[fmt.Sprintf("Tags.%d.Key", i+1)] = strconv.Itoa(i)
	}
	tests := map[string]struct {
		params apitest.Params
		status int
		code   string
	}{
		"no region":           {nil, 400, "MissingRegionId"},
		"unknown region":      {apitest.Params{"RegionId": "xx-new-9"}, 404, "InvalidRegionId.NotFound"},
		"page 0":              {apitest.Params{"RegionId": apitest.Region, "PageNumber": "0"}, 400, "InvalidPageNumber"},
		"page not a number":   {apitest.Params{"RegionId": apitest.Region, "PageNumber": "x"}, 400, "InvalidPageNumber"},
		"page size 0":         {apitest.Params{"RegionId": apitest.Region, "PageSize": "0"}, 400, "InvalidPageSize"},
		"page size 50":        {apitest.Params{"RegionId": apitest.Region, "PageSize": "50"}, 200, ""},
		"page size 51":        {apitest.Params{"RegionId": apitest.Region, "PageSize": "51"}, 400, "InvalidPageSize"},
		"5 filters, 5 values": {filters(5, 5), 200, ""},
		"6 filters":           {filters(6, 1), 400, "InvalidFilter"},
		"6 values":            {filters(1, 6), 400, "InvalidFilter"},
		"no value":            {filters(1, 0), 400, "InvalidFilter"},
		"21 tags":             {tags, 400, "InvalidTags"},
		"group in finance": {
			apitest.Params{"RegionId": "cn-shanghai-finance-1", "ResourceGroupId": "rg-1"}, 400, "OperationUnsupported.ResourceGroupId",
		},
		"unknown filter key": {
			apitest.Params{"RegionId": apitest.Region, "Filter.2.Key": "Color", "Filter.2.Value.1": "x"}, 404, "InvalidFilterKey.ValueNotSupported",
		},
	}
	e := newFleet()
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := apitest.Call(t, e, apitest.DescribeCircuits, test.params)
			apitest.ExpectCode(t, got, test.status, test.code)
			if test.code == "InvalidFilterKey.ValueNotSupported" && !strings.Contains(got.Body, ": Filter.2.key") {
				t.Errorf("%s does not name the filter", got.Body)
			}
		})
	}
}

func TestDescribe_Pages_ContainEveryCircuitOnce(t *testing.T) {
	t.Parallel()
	e := emulator.New(emulator.Options{Clock: apitest.FixedClock})
	var want []string
	for range 23 {
		want = append(want, e.AddCircuit(emulator.Circuit{}).ID)
	}
	var got []string
	for page := 1; page <= 4; page++ {
		listed := apitest.Call(t, e, apitest.DescribeCircuits, apitest.Params{"RegionId": apitest.Region, "PageNumber": strconv.Itoa(page)})
		got = append(got, listed.CircuitIDs(t)...)
		var counts struct{ PageNumber, PageSize, TotalCount int }
		listed.Decode(t, &counts)
		if counts.PageNumber != page || counts.PageSize != 10 || counts.TotalCount != 23 {
			t.Errorf("counts %+v on page %d", counts, page)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("pages hold %v, want %v", got, want)
	}
	last := apitest.Params{"RegionId": apitest.Region, "PageNumber": "2147483647", "PageSize": "50"}
	if far := apitest.Call(t, e, apitest.DescribeCircuits, last); len(far.CircuitIDs(t)) != 0 {
		t.Errorf("far behind the last page: %s", far.Body)
	}
}

func TestDescribe_EmptyList_IsNotAnError(t *testing.T) {
	t.Parallel()
	got := apitest.Call(t, newFleet(), apitest.DescribeCircuits, apitest.Params{"RegionId": "cn-shenzhen"})
	if want := `"TotalCount":0,"PhysicalConnectionSet":{"PhysicalConnectionType":[]}}`; !strings.HasSuffix(got.Body, want) {
		t.Errorf("got %s", got.Body)
	}
}

func TestDescribe_HasTheTypesOfTheAPI(t *testing.T) {
	t.Parallel()
	e := emulator.New(emulator.Options{Clock: apitest.FixedClock})
	e.AddCircuit(emulator.Circuit{
		ID: "pc-1", VlanID: "10", EndTime: time.Date(2022, 4, 24, 16, 0, 0, 0, time.UTC), DownDelayTime: 5,
		OpticalModuleModel: "Single-mode", DeviceFeaturesSelected: "MACsec",
		MacsecKeys:         []emulator.MacsecKey{{CAK: "secret", CKN: "name", Status: "Active"}},
		Tags:               map[string]string{"b": "2", "a": "1"},
		HasReservationData: true, ReservationOrderType: "RENEW",
	})
	body := apitest.Call(t, e, apitest.DescribeCircuits, apitest.Params{"RegionId": apitest.Region}).Body
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
	body = apitest.Call(t, e, apitest.DescribeCircuits, apitest.Params{"RegionId": apitest.Region, "IncludeReservationData": "true"}).Body
	if want := `"HasReservationData":true`; !strings.Contains(body, want) || !strings.Contains(body, `"ReservationOrderType":"RENEW"`) {
		t.Errorf("%s\ndoes not contain %s", body, want)
	}
}

// Without this test, an answer could lack a field that a test of the client has set.
func TestDescribe_ContainsEveryField(t *testing.T) {
	t.Parallel()
	e := emulator.New(emulator.Options{Clock: apitest.FixedClock})
	filled := apitest.FilledCircuit(t)
	e.AddCircuit(filled)
	got := apitest.Call(t, e, apitest.DescribeCircuits, apitest.Params{"RegionId": filled.Region, "IncludeReservationData": "true"})
	for _, text := range markers(filled) {
		if !strings.Contains(got.Body, text) {
			t.Errorf("%s is missing in\n%s", text, got.Body)
		}
	}
}

func TestDescribe_HidesTheRenewalSetting(t *testing.T) {
	t.Parallel()
	e := emulator.New(emulator.Options{Clock: apitest.FixedClock})
	e.AddCircuit(emulator.Circuit{Renewal: apitest.FilledCircuit(t).Renewal})
	got := apitest.Call(t, e, apitest.DescribeCircuits, apitest.Params{"RegionId": apitest.Region, "IncludeReservationData": "true"})
	if strings.Contains(got.Body, "Renew") || len(got.CircuitIDs(t)) != 1 {
		t.Errorf("got %s", got.Body)
	}
}

// markers returns the values of FilledCircuit as an answer contains them.
func markers(c emulator.Circuit) []string {
	texts := []string{`"cak"`, `"suite"`, `"ckn"`, `"soon"`, `"key-status"`, `"tag-key"`, `"tag-value"`, `:true`}
	fields := reflect.ValueOf(c)
	for i := range fields.NumField() {
		switch value := fields.Field(i).Interface().(type) {
		case string:
			if fields.Type().Field(i).Name != "Region" { // The answer does not contain it.
				texts = append(texts, fmt.Sprintf("%q", value))
			}
		case int64:
			texts = append(texts, strconv.FormatInt(value, 10))
		case time.Time:
			texts = append(texts, fmt.Sprintf("%q", value.Format(time.RFC3339)))
		}
	}
	return texts
}

func TestDescribeRegions_ListsRegions(t *testing.T) {
	t.Parallel()
	e, _ := apitest.NewEmulator(emulator.Quirks{})
	english := apitest.Call(t, e, apitest.DescribeRegions, apitest.Params{"AcceptLanguage": "en-US"}).Body
	chinese := apitest.Call(t, e, apitest.DescribeRegions, nil).Body
	for body, name := range map[string]string{english: "China (Hangzhou)", chinese: "华东1（杭州）"} {
		want := `{"RegionId":"cn-hangzhou","RegionEndpoint":"vpc.cn-hangzhou.aliyuncs.com","LocalName":"` + name + `"}`
		if !strings.Contains(body, want) {
			t.Errorf("%s does not list %s", body, want)
		}
	}
}

func TestOmitEmptyFields_LeavesEmptyFieldsOut(t *testing.T) {
	t.Parallel()
	e, _ := apitest.NewEmulator(emulator.Quirks{})
	describe := func() string {
		return apitest.Call(t, e, apitest.DescribeCircuits, apitest.Params{"RegionId": apitest.Region}).Body
	}
	if body := describe(); !strings.Contains(body, `"EndTime":""`) || !strings.Contains(body, `"VlanId":""`) {
		t.Errorf("empty fields are missing in %s", body)
	}
	e.SetQuirks(emulator.Quirks{OmitEmptyFields: true})
	if body := describe(); strings.Contains(body, `""`) || !strings.Contains(body, `"Status":"Confirmed"`) {
		t.Errorf("empty fields in %s", body)
	}
}
