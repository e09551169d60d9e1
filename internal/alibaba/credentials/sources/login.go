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

// oauthSites are the hosts of OAuth logins by oauth_site_type, as in the CLI.
var oauthSites = map[string]string{"CN": "https://oauth.aliyun.com", "INTL": "https://oauth.alibabacloud.com"}

// loginTimeout bounds a request to the host of a login.
const loginTimeout = 10 * time.Second

// login returns the source of a profile with a login of the CLI, in the mode OAuth or
// CloudSSO. It reads the file for each session, because the CLI may have renewed the login
// meanwhile. The source never renews it.
func (f Factory) login(file, name string) credentials.Source {
	return credentials.Cached(func(ctx context.Context) (credentials.Value, error) {
		_, profile, err := openProfile(file, name)
		if err != nil {
			return credentials.Value{}, err
		}
		request := plainRequest{
			transport: f.Transport, method: http.MethodPost, timeout: loginTimeout,
			subject: fmt.Sprintf("the %s login of profile %q yields no credentials", profile.Mode, name),
		}
		var provider string
		switch profile.Mode {
		case modeOAuth:
			provider, request.address = "oauth", oauthSites[strings.ToUpper(profile.OAuthSite)]+"/v1/exchange"
			request.header = http.Header{"Authorization": {"Bearer " + profile.OAuthAccess}}
		case modeCloudSSO:
			body, err := json.Marshal(map[string]string{"AccountId": profile.SSOAccount, "AccessConfigurationId": profile.SSOAccess})
			if err != nil {
				return credentials.Value{}, err
			}
			provider, request.address, request.body = "cloud_sso", profile.signIn("/cloud-credentials"), string(body)
			request.header = http.Header{
				"Accept": {"application/json"}, "Content-Type": {"application/json"}, "Authorization": {"Bearer " + profile.AccessToken},
			}
		default:
			return credentials.Value{}, fmt.Errorf("profile %q is no login any more: its mode is now %q", name, profile.Mode)
		}
		issued, err := request.credentials(ctx, provider)
		if failure, failed := errors.AsType[*credentials.Error](err); failed && isRefusal(err) {
			failure.Message += ": " + profile.loginAgain()
		}
		return issued, err
	})
}

// signIn returns the address of a path on the host of a CloudSSO login. It returns "" if
// the profile names no host that may receive a login.
func (p *cliProfile) signIn(path string) string {
	address, err := url.Parse(p.SignInURL)
	if err != nil || address.Host == "" || !rpc.IsPrivate(address) {
		return ""
	}
	return address.Scheme + "://" + address.Host + path
}

// checkLogin returns an error if a login has ended or is about to end.
func (p *cliProfile) checkLogin(ends int64) error {
	if time.Now().Add(credentials.Reserve).Unix() < ends {
		return nil
	}
	return &credentials.Error{Message: fmt.Sprintf("the %s login of profile %q is over: %s", p.Mode, p.Name, p.loginAgain())}
}

// loginAgain returns how to log in again. The text is here, and not in the provider,
// because most logins end during a run.
func (p *cliProfile) loginAgain() string {
	return fmt.Sprintf("log in again with the aliyun CLI (aliyun configure --profile %s --mode %s)", p.Name, p.Mode)
}
