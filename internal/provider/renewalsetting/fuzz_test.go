package renewalsetting_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/renewalsetting"
)

// FuzzImportID checks that exactly the IDs of the documented form are accepted, and that a
// refusal shows that form and the refused ID.
func FuzzImportID(f *testing.F) {
	for _, seed := range []string{"cn-hangzhou/pc-1", "cn-hangzhou/pc-1/5", "cn-hangzhou/", "/pc-1", "pc-1", "cn-hangzhou/pc-1\n", "cn-hangzhou//pc-1", "\xff/\x00", "CN/pc-1"} {
		f.Add(seed)
	}
	server, err := coretest.Serve(provider.New("test"))
	if err != nil {
		f.Fatal(err)
	}
	form := regexp.MustCompile(`\A[0-9a-z-]{1,64}/pc-[0-9A-Za-z_-]{1,61}\z`)
	f.Fuzz(func(t *testing.T, id string) {
		if id == "" {
			t.Skip("an import by identity")
		}
		resp, err := server.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: renewalsetting.TypeName, ID: id})
		if err != nil {
			t.Fatal(err)
		}
		diags := coretest.Diagnostics(resp.Diagnostics)
		refused := messagetest.Has(diags, message.WrongSettingImport)
		if refused == form.MatchString(id) {
			t.Errorf("%q: %s", id, diags)
		}
		if refused && (!strings.Contains(diags.String(), "<region_id>/<physical_connection_id>") || !strings.Contains(diags.String(), fmt.Sprintf("%q", id))) {
			t.Errorf("%q: %s", id, diags)
		}
	})
}
