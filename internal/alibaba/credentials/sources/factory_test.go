package sources_test

import (
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/alibabatest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials/sources"
)

func TestProfile_HangingHost_TimesOut(t *testing.T) {
	t.Parallel()
	key, role := credentials.Static(alibabatest.CanaryID, alibabatest.CanarySecret, ""), sources.Role{ARN: alibabatest.RoleARN}
	for name, test := range map[string]struct {
		open func(sources.Factory) (credentials.Source, error)
		want time.Duration
	}{
		"credentials URI": {func(i sources.Factory) (credentials.Source, error) {
			return i.URI("https://credentials.example/")
		}, 5 * time.Second},
		"metadata service": {func(i sources.Factory) (credentials.Source, error) { return i.ECSRole("app") }, 5 * time.Second},
		"token service":    {func(i sources.Factory) (credentials.Source, error) { return i.AssumeRole(key, role) }, 10 * time.Second},
		"token service of OIDC": {func(i sources.Factory) (credentials.Source, error) {
			return i.AssumeRoleWithOIDC(sources.OIDC{ProviderARN: alibabatest.OIDCARN, Token: alibabatest.OIDCToken}, role)
		}, 10 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				source, err := test.open(sources.Factory{Transport: alibabatest.Hanging()})
				if err != nil {
					t.Fatal(err)
				}
				started := time.Now()
				_, err = source.Credentials(t.Context())
				var failure *credentials.Error
				if took := time.Since(started); !errors.As(err, &failure) || !failure.Temporary || took != test.want {
					t.Errorf("after %s: %v", took, err)
				}
			})
		})
	}
}

func TestSession_WithoutATokenOrAnEnd_IsRefused(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"no token":  `{"Credentials":{"AccessKeyId":"STS.1","AccessKeySecret":"canary","Expiration":"2099-01-01T00:00:00Z"}}`,
		"no end":    `{"Credentials":{"AccessKeyId":"STS.1","AccessKeySecret":"canary","SecurityToken":"canary"}}`,
		"no key ID": `{"Credentials":{"AccessKeySecret":"canary","SecurityToken":"canary","Expiration":"2099-01-01T00:00:00Z"}}`,
		"no secret": `{"Credentials":{"AccessKeyId":"STS.1","SecurityToken":"canary","Expiration":"2099-01-01T00:00:00Z"}}`,
		"nothing":   ``,
	} {
		got, err := alibabatest.Assume(t, alibabatest.Answering(http.StatusOK, body)).Credentials(t.Context())
		var failure *credentials.Error
		if !errors.As(err, &failure) || !failure.Temporary || got.AccessKeyID != "" {
			t.Errorf("%s: %q, %v", name, got.AccessKeyID, err)
			continue
		}
		alibabatest.ExpectNoCanary(t, name, alibabatest.Texts(err))
	}
}
