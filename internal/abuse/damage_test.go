package abuse

import (
	"encoding/base64"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
)

// damage is an answer that repeats the secrets of its request.
type damage struct {
	name string
	// encoding is how the secrets are written.
	encoding func(string) string
	answer   func(w http.ResponseWriter, secrets string)
	// proxy is the status with which the proxy refuses; 0 if it does not.
	proxy int64
}

// damages returns all damages in a random order: each encoding in an error of the API, and
// each place of an answer with the plain secrets.
func damages(random *rand.Rand) []damage {
	var all []damage
	for name, encoding := range encodings {
		all = append(all, damage{name: name, encoding: encoding, answer: repeatsInError})
	}
	for name, answer := range map[string]func(http.ResponseWriter, string){
		"code":       func(w http.ResponseWriter, text string) { answerError(w, text, "m", "R-1", "") },
		"request ID": func(w http.ResponseWriter, text string) { answerError(w, "Forbidden.RAM", "m", text, "") },
		"help page": func(w http.ResponseWriter, text string) {
			answerError(w, "Forbidden.RAM", "m", "R-1", "https://api.aliyun.com/?q="+text)
		},
		"header": func(w http.ResponseWriter, text string) {
			w.Header().Set("X-Acs-Request-Id", text)
			answerError(w, "Forbidden.RAM", "m", "", "")
		},
		"redirect": func(w http.ResponseWriter, text string) {
			w.Header().Set("Location", "https://"+apiNames[0]+"/?"+text)
			w.WriteHeader(http.StatusFound)
		},
		"page": func(w http.ResponseWriter, text string) {
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, "<html>"+text)
		},
		"XML": func(w http.ResponseWriter, text string) {
			w.WriteHeader(http.StatusForbidden)
			_, _ = fmt.Fprintf(w, "<Error><Code>X</Code><Message>%s</Message></Error>", encodings["HTML"](text))
		},
		"success": func(w http.ResponseWriter, text string) {
			_, _ = fmt.Fprintf(w, `{"RequestId":%q,"Padding":%q}`, text, text)
		},
		"string to sign": func(w http.ResponseWriter, text string) {
			answerError(w, "SignatureDoesNotMatch", "server string to sign is:"+text, "R-1", "")
		},
		"broken protocol": brokenProtocol,
	} {
		all = append(all, damage{name: name, encoding: strings.Clone, answer: answer})
	}
	for _, status := range []int64{http.StatusProxyAuthRequired, http.StatusBadGateway} {
		all = append(all, damage{name: fmt.Sprint("proxy ", status), encoding: strings.Clone, answer: repeatsInError, proxy: status})
	}
	slices.SortFunc(all, func(a, b damage) int { return strings.Compare(a.name, b.name) }) // So that a seed repeats the order.
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

func repeatsInError(w http.ResponseWriter, secrets string) {
	answerError(w, "Forbidden.RAM", "You sent "+secrets+".", "R-1", "")
}

// answerError answers in the format of an API error that no client repeats.
func answerError(w http.ResponseWriter, code, text, requestID, recommend string) {
	w.WriteHeader(http.StatusForbidden)
	_, _ = fmt.Fprintf(w, `{"Code":%q,"Message":"%s","RequestId":%q,"Recommend":%q}`, code, quoted(text), requestID, recommend)
}

// brokenProtocol sends the secrets instead of an answer: net/http logs what it does not
// understand.
func brokenProtocol(w http.ResponseWriter, secrets string) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return // The client has gone.
	}
	defer func() { _ = connection.Close() }()
	_, _ = io.WriteString(connection, "HTTP/1.1 "+secrets+"\r\n"+secrets+"\r\n\r\n"+secrets)
}

// answers returns a handler that damages its answers. Each answer repeats all secrets that
// the request could show: those that were sent, and those of the account.
func (d damage) answers() http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var secrets []string
		for _, name := range []string{"AccessKeyId", "SecurityToken", "OIDCToken", "Signature"} {
			if secret := r.Form.Get(name); secret != "" {
				secrets = append(secrets, d.encoding(secret))
			}
		}
		if r.Form.Get("SecurityToken") == "" && r.Form.Get("OIDCToken") == "" {
			secrets = append(secrets, d.encoding(canarySecret))
		}
		d.answer(w, strings.Join(secrets, " "))
	}
}

// proxy connects to one target, whatever host is wanted. It requires a password.
type proxy struct {
	target, user, password string
	// refuse is the status of its refusals; 0 if it refuses nothing.
	refuse atomic.Int64
}

// ServeHTTP answers CONNECT. A refusal repeats the password.
func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	given := r.Header.Get("Proxy-Authorization")
	want := "Basic " + base64.StdEncoding.EncodeToString([]byte(p.user+":"+p.password))
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return // The client has gone.
	}
	if r.Method != http.MethodConnect || given != want || p.refuse.Load() != 0 {
		said := given + " " + p.password
		_, _ = fmt.Fprintf(connection, "HTTP/1.1 %d %s\r\nX-Given: %s\r\nContent-Length: %d\r\n\r\n%s",
			max(p.refuse.Load(), http.StatusProxyAuthRequired), said, said, len(said), said)
		_ = connection.Close()
		return
	}
	target, err := (&net.Dialer{}).DialContext(r.Context(), "tcp", p.target)
	if err != nil {
		_ = connection.Close()
		return
	}
	_, _ = io.WriteString(connection, "HTTP/1.1 200 OK\r\n\r\n")
	go relay(target, connection)
	relay(connection, target)
}

// relay copies until the end, and closes both.
func relay(to, from net.Conn) {
	_, _ = io.Copy(to, from) // One of them has ended.
	_ = to.Close()
	_ = from.Close()
}
