package rpc

// The tests need these parts of the inside.
var (
	Clean           = clean
	SharedTransport = sharedTransport
	NewTransport    = newTransport
	WithLogging     = withLogging
)

// MaxCode is the length of the longest error code.
const MaxCode = maxCode

// MaxBody is the largest answer in bytes.
const MaxBody = maxBody
