package connectortest

import "testing"

// SourceNames lists the checks of sources.
func SourceNames() []string {
	var names []string
	for _, c := range sourceChecks[struct{}]() {
		names = append(names, c.name)
	}
	return names
}

// CheckSource runs one check.
func CheckSource[T any](tb testing.TB, name string, h SourceHarness[T]) {
	tb.Helper()
	for _, c := range sourceChecks[T]() {
		if c.name == name {
			c.run(newSourceKit(tb, h))
			return
		}
	}
	tb.Fatalf("there is no check %q", name)
}

// TargetNames lists the checks of targets.
func TargetNames() []string {
	var names []string
	for _, c := range targetChecks[struct{}]() {
		names = append(names, c.name)
	}
	return names
}

// CheckTarget runs one check.
func CheckTarget[U any](tb testing.TB, name string, h TargetHarness[U]) {
	tb.Helper()
	for _, c := range targetChecks[U]() {
		if c.name == name {
			c.run(newTargetKit(tb, h))
			return
		}
	}
	tb.Fatalf("there is no check %q", name)
}
