package docs

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#{1,6} (.*)$`)
	anchor  = regexp.MustCompile(`<a id="([^"]+)">`)
)

const (
	registry   = "https://registry.terraform.io/providers/expressconnect/expressconnect/latest/docs/"
	repository = "https://github.com/expressconnect/terraform-provider-expressconnect/"
)

// anchors returns the anchors of a page, as GitHub and the registry make them.
func anchors(content string) []string {
	var found []string
	for _, match := range anchor.FindAllStringSubmatch(content, -1) {
		found = append(found, match[1])
	}
	used := map[string]int{}
	for _, match := range heading.FindAllStringSubmatch(fence.ReplaceAllString(content, ""), -1) {
		slug := slugOf(match[1])
		if n := used[slug]; n > 0 {
			found = append(found, fmt.Sprintf("%s-%d", slug, n))
		} else {
			found = append(found, slug)
		}
		used[slug]++
	}
	return found
}

func slugOf(title string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return -1
	}, title)
}

// target returns the file in the project that a link leads to; empty for other sites.
func target(page, address string) string {
	switch {
	case strings.HasPrefix(address, registry):
		return "docs/" + strings.TrimPrefix(address, registry) + ".md"
	case strings.HasPrefix(address, repository+"blob/main/"):
		return strings.TrimPrefix(address, repository+"blob/main/")
	case strings.Contains(address, "://"):
		return ""
	case address == "":
		return page
	}
	return path.Join(path.Dir(page), address)
}

func TestPages_EveryLinkLeadsToAPageAndASection(t *testing.T) {
	t.Parallel()
	found, dir, checked := pages(t), root(t), 0
	for page, content := range found {
		for _, match := range link.FindAllStringSubmatch(prose(content), -1) {
			address, section, _ := strings.Cut(match[1], "#")
			file := target(page, address)
			if file == "" {
				continue
			}
			checked++
			if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(file))); err != nil {
				t.Errorf("%s links to %s, which does not exist", page, match[1])
			} else if section != "" && !slices.Contains(anchors(found[file]), section) {
				t.Errorf("%s links to %s, which has no such section", page, match[1])
			}
		}
	}
	if checked < 100 {
		t.Errorf("only %d links found", checked)
	}
}

// Relative links do not work in the index, because its address in the registry does not
// end in a slash.
func TestIndex_HasNoRelativeLinks(t *testing.T) {
	t.Parallel()
	for _, match := range link.FindAllStringSubmatch(prose(pages(t)["docs/index.md"]), -1) {
		if !strings.HasPrefix(match[1], "https://") && !strings.HasPrefix(match[1], "#") {
			t.Errorf("the index links to %s relatively", match[1])
		}
	}
}

// Pages in the registry must not link to files that only the repository has.
func TestRegistryPages_LinkOnlyToPagesOfTheRegistry(t *testing.T) {
	t.Parallel()
	for page, content := range pages(t) {
		for _, match := range link.FindAllStringSubmatch(prose(content), -1) {
			address, _, _ := strings.Cut(match[1], "#")
			if strings.HasPrefix(page, "docs/") && !strings.Contains(address, "://") && !strings.HasPrefix(target(page, address), "docs/") {
				t.Errorf("%s links to %s, which is not in the registry", page, match[1])
			}
		}
	}
}

// alibabaPages are the pages of Alibaba Cloud whose addresses are known to be right. No test
// can open others.
var alibabaPages = []string{
	"https://alibabacloud.com/help/en/express-connect/developer-reference/api-vpc-2016-04-28-createphysicalconnectionoccupancyorder-express-connect",
	"https://alibabacloud.com/help/en/express-connect/developer-reference/api-vpc-2016-04-28-createphysicalconnection-efficiency-channels",
	"https://help.aliyun.com/zh/express-connect/developer-reference/api-vpc-2016-04-28-quota-express-connect",
	"https://help.aliyun.com/en/user-center/support/order-manual-q-a",
	"https://alibabacloud.com/help/en/express-connect/developer-reference/api-vpc-2016-04-28-applyphysicalconnectionloa-efficiency-channels",
	"https://www.alibabacloud.com/help/doc-detail/91866.htm", // SetRenewal
	"https://www.alibabacloud.com/help/en/ecs/user-guide/view-instance-metadata",
	"https://www.alibabacloud.com/help/en/ram/api-assumerolewithoidc",
	"https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole",
}

func TestUserPages_LinkToKnownPagesOfAlibabaCloud(t *testing.T) {
	t.Parallel()
	var linked []string
	for page, content := range pages(t) {
		for _, match := range link.FindAllStringSubmatch(prose(content), -1) {
			if strings.HasPrefix(page, "internal/") || !strings.Contains(match[1], "aliyun.com/") && !strings.Contains(match[1], "alibabacloud.com/") {
				continue
			}
			linked = append(linked, match[1])
			if !slices.Contains(alibabaPages, match[1]) {
				t.Errorf("%s links to %s", page, match[1])
			}
		}
	}
	for _, page := range alibabaPages {
		if !slices.Contains(linked, page) {
			t.Errorf("no page links to %s", page)
		}
	}
}
