package sim

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/woosync/woosync"
)

// A document is what books hold.
type document struct {
	id, mark, hash string
	source         string // the record, which books do not know: for the check
	version        int
	text, customer string
	void           bool
	visible        time.Time // look-ups find it from then on
}

// books are a pessimist's QuickBooks: they answer a repeated key as they did the
// first time, refusals included, for a day where there is an outage that is longer,
// else for ever; what they have just written is
// found late; and they refuse an update of another version than the one they
// hold.
type books struct {
	world  *world
	name   string
	docs   []*document
	seen   map[string]*answered // by key
	writes int
	storm  time.Time // until then nothing is answered well
}

type answered struct {
	at  time.Time
	doc *document
	err error
}

const keysKept = 24 * time.Hour

func newBooks(w *world, name string) *books {
	return &books{world: w, name: name, seen: make(map[string]*answered)}
}

func (d *document) answer(hash string) woosync.Answer {
	return woosync.Answer{ID: d.id, Version: strconv.Itoa(d.version), Stale: d.hash != hash}
}

// execute carries out a change, or answers it as before.
func (b *books) execute(change woosync.Change[paper]) (woosync.Answer, error) {
	b.writes++
	before := b.seen[change.Key]
	forgotten := b.world.scenario.Forgetful || b.world.scenario.Outage && before != nil && time.Since(before.at) > keysKept
	if before == nil || forgotten {
		doc, err := b.write(change)
		before = &answered{at: time.Now(), doc: doc, err: err}
		b.seen[change.Key] = before
	}
	if before.err != nil {
		return woosync.Answer{}, before.err
	}
	if change.Action == woosync.Remove {
		return woosync.Answer{ID: before.doc.id, Version: strconv.Itoa(before.doc.version), Stale: !before.doc.void}, nil
	}
	if before.doc.void {
		return woosync.Answer{}, reject(woosync.CategoryGone, "document %s was voided meanwhile", before.doc.id)
	}
	return before.doc.answer(change.Hash), nil
}

func reject(category woosync.Category, format string, args ...any) error {
	return &woosync.Fault{Definite: woosync.Rejected, Category: category, Err: fmt.Errorf(format, args...)}
}

func (b *books) write(change woosync.Change[paper]) (*document, error) {
	if strings.Contains(change.Value.Text, "REFUSE") {
		return nil, reject(woosync.CategoryData, "%s is not valid", change.SourceID)
	}
	if change.Action == woosync.Create {
		doc := &document{
			id: b.name[:1] + strconv.Itoa(len(b.docs)+1), mark: change.Mark(), source: change.SourceID, visible: time.Now(),
		}
		doc.hash, doc.text, doc.customer = change.Hash, change.Value.Text, change.Value.Customer
		if !b.world.calmed && b.world.roll(3) {
			doc.visible = time.Now().Add(b.world.upTo(20 * time.Second))
		}
		b.docs = append(b.docs, doc)
		return doc, nil
	}
	doc := b.doc(change.TargetID)
	switch {
	case doc == nil || doc.void:
		return nil, reject(woosync.CategoryGone, "no document %s", change.TargetID)
	case strconv.Itoa(doc.version) != change.TargetVersion:
		return doc, nil // answered as stale, with the version it has
	}
	doc.version++
	if change.Action == woosync.Remove {
		doc.void = true
		return doc, nil
	}
	doc.hash, doc.text, doc.customer = change.Hash, change.Value.Text, change.Value.Customer
	return doc, nil
}

func (b *books) doc(id string) *document {
	for _, doc := range b.docs {
		if doc.id == id {
			return doc
		}
	}
	return nil
}

func (b *books) find(changes []woosync.Change[paper]) map[string]woosync.Answer {
	found := make(map[string]woosync.Answer)
	for _, change := range changes {
		for _, doc := range b.docs {
			if doc.mark == change.Mark() && !doc.void && !time.Now().Before(doc.visible) {
				found[change.Key] = doc.answer(change.Hash)
			}
		}
	}
	return found
}

// suffer lets a change have its fate.
func (b *books) suffer(change woosync.Change[paper], f fate) (answer woosync.Answer, err error) {
	if time.Now().Before(b.storm) {
		f = []fate{lost, refused, mute}[b.world.decide.IntN(3)]
	}
	if id, err := strconv.Atoi(change.SourceID); err == nil && f != fine {
		b.world.shop.troubled = id
	}
	switch f {
	case fine:
		return b.execute(change)
	case lost:
		return answer, errFault
	case mute, panicked:
		_, _ = b.execute(change)
		return answer, errFault
	case late:
		b.world.later(b.world.upTo(121*time.Second), func() { _, _ = b.execute(change) })
		return answer, errFault
	case refused:
		return answer, &woosync.Fault{
			Definite: woosync.NotSent, Category: woosync.CategoryThrottle,
			RetryAt: time.Now().Add(b.world.upTo(time.Minute)), Err: errors.New("too many requests"),
		}
	}
	return answer, errFault
}

// A bookView is the books as one process sees them.
type bookView struct {
	p     *process
	b     *books
	bound int
}

func (v bookView) InFlight() int { return v.bound }

func (v bookView) Find(_ context.Context, changes []woosync.Change[paper]) (found map[string]woosync.Answer, err error) {
	alive := v.p.world.sched.park(v.p, "find "+v.b.name+" "+names(changes), func(f fate) string {
		if f != fine || time.Now().Before(v.b.storm) {
			err = errFault
			return "error"
		}
		found = v.b.find(changes)
		return fmt.Sprintf("%d found", len(found))
	})
	if !alive {
		return nil, errDead
	}
	return found, err
}

func (v bookView) Apply(_ context.Context, change woosync.Change[paper]) (answer woosync.Answer, err error) {
	v.p.mayStart(change.SourceID)
	panics, made := false, time.Now()
	alive := v.p.world.sched.park(v.p, "apply "+v.b.name+" "+describe(change), func(f fate) string {
		answer, err = v.b.suffer(change, v.reached(f, made))
		panics = f == panicked
		return fmt.Sprintf("%+v %v", answer, err)
	})
	switch {
	case !alive:
		return woosync.Answer{}, errDead
	case panics:
		panic("the connector is broken")
	}
	return answer, err
}

// batchView takes three orders at a time.
type batchView struct{ bookView }

func (batchView) BatchSize() int { return 3 }

func (v batchView) ApplyBatch(_ context.Context, changes []woosync.Change[paper]) (applied []woosync.Applied) {
	v.p.mayStart(names(changes))
	text := []string{"apply", v.b.name}
	for _, change := range changes {
		text = append(text, describe(change))
	}
	made := time.Now()
	alive := v.p.world.sched.park(v.p, strings.Join(text, " "), func(f fate) string {
		f = v.reached(f, made)
		for _, change := range changes {
			answer, err := v.b.suffer(change, f)
			applied = append(applied, woosync.Applied{Answer: answer, Err: err})
		}
		return fmt.Sprintf("%+v", applied)
	})
	if !alive {
		return nil
	}
	return applied
}

// Forgetful books are Settling.
type (
	settlingView      struct{ bookView }
	settlingBatchView struct{ batchView }
)

// settleTime is longer than a write may be late and hidden.
const settleTime = 150 * time.Second

func (settlingView) SettleTime() time.Duration      { return settleTime }
func (settlingBatchView) SettleTime() time.Duration { return settleTime }

// wireTime is how old a call is at most when it reaches forgetful books: no process
// that falls asleep between its last look at its lease and the wire can keep the
// promise to books that know no keys.
const wireTime = 20 * time.Second

// reached is what becomes of a call that was made a while ago.
func (v bookView) reached(f fate, made time.Time) fate {
	if v.p.world.scenario.Forgetful && time.Since(made) > wireTime {
		return lost
	}
	return f
}

// target is the books as a flow gets them.
func (v bookView) target(batches bool) woosync.Target[paper] {
	switch forgetful := v.p.world.scenario.Forgetful; {
	case forgetful && batches:
		return settlingBatchView{batchView{v}}
	case forgetful:
		return settlingView{v}
	case batches:
		return batchView{v}
	}
	return v
}

// mayStart fails the world if a cancelled run starts a write.
func (p *process) mayStart(record string) {
	p.world.sched.mu.Lock()
	defer p.world.sched.mu.Unlock()
	if p.cancelled && !p.dead {
		p.world.wrong("%s: the write of %s began after the run was cancelled", p.name, record)
	}
}

func describe(change woosync.Change[paper]) string {
	return fmt.Sprintf("%s %s %s/%s %q %s retry %t",
		change.Action, change.SourceID, change.TargetID, change.TargetVersion, change.Value.Text, change.Key[21:26], change.Retry)
}

func names(changes []woosync.Change[paper]) string {
	var names []string
	for _, change := range changes {
		names = append(names, change.SourceID)
	}
	return strings.Join(names, ",")
}
