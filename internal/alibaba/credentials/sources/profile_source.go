package sources

import (
	"fmt"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
)

// profileSource returns the source of a profile that check has accepted.
func (f Factory) profileSource(config *cliConfig, profile *cliProfile) (source credentials.Source, err error) {
	switch profile.Mode {
	case modeKey:
		source, err = profile.keys("")
	case modeSTSToken:
		source, err = profile.keys(profile.STSToken)
	case modeRole:
		source, _ = profile.keys(profile.STSToken) // AssumeRole returns the error.
		source, err = f.AssumeRole(source, profile.role())
	case modeChain:
		base, err := config.find(profile.SourceProfile)
		if err != nil {
			return nil, err
		}
		if source, err = f.profileSource(config, base); err != nil {
			return nil, err
		}
		source, err = f.AssumeRole(source, profile.role())
		return source, inProfile(profile, err)
	case modeOIDC:
		oidc := OIDC{ProviderARN: profile.OIDCProviderARN, Token: profile.OIDCToken, TokenFile: profile.OIDCTokenFile}
		source, err = f.AssumeRoleWithOIDC(oidc, profile.role())
	case modeECS:
		source, err = f.ECSRole(profile.ECSRoleName)
	case modeURI:
		source, err = f.URI(profile.CredentialsURI)
	case modeExternal:
		return f.external(profile)
	default:
		return f.login(config.file, profile.Name), nil
	}
	return source, inProfile(profile, err)
}

// keys returns the source of a profile's access key.
func (p *cliProfile) keys(token string) (credentials.Source, error) {
	source := credentials.Static(p.AccessKeyID, p.AccessKeySecret, token)
	return source, credentials.Check(source)
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
