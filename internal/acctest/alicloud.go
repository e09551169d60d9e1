package acctest

import (
	"fmt"
	"regexp"
	"strings"
)

var (
	topLevelBlock    = regexp.MustCompile(`(?ms)^\w.*?^}\n`)
	alicloudResource = regexp.MustCompile(`^resource "(alicloud_\w+)" "(\w+)"`)
	alicloudAddress  = regexp.MustCompile(`alicloud_\w+\.(\w+)`)
	alicloudSource   = regexp.MustCompile(`(?ms)^    alicloud = \{.*?^    \}\n`)
	// reference is an argument whose value comes from another block.
	reference = regexp.MustCompile(`(?m)^  (\w+) += ((?:data\.)?expressconnect_\w+\.\S+)$`)
)

// OwnPart returns the part of a configuration that this provider runs, because tests cannot
// install the alicloud provider. Each of its resources becomes a terraform_data with the
// given IDs as HCL, and with the arguments that refer to resources of this provider.
func OwnPart(config, id, orderID string) string {
	return topLevelBlock.ReplaceAllStringFunc(alicloudSource.ReplaceAllString(config, ""), func(block string) string {
		name := alicloudResource.FindStringSubmatch(block)
		switch {
		case strings.HasPrefix(block, `provider "alicloud"`):
			return ""
		case name == nil:
			return alicloudAddress.ReplaceAllString(block, "terraform_data.$1.output")
		}
		var arguments strings.Builder
		for _, argument := range reference.FindAllStringSubmatch(block, -1) {
			fmt.Fprintf(&arguments, ", %s = %s", argument[1], argument[2])
		}
		return fmt.Sprintf("resource \"terraform_data\" %q {\n  input = { id = %s, order_id = %s%s }\n}\n", name[2], id, orderID, arguments.String())
	})
}
