package storetest

import (
	"time"

	"github.com/woosync/woosync"
)

func runChecks() []check {
	return []check{
		{"run/not-found", func(k *kit) {
			_, err := k.runs().LoadRun(k.Context(), "acme", "none")
			k.want(err, woosync.ErrNotFound, "a run that never was")
		}},
		{"run/keeps-every-field", func(k *kit) {
			want := fullRun("1")
			k.saveRun(want)
			got := k.run("acme", "1")
			want.Updated = got.Updated // the store's own
			same(k, want, got, "run as it was saved")
			want = woosync.RunState{ID: "1", Tenant: "acme", Started: moment(), Status: woosync.StatusFailed}
			k.saveRun(want)
			got = k.run("acme", "1")
			want.Updated = got.Updated
			same(k, want, got, "run replaced by one with little in it")
		}},
		{"run/updated-is-the-stores", runUpdated},
		{"run/interrupted-if-silent", runInterrupted},
		{"run/ended-is-never-interrupted", func(k *kit) {
			k.clock()
			ended := []woosync.Status{
				woosync.StatusCompleted, woosync.StatusPartial, woosync.StatusFailed, woosync.StatusCancelled, woosync.StatusInterrupted,
			}
			for _, status := range ended {
				run := fullRun(string(status))
				run.Status = status
				k.saveRun(run)
			}
			k.Advance(24 * time.Hour)
			for _, status := range ended {
				same(k, status, k.run("acme", string(status)).Status, "status of a run that ended")
			}
		}},
		{"run/tenant-wall", func(k *kit) {
			k.saveRun(fullRun("1"))
			_, err := k.runs().LoadRun(k.Context(), "other", "1")
			k.want(err, woosync.ErrNotFound, "another tenant's run")
			theirs := fullRun("1")
			theirs.Tenant, theirs.Connector = "other", "customers"
			k.saveRun(theirs)
			same(k, "orders,customers", k.run("acme", "1").Connector, "run after its namesake of another tenant was saved")
		}},
		{"run/names-are-opaque", func(k *kit) {
			for i, name := range oddIDs() {
				k.saveRun(woosync.RunState{Tenant: "acme", ID: name, Checkpoint: woosync.Checkpoint{Page: i}})
				k.saveRun(woosync.RunState{Tenant: name, ID: "runs", Checkpoint: woosync.Checkpoint{Page: i}})
			}
			for i, name := range oddIDs() {
				if k.run("acme", name).Checkpoint.Page != i || k.run(name, "runs").Checkpoint.Page != i {
					k.Errorf("name %.40q gave another run", name)
				}
			}
		}},
		{"run/slices-are-not-shared", func(k *kit) {
			given := fullRun("1")
			k.saveRun(given)
			spoil(given)
			spoil(k.run("acme", "1"))
			got, want := k.run("acme", "1"), fullRun("1")
			want.Updated = got.Updated
			same(k, want, got, "run after its callers changed what they gave and got")
		}},
		{"run/cancelled-writes-nothing", func(k *kit) {
			if err := k.runs().SaveRun(k.cancelled(), fullRun("1")); err == nil {
				k.Error("SaveRun succeeded under a context that had ended")
			}
			_, err := k.runs().LoadRun(k.Context(), "acme", "1")
			k.want(err, woosync.ErrNotFound, "a run whose save was cancelled")
		}},
	}
}

func (k *kit) saveRun(run woosync.RunState) {
	k.Helper()
	k.need(k.runs().SaveRun(k.Context(), run))
}

func (k *kit) run(tenant, id string) woosync.RunState {
	k.Helper()
	run, err := k.runs().LoadRun(k.Context(), tenant, id)
	k.need(err)
	return run
}

// fullRun returns a run with something in every field.
func fullRun(id string) woosync.RunState {
	cp := fullCheckpoint(3)
	return woosync.RunState{
		ID: id, Tenant: "acme", Connector: "orders,customers", Mode: "full+retry", Status: woosync.StatusPartial, DryRun: true,
		Counts: cp.Counts, Checkpoint: cp, Errors: []string{"apply orders 7: no such \"tax\" code", "two\nlines"},
		Streams: []woosync.StreamState{
			{Name: "orders", Counts: cp.Counts, Total: 1<<53 + 1, Error: "broke off", Certificates: []woosync.Certificate{
				{Pass: 1<<53 + 1, Full: true, Complete: true, First: 1, Last: 2, Left: 3, Seen: 4, Settled: 5, Late: 6}, {Pass: 2},
			}},
			{Name: "customers"},
		},
		Started: moment().Add(123_456 * time.Microsecond), Completed: moment().Add(time.Hour + time.Microsecond),
	}
}

func spoil(run woosync.RunState) {
	run.Errors[0] = "changed"
	run.Streams[0].Certificates[0].Seen = 99
	run.Streams[1].Name = "changed"
}

// runUpdated looks at the store's clock from outside.
func runUpdated(k *kit) {
	k.clock()
	run := fullRun("1")
	run.Updated = moment().Add(-1000 * time.Hour)
	k.saveRun(run)
	first := k.run("acme", "1").Updated
	if first.Equal(run.Updated) || first.IsZero() {
		k.Errorf("updated is %v, which is the caller's", first)
	}
	k.Advance(time.Minute)
	k.saveRun(run)
	if got := k.run("acme", "1").Updated.Sub(first); got < time.Minute || got > time.Minute+time.Second {
		k.Errorf("updated moved by %v within a minute", got)
	}
}

// runInterrupted lets a run fall silent, and speak again.
func runInterrupted(k *kit) {
	k.clock()
	run := fullRun("1")
	run.Status, run.Completed = woosync.StatusRunning, time.Time{}
	expect := func(want woosync.Status, when string) {
		k.Helper()
		same(k, want, k.run("acme", "1").Status, "status "+when)
	}
	k.saveRun(run)
	expect(woosync.StatusRunning, "right after it was saved")
	k.Advance(woosync.InterruptedAfter - time.Second)
	expect(woosync.StatusRunning, "a second before it counts as interrupted")
	k.saveRun(run)
	k.Advance(woosync.InterruptedAfter - time.Second)
	expect(woosync.StatusRunning, "after it was saved again")
	k.Advance(time.Second)
	expect(woosync.StatusInterrupted, "after two minutes of silence")
	k.saveRun(run)
	expect(woosync.StatusRunning, "after it spoke again")
}
