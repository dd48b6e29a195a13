package sim

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/woosync/woosync"
)

var (
	errDead  = errors.New("the process is dead")
	errFault = errors.New("something went wrong on the way")
)

// A process runs the same job over and over.
type process struct {
	world     *world
	name      string
	dead      bool      // guarded by the scheduler's lock
	asleep    time.Time // until then none of its calls gets through
	gone      chan struct{}
	cancel    context.CancelFunc // of the run in progress; nil: none
	cancelled bool               // that run
	last      *woosync.Report    // of the last run that ended
	runs      int
}

// start begins a process, in the place of a dead one of the same name.
func (w *world) start(place int) {
	p := &process{world: w, name: fmt.Sprintf("p%d", place+1), gone: make(chan struct{})}
	for len(w.procs) <= place {
		w.procs = append(w.procs, nil)
	}
	w.procs[place] = p
	w.sched.note("%s starts", p.name)
	go p.loop()
}

// loop runs jobs as the scheduler asks for them, until the process is killed.
func (p *process) loop() {
	defer close(p.gone)
	o, err := woosync.New(p.config())
	if err != nil {
		p.world.t.Error(err)
		return
	}
	for {
		var job woosync.Job
		if !p.world.sched.park(p, "run", func(fate) string {
			job = p.world.job(p)
			return fmt.Sprintf("full %t restart %t retry %t", job.Full, job.Restart, job.Retry.All)
		}) {
			return
		}
		ctx, cancel := context.WithCancel(context.Background())
		p.cancel, p.cancelled = cancel, false
		report, err := o.Run(ctx, job)
		p.cancel, p.last = nil, report
		cancel()
		if !p.world.sched.park(p, "ended", func(fate) string {
			p.runs++
			if !p.world.calmed {
				p.asleep = time.Now().Add(p.world.upTo(40 * time.Second))
			}
			return p.world.ended(p, report, err)
		}) {
			return
		}
	}
}

func (p *process) config() woosync.Config {
	cfg := woosync.Config{Concurrency: 2, OpenPages: 2}
	view := storeView{p}
	cfg.Ledger, cfg.Checkpoints, cfg.Leases = view, view, leaseView{p}
	if p.world.prover {
		proving := provingView{view}
		cfg.Ledger, cfg.Checkpoints = proving, proving
	}
	return cfg
}

// job is what a process runs next: mostly increments.
func (w *world) job(p *process) woosync.Job {
	job := woosync.Job{ID: p.name, Tenant: "acme", Streams: []woosync.Stream{w.flow(p)}}
	switch {
	case w.calmed:
		job.Full, job.Retry.All = p.runs%2 == 1, w.hours() == 1
	case w.roll(4):
		job.Full = true
	case w.roll(8):
		job.Restart = true
	case w.roll(4):
		job.Retry.All = true
	}
	return job
}

// ended looks at what a run says of itself.
func (w *world) ended(p *process, report *woosync.Report, err error) string {
	text := string(report.Status)
	if err != nil {
		text += ": " + firstLine(err.Error())
	}
	for _, stream := range report.Streams {
		c := stream.Counts
		if c.Seen != c.Settled() {
			w.wrong("%s: the report has %d records seen and %d outcomes", p.name, c.Seen, c.Settled())
		}
		for _, cert := range stream.Certificates {
			text += fmt.Sprintf(" pass %d seen %d complete %t", cert.Pass, cert.Seen, cert.Complete)
			if !cert.Complete && !w.scenario.Sweep { // what goes and comes back is in no count
				w.wrong("%s: certificate %+v", p.name, cert)
			}
		}
	}
	if errors.Is(err, woosync.ErrUnproven) && w.prover && !w.scenario.Failover {
		w.wrong("%s: %v", p.name, err)
	}
	// The owner of a lease ends in something random.
	if i := strings.Index(text, "is held by"); i >= 0 {
		text = text[:i]
	}
	return text
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
