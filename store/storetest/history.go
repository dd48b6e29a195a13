package storetest

import (
	"fmt"
	"slices"
	"time"

	"github.com/woosync/woosync"
)

func historyChecks() []check {
	return []check{
		{"history/newest-first", func(k *kit) {
			for _, i := range []int{3, 0, 4, 1, 2} {
				k.startedAt(fmt.Sprint(i), time.Duration(i)*time.Microsecond)
			}
			same(k, []string{"4", "3", "2", "1", "0"}, k.history(woosync.RunQuery{Tenant: "acme"}), "runs by their start")
		}},
		{"history/keeps-every-field", func(k *kit) {
			k.saveRun(fullRun("1"))
			for got, err := range k.runs().Runs(k.Context(), woosync.RunQuery{Tenant: "acme"}) {
				k.need(err)
				same(k, k.run("acme", "1"), got, "run as the history shows it")
			}
		}},
		{"history/limit", func(k *kit) {
			for i := range 5 {
				k.startedAt(fmt.Sprint(i), time.Duration(i)*time.Second)
			}
			same(k, 2, len(k.history(woosync.RunQuery{Tenant: "acme", Limit: 2})), "runs under a limit of 2")
			same(k, 5, len(k.history(woosync.RunQuery{Tenant: "acme", Limit: 9})), "runs under a limit of 9")
		}},
		{"history/complete", func(k *kit) {
			for i := range 1001 {
				k.startedAt(fmt.Sprint(i), time.Duration(i%7)*time.Second) // many start together
			}
			got := k.history(woosync.RunQuery{Tenant: "acme"})
			slices.Sort(got)
			if got = slices.Compact(got); len(got) != 1001 {
				k.Errorf("%d runs of 1,001 are in the history", len(got))
			}
		}},
		{"history/by-status", func(k *kit) {
			for i, status := range []woosync.Status{woosync.StatusCompleted, woosync.StatusFailed, woosync.StatusRunning, woosync.StatusFailed} {
				run := fullRun(fmt.Sprint(i))
				run.Status, run.Started = status, moment().Add(time.Duration(i)*time.Second)
				k.saveRun(run)
			}
			same(k, []string{"3", "1"}, k.history(woosync.RunQuery{Tenant: "acme", Status: woosync.StatusFailed}), "failed runs")
			same(k, []string{"3"}, k.history(woosync.RunQuery{Tenant: "acme", Status: woosync.StatusFailed, Limit: 1}), "failed runs, limited")
			same(k, []string{"2"}, k.history(woosync.RunQuery{Tenant: "acme", Status: woosync.StatusRunning}), "running runs")
			same(k, nil, k.history(woosync.RunQuery{Tenant: "acme", Status: woosync.StatusPartial}), "partial runs")
		}},
		{"history/interrupted", historyInterrupted},
		{"history/tenant-wall", func(k *kit) {
			k.saveRun(fullRun("1"))
			same(k, nil, k.history(woosync.RunQuery{Tenant: "other"}), "runs of another tenant")
			same(k, nil, k.history(woosync.RunQuery{}), "runs of the tenant without a name")
		}},
		{"history/twice-and-break", func(k *kit) {
			for i := range 5 {
				k.startedAt(fmt.Sprint(i), time.Duration(i)*time.Second)
			}
			runs := k.runs().Runs(k.Context(), woosync.RunQuery{Tenant: "acme"})
			for range 2 {
				n := 0
				for _, err := range runs {
					k.need(err)
					k.startedAt("0", 0) // nothing is held while the loop runs
					if n++; n == 3 {
						break
					}
				}
				same(k, 3, n, "runs until the loop broke off")
			}
		}},
		{"history/cancelled", func(k *kit) {
			k.saveRun(fullRun("1"))
			failures := 0
			for _, err := range k.runs().Runs(k.cancelled(), woosync.RunQuery{Tenant: "acme"}) {
				if err != nil {
					failures++
				}
			}
			same(k, 1, failures, "errors under a context that had ended")
		}},
	}
}

func (k *kit) startedAt(id string, after time.Duration) {
	k.Helper()
	k.saveRun(woosync.RunState{ID: id, Tenant: "acme", Status: woosync.StatusCompleted, Started: moment().Add(after)})
}

func (k *kit) history(q woosync.RunQuery) []string {
	k.Helper()
	var ids []string
	for run, err := range k.runs().Runs(k.Context(), q) {
		k.need(err)
		ids = append(ids, run.ID)
	}
	return ids
}

// historyInterrupted asks for what is running and what fell silent.
func historyInterrupted(k *kit) {
	k.clock()
	run := fullRun("silent")
	run.Status, run.Completed = woosync.StatusRunning, time.Time{}
	k.saveRun(run)
	k.Advance(woosync.InterruptedAfter)
	run.ID, run.Started = "speaking", run.Started.Add(time.Second)
	k.saveRun(run)
	run.ID, run.Started, run.Status = "marked", run.Started.Add(time.Second), woosync.StatusInterrupted
	k.saveRun(run)
	same(k, []string{"marked", "silent"}, k.history(woosync.RunQuery{Tenant: "acme", Status: woosync.StatusInterrupted}), "interrupted runs")
	same(k, []string{"speaking"}, k.history(woosync.RunQuery{Tenant: "acme", Status: woosync.StatusRunning}), "running runs")
	var shown []woosync.Status
	for run, err := range k.runs().Runs(k.Context(), woosync.RunQuery{Tenant: "acme"}) {
		k.need(err)
		shown = append(shown, run.Status)
	}
	same(k, []woosync.Status{woosync.StatusInterrupted, woosync.StatusRunning, woosync.StatusInterrupted}, shown, "status of all runs")
}
