//go:build race

package woocommerce_test

// busyRecords is less under the race detector, which needs no more of the same.
const busyRecords = 600
