package woosync

import (
	"context"
	"iter"
	"sync"
)

// writes is where the open pages of a stream queue what they have to write. One
// goroutine hands it out: earlier pages first, within a page in order, never
// more at once than the run's Concurrency and the target's own bound allow. So
// the order of writes hangs on nothing but the order of answers.
type writes struct {
	mu     sync.Mutex
	jobs   []*writeJob // by page
	closed bool
	wake   chan struct{} // holds one token while there may be something to hand out
}

// A writeJob is the writes of one page in one lane.
type writeJob struct {
	page  int64
	bound *bound
	left  []func()
	open  sync.WaitGroup // writes that have not ended, nor been dropped
}

// A bound is how many writes a Bounded target takes at once; nil bounds nothing.
type bound struct{ most, now int }

func newWrites() *writes { return &writes{wake: make(chan struct{}, 1)} }

// do queues writes and returns when all of them have ended or the run has.
func (q *writes) do(job *writeJob) {
	job.open.Add(len(job.left))
	q.mu.Lock()
	if q.closed {
		job.drop()
	} else {
		at := len(q.jobs)
		for at > 0 && q.jobs[at-1].page > job.page {
			at--
		}
		q.jobs = append(q.jobs, nil)
		copy(q.jobs[at+1:], q.jobs[at:])
		q.jobs[at] = job
	}
	q.nudge()
	q.mu.Unlock()
	job.open.Wait()
}

// drop gives up what was not handed out.
func (j *writeJob) drop() {
	j.open.Add(-len(j.left))
	j.left = nil
}

func (q *writes) nudge() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// serve hands out writes until the queue is closed or ctx ends; what is queued
// then is dropped. It returns when all that it handed out have ended.
func (q *writes) serve(ctx context.Context, limit int) {
	// What was handed out runs, and looks at ctx itself: Process gets a context
	// that does not end, so that it drops nothing that somebody waits for.
	_ = Process(context.WithoutCancel(ctx), limit, q.handOut(ctx), func(_ context.Context, write queued) error {
		defer q.ended(write.job)
		write.do()
		return nil
	})
	q.close()
}

// A queued write was handed out.
type queued struct {
	job *writeJob
	do  func()
}

func (q *writes) handOut(ctx context.Context) iter.Seq2[queued, error] {
	return func(yield func(queued, error) bool) {
		for {
			write, ok, closed := q.next()
			if closed || ctx.Err() != nil && !ok {
				return
			}
			if ok {
				if !yield(write, nil) {
					return
				}
				continue
			}
			select {
			case <-q.wake:
			case <-ctx.Done():
				return
			}
		}
	}
}

// next takes the first write whose target has room.
func (q *writes) next() (write queued, ok, closed bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for i, job := range q.jobs {
		if job.bound != nil && job.bound.now >= job.bound.most {
			continue
		}
		write = queued{job, job.left[0]}
		if job.left = job.left[1:]; len(job.left) == 0 {
			q.jobs = append(q.jobs[:i], q.jobs[i+1:]...)
		}
		if job.bound != nil {
			job.bound.now++
		}
		return write, true, false
	}
	return write, false, q.closed
}

// ended gives back what a write held.
func (q *writes) ended(job *writeJob) {
	q.mu.Lock()
	if job.bound != nil {
		job.bound.now--
		q.nudge()
	}
	q.mu.Unlock()
	job.open.Done()
}

// close drops what is queued, now and later.
func (q *writes) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	for _, job := range q.jobs {
		job.drop()
	}
	q.jobs = nil
	q.nudge()
}
