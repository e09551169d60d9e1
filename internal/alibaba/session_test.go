package alibaba_test

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
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
)

const roleARN = "acs:ram::1234567890123456:role/network"

// tokenService plays the Security Token Service in memory, so that its time can be fake.
type tokenService struct {
	mu     sync.Mutex
	issued int
	asked  int
	// life is how long a session lasts.
	life time.Duration
	// delay is how long an answer takes.
	delay time.Duration
	// refuse, if set, answers instead.
	refuse transport
}

func (s *tokenService) RoundTrip(request *http.Request) (*http.Response, error) {
	s.mu.Lock()
	s.asked++
	delay, refuse := s.delay, s.refuse
	s.mu.Unlock()
	if delay > 0 {
		select {
		case <-time.After(delay):
		case <-request.Context().Done():
			return nil, request.Context().Err()
		}
	}
	if refuse != nil {
		return refuse(request)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.issued++
	return reply(http.StatusOK, sessionBody(fmt.Sprint("STS.", s.issued), time.Now().Add(s.life))), nil
}

func (s *tokenService) set(refuse transport, delay time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse, s.delay = refuse, delay
}

func (s *tokenService) count() (asked, issued int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked, s.issued
}

func sessionBody(id string, expires time.Time) string {
	return fmt.Sprintf(`{"RequestId":"R-1","AssumedRoleUser":{"Arn":"x"},"Credentials":{"AccessKeyId":%q,"AccessKeySecret":%q,"SecurityToken":%q,"Expiration":%q}}`,
		id, canarySecret, canaryToken, expires.UTC().Format("2006-01-02T15:04:05Z"))
}

// assume returns the credentials of a role on a transport.
func assume(t *testing.T, base http.RoundTripper) credentials.Source {
	t.Helper()
	source, err := alibaba.Issuers{Transport: base}.AssumeRole(credentials.Static(canaryID, canarySecret, ""), alibaba.Role{ARN: roleARN})
	if err != nil {
		t.Fatal(err)
	}
	return source
}

func stsRefusing(status int, code string) transport {
	return func(*http.Request) (*http.Response, error) {
		return reply(status, fmt.Sprintf(`{"RequestId":"R-2","HostId":"sts.aliyuncs.com","Code":%q,"Message":"No."}`, code)), nil
	}
}

func TestSessionIsReplacedBeforeItEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		service := &tokenService{life: time.Hour}
		source := assume(t, service)
		if asked, _ := service.count(); asked != 0 {
			t.Fatal("asked before credentials are needed")
		}
		ends := map[string]time.Time{}
		for start := time.Now(); time.Since(start) < 5*time.Hour; time.Sleep(20 * time.Second) {
			got, err := source.Credentials(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if _, known := ends[got.AccessKeyID]; !known {
				ends[got.AccessKeyID] = time.Now().Add(service.life)
			}
			if left := time.Until(ends[got.AccessKeyID]); left < credentials.RenewMargin-time.Minute {
				t.Fatalf("a session is used with %s left", left)
			}
		}
		if asked, issued := service.count(); asked != 6 || issued != 6 {
			t.Errorf("%d sessions in five hours, %d questions", issued, asked)
		}
	})
}

// The service tells the end of a session by its own clock.
func TestSessionIsReplacedInTimeByAClockThatIsSlow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const slow = 14 * time.Minute // More, and signed requests are refused anyway.
		service := &tokenService{life: time.Hour + slow}
		source := assume(t, service)
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

func TestShortSessionServesMostOfItsLife(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		service := &tokenService{life: 2 * time.Minute}
		source := assume(t, service)
		for range 12 {
			if _, err := source.Credentials(t.Context()); err != nil {
				t.Fatal(err)
			}
			time.Sleep(10 * time.Second)
		}
		if asked, _ := service.count(); asked != 2 {
			t.Errorf("asked %d times in two minutes", asked)
		}
	})
}

func TestFailedRefreshDoesNoHarmWhileTheSessionIsValid(t *testing.T) {
	t.Parallel()
	for name, refuse := range map[string]transport{
		"busy":         stsRefusing(http.StatusServiceUnavailable, "ServiceUnavailable"),
		"role deleted": stsRefusing(http.StatusNotFound, "EntityNotExist.Role"),
		"broken":       func(*http.Request) (*http.Response, error) { return nil, errors.New("reset") },
		"unreadable":   func(*http.Request) (*http.Response, error) { return reply(http.StatusOK, "<html>"), nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				service := &tokenService{life: time.Hour}
				source := assume(t, service)
				if _, err := source.Credentials(t.Context()); err != nil {
					t.Fatal(err)
				}
				end := time.Now().Add(service.life)
				service.set(refuse, 0)
				for time.Until(end) > credentials.Reserve {
					got, err := source.Credentials(t.Context())
					if err != nil || got.AccessKeyID != "STS.1" {
						t.Fatalf("%s before the end: %q, %v", time.Until(end), got.AccessKeyID, err)
					}
					time.Sleep(time.Second)
				}
				if asked, _ := service.count(); asked < 10 || asked > 25 {
					t.Errorf("asked %d times in the last minutes", asked)
				}
				if _, err := source.Credentials(t.Context()); err == nil {
					t.Error("a session is used when it has all but ended")
				}
				service.set(nil, 0)
				if got, err := source.Credentials(t.Context()); err != nil || got.AccessKeyID != "STS.2" {
					t.Errorf("after the service is back: %q, %v", got.AccessKeyID, err)
				}
			})
		})
	}
}

func TestNobodyWaitsForARefreshWhileTheSessionIsValid(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		service := &tokenService{life: time.Hour}
		source := assume(t, service)
		if _, err := source.Credentials(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(service.life - time.Minute)
		service.set(nil, 24*time.Hour) // hangs
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

func TestManyCallsShareOneSession(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		service := &tokenService{life: time.Hour, delay: time.Second}
		source := assume(t, service)
		var group sync.WaitGroup
		for range 50 {
			group.Go(func() {
				if got, err := source.Credentials(t.Context()); err != nil || got.AccessKeyID != "STS.1" {
					t.Errorf("got %q, %v", got.AccessKeyID, err)
				}
			})
		}
		group.Wait()
		if asked, _ := service.count(); asked != 1 {
			t.Errorf("asked %d times", asked)
		}
	})
}

func TestCallThatIsCutLeavesTheWayFreeForTheNext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		service := &tokenService{life: time.Hour, delay: 5 * time.Second}
		source := assume(t, service)
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

// The order itself must neither be sent without credentials nor given up because
// the service that issues them was busy once.
func TestOrderTellsCredentialsThatMayComeFromThoseThatWillNot(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		refuse    transport
		permanent bool
		message   string
	}{
		"busy": {stsRefusing(http.StatusServiceUnavailable, "ServiceUnavailable"), false, "the role " + roleARN + " cannot be assumed: ServiceUnavailable: No (HTTP 503, sts.aliyuncs.com, request ID R-2)"},
		"a proxy's page": {
			func(*http.Request) (*http.Response, error) { return reply(http.StatusBadGateway, "<html>"), nil }, false, "",
		},
		"throttled": {stsRefusing(http.StatusBadRequest, "Throttling.User"), false, ""},
		"broken":    {func(*http.Request) (*http.Response, error) { return nil, errors.New("reset by peer") }, false, ""},
		"timeout":   {func(*http.Request) (*http.Response, error) { return nil, context.DeadlineExceeded }, false, ""},
		"no credentials": {func(*http.Request) (*http.Response, error) {
			return reply(http.StatusOK, `{"RequestId":"R-3","Credentials":{}}`), nil
		}, false, ""},
		"no role":     {stsRefusing(http.StatusNotFound, "EntityNotExist.Role"), true, "the role " + roleARN + " cannot be assumed: EntityNotExist.Role: No (HTTP 404, sts.aliyuncs.com, request ID R-2)"},
		"not trusted": {stsRefusing(http.StatusForbidden, "NoPermission"), true, ""},
		"wrong key":   {stsRefusing(http.StatusNotFound, "InvalidAccessKeyId.NotFound"), true, ""},
		"quoted URL":  {func(*http.Request) (*http.Response, error) { return nil, quotedURL() }, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := &tokenService{refuse: test.refuse}
			var seen recorder
			client := configure(t, alibaba.Config{Credentials: assume(t, service), Transport: seen.wrap(answering(http.StatusOK, acceptedBody))})
			failure := send(t, client)
			if failure.Delivery != apierror.NotSent || failure.Permanent() != test.permanent || seen.count() != 0 {
				t.Errorf("%d requests, %+v", seen.count(), failure)
			}
			if test.message != "" && failure.Message != test.message {
				t.Errorf("got %s\nwant %s", failure.Message, test.message)
			}
			expectNoCanary(t, "the failure", texts(failure))
			service.set(nil, 0)
			service.life = time.Hour
			if _, err := client.SendOrder(t.Context(), wish()); err != nil || seen.count() != 1 {
				t.Errorf("sent again: %v, %d requests", err, seen.count())
			}
			if got := seen.requests[0]; got.Get("AccessKeyId") != "STS.1" || got.Get("SecurityToken") != canaryToken {
				t.Errorf("signed by %q", got.Get("AccessKeyId"))
			}
		})
	}
}

// quotedURL is what a transport that tells nothing of its connections may return.
func quotedURL() error {
	return &url.Error{Op: "Post", URL: "https://sts.aliyuncs.com/?SecurityToken=canary", Err: errors.New("no such host")}
}

func TestRoleOnTopOfARoleTellsWhichOneFailed(t *testing.T) {
	t.Parallel()
	for status, permanent := range map[int]bool{http.StatusNotFound: true, http.StatusServiceUnavailable: false} {
		base := assume(t, &tokenService{refuse: stsRefusing(status, "Brand.New")})
		source, err := alibaba.Issuers{Transport: &tokenService{}}.AssumeRole(base, alibaba.Role{ARN: "acs:ram::1:role/top"})
		if err != nil {
			t.Fatal(err)
		}
		_, err = source.Credentials(t.Context())
		var failure *credentials.Error
		if !errors.As(err, &failure) || failure.Temporary == permanent {
			t.Fatalf("%d: got %+v", status, err)
		}
		want := fmt.Sprintf("the role acs:ram::1:role/top cannot be assumed: the role %s cannot be assumed: Brand.New: No (HTTP %d, sts.aliyuncs.com, request ID R-2)", roleARN, status)
		if err.Error() != want {
			t.Errorf("got %s\nwant %s", err, want)
		}
	}
}

func TestSessionShowsNothingHoweverItsSourceIsPrinted(t *testing.T) {
	t.Parallel()
	source := assume(t, &tokenService{life: time.Hour})
	if _, err := source.Credentials(t.Context()); err != nil {
		t.Fatal(err)
	}
	client := configure(t, alibaba.Config{Credentials: source, Transport: hanging()})
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		for _, value := range []any{source, &source, client, struct{ inner credentials.Source }{source}} {
			expectNoCanary(t, fmt.Sprintf("%s of %T", verb, value), fmt.Sprintf(verb, value))
		}
	}
}
