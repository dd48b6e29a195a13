package woosync

import (
	"context"
	"slices"
)

// apply has the planned writes made, in order and as many at a time as the run
// and the target allow, and returns when all of them have a durable outcome. A
// write counts as under way until then, so that a crash repeats no more writes
// than may be under way.
func (w *work[T, U]) apply(context.Context) error {
	var writes []*item[T, U]
	for _, it := range w.items {
		if it.write {
			writes = append(writes, it)
		}
	}
	if w.run.job.DryRun {
		for _, it := range writes {
			w.pretend(it)
		}
		return nil
	}
	if len(writes) == 0 {
		return nil
	}
	size := 1
	batcher, _ := w.target.(BatchTarget[U])
	if batcher != nil {
		size = max(1, batcher.BatchSize())
	}
	job := &writeJob{page: w.pg.number, bound: w.bound}
	for group := range slices.Chunk(writes, size) {
		job.left = append(job.left, func() { w.deliver(batcher, group) })
	}
	w.run.writes.do(job)
	return w.run.failure()
}

// pretend settles a write in a dry run.
func (w *work[T, U]) pretend(it *item[T, U]) {
	it.done = map[Action]Outcome{Create: Created, Update: Updated, Remove: Removed}[it.change.Action]
	it.next.State = LinkDone
	if it.next.TargetID == "" {
		it.next.TargetID = "dry-run:" + w.name + "/" + it.record.ID
	}
	w.settle(it)
}
