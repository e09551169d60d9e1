package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/emulator"
)

// running starts the command and returns its address and what it printed.
func running(t *testing.T, args ...string) (url, explanation string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	reader, writer := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := run(ctx, append([]string{"-listen", "127.0.0.1:0", "-shell", "sh"}, args...), writer, io.Discard)
		_ = writer.CloseWithError(io.EOF)
		ended <- err
	}()
	t.Cleanup(func() {
		cancel()
		_, _ = io.Copy(io.Discard, reader)
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	var text strings.Builder
	buffer := make([]byte, 1024)
	for !strings.Contains(text.String(), emulator.ControlPrefix) {
		n, err := reader.Read(buffer)
		text.Write(buffer[:n])
		if err != nil {
			t.Fatalf("%v after %s", err, text.String())
		}
	}
	explanation = text.String()
	return regexp.MustCompile(`https?://127\.0\.0\.1:[0-9]+`).FindString(explanation), explanation
}

func circuits(t *testing.T, client *http.Client, url string) []emulator.Circuit {
	t.Helper()
	var list []emulator.Circuit
	read(t, client, url+emulator.ControlPrefix+"circuits", &list)
	return list
}

func read(t *testing.T, client *http.Client, url string, value any) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if err := json.NewDecoder(response.Body).Decode(value); err != nil {
		t.Fatal(err)
	}
}

func TestCommand_ServesTheCircuitsOfItsFlags(t *testing.T) {
	t.Parallel()
	url, explanation := running(t, "-region", "cn-beijing", "-circuit", "pc-1", "-circuit", "pc-2=Allocated")
	list := circuits(t, &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, url)
	if len(list) != 2 || list[0].ID != "pc-1" || list[0].Status != "Confirmed" || list[0].Region != "cn-beijing" ||
		list[1].ID != "pc-2" || list[1].Status != "Allocated" {
		t.Errorf("circuits %+v", list)
	}
	host := strings.TrimPrefix(url, "http://") // for both providers: alicloud takes hosts alone
	for _, want := range []string{
		"ALIBABA_CLOUD_ENDPOINT_VPC=" + host, "ALIBABA_CLOUD_ENDPOINT_BSSOPENAPI=" + host, "ALIBABA_CLOUD_REGION=cn-beijing",
		"ALIBABA_CLOUD_ACCESS_KEY_ID=" + emulator.DefaultCredential.AccessKeyID,
		"ALIBABA_CLOUD_ACCESS_KEY_SECRET=" + emulator.DefaultCredential.AccessKeySecret,
	} {
		if !strings.Contains(explanation, want) {
			t.Errorf("%s does not contain %s", explanation, want)
		}
	}
}

func TestCommand_LimitsTheBalance(t *testing.T) {
	t.Parallel()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for _, want := range []emulator.Money{emulator.Unlimited, 99_50} {
		args := []string{"-balance", want.String()}
		if want == emulator.Unlimited {
			args = nil
		}
		url, _ := running(t, args...)
		var account struct{ Balance emulator.Money }
		if read(t, client, url+emulator.ControlPrefix+"balance", &account); account.Balance != want {
			t.Errorf("balance %s, want %s", account.Balance, want)
		}
	}
}

func TestCommand_WritesTheCertificateOfTheAuthority(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "ca.pem")
	url, explanation := running(t, "-tls", "-ca-file", file, "-circuit", "pc-1", "-access-key-secret", "hidden-secret")
	authority, err := os.ReadFile(file) //nolint:gosec // The file of this test.
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority)
	client := &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		TLSClientConfig:   &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
	}}
	if list := circuits(t, client, url); len(list) != 1 {
		t.Errorf("circuits %+v", list)
	}
	// Without a scheme, the provider uses plain HTTP for a loopback address.
	if !strings.Contains(explanation, "ENDPOINT_VPC="+url+"\n") || !strings.Contains(explanation, "SSL_CERT_FILE="+file) ||
		strings.Contains(explanation, "hidden-secret") {
		t.Errorf("explanation %s", explanation)
	}
}

func TestCommand_CAFile_IsPrintedAsAnAbsolutePath(t *testing.T) {
	t.Parallel()
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "ca.pem")
	relative, err := filepath.Rel(here, file)
	if err != nil {
		t.Fatal(err)
	}
	if _, explanation := running(t, "-tls", "-ca-file", relative); !strings.Contains(explanation, "SSL_CERT_FILE="+file) {
		t.Errorf("explanation %s", explanation)
	}
}

func TestCommand_QuirksFlags_AddUp(t *testing.T) {
	t.Parallel()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	url, _ := running(t, "-quirks", `{"EnableDelay":"1m"}`, "-quirks", `{"RequireLOA":true}`)
	var got emulator.Quirks
	read(t, client, url+emulator.ControlPrefix+"quirks", &got)
	if want := (emulator.Quirks{RequireLOA: true, EnableDelay: time.Minute}); got != want {
		t.Errorf("quirks %+v, want %+v", got, want)
	}
}

func TestCommand_InvalidFlags_AreRefused(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"-listen", "0.0.0.0:0"},
		{"-listen", ":8480"},
		{"-listen", "192.0.2.1:8480", "-tls"},
		{"-listen", "0.0.0.0:8480", "-allow-remote"},
		{"-listen", "0.0.0.0:8480", "-allow-remote", "-tls"},
		{"-allow-remote"},
		{"-tls-name", "emulator"},
		{"-tls", "-tls-name", "https://emulator"},
		{"-quirks", `{"ConstructionDelays":"5s"}`},
		{"-ca-file", "ca.pem"},
		{"-circuit", ""},
		{"-circuit", "pc-1="},
		{"-circuit", "pc-1=confirmed"},
		{"-quirks", `{"AutoPayOutcome":"Canceled"}`},
		{"-color", "red"},
		{"-shell", "fish"},
		{"-seed", "missing.json"},
		{"-state", "missing/state.json"},
		{"-balance", "much"},
		{"pc-1"},
	} {
		// Valid flags end at once, on a free port.
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		var out bytes.Buffer
		if err := run(ended, append([]string{"-listen", "127.0.0.1:0"}, args...), &out, io.Discard); err == nil {
			t.Errorf("%q is accepted: %s", args, out.String())
		}
	}
}

func TestCommand_RemoteAddress_ErrorNamesTheFlags(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		args []string
		want []string
	}{
		{[]string{"-listen", "0.0.0.0:8480"}, []string{`"0.0.0.0:8480"`, "127.0.0.1:8480", "-allow-remote", "-tls", "-tls-name"}},
		{[]string{"-listen", "0.0.0.0:8480", "-allow-remote"}, []string{"-tls"}},
		{[]string{"-listen", "0.0.0.0:8480", "-allow-remote", "-tls"}, []string{"-tls-name"}},
	} {
		err := run(t.Context(), test.args, io.Discard, io.Discard)
		for _, want := range test.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%q: %v does not contain %s", test.args, err, want)
			}
		}
	}
}

func TestCommand_TLSNames_AreInTheCertificate(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "ca.pem")
	url, explanation := running(t, "-tls", "-allow-remote", "-tls-name", "emulator.test", "-tls-name", "192.0.2.1", "-ca-file", file)
	authority, err := os.ReadFile(file) //nolint:gosec // The file of this test.
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority)
	for name, good := range map[string]bool{"emulator.test": true, "192.0.2.1": true, "127.0.0.1": true, "other.test": false} {
		dialer := &tls.Dialer{Config: &tls.Config{RootCAs: roots, ServerName: name, MinVersion: tls.VersionTLS12}}
		connection, err := dialer.DialContext(t.Context(), "tcp", strings.TrimPrefix(url, "https://"))
		if (err == nil) != good {
			t.Errorf("%s: %v, want success: %t", name, err, good)
		}
		if err == nil {
			_ = connection.Close()
		}
	}
	if !strings.Contains(explanation, "made-up access keys") {
		t.Errorf("the explanation does not warn: %s", explanation)
	}
}

func TestCommand_SetsQuirks(t *testing.T) {
	t.Parallel()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	url, _ := running(t, "-enable-delay", "0", "-quirks", `{"ConstructionDelay":"5s","RequireLOA":true,"EnableDelay":"1m"}`)
	var got emulator.Quirks
	read(t, client, url+emulator.ControlPrefix+"quirks", &got)
	if want := (emulator.Quirks{ConstructionDelay: 5 * time.Second, RequireLOA: true, EnableDelay: -1}); got != want {
		t.Errorf("quirks %+v, want %+v", got, want)
	}
}

func TestCommand_PrintsItsVersion(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := run(t.Context(), []string{"-version"}, &out, io.Discard); err != nil || out.String() != version+"\n" {
		t.Errorf("%q, %v", out.String(), err)
	}
}

func TestCommand_Help_ExplainsTheFlags(t *testing.T) {
	t.Parallel()
	var help bytes.Buffer
	if err := run(t.Context(), []string{"-help"}, io.Discard, &help); err != nil || !strings.Contains(help.String(), "-circuit id[=status]") {
		t.Errorf("%v: %s", err, help.String())
	}
}
