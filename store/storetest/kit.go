package storetest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/woosync/woosync"
)

// kit is what a check works with: one store, and short words for what is done
// to it.
type kit struct {
	testing.TB
	Harness
}

// orders is the scope that most checks use.
func orders(fence int64) woosync.Scope {
	return woosync.Scope{Tenant: "acme", Stream: "orders", Fence: fence}
}

func (k *kit) need(err error) {
	k.Helper()
	if err != nil {
		k.Fatalf("unexpected error: %v", err)
	}
}

// want checks that err is, or wraps, the sentinel.
func (k *kit) want(err, sentinel error, what string) {
	k.Helper()
	if !errors.Is(err, sentinel) {
		k.Errorf("%s: error is %v, want %v", what, err, sentinel)
	}
}

// same compares what the store returned with what it has to be.
func same[T any](k *kit, want, got T, what string) {
	k.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		k.Errorf("%s (-want +got):\n%s", what, clip(diff))
	}
}

func clip(text string) string {
	if len(text) > 4000 {
		return text[:4000] + "\n…"
	}
	return text
}

func (k *kit) put(at woosync.Scope, links ...woosync.Link) {
	k.Helper()
	k.need(k.Store.PutLinks(k.Context(), at, links))
}

func (k *kit) get(at woosync.Scope, ids ...string) map[string]woosync.Link {
	k.Helper()
	links, err := k.Store.GetLinks(k.Context(), at, ids)
	k.need(err)
	return links
}

// one returns the link of an ID, which must be there.
func (k *kit) one(at woosync.Scope, id string) woosync.Link {
	k.Helper()
	link, ok := k.get(at, id)[id]
	if !ok {
		k.Fatalf("link %q of %s/%s is missing", id, at.Tenant, at.Stream)
	}
	return link
}

func (k *kit) query(at woosync.Scope, q woosync.LinkQuery) []woosync.Link {
	k.Helper()
	var links []woosync.Link
	for link, err := range k.Store.QueryLinks(k.Context(), at, q) {
		k.need(err)
		links = append(links, link)
	}
	return links
}

func (k *kit) save(at woosync.Scope, cp woosync.Checkpoint) {
	k.Helper()
	k.need(k.Store.SaveCheckpoint(k.Context(), at, cp))
}

func (k *kit) load(at woosync.Scope) woosync.Checkpoint {
	k.Helper()
	cp, err := k.Store.LoadCheckpoint(k.Context(), at)
	k.need(err)
	return cp
}

// cancelled returns a context that has ended.
func (k *kit) cancelled() context.Context {
	ctx, cancel := context.WithCancel(k.Context())
	cancel()
	return ctx
}

func (k *kit) durable() {
	k.Helper()
	if k.Reopen == nil {
		k.Skip("the harness has no Reopen: nothing is said about what outlives the store")
	}
}

func (k *kit) clock() {
	k.Helper()
	if k.Advance == nil {
		k.Skip("the harness has no Advance: nothing is said about terms that end")
	}
}

func (k *kit) leases() woosync.LeaseStore {
	k.Helper()
	return ability[woosync.LeaseStore](k, k.Store, "Leases", k.Leases)
}

func (k *kit) secrets() woosync.SecretStore {
	k.Helper()
	return ability[woosync.SecretStore](k, k.Store, "Secrets", k.Secrets)
}

func (k *kit) runs() woosync.RunStore {
	k.Helper()
	return ability[woosync.RunStore](k, k.Store, "Runs", k.Runs)
}

func (k *kit) prover() woosync.Prover {
	k.Helper()
	return ability[woosync.Prover](k, k.Store, "Prover", k.Prover)
}

func (k *kit) closer() io.Closer {
	k.Helper()
	return ability[io.Closer](k, k.Store, "Closer", k.Closer)
}

// ability returns the store as one of the optional interfaces: skipped if it is
// not declared, a failure if it is declared and lost.
func ability[T any](k *kit, store Store, name string, declared bool) T {
	k.Helper()
	as, ok := store.(T)
	switch {
	case !declared:
		k.Skip("the harness does not declare " + name)
	case !ok:
		k.Fatalf("the harness declares %s, and %T has not its methods", name, store)
	}
	return as
}

// moment is a time that is not in UTC. It is of a full second, so that what
// becomes of its parts is left to the checks that ask for it.
func moment() time.Time {
	return time.Date(2026, time.July, 9, 23, 59, 59, 0, time.FixedZone("", 5*3600+1800))
}

// full returns a link with something in every field.
func full(id string) woosync.Link {
	return woosync.Link{
		SourceID: id, TargetID: "T-" + id, TargetVersion: "3", Version: "2026-07-09", Hash: "h1", Revision: "r1",
		State: woosync.LinkFailed, Foreign: true, Gone: true, Generation: 4, Via: "parent-" + id,
		Attempts: 5, Category: woosync.CategoryData, Reason: "no such tax code", Remedy: "make one", NextTry: moment(), Settles: moment().Add(time.Hour), Pass: 6,
	}
}

// done returns a link that a pass left behind.
func done(id string) woosync.Link {
	return woosync.Link{SourceID: id, TargetID: "T-" + id, Version: "v1", Hash: "h-" + id, State: woosync.LinkDone}
}

// many returns n links, in the order of their IDs.
func many(n int) []woosync.Link {
	links := make([]woosync.Link, n)
	for i := range links {
		links[i] = done(fmt.Sprintf("%08d", i))
	}
	return links
}

func idsOf(links []woosync.Link) []string {
	ids := make([]string, len(links))
	for i, link := range links {
		ids[i] = link.SourceID
	}
	return ids
}

// sortedIDs lists the keys of what GetLinks returned.
func sortedIDs(links map[string]woosync.Link) []string { return slices.Sorted(maps.Keys(links)) }
