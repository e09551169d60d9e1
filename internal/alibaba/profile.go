package alibaba

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aliyun/credentials-go/credentials/providers"
)

// defaultProfileFile is where the aliyun CLI keeps its profiles.
const defaultProfileFile = "~/.aliyun/config.json"

// ProfileCredentials returns the credentials of a profile in the configuration file of the
// aliyun CLI. An empty file stands for ~/.aliyun/config.json, an empty name for the
// file's current profile. The file is read now; roles are assumed when the first
// credentials are asked for.
func ProfileCredentials(file, name string) (CredentialsSource, error) {
	config, err := readProfiles(file)
	if err != nil {
		return nil, err
	}
	profile, err := config.find(name)
	if err != nil {
		return nil, err
	}
	if err := config.check(profile, nil); err != nil {
		return nil, err
	}
	switch profile.Mode {
	case "AK":
		return StaticCredentials(profile.AccessKeyID, profile.AccessKeySecret, ""), nil
	case "StsToken":
		return StaticCredentials(profile.AccessKeyID, profile.AccessKeySecret, profile.STSToken), nil
	}
	// The name is never left empty, for the library would then take the one in the
	// environment.
	provider, err := providers.NewCLIProfileCredentialsProviderBuilder().
		WithProfileFile(config.file).
		WithProfileName(profile.Name).
		Build()
	if err != nil {
		return nil, libraryError(err, config.secrets())
	}
	return librarySource(provider, config.secrets()), nil
}

// ProfileRegion returns the region of a profile, empty if it has none. File and
// name are those of ProfileCredentials.
func ProfileRegion(file, name string) (string, error) {
	config, err := readProfiles(file)
	if err != nil {
		return "", err
	}
	profile, err := config.find(name)
	if err != nil {
		return "", err
	}
	return profile.RegionID, nil
}

// cliConfig is what we need to know of the CLI's configuration before the library
// reads it: the library takes what is missing from the environment, follows source
// profiles without end, and quotes the whole file in an error.
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
	AccessToken     string `json:"access_token"`
	OAuthAccess     string `json:"oauth_access_token"`
	OAuthRefresh    string `json:"oauth_refresh_token"`
}

func readProfiles(file string) (*cliConfig, error) {
	const disabled = "ALIBABA_CLOUD_CLI_PROFILE_DISABLED"
	if strings.EqualFold(os.Getenv(disabled), "true") {
		return nil, fmt.Errorf("profiles are switched off by the environment variable %s", disabled)
	}
	if file == "" {
		file = defaultProfileFile
	}
	path, err := expandHome(file)
	if err != nil {
		return nil, err
	}
	content, err := os.ReadFile(path) //nolint:gosec // The user names the file.
	if err != nil {
		return nil, fmt.Errorf("the profile file cannot be read: %w", err)
	}
	config := &cliConfig{}
	// The decoder's own error may quote from the file.
	if json.Unmarshal(content, config) != nil {
		return nil, fmt.Errorf("the profile file %s is not the JSON that the aliyun CLI writes", path)
	}
	config.file = path
	for _, profile := range config.Profiles {
		if profile == nil {
			return nil, fmt.Errorf("the profile file %s holds an empty profile", path)
		}
	}
	return config, nil
}

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
	if name == "" {
		name = c.Current
	}
	if name == "" {
		return nil, fmt.Errorf("the profile file %s names no current profile", c.file)
	}
	for _, profile := range c.Profiles {
		if profile.Name == name {
			return profile, nil
		}
	}
	return nil, fmt.Errorf("the profile file %s holds no profile %q", c.file, name)
}

// check makes sure that a profile, and those it builds on, are complete.
func (c *cliConfig) check(profile *cliProfile, path []*cliProfile) error {
	type field struct{ name, value string }
	id, secret, role := field{"access_key_id", profile.AccessKeyID}, field{"access_key_secret", profile.AccessKeySecret}, field{"ram_role_arn", profile.RoleARN}
	var needed []field
	switch profile.Mode {
	case "AK":
		needed = []field{id, secret}
	case "StsToken":
		needed = []field{id, secret, {"sts_token", profile.STSToken}}
	case "RamRoleArn":
		needed = []field{id, secret, role}
	case "OIDC":
		needed = []field{role, {"oidc_provider_arn", profile.OIDCProviderARN}, {"oidc_token_file", profile.OIDCTokenFile + profile.OIDCToken}}
	case "ChainableRamRoleArn":
		needed = []field{role, {"source_profile", profile.SourceProfile}}
	case "EcsRamRole", "CloudSSO", "OAuth":
	case "External":
		// The library prints the command and what it answered, credentials
		// included, when it cannot read the answer.
		return fmt.Errorf("profile %q has the mode External, which is not supported: run its command yourself and pass what it prints through the environment", profile.Name)
	default:
		return fmt.Errorf("profile %q has the unknown mode %q", profile.Name, profile.Mode)
	}
	for _, field := range needed {
		if field.value == "" {
			return fmt.Errorf("profile %q has no %s", profile.Name, field.name)
		}
	}
	if variable := "ALIBABA_CLOUD_OIDC_TOKEN"; profile.Mode == "OIDC" && profile.OIDCToken == "" && os.Getenv(variable) != "" {
		// The library prefers the variable to the profile's own file.
		return fmt.Errorf("profile %q has its token in a file, but the environment variable %s would replace it: unset the variable", profile.Name, variable)
	}
	if profile.Mode != "ChainableRamRoleArn" {
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

func (c *cliConfig) secrets() []string {
	var secrets []string
	for _, p := range c.Profiles {
		secrets = append(secrets, p.AccessKeySecret, p.STSToken, p.OIDCToken, p.AccessToken, p.OAuthAccess, p.OAuthRefresh, p.AccessKeyID)
	}
	return secrets
}
