package alibaba

import (
	"context"
	"fmt"
	"time"

	"github.com/aliyun/credentials-go/credentials/providers"
)

// profileSource makes the source of a profile that was checked.
func (i Issuers) profileSource(config *cliConfig, profile *cliProfile) (CredentialsSource, error) {
	switch profile.Mode {
	case modeKey:
		return profile.keys("")
	case modeSTSToken:
		return profile.keys(profile.STSToken)
	case modeRole:
		source, err := profile.keys(profile.STSToken)
		if err != nil {
			return nil, err
		}
		return i.profileRole(profile, source)
	case modeChain:
		base, err := config.find(profile.SourceProfile)
		if err != nil {
			return nil, err
		}
		source, err := i.profileSource(config, base)
		if err != nil {
			return nil, err
		}
		return i.profileRole(profile, source)
	case modeOIDC:
		source, err := i.assumeRoleWithOIDC(
			OIDC{ProviderARN: profile.OIDCProviderARN, Token: profile.OIDCToken, TokenFile: profile.OIDCTokenFile},
			profile.role(), profile.stsPlace())
		return source, inProfile(profile, err)
	case modeECS:
		source, err := i.ECSRole(profile.ECSRoleName)
		return source, inProfile(profile, err)
	case modeExternal:
		return external(profile)
	case modeOAuth:
		return i.oauth(config.file, profile), nil
	default:
		return libraryProfile(config, profile)
	}
}

func (i Issuers) profileRole(profile *cliProfile, source CredentialsSource) (CredentialsSource, error) {
	assumed, err := i.assumeRole(source, profile.role(), profile.stsPlace())
	return assumed, inProfile(profile, err)
}

// keys returns the key pair of a profile.
func (p *cliProfile) keys(token string) (CredentialsSource, error) {
	source := newStaticSource(p.AccessKeyID, p.AccessKeySecret, token)
	return source, inProfile(p, source.err)
}

func (p *cliProfile) role() Role {
	return Role{
		ARN: p.RoleARN, SessionName: p.SessionName, Policy: p.Policy, ExternalID: p.ExternalID,
		Duration: time.Duration(p.ExpiredSeconds) * time.Second,
	}
}

func (p *cliProfile) stsPlace() stsPlace { return stsPlace{region: p.STSRegion, vpc: p.EnableVPC} }

func inProfile(profile *cliProfile, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("profile %q: %w", profile.Name, err)
}

// libraryProfile leaves the mode CloudSSO, in which a person logged in with the CLI, to
// the library. That login cannot be renewed, so that nothing is written back.
func libraryProfile(config *cliConfig, profile *cliProfile) (CredentialsSource, error) {
	// The name is never left empty, for the library would then take the one in the
	// environment.
	provider, err := providers.NewCLIProfileCredentialsProviderBuilder().
		WithProfileFile(config.file).
		WithProfileName(profile.Name).
		Build()
	if err != nil {
		return nil, libraryError(err, config.secrets())
	}
	source := librarySource(provider, config.secrets())
	return renewed(func(ctx context.Context) (session, error) {
		credentials, err := source.Credentials(ctx)
		// The library does not tell when a session ends, but hands out none that ends
		// sooner. Asked again, it answers from memory while it can.
		return session{credentials, time.Now().Add(sessionMargin)}, err
	}), nil
}
