//go:build race

package main

// Under the race detector every round takes five times as long; these few meet each
// fault but the lost ledger once.
const killsByDefault = 7
