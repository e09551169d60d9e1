package alibaba

// What the tests need of the inside.
var (
	Clean           = clean
	SharedTransport = sharedTransport
	LibrarySource   = librarySource
	WithLogging     = withLogging
)

const (
	OrderTimeout = orderTimeout
	ReadTimeout  = readTimeout
	ReadTries    = readTries
	MaxBody      = maxBody
)
