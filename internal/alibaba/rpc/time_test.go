package rpc_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/alibabatest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
)

// These tests run on the fake clock of a synctest bubble, which also fails when a
// call leaves a goroutine behind.

// readTries is the maximum number of tries of a read.
const readTries = 8

func TestRead_Cancelled_EndsAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		started := time.Now()
		_, err := alibabatest.Describe(ctx, alibabatest.NewClient(t, alibabatest.Hanging()))
		if took := time.Since(started); took != time.Second || !errors.Is(err, context.Canceled) {
			t.Errorf("ended after %s with %v", took, err)
		}
	})
}

// silence returns a client with a transport of net/http, whose server accepts requests and never
// answers.
func silence(t *testing.T) *alibaba.Client {
	t.Helper()
	base := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go func() { _, _ = io.Copy(io.Discard, theirs) }()
		return ours, nil
	}}
	return alibabatest.Configure(t, alibaba.Config{VPCEndpoint: "http://127.0.0.1", Transport: base})
}

func TestRead_Cancelled_ClosesItsConnection(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := alibabatest.Describe(ctx, silence(t))
		if failure := alibabatest.FailureOf(t, err); failure.Delivery != apierror.ResponseLost || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %+v", failure)
		}
	})
}

func TestRead_WithoutAnAnswer_IsRepeatedAFewTimes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var seen alibabatest.Recorder
		started := time.Now()
		_, err := alibabatest.Describe(t.Context(), alibabatest.NewClient(t, seen.Wrap(alibabatest.Hanging())))
		took := time.Since(started)
		if failure := alibabatest.FailureOf(t, err); failure.Delivery != apierror.ResponseLost || failure.Class() != apierror.Ambiguous {
			t.Errorf("got %+v", failure)
		}
		const least, most = readTries * rpc.ReadTimeout, readTries*rpc.ReadTimeout + 46*time.Second
		if seen.Count() != readTries || took < least || took > most {
			t.Errorf("%d tries in %s", seen.Count(), took)
		}
	})
}

func TestRead_TemporaryError_IsRepeated(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		failing alibabatest.Transport
		tries   int
	}{
		"throttling":        {alibabatest.Answering(http.StatusBadRequest, alibabatest.ThrottledBody), 3},
		"throttling by 429": {alibabatest.Answering(http.StatusTooManyRequests, ""), 3},
		"InternalError":     {alibabatest.Answering(http.StatusInternalServerError, `{"Code":"InternalError"}`), 3},
		"unknown 5xx":       {alibabatest.Answering(http.StatusGatewayTimeout, "<html>"), 3},
		"unreadable":        {alibabatest.Answering(http.StatusOK, "<html>"), 3},
		"a denied success":  {alibabatest.Answering(http.StatusOK, `{"Code":"Unheard.Of","Success":false}`), 3},
		"no list":           {alibabatest.Answering(http.StatusOK, `{"RequestId":"R-1"}`), 3},
		"transport":         {func(*http.Request) (*http.Response, error) { return nil, errors.New("broken") }, 3},
		"wrong key":         {alibabatest.Answering(http.StatusNotFound, `{"Code":"InvalidAccessKeyId.NotFound"}`), 1},
		"no right":          {alibabatest.Answering(http.StatusForbidden, `{"Code":"Forbidden.RAM"}`), 1},
		"unknown code":      {alibabatest.Answering(http.StatusBadRequest, `{"Code":"Unheard.Of"}`), 1},
		"a word in a code":  {alibabatest.Answering(http.StatusBadRequest, `{"Code":"NotThrottlingAtAll"}`), 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				tries := 0
				client := alibabatest.NewClient(t, alibabatest.Transport(func(request *http.Request) (*http.Response, error) {
					if tries++; tries < 3 {
						return test.failing(request)
					}
					return alibabatest.Reply(http.StatusOK, alibabatest.ListingBody), nil
				}))
				_, err := alibabatest.Describe(t.Context(), client)
				if tries != test.tries || (err == nil) != (test.tries == 3) {
					t.Errorf("%d tries, then %v", tries, err)
				}
			})
		})
	}
}

func TestRead_EndedContext_StopsTheTries(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		started := time.Now()
		_, err := alibabatest.Describe(ctx, alibabatest.NewClient(t, alibabatest.Answering(http.StatusBadRequest, alibabatest.ThrottledBody)))
		failure := alibabatest.FailureOf(t, err)
		if failure.Code != "Throttling.User" && failure.Delivery != apierror.NotSent || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %+v", failure)
		}
		if took := time.Since(started); took > 3*time.Second {
			t.Errorf("ended after %s", took)
		}
	})
}

func TestOrder_AfterTheSend_IsNotCancelled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		client := alibabatest.NewClient(t, alibabatest.Transport(func(request *http.Request) (*http.Response, error) {
			cancel()
			select {
			case <-request.Context().Done():
				return nil, request.Context().Err()
			case <-time.After(rpc.AnswerTimeout - time.Second):
				return alibabatest.Reply(http.StatusOK, alibabatest.AcceptedBody), nil
			}
		}))
		receipt, err := client.SendOrder(ctx, alibabatest.Request())
		if err != nil || receipt.OrderID != "50187055895" {
			t.Errorf("got %+v, %v", receipt, err)
		}
	})
}

func TestOrder_WithoutAnAnswer_TimesOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		started := time.Now()
		failure := alibabatest.SendOrder(t, silence(t))
		if took := time.Since(started); took != 30*time.Second || failure.Delivery != apierror.ResponseLost || !errors.Is(failure, context.DeadlineExceeded) {
			t.Errorf("ended after %s with %+v", took, failure)
		}
	})
}

func TestOrderIsSentOnce(t *testing.T) {
	t.Parallel()
	for name, base := range map[string]alibabatest.Transport{
		"after 500":        alibabatest.Answering(http.StatusInternalServerError, ""),
		"after throttling": alibabatest.Answering(http.StatusBadRequest, alibabatest.ThrottledBody),
		"after a break":    func(*http.Request) (*http.Response, error) { return nil, errors.New("broken") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var seen alibabatest.Recorder
			_ = alibabatest.SendOrder(t, alibabatest.NewClient(t, seen.Wrap(base)))
			if seen.Count() != 1 {
				t.Errorf("sent %d times", seen.Count())
			}
		})
	}
}

func TestEndedContextSendsNothing(t *testing.T) {
	t.Parallel()
	var seen alibabatest.Recorder
	client := alibabatest.NewClient(t, seen.Wrap(alibabatest.Answering(http.StatusOK, alibabatest.AcceptedBody)))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := client.SendOrder(ctx, alibabatest.Request())
	if failure := alibabatest.FailureOf(t, err); failure.Delivery != apierror.NotSent || failure.Permanent() || !errors.Is(err, context.Canceled) {
		t.Errorf("got %+v", failure)
	}
	_, err = alibabatest.Describe(ctx, client)
	if failure := alibabatest.FailureOf(t, err); failure.Delivery != apierror.NotSent || failure.Permanent() || !errors.Is(err, context.Canceled) {
		t.Errorf("got %+v", failure)
	}
	if seen.Count() != 0 {
		t.Errorf("%d requests were sent", seen.Count())
	}
}

func TestContextThatEndsWhileCredentialsAreFetchedSendsNothing(t *testing.T) {
	t.Parallel()
	var seen alibabatest.Recorder
	ctx, cancel := context.WithCancel(t.Context())
	client := alibabatest.Configure(t, alibaba.Config{
		Transport: seen.Wrap(alibabatest.Answering(http.StatusOK, alibabatest.AcceptedBody)),
		Credentials: alibabatest.SourceFunc(func() (credentials.Value, error) {
			cancel()
			return credentials.Value{AccessKeyID: alibabatest.CanaryID, AccessKeySecret: alibabatest.CanarySecret}, nil
		}),
	})
	_, err := client.SendOrder(ctx, alibabatest.Request())
	if failure := alibabatest.FailureOf(t, err); failure.Delivery != apierror.NotSent || failure.Permanent() || seen.Count() != 0 {
		t.Errorf("%d requests, got %+v", seen.Count(), failure)
	}
}

func TestQuota_EndedContext_EndsTheWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var seen alibabatest.Recorder
		client := alibabatest.NewClient(t, seen.Wrap(alibabatest.Answering(http.StatusOK, alibabatest.AcceptedBody)))
		ctx, cancel := context.WithCancel(t.Context())
		for range 180 {
			if _, err := client.SendOrder(ctx, alibabatest.Request()); err != nil {
				t.Fatal(err)
			}
		}
		time.AfterFunc(100*time.Millisecond, cancel)
		started := time.Now()
		_, err := client.SendOrder(ctx, alibabatest.Request())
		failure := alibabatest.FailureOf(t, err)
		if failure.Delivery != apierror.NotSent || failure.Permanent() || failure.Class() != apierror.Retryable || !errors.Is(err, context.Canceled) {
			t.Errorf("got %+v", failure)
		}
		if took := time.Since(started); took != 100*time.Millisecond || seen.Count() != 180 {
			t.Errorf("ended after %s and %d requests", took, seen.Count())
		}
	})
}

func TestQuota_AfterTheDeadline_IsATimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := alibabatest.NewClient(t, alibabatest.Answering(http.StatusOK, alibabatest.AcceptedBody))
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		for range 180 {
			if _, err := client.SendOrder(ctx, alibabatest.Request()); err != nil {
				t.Fatal(err)
			}
		}
		_, err := client.SendOrder(ctx, alibabatest.Request())
		if failure := alibabatest.FailureOf(t, err); failure.Delivery != apierror.NotSent || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %+v", failure)
		}
	})
}

func TestQuota_AfterAFailedTry_TheErrorIsThatOfTheTry(t *testing.T) {
	t.Parallel()
	for range 20 { // The pauses are random.
		synctest.Test(t, func(t *testing.T) {
			sent := 0
			client := alibabatest.NewClient(t, alibabatest.Transport(func(*http.Request) (*http.Response, error) {
				if sent++; sent < 180 {
					return alibabatest.Reply(http.StatusForbidden, `{"Code":"Forbidden"}`), nil
				}
				return alibabatest.Reply(http.StatusServiceUnavailable, `{"Code":"ServiceUnavailable"}`), nil
			}))
			for range 179 {
				_, _ = alibabatest.Describe(t.Context(), client)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 400*time.Millisecond)
			defer cancel()
			_, err := alibabatest.Describe(ctx, client)
			if failure := alibabatest.FailureOf(t, err); failure.HTTPStatus != http.StatusServiceUnavailable || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %+v", failure)
			}
		})
	}
}

func TestQuota_IsNotExceededInAnyMinute(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var sent []time.Time
		client := alibabatest.NewClient(t, alibabatest.Transport(func(*http.Request) (*http.Response, error) {
			sent = append(sent, time.Now())
			return alibabatest.Reply(http.StatusOK, alibabatest.ListingBody), nil
		}))
		for call := range 1000 {
			if call == 500 {
				time.Sleep(45 * time.Second) // Half of the bucket is refilled.
			}
			if _, err := alibabatest.Describe(t.Context(), client); err != nil {
				t.Fatal(err)
			}
		}
		most := 0
		for first, from := 0, 0; from < len(sent); from++ {
			for first < len(sent) && sent[first].Sub(sent[from]) < time.Minute {
				first++
			}
			most = max(most, first-from)
		}
		if most > 300 || most < 290 {
			t.Errorf("the busiest minute had %d calls", most)
		}
	})
}

func TestQuota_IsSeparateForRegionsAndActions(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := alibabatest.NewClient(t, alibabatest.Transport(func(request *http.Request) (*http.Response, error) {
			if strings.HasPrefix(request.URL.Query().Get("Action"), "Create") {
				return alibabatest.Reply(http.StatusOK, alibabatest.AcceptedBody), nil
			}
			return alibabatest.Reply(http.StatusOK, alibabatest.ListingBody), nil
		}))
		started := time.Now()
		for range 180 {
			order := alibabatest.Request()
			for _, order.Region = range []string{"cn-hangzhou", "cn-beijing"} {
				if _, err := client.SendOrder(t.Context(), order); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := alibabatest.Describe(t.Context(), client); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(started); took != 0 {
			t.Errorf("waited %s", took)
		}
	})
}
