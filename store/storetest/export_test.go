package storetest

import "testing"

// Names lists the checks; the model is not one of them.
func Names() []string {
	var names []string
	for _, c := range checks() {
		names = append(names, c.name)
	}
	return names
}

// Check runs one check.
func Check(tb testing.TB, name string, h Harness) {
	tb.Helper()
	for _, c := range append(checks(), check{"model", checkModel}) {
		if c.name == name {
			c.run(&kit{TB: tb, Harness: h})
			return
		}
	}
	tb.Fatalf("there is no check %q", name)
}
