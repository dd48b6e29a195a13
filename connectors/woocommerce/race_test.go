//go:build race

package woocommerce_test

import (
	"flag"
	"os"
	"testing"
)

// racing says that the race detector watches, which needs no more of the same.
const racing = true

const busyRecords = 600

func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", "10"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}
