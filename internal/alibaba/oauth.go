package alibaba

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// oauthSite is where a person logs in with OAuth, and as what the CLI is known there.
type oauthSite struct{ address, clientID string }

// The sites, by oauth_site_type. Addresses and IDs are those of the CLI.
var oauthSites = map[string]oauthSite{
	"CN":   {"https://oauth.aliyun.com", "4038181954557748008"},
	"INTL": {"https://oauth.alibabacloud.com", "4103531455503354461"},
}

const (
	// loginTimeout bounds a question to the host of a login.
	loginTimeout = 10 * time.Second
	// loginMargin is how long before its end an access token is replaced, as the CLI
	// does.
	loginMargin = 20 * time.Minute
)

// loginTurn keeps two provider configurations of one process from using up the same
// refresh token.
var loginTurn = make(chan struct{}, 1)

// oauthLogin is the login of a profile of the mode OAuth.
type oauthLogin struct {
	site      oauthSite
	transport http.RoundTripper
	file      string
	profile   string
}

func (i Issuers) oauth(file string, profile *cliProfile) CredentialsSource {
	login := oauthLogin{site: oauthSites[strings.ToUpper(profile.OAuthSite)], transport: cmp.Or(i.Transport, sharedTransport()), file: file, profile: profile.Name}
	return renewed(login.session)
}

func (l oauthLogin) session(ctx context.Context) (session, error) {
	tokens, err := l.valid(ctx)
	if err != nil {
		return session{}, err
	}
	asking := l.question("/v1/exchange")
	asking.header = http.Header{"Authorization": {"Bearer " + tokens.Access}}
	issued, err := asking.session(ctx, "oauth")
	return issued, loginOver(err, l.profile, modeOAuth)
}

// valid returns tokens that still serve for a while. They are read from the file each
// time, for the CLI and other runs replace them, too.
func (l oauthLogin) valid(ctx context.Context) (oauthTokens, error) {
	select {
	case loginTurn <- struct{}{}:
		defer func() { <-loginTurn }()
	case <-ctx.Done():
		return oauthTokens{}, ctx.Err()
	}
	tokens, err := readTokens(l.file, l.profile)
	if err != nil || tokens.Refresh == "" || tokens.serve(loginMargin) {
		return tokens, err
	}
	// A token that was used up and could not be kept would end the login for good. So
	// the place for the new one comes first.
	place, err := replaceFile(l.file)
	if err != nil {
		if tokens.serve(sessionMargin) {
			return tokens, nil
		}
		return oauthTokens{}, &CredentialsError{Message: fmt.Sprintf("the OAuth login of profile %q cannot be renewed, because its file cannot be replaced: %v", l.profile, err), Cause: err}
	}
	defer place.discard()
	fresh, err := l.refresh(ctx, tokens)
	if err != nil {
		// Perhaps another run was faster, so that the token is used up.
		if now, readErr := readTokens(l.file, l.profile); readErr == nil && now.Refresh != tokens.Refresh && now.serve(sessionMargin) {
			return now, nil
		}
		return oauthTokens{}, err
	}
	if err := place.store(l.profile, fresh); err != nil {
		return oauthTokens{}, &CredentialsError{Message: fmt.Sprintf("the renewed OAuth login of profile %q could not be kept: %v", l.profile, err), Cause: err}
	}
	return fresh, nil
}

func (l oauthLogin) refresh(ctx context.Context, tokens oauthTokens) (oauthTokens, error) {
	asking := l.question("/v1/token")
	asking.header = http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	asking.body = url.Values{
		"grant_type": {"refresh_token"}, "refresh_token": {tokens.Refresh}, "client_id": {l.site.clientID},
		"Timestamp": {time.Now().UTC().Format(time.RFC3339)},
	}.Encode()
	asked := time.Now()
	// Not cut with the call: an answer that nobody reads holds the only token that is
	// still good.
	body, err := asking.ask(context.WithoutCancel(ctx))
	if err != nil {
		return oauthTokens{}, loginOver(err, l.profile, modeOAuth)
	}
	var answer struct {
		Access  text `json:"access_token"`
		Refresh text `json:"refresh_token"`
		Expires text `json:"expires_in"`
	}
	if json.Unmarshal(body, &answer) != nil || answer.Access == "" || answer.Refresh == "" || answer.Expires.number() == nil {
		return oauthTokens{}, &CredentialsError{Message: asking.what + ": the answer holds no tokens", Passing: true}
	}
	return oauthTokens{Access: answer.Access.string(), Refresh: answer.Refresh.string(), Expires: asked.Unix() + *answer.Expires.number()}, nil
}

func (l oauthLogin) question(path string) question {
	return question{
		transport: l.transport, method: http.MethodPost, address: l.site.address + path, timeout: loginTimeout,
		what: fmt.Sprintf("the OAuth login of profile %q yields no credentials", l.profile),
	}
}
