package alibaba

// What the tests need of the inside.
var (
	Clean           = clean
	SharedTransport = sharedTransport
	NewTransport    = newTransport
	WithLogging     = withLogging
)

const (
	AnswerTimeout = answerTimeout
	ReadTimeout   = readTimeout
	ReadTries     = readTries
	MaxBody       = maxBody
)

// MetadataTransport carries the questions to the metadata service.
var MetadataTransport = metadataTransport

// SplitCommand splits the command of a profile.
var SplitCommand = splitCommand
