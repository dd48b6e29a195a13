//go:build !race

package woocommerce_test

const busySeeds = 3
