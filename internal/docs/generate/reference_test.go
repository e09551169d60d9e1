package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
)

func TestErrorReference_ListsEveryFamilyWithItsSpellings(t *testing.T) {
	t.Parallel()
	page := errorReference()
	for _, family := range apierror.Families() {
		for _, text := range []string{"## " + message.GroupTitle(family.Group) + "\n", message.Explain(family).Meaning} {
			if !strings.Contains(page, text) {
				t.Errorf("the page lacks %q", text)
			}
		}
		for _, spelling := range family.Spellings() {
			if strings.Count(page, "- `"+spelling.Code+"`") != 1 || !strings.Contains(page, spelling.Message) {
				t.Errorf("the page does not list %s once, with its message", spelling.Code)
			}
		}
	}
}

func TestErrorReference_ListsTheClassOfEachHTTPStatus(t *testing.T) {
	t.Parallel()
	page := errorReference()
	for row, statuses := range map[string][]int{
		"| 200 to 299 | %s |": {200, 299}, "| 408, 425, 429 | %s |": {408, 425, 429}, "| 500 and above | %s |": {500, 599}, "| any other | %s; the response contains no order, and nothing more is known |": {302, 400, 403, 499},
	} {
		for _, status := range statuses {
			class := (&apierror.Error{Delivery: apierror.Answered, Code: "Brand.NewCode", HTTPStatus: status}).Class()
			if want := strings.Replace(row, "%s", class.String(), 1); !strings.Contains(page, want) {
				t.Errorf("status %d is %s, and the page lacks %q", status, class, want)
			}
		}
	}
}

func TestErrorReference_IsTheGeneratedPage(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "guides", "error-reference.md"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.TrimSpace(string(page)) != strings.TrimSpace(errorReference()) {
		t.Error("docs/guides/error-reference.md is out of date: run make generate")
	}
}
