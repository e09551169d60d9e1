package abuse

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"time"
)

const (
	// dripPause is the time between two bytes of a slow answer.
	dripPause = 50 * time.Millisecond
	// bombSize is the size of the unpacked bomb.
	bombSize = 2 << 30
	// nestedSize is the size of nested JSON, a little below the largest answer that is read.
	nestedSize = 4<<20 - 1<<10
)

// behavior is what a server sends instead of an answer.
type behavior struct {
	name string
	// slow means that the client waits for its own timeout.
	slow   bool
	answer func(connection net.Conn)
}

const (
	ok      = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
	toClose = ok + "Connection: close\r\n\r\n"
	chunked = ok + "Transfer-Encoding: chunked\r\n\r\n"
)

// behaviors returns all behaviors. Redirects go to the address of a trap.
func behaviors(random *rand.Rand, trap string) []behavior {
	return slices.Concat(slowBehaviors(), endlessBehaviors(), wrongBehaviors(random), redirects(trap))
}

func slowBehaviors() []behavior {
	return []behavior{
		{"silence", true, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }},
		{"slow header", true, func(c net.Conn) { drip(c, "HTTP/1.1 200 OK\r\nX-Slow: ") }},
		{"slow body", true, func(c net.Conn) { drip(c, toClose+`{"RequestId":"`) }},
		{"switched protocol", false, func(c net.Conn) {
			_, _ = io.WriteString(c, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n")
			_, _ = io.Copy(io.Discard, c)
		}},
	}
}

func endlessBehaviors() []behavior {
	bomb := compressedBomb()
	return []behavior{
		{"endless body", false, endless(toClose+`{"RequestId":"`, "x")},
		{"endless white space", false, endless(toClose, " ")},
		{"endless chunks", false, endless(chunked, "10\r\n{\"RequestId\": \"a\r\n")},
		{"endless chunk extension", false, endless(chunked+"1", ";x")},
		{"endless trailer", false, endless(chunked+"2\r\n{}\r\n0\r\n", "X-Trailer: x\r\n")},
		{"endless header", false, endless(ok+"X-Header: ", "x")},
		{"endless headers", false, endless(ok, "X-Header: x\r\n")},
		{"endless status line", false, endless("HTTP/1.1 200 ", "x")},
		{"flood of 1xx", false, endless("", "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n")},
		{"compressed bomb", false, func(c net.Conn) {
			_, _ = fmt.Fprintf(c, ok+"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n", len(bomb))
			_, _ = c.Write(bomb)
		}},
		{"nested objects", false, sized(strings.Repeat(`{"Code":`, nestedSize/8))},
		{"nested lists", false, sized(`{"Message":` + strings.Repeat(`[`, nestedSize))},
		{"nested XML", false, sized(strings.Repeat(`<Error>`, nestedSize/7))},
	}
}

func wrongBehaviors(random *rand.Rand) []behavior {
	garbage := make([]byte, 1<<20)
	for i := range garbage {
		garbage[i] = byte(random.UintN(256)) //nolint:gosec // A byte.
	}
	escapes := "\x1b[2J\x1b]0;title\x07"
	return []behavior{
		{"length too large", false, sends(ok + "Content-Length: 100000\r\n\r\n{}")},
		{"length too small", false, sends(ok + "Content-Length: 1\r\n\r\n{\"RequestId\":\"R\"}")},
		{"negative length", false, sends(ok + "Content-Length: -1\r\n\r\n{}")},
		{"two lengths", false, sends(ok + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ")},
		{"length and chunks", false, sends(ok + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}")},
		{"no answer", false, sends("")},
		{"reset", false, func(c net.Conn) { reset(c) }},
		{"reset in the body", false, func(c net.Conn) { _, _ = io.WriteString(c, toClose+`{"Reque`); reset(c) }},
		{"garbage", false, sends(string(garbage))},
		{"garbage in the body", false, sends(toClose + string(garbage))},
		{"garbage as gzip", false, sends(strings.Replace(toClose, "Connection", "Content-Encoding: gzip\r\nConnection", 1) + string(garbage))},
		{"TLS alert", false, sends("\x15\x03\x01\x00\x02\x02\x46")},
		{"no JSON", false, sends(toClose + "<html>hello</html>")},
		{"list instead of an object", false, sends(toClose + `[]`)},
		{"unknown status", false, sends("HTTP/1.1 999 What\r\nConnection: close\r\n\r\n{}")},
		{"terminal escapes", false, sends("HTTP/1.1 418 " + escapes + "\r\nX-Acs-Request-Id: " + escapes + "\r\nConnection: close\r\n\r\n" +
			`{"Code":"\u001b[2J","Message":"` + `\u001b[2J\u001b]0;title\u0007` + `","RequestId":"\u001b[2J","Recommend":"https://a/\u001b[2J"}`)},
	}
}

func redirects(trap string) []behavior {
	var all []behavior
	for _, status := range []int{301, 302, 303, 307, 308} {
		all = append(all, behavior{fmt.Sprintf("redirect %d", status), false, sends(fmt.Sprintf(
			"HTTP/1.1 %d Redirect\r\nLocation: %s/\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", status, trap))})
	}
	return all
}

// sends returns an answer of one text.
func sends(text string) func(net.Conn) {
	return func(c net.Conn) { _, _ = io.WriteString(c, text) } // The client may have gone.
}

// sized returns an answer with a body.
func sized(body string) func(net.Conn) {
	return sends(fmt.Sprintf(ok+"Content-Length: %d\r\n\r\n%s", len(body), body))
}

// endless returns an answer that repeats a text until the client closes the connection.
func endless(start, repeated string) func(net.Conn) {
	return func(c net.Conn) {
		chunk := []byte(strings.Repeat(repeated, 1+(32<<10)/len(repeated)))
		_, err := io.WriteString(c, start)
		for err == nil {
			_, err = c.Write(chunk)
		}
	}
}

// drip sends a text at once, and then one byte after another.
func drip(c net.Conn, start string) {
	ticker := time.NewTicker(dripPause)
	defer ticker.Stop()
	_, err := io.WriteString(c, start)
	for err == nil {
		<-ticker.C
		_, err = io.WriteString(c, "x")
	}
}

func reset(c net.Conn) {
	if tcp, isTCP := c.(*net.TCPConn); isTCP {
		_ = tcp.SetLinger(0)
	}
	_ = c.Close()
}

// compressedBomb returns a gzip file of a few megabytes. It consists of equal members, so
// that it is made fast.
func compressedBomb() []byte {
	var member bytes.Buffer
	packed := gzip.NewWriter(&member)
	_, _ = packed.Write(bytes.Repeat([]byte(" "), 1<<20)) // A buffer does not fail.
	_ = packed.Close()
	return bytes.Repeat(member.Bytes(), bombSize>>20)
}
