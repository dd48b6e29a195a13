package sim

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/woosync/woosync"
)

// A store is one that can lose its newest commits.
type store struct {
	world *world
	state state
	past  []state // the newest last
}

// state is all that a store holds.
type state struct {
	links  map[place]woosync.Link
	saved  map[string]woosync.Checkpoint // by stream
	fences map[string]int64
	leases map[string]woosync.Lease
}

type place struct{ stream, id string }

const pastKept = 12

func newStore(w *world) *store { return &store{world: w, state: emptyState()} }

func emptyState() state {
	return state{
		links: make(map[place]woosync.Link), saved: make(map[string]woosync.Checkpoint),
		fences: make(map[string]int64), leases: make(map[string]woosync.Lease),
	}
}

// commit changes the state in one piece, or not at all.
func (s *store) commit(change func(next *state) error) error {
	next := state{
		links: maps.Clone(s.state.links), saved: maps.Clone(s.state.saved),
		fences: maps.Clone(s.state.fences), leases: maps.Clone(s.state.leases),
	}
	if err := change(&next); err != nil {
		return err
	}
	s.past = append(s.past, s.state)
	if len(s.past) > pastKept {
		s.past = s.past[1:]
	}
	s.state = next
	return nil
}

// forget loses the newest commits, or everything.
func (s *store) forget(n int) {
	s.state = s.past[len(s.past)-n]
	s.past = s.past[:len(s.past)-n]
}

func (s *store) clear() { s.state, s.past = emptyState(), nil }

// admit checks and raises a fence.
func (st *state) admit(at woosync.Scope) error {
	if at.Fence < st.fences[at.Stream] {
		return woosync.ErrFenced
	}
	st.fences[at.Stream] = at.Fence
	return nil
}

func (st *state) put(at woosync.Scope, links []woosync.Link) error {
	if err := st.admit(at); err != nil {
		return err
	}
	for _, link := range links {
		old := st.links[place{at.Stream, link.SourceID}]
		link.Generation = max(link.Generation, old.Generation)
		link.TargetID = cmp.Or(link.TargetID, old.TargetID)
		st.links[place{at.Stream, link.SourceID}] = link
	}
	return nil
}

func (st *state) save(at woosync.Scope, cp woosync.Checkpoint, settled []woosync.Settled) error {
	if err := st.admit(at); err != nil {
		return err
	}
	if st.saved[at.Stream].Revision != cp.Revision {
		return woosync.ErrConflict
	}
	for _, s := range settled {
		if !s.ProvenBy(st.links[place{s.Stream, s.SourceID}]) {
			return woosync.ErrUnproven
		}
	}
	cp.Revision++
	st.saved[at.Stream] = cp
	return nil
}

func (s *store) query(stream string, q woosync.LinkQuery) []woosync.Link {
	var found []woosync.Link
	for where, link := range s.state.links {
		if where.stream == stream && q.Match(link) {
			found = append(found, link)
		}
	}
	slices.SortFunc(found, func(a, b woosync.Link) int { return cmp.Compare(a.SourceID, b.SourceID) })
	return found
}

// A storeView is the store as one process sees it.
type storeView struct{ p *process }

// reach parks a call of the store. What is not fine is either busy before the
// commit or, mute, a commit whose answer is an error.
func (v storeView) reach(text string, do func() (string, error)) error {
	var err error
	alive := v.p.world.sched.park(v.p, text, func(f fate) (answer string) {
		if f != fine && f != mute {
			err = errFault
			return "busy"
		}
		answer, err = do()
		if err == nil && f == mute {
			err = errFault
		}
		return fmt.Sprintf("%s %v", answer, err)
	})
	if !alive {
		return errDead
	}
	return err
}

func (v storeView) GetLinks(_ context.Context, at woosync.Scope, ids []string) (links map[string]woosync.Link, err error) {
	err = v.reach(fmt.Sprintf("get %s %s for %s", at.Stream, strings.Join(ids, ","), purpose()), func() (string, error) {
		links = make(map[string]woosync.Link)
		for _, id := range ids {
			if link, ok := v.p.world.store.state.links[place{at.Stream, id}]; ok {
				links[id] = link
			}
		}
		return fmt.Sprintf("%d links", len(links)), nil
	})
	return links, err
}

func (v storeView) PutLinks(_ context.Context, at woosync.Scope, links []woosync.Link) error {
	text := []string{fmt.Sprintf("put %s fence %d", at.Stream, at.Fence)}
	for _, link := range links {
		text = append(text, fmt.Sprintf("%s %s %s %s g%d", link.SourceID, link.State, link.Version, link.TargetID, link.Generation))
	}
	links = slices.Clone(links)
	return v.reach(strings.Join(text, " "), func() (string, error) {
		return "", v.p.world.store.commit(func(next *state) error { return next.put(at, links) })
	})
}

func (v storeView) QueryLinks(_ context.Context, at woosync.Scope, q woosync.LinkQuery) iter.Seq2[woosync.Link, error] {
	return func(yield func(woosync.Link, error) bool) {
		var found []woosync.Link
		err := v.reach(fmt.Sprintf("query %s %v", at.Stream, q.States), func() (string, error) {
			found = v.p.world.store.query(at.Stream, q)
			return fmt.Sprintf("%d links", len(found)), nil
		})
		if err != nil {
			yield(woosync.Link{}, err)
			return
		}
		for _, link := range found {
			if !yield(link, nil) {
				return
			}
		}
	}
}

func (v storeView) LoadCheckpoint(_ context.Context, at woosync.Scope) (cp woosync.Checkpoint, err error) {
	err = v.reach("load "+at.Stream, func() (string, error) {
		cp = v.p.world.store.state.saved[at.Stream]
		return fmt.Sprintf("revision %d", cp.Revision), nil
	})
	return cp, err
}

func (v storeView) SaveCheckpoint(_ context.Context, at woosync.Scope, cp woosync.Checkpoint) error {
	return v.save(at, cp, nil)
}

func (v storeView) save(at woosync.Scope, cp woosync.Checkpoint, settled []woosync.Settled) error {
	text := fmt.Sprintf("save fence %d revision %d pass %d page %d cursor %q", at.Fence, cp.Revision, cp.Pass, cp.Page, cp.Cursor)
	return v.reach(text, func() (string, error) {
		before := v.p.world.store.state.saved[at.Stream]
		err := v.p.world.store.commit(func(next *state) error { return next.save(at, cp, settled) })
		if err == nil {
			v.p.world.passed(before, cp, settled)
		}
		return "", err
	})
}

// provingView checks the proof in the same commit.
type provingView struct{ storeView }

func (v provingView) SaveProven(_ context.Context, at woosync.Scope, cp woosync.Checkpoint, settled []woosync.Settled) error {
	return v.save(at, cp, slices.Clone(settled))
}

// A leaseView is the store's leases as one process sees them.
type leaseView struct{ p *process }

func (v leaseView) AcquireLease(_ context.Context, tenant, name, owner string, ttl time.Duration) (lease woosync.Lease, err error) {
	err = storeView(v).reach("acquire "+name, func() (string, error) {
		err := v.p.world.store.commit(func(next *state) error {
			held := next.leases[name]
			if time.Now().Before(held.Expires) {
				return &woosync.HeldError{Tenant: tenant, Name: name, Owner: held.Owner, Until: held.Expires}
			}
			lease = woosync.Lease{Tenant: tenant, Name: name, Owner: owner, Token: held.Token + 1, Expires: time.Now().Add(ttl)}
			next.leases[name] = lease
			return nil
		})
		if err != nil {
			err = heldError{err}
		}
		return fmt.Sprintf("token %d", lease.Token), err
	})
	return lease, err
}

// heldError hides the owner, whose name ends in something random, from traces.
type heldError struct{ error }

func (heldError) Error() string   { return "held" }
func (e heldError) Unwrap() error { return e.error }

func (v leaseView) RenewLease(_ context.Context, lease woosync.Lease, ttl time.Duration) (woosync.Lease, error) {
	err := storeView(v).reach("renew "+lease.Name, func() (string, error) {
		return "", v.p.world.store.commit(func(next *state) error {
			held := next.leases[lease.Name]
			if held.Owner != lease.Owner || held.Token != lease.Token || !time.Now().Before(held.Expires) {
				return woosync.ErrFenced
			}
			held.Expires = time.Now().Add(ttl)
			next.leases[lease.Name], lease = held, held
			return nil
		})
	})
	return lease, err
}

func (v leaseView) ReleaseLease(_ context.Context, lease woosync.Lease) error {
	return storeView(v).reach("release "+lease.Name, func() (string, error) {
		return "", v.p.world.store.commit(func(next *state) error {
			if held := next.leases[lease.Name]; held.Owner == lease.Owner && held.Token == lease.Token {
				held.Expires, held.Owner = time.Time{}, ""
				next.leases[lease.Name] = held
			}
			return nil
		})
	})
}

// purpose tells the two reasons apart for which the engine reads links: two calls
// that look alike must have the same consequences, or a seed would not replay.
func purpose() string {
	var stack [16]uintptr
	frames := runtime.CallersFrames(stack[:runtime.Callers(2, stack[:])])
	for frame, more := frames.Next(); more; frame, more = frames.Next() {
		if strings.HasSuffix(frame.Function, ".saveOnce") {
			return "a proof"
		}
	}
	return "a page"
}
