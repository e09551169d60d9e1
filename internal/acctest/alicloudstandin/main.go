// Command alicloudstandin serves a stand-in for the alicloud provider, for tests
// that run it beside this one: its resource for circuits alone, which sends what
// version 1.289.0 was seen sending, with shorter pauses. It asks loopback addresses
// only, so that it can reach an emulator and nothing else.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
)

const address = "registry.terraform.io/aliyun/alicloud"

func main() {
	if err := providerserver.Serve(context.Background(), newProvider, providerserver.ServeOpts{Address: address}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
