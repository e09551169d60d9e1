package sources

import (
	"fmt"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
)

// profileSource makes the source of a profile that was checked.
func (i Factory) profileSource(config *cliConfig, profile *cliProfile) (credentials.Source, error) {
	switch profile.Mode {
	case modeKey:
		return profile.keys("")
	case modeSTSToken:
		return profile.keys(profile.STSToken)
	case modeRole:
		return i.profileRole(profile, credentials.Static(profile.AccessKeyID, profile.AccessKeySecret, profile.STSToken))
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
		source, err := i.AssumeRoleWithOIDC(
			OIDC{ProviderARN: profile.OIDCProviderARN, Token: profile.OIDCToken, TokenFile: profile.OIDCTokenFile}, profile.role())
		return source, inProfile(profile, err)
	case modeECS:
		source, err := i.ECSRole(profile.ECSRoleName)
		return source, inProfile(profile, err)
	case modeURI:
		source, err := i.URI(profile.CredentialsURI)
		return source, inProfile(profile, err)
	case modeExternal:
		return i.external(profile)
	default:
		return i.login(config.file, profile.Name), nil
	}
}

func (i Factory) profileRole(profile *cliProfile, source credentials.Source) (credentials.Source, error) {
	assumed, err := i.AssumeRole(source, profile.role())
	return assumed, inProfile(profile, err)
}

// keys returns the key pair of a profile.
func (p *cliProfile) keys(token string) (credentials.Source, error) {
	source := credentials.Static(p.AccessKeyID, p.AccessKeySecret, token)
	return source, inProfile(p, credentials.Check(source))
}

func (p *cliProfile) role() Role {
	return Role{
		ARN: p.RoleARN, SessionName: p.SessionName, Policy: p.Policy, ExternalID: p.ExternalID,
		Duration: time.Duration(p.ExpiredSeconds) * time.Second,
		endpoint: stsEndpoint{endpoint: p.STSEndpoint, region: p.STSRegion, vpc: p.EnableVPC},
	}
}

func inProfile(profile *cliProfile, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("profile %q: %w", profile.Name, err)
}
