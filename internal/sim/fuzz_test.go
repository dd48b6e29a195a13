package sim_test

import (
	"strings"
	"testing"

	"github.com/woosync/woosync/internal/sim"
)

// bytesDecide takes its decisions from bytes, so that a fuzzer can look for
// worlds; when they are used up everything is decided the first way.
type bytesDecide struct{ left []byte }

func (d *bytesDecide) IntN(n int) int {
	value := 0
	for space := n - 1; space > 0; space >>= 8 {
		if len(d.left) == 0 {
			return 0
		}
		value, d.left = value<<8|int(d.left[0]), d.left[1:]
	}
	return value % n
}

// FuzzSchedule lets coverage choose what happens.
func FuzzSchedule(f *testing.F) {
	f.Add(uint8(0), []byte("nothing of note"))
	f.Add(uint8(4), []byte(strings.Repeat("\x00\x08\x15\x47\x11", 300)))
	f.Fuzz(func(t *testing.T, scenario uint8, decisions []byte) {
		scenarios := sim.Scenarios()
		r := sim.Play(t, scenarios[int(scenario)%len(scenarios)], &bytesDecide{decisions}, false)
		if len(r.Bad) > 0 {
			t.Error(r.Text())
		}
	})
}
