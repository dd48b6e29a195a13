package quickbooks_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/connectors/quickbooks/qbotest"
	"github.com/woosync/woosync/rest"
	"github.com/woosync/woosync/store/memory"
)

// Two processes with eight goroutines each, a thousand times in front of an expired token, at a server that ends the
// connection when a superseded token comes back: one exchange each time.
func TestThousandRotations(t *testing.T) {
	options := []qbotest.Option{qbotest.WithRotation(), qbotest.WithTheftRevocation(), qbotest.WithLatency(300 * time.Millisecond)}
	tokenBubble(t, options, func(t *testing.T, books *qbotest.Server, store *secrets) {
		sources := []*quickbooks.Tokens{tokensOf(t, books, store, nil), tokensOf(t, books, store, nil)}
		client := clientWith(t, books, sources[0])
		current, err := sources[1].Token(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		rounds := 1000
		if racing {
			rounds = 200
		}
		for round := range rounds {
			before, refresh := books.Requests().Token, books.RefreshToken()
			renewing := round%2 == 1 // a server that refuses the token before its time
			if renewing {
				books.ExpireAccessTokens()
			} else {
				<-time.After(time.Hour)
			}
			var group sync.WaitGroup
			got := make([]rest.Secret, 16)
			for i := range got {
				group.Go(func() {
					var err error
					if source := sources[i%2]; renewing {
						got[i], err = source.Renew(t.Context(), current)
					} else {
						got[i], err = source.Token(t.Context())
					}
					if err != nil {
						t.Errorf("round %d: %v", round, err)
					}
				})
			}
			group.Wait()
			if n := books.Requests().Token - before; n != 1 || books.RefreshToken() == refresh {
				t.Fatalf("round %d: %d exchanges, want 1", round, n)
			}
			if all := slices.Compact(got); len(all) != 1 || all[0] == current {
				t.Fatalf("round %d: not one new token for all", round)
			}
			current = got[0]
			if _, err := client.Preferences(t.Context()); err != nil {
				t.Fatalf("round %d: %v", round, err)
			}
		}
		if n := books.Requests().Unauthorized; n != 0 {
			t.Errorf("%d refused requests", n)
		}
	})
}

// A victim is a process that is killed at a step: a call of its store or a request, before it has its effect or after. From
// then on nothing that it does has any.
type victim struct {
	*memory.Store
	wire  http.RoundTripper
	at    int // -1: it lives
	dead  bool
	steps []string
}

var errKilled = errors.New("killed")

// step runs one call unless the process is dead, and kills it if its time has come.
func (v *victim) step(name string, run func() error) error {
	if v.dead {
		return errKilled
	}
	v.pass("before " + name)
	err := run()
	v.pass("after " + name)
	return err
}

func (v *victim) pass(name string) {
	v.steps = append(v.steps, name)
	if len(v.steps)-1 == v.at {
		v.dead = true
		panic(errKilled)
	}
}

func (v *victim) LoadSecret(ctx context.Context, tenant, name string) (secret woosync.Secret, err error) {
	err = v.step("load", func() error { secret, err = v.Store.LoadSecret(ctx, tenant, name); return err })
	return secret, err
}

func (v *victim) SaveSecret(ctx context.Context, tenant, name string, secret woosync.Secret) error {
	return v.step("save", func() error { return v.Store.SaveSecret(ctx, tenant, name, secret) })
}

func (v *victim) AcquireLease(ctx context.Context, tenant, name, owner string, ttl time.Duration) (lease woosync.Lease, err error) {
	err = v.step("acquire", func() error { lease, err = v.Store.AcquireLease(ctx, tenant, name, owner, ttl); return err })
	return lease, err
}

func (v *victim) ReleaseLease(ctx context.Context, lease woosync.Lease) error {
	return v.step("release", func() error { return v.Store.ReleaseLease(ctx, lease) })
}

func (v *victim) RoundTrip(r *http.Request) (answer *http.Response, err error) {
	err = v.step("request", func() error { answer, err = v.wire.RoundTrip(r); return err }) //nolint:bodyclose // it is handed on
	return answer, err
}

// run does something as the victim and reports whether it lived.
func (v *victim) run(f func()) (lived bool) {
	defer func() {
		if what := recover(); what != nil && !errors.Is(what.(error), errKilled) {
			panic(what)
		}
		lived = !v.dead
	}()
	f()
	return true
}

// killing kills a process at every step of what it does with a connection that is an hour old, in a new world each time, and has
// after look at what is left.
func killing(t *testing.T, options []qbotest.Option, do func(*quickbooks.Tokens) error, after func(t *testing.T, step string, books *qbotest.Server, heir *quickbooks.Tokens)) (steps []string) {
	t.Helper()
	for at, lived := 0, false; !lived; at++ {
		synctest.Test(t, func(t *testing.T) {
			books := qbotest.New(append([]qbotest.Option{qbotest.WithTheftRevocation()}, options...)...)
			store := &secrets{Store: memory.New()}
			if _, err := tokensOf(t, books, store, nil).Token(t.Context()); err != nil {
				t.Fatal(err)
			}
			<-time.After(time.Hour)
			v := &victim{Store: store.Store, wire: books.RoundTripper(), at: at}
			dying := tokensOf(t, books, store, func(cfg *quickbooks.TokensConfig) { cfg.Secrets, cfg.Leases, cfg.Transport = v, v, v })
			lived = v.run(func() {
				if err := do(dying); err != nil {
					t.Errorf("killed at no step: %v", err)
				}
			})
			if steps = v.steps; lived {
				return
			}
			began := time.Now()
			after(t, v.steps[at], books, tokensOf(t, books, store, func(cfg *quickbooks.TokensConfig) { cfg.RefreshToken = "" }))
			if waited := time.Since(began); waited > 2*time.Minute+15*time.Second {
				t.Errorf("killed %s: the next process had to wait %s", v.steps[at], waited)
			}
		})
	}
	return steps
}

// A process dies at each step of an exchange. The next one goes on, unless Intuit had just replaced the refresh token and the
// new one was not yet stored.
func TestKilledAtEveryStep(t *testing.T) {
	for name, c := range map[string]struct {
		options []qbotest.Option
		lost    []string
	}{
		"same refresh token": {nil, nil},
		"replaced":           {[]qbotest.Option{qbotest.WithRotation()}, []string{"after request", "before save"}},
	} {
		t.Run(name, func(t *testing.T) {
			var lost []string
			renew := func(tokens *quickbooks.Tokens) error { _, err := tokens.Token(context.Background()); return err }
			steps := killing(t, c.options, renew, func(t *testing.T, step string, books *qbotest.Server, heir *quickbooks.Tokens) {
				t.Helper()
				_, err := heir.Token(t.Context())
				if err == nil {
					if _, err := clientWith(t, books, heir).Preferences(t.Context()); err != nil {
						t.Errorf("killed %s: %v", step, err)
					}
					return
				}
				if !errors.Is(err, quickbooks.ErrReconnect) {
					t.Errorf("killed %s: %v", step, err)
				}
				lost = append(lost, step)
			})
			want := []string{
				"before load", "after load", "before acquire", "after acquire", "before load", "after load",
				"before request", "after request", "before save", "after save", "before release", "after release",
			}
			if diff := cmp.Diff(want, steps); diff != "" {
				t.Error("the steps:", diff)
			}
			if diff := cmp.Diff(c.lost, lost); diff != "" {
				t.Error("lost when killed at:", diff)
			}
		})
	}
}

// A process dies at each step of a revocation. The next one ends it.
func TestKilledWhileRevoking(t *testing.T) {
	end := func(tokens *quickbooks.Tokens) error { return tokens.Revoke(context.Background()) }
	steps := killing(t, nil, end, func(t *testing.T, step string, books *qbotest.Server, heir *quickbooks.Tokens) {
		t.Helper()
		if err := heir.Revoke(t.Context()); err != nil {
			t.Errorf("killed %s: %v", step, err)
		}
		status, err := heir.Status(t.Context())
		if err != nil || status.Connected || status.Disconnected.IsZero() || books.RefreshToken() != "" {
			t.Errorf("killed %s: %+v, %v", step, status, err)
		}
	})
	if len(steps) != 10 {
		t.Errorf("steps: %v", steps)
	}
}
