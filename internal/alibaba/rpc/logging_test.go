package rpc_test

import (
	"bytes"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"
	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/alibabatest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
)

func lines(t *testing.T, log *bytes.Buffer) []map[string]any {
	t.Helper()
	entries, err := tflogtest.MultilineJSONDecode(log)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		delete(entry, "@caller")
	}
	return entries
}

func expectLines(t *testing.T, got, want []map[string]any) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("got %d lines, want %d: %v", len(got), len(want), got)
	}
	for i := range want {
		want[i]["@level"], want[i]["@message"], want[i]["@module"] = "debug", "API call", "provider.alibaba"
		for key := range want[i] {
			if got[i][key] != want[i][key] {
				t.Errorf("line %d, %s: got %v, want %v", i+1, key, got[i][key], want[i][key])
			}
		}
		if len(got[i]) != len(want[i]) {
			t.Errorf("line %d has other fields: %v", i+1, got[i])
		}
	}
}

func TestLog_HasOneLineForEachTry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		answers := []alibabatest.Transport{
			alibabatest.Answering(http.StatusBadRequest, alibabatest.ThrottledBody), alibabatest.Answering(http.StatusOK, "<html>"), alibabatest.Hanging(), alibabatest.Answering(http.StatusOK, alibabatest.ListingBody),
		}
		try := 0
		client := alibabatest.NewClient(t, alibabatest.Transport(func(request *http.Request) (*http.Response, error) {
			time.Sleep(7 * time.Millisecond)
			try++
			return answers[try-1](request)
		}))
		var log bytes.Buffer
		if _, err := alibabatest.Describe(tflogtest.RootLogger(t.Context(), &log), client); err != nil {
			t.Fatal(err)
		}
		const action, host = "DescribePhysicalConnections", "vpc.aliyuncs.com"
		expectLines(t, lines(t, &log), []map[string]any{
			{"action": action, "host": host, "try": 1.0, "milliseconds": 7.0, "outcome": "refused", "code": "Throttling.User", "http_status": 400.0, "request_id": "9B9300FE-3"},
			{"action": action, "host": host, "try": 2.0, "milliseconds": 7.0, "outcome": "lost", "code": "", "http_status": 200.0, "request_id": ""},
			{"action": action, "host": host, "try": 3.0, "milliseconds": 15000.0, "outcome": "lost", "code": "", "http_status": 0.0, "request_id": ""},
			{"action": action, "host": host, "try": 4.0, "milliseconds": 7.0, "outcome": "ok", "code": "", "http_status": 200.0, "request_id": "9B9300FE-2"},
		})
	})
}

func TestLog_NumbersTheTriesOfAnOrderByItsToken(t *testing.T) {
	t.Parallel()
	client := alibabatest.NewClient(t, alibabatest.Answering(http.StatusServiceUnavailable, ""))
	var log bytes.Buffer
	ctx := tflogtest.RootLogger(t.Context(), &log)
	other := alibabatest.Request()
	other.ClientToken = "another"
	for _, order := range []struct {
		times int
		try   float64
	}{{1, 1}, {1, 2}} {
		if _, err := client.SendOrder(ctx, alibabatest.Request()); err == nil {
			t.Fatal("placed", order)
		}
	}
	if _, err := client.SendOrder(ctx, other); err == nil {
		t.Fatal("placed")
	}
	var tries []any
	for _, line := range lines(t, &log) {
		tries = append(tries, line["try"])
	}
	if len(tries) != 3 || tries[0] != 1.0 || tries[1] != 2.0 || tries[2] != 1.0 {
		t.Errorf("tries %v", tries)
	}
}

func TestLog_WithoutALogger_DoesNothing(t *testing.T) {
	t.Parallel()
	client := alibabatest.NewClient(t, alibabatest.Answering(http.StatusOK, alibabatest.ListingBody))
	if _, err := alibabatest.Describe(t.Context(), client); err != nil {
		t.Error(err)
	}
}

func TestLog_LevelHasItsOwnVariable(t *testing.T) {
	t.Setenv("TF_LOG_PROVIDER_EXPRESSCONNECT_API", "WARN")
	var log bytes.Buffer
	ctx := tflogtest.RootLogger(t.Context(), &log)
	if _, err := alibabatest.Describe(ctx, alibabatest.NewClient(t, alibabatest.Answering(http.StatusOK, alibabatest.ListingBody))); err != nil {
		t.Error(err)
	}
	if log.Len() != 0 {
		t.Errorf("logged %s", &log)
	}
}

func TestLog_MasksAccessKeys(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	ctx := rpc.WithLogging(tflogtest.RootLogger(t.Context(), &log))
	tflog.SubsystemDebug(ctx, rpc.LogSubsystem, "key LTAI5tCanaryKey01 Signature=canary", map[string]any{"field": "STS.NUgYrcanary SecurityToken%3Dcanary"})
	alibabatest.ExpectNoCanary(t, "the log", log.String())
	if log.Len() == 0 || bytes.Contains(log.Bytes(), []byte("5tCanary")) {
		t.Errorf("logged %s", &log)
	}
}
