//go:build race

package rest_test

// Under the race detector, which needs no more of the same, the mean is that of
// a few seeds, and less sure.
const (
	adaptiveSeeds = 3
	adaptivePart  = 0.80
)
