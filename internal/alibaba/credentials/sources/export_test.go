package sources

import (
	"context"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/credentials"
)

// SplitCommand splits the command of a profile.
var SplitCommand = splitCommand

// RunCommand returns the output of a command that ends within a limit.
var RunCommand = runCommand

// BoundedBuffer holds the output of a command, at most ExternalOutput bytes.
type BoundedBuffer = boundedBuffer

// ExternalOutput is the maximum output of a command in bytes.
const ExternalOutput = externalOutput

// Printed returns the credentials that the command of a profile prints.
func Printed(ctx context.Context, factory Factory, output []byte) (credentials.Value, error) {
	return factory.printed(ctx, &cliProfile{Name: "p", Mode: modeExternal, AccessKeySecret: "canary"}, "the command prints ", output)
}
