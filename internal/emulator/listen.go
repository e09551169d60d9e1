package emulator

import (
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"slices"
)

const defaultAddress = "127.0.0.1:0"

// RemoteAddressError is the error for an address that the emulator must not listen on,
// because other machines can reach it.
type RemoteAddressError struct {
	Address string
	Reason  string
}

// Error returns the address and the reason.
func (e *RemoteAddressError) Error() string {
	return fmt.Sprintf("listen on %q: other machines could reach it: %s", e.Address, e.Reason)
}

// The reasons of a RemoteAddressError. The control routes need no credentials, and clients
// send theirs.
const (
	reasonLoopback = "only loopback addresses are served unless Options.AllowRemote is set"
	reasonTLS      = "remote clients are served over TLS only"
	reasonName     = "the certificate needs a name by which clients reach it (Options.TLSNames)"
)

// binding is a valid address to listen on.
type binding struct {
	address string
	names   []string // in the certificate
	// wildcard is true if the address means all addresses of the machine. Clients then use
	// the first of Options.TLSNames.
	wildcard bool
}

// bind checks the address of the options. It does not listen yet.
func bind(options Options, secured bool) (binding, error) {
	b := binding{address: options.Address, names: slices.Clone(options.TLSNames)}
	if b.address == "" {
		b.address = defaultAddress
	}
	host, _, err := net.SplitHostPort(b.address)
	if err != nil {
		return b, fmt.Errorf("listen on %q: %w", b.address, err)
	}
	for _, name := range options.TLSNames {
		if !validName(name) {
			return b, fmt.Errorf("%q is neither a host name nor an IP address", name)
		}
	}
	ip, isIP := parseIP(host)
	b.wildcard = host == "" || isIP && ip.IsUnspecified()
	local := host == "localhost" || isIP && ip.IsLoopback()
	switch {
	case local:
	case !options.AllowRemote:
		return b, &RemoteAddressError{b.address, reasonLoopback}
	case !secured:
		return b, &RemoteAddressError{b.address, reasonTLS}
	case b.wildcard && len(options.TLSNames) == 0:
		return b, &RemoteAddressError{b.address, reasonName}
	}
	b.names = append(b.names, "localhost", "127.0.0.1", "::1")
	if !b.wildcard && !slices.Contains(b.names, host) {
		b.names = append(b.names, host)
	}
	return b, nil
}

// clientAddress returns the address that clients use for a listener.
func (b binding) clientAddress(listening net.Addr) string {
	address := listening.String()
	if !b.wildcard {
		return address
	}
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	return net.JoinHostPort(b.names[0], port)
}

var hostName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?)*$`)

func validName(name string) bool {
	ip, isIP := parseIP(name)
	return isIP && ip.Zone() == "" || hostName.MatchString(name)
}

func parseIP(text string) (netip.Addr, bool) {
	ip, err := netip.ParseAddr(text)
	return ip.Unmap(), err == nil
}
