package woosync

import "context"

// apply hands the planned writes out in order, as many at a time as the run and
// the target allow, and returns when all of them have a durable outcome. A slot
// is held until then, so that a crash repeats no more writes than there are slots.
func (w *work[T, U]) apply(ctx context.Context) error {
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
	size := 1
	batcher, _ := w.target.(BatchTarget[U])
	if batcher != nil {
		size = max(1, batcher.BatchSize())
	}
	left := len(writes)
	groups := func(yield func([]*item[T, U], error) bool) {
		for left > 0 && w.acquire(ctx) {
			from := len(writes) - left
			group := writes[from:min(from+size, len(writes))]
			left -= len(group)
			if !yield(group, nil) {
				return
			}
		}
	}
	err := Process(ctx, w.run.cfg.Concurrency, groups, func(_ context.Context, group []*item[T, U]) error {
		defer w.release()
		w.deliver(batcher, group)
		return nil
	})
	if failure := w.run.failure(); failure != nil {
		return failure
	}
	return err
}

// acquire takes what the target and the run allow for one write, or one batch.
func (w *work[T, U]) acquire(ctx context.Context) bool {
	if w.bound != nil && w.bound.Acquire(ctx, 1) != nil {
		return false
	}
	if w.run.slots.Acquire(ctx, 1) == nil {
		return true
	}
	if w.bound != nil {
		w.bound.Release(1)
	}
	return false
}

func (w *work[T, U]) release() {
	w.run.slots.Release(1)
	if w.bound != nil {
		w.bound.Release(1)
	}
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
