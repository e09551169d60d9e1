package alibaba_test

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
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
)

// These tests run on the fake clock of a synctest bubble, which also fails when a
// call leaves a goroutine behind.

func TestCancelledReadEndsAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		started := time.Now()
		_, err := describe(ctx, newClient(t, hanging()))
		if took := time.Since(started); took != time.Second || !errors.Is(err, context.Canceled) {
			t.Errorf("ended after %s with %v", took, err)
		}
	})
}

// silence returns a client on net/http's transport, at the other end of which a
// server takes requests and never answers.
func silence(t *testing.T) *alibaba.Client {
	t.Helper()
	base := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go func() { _, _ = io.Copy(io.Discard, theirs) }()
		return ours, nil
	}}
	return configure(t, alibaba.Config{VPCEndpoint: "http://127.0.0.1", Transport: base})
}

func TestCancelledReadLeavesNoConnectionBehind(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := describe(ctx, silence(t))
		if failure := failureOf(t, err); failure.Delivery != apierror.ResponseLost || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %+v", failure)
		}
	})
}

func TestReadThatNobodyAnswersIsTriedAgainAndBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var seen recorder
		started := time.Now()
		_, err := describe(t.Context(), newClient(t, seen.wrap(hanging())))
		took := time.Since(started)
		if failure := failureOf(t, err); failure.Delivery != apierror.ResponseLost || failure.Class() != apierror.Ambiguous {
			t.Errorf("got %+v", failure)
		}
		const least, most = alibaba.ReadTries * alibaba.ReadTimeout, alibaba.ReadTries*alibaba.ReadTimeout + 46*time.Second
		if seen.count() != alibaba.ReadTries || took < least || took > most {
			t.Errorf("%d tries in %s", seen.count(), took)
		}
	})
}

func TestReadIsTriedAgainAfterWhatMayPass(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		failing transport
		tries   int
	}{
		"throttling":        {answering(http.StatusBadRequest, throttledBody), 3},
		"throttling by 429": {answering(http.StatusTooManyRequests, ""), 3},
		"InternalError":     {answering(http.StatusInternalServerError, `{"Code":"InternalError"}`), 3},
		"unknown 5xx":       {answering(http.StatusGatewayTimeout, "<html>"), 3},
		"unreadable":        {answering(http.StatusOK, "<html>"), 3},
		"a denied success":  {answering(http.StatusOK, `{"Code":"Unheard.Of","Success":false}`), 3},
		"no list":           {answering(http.StatusOK, `{"RequestId":"R-1"}`), 3},
		"transport":         {func(*http.Request) (*http.Response, error) { return nil, errors.New("broken") }, 3},
		"wrong key":         {answering(http.StatusNotFound, `{"Code":"InvalidAccessKeyId.NotFound"}`), 1},
		"no right":          {answering(http.StatusForbidden, `{"Code":"Forbidden.RAM"}`), 1},
		"unknown code":      {answering(http.StatusBadRequest, `{"Code":"Unheard.Of"}`), 1},
		"a word in a code":  {answering(http.StatusBadRequest, `{"Code":"NotThrottlingAtAll"}`), 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				tries := 0
				client := newClient(t, transport(func(request *http.Request) (*http.Response, error) {
					if tries++; tries < 3 {
						return test.failing(request)
					}
					return reply(http.StatusOK, listingBody), nil
				}))
				_, err := describe(t.Context(), client)
				if tries != test.tries || (err == nil) != (test.tries == 3) {
					t.Errorf("%d tries, then %v", tries, err)
				}
			})
		})
	}
}

func TestReadStopsTryingWhenItsContextEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		started := time.Now()
		_, err := describe(ctx, newClient(t, answering(http.StatusBadRequest, throttledBody)))
		failure := failureOf(t, err)
		if failure.Code != "Throttling.User" && failure.Delivery != apierror.NotSent || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %+v", failure)
		}
		if took := time.Since(started); took > 3*time.Second {
			t.Errorf("ended after %s", took)
		}
	})
}

func TestOrderOnTheWireIsNotCut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		client := newClient(t, transport(func(request *http.Request) (*http.Response, error) {
			cancel()
			select {
			case <-request.Context().Done():
				return nil, request.Context().Err()
			case <-time.After(alibaba.AnswerTimeout - time.Second):
				return reply(http.StatusOK, acceptedBody), nil
			}
		}))
		receipt, err := client.SendOrder(ctx, wish())
		if err != nil || receipt.OrderID != "50187055895" {
			t.Errorf("got %+v, %v", receipt, err)
		}
	})
}

func TestOrderWithoutAnAnswerEndsAfterItsOwnTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		started := time.Now()
		failure := send(t, silence(t))
		if took := time.Since(started); took != 30*time.Second || failure.Delivery != apierror.ResponseLost || !errors.Is(failure, context.DeadlineExceeded) {
			t.Errorf("ended after %s with %+v", took, failure)
		}
	})
}

func TestOrderIsSentOnce(t *testing.T) {
	t.Parallel()
	for name, base := range map[string]transport{
		"after 500":        answering(http.StatusInternalServerError, ""),
		"after throttling": answering(http.StatusBadRequest, throttledBody),
		"after a break":    func(*http.Request) (*http.Response, error) { return nil, errors.New("broken") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var seen recorder
			_ = send(t, newClient(t, seen.wrap(base)))
			if seen.count() != 1 {
				t.Errorf("sent %d times", seen.count())
			}
		})
	}
}

func TestEndedContextSendsNothing(t *testing.T) {
	t.Parallel()
	var seen recorder
	client := newClient(t, seen.wrap(answering(http.StatusOK, acceptedBody)))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := client.SendOrder(ctx, wish())
	if failure := failureOf(t, err); failure.Delivery != apierror.NotSent || failure.Permanent() || !errors.Is(err, context.Canceled) {
		t.Errorf("got %+v", failure)
	}
	_, err = describe(ctx, client)
	if failure := failureOf(t, err); failure.Delivery != apierror.NotSent || failure.Permanent() || !errors.Is(err, context.Canceled) {
		t.Errorf("got %+v", failure)
	}
	if seen.count() != 0 {
		t.Errorf("%d requests were sent", seen.count())
	}
}

func TestContextThatEndsWhileCredentialsAreFetchedSendsNothing(t *testing.T) {
	t.Parallel()
	var seen recorder
	ctx, cancel := context.WithCancel(t.Context())
	client := configure(t, alibaba.Config{
		Transport: seen.wrap(answering(http.StatusOK, acceptedBody)),
		Credentials: source(func() (credentials.Value, error) {
			cancel()
			return credentials.Value{AccessKeyID: canaryID, AccessKeySecret: canarySecret}, nil
		}),
	})
	_, err := client.SendOrder(ctx, wish())
	if failure := failureOf(t, err); failure.Delivery != apierror.NotSent || failure.Permanent() || seen.count() != 0 {
		t.Errorf("%d requests, got %+v", seen.count(), failure)
	}
}

func TestWaitingForTheQuotaIsCutByTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var seen recorder
		client := newClient(t, seen.wrap(answering(http.StatusOK, acceptedBody)))
		ctx, cancel := context.WithCancel(t.Context())
		for range 180 {
			if _, err := client.SendOrder(ctx, wish()); err != nil {
				t.Fatal(err)
			}
		}
		time.AfterFunc(100*time.Millisecond, cancel)
		started := time.Now()
		_, err := client.SendOrder(ctx, wish())
		failure := failureOf(t, err)
		if failure.Delivery != apierror.NotSent || failure.Permanent() || failure.Class() != apierror.Retryable || !errors.Is(err, context.Canceled) {
			t.Errorf("got %+v", failure)
		}
		if took := time.Since(started); took != 100*time.Millisecond || seen.count() != 180 {
			t.Errorf("ended after %s and %d requests", took, seen.count())
		}
	})
}

func TestQuotaThatComesTooLateIsATimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := newClient(t, answering(http.StatusOK, acceptedBody))
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		for range 180 {
			if _, err := client.SendOrder(ctx, wish()); err != nil {
				t.Fatal(err)
			}
		}
		_, err := client.SendOrder(ctx, wish())
		if failure := failureOf(t, err); failure.Delivery != apierror.NotSent || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %+v", failure)
		}
	})
}

func TestNoMinuteSeesMoreCallsThanTheQuota(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var sent []time.Time
		client := newClient(t, transport(func(*http.Request) (*http.Response, error) {
			sent = append(sent, time.Now())
			return reply(http.StatusOK, listingBody), nil
		}))
		for call := range 1000 {
			if call == 500 {
				time.Sleep(45 * time.Second) // The bucket fills up by a half.
			}
			if _, err := describe(t.Context(), client); err != nil {
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

func TestQuotasOfRegionsAndActionsAreSeparate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := newClient(t, transport(func(request *http.Request) (*http.Response, error) {
			if strings.HasPrefix(request.URL.Query().Get("Action"), "Create") {
				return reply(http.StatusOK, acceptedBody), nil
			}
			return reply(http.StatusOK, listingBody), nil
		}))
		started := time.Now()
		for range 180 {
			order := wish()
			for _, order.Region = range []string{"cn-hangzhou", "cn-beijing"} {
				if _, err := client.SendOrder(t.Context(), order); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := describe(t.Context(), client); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(started); took != 0 {
			t.Errorf("waited %s", took)
		}
	})
}
