// Command expressconnect-emulator serves the emulator on a loopback address, to
// try the provider without an account.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
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

// settings are the values of the flags.
type settings struct {
	listen, caFile, region       string
	accessKeyID, accessKeySecret string
	tls                          bool
	enableDelay                  time.Duration
	balance                      emulator.Money
	circuits                     circuitFlags
}

// run serves until ctx ends.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var s settings
	flags := flag.NewFlagSet("expressconnect-emulator", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&s.listen, "listen", "127.0.0.1:8480", "loopback `address` to listen on")
	flags.BoolVar(&s.tls, "tls", false, "serve HTTPS with a certificate of an own authority")
	flags.StringVar(&s.caFile, "ca-file", "", "`file` that the authority's certificate is written to, in PEM (with -tls)")
	flags.Var(&s.circuits, "circuit", "a circuit to start with, as `id[=status]`; Confirmed if no status is given (repeatable)")
	flags.StringVar(&s.region, "region", "cn-hangzhou", "region of those circuits")
	flags.StringVar(&s.accessKeyID, "access-key-id", emulator.DefaultCredential.AccessKeyID, "access key `ID` that is let in")
	flags.StringVar(&s.accessKeySecret, "access-key-secret", emulator.DefaultCredential.AccessKeySecret, "its `secret`")
	flags.TextVar(&s.balance, "balance", emulator.Unlimited, "what the account can pay, as `amount` such as 99.50")
	flags.DurationVar(&s.enableDelay, "enable-delay", 30*time.Second, "time from a payment until the circuit is Enabled")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if s.caFile != "" && !s.tls {
		return errors.New("-ca-file needs -tls")
	}
	return s.serve(ctx, stdout)
}

func (s settings) serve(ctx context.Context, stdout io.Writer) (err error) {
	options := emulator.Options{
		Address:     s.listen,
		Credentials: []emulator.Credential{{AccessKeyID: s.accessKeyID, AccessKeySecret: s.accessKeySecret}},
		Quirks:      emulator.Quirks{EnableDelay: s.enableDelay},
	}
	if s.enableDelay == 0 {
		options.Quirks.EnableDelay = -1 // At once; zero would mean the default.
	}
	start := emulator.Start
	if s.tls {
		start = emulator.StartTLS
	}
	server, err := start(options)
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
		if err := os.WriteFile(s.caFile, server.CACertificate(), 0o600); err != nil {
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
func (s settings) explain(server *emulator.Server) string {
	secret := s.accessKeySecret
	if secret != emulator.DefaultCredential.AccessKeySecret {
		secret = "...   # the one given with -access-key-secret"
	}
	lines := []string{
		"The emulator listens on " + server.URL(),
		"",
		"  export ALIBABA_CLOUD_ENDPOINT_VPC=" + server.URL(),
		"  export ALIBABA_CLOUD_ENDPOINT_BSSOPENAPI=" + server.URL(),
		"  export ALIBABA_CLOUD_ENDPOINT_STS=" + server.URL(),
		"  export ALIBABA_CLOUD_REGION=" + s.region,
		"  export ALIBABA_CLOUD_ACCESS_KEY_ID=" + s.accessKeyID,
		"  export ALIBABA_CLOUD_ACCESS_KEY_SECRET=" + secret,
	}
	if s.caFile != "" {
		lines = append(lines, "  export SSL_CERT_FILE="+s.caFile)
	}
	return strings.Join(append(lines,
		"",
		"Ledger, balance, journal, clock and faults: "+server.URL()+emulator.ControlPrefix,
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
	*f = append(*f, emulator.Circuit{ID: id, Status: status})
	return nil
}
