//go:build race

package wootest_test

import "testing"

// racing says that the race detector watches, which needs no more of the same.
const racing = true

// alone leaves a long test of one goroutine to the other run.
func alone(t *testing.T) {
	t.Helper()
	t.Skip("one goroutine reads hundreds of documents: there is nothing to race with")
}
