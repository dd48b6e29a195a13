package qbotest

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

const (
	maxBatchObjects = 1000
	maxBatchRequest = 36 // characters of the requestid
	maxBatchItem    = 10 // characters of a bId
)

// batchItem is one item of a batch, understood.
type batchItem struct {
	id     string // bId
	call   Call
	change change
	hash   [sha256.Size]byte
}

// readBatch understands a batch. One item that cannot be understood sinks them all.
func (s *Server) readBatch(r *request) ([]batchItem, *fault) {
	body, f := jsonBody(r)
	if f != nil {
		return nil, f
	}
	for _, m := range body.members {
		if m.name != "BatchItemRequest" || m.value.shape != list {
			return nil, badProperty(m.name)
		}
	}
	sent := body.list("BatchItemRequest")
	switch {
	case len(sent) == 0:
		return nil, missing("BatchItemRequest")
	case len(sent) > s.set.batchSize:
		return nil, tooManyItems(len(sent), s.set.batchSize)
	}
	var items []batchItem
	seen := map[string]bool{}
	for _, n := range sent {
		item, f := s.readItem(n)
		if f != nil {
			return nil, f
		}
		if seen[item.id] {
			return nil, badProperty("bId")
		}
		seen[item.id] = true
		items = append(items, item)
	}
	return items, nil
}

// readItem understands one item: a bId, and either a Query or one object with an operation.
func (s *Server) readItem(n *node) (batchItem, *fault) {
	var item batchItem
	if n.shape != object {
		return item, badProperty("BatchItemRequest")
	}
	for _, m := range n.members {
		sc := s.books.byPath(strings.ToLower(m.name))
		switch {
		case m.name == "bId" || m.name == "operation" || m.name == "optionsData" || m.name == "Query":
			if m.value.shape != text {
				return item, badProperty(m.name)
			}
		case sc == nil || sc.perform != nil || sc.name != m.name || m.value.shape != object || item.change.schema != nil:
			return item, badProperty(m.name)
		default:
			item.change = change{schema: sc, body: m.value, api: true}
		}
	}
	item.id = n.str("bId")
	switch length := utf8.RuneCountInString(item.id); {
	case length == 0:
		return item, missing("bId")
	case length > maxBatchItem:
		return item, badRequestID("bId", maxBatchItem)
	}
	item.hash = sha256.Sum256(n.print())
	return item, s.readOperation(n, &item)
}

// readOperation says what an item asks for.
func (s *Server) readOperation(n *node, item *batchItem) *fault {
	operation, options, sc := n.str("operation"), n.str("optionsData"), item.change.schema
	item.call = Call{Kind: Query, Body: []byte(n.str("Query"))}
	if n.has("Query") {
		if sc != nil || options != "" || operation != "" && operation != "query" {
			return badProperty("Query")
		}
		if q, f := parseQuery(n.str("Query"), s.set.dialect); f == nil {
			item.call.Entity = q.entity
		}
		return nil
	}
	if sc == nil {
		return missing("BatchItemRequest")
	}
	kinds := map[string]Kind{"create": Create, "update": Update, "delete": Delete, "update void": Void}
	item.change.duplicates = options == "allowduplicatedocnum"
	if item.change.duplicates {
		options = ""
	}
	kind, ok := kinds[strings.TrimSpace(operation+" "+options)]
	if !ok {
		return badProperty("operation")
	}
	item.change.kind = kind
	item.call = Call{Kind: kind, Entity: sc.name, ID: item.change.body.str("Id"), Body: item.change.body.print()}
	if kind == Create && item.call.ID != "" {
		return badProperty("Id")
	}
	return known(item.change.body, sc.fields, s.set.lenient)
}

// batchRun is the execution of one batch.
type batchRun struct {
	items   []batchItem
	order   []int // in which items are executed: queries first, which thus see nothing of the others
	answers []*node
	done    int
	objects int
	touched map[string]bool // objects that an item has changed; others must not build on that
	created map[string]bool // nor may they refer to these
	overlap bool
	request *request
}

// newBatchRun plans the execution of a batch.
func (s *Server) newBatchRun(r *request) (*batchRun, *fault) {
	if r.sunk != nil {
		return nil, r.sunk
	}
	items := r.items
	b := &batchRun{items: items, answers: make([]*node, len(items)), touched: map[string]bool{}, created: map[string]bool{}, overlap: r.overlap, request: r}
	var writes []int
	for i := range items {
		if items[i].call.Kind == Query {
			b.order = append(b.order, i)
		} else {
			writes = append(writes, i)
		}
	}
	if s.set.shuffle {
		s.dice(r).Shuffle(len(writes), func(i, j int) { writes[i], writes[j] = writes[j], writes[i] })
	}
	b.order = append(b.order, writes...)
	b.objects = len(writes)
	return b, nil
}

func (s *Server) dice(r *request) *rand.Rand {
	return rand.New(rand.NewPCG(s.set.seed, uint64(max(r.call.N, 0)))) //nolint:gosec // a test must be repeatable
}

// runBatch executes a batch, or the first writes of it if a fault says so.
func (s *Server) runBatch(r *request) (*node, *fault) {
	b, f := s.newBatchRun(r)
	if f != nil {
		return nil, f
	}
	for writes := 0; b.done < len(b.order); {
		if b.items[b.order[b.done]].call.Kind.writes() {
			if r.effect.some && writes == r.effect.items {
				r.partial = true
				break
			}
			writes++
		}
		s.step(b)
	}
	return s.batchAnswer(b), nil
}

// step executes the next item.
func (s *Server) step(b *batchRun) {
	i := b.order[b.done]
	b.done++
	item, id := &b.items[i], b.request.call.RequestID
	if s.set.batchKey == PerBatch || id == "" || item.call.Kind == Query {
		id = ""
	} else {
		id += item.id
	}
	a := s.doOnce(b.request, id, item.hash, func() *reply {
		n, f := s.runItem(b, item)
		if f != nil {
			return s.refuse(f)
		}
		return jsonReply(200, n)
	})
	n, err := parse(a.body)
	if err != nil {
		n = obj()
	}
	n.drop("time")
	if b.request.effect.lower && a.refused != nil {
		n = obj().put("fault", lowerFault(false, *a.refused))
	}
	b.answers[i] = n.put("bId", str(item.id))
}

// runItem executes an item.
func (s *Server) runItem(b *batchRun, item *batchItem) (*node, *fault) {
	c, e := item.call, s.effect(item.call, true)
	if e.pre != nil {
		if a := e.pre(s.now()); a.refused != nil {
			return nil, a.refused
		}
	}
	if c.Kind == Query {
		return s.runQueryItem(b, item)
	}
	if e.bump {
		s.books.bump(c.Entity, c.ID, s.now())
	}
	key := c.Entity + " " + c.ID
	if c.ID != "" && b.touched[key] {
		return nil, stale()
	}
	ch := item.change
	ch.body, ch.overlap = ch.body.clone(), b.overlap && ch.schema.list
	s.books.hidden = b.created
	n, f := s.books.write(ch, s.now())
	s.books.hidden = nil
	if f != nil {
		return nil, f
	}
	if id := n.str(c.Entity, "Id"); c.Kind == Create && id != "" {
		key = c.Entity + " " + id
		b.created[key] = true
	}
	b.touched[key] = true
	return n, nil
}

// runQueryItem executes a query; all items together return no more than 1000 objects.
func (s *Server) runQueryItem(b *batchRun, item *batchItem) (*node, *fault) {
	n, f := s.runStatement(string(item.call.Body))
	if f != nil {
		return nil, f
	}
	q := n.get("QueryResponse")
	if len(q.members) == 0 || q.members[0].value.shape != list {
		return n, nil
	}
	rows := q.members[0].value
	if left := maxBatchObjects - b.objects; len(rows.items) > left {
		if !s.set.truncate {
			return nil, tooManyObjects()
		}
		rows.items = rows.items[:max(left, 0)]
		q.put("maxResults", num(decimal.NewFromInt(int64(len(rows.items)))))
	}
	b.objects += len(rows.items)
	return n, nil
}

// batchAnswer makes the answer to what has been executed so far.
func (s *Server) batchAnswer(b *batchRun) *node {
	out := arr()
	for _, a := range b.answers {
		if a != nil {
			out.items = append(out.items, a)
		}
	}
	if s.set.shuffle {
		s.dice(b.request).Shuffle(len(out.items), func(i, j int) { out.items[i], out.items[j] = out.items[j], out.items[i] })
	}
	return obj().put("BatchItemResponse", out)
}

// lateBatch is a batch that is executed item by item after its connection was dropped.
type lateBatch struct {
	run *batchRun // nil until it begins
}

// noteLate notes a write for its late execution; a batch is executed item by item if there is time between items.
func (s *Server) noteLate(r *request) {
	w := lateWrite{due: s.now().Add(r.effect.late), call: *r, last: true}
	r.running = false // until the last part of it is done
	if r.call.Kind != Batch || r.effect.between <= 0 {
		s.late = append(s.late, &w)
		return
	}
	w.batch = &lateBatch{}
	for i := range max(len(r.items), 1) {
		part := w
		part.due, part.last = w.due.Add(time.Duration(i)*r.effect.between), i+1 >= len(r.items)
		s.late = append(s.late, &part)
	}
}

// stepLate executes the next item of a late batch. The requestid is looked up when the batch begins, and remembered when it ends:
// what comes between is not told of it.
func (s *Server) stepLate(w *lateWrite) {
	r := &w.call
	if w.batch.run == nil {
		if s.set.batchKey == PerBatch && s.remembered(r, r.call.RequestID) != nil {
			return
		}
		run, f := s.newBatchRun(r)
		if f != nil {
			return
		}
		w.batch.run = run
	}
	b := w.batch.run
	if b.done == len(b.order) {
		return
	}
	s.step(b)
	if id := r.call.RequestID; b.done == len(b.order) && id != "" && s.set.batchKey == PerBatch && s.recall(id) == nil {
		a := jsonReply(200, s.batchAnswer(b).put("time", str(stamp(s.now(), true))))
		s.replays[id] = &replayed{hash: hashOf(r), answer: *a, at: s.now()}
	}
}

func tooManyItems(n, most int) *fault {
	return &fault{
		code: "1040", message: msgBatchSize,
		detail: fmt.Sprintf("The number of batch items, %d, is more than the maximum of %d", n, most), element: "BatchItemRequest",
	}
}

func tooManyObjects() *fault {
	return &fault{code: "10100", message: "Result set too big", detail: "A batch returns no more than " + strconv.Itoa(maxBatchObjects) + " objects"}
}

func badRequestID(element string, most int) *fault {
	return &fault{code: "2130", message: "Invalid Request Id Format", detail: fmt.Sprintf("%s must not be longer than %d characters", element, most), element: element}
}
