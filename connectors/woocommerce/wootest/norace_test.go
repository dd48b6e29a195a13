//go:build !race

package wootest_test

import "testing"

const racing = false

func alone(*testing.T) {}
