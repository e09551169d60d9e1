//go:build release

package release

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// signingKey is an OpenPGP key in a separate key ring.
type signingKey struct{ home, fingerprint string }

// newSigningKey returns a new key without a passphrase. It is deleted after the test.
func newSigningKey(t *testing.T) signingKey {
	t.Helper()
	if _, err := exec.LookPath("gpg"); err != nil {
		t.Fatalf("gpg signs the checksums: install GnuPG (package gnupg), then run this again: %v", err)
	}
	// The socket of gpg-agent is here, and the path of a socket must be short.
	home, err := os.MkdirTemp("", "gpg") //nolint:usetesting // t.TempDir is too long for a socket on macOS.
	if err != nil {
		t.Fatal(err)
	}
	key := signingKey{home: home}
	t.Cleanup(func() {
		// The key ring has its own agent, which would run after the test.
		stop := exec.Command("gpgconf", "--homedir", home, "--kill", "all") //nolint:gosec,noctx // The test's context has ended here.
		if out, err := stop.CombinedOutput(); err != nil {
			t.Errorf("unable to stop the agent of the key ring: %v\n%s", err, out)
		}
		if err := os.RemoveAll(home); err != nil {
			t.Error(err)
		}
	})
	// Registries accept RSA and DSA keys, but no elliptic curves.
	key.gpg(t, "--quick-generate-key", "Release rehearsal <rehearsal@example.invalid>", "rsa3072", "sign", "1d")
	for line := range strings.Lines(key.gpg(t, "--list-secret-keys", "--with-colons")) {
		if fields := strings.Split(line, ":"); fields[0] == "fpr" {
			key.fingerprint = fields[9]
			return key
		}
	}
	t.Fatal("gpg made no key")
	return key
}

// run runs gpg on the key ring.
func (k signingKey) run(t *testing.T, arguments ...string) (string, error) {
	t.Helper()
	fixed := []string{"--homedir", k.home, "--batch", "--no-tty", "--pinentry-mode", "loopback", "--passphrase", ""}
	out, err := exec.CommandContext(t.Context(), "gpg", append(fixed, arguments...)...).CombinedOutput() //nolint:gosec // Arguments of this test.
	return string(out), err
}

// gpg runs gpg, which must succeed.
func (k signingKey) gpg(t *testing.T, arguments ...string) string {
	t.Helper()
	out, err := k.run(t, arguments...)
	if err != nil {
		t.Fatalf("gpg %v: %v\n%s", arguments, err, out)
	}
	return out
}

func (r rehearsal) signatureVerifies(t *testing.T) {
	signature := r.path(r.sums() + ".sig")
	if content := readFile(t, signature); len(content) == 0 || bytes.HasPrefix(content, []byte("-----")) {
		t.Error("the signature is armored or empty; registries accept only a binary one")
	}
	r.key.gpg(t, "--verify", signature, r.path(r.sums()))

	tampered := filepath.Join(t.TempDir(), "SHA256SUMS")
	if err := os.WriteFile(tampered, append(readFile(t, r.path(r.sums())), '\n'), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := r.key.run(t, "--verify", signature, tampered); err == nil {
		t.Errorf("the signature verifies a changed file:\n%s", out)
	}
}
