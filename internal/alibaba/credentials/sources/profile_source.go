package sources

import (
	"fmt"
	"math"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
)

// Profile returns the source of a profile of the aliyun CLI. An empty file means
// ~/.aliyun/config.json, an empty name means the current profile of the file. It reads the
// file now.
func (f Factory) Profile(file, name string) (credentials.Source, error) {
	config, profile, err := openProfile(file, name)
	if err != nil {
		return nil, err
	}
	return f.profileSource(config, profile)
}

// ProfileKeys is like Profile, but a profile of the mode RamRoleArn gives its access key
// and does not assume its role.
func (f Factory) ProfileKeys(file, name string) (credentials.Source, error) {
	config, profile, err := openProfile(file, name)
	if err != nil {
		return nil, err
	}
	if profile.Mode == modeRole {
		profile.Mode = modeSTSToken
	}
	return f.profileSource(config, profile)
}

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
	const most = int64(math.MaxInt64 / time.Second) // More would become any other duration.
	return Role{
		ARN: p.RoleARN, SessionName: p.SessionName, Policy: p.Policy, ExternalID: p.ExternalID,
		Duration: time.Duration(max(-most, min(p.ExpiredSeconds, most))) * time.Second,
		endpoint: stsEndpoint{endpoint: p.STSEndpoint, region: p.STSRegion, vpc: p.EnableVPC},
	}
}

func inProfile(profile *cliProfile, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("profile %q: %w", profile.Name, err)
}
