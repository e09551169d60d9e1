package rpc_test

import (
	"encoding/json"
	"maps"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
)

// FuzzText checks that every JSON value is a text, and that its number and its time are
// the ones that are written.
func FuzzText(f *testing.F) {
	for _, seed := range []string{
		`"2022-08-09T05:00Z"`, `"2022-08-09T05:00:00+08:00"`, `"9999-12-31T23:59:59-01:00"`, `"0000-01-01T00:00:00+01:00"`,
		`10`, `"10"`, `-9223372036854775808`, `1e3`, `"+1"`, `true`, `"TRUE"`, `null`, `{}`, `[]`, `" a\n"`, `"\ud800"`, "\"\xff\"", ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var text rpc.Text
		err := json.Unmarshal(data, &text)
		if (err == nil) != json.Valid(data) {
			t.Fatalf("error %v", err)
		}
		if len(text) > rpc.MaxText || strings.TrimSpace(text.String()) != text.String() {
			t.Errorf("%d bytes: %q", len(text), text)
		}
		if number := text.Number(); number != nil {
			encoded, err := json.Marshal(*number)
			if sign := strings.TrimLeft(text.String(), "+-0"); err != nil || sign != "" && !strings.HasSuffix(string(encoded), sign) {
				t.Errorf("%q is read as %s", text, encoded)
			}
		}
		if at := text.Time(); at != nil {
			written, err := at.MarshalText()
			var again time.Time
			if err != nil || again.UnmarshalText(written) != nil || !again.Equal(*at) {
				t.Errorf("%q is read as %s and written as %q, %v", text, at, written, err)
			}
		}
	})
}

// FuzzRows checks that a page is believed only if it is JSON with a list, and that a list
// is never longer than allowed.
func FuzzRows(f *testing.F) {
	for _, seed := range []string{
		`{"Count":2,"Rows":["a","b"]}`, `{"count":"0"}`, `{"Count":0,"Rows":null}`, `{"Rows":[]}`, `{"Rows":{}}`, `{"Count":"x","Rows":[]}`,
		`{"Rows":["a","b","c"]}`, `{"Rows":["a"],"Rows":["b"]}`, `{"Rows":[{}]}`, `[]`, `null`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var list struct {
			Count rpc.Text
			Rows  rpc.Array[rpc.Text]
		}
		list.Rows.Max = 2
		rows, total, problem := rpc.Rows(body, "things", &list, &list.Rows, &list.Count)
		lower := strings.ToLower(string(body))
		switch {
		case len(list.Rows.Entries) > 2:
			t.Errorf("%d rows", len(list.Rows.Entries))
		case problem != "" && (len(rows) > 0 || total != nil):
			t.Errorf("%q, but also %q and a total", problem, rows)
		case problem == "" && !json.Valid(body):
			t.Errorf("no problem with %q", body)
		case problem == "" && len(rows) == 0 && !strings.Contains(lower, "[") && (total == nil || *total != 0):
			t.Errorf("no list in %q, but no problem", body)
		case strings.Contains(problem, "canary"):
			t.Errorf("the problem quotes the answer: %q", problem)
		}
	})
}

// FuzzParseEndpoint checks that an endpoint that is accepted is one host, that plain HTTP
// stays on this machine, and that no error shows a password.
func FuzzParseEndpoint(f *testing.F) {
	for _, seed := range []string{
		"vpc.aliyuncs.com", "HTTPS://vpc.aliyuncs.com:443/", "http://127.0.0.1:8480", "[::1]:8480", "::1", "[::ffff:127.0.0.1]", "localhost", "127.1",
		"https://user:canary@vpc.aliyuncs.com", "http://192.0.2.1", "a:0", "a:+1", "[fe80::1%25eth0]", "[127.0.0.1]", "http://0x7f.1", "\u212Aelvin", "a%2fb", " ",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		endpoint, err := rpc.ParseEndpoint(text)
		if err != nil {
			if _, secret, found := strings.Cut(text, ":"); found && strings.HasPrefix(secret, "canary@") && strings.Contains(err.Error(), "canary") {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		again, err := rpc.ParseEndpoint(endpoint.String())
		if err != nil || again != endpoint {
			t.Errorf("%q is read as %s, and that as %s, %v", text, endpoint, again, err)
		}
		if strings.ContainsAny(endpoint.Host, "/?#@\\ \t\r\n%") {
			t.Errorf("%q is read as the host %q", text, endpoint.Host)
		}
		host, _, err := net.SplitHostPort(endpoint.Host)
		if err != nil {
			host = strings.Trim(endpoint.Host, "[]")
		}
		address, _ := netip.ParseAddr(host)
		if endpoint.Scheme != "https" && host != "localhost" && !address.Unmap().IsLoopback() {
			t.Errorf("%q sends plain HTTP to %s", text, endpoint.Host)
		}
	})
}

// FuzzMessage checks that a message shows no secret in any form, whatever stands around it,
// and is one short line.
func FuzzMessage(f *testing.F) {
	forms, kinds := slices.Sorted(maps.Keys(echoes)), slices.Sorted(maps.Keys(secrets))
	for form := range forms {
		f.Add("The token is wrong: ", " (see above).", uint8(form), uint8(form))
	}
	f.Add("server string to sign is:", "", uint8(0), uint8(0))
	f.Add("https://user:x@example/?a=", "\n\x00\xff", uint8(1), uint8(1))
	f.Add(`\u00`, "%", uint8(2), uint8(2))
	f.Fuzz(func(t *testing.T, before, after string, form, kind uint8) {
		secret := secrets[kinds[int(kind)%len(kinds)]]
		echo := echoes[forms[int(form)%len(forms)]](secret)
		shown := rpc.Clean(before+echo+after, secret)
		if shows(shown, secret, echo) {
			t.Errorf("%q and %q around the form %q: %q", before, after, forms[int(form)%len(forms)], shown)
		}
		if len(shown) > 1000+len("…") || strings.ContainsAny(shown, "\r\n\x00") || !utf8.ValidString(shown) {
			t.Errorf("%d bytes: %q", len(shown), shown)
		}
	})
}
