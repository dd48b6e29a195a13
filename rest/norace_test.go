//go:build !race

package rest_test

const adaptiveSeeds = 20
