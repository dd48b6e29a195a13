//go:build race

package storetest_test

// raceDetector says that the race detector looks on. A store whose fault is a data
// race fails every test then.
const raceDetector = true
