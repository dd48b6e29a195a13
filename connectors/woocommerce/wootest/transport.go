package wootest

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"io"
	"net/http"
)

// RoundTripper returns a transport that hands requests for the shop to it in
// memory, in the caller's goroutine, whatever host they name. A request over
// https counts as encrypted. A dropped connection is io.EOF, a cut body ends
// with io.ErrUnexpectedEOF or syscall.ECONNRESET.
func (s *Server) RoundTripper() http.RoundTripper { return memory{s} }

type memory struct{ server *Server }

func (m memory) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	request := r.Clone(r.Context())
	if request.Host == "" {
		request.Host = r.URL.Host
	}
	request.RequestURI = r.URL.RequestURI()
	if r.URL.Scheme == "https" {
		request.TLS = &tls.ConnectionState{HandshakeComplete: true}
	}
	if request.Body == nil {
		request.Body = http.NoBody
	}
	defer func() { _ = request.Body.Close() }()
	a := m.server.handle(request)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if a.drop {
		return nil, io.EOF
	}
	var body io.Reader = bytes.NewReader(a.sent(r.Method))
	switch {
	case a.slow():
		body = a.reader(r, m.server.closed)
	case a.cut:
		body = io.MultiReader(body, broken{a.reset})
	}
	response := &http.Response{
		Status: http.StatusText(a.status), StatusCode: a.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: a.header, Body: io.NopCloser(body),
		ContentLength: a.length(), Request: r, TLS: request.TLS,
	}
	if a.header.Get("Content-Encoding") == "gzip" && r.Header.Get("Accept-Encoding") == "" && r.Method != http.MethodHead {
		unpack(response)
	}
	return response, nil
}

// unpack does what [http.Transport] does with an answer in gzip when nobody else
// asked for that.
func unpack(response *http.Response) {
	response.Body = &unpacked{packed: response.Body}
	response.Header.Del("Content-Encoding")
	response.Header.Del("Content-Length")
	response.ContentLength, response.Uncompressed = -1, true
}

// unpacked begins to read when it is read.
type unpacked struct {
	packed io.ReadCloser
	plain  *gzip.Reader
	err    error
}

func (u *unpacked) Read(p []byte) (int, error) {
	if u.plain == nil && u.err == nil {
		u.plain, u.err = gzip.NewReader(u.packed)
	}
	if u.err != nil {
		return 0, u.err
	}
	return u.plain.Read(p)
}

func (u *unpacked) Close() error { return u.packed.Close() }
