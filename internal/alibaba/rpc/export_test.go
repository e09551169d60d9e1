package rpc

// The tests need these parts of the inside.
var (
	Clean           = clean
	SharedTransport = sharedTransport
	NewTransport    = newTransport
	WithLogging     = withLogging
)

// MaxBody is the largest answer in bytes.
const MaxBody = maxBody
