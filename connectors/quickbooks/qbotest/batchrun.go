package qbotest

import (
	"math/rand/v2"
	"time"

	"github.com/shopspring/decimal"
)

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

func (s *Server) dice(r *request) *rand.Rand { return dice(s.set.seed, uint64(max(r.call.N, 0))) }

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
