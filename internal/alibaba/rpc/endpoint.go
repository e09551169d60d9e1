package rpc

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

const (
	SchemeHTTP  = "http"
	SchemeHTTPS = "https"
)

// Endpoint is where the API is asked.
type Endpoint struct {
	// Scheme is "https", or "http" for a loopback host.
	Scheme string
	// Host is the host, with the port if it is not the scheme's own.
	Host string
}

func HTTPS(host string) Endpoint { return Endpoint{Scheme: SchemeHTTPS, Host: host} }

// String returns the endpoint as a URL.
func (e Endpoint) String() string { return e.Scheme + "://" + e.Host }

// ParseEndpoint reads an endpoint: host[:port] or a URL without path, query and
// user information. HTTPS is the default; plain HTTP, in which anybody on the way
// could read and repeat a signed request, is for loopback hosts alone, where it is
// the default. Errors are fit for the user and never repeat the text, which may
// hold a password.
func ParseEndpoint(text string) (Endpoint, error) {
	scheme, authority, isURL := strings.Cut(strings.TrimSpace(text), "://")
	if isURL {
		authority = strings.TrimSuffix(authority, "/")
	} else {
		scheme, authority = "", scheme
	}
	scheme = strings.ToLower(scheme)
	switch {
	case isURL && scheme != SchemeHTTP && scheme != SchemeHTTPS:
		return Endpoint{}, errors.New("the scheme of an endpoint is https, or http for a loopback address")
	case strings.Contains(authority, "@"):
		return Endpoint{}, errors.New("an endpoint holds no user information")
	case strings.ContainsAny(authority, `/\?#`):
		return Endpoint{}, errors.New("an endpoint holds no path and no query")
	}

	if address, err := netip.ParseAddr(authority); err == nil && address.Is6() {
		authority = "[" + authority + "]"
	}
	parsed, err := url.Parse("//" + authority)
	if err != nil || !validHost(strings.ToLower(parsed.Hostname())) {
		return Endpoint{}, errHost
	}
	host, port := strings.ToLower(parsed.Hostname()), uint64(0)
	if strings.HasSuffix(parsed.Host, ":"+parsed.Port()) {
		if port, err = strconv.ParseUint(parsed.Port(), 10, 16); err != nil || port == 0 {
			return Endpoint{}, errors.New("the port of an endpoint is a number from 1 to 65535")
		}
	}
	switch {
	case scheme == "" && IsLoopback(host):
		scheme = SchemeHTTP
	case scheme == "":
		scheme = SchemeHTTPS
	case scheme == SchemeHTTP && !IsLoopback(host):
		return Endpoint{}, fmt.Errorf("plain http is for loopback addresses alone: use https://%s", host)
	}
	return Endpoint{Scheme: scheme, Host: joinAuthority(scheme, host, port)}, nil
}

var errHost = errors.New("an endpoint is host, host:port or an https URL, with a host name such as vpc.cn-hangzhou.aliyuncs.com or an IP address")

var (
	hostName      = regexp.MustCompile(`^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$`)
	numericEnding = regexp.MustCompile(`(^|\.)[0-9]+$`)
)

func validHost(host string) bool {
	if address, err := netip.ParseAddr(host); err == nil {
		return address.Zone() == ""
	}
	// A name that ends in a number is a mistyped address; some resolvers would
	// read 127.1 as one.
	return len(host) <= 253 && hostName.MatchString(host) && !numericEnding.MatchString(host)
}

func IsLoopback(host string) bool {
	address, err := netip.ParseAddr(host)
	if err != nil {
		return host == "localhost"
	}
	return address.Unmap().IsLoopback()
}

func joinAuthority(scheme, host string, port uint64) string {
	if port == 0 || scheme == SchemeHTTPS && port == 443 || scheme == SchemeHTTP && port == 80 {
		if strings.Contains(host, ":") {
			return "[" + host + "]"
		}
		return host
	}
	return net.JoinHostPort(host, strconv.FormatUint(port, 10))
}

var regionID = regexp.MustCompile(`^[0-9a-z-]{1,64}$`)

// checkRegion checks the form of a region ID, which becomes part of a host name; not
// that there is such a region, for regions are added all the time.
func CheckRegion(region string) error {
	if !regionID.MatchString(region) {
		return fmt.Errorf("the region %q must be a region ID of small letters, digits and hyphens, for example cn-hangzhou", region)
	}
	return nil
}
