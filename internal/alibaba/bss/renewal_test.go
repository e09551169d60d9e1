package bss_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/alibabatest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/renewal"
)

func instanceList(total int, rows ...string) string {
	return fmt.Sprintf(`{"Code":"Success","Success":true,"Data":{"TotalCount":%d,"PageNum":1,"PageSize":300,"InstanceList":[%s]}}`, total, strings.Join(rows, ","))
}

func TestInstances_Row_IsRead(t *testing.T) {
	t.Parallel()
	end := time.Date(2027, 3, 1, 16, 0, 0, 0, time.UTC)
	auto := func(period int64, unit string) renewal.Setting {
		return renewal.Setting{Status: renewal.Auto, Period: period, Unit: unit}
	}
	for fields, want := range map[string]renewal.Instance{
		`"Region":"cn-hangzhou","ProductCode":"pconn_intl","ProductType":"pconn_pre","SubscriptionType":"Subscription"`: {
			Region: "cn-hangzhou", Product: renewal.Product{Code: "pconn_intl", Type: "pconn_pre", SubscriptionType: "Subscription"},
		},
		`"EndTime":"2027-03-01T16:00:00Z","StopTime":"2027-03-16T16:00:00Z","ReleaseTime":""`: {EndTime: &end, StopTime: new(end.AddDate(0, 0, 15))},
		`"RenewStatus":"AutoRenewal","RenewalDuration":3,"RenewalDurationUnit":"M"`:           {Setting: auto(3, renewal.Month)},
		`"RenewStatus":"AutoRenewal","RenewalDuration":"1","RenewalDurationUnit":"Y"`:         {Setting: auto(1, renewal.Year)},
		`"RenewStatus":"AutoRenewal","RenewalDuration":1,"RenewalDurationUnit":"Year"`:        {Setting: auto(1, renewal.Year)},
		`"renewStatus":"AutoRenewal","renewalDuration":6,"renewalDurationUnit":"m"`:           {Setting: auto(6, renewal.Month)},
		`"RenewStatus":"AutoRenewal","RenewalDuration":6,"RenewalDurationUnit":"D"`:           {Setting: auto(6, "")},
		`"RenewStatus":"AutoRenewal","RenewalDuration":6`:                                     {Setting: auto(6, "")},
		`"RenewStatus":"AutoRenewal","RenewalDuration":1200,"RenewalDurationUnit":"Y"`:        {Setting: auto(1200, renewal.Year)},
		`"RenewStatus":"AutoRenewal","RenewalDuration":1201,"RenewalDurationUnit":"Y"`:        {Setting: auto(0, "")},
		`"RenewStatus":"autorenewal","RenewalDuration":6,"RenewalDurationUnit":"M"`:           {Setting: auto(6, renewal.Month)},
		`"RenewStatus":"Bad\u001b[31m status"`:                                                {},
		`"RenewStatus":"AutoRenewal","RenewalDuration":0,"RenewalDurationUnit":"M"`:           {Setting: auto(0, "")},
		`"RenewStatus":"AutoRenewal","RenewalDuration":-1,"RenewalDurationUnit":"M"`:          {Setting: auto(0, "")},
		`"RenewStatus":"AutoRenewal","RenewalDuration":1e99,"RenewalDurationUnit":"M"`:        {Setting: auto(0, "")},
		`"RenewStatus":"ManualRenewal","RenewalDuration":1,"RenewalDurationUnit":"M"`:         {Setting: renewal.Setting{Status: renewal.Manual}},
		`"RenewStatus":"NotRenewal","RenewalDuration":null`:                                   {Setting: renewal.Setting{Status: renewal.Never}},
		`"RenewStatus":"Paused"`:       {Setting: renewal.Setting{Status: "Paused"}},
		`"RenewStatus":null`:           {},
		`"RenewStatus":{},"EndTime":1`: {},
	} {
		body := instanceList(1, `{"InstanceID":"`+alibabatest.CircuitID+`",`+fields+`}`)
		got, err := alibabatest.NewClient(t, alibabatest.Answering(http.StatusOK, body)).Instances(t.Context(), []string{alibabatest.CircuitID})
		want.CircuitID = alibabatest.CircuitID
		if err != nil || len(got) != 1 || fmt.Sprint(flat(got[0])) != fmt.Sprint(flat(want)) {
			t.Errorf("%s: got %v, %v", fields, got, err)
		}
	}
}

// flat replaces the pointers of an instance by their values.
func flat(i renewal.Instance) []any {
	at := func(t *time.Time) any {
		if t == nil {
			return nil
		}
		return t.Unix()
	}
	return []any{i.CircuitID, i.Region, i.Product, i.Setting, at(i.EndTime), at(i.StopTime), at(i.ReleaseTime)}
}

func TestInstances_AsksForAllCircuitsInOneRequest(t *testing.T) {
	t.Parallel()
	var seen alibabatest.Recorder
	client := alibabatest.NewClient(t, seen.Wrap(alibabatest.Answering(http.StatusOK, instanceList(0))))
	if _, err := client.Instances(t.Context(), []string{"pc-1", "pc-2"}); err != nil {
		t.Fatal(err)
	}
	asked := seen.Requests[0]
	if seen.Count() != 1 || asked.Get("InstanceIDs") != "pc-1,pc-2" || asked.Has("ProductCode") || asked.Get("PageNum") != "1" || asked.Get("PageSize") != "300" {
		t.Errorf("%d requests, the first for %v", seen.Count(), asked)
	}
}

func TestInstances_OtherRows_AreLeftOut(t *testing.T) {
	t.Parallel()
	body := instanceList(2, `{"InstanceID":"i-other"}`, `{"InstanceID":"`+strings.ToUpper(alibabatest.CircuitID)+`"}`)
	got, err := alibabatest.NewClient(t, alibabatest.Answering(http.StatusOK, body)).Instances(t.Context(), []string{alibabatest.CircuitID})
	if err != nil || len(got) != 1 || !strings.EqualFold(got[0].CircuitID, alibabatest.CircuitID) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestInstances_UnreadableList_IsAnError(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"Success":true}`, `{"Success":true,"Data":null}`, `{"Success":true,"Data":{"InstanceList":{}}}`, `{"Success":true,"Data":{"InstanceList":"x"}}`,
		instanceList(1, `null`), instanceList(1, `{}`), instanceList(1, `"pc-1"`),
	} {
		synctest.Test(t, func(t *testing.T) {
			got, err := alibabatest.NewClient(t, alibabatest.Answering(http.StatusOK, body)).Instances(t.Context(), []string{"pc-1"})
			if failure := alibabatest.FailureOf(t, err); failure.Delivery != apierror.ResponseLost || got != nil {
				t.Errorf("%s: got %+v, %+v", body, got, failure)
			}
		})
	}
}

func TestInstances_CountThatIsNotThatOfTheRows_IsIgnored(t *testing.T) {
	t.Parallel()
	fee, setup := `{"InstanceID":"pc-1","ProductCode":"pconn"}`, `{"InstanceID":"pc-1","ProductCode":"pconn_setup"}`
	for body, rows := range map[string]int{instanceList(5, fee): 1, instanceList(2, fee, setup): 2, instanceList(1, fee, setup): 2, instanceList(0): 0} {
		got, err := alibabatest.NewClient(t, alibabatest.Answering(http.StatusOK, body)).Instances(t.Context(), []string{"pc-1"})
		if err != nil || len(got) != rows {
			t.Errorf("%s: got %+v, %v", body, got, err)
		}
	}
}

func TestInstancesOf_ReadsEveryPage(t *testing.T) {
	t.Parallel()
	for _, total := range []int{0, 1, 300, 301, 750} {
		var seen alibabatest.Recorder
		client := alibabatest.NewClient(t, seen.Wrap(func(request *http.Request) (*http.Response, error) {
			query := request.URL.Query()
			number, err := strconv.Atoi(query.Get("PageNum"))
			if err != nil || query.Get("PageSize") != "300" || query.Get("ProductCode") != "pconn" || query.Has("InstanceIDs") {
				t.Errorf("asked for %v", query)
			}
			var rows []string
			for i := (number - 1) * 300; i < min(number*300, total); i++ {
				rows = append(rows, fmt.Sprintf(`{"InstanceID":"pc-%d"}`, i))
			}
			return alibabatest.Reply(http.StatusOK, instanceList(total, rows...)), nil
		}))
		got, err := client.InstancesOf(t.Context(), "pconn")
		if err != nil || len(got) != total || seen.Count() != max(1, (total+299)/300) {
			t.Errorf("%d: got %d in %d calls, %v", total, len(got), seen.Count(), err)
		}
	}
}

func TestSetRenewal_SendsTheProductAndTheSetting(t *testing.T) {
	t.Parallel()
	product := renewal.Product{Code: "pconn_intl", Type: "pconn_pre", SubscriptionType: "Subscription"}
	for _, test := range []struct {
		product renewal.Product
		setting renewal.Setting
		want    string
	}{
		{product, renewal.Setting{Status: renewal.Auto, Period: 12, Unit: renewal.Month}, "pconn_intl pconn_pre Subscription AutoRenewal 12 M"},
		{renewal.DefaultProduct, renewal.Setting{Status: renewal.Auto, Period: 1, Unit: renewal.Year}, "pconn - - AutoRenewal 1 Y"},
		{renewal.DefaultProduct, renewal.Setting{Status: renewal.Never}, "pconn - - NotRenewal - -"},
	} {
		var seen alibabatest.Recorder
		client := alibabatest.NewClient(t, seen.Wrap(alibabatest.Answering(http.StatusOK, `{"Code":"Success","Success":true}`)))
		if err := client.SetRenewal(t.Context(), alibabatest.CircuitID, test.product, test.setting); err != nil {
			t.Error(err)
		}
		var got []string
		for _, name := range []string{"ProductCode", "ProductType", "SubscriptionType", "RenewalStatus", "RenewalPeriod", "RenewalPeriodUnit"} {
			value := "-"
			if seen.Requests[0].Has(name) {
				value = seen.Requests[0].Get(name)
			}
			got = append(got, value)
		}
		if text := strings.Join(got, " "); text != test.want || seen.Requests[0].Get("InstanceIDs") != alibabatest.CircuitID {
			t.Errorf("sent %q, want %q", text, test.want)
		}
	}
}

func TestSetRenewal_UnclearAnswer_IsAnError(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", "{}", "null", "<html>", `{"RequestId":"B-1"}`, `{"Success":null}`} {
		var seen alibabatest.Recorder
		err := alibabatest.BillingCalls["SetRenewal"](t.Context(), alibabatest.NewClient(t, seen.Wrap(alibabatest.Answering(http.StatusOK, body))))
		if failure := alibabatest.FailureOf(t, err); failure.Delivery != apierror.ResponseLost || seen.Count() != 1 {
			t.Errorf("%s: got %+v after %d requests", body, failure, seen.Count())
		}
	}
}

func TestSetRenewal_Quota_IsKept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, started := alibabatest.NewClient(t, alibabatest.Answering(http.StatusOK, `{"Success":true}`)), time.Now()
		for range 400 {
			if err := alibabatest.BillingCalls["SetRenewal"](t.Context(), client); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(started); took < 80*time.Second || took > 2*time.Minute {
			t.Errorf("400 changes took %s: the API accepts 300 within 60 seconds", took)
		}
	})
}
