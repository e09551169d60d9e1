package alibaba

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// oauthTokens are what a profile of the mode OAuth keeps of its login.
type oauthTokens struct {
	Access  string `json:"oauth_access_token"`
	Refresh string `json:"oauth_refresh_token"`
	Expires int64  `json:"oauth_access_token_expire"`
}

// serve reports whether the access token lasts longer than that.
func (t oauthTokens) serve(margin time.Duration) bool {
	return t.Access != "" && time.Now().Add(margin).Unix() < t.Expires
}

var errProfileChanged = errors.New("the profile file has changed meanwhile and holds it no more")

// readTokens reads the tokens of a profile.
func readTokens(file, profile string) (oauthTokens, error) {
	found, err := readFields(file, profile)
	if err != nil {
		return oauthTokens{}, &CredentialsError{Message: fmt.Sprintf("the OAuth login of profile %q cannot be read: %v", profile, err), Cause: err}
	}
	var tokens oauthTokens
	for name, into := range map[string]any{"oauth_access_token": &tokens.Access, "oauth_refresh_token": &tokens.Refresh, "oauth_access_token_expire": &tokens.Expires} {
		if value, ok := found.fields[name]; ok && json.Unmarshal(value, into) != nil {
			return oauthTokens{}, &CredentialsError{Message: fmt.Sprintf("the OAuth login of profile %q cannot be read: its %s has the wrong type", profile, name)}
		}
	}
	return tokens, nil
}

// profileFields is a file of the CLI down to the fields of one profile, everything else
// as it stands there.
type profileFields struct {
	whole    map[string]json.RawMessage
	profiles []json.RawMessage
	at       int // of the profile among them
	fields   map[string]json.RawMessage
}

func readFields(file, profile string) (found profileFields, err error) {
	content, err := os.ReadFile(file) //nolint:gosec // The user names the file.
	if err != nil {
		return profileFields{}, err
	}
	// The decoder's own error may quote from the file.
	if json.Unmarshal(content, &found.whole) != nil || json.Unmarshal(found.whole["profiles"], &found.profiles) != nil {
		return profileFields{}, errProfileChanged
	}
	for at, raw := range found.profiles {
		var named struct {
			Name string `json:"name"`
		}
		if json.Unmarshal(raw, &named) == nil && named.Name == profile && json.Unmarshal(raw, &found.fields) == nil {
			found.at = at
			return found, nil
		}
	}
	return profileFields{}, errProfileChanged
}

// replacement is a file beside the one that it will replace.
type replacement struct {
	target string
	file   *os.File
}

// replaceFile makes room for a new version of a file, with the same permissions.
func replaceFile(file string) (*replacement, error) {
	target, err := filepath.EvalSymlinks(file) // Else the link itself would be replaced.
	if err != nil {
		return nil, err
	}
	state, err := os.Stat(target)
	if err != nil {
		return nil, err
	}
	beside, err := os.CreateTemp(filepath.Dir(target), filepath.Base(target)+".*")
	if err != nil {
		return nil, err
	}
	made := &replacement{target: target, file: beside}
	if err := beside.Chmod(state.Mode().Perm()); err != nil {
		made.discard()
		return nil, err
	}
	return made, nil
}

// store puts the tokens of a profile into the file, and leaves all else as it is now.
func (r *replacement) store(profile string, tokens oauthTokens) error {
	found, err := readFields(r.target, profile)
	if err != nil {
		return err
	}
	for name, value := range map[string]any{"oauth_access_token": tokens.Access, "oauth_refresh_token": tokens.Refresh, "oauth_access_token_expire": tokens.Expires} {
		if found.fields[name], err = json.Marshal(value); err != nil {
			return err
		}
	}
	if found.profiles[found.at], err = json.Marshal(found.fields); err != nil {
		return err
	}
	if found.whole["profiles"], err = json.Marshal(found.profiles); err != nil {
		return err
	}
	var content bytes.Buffer
	encoder := json.NewEncoder(&content)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "\t")
	if err := encoder.Encode(found.whole); err != nil {
		return err
	}
	if _, err := r.file.Write(content.Bytes()); err != nil {
		return err
	}
	if err := errors.Join(r.file.Sync(), r.file.Close()); err != nil {
		return err
	}
	return os.Rename(r.file.Name(), r.target)
}

// discard removes what did not become the file. After store there is nothing left.
func (r *replacement) discard() {
	_ = r.file.Close()
	_ = os.Remove(r.file.Name())
}
