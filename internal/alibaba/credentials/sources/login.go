package sources

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
)

// oauthSites are the hosts of logins with OAuth, by oauth_site_type, as the CLI has them.
var oauthSites = map[string]string{"CN": "https://oauth.aliyun.com", "INTL": "https://oauth.alibabacloud.com"}

// loginTimeout bounds a question to the host of a login.
const loginTimeout = 10 * time.Second

// login returns the sessions of a profile in which a person logged in with the CLI, in
// the mode OAuth or CloudSSO. The file is read again for each session, because the CLI
// may have renewed the login. Only the CLI renews it.
func (i Factory) login(file, name string) credentials.Source {
	return credentials.Cached(func(ctx context.Context) (credentials.Value, error) {
		_, profile, err := openProfile(file, name)
		if err != nil {
			return credentials.Value{}, err
		}
		asking := plainRequest{
			transport: i.Transport, method: http.MethodPost, timeout: loginTimeout,
			subject: fmt.Sprintf("the %s login of profile %q yields no credentials", profile.Mode, name),
		}
		var provider string
		switch profile.Mode {
		case modeOAuth:
			provider, asking.address = "oauth", oauthSites[strings.ToUpper(profile.OAuthSite)]+"/v1/exchange"
			asking.header = http.Header{"Authorization": {"Bearer " + profile.OAuthAccess}}
		case modeCloudSSO:
			body, err := json.Marshal(map[string]string{"AccountId": profile.SSOAccount, "AccessConfigurationId": profile.SSOAccess})
			if err != nil {
				return credentials.Value{}, err
			}
			provider, asking.address, asking.body = "cloud_sso", profile.signIn("/cloud-credentials"), string(body)
			asking.header = http.Header{
				"Accept": {"application/json"}, "Content-Type": {"application/json"}, "Authorization": {"Bearer " + profile.AccessToken},
			}
		default:
			return credentials.Value{}, fmt.Errorf("profile %q is no login any more: its mode is now %q", name, profile.Mode)
		}
		issued, err := asking.credentials(ctx, provider)
		if failure, failed := errors.AsType[*credentials.Error](err); failed && refusedByStatus(err) {
			failure.Message += ": " + profile.loginAgain()
		}
		return issued, err
	})
}

// signIn returns the address of a path on the host of a CloudSSO login, "" if the
// profile names no host that a login may be sent to.
func (p *cliProfile) signIn(path string) string {
	address, err := url.Parse(p.SignInURL)
	if err != nil || address.Host == "" || address.Scheme != rpc.SchemeHTTPS && (address.Scheme != rpc.SchemeHTTP || !rpc.IsLoopback(address.Hostname())) {
		return ""
	}
	return address.Scheme + "://" + address.Host + path
}

// checkLogin returns an error if a login is over at a time, or ends within
// credentials.Reserve.
func (p *cliProfile) checkLogin(ends int64) error {
	if time.Now().Add(credentials.Reserve).Unix() < ends {
		return nil
	}
	return &credentials.Error{Message: fmt.Sprintf("the %s login of profile %q is over: %s", p.Mode, p.Name, p.loginAgain())}
}

// loginAgain says how a person logs in with the CLI.
func (p *cliProfile) loginAgain() string {
	return fmt.Sprintf("log in again with the aliyun CLI (aliyun configure --profile %s --mode %s)", p.Name, p.Mode)
}
