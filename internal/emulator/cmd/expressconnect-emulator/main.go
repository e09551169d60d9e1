// Command expressconnect-emulator serves the emulator, to try the provider and to test
// modules without an account. By default it listens on a loopback address.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "expressconnect-emulator:", err)
		stop()
		os.Exit(1)
	}
}

// version is set by the release.
var version = "dev"

// run serves until ctx ends.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	s := settings{shell: defaultShell()}
	if err := s.parse(args, stderr); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		return err
	}
	switch {
	case s.showVersion:
		_, err := fmt.Fprintln(stdout, version)
		return err
	case s.checkedURL != "":
		return checkHealth(ctx, s.checkedURL)
	default:
		return s.serve(ctx, stdout)
	}
}

func (s *settings) serve(ctx context.Context, stdout io.Writer) (err error) {
	server, err := s.start()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Close(), server.StateError()) }()
	if s.caFile != "" {
		// The provider can run in another directory.
		if s.caFile, err = filepath.Abs(s.caFile); err != nil {
			return err
		}
		// A certificate is not secret, and another user's container may need it.
		if err := os.WriteFile(s.caFile, server.CACertificate(), 0o644); err != nil { //nolint:gosec // See above.
			return err
		}
	}
	if _, err := io.WriteString(stdout, s.instructions(server)); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// windowsAddressInUse is WSAEADDRINUSE, which syscall does not have.
const windowsAddressInUse = syscall.Errno(10048)

// start starts the server. Its errors name flags.
func (s *settings) start() (*emulator.Server, error) {
	start := emulator.Start
	if s.tls {
		start = emulator.StartTLS
	}
	server, err := start(s.Options)
	refused := (*emulator.RemoteAddressError)(nil)
	switch {
	case errors.As(err, &refused) && s.AllowRemote:
		return nil, fmt.Errorf("%q means every address of this machine: add -tls-name with the name that clients use", s.Address)
	case errors.As(err, &refused):
		return nil, fmt.Errorf("other machines could reach %q: listen on %s, or, in a network that you trust, "+
			"add -allow-remote, -tls and a -tls-name for each name that clients use", s.Address, defaultListen)
	case errors.Is(err, syscall.EADDRINUSE), errors.Is(err, windowsAddressInUse):
		return nil, fmt.Errorf("%s is in use, perhaps by another emulator: add -listen 127.0.0.1:0 to use a free port", s.Address)
	default:
		return server, err
	}
}
