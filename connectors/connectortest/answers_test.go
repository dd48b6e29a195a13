package connectortest_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/woosync/woosync/connectors/connectortest"
)

const secret = "CANARY-key+of/the=depot"

// wire is what both fakes have in common: answers that are counted until they
// are closed, and the ways in which they fail. Its lock is that of the fake.
type wire struct {
	mu      sync.Mutex
	open    int
	failing connectortest.Failure
	silence chan struct{} // closed when answers come again
}

// fail makes every answer fail from now on.
func (w *wire) fail(way connectortest.Failure) (lift func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.failing, w.silence = way, make(chan struct{})
	silence := w.silence
	return sync.OnceFunc(func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.failing = ""
		close(silence)
	})
}

func (w *wire) connections() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.open
}

// spoil replaces an answer by what the way of failing makes of it. A nil answer
// stands for itself.
func (w *wire) spoil(r *http.Request, answer *http.Response) (*http.Response, error) {
	w.mu.Lock()
	way, silence := w.failing, w.silence
	w.mu.Unlock()
	switch way {
	case connectortest.Refused:
		return nil, errors.New("connection refused")
	case connectortest.Silence:
		select {
		case <-silence:
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	case connectortest.Unauthorized, connectortest.Forbidden, connectortest.NotFound, connectortest.Broken:
		status := map[connectortest.Failure]int{
			connectortest.Unauthorized: 401, connectortest.Forbidden: 403, connectortest.NotFound: 404, connectortest.Broken: 500,
		}[way]
		return w.answer(status, nil, `{"error":"no"}`), nil
	case connectortest.HTML:
		return w.answer(http.StatusOK, answer.Header, "<!doctype html><p>Back soon.</p>"), nil
	case connectortest.Null:
		return w.answer(http.StatusOK, answer.Header, "null"), nil
	case connectortest.ErrorObject:
		return w.answer(http.StatusOK, answer.Header, `{"error":"the database is away"}`), nil
	case connectortest.Empty:
		return w.answer(http.StatusOK, answer.Header, ""), nil
	case connectortest.NoTotals:
		answer.Header.Del("X-Pages")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.open++
	return answer, nil
}

// answer makes an answer that is counted as open.
func (w *wire) answer(status int, header http.Header, body string) *http.Response {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.open++
	return w.plain(status, header, body)
}

// plain makes an answer that is not counted yet.
func (w *wire) plain(status int, header http.Header, body string) *http.Response {
	if header == nil {
		header = http.Header{}
	}
	return &http.Response{
		StatusCode: status, Status: http.StatusText(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, ContentLength: int64(len(body)), Body: &counted{Reader: strings.NewReader(body), wire: w},
	}
}

// counted is a body that tells the fake when it is closed.
type counted struct {
	io.Reader
	wire *wire
	once sync.Once
}

func (c *counted) Close() error {
	c.once.Do(func() {
		c.wire.mu.Lock()
		defer c.wire.mu.Unlock()
		c.wire.open--
	})
	return nil
}

func toJSON(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(text)
}
