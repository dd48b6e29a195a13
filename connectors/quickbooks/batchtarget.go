package quickbooks

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"iter"
	"strings"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/rest"
)

// WithBatches returns a client whose targets write in batches of up to size: [Client.WithPlan] with a plan of just that. 1 and less:
// each write alone, which is the default. More than 30 are 30.
func (c *Client) WithBatches(size int) *Client {
	return c.WithPlan(Plan{Mode: Batches, BatchSize: max(size, 1)})
}

// batchSize and settleTime are asked of a target before anything can fail, so they know a missing client as well.
func (c *Client) batchSize() int {
	if c == nil {
		return 1
	}
	return c.batch
}

func (c *Client) settleTime() time.Duration {
	if c == nil {
		return 0
	}
	return c.settle
}

// BatchSize implements woosync.BatchTarget: see [Client.WithPlan].
func (t *transaction[D, E]) BatchSize() int { return t.client.batchSize() }

// SettleTime implements woosync.Settling: see [Config].
func (t *transaction[D, E]) SettleTime() time.Duration { return t.client.settleTime() }

// ApplyBatch writes several documents.
func (t *transaction[Draft, E]) ApplyBatch(ctx context.Context, changes []woosync.Change[Draft]) []woosync.Applied {
	return applyBatch(ctx, t.client, t.client.lanes, changes, t.Apply)
}

// BatchSize implements woosync.BatchTarget: see [Client.WithPlan].
func (t *CustomerTarget) BatchSize() int { return t.list.client.batchSize() }

// SettleTime implements woosync.Settling: see [Config].
func (t *CustomerTarget) SettleTime() time.Duration { return t.list.client.settleTime() }

// ApplyBatch writes several customers.
func (t *CustomerTarget) ApplyBatch(ctx context.Context, changes []woosync.Change[CustomerDraft]) []woosync.Applied {
	return applyBatch(ctx, t.list.client, nil, changes, t.Apply)
}

// BatchSize implements woosync.BatchTarget: see [Client.WithPlan].
func (t *ItemTarget) BatchSize() int { return t.list.client.batchSize() }

// SettleTime implements woosync.Settling: see [Config].
func (t *ItemTarget) SettleTime() time.Duration { return t.list.client.settleTime() }

// ApplyBatch writes several items.
func (t *ItemTarget) ApplyBatch(ctx context.Context, changes []woosync.Change[ItemDraft]) []woosync.Applied {
	return applyBatch(ctx, t.list.client, nil, changes, t.Apply)
}

// slotKey is the key under which the context of a change in a batch carries its slot.
type slotKey struct{}

// A slot takes the first write of a change into a batch. Whatever the change asks for later goes alone.
type slot struct {
	ask      ask
	used     bool
	wait     func() bool // until the batch was answered; false: it is given up
	response *rest.Response
	err      error
}

func slotIn(ctx context.Context) *slot {
	s, _ := ctx.Value(slotKey{}).(*slot)
	return s
}

// open reports whether the next write goes into the batch.
func (s *slot) open() bool { return s != nil && !s.used }

var errNoBatch = errors.New("the batch was given up before it was sent")

// send waits until the batch has taken a write along.
func (s *slot) send(a ask) (*rest.Response, error) {
	s.used, s.ask = true, a
	if !s.wait() {
		return nil, &woosync.Fault{Definite: woosync.NotSent, Category: woosync.CategoryServer, Err: errNoBatch}
	}
	return s.response, s.err
}

// applyBatch applies several changes, in one batch if the client has no lanes or what is written goes one at a time.
func applyBatch[D any](
	ctx context.Context, c *Client, lanes *lanes, changes []woosync.Change[D],
	apply func(context.Context, woosync.Change[D]) (woosync.Answer, error),
) []woosync.Applied {
	applied := make([]woosync.Applied, len(changes))
	tasks := make([]*task, len(changes))
	for i, change := range changes {
		tasks[i] = &task{Applied: &applied[i], ctx: ctx, apply: func(ctx context.Context) (woosync.Answer, error) { return apply(ctx, change) }}
	}
	switch {
	case lanes != nil:
		lanes.carry(c, tasks)
	case c.lanes.spend():
		together(ctx, c, tasks, func() {})
	default: // no batch may be sent any more
		for _, t := range tasks {
			t.run(ctx)
		}
	}
	return applied
}

// leaveKey is the key under which a context carries what to call when its request leaves.
type leaveKey struct{}

// together has every change applied up to its first write, sends those writes in one batch, and has every change go on with the
// answer as if it had been sent alone. They take turns: at no time does more than one of them run. It calls leave when the batch
// leaves.
func together(ctx context.Context, c *Client, tasks []*task, leave func()) {
	var waiting []*slot
	var goOn []func() (struct{}, bool)
	for _, t := range tasks {
		s := new(slot)
		next, stop := iter.Pull(func(yield func(struct{}) bool) {
			s.wait = func() bool { return yield(struct{}{}) }
			t.run(context.WithValue(ctx, slotKey{}, s))
		})
		defer stop()
		if _, waits := next(); waits {
			waiting, goOn = append(waiting, s), append(goOn, next)
		}
	}
	c.fill(context.WithValue(ctx, leaveKey{}, leave), waiting)
	// Who was given a name is known before anybody asks who has it.
	for _, refused := range []bool{false, true} {
		for i, next := range goOn {
			if waiting[i].refused() == refused {
				next()
			}
		}
	}
}

// refused reports whether a write of a batch came back without having been carried out, as far as is known.
func (s *slot) refused() bool { return s.err != nil || s.response == nil || s.response.Status >= 300 }

// fill sends the writes of slots. A batch that was refused as a whole goes in halves, so that one write that QuickBooks cannot read
// is refused alone.
func (c *Client) fill(ctx context.Context, slots []*slot) {
	if len(slots) == 0 {
		return
	}
	err := c.fillAtOnce(ctx, slots)
	var fault *woosync.Fault
	if errors.As(err, &fault) && fault.Definite == woosync.Rejected && len(slots) > 1 {
		c.fill(ctx, slots[:len(slots)/2])
		c.fill(ctx, slots[len(slots)/2:])
		return
	}
	if err != nil {
		for _, s := range slots {
			s.err = err
		}
	}
}

// fillAtOnce sends the writes of slots in one batch, or the only one alone, under its own requestid.
func (c *Client) fillAtOnce(ctx context.Context, slots []*slot) error {
	if oneAtATime(slots[0].ask.entity) {
		release, err := c.turn(ctx)
		if err != nil {
			return err
		}
		defer release()
	}
	if len(slots) == 1 {
		response, err := c.do(ctx, slots[0].ask)
		slots[0].response = response
		return err
	}
	items := make([]BatchItem, len(slots))
	sent := make([]int, len(slots))
	for i, s := range slots {
		items[i], sent[i] = s.ask.item(), i
	}
	answers, err := c.sendBatch(ctx, batchKey(slots), items, sent, 0)
	if err != nil {
		return err
	}
	for i, s := range slots {
		if s.response = answers[i]; s.response == nil {
			s.err = itemError(s.ask.name, nil)
		}
	}
	return nil
}

// item is a write as an item of a batch.
func (a ask) item() BatchItem {
	item := BatchItem{name: a.name, entity: a.entity, operation: "create", options: a.query.Get("include"), body: a.body}
	verb, _, _ := strings.Cut(a.name, " ")
	switch verb {
	case "delete":
		item.operation = "delete"
	case "void":
		item.operation, item.options = "update", "void"
	case "update", "deactivate":
		item.operation = "update"
	}
	return item
}

// batchKey is the requestid of a batch: it stands for these very writes, with these very bodies, in this order, and for no other
// batch and no single write.
func batchKey(slots []*slot) string {
	hash := sha256.New()
	for _, s := range slots {
		for _, part := range []string{s.ask.requestID, s.ask.name, s.ask.query.Encode(), string(s.ask.body)} {
			sum := sha256.Sum256([]byte(part))
			hash.Write(sum[:])
		}
	}
	return "b" + hex.EncodeToString(hash.Sum(nil))[:35]
}
