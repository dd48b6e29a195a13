package sim_test

import (
	"flag"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/woosync/woosync/internal/sim"
)

var (
	seeds = flag.Uint64("seeds", seedsByDefault, "how many seeds of each scenario are played")
	first = flag.Uint64("first", 0, "the first seed")
	stop  = flag.Bool("stop", false, "stop at the first seed that goes wrong")
	trace = flag.Bool("trace", false, "print what happened in a seed that went wrong")
)

// TestSchedules plays seeds of every scenario. To see what happened in one:
//
//	go test ./internal/sim -run Schedules/outage -first 17 -seeds 1 -trace
func TestSchedules(t *testing.T) {
	t.Parallel()
	var stopped atomic.Bool
	for _, scenario := range sim.Scenarios() {
		t.Run(scenario.Name, func(t *testing.T) {
			t.Parallel()
			bad, steps, writes, kills := 0, 0, 0, 0
			for seed := *first; seed < *first+*seeds && !stopped.Load(); seed++ {
				r := sim.Run(t, scenario, seed, *trace)
				steps, writes, kills = steps+r.Steps, writes+r.Writes, kills+r.Kills
				if len(r.Bad) == 0 {
					continue
				}
				if bad++; bad <= 3 {
					t.Errorf("seed %d:\n%s\n%s", seed, r.Text(), strings.Join(r.Trace, "\n"))
				}
				if *stop {
					stopped.Store(true)
				}
			}
			t.Logf("%d seeds, %d steps, %d writes, %d kills, %d bad", *seeds, steps, writes, kills, bad)
			if bad > 0 {
				t.Errorf("%d of %d seeds went wrong", bad, *seeds)
			}
		})
	}
}

// TestReplay makes sure that a seed says all: what happened and when.
func TestReplay(t *testing.T) {
	t.Parallel()
	for seed := range min(*seeds, max(100, *seeds/10)) {
		scenario := sim.Scenarios()[seed%uint64(len(sim.Scenarios()))]
		one, two := sim.Run(t, scenario, seed, true), sim.Run(t, scenario, seed, true)
		if one.Hash == two.Hash && len(one.Trace) > 100 {
			continue
		}
		for i := range min(len(one.Trace), len(two.Trace)) {
			if one.Trace[i] != two.Trace[i] {
				t.Fatalf("%s seed %d differs at line %d:\n%s\n\n%s", scenario.Name, seed, i,
					around(one.Trace, i), around(two.Trace, i))
			}
		}
		t.Fatalf("%s seed %d: %d and %d lines", scenario.Name, seed, len(one.Trace), len(two.Trace))
	}
}

func around(lines []string, i int) string {
	return fmt.Sprint(strings.Join(lines[max(0, i-5):min(len(lines), i+3)], "\n"))
}
