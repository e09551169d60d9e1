package emulator

import (
	"bytes"
	"cmp"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"
)

const (
	defaultHugeBody = 32 << 20
	hugeBodyChunk   = 64 << 10

	badGatewayPage = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n" +
		"<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n"
)

// play lets a fault happen to a request.
func (e *Emulator) play(w http.ResponseWriter, r *http.Request, q *request, fault *Fault) {
	if fault.Kind == Slow || fault.Kind == Held {
		e.send(w, q, e.carryOutLate(q, fault))
		return
	}
	genuine := refusal(q, fail("InternalError"))
	if fault.After || fault.Kind == OtherOrder {
		genuine = e.carryOut(q)
	}
	if fault.SpendToken {
		e.spendToken(q)
	}
	for name, value := range fault.Header {
		w.Header().Set(name, value)
	}
	switch fault.Kind {
	case Reset:
		reset(w)
	case Hang:
		e.hang(r)
	case OtherOrder:
		e.send(w, q, genuine)
	case TruncatedBody:
		e.playTruncated(w, q, genuine, fault)
	case WrongContentLength:
		e.playWrongLength(w, q, genuine, fault)
	case HTMLPage:
		e.sendRaw(w, q, cmp.Or(fault.HTTPStatus, http.StatusBadGateway),
			cmp.Or(fault.ContentType, "text/html"), cmp.Or(fault.Body, badGatewayPage))
	case EmptyBody:
		e.sendRaw(w, q, cmp.Or(fault.HTTPStatus, http.StatusOK), "", "")
	case RawBody:
		status := cmp.Or(fault.HTTPStatus, http.StatusOK)
		e.sendRaw(w, q, status, cmp.Or(fault.ContentType, contentTypeJSON), fault.Body)
		if status < http.StatusOK && status != http.StatusSwitchingProtocols {
			e.hang(r) // Returning would send a 200.
		}
	case Redirect:
		w.Header().Set("Location", cmp.Or(fault.Location, "/redirected"))
		e.sendRaw(w, q, cmp.Or(fault.HTTPStatus, http.StatusFound), "", "")
	case HugeBody:
		e.playHuge(w, q, fault)
	default:
		failure := q.fail(cmp.Or(fault.Code, "InternalError"))
		failure.status = cmp.Or(fault.HTTPStatus, failure.status)
		failure.message = cmp.Or(fault.Message, failure.message)
		e.send(w, q, refusal(q, failure))
	}
}

// carryOutLate carries out a request of which the fault delays the work or, with
// After, the answer.
func (e *Emulator) carryOutLate(q *request, fault *Fault) answer {
	if fault.After {
		late := e.carryOut(q)
		e.pause(q, fault)
		return late
	}
	e.holdToken(q)
	defer e.releaseToken(q)
	e.pause(q, fault)
	return e.carryOut(q)
}

// pause waits for Release or, with a Slow fault, for its delay.
func (e *Emulator) pause(q *request, fault *Fault) {
	if fault.Kind == Slow {
		e.wait(fault.Delay)
		return
	}
	select {
	case <-q.released:
	case <-e.stopped:
		panic(http.ErrAbortHandler)
	}
}

// wait lets a delay pass. It aborts the request if the server closes meanwhile.
func (e *Emulator) wait(delay time.Duration) {
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-e.stopped:
		panic(http.ErrAbortHandler)
	}
}

// hang keeps a request until the client goes away or the server closes.
func (e *Emulator) hang(r *http.Request) {
	select {
	case <-r.Context().Done():
	case <-e.stopped:
	}
	panic(http.ErrAbortHandler)
}

func (e *Emulator) playTruncated(w http.ResponseWriter, q *request, a answer, fault *Fault) {
	body, contentType := a.encode(q.format())
	status := cmp.Or(fault.HTTPStatus, a.status)
	e.announce(w, q, status, a.code)
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body[:len(body)/2]) // The client may be gone.
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

// playWrongLength writes to the connection itself, since net/http refuses to
// send more than was announced.
func (e *Emulator) playWrongLength(w http.ResponseWriter, q *request, a answer, fault *Fault) {
	body, contentType := a.encode(q.format())
	status := cmp.Or(fault.HTTPStatus, a.status)
	e.announce(w, q, status, a.code)
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer func() { _ = connection.Close() }()
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)/2))
	w.Header().Set("Connection", "close")
	var out bytes.Buffer
	fmt.Fprintf(&out, "HTTP/1.1 %d %s\r\n", status, http.StatusText(status))
	_ = w.Header().Write(&out) // A buffer does not fail.
	out.WriteString("\r\n")
	out.Write(body)
	_, _ = connection.Write(out.Bytes()) // The client may be gone.
}

func (e *Emulator) playHuge(w http.ResponseWriter, q *request, fault *Fault) {
	status := cmp.Or(fault.HTTPStatus, http.StatusOK)
	e.announce(w, q, status, "")
	const end = `"}`
	start := fmt.Sprintf(`{"RequestId":"%s","Padding":"`, q.id)
	w.Header().Set("Content-Type", contentTypeJSON)
	w.WriteHeader(status)
	_, err := w.Write([]byte(start))
	chunk := bytes.Repeat([]byte("x"), hugeBodyChunk)
	for left := cmp.Or(fault.Size, defaultHugeBody) - int64(len(start)+len(end)); left > 0 && err == nil; left -= hugeBodyChunk {
		_, err = w.Write(chunk[:min(left, hugeBodyChunk)])
	}
	_, _ = w.Write([]byte(end)) // The client may be gone.
}

// sendRaw answers with a body that is not the API's.
func (e *Emulator) sendRaw(w http.ResponseWriter, q *request, status int, contentType, body string) {
	e.announce(w, q, status, "")
	if contentType != "" {
		w.Header().Set("Content-Type", contentType)
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body)) // The client may be gone.
}

// reset ends the connection with RST, so that the client reads a reset and not
// an orderly end.
func reset(w http.ResponseWriter) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	raw := connection
	if secured, ok := connection.(*tls.Conn); ok {
		raw = secured.NetConn()
	}
	if tcp, ok := raw.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	// Closing the TCP connection under TLS keeps the farewell message away.
	_ = raw.Close()
}
