// Command floor serves a provider with the order's schema that does nothing: what
// Terraform and the framework cost by themselves. The benchmarks measure it beside
// the real one.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
)

// address is that of the real provider, so that both take the same configuration.
const address = "registry.terraform.io/expressconnect/expressconnect"

func main() {
	if err := providerserver.Serve(context.Background(), newProvider, providerserver.ServeOpts{Address: address}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
