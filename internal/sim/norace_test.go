//go:build !race

package sim_test

const seedsByDefault = 1000
