package connectortest

import (
	"testing"
	"testing/synctest"
)

// inTheOpen runs a check in real time.
func inTheOpen(t *testing.T, check func(*testing.T)) {
	t.Helper()
	check(t)
}

// inBubble runs a check in fake time. The test in a bubble is one of its own, so
// that it was skipped has to be said again outside.
func inBubble(t *testing.T, check func(*testing.T)) {
	t.Helper()
	skipped := false
	synctest.Test(t, func(t *testing.T) {
		t.Cleanup(func() { skipped = t.Skipped() })
		check(t)
	})
	if skipped {
		t.SkipNow()
	}
}
