//go:build race

package killmatrix_test

// Under the race detector every process takes five times as long.
const (
	killsByDefault = 60
	twinRounds     = 15
)
