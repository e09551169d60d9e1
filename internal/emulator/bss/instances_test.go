package bss_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator/apitest"
)

// instancePage is the data of QueryAvailableInstances.
type instancePage struct {
	PageNum, PageSize, TotalCount int
	InstanceList                  []apitest.Row
}

func instances(t *testing.T, e *emulator.Emulator, params apitest.Params) instancePage {
	t.Helper()
	got := apitest.CallBilling(t, e, "QueryAvailableInstances", params)
	var body struct {
		Code    string
		Success bool
		Data    instancePage
	}
	got.Decode(t, &body)
	if got.Status != http.StatusOK || body.Code != "Success" || !body.Success || body.Data.InstanceList == nil {
		t.Fatalf("HTTP %d %s", got.Status, got.Body)
	}
	return body.Data
}

func (p instancePage) ids(t *testing.T) string {
	t.Helper()
	ids := make([]string, 0, len(p.InstanceList))
	for _, row := range p.InstanceList {
		ids = append(ids, apitest.Text(t, row, "InstanceID"))
	}
	return strings.Join(ids, ",")
}

// inService adds a circuit whose term ends at 2022-09-09T16:00:00Z.
func inService(e *emulator.Emulator, id string, changes emulator.Circuit) emulator.Circuit {
	changes.ID = id
	changes.Status = emulator.StatusEnabled
	if changes.EndTime.IsZero() {
		changes.EndTime = time.Date(2022, 9, 9, 16, 0, 0, 0, time.UTC)
	}
	return e.AddCircuit(changes)
}

func newEmulator(quirks emulator.Quirks) *emulator.Emulator {
	return emulator.New(emulator.Options{Clock: apitest.FixedClock, Quirks: quirks})
}

// automatic is a SetRenewal request, with changes as in apitest.Signed.
func automatic(changes apitest.Params) apitest.Params {
	params := apitest.Params{
		"InstanceIDs": "pc-1", "ProductCode": "pconn", "RenewalStatus": "AutoRenewal", "RenewalPeriod": "3", "RenewalPeriodUnit": "M",
	}
	maps.Copy(params, changes)
	return params
}

func TestAvailableInstances_Row_DescribesTheCircuit(t *testing.T) {
	t.Parallel()
	e := newEmulator(emulator.Quirks{})
	inService(e, "pc-1", emulator.Circuit{Renewal: emulator.Renewal{Status: emulator.AutoRenewal, Period: 2, Unit: "Y"}})
	page := instances(t, e, apitest.Params{"InstanceIDs": "pc-1"})
	want := apitest.Row{
		"OwnerId": 1234567890123456.0, "Seller": "26842", "InstanceID": "pc-1", "Region": "cn-hangzhou",
		"ProductCode": "pconn", "ProductType": "", "SubscriptionType": "Subscription", "Status": "Normal", "SubStatus": "",
		"CreateTime": "2022-08-09T05:00:00Z", "EndTime": "2022-09-09T16:00:00Z", "StopTime": "2022-09-24T16:00:00Z",
		"ReleaseTime": "2022-10-01T16:00:00Z", "ExpectedReleaseTime": "2022-10-01T16:00:00Z",
		"RenewStatus": "AutoRenewal", "RenewalDuration": 2.0, "RenewalDurationUnit": "Y",
	}
	if page.TotalCount != 1 || page.PageNum != 1 || page.PageSize != 20 || apitest.JSON(t, page.InstanceList) != apitest.JSON(t, []apitest.Row{want}) {
		t.Errorf("got %s, want %s", apitest.JSON(t, page), apitest.JSON(t, want))
	}
}

func TestAvailableInstances_WithoutAutoRenewal_HasNoDuration(t *testing.T) {
	t.Parallel()
	e := newEmulator(emulator.Quirks{})
	inService(e, "pc-1", emulator.Circuit{})
	inService(e, "pc-2", emulator.Circuit{Renewal: emulator.Renewal{Status: emulator.NotRenewal, Period: 1, Unit: "M"}})
	for i, row := range instances(t, e, nil).InstanceList {
		apitest.ExpectRow(t, row, apitest.Params{"RenewStatus": []string{"ManualRenewal", "NotRenewal"}[i]})
		for _, name := range []string{"RenewalDuration", "RenewalDurationUnit"} {
			if value, sent := row[name]; sent {
				t.Errorf("%s is %v", name, value)
			}
		}
	}
}

func TestAvailableInstances_ListsCircuitsFromPaymentToRelease(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{})
	e.AddCircuit(emulator.Circuit{ID: "pc-free", Status: emulator.StatusEnabled}) // It has no term.
	expect := func(status string) {
		t.Helper()
		rows := instances(t, e, nil).InstanceList
		switch {
		case status == "" && len(rows) == 0:
		case len(rows) == 1 && rows[0]["InstanceID"] == circuit.ID && rows[0]["Status"] == status:
		default:
			t.Errorf("at %s: listed %v, want status %q", e.Now(), rows, status)
		}
	}
	apitest.MustPlace(t, e, circuit, apitest.Params{"AutoPay": "true"})
	expect("")
	e.Advance(30 * time.Second)
	expect("Normal")
	e.Advance(time.Date(2022, 9, 9, 15, 59, 59, 0, time.UTC).Sub(e.Now()))
	expect("Normal")
	e.Advance(time.Second)
	expect("Expired")
	e.Advance(22*apitest.Day - time.Second)
	expect("Expired") // suspended
	e.Advance(time.Second)
	expect("")
}

func TestAvailableInstances_Filters(t *testing.T) {
	t.Parallel()
	e := newEmulator(emulator.Quirks{ProductType: "pconn_type"})
	inService(e, "pc-1", emulator.Circuit{})
	inService(e, "pc-2", emulator.Circuit{Region: "cn-beijing", Renewal: emulator.Renewal{Status: emulator.NotRenewal}})
	inService(e, "pc-3", emulator.Circuit{EndTime: time.Date(2022, 10, 9, 16, 0, 0, 0, time.UTC), CreationTime: apitest.Start.Add(-time.Hour)})
	e.AddCircuit(emulator.Circuit{ID: "pc-4"}) // not paid
	for name, test := range map[string]struct {
		params apitest.Params
		want   string
	}{
		"nothing":             {nil, "pc-1,pc-2,pc-3"},
		"product":             {apitest.Params{"ProductCode": "pconn"}, "pc-1,pc-2,pc-3"},
		"other product":       {apitest.Params{"ProductCode": "ecs"}, ""},
		"its IDs":             {apitest.Params{"ProductCode": "ecs", "InstanceIDs": "pc-1"}, ""},
		"product type":        {apitest.Params{"ProductType": "pconn_type"}, "pc-1,pc-2,pc-3"},
		"other product type":  {apitest.Params{"ProductType": "other"}, ""},
		"subscription":        {apitest.Params{"SubscriptionType": "Subscription"}, "pc-1,pc-2,pc-3"},
		"pay as you go":       {apitest.Params{"SubscriptionType": "PayAsYouGo"}, ""},
		"IDs of all regions":  {apitest.Params{"InstanceIDs": "pc-3,pc-2"}, "pc-2,pc-3"},
		"unknown and unpaid":  {apitest.Params{"InstanceIDs": "pc-4,pc-1,pc-9"}, "pc-1"},
		"region":              {apitest.Params{"ProductCode": "pconn", "Region": "cn-beijing"}, "pc-2"},
		"manual":              {apitest.Params{"ProductCode": "pconn", "RenewStatus": "ManualRenewal"}, "pc-1,pc-3"},
		"not renewed":         {apitest.Params{"ProductCode": "pconn", "RenewStatus": "NotRenewal"}, "pc-2"},
		"end, first second":   {apitest.Params{"EndTimeStart": "2022-10-09T16:00:00Z"}, "pc-3"},
		"end, a second later": {apitest.Params{"EndTimeStart": "2022-10-09T16:00:01Z"}, ""},
		"end, last second":    {apitest.Params{"EndTimeEnd": "2022-09-09T16:00:00Z"}, "pc-1,pc-2"},
		"end, period":         {apitest.Params{"EndTimeStart": "2022-09-09T16:00:01Z", "EndTimeEnd": "2022-12-31T00:00:00Z"}, "pc-3"},
		"created":             {apitest.Params{"CreateTimeStart": "2022-08-09T04:00:00Z", "CreateTimeEnd": "2022-08-09T04:59:59Z"}, "pc-3"},
	} {
		page := instances(t, e, test.params)
		if got := page.ids(t); got != test.want || page.TotalCount != len(page.InstanceList) {
			t.Errorf("%s: listed %q of %d, want %q", name, got, page.TotalCount, test.want)
		}
	}
}

func TestAvailableInstances_InvalidParameters_AreRefused(t *testing.T) {
	t.Parallel()
	e := newEmulator(emulator.Quirks{})
	for code, all := range map[string][]apitest.Params{
		"MissingProductCode": {{"Region": "cn-hangzhou"}, {"Region": "cn-hangzhou", "InstanceIDs": "pc-1"}},
		"InvalidParameter": {
			{"RenewStatus": "Automatic"}, {"PageSize": "301"}, {"PageSize": "0"}, {"PageNum": "x"}, {"InstanceIDs": manyIDs(101)},
			{"EndTimeStart": "2022-09-09"}, {"EndTimeEnd": "tomorrow"}, {"CreateTimeStart": "2022-09-09"}, {"CreateTimeEnd": "2022-09-09"},
		},
	} {
		for _, params := range all {
			apitest.ExpectCode(t, apitest.CallBilling(t, e, "QueryAvailableInstances", params), 400, code)
		}
	}
}

// manyIDs returns the IDs pc-1, pc-2 and so on.
func manyIDs(count int) string {
	ids := make([]string, count)
	for i := range ids {
		ids[i] = fmt.Sprintf("pc-%d", i+1)
	}
	return strings.Join(ids, ",")
}

func TestAvailableInstances_Pages_ContainAllCircuitsOnce(t *testing.T) {
	t.Parallel()
	e := newEmulator(emulator.Quirks{})
	for i := range 650 {
		inService(e, fmt.Sprintf("pc-%d", i+1), emulator.Circuit{})
	}
	for name, test := range map[string]struct {
		params apitest.Params
		total  int
		pages  []int
	}{
		"pages of 300":     {apitest.Params{"PageSize": "300"}, 650, []int{300, 300, 50, 0}},
		"the default size": {apitest.Params{"InstanceIDs": manyIDs(50)}, 50, []int{20, 20, 10, 0}},
		"100 IDs":          {apitest.Params{"InstanceIDs": manyIDs(100), "PageSize": "300"}, 100, []int{100, 0}},
	} {
		var listed []string
		for i, want := range test.pages {
			test.params["PageNum"] = fmt.Sprint(i + 1)
			page := instances(t, e, test.params)
			if len(page.InstanceList) != want || page.TotalCount != test.total || page.PageNum != i+1 {
				t.Errorf("%s: page %d has %d of %d circuits, want %d of %d", name, page.PageNum, len(page.InstanceList), page.TotalCount, want, test.total)
			}
			if want > 0 {
				listed = append(listed, page.ids(t))
			}
		}
		if got := strings.Join(listed, ","); got != manyIDs(test.total) {
			t.Errorf("%s: listed %s", name, got)
		}
	}
}

func TestSetRenewal_ChangesTheCircuitsOfAllRegions(t *testing.T) {
	t.Parallel()
	e := newEmulator(emulator.Quirks{})
	circuits := []emulator.Circuit{inService(e, "pc-1", emulator.Circuit{}), inService(e, "pc-2", emulator.Circuit{Region: "cn-beijing"})}
	other := inService(e, "pc-3", emulator.Circuit{})
	set := func(params apitest.Params, want emulator.Renewal) {
		t.Helper()
		got := apitest.CallBilling(t, e, "SetRenewal", params)
		var body map[string]any
		if got.Decode(t, &body); got.Status != 200 || body["Code"] != "Success" || body["Success"] != true {
			t.Errorf("HTTP %d %s", got.Status, got.Body)
		}
		if _, has := body["Data"]; has {
			t.Errorf("the answer has data: %s", got.Body)
		}
		for _, circuit := range circuits {
			if c, _ := e.Circuit(circuit.Region, circuit.ID); c.Renewal != want {
				t.Errorf("%s: got %+v, want %+v", circuit.ID, c.Renewal, want)
			}
		}
	}
	both := apitest.Params{"InstanceIDs": "pc-1,pc-2", "SubscriptionType": "Subscription"}
	set(automatic(both), emulator.Renewal{Status: emulator.AutoRenewal, Period: 3, Unit: "M"})
	rows := instances(t, e, apitest.Params{"RenewStatus": "AutoRenewal"})
	if rows.ids(t) != "pc-1,pc-2" || rows.InstanceList[1]["RenewalDuration"] != 3.0 || rows.InstanceList[1]["RenewalDurationUnit"] != "M" {
		t.Errorf("listed %v", rows)
	}
	both["RenewalStatus"] = "ManualRenewal"
	set(automatic(both), emulator.Renewal{Status: emulator.ManualRenewal})
	both["RenewalStatus"], both["RenewalPeriod"], both["RenewalPeriodUnit"] = "NotRenewal", "", ""
	set(automatic(both), emulator.Renewal{Status: emulator.NotRenewal})
	if c, _ := e.Circuit(other.Region, other.ID); c.Renewal != (emulator.Renewal{}) {
		t.Errorf("another circuit has changed: %+v", c.Renewal)
	}
	if orders := e.OtherOrders(); len(orders) != 0 {
		t.Errorf("the change placed orders: %+v", orders)
	}
}

func TestSetRenewal_EachPeriodOfTheAPI_IsAccepted(t *testing.T) {
	t.Parallel()
	e := newEmulator(emulator.Quirks{})
	circuit := inService(e, "pc-1", emulator.Circuit{})
	for _, unit := range []string{"M", "Y"} {
		for period := range 14 {
			got := apitest.CallBilling(t, e, "SetRenewal", automatic(apitest.Params{"RenewalPeriod": fmt.Sprint(period), "RenewalPeriodUnit": unit}))
			if !slices.Contains([]int{1, 2, 3, 6, 12}, period) {
				apitest.ExpectCode(t, got, 400, "InvalidParameter")
				continue
			}
			if c, _ := e.Circuit(circuit.Region, circuit.ID); got.Status != 200 || c.Renewal.Period != period || c.Renewal.Unit != unit {
				t.Errorf("%d%s: HTTP %d %s, setting %+v", period, unit, got.Status, got.Body, c.Renewal)
			}
		}
	}
}

func TestSetRenewal_InvalidRequest_ChangesNoCircuit(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		changes apitest.Params
		code    string
	}{
		"no ID":              {apitest.Params{"InstanceIDs": ""}, "MissingInstanceIDs"},
		"no product":         {apitest.Params{"ProductCode": ""}, "MissingProductCode"},
		"no status":          {apitest.Params{"RenewalStatus": ""}, "MissingRenewalStatus"},
		"no period":          {apitest.Params{"RenewalPeriod": ""}, "MissingRenewalPeriod"},
		"no unit":            {apitest.Params{"RenewalPeriodUnit": ""}, "MissingRenewalPeriodUnit"},
		"too many IDs":       {apitest.Params{"InstanceIDs": strings.TrimSuffix(strings.Repeat("pc-1,", 101), ",")}, "InvalidParameter"},
		"unknown circuit":    {apitest.Params{"InstanceIDs": "pc-1,pc-9"}, "InvalidParameter"},
		"unpaid circuit":     {apitest.Params{"InstanceIDs": "pc-1,pc-2"}, "InvalidParameter"},
		"released circuit":   {apitest.Params{"InstanceIDs": "pc-3,pc-1"}, "InvalidParameter"},
		"empty ID":           {apitest.Params{"InstanceIDs": "pc-1,"}, "InvalidParameter"},
		"other product":      {apitest.Params{"ProductCode": "pconn_setup"}, "InvalidParameter"},
		"other product type": {apitest.Params{"ProductType": "other"}, "InvalidParameter"},
		"pay as you go":      {apitest.Params{"SubscriptionType": "PayAsYouGo"}, "InvalidParameter"},
		"unknown status":     {apitest.Params{"RenewalStatus": "Automatic"}, "InvalidParameter"},
		"unknown period":     {apitest.Params{"RenewalPeriod": "4"}, "InvalidParameter"},
		"no number":          {apitest.Params{"RenewalPeriod": "1M"}, "InvalidParameter"},
		"unknown unit":       {apitest.Params{"RenewalPeriodUnit": "Month"}, "InvalidParameter"},
	} {
		e := newEmulator(emulator.Quirks{})
		inService(e, "pc-1", emulator.Circuit{})
		e.AddCircuit(emulator.Circuit{ID: "pc-2"})
		e.AddCircuit(emulator.Circuit{ID: "pc-3", Status: emulator.StatusTerminated, EndTime: apitest.Start})
		before := apitest.JSON(t, e.Circuits())
		got := apitest.CallBilling(t, e, "SetRenewal", automatic(test.changes))
		if got.Status != 400 || got.Code(t) != test.code {
			t.Errorf("%s: HTTP %d %s, want %s", name, got.Status, got.Body, test.code)
		}
		if after := apitest.JSON(t, e.Circuits()); after != before {
			t.Errorf("%s: the circuits changed from %s to %s", name, before, after)
		}
	}
}

func TestRenewal_ProductOfTheAccount_IsTheOnlyOneAccepted(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{ProductCode: "pconn_intl", ProductType: "pconn_pre_intl", EnableDelay: -1})
	order := apitest.MustPlace(t, e, circuit, apitest.Params{"AutoPay": "true"})
	product := apitest.Params{"ProductCode": "pconn_intl", "ProductType": "pconn_pre_intl"}
	apitest.ExpectRow(t, instances(t, e, apitest.Params{"InstanceIDs": circuit.ID}).InstanceList[0], product)
	apitest.ExpectRow(t, apitest.Rows(t, e, order.ID)[0], product)
	for productType, want := range map[string]int{"pconn_pre_intl": 1, "other": 0} {
		if listed := apitest.ListedOrders(t, e, apitest.Params{"ProductType": productType}); len(listed) != want {
			t.Errorf("%s: listed %v", productType, listed)
		}
	}
	if page := instances(t, e, apitest.Params{"ProductCode": "pconn"}); page.TotalCount != 0 {
		t.Errorf("the other site's product lists %v", page)
	}
	set := func(changes apitest.Params, status int) {
		t.Helper()
		changes["InstanceIDs"] = circuit.ID
		if got := apitest.CallBilling(t, e, "SetRenewal", automatic(changes)); got.Status != status {
			t.Errorf("%v: HTTP %d %s, want %d", changes, got.Status, got.Body, status)
		}
	}
	set(apitest.Params{}, 400)
	set(apitest.Params{"ProductCode": "pconn_intl", "ProductType": "pconn_pre"}, 400)
	set(apitest.Params{"ProductCode": "pconn_intl"}, 200)
	set(product, 200)

	other := e.AddOtherOrder(emulator.Order{ProductCode: "ecs"})
	apitest.ExpectRow(t, apitest.Rows(t, e, other.ID)[0], apitest.Params{"ProductType": ""})
}

func TestUnlisted_Circuit_IsAcceptedButNotListed(t *testing.T) {
	t.Parallel()
	e := newEmulator(emulator.Quirks{})
	inService(e, "pc-1", emulator.Circuit{Renewal: emulator.Renewal{Unlisted: true}})
	for _, params := range []apitest.Params{nil, {"InstanceIDs": "pc-1"}, {"ProductCode": "pconn"}} {
		if page := instances(t, e, params); page.TotalCount != 0 || len(page.InstanceList) != 0 {
			t.Errorf("%v lists %v", params, page)
		}
	}
	apitest.ExpectCode(t, apitest.CallBilling(t, e, "SetRenewal", automatic(nil)), 200, "Success")
	want := emulator.Renewal{Status: emulator.AutoRenewal, Period: 3, Unit: "M", Unlisted: true}
	if c, _ := e.Circuit(apitest.Region, "pc-1"); c.Renewal != want {
		t.Errorf("got %+v, want %+v", c.Renewal, want)
	}
}

func TestRenewalLag_DelaysWhatBillingShows(t *testing.T) {
	t.Parallel()
	e, circuit := apitest.NewEmulator(emulator.Quirks{RenewalLag: time.Minute, EnableDelay: -1})
	apitest.MustPlace(t, e, circuit, apitest.Params{"AutoPay": "true"})
	shown := func(after time.Duration, want string) {
		t.Helper()
		e.Advance(after)
		got := ""
		for _, row := range instances(t, e, nil).InstanceList {
			got += fmt.Sprint(row["RenewStatus"], row["RenewalDuration"])
		}
		if got != want {
			t.Errorf("at %s: billing shows %q, want %q", e.Now(), got, want)
		}
	}
	set := func(changes apitest.Params) {
		t.Helper()
		changes["InstanceIDs"] = circuit.ID
		apitest.ExpectCode(t, apitest.CallBilling(t, e, "SetRenewal", automatic(changes)), 200, "Success")
	}
	shown(0, "")
	set(apitest.Params{}) // before billing lists the circuit
	shown(time.Minute-time.Second, "")
	shown(time.Second, "AutoRenewal3")
	set(apitest.Params{"RenewalPeriod": "6"})
	shown(30*time.Second, "AutoRenewal3")
	set(apitest.Params{"RenewalStatus": "NotRenewal"})
	shown(30*time.Second-1, "AutoRenewal3")
	shown(1, "AutoRenewal6")
	shown(30*time.Second-1, "AutoRenewal6")
	shown(1, "NotRenewal<nil>")
}

func TestRenewal_SharedFeaturesOfBilling_Apply(t *testing.T) {
	t.Parallel()
	for action, permission := range map[string]string{
		"QueryAvailableInstances": "bss:DescribeInstances", "SetRenewal": "bss:ModifyPrepaidInstanceAutoRenew",
	} {
		for _, operation := range emulator.Operations() {
			if operation.Action == action && operation.Permission != permission {
				t.Errorf("%s needs %s, want %s", action, operation.Permission, permission)
			}
		}
		e := newEmulator(emulator.Quirks{BillingHost: "business.example.com"})
		inService(e, "pc-1", emulator.Circuit{})
		apitest.ExpectCode(t, apitest.CallBilling(t, e, action, automatic(nil)), 400, "NotApplicable")
		e.SetQuirks(emulator.Quirks{UnsuccessfulAs200: true})
		apitest.ExpectCode(t, apitest.CallBilling(t, e, action, automatic(apitest.Params{"InstanceIDs": manyIDs(101)})), 200, "InvalidParameter")
		if got := e.CallCount(action); got != 2 {
			t.Errorf("the journal has %d calls of %s", got, action)
		}
	}
}
