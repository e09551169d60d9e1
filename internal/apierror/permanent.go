package apierror

// PermanentCause is what keeps a request from being sent until somebody removes it.
type PermanentCause int

const (
	// NoObstacle is known: another try may succeed.
	NoPermanentCause PermanentCause = iota
	// ObstacleCredentials means that no credentials can be had to sign the request.
	CauseCredentials
	// ObstacleTrust means that the host's certificate is not accepted, or that the host
	// and this machine share no version of TLS.
	CauseTrust
	// ObstacleHost means that there is no host of that name.
	CauseHost
	// ObstacleRequest means that no request can be made of what is asked for, such as a
	// region in a form that no region has.
	CauseRequest
	// ObstacleProxy means that the proxy refuses the request (403, 407), or that its own
	// name or certificate is wrong.
	CauseProxy
	// ObstacleRefused means that the host or the proxy refused the connection. It is the
	// only one that may pass by itself, so an order is tried again.
	CauseRefused
)

// Permanent reports whether another try will meet the same obstacle.
func (o PermanentCause) Permanent() bool { return o != NoPermanentCause && o != CauseRefused }

// Permanent reports whether the request was not sent, and another try will meet the
// same obstacle.
func (f *Error) Permanent() bool { return f.Delivery == NotSent && f.PermanentCause.Permanent() }

// NoSuchRegion reports whether the region does not exist, as far as one can tell: the
// API says so, it has no host, or it cannot be a region.
func (f *Error) NoSuchRegion() bool {
	return f.Group() == GroupRegion || f.Permanent() && (f.PermanentCause == CauseHost || f.PermanentCause == CauseRequest)
}
