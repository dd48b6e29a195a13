//go:build race

package sim_test

// Under the race detector every world takes ten times as long.
const seedsByDefault = 60
