// Package badinput holds the list of bad inputs that a sync meets, numbered, and
// what each of them comes to: the record fails and its neighbours go on, the
// page stops the stream and is read again in the next run, or all is well.
package badinput_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/woocommerce"
	"github.com/woosync/woosync/connectors/woocommerce/wootest"
	"github.com/woosync/woosync/rest"
	"github.com/woosync/woosync/store/memory"
)

// What an input comes to.
const (
	accepted  = "accepted"         // it is carried like any other
	failed    = "the record fails" // listed with its reason; all others are carried
	stopped   = "the stream stops" // with a clear error; the next run goes on where this one stopped
	elsewhere = "another test"     // named in the row
)

const ordersThere = 12

// A site is a shop whose answers to lists of orders can be spoilt.
type site struct {
	shop   *wootest.Server
	server *httptest.Server
	client *woocommerce.Client
	spoil  spoiler
	calm   atomic.Bool
	lists  atomic.Int64
}

func newSite(t *testing.T, spoil spoiler) *site {
	t.Helper()
	s := &site{shop: wootest.New(wootest.WithOrders(ordersThere), wootest.WithClock(time.Now)), spoil: spoil}
	s.server = httptest.NewServer(s)
	s.shop.URL = s.server.URL
	t.Cleanup(s.server.Close)
	s.client = s.connect(t, s.server.URL, rest.Secret(s.shop.Secret()))
	return s
}

func (s *site) connect(t *testing.T, url string, secret rest.Secret) *woocommerce.Client {
	t.Helper()
	client, err := woocommerce.New(woocommerce.Config{
		URL: url, ConsumerKey: s.shop.Key(), ConsumerSecret: secret,
		AllowInsecure: true, Retries: -1, Timeout: 5 * time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// ServeHTTP lets the shop answer and spoils what it says of orders.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer := httptest.NewRecorder()
	s.shop.ServeHTTP(answer, r)
	if s.calm.Load() || s.spoil == nil || !strings.HasSuffix(r.URL.Path, "/orders") {
		replay(w, answer, answer.Body.Bytes())
		return
	}
	s.lists.Add(1)
	s.spoil(w, r, answer)
}

func replay(w http.ResponseWriter, answer *httptest.ResponseRecorder, body []byte) {
	for name, values := range answer.Header() {
		if name != "Content-Length" {
			w.Header()[name] = values
		}
	}
	w.WriteHeader(answer.Code)
	_, _ = w.Write(body)
}

// collected is a target that remembers what it got.
type collected struct {
	mu   sync.Mutex
	held map[string]string
}

func (*collected) Find(context.Context, []woosync.Change[string]) (map[string]woosync.Answer, error) {
	return map[string]woosync.Answer{}, nil
}

func (c *collected) Apply(_ context.Context, change woosync.Change[string]) (woosync.Answer, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held[change.SourceID] = change.Value
	return woosync.Answer{ID: change.SourceID}, nil
}

// A carrier runs the same flow over and over.
type carrier struct {
	store  *memory.Store
	target *collected
	source woosync.Source[woocommerce.Order]
}

func (s *site) carrier() *carrier {
	return &carrier{memory.New(), &collected{held: make(map[string]string)}, s.client.OrderSource(woocommerce.OrderOptions{})}
}

func (c *carrier) run(t *testing.T) (*woosync.Report, error) {
	t.Helper()
	engine, err := woosync.New(woosync.Config{Checkpoints: c.store, Ledger: c.store})
	if err != nil {
		t.Fatal(err)
	}
	flow := woosync.Flow[woocommerce.Order, string]{
		Name: "orders", Origin: "shop", Account: "books", Source: c.source, Target: c.target,
		Map: func(_ context.Context, o woocommerce.Order, _ woosync.Links) (string, error) {
			return fmt.Sprintf("%s %s %s %s", o.Number, o.Status, o.Total, o.Currency), nil
		},
	}
	return engine.Run(t.Context(), woosync.Job{Tenant: "acme", Streams: []woosync.Stream{flow}})
}

// clean fails if a text shows a credential.
func clean(t *testing.T, text string) {
	t.Helper()
	if strings.Contains(text, "CANARY") {
		t.Errorf("a credential shows: %s", text)
	}
}

// verdict checks what a spoilt run came to, and that the next, unspoilt one
// carries everything.
func (s *site) verdict(t *testing.T, want, says string) *carrier {
	t.Helper()
	c := s.carrier()
	report, err := c.run(t)
	text := fmt.Sprint(err)
	for _, f := range report.Streams[0].Failures {
		text += "\n" + f.Record + ": " + f.Reason + " " + f.Remedy
	}
	clean(t, text)
	if !strings.Contains(text, says) {
		t.Errorf("%q is missing in: %s", says, text)
	}
	held := len(c.target.held)
	switch {
	case want == accepted && (err != nil || report.Status != woosync.StatusCompleted || held < ordersThere):
		t.Errorf("%s, %d orders carried: %s", report.Status, held, text)
	case want == failed && (err != nil || report.Status != woosync.StatusPartial || held != ordersThere-1):
		t.Errorf("%s, %d orders carried: %s", report.Status, held, text)
	case want == stopped && (err == nil || report.Status != woosync.StatusFailed):
		t.Errorf("%s, %d orders carried: %s", report.Status, held, text)
	}
	s.calm.Store(true)
	if _, err := c.run(t); err != nil || want == stopped && len(c.target.held) != ordersThere {
		t.Errorf("the run after: %v, %d orders", err, len(c.target.held))
	}
	return c
}

// one spoils the text of the first order of a list.
func one(change func(order string) string) spoiler {
	return func(w http.ResponseWriter, r *http.Request, answer *httptest.ResponseRecorder) {
		var list []json.RawMessage
		if r.Method == http.MethodHead || json.Unmarshal(answer.Body.Bytes(), &list) != nil || len(list) == 0 {
			replay(w, answer, answer.Body.Bytes())
			return
		}
		texts := make([]string, 0, len(list))
		for _, order := range list {
			texts = append(texts, string(order))
		}
		texts[0] = change(texts[0])
		replay(w, answer, []byte("["+strings.Join(texts, ",")+"]"))
	}
}

// body spoils the whole answer.
func body(change func(list string) string) spoiler {
	return func(w http.ResponseWriter, _ *http.Request, answer *httptest.ResponseRecorder) {
		replay(w, answer, []byte(change(answer.Body.String())))
	}
}

// instead answers something else.
func instead(status int, headers, text string) spoiler {
	return func(w http.ResponseWriter, _ *http.Request, _ *httptest.ResponseRecorder) {
		for line := range strings.SplitSeq(headers, "\n") {
			if name, value, ok := strings.Cut(line, ": "); ok {
				w.Header().Set(name, value)
			}
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, text)
	}
}

// header changes one header of the answer; "" takes it away.
func header(name, value string) spoiler {
	return func(w http.ResponseWriter, _ *http.Request, answer *httptest.ResponseRecorder) {
		answer.Header().Del(name)
		if value != "" {
			answer.Header().Set(name, value)
		}
		replay(w, answer, answer.Body.Bytes())
	}
}

// raw answers with bytes on the bare connection, and closes it.
func raw(text string) spoiler {
	return func(w http.ResponseWriter, _ *http.Request, _ *httptest.ResponseRecorder) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		_, _ = io.Copy(conn, bytes.NewReader([]byte(text)))
		_ = conn.Close()
	}
}
