// Command expressconnect-emulator serves the emulator, to try the provider and to
// test modules without an account. It listens on a loopback address unless it is
// told otherwise.
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
	listen, caFile, region       string
	accessKeyID, accessKeySecret string
	tls, allowRemote             bool
	tlsNames                     []string
	quirks                       emulator.Quirks
	balance                      emulator.Money
	circuits                     circuitFlags
}

// run serves until ctx ends.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var s settings
	var enableDelay time.Duration
	var tellVersion bool
	flags := flag.NewFlagSet("expressconnect-emulator", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&s.listen, "listen", defaultListen, "`address` to listen on, a loopback one unless -allow-remote")
	flags.BoolVar(&s.allowRemote, "allow-remote", false, "listen on an address that other machines reach; needs -tls")
	flags.BoolVar(&s.tls, "tls", false, "serve HTTPS with a certificate of an own authority")
	flags.Func("tls-name", "a further host `name` or IP address in the certificate (with -tls, repeatable)", s.addTLSName)
	flags.StringVar(&s.caFile, "ca-file", "", "`file` that the authority's certificate is written to, in PEM (with -tls)")
	flags.Var(&s.circuits, "circuit", "a circuit to start with, as `id[=status]`; Confirmed if no status is given (repeatable)")
	flags.StringVar(&s.region, "region", "cn-hangzhou", "region of those circuits")
	flags.StringVar(&s.accessKeyID, "access-key-id", emulator.DefaultCredential.AccessKeyID, "access key `ID` that is let in")
	flags.StringVar(&s.accessKeySecret, "access-key-secret", emulator.DefaultCredential.AccessKeySecret, "its `secret`")
	flags.TextVar(&s.balance, "balance", emulator.Unlimited, "what the account can pay, as `amount` such as 99.50")
	flags.DurationVar(&enableDelay, "enable-delay", 30*time.Second, "time from a payment until the circuit is Enabled")
	flags.Func("quirks", "what the real API leaves open, as `JSON` such as {\"ConstructionDelay\":\"5s\"}", s.readQuirks)
	flags.BoolVar(&tellVersion, "version", false, "print the version and end")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		return err
	}
	if tellVersion {
		_, err := fmt.Fprintln(stdout, version)
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	flags.Visit(func(given *flag.Flag) {
		if given.Name == "enable-delay" {
			s.quirks.EnableDelay = enableDelay
			if enableDelay == 0 {
				s.quirks.EnableDelay = -1 // At once; zero would mean the default.
			}
		}
	})
	if err := s.check(); err != nil {
		return err
	}
	if s.caFile != "" {
		// Providers that are told of it run elsewhere.
		var err error
		if s.caFile, err = filepath.Abs(s.caFile); err != nil {
			return err
		}
	}
	return s.serve(ctx, stdout)
}

// check refuses flags that make sense only with another one.
func (s *settings) check() error {
	switch {
	case s.tls:
		return nil
	case s.allowRemote:
		return errors.New("-allow-remote needs -tls: remote clients send their credentials")
	case len(s.tlsNames) > 0:
		return errors.New("-tls-name needs -tls")
	case s.caFile != "":
		return errors.New("-ca-file needs -tls")
	default:
		return nil
	}
}

func (s *settings) addTLSName(name string) error {
	s.tlsNames = append(s.tlsNames, name)
	return nil
}

func (s *settings) readQuirks(text string) error {
	return json.Unmarshal([]byte(text), &s.quirks)
}

func (s *settings) serve(ctx context.Context, stdout io.Writer) (err error) {
	start := emulator.Start
	if s.tls {
		start = emulator.StartTLS
	}
	server, err := start(emulator.Options{
		Address:     s.listen,
		AllowRemote: s.allowRemote,
		TLSNames:    s.tlsNames,
		Credentials: []emulator.Credential{{AccessKeyID: s.accessKeyID, AccessKeySecret: s.accessKeySecret}},
		Quirks:      s.quirks,
	})
	if refused := (*emulator.RemoteAddressError)(nil); errors.As(err, &refused) {
		if s.allowRemote {
			return fmt.Errorf("%q stands for every address of this machine: add -tls-name with the name by which clients reach it", s.listen)
		}
		return fmt.Errorf("other machines could reach %q: listen on %s, or, in a network that you trust, "+
			"add -allow-remote, -tls and a -tls-name for each name by which clients reach the emulator", s.listen, defaultListen)
	}
	if err != nil {
		return err
	}
	defer func() {
		if closing := server.Close(); err == nil {
			err = closing
		}
	}()
	server.SetBalance(s.balance)
	for _, circuit := range s.circuits {
		circuit.Region = s.region
		server.AddCircuit(circuit)
	}
	if s.caFile != "" {
		// A certificate is no secret, and another user's container may read it.
		if err := os.WriteFile(s.caFile, server.CACertificate(), 0o644); err != nil { //nolint:gosec // See above.
			return err
		}
	}
	if _, err := io.WriteString(stdout, s.explain(server)); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// explain tells how to point the provider at the server.
func (s *settings) explain(server *emulator.Server) string {
	secret := s.accessKeySecret
	if secret != emulator.DefaultCredential.AccessKeySecret {
		secret = "...   # the one given with -access-key-secret"
	}
	// The alicloud provider reads the same variables and knows no URLs in them. Plain
	// HTTP is what this provider speaks to a loopback address without a scheme.
	endpoint := strings.TrimPrefix(server.URL(), "http://")
	lines := []string{
		"The emulator listens on " + server.URL(),
		"",
		"  export ALIBABA_CLOUD_ENDPOINT_VPC=" + endpoint,
		"  export ALIBABA_CLOUD_ENDPOINT_BSSOPENAPI=" + endpoint,
		"  export ALIBABA_CLOUD_ENDPOINT_STS=" + endpoint,
		"  export ALIBABA_CLOUD_REGION=" + s.region,
		"  export ALIBABA_CLOUD_ACCESS_KEY_ID=" + s.accessKeyID,
		"  export ALIBABA_CLOUD_ACCESS_KEY_SECRET=" + secret,
	}
	if s.caFile != "" {
		lines = append(lines, "  export SSL_CERT_FILE="+s.caFile)
	}
	if s.allowRemote {
		lines = append(lines, "", "Whoever reaches it may change it and read what clients send: use made-up access keys only.")
	}
	return strings.Join(append(lines,
		"",
		"Circuits, ledger, balance, journal, clock and faults: "+server.URL()+emulator.ControlPrefix,
		"",
	), "\n")
}

// circuitFlags collects the values of -circuit.
type circuitFlags []emulator.Circuit

// String returns the IDs.
func (f *circuitFlags) String() string {
	ids := make([]string, 0, len(*f))
	for _, circuit := range *f {
		ids = append(ids, circuit.ID)
	}
	return strings.Join(ids, ",")
}

// Set adds a circuit, given as ID or ID=Status.
func (f *circuitFlags) Set(value string) error {
	id, status, given := strings.Cut(value, "=")
	if id == "" || given && status == "" {
		return errors.New("want id or id=status")
	}
	if given && !slices.Contains(emulator.Statuses(), status) {
		return fmt.Errorf("want one of the states %q", emulator.Statuses())
	}
	*f = append(*f, emulator.Circuit{ID: id, Status: status})
	return nil
}
