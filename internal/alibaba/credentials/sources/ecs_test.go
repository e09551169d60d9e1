package sources_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/alibabatest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials/sources"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
)

// metadataServer is a fake of the metadata service on a local server. Requests to other
// addresses fail.
type metadataServer struct {
	// noToken is the status of the answer to a token request, 0 for a success.
	noToken int
	// role is the role of the instance.
	role   string
	answer string

	mu   sync.Mutex
	seen []string
}

func (n *metadataServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n.mu.Lock()
	token := r.Header.Get("X-Aliyun-Ecs-Metadata-Token")
	n.seen = append(n.seen, strings.TrimSpace(r.Method+" "+r.URL.Path+" "+token))
	n.mu.Unlock()
	const roles = "/latest/meta-data/ram/security-credentials/"
	switch {
	case r.Method == http.MethodPut && r.URL.Path == "/latest/api/token" && n.noToken == 0 && r.Header.Get("X-Aliyun-Ecs-Metadata-Token-Ttl-Seconds") == "21600":
		_, _ = fmt.Fprint(w, "canary-token\n")
	case r.Method == http.MethodPut && n.noToken != 0:
		w.WriteHeader(n.noToken)
	case r.Method == http.MethodGet && n.noToken == 0 && token != "canary-token":
		w.WriteHeader(http.StatusForbidden)
	case r.Method == http.MethodGet && r.URL.Path == roles:
		_, _ = fmt.Fprintln(w, n.role)
	case r.Method == http.MethodGet && r.URL.Path == roles+n.role:
		_, _ = fmt.Fprint(w, n.answer)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

// on returns a factory whose metadata service is the fake.
func (n *metadataServer) on(t *testing.T) sources.Factory {
	t.Helper()
	server := httptest.NewServer(n)
	t.Cleanup(server.Close)
	local, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return sources.Factory{Transport: alibabatest.Transport(func(request *http.Request) (*http.Response, error) {
		if request.URL.Scheme != "http" || request.URL.Host != "100.100.100.200" {
			return nil, errors.New("another address")
		}
		request.URL.Host = local.Host
		return http.DefaultTransport.RoundTrip(request)
	})}
}

func TestECSRole_IsRequestedWithATokenIfPossible(t *testing.T) {
	const roles = "/latest/meta-data/ram/security-credentials/"
	for name, test := range map[string]struct {
		service *metadataServer
		role    string
		// disabled means that the older mode is turned off.
		disabled string
		seen     []string
		want     string // of an error
		passing  bool
	}{
		"with a token":     {&metadataServer{role: "app"}, "app", "", []string{"PUT /latest/api/token", "GET " + roles + "app canary-token"}, "", false},
		"role not named":   {&metadataServer{role: "app"}, "", "", []string{"PUT /latest/api/token", "GET " + roles + " canary-token", "GET " + roles + "app canary-token"}, "", false},
		"older service":    {&metadataServer{role: "app", noToken: 404}, "app", "", []string{"PUT /latest/api/token", "GET " + roles + "app"}, "", false},
		"empty token":      {&metadataServer{role: "app", noToken: 200}, "app", "", []string{"PUT /latest/api/token", "GET " + roles + "app"}, "", false},
		"tokens forbidden": {&metadataServer{role: "app", noToken: 403}, "app", "", []string{"PUT /latest/api/token", "GET " + roles + "app"}, "", false},
		"older mode off":   {&metadataServer{role: "app", noToken: 404}, "app", "true", []string{"PUT /latest/api/token"}, "the metadata service issues no token: HTTP 404", false},
		"busy":             {&metadataServer{role: "app", noToken: 503}, "app", "", []string{"PUT /latest/api/token"}, "the metadata service issues no token: HTTP 503", true},
		"other role":       {&metadataServer{role: "app"}, "other", "", []string{"PUT /latest/api/token", "GET " + roles + "other canary-token"}, "the metadata service issues no credentials of the RAM role other: HTTP 404", false},
		"not JSON":         {&metadataServer{role: "app", answer: "canary"}, "app", "", nil, "the metadata service issues no credentials of the RAM role app: the answer is not the JSON of credentials", true},
		"not successful":   {&metadataServer{role: "app", answer: `{"Code":"Failed","AccessKeyId":"canary"}`}, "app", "", nil, "the metadata service issues no credentials of the RAM role app: the answer holds none", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("ALIBABA_CLOUD_IMDSV1_DISABLED", test.disabled)
			if test.service.answer == "" {
				test.service.answer = alibabatest.MetadataBody(time.Now().Add(time.Hour))
			}
			source, err := test.service.on(t).ECSRole(test.role)
			if err != nil || len(test.service.seen) != 0 {
				t.Fatal(err, test.service.seen)
			}
			for range 2 {
				got, err := source.Credentials(t.Context())
				switch {
				case test.want == "" && (err != nil || got.AccessKeyID != "STS.ecs" || got.AccessKeySecret != alibabatest.CanarySecret || got.SecurityToken != alibabatest.CanaryToken || got.ProviderName != "ecs_ram_role"):
					t.Fatalf("got %q of %q, %v", got.AccessKeyID, got.ProviderName, err)
				case test.want != "":
					var failure *credentials.Error
					if !errors.As(err, &failure) || failure.Message != test.want || failure.Temporary != test.passing {
						t.Fatalf("got %+v", err)
					}
					alibabatest.ExpectNoCanary(t, "the error", alibabatest.Texts(err))
				}
				if test.want != "" {
					break
				}
			}
			if test.seen != nil && strings.Join(test.service.seen, "\n") != strings.Join(test.seen, "\n") {
				t.Errorf("asked %q", test.service.seen)
			}
		})
	}
}

func TestECSRole_OnNoInstance_IsATemporaryError(t *testing.T) {
	t.Parallel()
	source, err := sources.Factory{Transport: alibabatest.Transport(func(*http.Request) (*http.Response, error) { return nil, errors.New("no route to host") })}.ECSRole("app")
	if err != nil {
		t.Fatal(err)
	}
	_, err = source.Credentials(t.Context())
	var failure *credentials.Error
	if !errors.As(err, &failure) || !failure.Temporary || !strings.HasPrefix(failure.Message, "the metadata service issues no token: ") {
		t.Errorf("got %+v", err)
	}
}

func TestECSRole_UsesNoProxyAndCanBeTurnedOff(t *testing.T) {
	own, ok := rpc.DirectTransport().(*http.Transport)
	if !ok || own.Proxy != nil {
		t.Errorf("%T has a proxy", own)
	}
	t.Setenv("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "True")
	if _, err := (sources.Factory{}).ECSRole("app"); err == nil || !strings.Contains(err.Error(), "ALIBABA_CLOUD_ECS_METADATA_DISABLED") {
		t.Errorf("got %v", err)
	}
}

func TestECSRole_WrongRoleName_IsNotShown(t *testing.T) {
	t.Parallel()
	for _, role := range []string{strings.Repeat("a", 1<<20), "canary-token", "a/b", ""} {
		source, err := (&metadataServer{role: role}).on(t).ECSRole("")
		if err != nil {
			t.Fatal(err)
		}
		_, err = source.Credentials(t.Context())
		if err == nil || err.Error() != "the metadata service names no RAM role of this instance" {
			t.Errorf("got %.200v", err)
		}
	}
}
