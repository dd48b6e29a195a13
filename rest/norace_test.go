//go:build !race

package rest_test

const (
	adaptiveSeeds = 20
	adaptivePart  = 0.85 // of the capacity that an adaptive client has to get, in the mean
)
