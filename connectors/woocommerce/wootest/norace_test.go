//go:build !race

package wootest_test

const racing = false
