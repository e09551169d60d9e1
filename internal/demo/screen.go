package main

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// columns is the width of the screen.
const columns = 80

// screen prints lines that are not wider than columns.
type screen struct {
	output io.Writer
	// warnings are the titles of the warnings that were shown.
	warnings map[string]bool
}

func (s screen) say(format string, values ...any) {
	s.print("")
	s.print(wrapped(fmt.Sprintf(format, values...), "==> ", "    ")...)
}

func (s screen) command(text string) {
	s.print("")
	s.print(wrapped(text, "$ ", "    ")...)
}

func (s screen) show(text string) {
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		content := strings.TrimLeft(line, " ")
		indent := line[:len(line)-len(content)]
		s.print(wrapped(content, indent, indent+"    ")...)
	}
}

func (s screen) print(lines ...string) {
	for _, line := range lines {
		_, _ = fmt.Fprintln(s.output, line)
	}
}

// wrapped breaks a text between words. A word that is too long stays whole.
func wrapped(text, first, others string) []string {
	if len(first)+len(text) <= columns { // It keeps spaces between words.
		return []string{strings.TrimRight(first+text, " ")}
	}
	lines, line := []string(nil), first
	for word := range strings.FieldsSeq(text) {
		if room := len(line) + 1 + len(word); room > columns && line != first {
			lines, line = append(lines, strings.TrimRight(line, " ")), others
		}
		line += word + " "
	}
	return append(lines, strings.TrimRight(line, " "))
}

var (
	// partStart is the beginning of a part of the output: a planned change, a warning, an
	// error, a line about the progress of one resource, or the end.
	partStart = regexp.MustCompile(`(?m)^(?:  # |Warning: |Error: |(?:data\.)?expressconnect_|Plan: |Apply |─)`)
	progress  = regexp.MustCompile(`^(?:data\.)?expressconnect_`)
	// varying is what differs between the titles of parts about several circuits.
	varying = regexp.MustCompile(`\d+`)
	// position is where a warning or error is in the configuration.
	position = regexp.MustCompile(`(?m),\n  on main\.tf line .*\n +\d+: .*$`)
)

// showOutput shows the output of a command from a line that begins with from. Of parts with
// similar titles it shows the longest, and the number of the others. Warnings that were shown
// before are only counted.
func (s screen) showOutput(output, from string) {
	if at := strings.Index("\n"+output, "\n"+from); at > 0 {
		output = output[at:]
	}
	var titles []string
	longest, number, again := map[string]string{}, map[string]int{}, 0
	for _, part := range parts(position.ReplaceAllString(output, "")) {
		title, _, _ := strings.Cut(part, "\n")
		title = varying.ReplaceAllString(title, "#")
		if s.warnings[title] {
			again++
			continue
		}
		if !slices.Contains(titles, title) {
			titles = append(titles, title)
		}
		if len(part) > len(longest[title]) {
			longest[title] = part
		}
		number[title]++
	}
	for _, title := range titles {
		if !progress.MatchString(title) {
			s.show("\n")
		}
		s.show(longest[title])
		if more := number[title] - 1; more > 0 {
			s.show(fmt.Sprintf("  (and %d more like this)", more))
		}
		s.warnings[title] = strings.HasPrefix(title, "Warning: ")
	}
	if again > 0 {
		s.show(fmt.Sprintf("\n(warnings as before: %d)", again))
	}
}

// parts returns the parts of the output, without empty lines around them.
func parts(output string) []string {
	var found []string
	for output != "" {
		end := len(output)
		if next := partStart.FindStringIndex(output[1:]); next != nil {
			end = next[0] + 1
		}
		if part := strings.Trim(output[:end], "\n"); part != "" {
			found = append(found, part)
		}
		output = output[end:]
	}
	return found
}
