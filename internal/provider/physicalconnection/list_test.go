package physicalconnection_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
)

const listTypeName = "expressconnect_physical_connections"

// newList serves the data source for the circuits of a region.
func newList(t *testing.T, circuits ...emulator.Circuit) *source {
	t.Helper()
	return newSourceOf(t, listTypeName, emulator.Quirks{}, circuits...)
}

// circuits returns the listed circuits.
func (s state) circuits(t *testing.T) []state {
	t.Helper()
	var objects []tftypes.Value
	if s["physical_connections"].IsNull() {
		t.Fatal("the list is null")
	}
	if err := s["physical_connections"].As(&objects); err != nil {
		t.Fatal(err)
	}
	circuits := make([]state, len(objects))
	for i, object := range objects {
		if err := object.As((*map[string]tftypes.Value)(&circuits[i])); err != nil {
			t.Fatal(err)
		}
	}
	return circuits
}

// ids returns the IDs of the listed circuits, sorted.
func (s state) ids(t *testing.T) []string {
	t.Helper()
	ids := []string{}
	for _, circuit := range s.circuits(t) {
		ids = append(ids, circuit.text("physical_connection_id"))
	}
	return ids
}

func TestList_Filter_SelectsMatchingCircuits(t *testing.T) {
	t.Parallel()
	// Two circuits that differ in every filter. The third one is like the first, except for
	// name, ID and tags.
	circuits := []emulator.Circuit{
		{
			ID: "pc-b", Name: "berlin-1", AccessPointID: "ap-1", Type: "VPC", LineOperator: "CT", Spec: "10G", Bandwidth: 10_000, Status: "Confirmed",
			ProductType: "PhysicalConnection", ResourceGroupID: "rg-1", Tags: map[string]string{"team": "network", "order": "yes", "empty": ""},
		},
		{
			ID: "pc-a", Name: "aachen-1", AccessPointID: "ap-2", Type: "Other", LineOperator: "CU", Spec: "1G", Bandwidth: 1000, Status: "Allocation Failed",
			ProductType: "VirtualPhysicalConnection", ResourceGroupID: "rg-2", Tags: map[string]string{"team": "network", "order": "no", "empty": "no"},
		},
		{
			ID: "pc-c", Name: "berlin-2", AccessPointID: "ap-1", Type: "VPC", LineOperator: "CT", Spec: "10G", Bandwidth: 10_000, Status: "Confirmed",
			ProductType: "PhysicalConnection", ResourceGroupID: "rg-1",
		},
		{Region: "cn-beijing", ID: "pc-d", Name: "berlin-3"},
	}
	for name, test := range map[string]struct {
		config arguments
		want   []string
	}{
		"None":          {arguments{}, []string{"pc-a", "pc-b", "pc-c"}},
		"Region":        {arguments{"region_id": "cn-beijing"}, []string{"pc-d"}},
		"IDs":           {arguments{"ids": []string{"pc-c", "pc-a"}}, []string{"pc-a", "pc-c"}},
		"UnknownIDs":    {arguments{"ids": []string{"pc-none", "pc-d"}}, []string{}},
		"NameRegex":     {arguments{"name_regex": "berlin"}, []string{"pc-b", "pc-c"}},
		"NamePart":      {arguments{"name_regex": "-1"}, []string{"pc-a", "pc-b"}},
		"NameTied":      {arguments{"name_regex": "^b.*-[2-9]$"}, []string{"pc-c"}},
		"NameCase":      {arguments{"name_regex": "(?i)^AACHEN"}, []string{"pc-a"}},
		"AccessPoint":   {arguments{"access_point_id": "ap-2"}, []string{"pc-a"}},
		"Type":          {arguments{"type": "Other"}, []string{"pc-a"}},
		"Operator":      {arguments{"line_operator": "CT"}, []string{"pc-b", "pc-c"}},
		"Spec":          {arguments{"spec": "10G"}, []string{"pc-b", "pc-c"}},
		"SpecUpTo1G":    {arguments{"spec": "1G and below"}, []string{"pc-a"}},
		"Status":        {arguments{"status": "Allocation Failed"}, []string{"pc-a"}},
		"ProductType":   {arguments{"product_type": "VirtualPhysicalConnection"}, []string{"pc-a"}},
		"ResourceGroup": {arguments{"resource_group_id": "rg-2"}, []string{"pc-a"}},
		"Tag":           {arguments{"tags": map[string]string{"team": "network"}}, []string{"pc-a", "pc-b"}},
		"Tags":          {arguments{"tags": map[string]string{"team": "network", "order": "yes"}}, []string{"pc-b"}},
		"EmptyTag":      {arguments{"tags": map[string]string{"empty": ""}}, []string{"pc-b"}},
		"Everything": {arguments{
			"ids": []string{"pc-a", "pc-b", "pc-c"}, "name_regex": "berlin", "access_point_id": "ap-1", "type": "VPC", "line_operator": "CT", "spec": "10G",
			"status": "Confirmed", "product_type": "PhysicalConnection", "resource_group_id": "rg-1", "tags": map[string]string{"order": "yes"},
		}, []string{"pc-b"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newList(t, circuits...)
				read := s.mustRead(test.config)
				if got := read.ids(t); !slices.Equal(got, test.want) {
					t.Errorf("got %q, want %q", got, test.want)
				}
				region := "cn-hangzhou"
				if name == "Region" {
					region = "cn-beijing"
				}
				if read.text("region_id") != region {
					t.Errorf("region_id %q, want %q", read.text("region_id"), region)
				}
				for _, circuit := range read.circuits(t) {
					if circuit.text("region_id") != region {
						t.Errorf("circuit %q is in %q", circuit.text("physical_connection_id"), circuit.text("region_id"))
					}
				}
			})
		})
	}
}

// For the API, an empty list of IDs is no filter. In a configuration it matches no circuit:
// otherwise an empty variable would order everything.
func TestList_EmptyIDs_SelectsNoCircuitWithoutACall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newList(t, emulator.Circuit{ID: circuitID})
		if got := s.mustRead(arguments{"ids": []string{}}).ids(t); len(got) != 0 || s.reads() != 0 {
			t.Errorf("got %q after %d reads, want none", got, s.reads())
		}
		if got := s.mustRead(arguments{}).ids(t); len(got) != 1 {
			t.Errorf("got %q without ids, want all", got)
		}
	})
}

func TestList_NoCircuits_IsEmpty(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newList(t)
		if got := s.mustRead(arguments{}).ids(t); len(got) != 0 {
			t.Errorf("got %q", got)
		}
	})
}

// many returns circuits on three pages, not sorted, and their sorted IDs.
func many() (circuits []emulator.Circuit, ids []string) {
	for i := range 120 {
		ids = append(ids, fmt.Sprintf("pc-%03d", i))
		circuits = append(circuits, emulator.Circuit{ID: fmt.Sprintf("pc-%03d", (i*37)%120)})
	}
	return circuits, ids
}

func TestList_SeveralPages_AreSortedByID(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		circuits, ids := many()
		s := newList(t, circuits...)
		for range 2 {
			if got := s.mustRead(arguments{}).ids(t); !slices.Equal(got, ids) {
				t.Errorf("got %d circuits: %q", len(got), got)
			}
		}
		if s.reads() != 6 {
			t.Errorf("%d requests for two lists of 120, want 6", s.reads())
		}
		if got := s.mustRead(arguments{"ids": ids}).ids(t); !slices.Equal(got, ids) {
			t.Errorf("got %d circuits by ID: %q", len(got), got)
		}
	})
}

// With a for_each over the list, Terraform would remove the order of each missing circuit.
func TestList_Incomplete_IsAnError(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]emulator.Fault{
		"Down":       {Kind: emulator.AnswerError, HTTPStatus: 503, Code: "ServiceUnavailable"},
		"Throttling": {Kind: emulator.AnswerError, Code: "Throttling.User"},
		"Forbidden":  {Kind: emulator.AnswerError, Code: "Forbidden.RAM"},
		"Reset":      {Kind: emulator.Reset},
		"HTML":       {Kind: emulator.HTMLPage},
		"Empty":      {Kind: emulator.EmptyBody},
		"NoList":     {Kind: emulator.RawBody, Body: `{"RequestId":"R-1","TotalCount":120}`},
		"EmptyPage":  {Kind: emulator.RawBody, Body: `{"RequestId":"R-1","TotalCount":120,"PhysicalConnectionSet":{"PhysicalConnectionType":[]}}`},
		"Nameless":   {Kind: emulator.RawBody, Body: `{"RequestId":"R-1","TotalCount":120,"PhysicalConnectionSet":{"PhysicalConnectionType":[{"Status":"Confirmed"}]}}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				circuits, _ := many()
				s := newList(t, circuits...)
				fault.Action, fault.Times, fault.Where = describe, -1, map[string]string{"PageNumber": "3"}
				s.emulator.AddFault(fault)

				read, diags := s.read(t.Context(), arguments{})

				messagetest.WantError(t, diags, "", message.CircuitsUnlisted, "cn-hangzhou", describe, "127.0.0.1")
				if !read["physical_connections"].IsNull() {
					t.Errorf("a part of the list is in the state: %q", read.ids(t))
				}
			})
		})
	}
}

func TestList_TemporaryFailure_IsRetried(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		circuits, ids := many()
		s := newList(t, circuits...)
		s.emulator.AddFault(emulator.Fault{Action: describe, Skip: 1, Times: 2, Code: "Throttling.User"})
		if got := s.mustRead(arguments{}).ids(t); !slices.Equal(got, ids) {
			t.Errorf("got %d circuits: %q", len(got), got)
		}
	})
}

func TestList_Timeout_LimitsTheRead(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config arguments
		takes  time.Duration
	}{
		"Default": {arguments{}, 5 * time.Minute},
		"Own":     {arguments{"timeouts": arguments{"read": "10s"}}, 10 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				circuits, _ := many()
				s := newList(t, circuits...)
				// No page arrives in time, so each one is requested again.
				s.emulator.AddFault(emulator.Fault{Action: describe, Skip: 1, Times: -1, Kind: emulator.Hang})
				begin := time.Now()
				_, diags := s.read(t.Context(), test.config)
				if took := time.Since(begin); took > test.takes {
					t.Errorf("ended after %s, want %s at most", took, test.takes)
				}
				messagetest.WantError(t, diags, "", message.CircuitsUnlisted, "cn-hangzhou")
				if name == "Own" {
					messagetest.WantValues(t, diags, "10s", "timeouts.read")
				}
			})
		})
	}
}

func TestList_APIError_NamesArgumentAndCode(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault     emulator.Fault
		attribute string
		values    []string
	}{
		"Rights":        {emulator.Fault{Code: "Forbidden.RAM"}, "", []string{"Forbidden.RAM", "403", "vpc:DescribePhysicalConnections"}},
		"Region":        {emulator.Fault{Code: "InvalidRegionId.NotFound"}, "region_id", []string{"InvalidRegionId.NotFound", "404"}},
		"ResourceGroup": {emulator.Fault{Code: "OperationUnsupported.ResourceGroupId"}, "resource_group_id", []string{"OperationUnsupported.ResourceGroupId"}},
		"Filter":        {emulator.Fault{Code: "InvalidFilterKey.ValueNotSupported"}, "", []string{"InvalidFilterKey.ValueNotSupported"}},
		"Throttling":    {emulator.Fault{Code: "Throttling.User"}, "", []string{"-parallelism"}},
		"Down":          {emulator.Fault{Code: "ServiceUnavailable"}, "", []string{"ServiceUnavailable", "503"}},
		"UnknownCode":   {emulator.Fault{Code: "Brand.NewCode", HTTPStatus: 409, Message: "Never seen before."}, "", []string{"Brand.NewCode", "Never seen before.", "409"}},
		"Reset":         {emulator.Fault{Kind: emulator.Reset}, "", []string{describe}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newList(t, emulator.Circuit{ID: circuitID})
				test.fault.Action, test.fault.Times = describe, -1
				s.emulator.AddFault(test.fault)
				_, diags := s.read(t.Context(), arguments{"resource_group_id": "rg-1"})
				messagetest.WantError(t, diags, test.attribute, message.CircuitsUnlisted, append(test.values, "cn-hangzhou")...)
				if test.fault.Kind != emulator.Reset {
					journal := s.emulator.Journal()
					messagetest.WantValues(t, diags, journal[len(journal)-1].RequestID)
				}
				// A list orders nothing, so its errors must not mention an order.
				messagetest.WantNoValues(t, diags, "client_token", "client token")
			})
		})
	}
}

func TestList_ResourceGroupInTheFinanceCloud_IsAnErrorOnItsArgument(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const region = "cn-shanghai-finance-1"
		s := newList(t, emulator.Circuit{Region: region, ID: circuitID})
		_, diags := s.read(t.Context(), arguments{"region_id": region, "resource_group_id": "rg-1"})
		messagetest.WantError(t, diags, "resource_group_id", message.CircuitsUnlisted, "OperationUnsupported.ResourceGroupId", region)
		if got := s.mustRead(arguments{"region_id": region}).ids(t); !slices.Equal(got, []string{circuitID}) {
			t.Errorf("got %q without the resource group", got)
		}
	})
}

func TestList_Circuit_HasTheSameValuesAsTheSingleDataSource(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		single := newSource(t, emulator.Quirks{}, everything()).mustRead(arguments{"physical_connection_id": circuitID})
		s := newList(t, everything(), emulator.Circuit{ID: "pc-payable"})

		read := s.mustRead(arguments{})

		listed := read.circuits(t)
		if len(listed) != 2 {
			t.Fatalf("%d circuits", len(listed))
		}
		for name, value := range single {
			switch name {
			case "id", "wait_for_status", "include_renewal", "timeouts": // of the block, not of the circuit
			default:
				if !listed[0][name].Equal(value) {
					t.Errorf("%s is %s, alone %s", name, listed[0][name], value)
				}
			}
		}
		if len(listed[0]) != len(single)-4 {
			t.Errorf("%d attributes, alone %d", len(listed[0]), len(single)-4)
		}
		if !listed[1].payable() || !listed[1]["payable_reason"].IsNull() || listed[0].payable() || listed[0]["payable_reason"].IsNull() {
			t.Errorf("payable: %s, %s", listed[0]["payable_reason"], listed[1]["payable_reason"])
		}
		if text := fmt.Sprint(read); strings.Contains(text, canary) || !strings.Contains(text, circuitID) {
			t.Errorf("key material is in the state, or no circuit: %s", text)
		}
	})
}

func TestList_Errors_ContainNoSecret(t *testing.T) {
	t.Parallel()
	for _, kind := range []emulator.FaultKind{emulator.TruncatedBody, emulator.WrongContentLength} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newList(t, everything())
				s.emulator.AddFault(emulator.Fault{Action: describe, Times: -1, Kind: kind, After: true})
				_, diags := s.read(t.Context(), arguments{})
				messagetest.WantError(t, diags, "", message.CircuitsUnlisted)
				messagetest.WantNoValues(t, diags, canary)
			})
		})
	}
}

func TestList_UnconfiguredProvider_MakesNoCall(t *testing.T) {
	t.Parallel()
	s := newSourceOn(t, listTypeName, refusing{}, arguments{"region": unknown{}})
	_, diags := s.read(t.Context(), arguments{})
	messagetest.WantError(t, diags, "", message.NotConfigured, "-target")
}

func TestList_LongInvalidRegex_IsAShortError(t *testing.T) {
	t.Parallel()
	diags := newList(t).validate(arguments{"name_regex": strings.Repeat("a", 2000) + "("})
	messagetest.WantError(t, diags, "name_regex", message.InvalidValue, "missing closing )", "…")
	if detail := diags[0].Detail; len(detail) > 400 {
		t.Errorf("%d bytes: %s", len(detail), detail)
	}
}

// A value that is empty by mistake must not match every circuit: somebody may order them.
func TestList_EmptyOrInvalidFilter_IsAnErrorOnItsAttribute(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		config    arguments
		attribute string
		values    []string
	}{
		"Regex":         {arguments{"name_regex": "ber(lin"}, "name_regex", []string{"RE2", `missing closing ) in "ber(lin"`}},
		"RegexOfPerl":   {arguments{"name_regex": "(?=berlin)"}, "name_regex", []string{"RE2", `in "(?="; got "(?=berlin)"`}},
		"Status":        {arguments{"status": "enabled"}, "status", []string{"Enabled", "Allocation Failed"}},
		"Region":        {arguments{"region_id": "CN"}, "region_id", []string{"cn-hangzhou"}},
		"IDs":           {arguments{"ids": []string{"eip-1"}}, "ids", []string{"pc-"}},
		"NoTags":        {arguments{"tags": map[string]string{}}, "tags", nil},
		"NamelessTag":   {arguments{"tags": map[string]string{"": "x"}}, "tags", nil},
		"TimeoutNought": {arguments{"timeouts": arguments{"read": "0s"}}, "timeouts.read", nil},
	}
	for _, name := range []string{"name_regex", "access_point_id", "type", "line_operator", "spec", "product_type", "resource_group_id"} {
		cases["Empty "+name] = struct {
			config    arguments
			attribute string
			values    []string
		}{arguments{name: ""}, name, []string{name}}
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newList(t)
				messagetest.WantError(t, s.validate(test.config), test.attribute, invalid(test.attribute), test.values...)
				if s.reads() != 0 {
					t.Error("validate has asked the API")
				}
			})
		})
	}
}

func TestList_ValidOrUnknownFilters_AreAccepted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newList(t)
		configs := []arguments{{}, {"ids": []string{}}, {
			"region_id": unknown{}, "ids": unknown{}, "name_regex": unknown{}, "access_point_id": unknown{}, "type": unknown{}, "line_operator": unknown{},
			"spec": unknown{}, "status": unknown{}, "product_type": unknown{}, "resource_group_id": unknown{}, "tags": unknown{},
		}}
		for _, status := range circuit.Statuses() {
			configs = append(configs, arguments{"status": status, "ids": []string{circuitID}, "tags": map[string]string{"empty": ""}, "region_id": acctest.Region})
		}
		for _, config := range configs {
			if diags := s.validate(config); len(diags) > 0 {
				t.Errorf("%v:\n%s", config, diags)
			}
		}
	})
}
