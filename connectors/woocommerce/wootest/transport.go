package wootest

import (
	"bytes"
	"crypto/tls"
	"io"
	"net/http"
)

// RoundTripper returns a transport that hands requests for the shop to it in
// memory, in the caller's goroutine, whatever host they name. A request over
// https counts as encrypted. A dropped connection is io.EOF, a cut body ends
// with io.ErrUnexpectedEOF.
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
	if a.cut {
		body = io.MultiReader(body, broken{})
	}
	return &http.Response{
		Status: http.StatusText(a.status), StatusCode: a.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: a.header, Body: io.NopCloser(body),
		ContentLength: a.length(), Request: r, TLS: request.TLS,
	}, nil
}

// broken is the rest of a connection that ended too early.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
