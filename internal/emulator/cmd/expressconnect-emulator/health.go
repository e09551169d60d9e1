package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

const (
	healthTimeout = 5 * time.Second
	maxHealth     = 4096 // bytes of an answer
)

// checkHealth returns an error if the emulator at a URL is not ready. The health check of the
// container image uses it, because the image has no shell.
func checkHealth(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(url, "/")+emulator.ControlPrefix+"health", nil)
	if err != nil {
		return fmt.Errorf("check the health: %w", err)
	}
	client := &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		// The request has no secret, and only the emulator itself knows its authority.
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, //nolint:gosec // See above.
	}}
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("check the health: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode == http.StatusOK {
		return nil
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxHealth))
	if err != nil {
		return fmt.Errorf("check the health: %w", err)
	}
	return fmt.Errorf("%s is not ready: HTTP %d, %s", url, response.StatusCode, body)
}
