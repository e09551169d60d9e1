package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

const defaultListen = "127.0.0.1:8480"

// settings are the values of the flags.
type settings struct {
	emulator.Options

	credential               emulator.Credential
	tls, showVersion         bool
	caFile, region, seedFile string
	checkedURL               string
	shell                    shellName

	// These change the seed.
	balance     emulator.Money
	circuits    []emulator.Circuit
	quirks      []string
	enableDelay time.Duration
}

// parse reads the flags and checks that they fit together.
func (s *settings) parse(args []string, stderr io.Writer) error {
	flags := s.flags()
	// The caller prints the error, once.
	flags.SetOutput(io.Discard)
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		flags.SetOutput(stderr)
		flags.PrintDefaults()
		return err
	}
	if err == nil && flags.NArg() > 0 {
		err = fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if err != nil {
		return fmt.Errorf("%w; -help lists the flags", err)
	}
	given := map[string]bool{}
	flags.Visit(func(f *flag.Flag) { given[f.Name] = true })
	return errors.Join(s.check(), s.completeSeed(given))
}

func (s *settings) flags() *flag.FlagSet {
	flags := flag.NewFlagSet("expressconnect-emulator", flag.ContinueOnError)
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
	flags.DurationVar(&s.enableDelay, "enable-delay", 30*time.Second, "time from a payment until the circuit is Enabled")
	flags.Func("quirks", "behavior that the documentation does not define, as `JSON` such as {\"ConstructionDelay\":\"5s\"}", func(text string) error {
		s.quirks = append(s.quirks, text)
		return json.Unmarshal([]byte(text), new(emulator.Quirks))
	})
	flags.StringVar(&s.seedFile, "seed", "", "`file` with the initial content, in JSON")
	flags.StringVar(&s.StateFile, "state", "", "`file` that keeps the account; a restart continues with it")
	flags.TextVar(&s.shell, "shell", s.shell, "`form` of the printed variables: sh, powershell or cmd")
	flags.StringVar(&s.checkedURL, "check-health", "", "check that the emulator at `URL` is ready, and exit")
	flags.BoolVar(&s.showVersion, "version", false, "print the version and exit")
	return flags
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

// completeSeed reads the seed and adds what the flags say. Flags win.
func (s *settings) completeSeed(given map[string]bool) error {
	s.Version = version
	s.Credentials = []emulator.Credential{s.credential}
	if s.seedFile != "" {
		var err error
		if s.Seed, err = emulator.ReadSeed(s.seedFile); err != nil {
			return err
		}
	}
	for _, circuit := range s.circuits {
		circuit.Region = s.region
		s.Seed.Circuits = append(s.Seed.Circuits, circuit)
	}
	if given["balance"] {
		s.Seed.Balance = &s.balance
	}
	var quirks emulator.Quirks
	if s.Seed.Quirks != nil {
		quirks = *s.Seed.Quirks
	}
	for _, text := range s.quirks {
		if err := json.Unmarshal([]byte(text), &quirks); err != nil {
			return fmt.Errorf("-quirks: %w", err)
		}
	}
	if given["enable-delay"] {
		quirks.EnableDelay = s.enableDelay
		if s.enableDelay == 0 {
			quirks.EnableDelay = -1 // No delay; zero means the default.
		}
	}
	s.Seed.Quirks = &quirks
	return nil
}
