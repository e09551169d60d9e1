package gateway

import (
	"bytes"
	"cmp"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"time"
)

const (
	defaultHugeBody = 32 << 20
	hugeBodyChunk   = 64 << 10

	badGatewayPage = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n" +
		"<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n"
)

// play applies a fault to a request.
func (g *Gateway) play(w http.ResponseWriter, r *http.Request, q *Request, fault *Fault) {
	if fault.Kind == Slow || fault.Kind == Held {
		g.send(w, q, g.runLate(q, fault))
		return
	}
	genuine := refusal(q, NewError("InternalError"))
	if fault.After || fault.Kind == OtherOrder {
		genuine = g.run(q)
	}
	if fault.SpendToken {
		g.store.SpendToken(q.tokenKey())
	}
	for name, value := range fault.Header {
		w.Header().Set(name, value)
	}
	sendRaw := func(presetStatus int, contentType, body string) {
		g.sendBody(w, q, cmp.Or(fault.HTTPStatus, presetStatus), "", contentType, []byte(body))
	}
	switch fault.Kind {
	case Reset:
		reset(w)
	case Hang:
		g.hang(r)
	case OtherOrder:
		g.send(w, q, genuine)
	case TruncatedBody, WrongContentLength:
		g.playWrongLength(w, q, genuine, fault)
	case HTMLPage:
		sendRaw(http.StatusBadGateway, cmp.Or(fault.ContentType, "text/html"), cmp.Or(fault.Body, badGatewayPage))
	case EmptyBody:
		sendRaw(http.StatusOK, "", "")
	case RawBody:
		sendRaw(http.StatusOK, cmp.Or(fault.ContentType, contentTypeJSON), fault.Body)
		if status := fault.HTTPStatus; status != 0 && status < http.StatusOK && status != http.StatusSwitchingProtocols {
			g.hang(r) // A return would send status 200.
		}
	case Redirect:
		w.Header().Set("Location", cmp.Or(fault.Location, "/redirected"))
		sendRaw(http.StatusFound, "", "")
	case HugeBody:
		g.playHuge(w, q, fault)
	default:
		failure := q.newError(cmp.Or(fault.Code, "InternalError"))
		failure.Status = cmp.Or(fault.HTTPStatus, failure.Status)
		failure.Message = cmp.Or(fault.Message, failure.Message)
		g.send(w, q, refusal(q, failure))
	}
}

// runLate runs the operation after the pause of the fault. With After, it runs before.
func (g *Gateway) runLate(q *Request, fault *Fault) answer {
	if fault.After {
		late := g.run(q)
		g.pause(q, fault)
		return late
	}
	if g.store.HoldToken(q.tokenKey()) {
		q.holdsToken = true
		defer g.store.ReleaseToken(q.tokenKey())
	}
	g.pause(q, fault)
	return g.run(q)
}

// pause waits for Release or, for a Slow fault, for its delay.
func (g *Gateway) pause(q *Request, fault *Fault) {
	if fault.Kind == Slow {
		g.wait(fault.Delay)
		return
	}
	select {
	case <-q.released:
	case <-g.stopped:
		panic(http.ErrAbortHandler)
	}
}

// wait waits for a delay. It aborts the request if the server closes.
func (g *Gateway) wait(delay time.Duration) {
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-g.stopped:
		panic(http.ErrAbortHandler)
	}
}

// hang waits until the client disconnects or the server closes, and aborts the request.
func (g *Gateway) hang(r *http.Request) {
	select {
	case <-r.Context().Done():
	case <-g.stopped:
	}
	panic(http.ErrAbortHandler)
}

// playWrongLength sends half of the body, or announces half of it. It writes directly to the
// connection, because net/http does not send more than the announced length.
func (g *Gateway) playWrongLength(w http.ResponseWriter, q *Request, a answer, fault *Fault) {
	body, contentType := a.encode(q.format())
	announced, sent := len(body), body[:len(body)/2]
	if fault.Kind == WrongContentLength {
		announced, sent = len(body)/2, body
	}
	status := cmp.Or(fault.HTTPStatus, a.status)
	g.prepare(w, q, status, a.code, contentType, announced)
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer func() { _ = connection.Close() }()
	w.Header().Set("Connection", "close")
	var out bytes.Buffer
	fmt.Fprintf(&out, "HTTP/1.1 %d %s\r\n", status, http.StatusText(status))
	_ = w.Header().Write(&out) // A buffer does not fail.
	out.WriteString("\r\n")
	out.Write(sent)
	_, _ = connection.Write(out.Bytes()) // The client may have disconnected.
}

func (g *Gateway) playHuge(w http.ResponseWriter, q *Request, fault *Fault) {
	const end = `"}`
	start := fmt.Sprintf(`{"RequestId":"%s","Padding":"`, q.ID)
	status := cmp.Or(fault.HTTPStatus, http.StatusOK)
	g.prepare(w, q, status, "", contentTypeJSON, -1)
	w.WriteHeader(status)
	_, err := w.Write([]byte(start)) //nolint:gosec // It is no page.
	chunk := bytes.Repeat([]byte("x"), hugeBodyChunk)
	for left := cmp.Or(fault.Size, defaultHugeBody) - int64(len(start)+len(end)); left > 0 && err == nil; left -= hugeBodyChunk {
		_, err = w.Write(chunk[:min(left, hugeBodyChunk)])
	}
	_, _ = w.Write([]byte(end)) // The client may have disconnected.
}

// reset ends the connection with RST, so that the client gets "connection reset".
func reset(w http.ResponseWriter) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if secured, ok := connection.(*tls.Conn); ok {
		connection = secured.NetConn() // Closing it sends no TLS close message.
	}
	if tcp, ok := connection.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = connection.Close()
}
