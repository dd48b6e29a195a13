//go:build !race

package killmatrix_test

const (
	killsByDefault = 300
	twinRounds     = 100
)
