//go:build !race

package quickbooks_test

// racing says that the race detector watches, which needs no more of the same.
const racing = false
