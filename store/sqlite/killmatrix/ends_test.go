package killmatrix_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/woosync/woosync"
)

// order is what the shop holds; paper what the books hold of it.
type order struct {
	ID             int
	Customer, Text string
	Version        int
}

type paper struct{ Text, Customer string }

// A document is one in the books.
type document struct {
	ID, Mark, Hash, Source, Text, Customer string
	Version                                int
	Void                                   bool
}

// ends are the shop and the books. They live in the parent, so that no kill
// touches them, and are asked over a socket.
type ends struct {
	server *httptest.Server

	mu      sync.Mutex
	orders  []order
	changes int
	docs    map[string][]*document // by stream
	seen    map[string]*document   // by key
	reads, finds, writes,
	sales, // writes of orders
	repeats int // writes under a key that was seen before
	faults int // answers that were left out
	late   sync.WaitGroup
	plan   plan
	kill   func()                 // the child; set while one runs
	chance func(percent int) bool // faults
}

// A call is what the child asks.
type call struct {
	Op, Cursor, Stream string
	IDs                []string
	Changes            []woosync.Change[paper]
}

type reply struct {
	Page    woosync.Page[order]
	Records []woosync.Record[order]
	Found   map[string]woosync.Answer
	Answer  woosync.Answer
}

const pageSize = 8

func newEnds(t *testing.T, n int, chance func(int) bool) *ends {
	t.Helper()
	e := &ends{docs: make(map[string][]*document), seen: make(map[string]*document), chance: chance}
	for i := range n {
		e.changes++
		e.orders = append(e.orders, order{ID: i + 1, Customer: "c" + strconv.Itoa(i%7), Text: fmt.Sprintf("order %d", i+1), Version: e.changes})
	}
	e.server = httptest.NewServer(http.HandlerFunc(e.serve))
	t.Cleanup(e.server.Close)
	return e
}

// edit changes one order.
func (e *ends) edit(i int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.changes++
	o := &e.orders[i%len(e.orders)]
	o.Text, o.Version = fmt.Sprintf("order %d change %d", o.ID, e.changes), e.changes
}

// drop deletes orders for good.
func (e *ends) drop(ids ...int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.orders = slices.DeleteFunc(e.orders, func(o order) bool { return slices.Contains(ids, o.ID) })
}

func (e *ends) serve(w http.ResponseWriter, r *http.Request) {
	var c call
	if err := json.NewDecoder(r.Body).Decode(&c); err != nil {
		panic(http.ErrAbortHandler)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	before, after, later := e.plan.strike(c.Op)
	if before {
		e.kill()
		panic(http.ErrAbortHandler)
	}
	if later {
		e.kill()
		e.late.Go(func() {
			<-time.After(30 * time.Millisecond)
			e.mu.Lock()
			defer e.mu.Unlock()
			e.answer(c)
		})
		panic(http.ErrAbortHandler)
	}
	answer := e.answer(c)
	if after {
		e.kill()
		panic(http.ErrAbortHandler)
	}
	if c.Op == "apply" && e.chance(5) {
		e.faults++
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	_ = json.NewEncoder(w).Encode(answer)
}

func (e *ends) answer(c call) (r reply) {
	switch c.Op {
	case "read":
		e.reads++
		r.Page = e.page(c.Cursor)
	case "lookup":
		for _, o := range e.orders {
			if record := o.record(); slices.Contains(c.IDs, record.ID) {
				r.Records = append(r.Records, record)
			}
		}
	case "find":
		e.finds++
		r.Found = make(map[string]woosync.Answer)
		for _, change := range c.Changes {
			for _, doc := range e.docs[c.Stream] {
				if doc.Mark == change.Mark() && !doc.Void {
					r.Found[change.Key] = doc.answer(change.Hash)
				}
			}
		}
	case "apply":
		r.Answer = e.apply(c.Stream, c.Changes[0])
	}
	return r
}

func (o order) record() woosync.Record[order] {
	return woosync.Record[order]{ID: strconv.Itoa(o.ID), Version: fmt.Sprintf("%06d", o.Version), Value: o}
}

// page reads a window of versions by ID: "low/high/last".
func (e *ends) page(at string) woosync.Page[order] {
	var low, high, last int
	_, _ = fmt.Sscanf(at, "%d/%d/%d", &low, &high, &last)
	if high == 0 {
		high = e.changes
	}
	page := woosync.Page[order]{Next: woosync.Cursor(fmt.Sprintf("%d/0/0", high))}
	for _, o := range e.orders {
		switch {
		case o.Version <= low || o.Version > high || o.ID <= last:
		case len(page.Records) == pageSize:
			page.More = true
		default:
			page.Records = append(page.Records, o.record())
		}
	}
	if page.More {
		page.Next = woosync.Cursor(fmt.Sprintf("%d/%d/%s", low, high, page.Records[pageSize-1].ID))
	}
	return page
}

func (d *document) answer(hash string) woosync.Answer {
	return woosync.Answer{ID: d.ID, Version: strconv.Itoa(d.Version), Stale: d.Hash != hash}
}

func (e *ends) apply(stream string, change woosync.Change[paper]) woosync.Answer {
	e.writes++
	if stream == "orders" {
		e.sales++
	}
	doc := e.seen[change.Key]
	if doc != nil {
		e.repeats++
		return doc.answer(change.Hash)
	}
	if change.Action == woosync.Create {
		doc = &document{ID: stream + strconv.Itoa(len(e.docs[stream])+1), Mark: change.Mark(), Source: change.SourceID}
		e.docs[stream] = append(e.docs[stream], doc)
	} else {
		i := slices.IndexFunc(e.docs[stream], func(d *document) bool { return d.ID == change.TargetID })
		if doc = e.docs[stream][i]; strconv.Itoa(doc.Version) != change.TargetVersion {
			return doc.answer("")
		}
		doc.Version++
	}
	doc.Void = change.Action == woosync.Remove
	doc.Hash, doc.Text, doc.Customer = change.Hash, change.Value.Text, change.Value.Customer
	e.seen[change.Key] = doc
	return doc.answer(change.Hash)
}

// remote is both ends as the child sees them.
type remote struct {
	url    string
	stream string
}

func (r remote) ask(ctx context.Context, c call) (answer reply, err error) {
	body, err := json.Marshal(c)
	if err != nil {
		return answer, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url, newReader(body))
	if err != nil {
		return answer, err
	}
	response, err := new(http.Client).Do(request)
	if err != nil {
		return answer, err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return answer, errors.New(response.Status)
	}
	return answer, json.NewDecoder(response.Body).Decode(&answer)
}

func (r remote) ReadPage(ctx context.Context, at woosync.Cursor) (woosync.Page[order], error) {
	answer, err := r.ask(ctx, call{Op: "read", Cursor: string(at)})
	return answer.Page, err
}

func (r remote) ReadRecords(ctx context.Context, ids []string) ([]woosync.Record[order], error) {
	answer, err := r.ask(ctx, call{Op: "lookup", IDs: ids})
	return answer.Records, err
}

func (r remote) Find(ctx context.Context, changes []woosync.Change[paper]) (map[string]woosync.Answer, error) {
	answer, err := r.ask(ctx, call{Op: "find", Stream: r.stream, Changes: changes})
	return answer.Found, err
}

func (r remote) Apply(ctx context.Context, change woosync.Change[paper]) (woosync.Answer, error) {
	answer, err := r.ask(ctx, call{Op: "apply", Stream: r.stream, Changes: []woosync.Change[paper]{change}})
	return answer.Answer, err
}
