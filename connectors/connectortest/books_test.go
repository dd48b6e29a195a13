package connectortest_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/woosync/woosync/connectors/connectortest"
)

// books is a small system that keeps documents. It has the habits of real ones:
// it answers a key that it knows as it did the first time, refuses an update of
// a version that is not the newest, and shows a hundred documents at a time.
type books struct {
	wire
	documents []*paper
	known     map[string]string // answers by key
	writes    []connectortest.Write
	calls     int
	breaking  connectortest.Breakage
	throttled *string
	tokens    int // how many were handed out
}

// paper is a document of the books, and what is written to make one.
type paper struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
	Mark    string `json:"mark"` // whose it is
	Hash    string `json:"hash"`
	Name    string `json:"name"`
	Note    string `json:"note"`
	Total   string `json:"total"`
	Void    bool   `json:"void"`
}

const searchPage = 100

func newBooks() *books { return &books{known: make(map[string]string), tokens: 1} }

func (b *books) token() string { return secret + strconv.Itoa(b.tokens) }

func (b *books) add(p paper) *paper {
	p.ID, p.Version = strconv.Itoa(1000+len(b.documents)), 1
	b.documents = append(b.documents, &p)
	return &p
}

func (b *books) index(id string) int {
	return slices.IndexFunc(b.documents, func(p *paper) bool { return p.ID == id })
}

// fail makes every write go wrong from now on.
func (b *books) fail(way connectortest.Breakage) (lift func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.breaking, b.silence = way, make(chan struct{})
	silence := b.silence
	return sync.OnceFunc(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.breaking = ""
		close(silence)
	})
}

func (b *books) throttle(retryAfter string) (lift func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.throttled = &retryAfter
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.throttled = nil
	}
}

var errBroken = errors.New("connection reset by peer")

// RoundTrip answers POST /token and GET, POST, PUT and DELETE of /documents.
func (b *books) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	b.mu.Lock()
	way, silence := b.breaking, b.silence
	b.mu.Unlock()
	if way == connectortest.Mute {
		select {
		case <-silence:
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.calls++
	switch {
	case r.URL.Path == "/token":
		b.tokens++
		return b.plain(http.StatusOK, nil, toJSON(map[string]string{"token": b.token()})), nil
	case b.throttled != nil:
		return b.plain(http.StatusTooManyRequests, http.Header{"Retry-After": {*b.throttled}}, "slow down"), nil
	case way == connectortest.Expired || r.Header.Get("Authorization") != "Bearer "+b.token():
		return b.plain(http.StatusUnauthorized, nil, `{"fault":"token"}`), nil
	case r.Method == http.MethodGet:
		return b.search(r.URL.Query()), nil
	}
	return b.write(r, way)
}

func (b *books) search(query url.Values) *http.Response {
	page, _ := strconv.Atoi(query.Get("page"))
	from := min(max(page-1, 0)*searchPage, len(b.documents))
	return b.plain(http.StatusOK, nil, toJSON(b.documents[from:min(from+searchPage, len(b.documents))]))
}

func (b *books) write(r *http.Request, way connectortest.Breakage) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	query := r.URL.Query()
	b.writes = append(b.writes, connectortest.Write{Key: query.Get("key"), Version: query.Get("version")})
	const tooLong = `{"fault":"the name is too long"}`
	instead := map[connectortest.Breakage]reply{
		connectortest.LostRequest: {}, connectortest.Rejection: {http.StatusBadRequest, tooLong},
		connectortest.FaultInSuccess: {http.StatusOK, tooLong},
	}
	afterwards := map[connectortest.Breakage]reply{
		connectortest.LostAnswer: {}, connectortest.ServerError: {http.StatusInternalServerError, "oops"},
		connectortest.EmptySuccess: {http.StatusOK, ""},
	}
	answer, refused := instead[way]
	if !refused {
		answer.status, answer.body = b.carryOut(r.Method, strings.TrimPrefix(r.URL.Path, "/documents/"), query, body)
	}
	if other, ok := afterwards[way]; ok {
		answer = other
	}
	if answer.status == 0 {
		return nil, errBroken
	}
	return b.plain(answer.status, nil, answer.body), nil
}

// reply is an answer; without a status, a connection that breaks.
type reply struct {
	status int
	body   string
}

func (b *books) carryOut(method, id string, query url.Values, body []byte) (status int, text string) {
	key := query.Get("key")
	if answer, ok := b.known[key]; ok && key != "" {
		return http.StatusOK, answer
	}
	var p paper
	if err := json.Unmarshal(body, &p); err != nil && method != http.MethodDelete {
		return http.StatusBadRequest, toJSON(map[string]string{"fault": err.Error()})
	}
	at := b.index(id)
	switch {
	case method == http.MethodPost:
		text = toJSON(b.add(p))
	case at < 0:
		return http.StatusNotFound, `{"fault":"no such document"}`
	case query.Get("version") != "" && query.Get("version") != strconv.Itoa(b.documents[at].Version):
		return http.StatusConflict, `{"fault":"somebody changed it meanwhile"}`
	case method == http.MethodPut:
		p.ID, p.Version = id, b.documents[at].Version+1
		*b.documents[at] = p
		text = toJSON(p)
	default:
		b.documents[at].Void = true
		text = toJSON(b.documents[at])
	}
	b.known[key] = text
	return http.StatusOK, text
}

// The levers.

func (b *books) held() []connectortest.Document {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := make([]connectortest.Document, len(b.documents))
	for i, p := range b.documents {
		all[i] = connectortest.Document{
			ID: p.ID, Version: strconv.Itoa(p.Version), Content: p.Name + p.Note + p.Total, Total: p.Total, Void: p.Void,
		}
	}
	return all
}

func (b *books) void(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.documents[b.index(id)].Void = true
}

func (b *books) erase(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.documents = slices.Delete(b.documents, b.index(id), b.index(id)+1)
}

func (b *books) addForeign(names ...string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, name := range names {
		b.add(paper{Name: name, Total: "7.00"})
	}
}

func (b *books) fill() {
	for i := range searchPage + 1 {
		b.addForeign(fmt.Sprintf("of somebody %d", i))
	}
}
