//go:build race

package wootest_test

// racing says that the race detector watches, which needs no more of the same.
const racing = true
