package main

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"sync"
	"time"
)

var (
	downloadLine = regexp.MustCompile(`^go: downloading \S+ \S+$`)
	// packageLine is what go build -v prints for each package that it compiles.
	packageLine = regexp.MustCompile(`^[\w.~-]+(/[\w.~-]+)*$`)
)

// meter passes on the error output of a command. It counts the lines for downloaded modules
// and compiled packages instead of printing them.
type meter struct {
	output io.Writer
	most   int // of the packages; 0 means that they are not counted

	mu                sync.Mutex
	printed           time.Time
	line              []byte // that has not ended
	modules, packages int
}

func newMeter(output io.Writer, most int) *meter {
	return &meter{output: output, most: most, printed: time.Now()}
}

// Write counts and prints lines.
func (m *meter) Write(p []byte) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for line := range bytes.Lines(p) {
		m.line = append(m.line, line...)
		if line[len(line)-1] == '\n' {
			m.endLine()
		}
	}
	return len(p), nil
}

func (m *meter) endLine() {
	switch text := bytes.TrimSpace(m.line); {
	case downloadLine.Match(text):
		m.modules++
	case m.most > 0 && packageLine.Match(text):
		m.packages++
	default:
		_, _ = m.output.Write(m.line)
		m.printed = time.Now()
	}
	m.line = m.line[:0]
}

// flush prints a last line without an end.
func (m *meter) flush() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.line) > 0 {
		m.line = append(m.line, '\n')
		m.endLine()
	}
}

func (m *meter) print(text string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, _ = fmt.Fprintln(m.output, text)
	m.printed = time.Now()
}

// untilSilence returns the time until the command has been silent for too long.
func (m *meter) untilSilence() time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	return time.Until(m.printed.Add(silence))
}

// counts returns what was counted, as the end of a line.
func (m *meter) counts() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	text := ""
	if m.modules > 0 {
		text += fmt.Sprintf(", modules downloaded: %d", m.modules)
	}
	if m.most > 0 {
		text += fmt.Sprintf(", packages compiled: %d of at most %d", m.packages, m.most)
	}
	return text
}

// touchedBy returns a writer to output. What it writes ends the silence.
func (m *meter) touchedBy(output io.Writer) io.Writer { return &touch{m, output} }

type touch struct {
	meter  *meter
	output io.Writer
}

func (t *touch) Write(p []byte) (int, error) {
	t.meter.mu.Lock()
	defer t.meter.mu.Unlock()
	t.meter.printed = time.Now()
	return t.output.Write(p)
}
