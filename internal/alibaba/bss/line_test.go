package bss_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/alibabatest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/bss"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
)

func TestAmount_KeepsEveryDigit(t *testing.T) {
	t.Parallel()
	for written, want := range map[string]string{
		`"0"`:                       "0",
		`"66"`:                      "66",
		`66`:                        "66",
		`"720.10"`:                  "720.10",
		`720.10`:                    "720.10",
		`"1,234.56"`:                "1234.56",
		`"1,234,567"`:               "1234567",
		`"-12,000.5"`:               "-12000.5",
		`"\n10000.00 "`:             "10000.00",
		`12345678901234567890.1234`: "12345678901234567890.1234",
		`"0.1000000000000000055"`:   "0.1000000000000000055",
		`null`:                      "",
		`""`:                        "",
		`"free"`:                    "",
		`"1,23"`:                    "",
		`"1,2345"`:                  "",
		`",234"`:                    "",
		`"1.234,56"`:                "",
		`"1e3"`:                     "",
		`1e3`:                       "",
		`"12."`:                     "",
		`".5"`:                      "",
		`"1 234"`:                   "",
		`"¥66"`:                     "",
		`true`:                      "",
		`{"Amount":"66"}`:           "",
		`["66"]`:                    "",
	} {
		got := alibabatest.ReadOrderRow(t, `"PretaxGrossAmount":`+written, `"PretaxAmount":`+written, `"PretaxAmountLocal":`+written, `"Tax":`+written, `"AfterTaxAmount":`+written)
		for _, amount := range []string{got.PretaxGrossAmount, got.PretaxAmount, got.PretaxAmountLocal, got.Tax, got.AfterTaxAmount} {
			if amount != want {
				t.Errorf("%s: got %q, want %q", written, amount, want)
			}
		}
	}
}

func TestAmount_LongerThanTheLimit_IsNotShown(t *testing.T) {
	t.Parallel()
	longest := strings.Repeat("9", 40)
	for written, want := range map[string]string{longest: longest, longest + "9": ""} {
		if got := alibabatest.ReadOrderRow(t, `"Tax":"`+written+`"`).Tax; got != want {
			t.Errorf("%d digits: got %q", len(written), got)
		}
	}
}

// The part that is cut off may contain the ID that matters.
func TestInstanceIDs_LongerThanTheLimit_AreRefused(t *testing.T) {
	t.Parallel()
	for written, fits := range map[string]bool{
		strings.Repeat("pc-1,", rpc.MaxValues): true, strings.Repeat("pc-1,", rpc.MaxValues) + "pc-2": false,
		"null," + strings.Repeat("pc-1,", rpc.MaxValues) + "pc-2": false,
		strings.Repeat("a", rpc.MaxText-len(`""`)):                true, strings.Repeat("a", rpc.MaxText-1): false,
	} {
		lines, problem := bss.ParseOrders([]byte(`{"Data":{"OrderList":{"Order":[{"OrderId":"1","InstanceIDs":"` + written + `"}]}}}`))
		if (problem == "") != fits || (len(lines) == 1) != fits {
			t.Errorf("%d bytes: %d lines, %q", len(written), len(lines), problem)
		}
	}
}

func TestInstanceIDs_AreReadInEachFormat(t *testing.T) {
	t.Parallel()
	for written, want := range map[string][]string{
		`"[\"pc-1\"]"`:                {"pc-1"},
		`"[\"pc-1\", \"pc-2\"]"`:      {"pc-1", "pc-2"},
		`"[]"`:                        nil,
		`["pc-1","pc-2"]`:             {"pc-1", "pc-2"},
		`["pc-1",null,"",["pc-2"]]`:   {"pc-1", "pc-2"},
		`"pc-1"`:                      {"pc-1"},
		`"pc-1, pc-2,"`:               {"pc-1", "pc-2"},
		`"[pc-1,pc-2]"`:               {"pc-1", "pc-2"},
		`"['pc-1']"`:                  {"pc-1"},
		`""`:                          nil,
		`null`:                        nil,
		`[null]`:                      nil,
		`"null"`:                      nil,
		`"pc-1;pc-2 pc-3|pc-4"`:       {"pc-1", "pc-2", "pc-3", "pc-4"},
		`"{\"InstanceId\":\"pc-1\"}"`: {"InstanceId", "pc-1"},
		`{"InstanceID":["pc-1"]}`:     {"InstanceID", "pc-1"},
		`true`:                        {"true"},
	} {
		if got := alibabatest.ReadOrderRow(t, `"InstanceIDs":`+written).InstanceIDs; !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", written, got, want)
		}
	}
}

func TestOrderLines_TimesAreReadInEachFormat(t *testing.T) {
	t.Parallel()
	want := time.Date(2017, 6, 8, 9, 41, 30, 0, time.UTC)
	for written, want := range map[string]*time.Time{
		`"2017-06-08T09:41:30Z"`:      &want,
		`"2017-06-08T17:41:30+08:00"`: &want,
		`"2017-06-08T09:41:30.000Z"`:  &want,
		`"2017-06-08T09:41Z"`:         new(want.Truncate(time.Minute)),
		`"2017-06-08 09:41:30"`:       nil, // no zone
		`"2017-06-08T09:41:30"`:       nil,
		`""`:                          nil,
		`null`:                        nil,
		`1496914890`:                  nil,
		`{}`:                          nil,
	} {
		if got := alibabatest.ReadOrderRow(t, `"CreateTime":`+written).CreateTime; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %v, want %v", written, got, want)
		}
	}
}

func TestOrderLines_PaymentStatusIsUnchanged(t *testing.T) {
	t.Parallel()
	for written, want := range map[string]string{`"Paid"`: "Paid", `"Unpaid"`: "Unpaid", `"Cancelled"`: "Cancelled", `"Something new"`: "Something new", `null`: "", `""`: ""} {
		if got := alibabatest.ReadOrderRow(t, `"PaymentStatus":`+written).PaymentStatus; got != want {
			t.Errorf("%s: got %q", written, got)
		}
	}
}

// Each field must arrive in the field of its name.
func TestOrderLines_ReadsEveryField(t *testing.T) {
	t.Parallel()
	names := map[string]string{"SubOrderID": "SubOrderId", "RelatedOrderID": "RelatedOrderId"} // names in the API that are different
	want := reflect.New(reflect.TypeFor[billing.OrderLine]()).Elem()
	var fields []string
	for index := range want.NumField() {
		field := want.Type().Field(index)
		name := names[field.Name]
		if name == "" {
			name = field.Name
		}
		switch {
		case field.Name == "AsOf": // of the answer, not of the row
		case field.Name == "OrderID":
			want.Field(index).SetString(alibabatest.OrderID)
		case strings.Contains(name, "Amount"), name == "Tax":
			want.Field(index).SetString(fmt.Sprint(index))
			fields = append(fields, fmt.Sprintf(`%q:"%d"`, name, index))
		case field.Type.Kind() == reflect.String:
			want.Field(index).SetString("value of " + name)
			fields = append(fields, fmt.Sprintf(`%q:"value of %s"`, name, name))
		case field.Type == reflect.TypeFor[*time.Time]():
			value := time.Date(2000+index, 1, 2, 3, 4, 5, 0, time.UTC)
			want.Field(index).Set(reflect.ValueOf(&value))
			fields = append(fields, fmt.Sprintf(`%q:%q`, name, value.Format(time.RFC3339)))
		case name == "InstanceIDs":
			want.Field(index).Set(reflect.ValueOf([]string{"pc-1"}))
			fields = append(fields, `"InstanceIDs":"[\"pc-1\"]"`)
		default:
			t.Fatalf("the test does not know the type of %s", field.Name)
		}
	}
	if got := alibabatest.ReadOrderRow(t, fields...); !reflect.DeepEqual(got, want.Interface()) {
		t.Errorf("got %+v\nwant %+v", got, want.Interface())
	}
}
