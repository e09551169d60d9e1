package alibaba_test

import (
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
)

const (
	domesticHost      = "business.aliyuncs.com"
	internationalHost = "business.ap-southeast-1.aliyuncs.com"

	notApplicableBody = `{"Code":"NotApplicable","Message":"This API is not applicable for caller.","RequestId":"B-4"}`
)

// twoSites plays both sites: each answers at its host.
type twoSites struct {
	domestic, international transport

	mu    sync.Mutex
	asked []string
}

func (s *twoSites) RoundTrip(request *http.Request) (*http.Response, error) {
	s.mu.Lock()
	s.asked = append(s.asked, request.URL.Host)
	s.mu.Unlock()
	if request.URL.Host == internationalHost {
		return s.international(request)
	}
	return s.domestic(request)
}

func TestBillingIsAskedAtTheSiteOfTheAccount(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config alibaba.Config
		host   string
	}{
		"domestic":               {alibaba.Config{AccountType: alibaba.AccountDomestic}, domesticHost},
		"international":          {alibaba.Config{AccountType: alibaba.AccountInternational}, internationalHost},
		"unknown":                {alibaba.Config{}, domesticHost},
		"unknown, region abroad": {alibaba.Config{Region: "eu-central-1"}, domesticHost},
		"configured":             {alibaba.Config{BSSEndpoint: "https://bss.example:8443/", AccountType: alibaba.AccountInternational}, "bss.example:8443"},
		"VPC configured":         {alibaba.Config{VPCEndpoint: "https://vpc.example"}, domesticHost},
	} {
		sites := &twoSites{domestic: answering(http.StatusOK, billed(0)), international: answering(http.StatusOK, billed(0))}
		test.config.Transport = sites
		client := configure(t, test.config)
		for range 2 {
			for action, call := range billingCalls {
				if err := call(t.Context(), client); err != nil {
					t.Errorf("%s, %s: %v", name, action, err)
				}
			}
		}
		if hosts := slices.Compact(sites.asked); len(hosts) != 1 || hosts[0] != test.host {
			t.Errorf("%s: asked %v", name, hosts)
		}
	}
}

func TestBillingNeedsNoRegion(t *testing.T) {
	t.Parallel()
	var seen recorder
	client, err := alibaba.New(alibaba.Config{Credentials: credentials.Static("id", "secret", ""), Transport: seen.wrap(answering(http.StatusOK, billed(0)))})
	if err != nil {
		t.Fatal(err)
	}
	if rows, err := client.OrderLines(t.Context(), orderID); err != nil || len(rows) != 0 || seen.requests[0].Get("RegionId") == "" {
		t.Errorf("got %v, %v; sent %v", rows, err, seen.requests[0])
	}
}

func TestUnknownSiteIsFoundOutOnceAndKept(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusBadRequest, http.StatusOK} {
		sites := &twoSites{domestic: answering(status, notApplicableBody), international: answering(http.StatusOK, billed(0))}
		client := configure(t, alibaba.Config{Transport: sites})
		for range 3 {
			if _, err := client.OrderLines(t.Context(), orderID); err != nil {
				t.Fatal(err)
			}
		}
		if want := []string{domesticHost, internationalHost, internationalHost, internationalHost}; !slices.Equal(sites.asked, want) {
			t.Errorf("asked %v", sites.asked)
		}
	}
}

func TestUnknownSiteIsFoundOutByEachOperation(t *testing.T) {
	t.Parallel()
	for action, call := range billingCalls {
		sites := &twoSites{domestic: answering(http.StatusBadRequest, notApplicableBody), international: answering(http.StatusOK, billed(0))}
		if err := call(t.Context(), configure(t, alibaba.Config{Transport: sites})); err != nil {
			t.Errorf("%s: %v", action, err)
		}
		if want := []string{domesticHost, internationalHost}; !slices.Equal(sites.asked, want) {
			t.Errorf("%s: asked %v", action, sites.asked)
		}
	}
}

func TestOtherSiteIsKeptEvenIfItForbidsTheReading(t *testing.T) {
	t.Parallel()
	sites := &twoSites{domestic: answering(http.StatusBadRequest, notApplicableBody), international: answering(http.StatusForbidden, `{"Code":"NoPermission"}`)}
	client := configure(t, alibaba.Config{Transport: sites})
	for range 2 {
		_, err := client.OrderLines(t.Context(), orderID)
		if failure := failureOf(t, err); failure.Code != "NoPermission" || failure.Host != internationalHost {
			t.Errorf("got %+v", failure)
		}
	}
	if want := []string{domesticHost, internationalHost, internationalHost}; !slices.Equal(sites.asked, want) {
		t.Errorf("asked %v", sites.asked)
	}
}

func TestNoSiteIsKeptBeforeOneHasAnswered(t *testing.T) {
	t.Parallel()
	for name, international := range map[string]transport{
		"not applicable either": answering(http.StatusBadRequest, notApplicableBody),
		"out of reach":          hanging(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				sites := &twoSites{domestic: answering(http.StatusBadRequest, notApplicableBody), international: international}
				client := configure(t, alibaba.Config{Transport: sites})
				_, err := client.OrderLines(t.Context(), orderID)
				if failureOf(t, err).Host != internationalHost {
					t.Errorf("got %v", err)
				}
				sites.domestic = answering(http.StatusOK, billed(0))
				if _, err := client.OrderLines(t.Context(), orderID); err != nil {
					t.Errorf("the domestic site is not asked again: %v", err)
				}
			})
		})
	}
}

func TestOnlyNotApplicableLeadsToTheOtherSite(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config   alibaba.Config
		domestic transport
	}{
		"forbidden":          {alibaba.Config{}, answering(http.StatusForbidden, `{"Code":"NoPermission"}`)},
		"forbidden as 400":   {alibaba.Config{}, answering(http.StatusBadRequest, `{"Code":"NoPermission"}`)},
		"not authorized":     {alibaba.Config{}, answering(http.StatusBadRequest, `{"Code":"NotAuthorized"}`)},
		"down":               {alibaba.Config{}, answering(http.StatusInternalServerError, "")},
		"site is configured": {alibaba.Config{AccountType: alibaba.AccountDomestic}, answering(http.StatusBadRequest, notApplicableBody)},
		"host is configured": {alibaba.Config{BSSEndpoint: domesticHost}, answering(http.StatusBadRequest, notApplicableBody)},
	} {
		for action, call := range billingCalls {
			t.Run(name+", "+action, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					sites := &twoSites{domestic: test.domestic, international: answering(http.StatusOK, billed(0))}
					config := test.config
					config.Transport = sites
					failure := failureOf(t, call(t.Context(), configure(t, config)))
					if failure.Delivery != apierror.Answered || failure.Host != domesticHost || slices.Contains(sites.asked, internationalHost) {
						t.Errorf("got %+v; asked %v", failure, sites.asked)
					}
				})
			})
		}
	}
}

func TestSiteIsFoundOutByManyAtOnce(t *testing.T) {
	t.Parallel()
	sites := &twoSites{domestic: answering(http.StatusBadRequest, notApplicableBody), international: answering(http.StatusOK, billed(0))}
	client := configure(t, alibaba.Config{Transport: sites})
	var calls sync.WaitGroup
	for range 20 {
		calls.Go(func() {
			if _, err := client.OrdersCreated(t.Context(), billing.OrderQuery{From: time.Unix(0, 0), To: time.Unix(60, 0)}); err != nil {
				t.Error(err)
			}
		})
	}
	calls.Wait()
}

func TestMistakesAboutBillingAreErrorsOfNew(t *testing.T) {
	t.Parallel()
	static := credentials.Static("id", "secret", "")
	for name, config := range map[string]alibaba.Config{
		"unknown site": {AccountType: "domestic", Credentials: static},
		"bad endpoint": {BSSEndpoint: "http://business.aliyuncs.com", Credentials: static},
	} {
		if _, err := alibaba.New(config); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
