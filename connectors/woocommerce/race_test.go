//go:build race

package woocommerce_test

// busySeeds under the race detector, which needs no more of the same: the run
// without it reads all seeds.
const busySeeds = 3
