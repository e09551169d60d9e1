package physicalconnection_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/coretest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message/messagetest"
)

// direct is a transport that calls a handler without a connection.
type direct struct{ http.Handler }

func (d direct) RoundTrip(request *http.Request) (*http.Response, error) {
	recorder := httptest.NewRecorder()
	d.ServeHTTP(recorder, request)
	return recorder.Result(), nil
}

// FuzzNameRegex checks that exactly the regular expressions of Go are accepted, that the
// list has the circuits whose names match, and that a refusal is clear and short.
func FuzzNameRegex(f *testing.F) {
	for _, seed := range []string{
		"berlin", "^b.*-[2-9]$", "(?i)^AACHEN", "ü", "", "(", "(?=berlin)", `\8`, "a{1001}", "((a{100}){100}){100}", "[z-a]", "(?P<n>a)(?P<n>b)", "\xff", "*", "a**",
		strings.Repeat("(", 1001) + strings.Repeat(")", 1001), strings.Repeat("a", 2000) + "(", "x\n", `\pN`, `\p{Greek}`, `\p{No}`,
	} {
		f.Add(seed)
	}
	names := map[string]string{"pc-1": "berlin-1", "pc-2": "Aachen 2", "pc-3": "münchen_3"}
	played := emulator.New(emulator.Options{})
	for id, name := range names {
		played.AddCircuit(emulator.Circuit{ID: id, Name: name})
	}
	server, err := coretest.Serve(provider.NewWithTransport("test", direct{played}))
	if err != nil {
		f.Fatal(err)
	}
	core, diags, err := coretest.StartSource(f.Context(), server, listTypeName, settings)
	if err != nil || len(diags) > 0 {
		f.Fatal(err, diags)
	}
	f.Fuzz(func(t *testing.T, pattern string) {
		expression, invalid := regexp.Compile(pattern)
		config := arguments{"name_regex": pattern}
		diags, err := core.Validate(t.Context(), config)
		if err != nil || diags.HasError() != (invalid != nil || pattern == "") {
			t.Fatalf("%q: %v, %v, but %v", pattern, diags, err, invalid)
		}
		if diags.HasError() {
			messagetest.WantError(t, diags, "name_regex", message.InvalidValue, "name_regex must ")
			if detail := diags[0].Detail; len(detail) > 1000 || invalid != nil && !strings.Contains(detail, "RE2") {
				t.Errorf("%d bytes: %s", len(detail), detail)
			}
			return
		}
		read, diags, err := core.Read(t.Context(), config)
		if err != nil || len(diags) > 0 {
			t.Fatal(err, diags)
		}
		var want []string
		for id, name := range names {
			if expression.MatchString(name) {
				want = append(want, id)
			}
		}
		slices.Sort(want)
		if got := state(read).ids(t); !slices.Equal(got, want) {
			t.Errorf("%q selects %q, want %q", pattern, got, want)
		}
		played.ClearJournal()
	})
}
