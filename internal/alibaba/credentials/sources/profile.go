package sources

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// defaultProfileFile is the file in which the aliyun CLI keeps its profiles.
const defaultProfileFile = "~/.aliyun/config.json"

// ProfileRegion returns the region of a profile, empty if it has none. File and name are
// those of Profile.
func ProfileRegion(file, name string) (string, error) {
	_, profile, err := findProfile(file, name)
	if err != nil {
		return "", err
	}
	return profile.RegionID, nil
}

func findProfile(file, name string) (*cliConfig, *cliProfile, error) {
	config, err := readProfiles(file)
	if err != nil {
		return nil, nil, err
	}
	profile, err := config.find(name)
	return config, profile, err
}

// openProfile returns a profile that is complete.
func openProfile(file, name string) (*cliConfig, *cliProfile, error) {
	config, profile, err := findProfile(file, name)
	if err == nil {
		err = config.check(profile, nil)
	}
	return config, profile, err
}

// The modes of profiles that the provider can use.
const (
	modeKey      = "AK"
	modeSTSToken = "StsToken"
	modeRole     = "RamRoleArn"
	modeChain    = "ChainableRamRoleArn"
	modeECS      = "EcsRamRole"
	modeOIDC     = "OIDC"
	modeExternal = "External"
	modeCloudSSO = "CloudSSO"
	modeOAuth    = "OAuth"
	modeURI      = "CredentialsURI"
)

var (
	// printableModes are the modes that the command of a profile may print.
	printableModes = []string{modeKey, modeSTSToken, modeRole, modeECS, modeOIDC, modeURI}
	profileModes   = append(slices.Clone(printableModes), modeChain, modeExternal, modeCloudSSO, modeOAuth)
)

// ProfileModes returns the modes of profiles that the provider can use.
func ProfileModes() []string { return slices.Clone(profileModes) }

// cliConfig is the part of the CLI's configuration that the sources need.
type cliConfig struct {
	file     string
	Current  string        `json:"current"`
	Profiles []*cliProfile `json:"profiles"`
}

type cliProfile struct {
	Name            string `json:"name"`
	Mode            string `json:"mode"`
	RegionID        string `json:"region_id"`
	AccessKeyID     string `json:"access_key_id"`
	AccessKeySecret string `json:"access_key_secret"`
	STSToken        string `json:"sts_token"`
	RoleARN         string `json:"ram_role_arn"`
	SourceProfile   string `json:"source_profile"`
	OIDCProviderARN string `json:"oidc_provider_arn"`
	OIDCTokenFile   string `json:"oidc_token_file"`
	OIDCToken       string `json:"oidc_token"`
	SessionName     string `json:"ram_session_name"`
	ExpiredSeconds  int64  `json:"expired_seconds"`
	Policy          string `json:"policy"`
	ExternalID      string `json:"external_id"`
	STSRegion       string `json:"sts_region"`
	STSEndpoint     string `json:"sts_endpoint"`
	EnableVPC       bool   `json:"enable_vpc"`
	ECSRoleName     string `json:"ram_role_name"`
	ProcessCommand  string `json:"process_command"`
	CredentialsURI  string `json:"credentials_uri"`
	AccessToken     string `json:"access_token"`
	SignInURL       string `json:"cloud_sso_sign_in_url"`
	SSOAccount      string `json:"cloud_sso_account_id"`
	SSOAccess       string `json:"cloud_sso_access_config"`
	LoginExpires    int64  `json:"cloud_sso_access_token_expire"`
	OAuthSite       string `json:"oauth_site_type"`
	OAuthAccess     string `json:"oauth_access_token"`
	OAuthExpires    int64  `json:"oauth_access_token_expire"`
}

func readProfiles(file string) (*cliConfig, error) {
	if err := checkEnabled("the profiles of the aliyun CLI", "ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "true"); err != nil {
		return nil, err
	}
	config := &cliConfig{file: cmp.Or(file, defaultProfileFile)}
	content, err := readText(config.file)
	if err != nil {
		return nil, fmt.Errorf("the profile file cannot be read: %w", err)
	}
	// The error of the decoder may quote the file.
	if json.Unmarshal(content, config) != nil {
		return nil, fmt.Errorf("the profile file %s is not the JSON that the aliyun CLI writes", config.file)
	}
	if slices.Contains(config.Profiles, nil) {
		return nil, fmt.Errorf("the profile file %s holds an empty profile", config.file)
	}
	return config, nil
}

// readText returns the content of a file in UTF-8, without a byte order mark.
func readText(file string) ([]byte, error) {
	path, err := expandHome(file)
	if err != nil {
		return nil, err
	}
	content, err := os.ReadFile(path) //nolint:gosec // The user names the file.
	if bytes.IndexByte(content, 0) >= 0 {
		return nil, fmt.Errorf("%s is not in UTF-8, but probably in UTF-16: save it as UTF-8", path)
	}
	return withoutMark(content), err
}

// withoutMark removes the byte order mark that some programs write before UTF-8.
func withoutMark(content []byte) []byte { return bytes.TrimPrefix(content, []byte("\ufeff")) }

func expandHome(file string) (string, error) {
	rest, ok := strings.CutPrefix(file, "~")
	if !ok || rest != "" && !os.IsPathSeparator(rest[0]) {
		return file, nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("the home directory of %s is not known: %w", file, err)
	}
	return filepath.Join(home, rest), nil
}

func (c *cliConfig) find(name string) (*cliProfile, error) {
	if name = cmp.Or(name, c.Current); name == "" {
		return nil, fmt.Errorf("the profile file %s names no current profile", c.file)
	}
	named := slices.DeleteFunc(slices.Clone(c.Profiles), func(profile *cliProfile) bool { return profile.Name != name })
	switch len(named) {
	case 0:
		return nil, fmt.Errorf("the profile file %s holds no profile %q", c.file, name)
	case 1:
		return named[0], nil
	default: // The CLI uses the first one, the alicloud provider the last one.
		return nil, fmt.Errorf("the profile file %s holds %d profiles %q: keep the one that is meant", c.file, len(named), name)
	}
}

// check returns an error if a profile, or one of its source profiles, is not complete. The
// path holds the profiles that build on this one.
func (c *cliConfig) check(profile *cliProfile, path []*cliProfile) error {
	if !slices.Contains(profileModes, profile.Mode) {
		return fmt.Errorf("profile %q has the mode %q, which does not work here. These modes work: %s", profile.Name, profile.Mode, strings.Join(profileModes, ", "))
	}
	if profile.Mode == modeExternal || profile.Mode == modeURI {
		if err := checkEnabled("the mode "+profile.Mode, "ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS", "1", "true"); err != nil {
			return inProfile(profile, err)
		}
	}
	switch {
	case profile.Mode == modeCloudSSO && profile.signIn("") == "":
		return fmt.Errorf("the cloud_sso_sign_in_url of profile %q is no https URL", profile.Name)
	case profile.Mode == modeOAuth && oauthSites[strings.ToUpper(profile.OAuthSite)] == "":
		return fmt.Errorf("the oauth_site_type of profile %q is neither CN nor INTL", profile.Name)
	}
	if ends, login := map[string]int64{modeCloudSSO: profile.LoginExpires, modeOAuth: profile.OAuthExpires}[profile.Mode]; login {
		if err := profile.checkLogin(ends); err != nil {
			return err
		}
	}
	for _, field := range []struct{ name, value, modes string }{
		{"access_key_id", profile.AccessKeyID, "AK StsToken RamRoleArn"},
		{"access_key_secret", profile.AccessKeySecret, "AK StsToken RamRoleArn"},
		{"sts_token", profile.STSToken, "StsToken"},
		{"ram_role_arn", profile.RoleARN, "RamRoleArn OIDC ChainableRamRoleArn"},
		{"oidc_provider_arn", profile.OIDCProviderARN, "OIDC"},
		{"oidc_token_file", profile.OIDCTokenFile + profile.OIDCToken, "OIDC"},
		{"source_profile", profile.SourceProfile, "ChainableRamRoleArn"},
		{"process_command", profile.ProcessCommand, "External"},
		{"credentials_uri", profile.CredentialsURI, "CredentialsURI"},
		{"access_token", profile.AccessToken, "CloudSSO"},
		{"cloud_sso_sign_in_url", profile.SignInURL, "CloudSSO"},
		{"cloud_sso_account_id", profile.SSOAccount, "CloudSSO"},
		{"cloud_sso_access_config", profile.SSOAccess, "CloudSSO"},
		{"oauth_access_token", profile.OAuthAccess, "OAuth"},
	} {
		if field.value == "" && slices.Contains(strings.Fields(field.modes), profile.Mode) {
			return fmt.Errorf("profile %q has no %s", profile.Name, field.name)
		}
	}
	if profile.Mode != modeChain {
		return nil
	}
	path = append(path, profile)
	source, err := c.find(profile.SourceProfile)
	if err != nil {
		return err
	}
	if slices.Contains(path, source) {
		return fmt.Errorf("profile %q is its own source", profile.Name)
	}
	return c.check(source, path)
}
