// Command terraform downloads a released Terraform for tests and demo. HashiCorp's installer
// checks the signature of the checksums and the checksum of the archive. Without access to the
// releases, the command fails soon, so that make can build OpenTofu instead.
package main

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/hc-install/product"
	"github.com/hashicorp/hc-install/releases"
)

// Version is the Terraform that is downloaded.
const Version = "1.15.9"

const (
	site = "https://releases.hashicorp.com"
	// answerTimeout is the time for a first answer of the site. The installer's own client
	// would try for a minute.
	answerTimeout = 10 * time.Second
	// timeout is the time for everything.
	timeout = 5 * time.Minute
)

// source is where releases come from.
type source struct {
	site          string
	key           string // armored; empty means the key of HashiCorp
	answerTimeout time.Duration
}

func main() {
	dir := flag.String("dir", "", "existing directory for the executable")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	began := time.Now()
	path, err := source{site: site, answerTimeout: answerTimeout}.install(ctx, *dir)
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "unable to download Terraform %s: %v\n", Version, err)
		os.Exit(1)
	}
	fmt.Printf("Terraform %s of %s, with a valid signature, is in %s (%s)\n", Version, site, path, time.Since(began).Round(time.Second))
}

// install downloads and verifies Terraform, and returns the path of the executable.
func (s source) install(ctx context.Context, dir string) (string, error) {
	if err := s.reach(ctx); err != nil {
		return "", err
	}
	// In a directory of its own: the installer does not return the error of a wrong checksum.
	// It fails then because there is no executable, but it would accept an earlier one.
	unpacked, err := os.MkdirTemp(dir, "terraform-")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(unpacked) }()
	release := releases.ExactVersion{
		Product: product.Terraform, Version: version.Must(version.NewVersion(Version)),
		InstallDir: unpacked, Timeout: timeout, ApiBaseURL: s.site, ArmoredPublicKey: s.key,
	}
	downloaded, err := release.Install(ctx)
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, filepath.Base(downloaded))
	return path, os.Rename(downloaded, path)
}

// reach returns an error if the site does not have the release or does not answer in time.
func (s source) reach(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, s.answerTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodHead, s.site+"/terraform/"+Version+"/index.json", nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	if err := response.Body.Close(); err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", request.URL, response.Status)
	}
	return nil
}
