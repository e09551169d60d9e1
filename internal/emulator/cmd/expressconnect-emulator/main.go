// Command expressconnect-emulator serves the emulator, to try the provider and to test
// modules without an account. By default it listens on a loopback address.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

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

const defaultListen = "127.0.0.1:8480"

// settings are the values of the flags.
type settings struct {
	emulator.Options

	credential     emulator.Credential
	tls            bool
	caFile, region string
	balance        emulator.Money
	circuits       []emulator.Circuit
}

// run serves until ctx ends.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var s settings
	var enableDelay time.Duration
	var showVersion bool
	flags := flag.NewFlagSet("expressconnect-emulator", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&s.Address, "listen", defaultListen, "`address` to listen on, a loopback one unless -allow-remote")
	flags.BoolVar(&s.AllowRemote, "allow-remote", false, "listen on an address that other machines can reach; needs -tls")
	flags.BoolVar(&s.tls, "tls", false, "serve HTTPS with a certificate of its own authority")
	flags.Func("tls-name", "another host `name` or IP address in the certificate (with -tls, repeatable)", func(name string) error {
		s.TLSNames = append(s.TLSNames, name)
		return nil
	})
	flags.StringVar(&s.caFile, "ca-file", "", "`file` for the certificate of the authority, in PEM (with -tls)")
	flags.Func("circuit", "an initial circuit, as `id[=status]`; the default status is Confirmed (repeatable)", s.addCircuit)
	flags.StringVar(&s.region, "region", "cn-hangzhou", "region of those circuits")
	flags.StringVar(&s.credential.AccessKeyID, "access-key-id", emulator.DefaultCredential.AccessKeyID, "`ID` of the access key")
	flags.StringVar(&s.credential.AccessKeySecret, "access-key-secret", emulator.DefaultCredential.AccessKeySecret, "its `secret`")
	flags.TextVar(&s.balance, "balance", emulator.Unlimited, "what the account can pay, as `amount` such as 99.50")
	flags.DurationVar(&enableDelay, "enable-delay", 30*time.Second, "time from a payment until the circuit is Enabled")
	flags.Func("quirks", "behavior that the documentation does not define, as `JSON` such as {\"ConstructionDelay\":\"5s\"}", func(text string) error {
		return json.Unmarshal([]byte(text), &s.Quirks)
	})
	flags.BoolVar(&showVersion, "version", false, "print the version and exit")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		return err
	}
	if showVersion {
		_, err := fmt.Fprintln(stdout, version)
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	flags.Visit(func(given *flag.Flag) {
		if given.Name == "enable-delay" {
			s.Quirks.EnableDelay = enableDelay
			if enableDelay == 0 {
				s.Quirks.EnableDelay = -1 // No delay; zero means the default.
			}
		}
	})
	if err := s.check(); err != nil {
		return err
	}
	return s.serve(ctx, stdout)
}

// addCircuit adds a circuit, given as ID or ID=Status.
func (s *settings) addCircuit(value string) error {
	id, status, given := strings.Cut(value, "=")
	if id == "" || given && status == "" {
		return errors.New("want id or id=status")
	}
	if given && !slices.Contains(emulator.Statuses(), status) {
		return fmt.Errorf("want one of the states %q", emulator.Statuses())
	}
	s.circuits = append(s.circuits, emulator.Circuit{ID: id, Status: status})
	return nil
}

// check refuses flags that need another flag.
func (s *settings) check() error {
	switch {
	case s.tls:
		return nil
	case s.AllowRemote:
		return errors.New("-allow-remote needs -tls: remote clients send their credentials")
	case len(s.TLSNames) > 0:
		return errors.New("-tls-name needs -tls")
	case s.caFile != "":
		return errors.New("-ca-file needs -tls")
	default:
		return nil
	}
}

func (s *settings) serve(ctx context.Context, stdout io.Writer) (err error) {
	start := emulator.Start
	if s.tls {
		start = emulator.StartTLS
	}
	s.Credentials = []emulator.Credential{s.credential}
	server, err := start(s.Options)
	if refused := (*emulator.RemoteAddressError)(nil); errors.As(err, &refused) {
		if s.AllowRemote {
			return fmt.Errorf("%q means every address of this machine: add -tls-name with the name that clients use", s.Address)
		}
		return fmt.Errorf("other machines could reach %q: listen on %s, or, in a network that you trust, "+
			"add -allow-remote, -tls and a -tls-name for each name that clients use", s.Address, defaultListen)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	server.SetBalance(s.balance)
	for _, circuit := range s.circuits {
		circuit.Region = s.region
		server.AddCircuit(circuit)
	}
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

// instructions returns the environment variables that make the provider use the server.
func (s *settings) instructions(server *emulator.Server) string {
	secret := s.credential.AccessKeySecret
	if secret != emulator.DefaultCredential.AccessKeySecret {
		secret = "...   # given with -access-key-secret"
	}
	// The alicloud provider reads the same variables, but does not accept URLs in them. This
	// provider uses plain HTTP for a loopback address without a scheme.
	endpoint := strings.TrimPrefix(server.URL(), "http://")
	lines := []string{
		"The emulator listens on " + server.URL(),
		"",
		"  export ALIBABA_CLOUD_ENDPOINT_VPC=" + endpoint,
		"  export ALIBABA_CLOUD_ENDPOINT_BSSOPENAPI=" + endpoint,
		"  export ALIBABA_CLOUD_ENDPOINT_STS=" + endpoint,
		"  export ALIBABA_CLOUD_REGION=" + s.region,
		"  export ALIBABA_CLOUD_ACCESS_KEY_ID=" + s.credential.AccessKeyID,
		"  export ALIBABA_CLOUD_ACCESS_KEY_SECRET=" + secret,
	}
	if s.caFile != "" {
		lines = append(lines, "  export SSL_CERT_FILE="+s.caFile)
	}
	if s.AllowRemote {
		lines = append(lines, "", "Everybody who can reach it can change it and read what clients send: use made-up access keys only.")
	}
	return strings.Join(append(lines,
		"",
		"Circuits, orders, balance, journal, clock and faults: "+server.URL()+emulator.ControlPrefix,
		"",
	), "\n")
}
