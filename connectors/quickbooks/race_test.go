//go:build race

package quickbooks_test

import (
	"flag"
	"os"
	"testing"
)

// racing says that the race detector watches, which needs no more of the same.
const racing = true

func TestMain(m *testing.M) {
	for name, value := range map[string]string{"rapid.checks": "10", "writes": "200", "minutes": "1"} {
		if err := flag.Set(name, value); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}
