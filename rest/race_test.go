//go:build race

package rest_test

// adaptiveSeeds under the race detector, which needs no more of the same: the
// run without it has the mean of more.
const adaptiveSeeds = 5
