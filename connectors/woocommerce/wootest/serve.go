package wootest

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// answer is what goes back for a request.
type answer struct {
	status  int
	header  http.Header
	body    []byte
	drop    bool     // close the connection instead
	cut     bool     // the connection ends after the body, which should be longer
	full    int      // how long the body should be, when cut
	whole   bool     // a client gets all of the body
	served  []served // records in the body
	partial bool     // of which not all fields
	takes   time.Duration
	reset   bool          // how the connection ends that is cut
	drip    time.Duration // before each byte
	endless bool
}

// sent is what goes over the wire as the body.
func (a *answer) sent(method string) []byte {
	if method == http.MethodHead {
		return nil
	}
	return a.body
}

func (a *answer) length() int64 {
	if a.endless {
		return -1
	}
	if a.cut {
		return int64(a.full)
	}
	return int64(len(a.body))
}

// ServeHTTP serves the shop, so that it can stand behind a server or a
// middleware of your own. Set URL first when its address is not the default.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a := s.handle(r)
	if a.drop {
		if hijacked, _, err := http.NewResponseController(w).Hijack(); err == nil {
			_ = hijacked.Close()
			return
		}
		a = answer{status: http.StatusBadGateway, header: make(http.Header)} // there is no connection to close
	}
	maps.Copy(w.Header(), a.header)
	if a.cut {
		w.Header().Set("Content-Length", strconv.Itoa(a.full)) // net/http closes the connection when less comes
	}
	w.WriteHeader(a.status)
	if a.slow() {
		_, _ = io.Copy(flushing{w}, a.reader(r, s.closed))
		return
	}
	_, _ = w.Write(a.sent(r.Method)) // whoever does not listen any more misses it
	if a.reset {
		reset(w)
	}
}

// flushing sends what is written to it at once.
type flushing struct{ http.ResponseWriter }

func (f flushing) Write(p []byte) (int, error) {
	n, err := f.ResponseWriter.Write(p)
	if err == nil {
		err = http.NewResponseController(f.ResponseWriter).Flush()
	}
	return n, err
}

// reset lets the connection end without saying goodbye.
func reset(w http.ResponseWriter) {
	controller := http.NewResponseController(w)
	_ = controller.Flush()
	connection, _, err := controller.Hijack()
	if err != nil {
		return
	}
	if plain, ok := connection.(*net.TCPConn); ok {
		_ = plain.SetLinger(0)
	}
	_ = connection.Close()
}

// handle serves one request, with what tests want to go wrong.
func (s *Server) handle(r *http.Request) answer {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return answer{drop: true}
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	at := s.locate(r)
	n, before := s.begin(r, at.route.name)
	if before != nil {
		before(n, r)
	}
	s.mu.Lock()
	f := s.fault(n, r, at.route.name)
	full := s.config.capacity > 0 && s.busy >= s.config.capacity
	if !full {
		s.busy++
	}
	s.mu.Unlock()
	if full {
		a := overloaded()
		s.sent(n, r, &a)
		return a
	}
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.busy--
	}()
	if !s.wait(r, f.fault.Delay) {
		return answer{drop: true}
	}
	a := s.answered(r, f, at)
	if !s.wait(r, a.takes) {
		return answer{drop: true}
	}
	s.sent(n, r, &a)
	s.ping(r.Context())
	return a
}

// answered is the answer as it goes back, of the shop as it is at one moment.
func (s *Server) answered(r *http.Request, f *armed, at place) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.kept != nil && r.Method == http.MethodGet {
		return f.kept.again()
	}
	a := s.answerLocked(r, &f.fault, at)
	a.takes = s.takes(r, at, &a)
	f.fault.distort(&a, r)
	for i, one := range a.served {
		a.served[i].version = one.table.histories[one.id].Version
	}
	if f.fault.Replay && a.whole && r.Method == http.MethodGet {
		kept := a.again()
		f.kept = &kept
	}
	return a
}

// sent writes into the log and the histories what a client gets.
func (s *Server) sent(n int, r *http.Request, a *answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, set := a.header["Date"]; !set {
		a.header.Set("Date", s.now().Add(s.config.skew).Format(http.TimeFormat))
	}
	if a.drop {
		return
	}
	call := &s.calls[n-1]
	call.Status = a.status
	if r.Method == http.MethodGet {
		call.Records = len(a.served)
	}
	call.Bytes = len(a.sent(r.Method))
	if !a.whole || r.Method != http.MethodGet {
		return
	}
	e := Event{Kind: Served, At: s.now(), Request: n, Partial: a.partial}
	for _, one := range a.served {
		e.Version = one.version
		h := one.table.histories[one.id]
		h.Events = append(h.Events, e)
	}
}

// begin writes a request into the log.
func (s *Server) begin(r *http.Request, route string) (n int, before func(int, *http.Request)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ahead += s.config.tick
	n = len(s.calls) + 1
	s.calls = append(s.calls, Call{N: n, At: s.now(), Method: r.Method, Route: route, URL: r.URL.RequestURI()})
	return n, s.before
}

// wait says whether the request is still wanted after a delay.
func (s *Server) wait(r *http.Request, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
	case <-s.closed:
	}
	return false
}

// answerLocked is the answer before it is distorted.
func (s *Server) answerLocked(r *http.Request, f *Fault, at place) answer {
	if f.Status != 0 {
		return answer{status: f.Status, header: make(http.Header), body: []byte(f.Body)}
	}
	if s.err != nil {
		return answer{status: http.StatusInternalServerError, header: make(http.Header), body: []byte(s.err.Error())}
	}
	if a := s.front(r, at); a != nil {
		return *a
	}
	if f.StripAuthorization || s.config.stripAuthorization {
		r = r.Clone(r.Context())
		r.Header.Del("Authorization")
	}
	x := &exchange{server: s, data: s.data, request: r, route: at.route, path: at.path, ids: at.ids, method: r.Method}
	x.query = parseQuery(r.URL.RawQuery)
	if method := x.query.text("_method"); method != "" {
		x.method = strings.ToUpper(method)
	}
	return x.answer()
}

// badGateway is what nginx says when the headers of the shop do not fit into
// its buffer.
func badGateway() answer {
	const page = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n" +
		"<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n"
	return answer{
		status: http.StatusBadGateway, header: http.Header{"Content-Type": {"text/html"}}, body: []byte(page),
	}
}

// headerSize is how many bytes the headers take.
func headerSize(h http.Header) int {
	size := 0
	for name, values := range h {
		for _, value := range values {
			size += len(fmt.Sprintf("%s: %s\r\n", name, value))
		}
	}
	return size
}
