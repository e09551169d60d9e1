package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// readme returns the page about the emulator.
func readme(t *testing.T) string {
	t.Helper()
	page, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

func TestREADME_NamesEveryFlag(t *testing.T) {
	t.Parallel()
	var help bytes.Buffer
	if err := run(t.Context(), []string{"-help"}, io.Discard, &help); err != nil {
		t.Fatal(err)
	}
	flags := regexp.MustCompile(`(?m)^  (-[a-z-]+)`).FindAllStringSubmatch(help.String(), -1)
	if len(flags) < 10 {
		t.Fatalf("flags %q", flags)
	}
	page := readme(t)
	for _, flag := range flags {
		if !strings.Contains(page, "`"+flag[1]+"`") && !strings.Contains(page, "`"+flag[1]+" ") {
			t.Errorf("internal/emulator/README.md does not name %s", flag[1])
		}
	}
}

const command = "expressconnect-emulator "

// It runs the commands of the page one after the other. Each emulator that they start
// listens on a free port, and later commands use the last one.
func TestREADME_EveryCommandWorks(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"sh", "curl", "cat"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(err)
		}
	}
	r := reader{dir: t.TempDir()}
	for _, block := range regexp.MustCompile("(?s)```shell\n(.*?)```").FindAllStringSubmatch(readme(t), -1) {
		script, local := "", r.url
		for line := range strings.Lines(block[1]) {
			line = strings.Replace(line, "go run ./internal/emulator/cmd/expressconnect-emulator ", command, 1)
			switch {
			case strings.HasPrefix(line, "docker "):
				_, args, _ := strings.Cut(line, "VERSION ")
				r.emulator(t, append(instruction(t, "ENTRYPOINT")[1:], strings.Fields(args)...))
			case strings.HasPrefix(line, "aliyun "):
				r.leftOut++
			case strings.HasPrefix(line, command):
				r.emulator(t, strings.Fields(strings.TrimPrefix(line, command)))
			default:
				script += line
			}
		}
		r.shell(t, script)
		if strings.Contains(block[1], "docker ") {
			r.url = local // The page goes on without the image.
		}
	}
	if r.started != 6 || r.commands != 9 || r.leftOut != 1 {
		t.Errorf("%d emulators started, %d other commands, %d left out", r.started, r.commands, r.leftOut)
	}
}

// reader does what a reader of the page does.
type reader struct {
	dir, url                   string
	started, commands, leftOut int
}

// emulator runs the emulator with flags of the page.
func (r *reader) emulator(t *testing.T, args []string) {
	t.Helper()
	if args[0] == "-check-health" {
		if err := run(t.Context(), []string{args[0], r.url}, io.Discard, io.Discard); err != nil {
			t.Error(err)
		}
		return
	}
	for i, arg := range args {
		switch {
		case arg == "0.0.0.0:8480": // Tests use only loopback addresses.
			args[i] = "127.0.0.1:0"
		case strings.HasSuffix(arg, ".json"), strings.HasSuffix(arg, ".pem"):
			args[i] = filepath.Join(r.dir, arg)
		}
	}
	r.url, _ = running(t, args...)
	r.started++
}

// shell runs other commands of the page.
func (r *reader) shell(t *testing.T, script string) {
	t.Helper()
	if script == "" {
		return
	}
	r.commands += strings.Count(script, "curl ") + strings.Count(script, "cat ")
	script = strings.NewReplacer("http://127.0.0.1:8480", r.url, "https://127.0.0.1:8480", r.url).Replace(script)
	script = strings.ReplaceAll(script, "curl ", "curl --fail --noproxy 127.0.0.1 ")
	sh := exec.CommandContext(t.Context(), "sh", "-e", "-c", script) //nolint:gosec // A command of the page.
	sh.Dir = r.dir
	var output bytes.Buffer
	sh.Stdout, sh.Stderr = &output, &output
	if err := sh.Run(); err != nil {
		t.Errorf("%v\n%s\n%s", err, script, output.String())
	}
}
