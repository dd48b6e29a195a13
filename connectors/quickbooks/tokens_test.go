package quickbooks_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/connectors/quickbooks/qbotest"
	"github.com/woosync/woosync/rest"
	"github.com/woosync/woosync/store/memory"
)

// secrets is a store for tokens that fails on demand.
type secrets struct {
	*memory.Store
	mu      sync.Mutex
	failing int  // how many saves fail
	silent  bool // they are carried out all the same
	saves   int
	die     func()
}

var errStore = errors.New("disk full")

func (s *secrets) SaveSecret(ctx context.Context, tenant, name string, secret woosync.Secret) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.saves++
	if s.die != nil {
		s.die()
	}
	if s.failing > 0 {
		s.failing--
		if s.silent {
			if err := s.Store.SaveSecret(ctx, tenant, name, secret); err != nil {
				return err
			}
		}
		return errStore
	}
	return s.Store.SaveSecret(ctx, tenant, name, secret)
}

func tokensOf(t *testing.T, books *qbotest.Server, store *secrets, change func(*quickbooks.TokensConfig)) *quickbooks.Tokens {
	t.Helper()
	cfg := quickbooks.TokensConfig{
		Tenant: "acme", RealmID: books.RealmID(), ClientID: books.ClientID(), ClientSecret: rest.Secret(books.ClientSecret()),
		TokenURL: books.TokenURL(), RefreshToken: rest.Secret(books.RefreshToken()),
		Secrets: store, Leases: store, Key: []byte("0123456789abcdef0123456789abcdef"), Transport: books.RoundTripper(),
	}
	if change != nil {
		change(&cfg)
	}
	tokens, err := quickbooks.NewTokens(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return tokens
}

func clientWith(t *testing.T, books *qbotest.Server, tokens quickbooks.TokenSource) *quickbooks.Client {
	t.Helper()
	client, err := quickbooks.New(quickbooks.Config{
		BaseURL: books.URL, RealmID: books.RealmID(), Transport: books.RoundTripper(), Tokens: tokens,
	})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func tokenBubble(t *testing.T, options []qbotest.Option, f func(t *testing.T, books *qbotest.Server, store *secrets)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		f(t, qbotest.New(options...), &secrets{Store: memory.New()})
	})
}

func TestTokensRotate(t *testing.T) {
	options := []qbotest.Option{qbotest.WithRotation(), qbotest.WithTheftRevocation()}
	tokenBubble(t, options, func(t *testing.T, books *qbotest.Server, store *secrets) {
		tokens := tokensOf(t, books, store, nil)
		configured := books.RefreshToken()
		client := clientWith(t, books, tokens)
		for range 10 {
			if _, err := client.Preferences(t.Context()); err != nil {
				t.Fatal(err)
			}
			<-time.After(25 * time.Minute)
		}
		// Three hours and three quarters at fifty minutes each, begun at once.
		if n := books.Requests().Token; n != 5 {
			t.Errorf("%d exchanges, want 5", n)
		}
		if n := books.Requests().Unauthorized; n != 0 {
			t.Errorf("%d refused requests; tokens should be renewed before they expire", n)
		}
		// Another process, with the configuration of old, goes on from the store.
		again := tokensOf(t, books, store, func(cfg *quickbooks.TokensConfig) { cfg.RefreshToken = rest.Secret(configured) })
		<-time.After(time.Hour)
		if _, err := clientWith(t, books, again).Preferences(t.Context()); err != nil {
			t.Error(err)
		}
		secret, err := store.LoadSecret(t.Context(), "acme", "quickbooks/"+books.RealmID())
		if err != nil || strings.Contains(string(secret.Sealed), "CANARY") {
			t.Errorf("the store can read the token (%v)", err)
		}
	})
}

// Eight goroutines with an expired token need one exchange, alone or in two processes.
func TestTokensOneExchange(t *testing.T) {
	options := []qbotest.Option{qbotest.WithRotation(), qbotest.WithTheftRevocation(), qbotest.WithLatency(300 * time.Millisecond)}
	for _, processes := range []int{1, 2} {
		t.Run(fmt.Sprint(processes), func(t *testing.T) {
			tokenBubble(t, options, func(t *testing.T, books *qbotest.Server, store *secrets) {
				var clients []*quickbooks.Client
				for range processes {
					clients = append(clients, clientWith(t, books, tokensOf(t, books, store, nil)))
				}
				for _, client := range clients {
					if _, err := client.Preferences(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
				before := books.Requests().Token
				books.ExpireAccessTokens()
				var group sync.WaitGroup
				for i := range 8 {
					group.Go(func() {
						if _, err := clients[i%processes].Preferences(t.Context()); err != nil {
							t.Error(err)
						}
					})
				}
				group.Wait()
				if n := books.Requests().Token - before; n != 1 {
					t.Errorf("%d exchanges, want 1", n)
				}
			})
		})
	}
}

// A holder of the lease that died is waited for until its term is over.
func TestTokensLeaseOfTheDead(t *testing.T) {
	tokenBubble(t, nil, func(t *testing.T, books *qbotest.Server, store *secrets) {
		if _, err := store.AcquireLease(t.Context(), "acme", "quickbooks token "+books.RealmID(), "dead", 2*time.Minute); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if _, err := tokensOf(t, books, store, nil).Token(t.Context()); err != nil {
			t.Fatal(err)
		}
		if waited := time.Since(began); waited < 2*time.Minute || waited > 130*time.Second {
			t.Errorf("waited %s", waited)
		}
		// Who gives up waiting breaks nothing.
		<-time.After(time.Hour)
		if _, err := store.AcquireLease(t.Context(), "acme", "quickbooks token "+books.RealmID(), "busy", time.Hour); err != nil {
			t.Fatal(err)
		}
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := tokensOf(t, books, store, nil).Token(short)
		wantFault(t, err, woosync.NotSent, woosync.CategoryServer)
	})
}

// A process that has lost its lease, by sleeping, say, sends nothing more: somebody else may be at it.
func TestTokensLeaseLost(t *testing.T) {
	tokenBubble(t, nil, func(t *testing.T, books *qbotest.Server, store *secrets) {
		books.Inject(qbotest.Fault{Match: qbotest.Is(qbotest.Token, ""), Effect: qbotest.InvalidGrant()})
		sleepy := roundTrip(func(r *http.Request) (*http.Response, error) {
			<-time.After(14 * time.Second)
			return books.RoundTripper().RoundTrip(r)
		})
		tokens := tokensOf(t, books, store, func(cfg *quickbooks.TokensConfig) { cfg.Leases, cfg.Transport = fenced{store.Store}, sleepy })
		_, err := tokens.Token(t.Context())
		wantFault(t, err, woosync.NotSent, woosync.CategoryServer)
		if n := books.Requests().Token; n != 1 || !errors.Is(err, woosync.ErrFenced) {
			t.Errorf("%d exchanges, want 1: %v", n, err)
		}
	})
}

type fenced struct{ *memory.Store }

func (fenced) RenewLease(context.Context, woosync.Lease, time.Duration) (woosync.Lease, error) {
	return woosync.Lease{}, woosync.ErrFenced
}

func TestTokensStoreFails(t *testing.T) {
	options := []qbotest.Option{qbotest.WithRotation(), qbotest.WithTheftRevocation()}
	for name, silent := range map[string]bool{"not stored": false, "stored all the same": true} {
		t.Run(name, func(t *testing.T) {
			tokenBubble(t, options, func(t *testing.T, books *qbotest.Server, store *secrets) {
				store.failing, store.silent = 2, silent
				tokens := tokensOf(t, books, store, nil)
				if _, err := tokens.Token(t.Context()); err != nil {
					t.Fatalf("a store that fails twice: %v", err)
				}
			})
		})
	}
	// A store that fails for minutes: nothing is used before it is stored, and nothing is lost.
	tokenBubble(t, options, func(t *testing.T, books *qbotest.Server, store *secrets) {
		store.failing = 9
		tokens := tokensOf(t, books, store, nil)
		_, err := tokens.Token(t.Context())
		wantFault(t, err, woosync.NotSent, woosync.CategoryServer)
		if !errors.Is(err, errStore) {
			t.Errorf("the reason is lost: %v", err)
		}
		if _, err = tokens.Token(t.Context()); err == nil {
			t.Error("a token that could not be stored was handed out")
		}
		store.failing = 0
		token, err := tokens.Token(t.Context())
		if err != nil || token == "" {
			t.Fatalf("after the store is well again: %v", err)
		}
		if n := books.Requests().Token; n != 1 {
			t.Errorf("%d exchanges, want 1: the others would have lost the connection", n)
		}
	})
}

// The process dies after Intuit's answer and before it is stored. Unless that very answer replaced the refresh token, the next
// process goes on; if it did, only a new consent helps, and that is what is said.
func TestTokensDieBeforeSaving(t *testing.T) {
	for name, rotates := range map[string]bool{"same refresh token": false, "replaced": true} {
		t.Run(name, func(t *testing.T) {
			var options []qbotest.Option
			if rotates {
				options = append(options, qbotest.WithRotation())
			}
			tokenBubble(t, options, func(t *testing.T, books *qbotest.Server, store *secrets) {
				first := books.RefreshToken()
				store.die = func() { panic("killed") }
				dying := tokensOf(t, books, store, func(cfg *quickbooks.TokensConfig) { cfg.Leases = nil })
				func() {
					defer func() { _ = recover() }()
					_, _ = dying.Token(t.Context())
				}()
				alive := tokensOf(t, books, &secrets{Store: store.Store}, func(cfg *quickbooks.TokensConfig) { cfg.RefreshToken = rest.Secret(first) })
				_, err := alive.Token(t.Context())
				if !rotates {
					if err != nil {
						t.Fatal(err)
					}
					return
				}
				wantFault(t, err, woosync.Fatal, woosync.CategoryAuth)
				if !errors.Is(err, quickbooks.ErrReconnect) {
					t.Errorf("want ErrReconnect: %v", err)
				}
				// Asked again at once, Intuit is left in peace.
				before := books.Requests().Token
				if _, err := alive.Token(t.Context()); !errors.Is(err, quickbooks.ErrReconnect) || books.Requests().Token != before {
					t.Errorf("%d exchanges more: %v", books.Requests().Token-before, err)
				}
				// After a new consent the configured token is another than the chain began with.
				fresh := tokensOf(t, books, &secrets{Store: store.Store}, func(cfg *quickbooks.TokensConfig) { cfg.RefreshToken = rest.Secret(books.Reconnect()) })
				if _, err := fresh.Token(t.Context()); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

func TestTokensReconnect(t *testing.T) {
	tokenBubble(t, nil, func(t *testing.T, books *qbotest.Server, store *secrets) {
		tokens := tokensOf(t, books, store, nil)
		client := clientWith(t, books, tokens)
		if _, err := client.Preferences(t.Context()); err != nil {
			t.Fatal(err)
		}
		second := books.Reconnect() // everything issued before is dead
		_, err := client.Preferences(t.Context())
		wantFault(t, err, woosync.Fatal, woosync.CategoryAuth)
		if !errors.Is(err, quickbooks.ErrReconnect) {
			t.Errorf("want ErrReconnect: %v", err)
		}
		again := tokensOf(t, books, store, func(cfg *quickbooks.TokensConfig) { cfg.RefreshToken = rest.Secret(second) })
		if _, err := clientWith(t, books, again).Preferences(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestTokensWrongApp(t *testing.T) {
	tokenBubble(t, nil, func(t *testing.T, books *qbotest.Server, store *secrets) {
		tokens := tokensOf(t, books, store, func(cfg *quickbooks.TokensConfig) { cfg.ClientSecret = "CANARY-wrong" })
		_, err := tokens.Token(t.Context())
		wantFault(t, err, woosync.Fatal, woosync.CategoryAuth)
		if errors.Is(err, quickbooks.ErrReconnect) || !errors.Is(err, quickbooks.ErrClient) {
			t.Errorf("a wrong secret is no reason to consent anew: %v", err)
		}
	})
}

// A token endpoint in trouble breaks nothing and is not stormed.
func TestTokensEndpointDown(t *testing.T) {
	for name, effect := range map[string]qbotest.Effect{
		"503": qbotest.Fail(503), "HTML": qbotest.HTML(), "drop": qbotest.Drop(), "throttle": qbotest.Throttle(qbotest.ThrottleXML, 0),
	} {
		t.Run(name, func(t *testing.T) {
			tokenBubble(t, nil, func(t *testing.T, books *qbotest.Server, store *secrets) {
				books.Inject(qbotest.Fault{Match: qbotest.Is(qbotest.Token, ""), Times: -1, Effect: effect})
				tokens := tokensOf(t, books, store, nil)
				client := clientWith(t, books, tokens)
				for range 5 {
					_, err := client.CustomerTarget(quickbooks.TargetOptions{}).Apply(t.Context(), creation("7", buyer("Ann", "7")))
					wantFault(t, err, woosync.NotSent, woosync.CategoryServer)
					if faultOf(t, err).RetryAt.IsZero() {
						t.Error("no time to try again")
					}
				}
				if n := books.Requests().Token; n > 2 {
					t.Errorf("%d exchanges for five calls", n)
				}
				books.ClearFaults()
				<-time.After(time.Minute)
				if _, err := client.Preferences(t.Context()); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// The caller leaves in the middle of an exchange: it is finished and stored.
func TestTokensCancelled(t *testing.T) {
	options := []qbotest.Option{qbotest.WithRotation(), qbotest.WithLatency(2 * time.Second)}
	tokenBubble(t, options, func(t *testing.T, books *qbotest.Server, store *secrets) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, _ = tokensOf(t, books, store, nil).Token(ctx)
		if store.saves != 1 {
			t.Errorf("%d saves, want 1", store.saves)
		}
		if _, err := tokensOf(t, books, store, nil).Token(t.Context()); err != nil {
			t.Error(err)
		}
		if n := books.Requests().Token; n != 1 {
			t.Errorf("%d exchanges, want 1", n)
		}
	})
}

// Without refresh_token in the answer the old one is kept.
func TestTokensAnswerWithoutRefreshToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		books := qbotest.New()
		store := &secrets{Store: memory.New()}
		bodies := 0
		transport := roundTrip(func(r *http.Request) (*http.Response, error) {
			bodies++
			if err := r.ParseForm(); err != nil {
				return nil, err
			}
			if r.PostForm.Get("refresh_token") != "first" {
				t.Errorf("sent %q", r.PostForm.Get("refresh_token"))
			}
			return answering{status: 200, body: fmt.Sprintf(`{"access_token":"a%d","expires_in":3600}`, bodies)}.RoundTrip(r)
		})
		tokens := tokensOf(t, books, store, func(cfg *quickbooks.TokensConfig) { cfg.Transport, cfg.RefreshToken = transport, "first" })
		for range 3 {
			if _, err := tokens.Token(t.Context()); err != nil {
				t.Fatal(err)
			}
			<-time.After(time.Hour)
		}
		if bodies != 3 {
			t.Errorf("%d exchanges, want 3", bodies)
		}
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// A row copied to another tenant stays shut.
func TestTokensOfAnotherTenant(t *testing.T) {
	tokenBubble(t, nil, func(t *testing.T, books *qbotest.Server, store *secrets) {
		if _, err := tokensOf(t, books, store, nil).Token(t.Context()); err != nil {
			t.Fatal(err)
		}
		name := "quickbooks/" + books.RealmID()
		secret, err := store.LoadSecret(t.Context(), "acme", name)
		if err != nil {
			t.Fatal(err)
		}
		secret.Revision = 0
		if err := store.SaveSecret(t.Context(), "other", name, secret); err != nil {
			t.Fatal(err)
		}
		_, err = tokensOf(t, books, store, func(cfg *quickbooks.TokensConfig) { cfg.Tenant = "other" }).Token(t.Context())
		wantFault(t, err, woosync.Fatal, woosync.CategoryAuth)
	})
}

func TestTokensConfig(t *testing.T) {
	_, err := quickbooks.NewTokens(quickbooks.TokensConfig{RealmID: "../1", TokenURL: "ftp://CANARY@x", Key: []byte("short")})
	if err == nil {
		t.Fatal("accepted")
	}
	for _, field := range []string{"Tenant", "RealmID", "ClientID", "ClientSecret", "Secrets", "Key", "BaseURL"} {
		if !strings.Contains(err.Error(), field) {
			t.Errorf("the error does not mention %s: %v", field, err)
		}
	}
	if strings.Contains(err.Error(), "CANARY") {
		t.Errorf("the error shows a secret: %v", err)
	}
}
