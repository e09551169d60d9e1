package credentials_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/alibabatest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials/sources"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
)

func stsRefusing(status int, code string) alibabatest.Transport {
	return func(*http.Request) (*http.Response, error) {
		return alibabatest.Reply(status, fmt.Sprintf(`{"RequestId":"R-2","HostId":"sts.aliyuncs.com","Code":%q,"Message":"No."}`, code)), nil
	}
}

func TestSession_IsRenewedBeforeItsEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		service := &alibabatest.TokenService{Life: time.Hour}
		source := alibabatest.Assume(t, service)
		if asked, _ := service.Count(); asked != 0 {
			t.Fatal("asked before credentials are needed")
		}
		ends := map[string]time.Time{}
		for start := time.Now(); time.Since(start) < 5*time.Hour; time.Sleep(20 * time.Second) {
			got, err := source.Credentials(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if _, known := ends[got.AccessKeyID]; !known {
				ends[got.AccessKeyID] = time.Now().Add(service.Life)
			}
			if left := time.Until(ends[got.AccessKeyID]); left < credentials.RenewMargin-time.Minute {
				t.Fatalf("a session is used with %s left", left)
			}
		}
		if asked, issued := service.Count(); asked != 6 || issued != 6 {
			t.Errorf("%d sessions in five hours, %d questions", issued, asked)
		}
	})
}

// The service returns the end of a session by its own clock.
func TestSession_WithASlowClock_IsRenewedInTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const slow = 14 * time.Minute // If the clock is slower, the API refuses signed requests.
		service := &alibabatest.TokenService{Life: time.Hour + slow}
		source := alibabatest.Assume(t, service)
		first, err := source.Credentials(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour - credentials.RenewMargin)
		if got, err := source.Credentials(t.Context()); err != nil || got.AccessKeyID == first.AccessKeyID {
			t.Errorf("three minutes before its end, %q is still used, %v", got.AccessKeyID, err)
		}
	})
}

func TestSession_Short_IsUsedForThreeQuartersOfItsLife(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		source := alibabatest.Assume(t, &alibabatest.TokenService{Life: 2 * time.Minute})
		for second := range 180 {
			got, err := source.Credentials(t.Context())
			if want := fmt.Sprint("STS.", 1+second/90); err != nil || got.AccessKeyID != want {
				t.Fatalf("after %d seconds: %q, %v, want %q", second, got.AccessKeyID, err, want)
			}
			time.Sleep(time.Second)
		}
	})
}

func TestSession_FailedRenewal_KeepsTheValidSession(t *testing.T) {
	t.Parallel()
	for name, refuse := range map[string]alibabatest.Transport{
		"busy":         stsRefusing(http.StatusServiceUnavailable, "ServiceUnavailable"),
		"role deleted": stsRefusing(http.StatusNotFound, "EntityNotExist.Role"),
		"broken":       func(*http.Request) (*http.Response, error) { return nil, errors.New("reset") },
		"unreadable":   func(*http.Request) (*http.Response, error) { return alibabatest.Reply(http.StatusOK, "<html>"), nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				service := &alibabatest.TokenService{Life: time.Hour}
				source := alibabatest.Assume(t, service)
				if _, err := source.Credentials(t.Context()); err != nil {
					t.Fatal(err)
				}
				end := time.Now().Add(service.Life)
				service.Set(refuse, 0)
				for time.Until(end) > credentials.Reserve {
					got, err := source.Credentials(t.Context())
					if err != nil || got.AccessKeyID != "STS.1" {
						t.Fatalf("%s before the end: %q, %v", time.Until(end), got.AccessKeyID, err)
					}
					time.Sleep(time.Second)
				}
				if asked, _ := service.Count(); asked < 10 || asked > 25 {
					t.Errorf("asked %d times in the last minutes", asked)
				}
				if _, err := source.Credentials(t.Context()); err == nil {
					t.Error("a session is used when it has all but ended")
				}
				service.Set(nil, 0)
				if got, err := source.Credentials(t.Context()); err != nil || got.AccessKeyID != "STS.2" {
					t.Errorf("after the service is back: %q, %v", got.AccessKeyID, err)
				}
			})
		})
	}
}

func TestSession_WhileValid_NoCallWaitsForItsRenewal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		service := &alibabatest.TokenService{Life: time.Hour}
		source := alibabatest.Assume(t, service)
		if _, err := source.Credentials(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(service.Life - time.Minute)
		service.Set(nil, 24*time.Hour) // hangs
		started := time.Now()
		var waited atomic.Int64
		var group sync.WaitGroup
		for range 20 {
			group.Go(func() {
				if _, err := source.Credentials(t.Context()); err != nil {
					t.Error(err)
				}
				if time.Since(started) > 0 {
					waited.Add(1)
				}
			})
		}
		group.Wait()
		if waited.Load() > 1 || time.Since(started) > 10*time.Second {
			t.Errorf("%d calls waited, the last one %s", waited.Load(), time.Since(started))
		}
	})
}

func TestSession_IsSharedByManyCalls(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		service := &alibabatest.TokenService{Life: time.Hour, Delay: time.Second}
		source := alibabatest.Assume(t, service)
		var group sync.WaitGroup
		for range 50 {
			group.Go(func() {
				if got, err := source.Credentials(t.Context()); err != nil || got.AccessKeyID != "STS.1" {
					t.Errorf("got %q, %v", got.AccessKeyID, err)
				}
			})
		}
		group.Wait()
		if asked, _ := service.Count(); asked != 1 {
			t.Errorf("asked %d times", asked)
		}
	})
}

func TestSession_CancelledCall_DoesNotBlockTheNext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		service := &alibabatest.TokenService{Life: time.Hour, Delay: 5 * time.Second}
		source := alibabatest.Assume(t, service)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		for range 2 {
			if _, err := source.Credentials(ctx); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
		}
		if got, err := source.Credentials(t.Context()); err != nil || got.AccessKeyID != "STS.1" {
			t.Errorf("got %q, %v", got.AccessKeyID, err)
		}
	})
}

// An order is not sent without credentials. It is not given up because the service that issues
// them was busy once.
func TestOrder_WithoutCredentials_IsRetryableOnlyIfTemporary(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		refuse    alibabatest.Transport
		permanent bool
		message   string
	}{
		"busy": {stsRefusing(http.StatusServiceUnavailable, "ServiceUnavailable"), false, "the role " + alibabatest.RoleARN + " cannot be assumed: ServiceUnavailable: No (HTTP 503, sts.aliyuncs.com, request ID R-2)"},
		"a proxy's page": {
			func(*http.Request) (*http.Response, error) {
				return alibabatest.Reply(http.StatusBadGateway, "<html>"), nil
			}, false, "",
		},
		"throttled": {stsRefusing(http.StatusBadRequest, "Throttling.User"), false, ""},
		"broken":    {func(*http.Request) (*http.Response, error) { return nil, errors.New("reset by peer") }, false, ""},
		"timeout":   {func(*http.Request) (*http.Response, error) { return nil, context.DeadlineExceeded }, false, ""},
		"no credentials": {func(*http.Request) (*http.Response, error) {
			return alibabatest.Reply(http.StatusOK, `{"RequestId":"R-3","Credentials":{}}`), nil
		}, false, ""},
		"no role":     {stsRefusing(http.StatusNotFound, "EntityNotExist.Role"), true, "the role " + alibabatest.RoleARN + " cannot be assumed: EntityNotExist.Role: No (HTTP 404, sts.aliyuncs.com, request ID R-2)"},
		"not trusted": {stsRefusing(http.StatusForbidden, "NoPermission"), true, ""},
		"wrong key":   {stsRefusing(http.StatusNotFound, "InvalidAccessKeyId.NotFound"), true, ""},
		"quoted URL":  {func(*http.Request) (*http.Response, error) { return nil, quotedURL() }, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := &alibabatest.TokenService{Refuse: test.refuse}
			var seen alibabatest.Recorder
			client := alibabatest.Configure(t, alibaba.Config{Credentials: alibabatest.Assume(t, service), Transport: seen.Wrap(alibabatest.Answering(http.StatusOK, alibabatest.AcceptedBody))})
			failure := alibabatest.SendOrder(t, client)
			if failure.Delivery != apierror.NotSent || failure.Permanent() != test.permanent || seen.Count() != 0 {
				t.Errorf("%d requests, %+v", seen.Count(), failure)
			}
			if test.message != "" && failure.Message != test.message {
				t.Errorf("got %s\nwant %s", failure.Message, test.message)
			}
			alibabatest.ExpectNoCanary(t, "the failure", alibabatest.Texts(failure))
			service.Set(nil, 0)
			service.Life = time.Hour
			if _, err := client.SendOrder(t.Context(), alibabatest.Request()); err != nil || seen.Count() != 1 {
				t.Errorf("sent again: %v, %d requests", err, seen.Count())
			}
			if got := seen.Requests[0]; got.Get("AccessKeyId") != "STS.1" || got.Get("SecurityToken") != alibabatest.CanaryToken {
				t.Errorf("signed by %q", got.Get("AccessKeyId"))
			}
		})
	}
}

// quotedURL is an error of a transport that does not report its connections.
func quotedURL() error {
	return &url.Error{Op: "Post", URL: "https://sts.aliyuncs.com/?SecurityToken=canary", Err: errors.New("no such host")}
}

func TestRole_AssumedByARole_NamesTheOneThatFailed(t *testing.T) {
	t.Parallel()
	for status, permanent := range map[int]bool{http.StatusNotFound: true, http.StatusServiceUnavailable: false} {
		base := alibabatest.Assume(t, &alibabatest.TokenService{Refuse: stsRefusing(status, "Brand.New")})
		source, err := sources.Factory{Transport: &alibabatest.TokenService{}}.AssumeRole(base, sources.Role{ARN: "acs:ram::1:role/top"})
		if err != nil {
			t.Fatal(err)
		}
		_, err = source.Credentials(t.Context())
		var failure *credentials.Error
		if !errors.As(err, &failure) || failure.Temporary == permanent {
			t.Fatalf("%d: got %+v", status, err)
		}
		want := fmt.Sprintf("the role acs:ram::1:role/top cannot be assumed: the role %s cannot be assumed: Brand.New: No (HTTP %d, sts.aliyuncs.com, request ID R-2)", alibabatest.RoleARN, status)
		if err.Error() != want {
			t.Errorf("got %s\nwant %s", err, want)
		}
	}
}

func TestSession_PrintedInAnyForm_ShowsNoSecret(t *testing.T) {
	t.Parallel()
	source := alibabatest.Assume(t, &alibabatest.TokenService{Life: time.Hour})
	if _, err := source.Credentials(t.Context()); err != nil {
		t.Fatal(err)
	}
	client := alibabatest.Configure(t, alibaba.Config{Credentials: source, Transport: alibabatest.Hanging()})
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		for _, value := range []any{source, &source, client, struct{ inner credentials.Source }{source}} {
			alibabatest.ExpectNoCanary(t, fmt.Sprintf("%s of %T", verb, value), fmt.Sprintf(verb, value))
		}
	}
}
