package apierror

// PermanentCause is the reason a request cannot be sent until the configuration or the
// network is fixed.
type PermanentCause int

const (
	// NoPermanentCause means that another try may succeed.
	NoPermanentCause PermanentCause = iota
	// CauseCredentials means that no credentials are available to sign the request.
	CauseCredentials
	// CauseTrust means that the certificate of the host is not accepted, or that host and
	// client support no common TLS version.
	CauseTrust
	// CauseHost means that no host has that name.
	CauseHost
	// CauseRequest means that the request cannot be built. For example, the region ID is
	// malformed.
	CauseRequest
	// CauseProxy means that the proxy refuses the request (403, 407), or that the name or
	// the certificate of the proxy is wrong.
	CauseProxy
	// CauseRefused means that the host or the proxy refused the connection. Only this cause
	// can be temporary, so the provider sends the order again.
	CauseRefused
)

// Permanent reports whether every further try fails for the same reason.
func (c PermanentCause) Permanent() bool { return c != NoPermanentCause && c != CauseRefused }

// Permanent reports whether the request was not sent, and every further try fails for the
// same reason.
func (e *Error) Permanent() bool { return e.Delivery == NotSent && e.PermanentCause.Permanent() }

// NoSuchRegion reports whether the region probably does not exist: the API returns a code
// for it, the region has no host, or the region ID is malformed.
func (e *Error) NoSuchRegion() bool {
	return e.Group() == GroupRegion || e.Permanent() && (e.PermanentCause == CauseHost || e.PermanentCause == CauseRequest)
}
