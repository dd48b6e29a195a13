package wootest

import (
	"context"
	"io"
	"maps"
	"net/http"
	"slices"
	"syscall"
	"time"
)

// distort lets the answer go wrong.
func (f *Fault) distort(a *answer, r *http.Request) {
	if f.Prefix != "" {
		a.body = append([]byte(f.Prefix), a.body...)
	}
	for name, values := range f.Header {
		// A name that has no values keeps the server from adding it after all.
		a.header[http.CanonicalHeaderKey(name)] = slices.Clone(values)
	}
	if f.Rewrite != nil {
		sees := Answer{Request: r, Status: a.status, Header: a.header, Body: a.body}
		f.Rewrite(&sees)
		a.status, a.header, a.body = sees.Status, sees.Header, sees.Body
	}
	a.whole, a.drip, a.endless, a.reset = true, f.Drip, f.Endless, f.Reset
	switch {
	case f.Drop:
		a.drop = true
	case f.Empty:
		a.body = nil
	case f.Cut > 0 && f.Cut < len(a.body):
		a.cut, a.full, a.body = true, len(a.body), a.body[:f.Cut]
	case f.Claim > 0:
		a.cut, a.full = true, len(a.body)+f.Claim
	case f.Endless:
	default:
		return
	}
	a.whole = false
}

// again is a copy for another request.
func (a *answer) again() answer {
	b := *a
	b.header = maps.Clone(a.header)
	b.served = slices.Clone(a.served)
	return b
}

// slow says whether the body does not come at once.
func (a *answer) slow() bool { return a.drip > 0 || a.endless }

// reader is the body as it comes, for a client that reads it.
func (a *answer) reader(r *http.Request, closed <-chan struct{}) io.Reader {
	d := &dripping{ctx: r.Context(), closed: closed, body: a.sent(r.Method), pause: a.drip}
	if a.endless && r.Method != http.MethodHead {
		d.endless = true
	}
	return d
}

// dripping is a body that takes its time.
type dripping struct {
	ctx     context.Context
	closed  <-chan struct{}
	body    []byte
	pause   time.Duration
	endless bool
}

// Read gives one byte after a pause, or as many as fit without one.
func (d *dripping) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if len(d.body) == 0 && !d.endless {
		return 0, io.EOF
	}
	if err := d.rest(); err != nil {
		return 0, err
	}
	if d.pause > 0 {
		p = p[:1]
	}
	if len(d.body) > 0 {
		n := copy(p, d.body)
		d.body = d.body[n:]
		return n, nil
	}
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func (d *dripping) rest() error {
	timer := time.NewTimer(d.pause)
	defer timer.Stop()
	select {
	case <-d.ctx.Done():
		return d.ctx.Err()
	case <-d.closed:
		return io.ErrUnexpectedEOF
	case <-timer.C:
		return nil
	}
}

// broken is the rest of a connection that ended too early.
type broken struct{ reset bool }

func (b broken) Read([]byte) (int, error) {
	if b.reset {
		return 0, syscall.ECONNRESET
	}
	return 0, io.ErrUnexpectedEOF
}
