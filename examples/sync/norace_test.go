//go:build !race

package main

const killsByDefault = 20
