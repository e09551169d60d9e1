// Command terraform-provider-expressconnect is the Terraform provider for the
// occupancy orders of Alibaba Cloud Express Connect circuits.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider"
)

// version is set by the release build.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "serve for a debugger: print how to attach Terraform, and keep running")
	flag.Parse()

	// net/http logs bytes of broken answers; nothing of an answer belongs in a log.
	log.SetOutput(io.Discard)
	err := providerserver.Serve(context.Background(), provider.New(version), providerserver.ServeOpts{
		Address: provider.Address,
		Debug:   *debug,
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
