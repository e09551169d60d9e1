package provider

import (
	"cmp"
	"errors"
	"os"
)

// LimitSDKLog turns off the log lines of the plugin SDK that the CLI would throw away. The SDK
// writes about fifty lines for each call of the CLI, whatever the CLI shows, and that costs
// more processor time than the rest of the provider. The variables of the SDK still work:
// see https://developer.hashicorp.com/terraform/plugin/log/managing.
func LimitSDKLog() error {
	level := cmp.Or(os.Getenv("TF_LOG_SDK"), os.Getenv("TF_LOG_PROVIDER"), os.Getenv("TF_LOG"), "off")
	var failed []error
	// The SDK creates each line of a subsystem before it asks for the level of TF_LOG_SDK.
	for _, name := range []string{"TF_LOG_SDK", "TF_LOG_SDK_PROTO", "TF_LOG_SDK_FRAMEWORK"} {
		if os.Getenv(name) == "" {
			failed = append(failed, os.Setenv(name, level))
		}
	}
	return errors.Join(failed...)
}
