package bss_test

import (
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/alibabatest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/bss"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/billing"
)

// twoSites is a fake of both sites, each at its host.
type twoSites struct {
	domestic, international alibabatest.Transport

	mu    sync.Mutex
	asked []string
}

func (s *twoSites) RoundTrip(request *http.Request) (*http.Response, error) {
	s.mu.Lock()
	s.asked = append(s.asked, request.URL.Host)
	s.mu.Unlock()
	if request.URL.Host == alibabatest.InternationalHost {
		return s.international(request)
	}
	return s.domestic(request)
}

func TestSite_IsThatOfTheAccount(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config alibaba.Config
		host   string
	}{
		"domestic":               {alibaba.Config{AccountType: bss.AccountDomestic}, alibabatest.DomesticHost},
		"international":          {alibaba.Config{AccountType: bss.AccountInternational}, alibabatest.InternationalHost},
		"unknown":                {alibaba.Config{}, alibabatest.DomesticHost},
		"unknown, region abroad": {alibaba.Config{Region: "eu-central-1"}, alibabatest.DomesticHost},
		"configured":             {alibaba.Config{BSSEndpoint: "https://bss.example:8443/", AccountType: bss.AccountInternational}, "bss.example:8443"},
		"VPC configured":         {alibaba.Config{VPCEndpoint: "https://vpc.example"}, alibabatest.DomesticHost},
	} {
		sites := &twoSites{domestic: alibabatest.Answering(http.StatusOK, alibabatest.OrderList(0)), international: alibabatest.Answering(http.StatusOK, alibabatest.OrderList(0))}
		test.config.Transport = sites
		client := alibabatest.Configure(t, test.config)
		for range 2 {
			for action, call := range alibabatest.BillingCalls {
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
	var seen alibabatest.Recorder
	client, err := alibaba.New(alibaba.Config{Credentials: credentials.Static("id", "secret", ""), Transport: seen.Wrap(alibabatest.Answering(http.StatusOK, alibabatest.OrderList(0)))})
	if err != nil {
		t.Fatal(err)
	}
	if rows, err := client.OrderLines(t.Context(), alibabatest.OrderID); err != nil || len(rows) != 0 || seen.Requests[0].Get("RegionId") == "" {
		t.Errorf("got %v, %v; sent %v", rows, err, seen.Requests[0])
	}
}

func TestSite_Unknown_IsFoundOutOnce(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusBadRequest, http.StatusOK} {
		sites := &twoSites{domestic: alibabatest.Answering(status, alibabatest.NotApplicableBody), international: alibabatest.Answering(http.StatusOK, alibabatest.OrderList(0))}
		client := alibabatest.Configure(t, alibaba.Config{Transport: sites})
		for range 3 {
			if _, err := client.OrderLines(t.Context(), alibabatest.OrderID); err != nil {
				t.Fatal(err)
			}
		}
		if want := []string{alibabatest.DomesticHost, alibabatest.InternationalHost, alibabatest.InternationalHost, alibabatest.InternationalHost}; !slices.Equal(sites.asked, want) {
			t.Errorf("asked %v", sites.asked)
		}
	}
}

func TestSite_Unknown_IsFoundOutByEachOperation(t *testing.T) {
	t.Parallel()
	for action, call := range alibabatest.BillingCalls {
		sites := &twoSites{domestic: alibabatest.Answering(http.StatusBadRequest, alibabatest.NotApplicableBody), international: alibabatest.Answering(http.StatusOK, alibabatest.OrderList(0))}
		if err := call(t.Context(), alibabatest.Configure(t, alibaba.Config{Transport: sites})); err != nil {
			t.Errorf("%s: %v", action, err)
		}
		if want := []string{alibabatest.DomesticHost, alibabatest.InternationalHost}; !slices.Equal(sites.asked, want) {
			t.Errorf("%s: asked %v", action, sites.asked)
		}
	}
}

func TestSite_Other_IsKeptEvenIfItForbidsTheRead(t *testing.T) {
	t.Parallel()
	sites := &twoSites{domestic: alibabatest.Answering(http.StatusBadRequest, alibabatest.NotApplicableBody), international: alibabatest.Answering(http.StatusForbidden, `{"Code":"NoPermission"}`)}
	client := alibabatest.Configure(t, alibaba.Config{Transport: sites})
	for range 2 {
		_, err := client.OrderLines(t.Context(), alibabatest.OrderID)
		if failure := alibabatest.FailureOf(t, err); failure.Code != "NoPermission" || failure.Host != alibabatest.InternationalHost {
			t.Errorf("got %+v", failure)
		}
	}
	if want := []string{alibabatest.DomesticHost, alibabatest.InternationalHost, alibabatest.InternationalHost}; !slices.Equal(sites.asked, want) {
		t.Errorf("asked %v", sites.asked)
	}
}

func TestSite_IsNotKeptWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	for name, international := range map[string]alibabatest.Transport{
		"not applicable either": alibabatest.Answering(http.StatusBadRequest, alibabatest.NotApplicableBody),
		"out of reach":          alibabatest.Hanging(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				sites := &twoSites{domestic: alibabatest.Answering(http.StatusBadRequest, alibabatest.NotApplicableBody), international: international}
				client := alibabatest.Configure(t, alibaba.Config{Transport: sites})
				_, err := client.OrderLines(t.Context(), alibabatest.OrderID)
				if alibabatest.FailureOf(t, err).Host != alibabatest.InternationalHost {
					t.Errorf("got %v", err)
				}
				sites.domestic = alibabatest.Answering(http.StatusOK, alibabatest.OrderList(0))
				if _, err := client.OrderLines(t.Context(), alibabatest.OrderID); err != nil {
					t.Errorf("the domestic site is not asked again: %v", err)
				}
			})
		})
	}
}

func TestSite_ChangesOnlyAfterNotApplicable(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config   alibaba.Config
		domestic alibabatest.Transport
	}{
		"forbidden":          {alibaba.Config{}, alibabatest.Answering(http.StatusForbidden, `{"Code":"NoPermission"}`)},
		"forbidden as 400":   {alibaba.Config{}, alibabatest.Answering(http.StatusBadRequest, `{"Code":"NoPermission"}`)},
		"not authorized":     {alibaba.Config{}, alibabatest.Answering(http.StatusBadRequest, `{"Code":"NotAuthorized"}`)},
		"down":               {alibaba.Config{}, alibabatest.Answering(http.StatusInternalServerError, "")},
		"site is configured": {alibaba.Config{AccountType: bss.AccountDomestic}, alibabatest.Answering(http.StatusBadRequest, alibabatest.NotApplicableBody)},
		"host is configured": {alibaba.Config{BSSEndpoint: alibabatest.DomesticHost}, alibabatest.Answering(http.StatusBadRequest, alibabatest.NotApplicableBody)},
	} {
		for action, call := range alibabatest.BillingCalls {
			t.Run(name+", "+action, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					sites := &twoSites{domestic: test.domestic, international: alibabatest.Answering(http.StatusOK, alibabatest.OrderList(0))}
					config := test.config
					config.Transport = sites
					failure := alibabatest.FailureOf(t, call(t.Context(), alibabatest.Configure(t, config)))
					if failure.Delivery != apierror.Answered || failure.Host != alibabatest.DomesticHost || slices.Contains(sites.asked, alibabatest.InternationalHost) {
						t.Errorf("got %+v; asked %v", failure, sites.asked)
					}
				})
			})
		}
	}
}

func TestSite_FoundOut_IsAskedOnceAndNoOther(t *testing.T) {
	t.Parallel()
	sites := &twoSites{domestic: alibabatest.Answering(http.StatusBadRequest, alibabatest.NotApplicableBody), international: alibabatest.Answering(http.StatusOK, alibabatest.OrderList(0))}
	client := alibabatest.Configure(t, alibaba.Config{Transport: sites})
	if _, err := client.OrderLines(t.Context(), alibabatest.OrderID); err != nil {
		t.Fatal(err)
	}
	sites.international, sites.asked = sites.domestic, nil
	_, err := client.OrderLines(t.Context(), alibabatest.OrderID)
	if failure := alibabatest.FailureOf(t, err); failure.Host != alibabatest.InternationalHost || !slices.Equal(sites.asked, []string{alibabatest.InternationalHost}) {
		t.Errorf("got %+v; asked %v", failure, sites.asked)
	}
}

func TestSite_IsFoundOutByManyAtOnce(t *testing.T) {
	t.Parallel()
	sites := &twoSites{domestic: alibabatest.Answering(http.StatusBadRequest, alibabatest.NotApplicableBody), international: alibabatest.Answering(http.StatusOK, alibabatest.OrderList(0))}
	client := alibabatest.Configure(t, alibaba.Config{Transport: sites})
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

func TestNew_WrongBillingConfiguration_IsAnError(t *testing.T) {
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
