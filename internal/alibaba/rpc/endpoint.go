package rpc

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/lazyregexp"
)

const (
	schemeHTTP  = "http"
	schemeHTTPS = "https"
)

// Endpoint is the address of an API.
type Endpoint struct {
	// Scheme is "https", or "http" for a loopback host.
	Scheme string
	// Host is the host, with the port if it is not the default of the scheme.
	Host string
}

// HTTPS returns the HTTPS endpoint of a host.
func HTTPS(host string) Endpoint { return Endpoint{Scheme: schemeHTTPS, Host: host} }

// String returns the endpoint as a URL.
func (e Endpoint) String() string { return e.Scheme + "://" + e.Host }

// ParseEndpoint reads a host, host:port, or a URL without path, query and user
// information. The default is HTTPS. HTTP is the default of loopback hosts, and allowed
// only there, because others on the network could read and repeat a signed request. The
// errors do not contain the text, which may hold a password.
func ParseEndpoint(text string) (Endpoint, error) {
	scheme, authority, isURL := strings.Cut(strings.ToLower(strings.TrimSpace(text)), "://")
	if isURL {
		authority = strings.TrimSuffix(authority, "/")
	} else {
		scheme, authority = "", scheme
	}
	switch {
	case isURL && scheme != schemeHTTP && scheme != schemeHTTPS:
		return Endpoint{}, errors.New("the scheme of the endpoint is not https, and not http for a loopback address")
	case strings.Contains(authority, "@"):
		return Endpoint{}, errors.New("the endpoint contains a user name or a password")
	case strings.ContainsAny(authority, `/\?#`):
		return Endpoint{}, errors.New("the endpoint contains a path or a query")
	}
	if address, err := netip.ParseAddr(authority); err == nil && address.Is6() {
		authority = "[" + authority + "]"
	}
	parsed, err := url.Parse("//" + authority)
	if err != nil || !isHost(parsed.Hostname()) {
		return Endpoint{}, errors.New("the endpoint is not a host name or an IP address, with or without a port")
	}
	host, port := parsed.Hostname(), uint64(0)
	if strings.HasSuffix(parsed.Host, ":"+parsed.Port()) {
		if port, err = strconv.ParseUint(parsed.Port(), 10, 16); err != nil || port == 0 {
			return Endpoint{}, errors.New("the port of the endpoint is not a number from 1 to 65535")
		}
	}
	switch {
	case scheme == "" && isLoopback(host):
		scheme = schemeHTTP
	case scheme == "":
		scheme = schemeHTTPS
	case scheme == schemeHTTP && !isLoopback(host):
		return Endpoint{}, fmt.Errorf("%s is not a loopback address, and plain http is not allowed for it", host)
	}
	return Endpoint{Scheme: scheme, Host: joinAuthority(scheme, host, port)}, nil
}

var (
	hostName      = lazyregexp.New(`^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$`)
	numericEnding = lazyregexp.New(`(^|\.)[0-9]+$`)
	regionID      = lazyregexp.New(`^[0-9a-z-]{1,64}$`)
)

func isHost(host string) bool {
	if address, err := netip.ParseAddr(host); err == nil {
		return address.Zone() == ""
	}
	// A name that ends with a number is a wrong IP address, such as 127.1. Some resolvers
	// accept it.
	return len(host) <= 253 && hostName().MatchString(host) && !numericEnding().MatchString(host)
}

func isLoopback(host string) bool {
	address, err := netip.ParseAddr(host)
	if err != nil {
		return host == "localhost"
	}
	return address.Zone() == "" && address.Unmap().IsLoopback() // A zone names an interface.
}

// IsPrivate reports whether others on the network cannot read what is sent to a URL: its
// scheme is HTTPS, or HTTP with a loopback host.
func IsPrivate(address *url.URL) bool {
	return address.Scheme == schemeHTTPS || address.Scheme == schemeHTTP && isLoopback(address.Hostname())
}

func joinAuthority(scheme, host string, port uint64) string {
	if port == 0 || scheme == schemeHTTPS && port == 443 || scheme == schemeHTTP && port == 80 {
		if strings.Contains(host, ":") {
			return "[" + host + "]"
		}
		return host
	}
	return net.JoinHostPort(host, strconv.FormatUint(port, 10))
}

// CheckRegion returns an error if a region ID cannot be part of a host name. It does not
// check that the region exists, because new regions appear often.
func CheckRegion(region string) error {
	if !regionID().MatchString(region) {
		return fmt.Errorf("the region %q is not a region ID of small letters, digits and hyphens", region)
	}
	return nil
}
