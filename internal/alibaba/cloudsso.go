package alibaba

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
)

// cloudSSO returns the sessions of a profile of the mode CloudSSO, in which a person
// logged in with the CLI. That login cannot be renewed, so nothing is written back.
func (i Issuers) cloudSSO(profile *cliProfile) (CredentialsSource, error) {
	signIn, err := url.Parse(profile.SignInURL)
	if err != nil {
		return nil, fmt.Errorf("the cloud_sso_sign_in_url of profile %q is no URL", profile.Name)
	}
	body, err := json.Marshal(map[string]string{"AccountId": profile.SSOAccount, "AccessConfigurationId": profile.SSOAccess})
	if err != nil {
		return nil, err
	}
	asking := question{
		transport: cmp.Or(i.Transport, sharedTransport()), method: http.MethodPost,
		address: signIn.Scheme + "://" + signIn.Host + "/cloud-credentials",
		header: http.Header{
			"Accept": {"application/json"}, "Content-Type": {"application/json"}, "Authorization": {"Bearer " + profile.AccessToken},
		},
		body: string(body), timeout: loginTimeout,
		what: fmt.Sprintf("the CloudSSO login of profile %q yields no credentials", profile.Name),
	}
	return renewed(func(ctx context.Context) (session, error) {
		issued, err := asking.session(ctx, "cloud_sso")
		return issued, loginOver(err, profile.Name, modeCloudSSO)
	}), nil
}

// loginOver says of a refusal that will not pass that a person has to log in.
func loginOver(err error, profile, mode string) error {
	var failure *CredentialsError
	if errors.As(err, &failure) && refusedByStatus(err) {
		failure.Message += ": log in again with the aliyun CLI (" + loginCommand(profile, mode) + ")"
	}
	return err
}

// loginCommand is how a person logs in with the CLI.
func loginCommand(profile, mode string) string {
	return fmt.Sprintf("aliyun configure --profile %s --mode %s", profile, mode)
}
