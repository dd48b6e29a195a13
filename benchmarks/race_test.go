//go:build race

package benchmarks_test

// The race detector keeps a shadow of all memory.
const raceDetector = true
