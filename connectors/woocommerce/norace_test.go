//go:build !race

package woocommerce_test

const racing = false

// busyRecords is how many records a busy shop has where nobody asks for seeds.
const busyRecords = 1500
