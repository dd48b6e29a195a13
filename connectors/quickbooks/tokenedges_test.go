package quickbooks_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/connectors/quickbooks/qbotest"
	"github.com/woosync/woosync/rest"
	"github.com/woosync/woosync/store/memory"
)

// A clerk is a token endpoint that answers as a test says, and notes what it was asked.
type clerk struct {
	mu     sync.Mutex
	asked  []url.Values
	answer func(form url.Values) answering
}

func (c *clerk) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	c.asked = append(c.asked, form)
	c.mu.Unlock()
	return c.answer(form).RoundTrip(r)
}

// A 5xx is an outage, whatever its body says: neither the consent nor the app is taken for bad.
func TestOutageThatSaysRefused(t *testing.T) {
	for _, code := range []string{"invalid_grant", "invalid_client", "unauthorized_client"} {
		for _, status := range []int{500, 502, 503, 504} {
			t.Run(fmt.Sprint(status, code), func(t *testing.T) {
				hosting(t, nil, func(h *host) {
					down := &clerk{answer: func(url.Values) answering {
						return answering{status: status, body: fmt.Sprintf(`{"error":%q,"error_description":"Incorrect or invalid refresh token"}`, code)}
					}}
					tokens := tokensOf(h.T, h.books, h.store, func(cfg *quickbooks.TokensConfig) { cfg.Transport = down })
					app := appOf(h.T, h.books, h.store, func(cfg *quickbooks.AppConfig) { cfg.Transport = down })
					_, err := tokens.Token(h.Context())
					_, codeErr := app.Exchange(h.Context(), "acme", h.books.RealmID(), "code")
					for _, err := range []error{err, codeErr, tokens.Revoke(h.Context())} {
						wantFault(h.T, err, woosync.NotSent, woosync.CategoryServer)
						if errors.Is(err, quickbooks.ErrReconnect) || errors.Is(err, quickbooks.ErrClient) {
							h.Errorf("believed: %v", err)
						}
					}
					if n := len(down.asked); n < 2 {
						h.Errorf("%d requests", n)
					}
					if status, err := tokens.Status(h.Context()); err != nil || !status.Connected || !status.Refused.IsZero() {
						h.Errorf("status %+v, %v", status, err)
					}
					if _, err := tokensOf(h.T, h.books, h.store, nil).Token(h.Context()); err != nil {
						h.Errorf("after the outage: %v", err)
					}
				})
			})
		}
	}
}

// Answers that do not name the hard end of the connection leave what is known of it.
func TestHardExpiryIsKept(t *testing.T) {
	tokenBubble(t, []qbotest.Option{qbotest.WithRotation()}, func(t *testing.T, books *qbotest.Server, store *secrets) {
		first := tokensOf(t, books, store, nil)
		if _, err := first.Token(t.Context()); err != nil {
			t.Fatal(err)
		}
		want := time.Now().Add(5 * 365 * day)
		silent := roundTrip(func(r *http.Request) (*http.Response, error) {
			if r.Header.Get("X-Include-Refresh-Token-Hard-Expires-In") != "true" {
				t.Error("the hard expiry was not asked for")
			}
			quiet := r.Clone(r.Context())
			quiet.Header.Del("X-Include-Refresh-Token-Hard-Expires-In")
			return books.RoundTripper().RoundTrip(quiet)
		})
		for range 3 {
			<-time.After(day)
			later := tokensOf(t, books, store, func(cfg *quickbooks.TokensConfig) { cfg.Transport = silent })
			if _, err := later.Token(t.Context()); err != nil {
				t.Fatal(err)
			}
			status, err := later.Status(t.Context())
			if err != nil || !status.HardExpires.Equal(want) || !status.Refreshed.Equal(time.Now()) {
				t.Errorf("hard end %v, want %v (%v)", status.HardExpires, want, err)
			}
		}
	})
}

// A new consent and an exchange of the old refresh token are stored at the same moment. The consent stands, although the tokens
// of the old chain were issued later than its own.
func TestConsentOutlivesLaterTokensOfTheOldChain(t *testing.T) {
	hosting(t, nil, func(h *host) {
		desk := &clerk{answer: func(form url.Values) answering {
			if code := form.Get("code"); code != "" {
				<-time.After(2 * time.Second)
				return answering{status: 200, body: fmt.Sprintf(`{"access_token":"a-%s","refresh_token":"r-%[1]s","expires_in":3600}`, code)}
			}
			return answering{status: 200, body: `{"access_token":"late","refresh_token":"late","expires_in":3600}`}
		}}
		use := func(store *secrets) *quickbooks.App {
			return appOf(h.T, h.books, store, func(cfg *quickbooks.AppConfig) { cfg.Transport = desk })
		}
		if _, err := use(h.store).Exchange(h.Context(), "acme", h.books.RealmID(), "one"); err != nil {
			h.Fatal(err)
		}
		<-time.After(time.Hour)
		began := time.Now()
		beside := sync.OnceFunc(func() {
			old, err := use(&secrets{Store: h.store.Store}).Tokens("acme", h.books.RealmID())
			if err != nil {
				h.Fatal(err)
			}
			if token, err := old.Token(h.Context()); err != nil || token.Reveal() != "late" {
				h.Errorf("the old chain: %q, %v", token.Reveal(), err)
			}
		})
		h.store.die = beside // just before the consent is stored
		tokens, err := use(h.store).Exchange(h.Context(), "acme", h.books.RealmID(), "two")
		if err != nil {
			h.Fatal(err)
		}
		if token, err := tokens.Token(h.Context()); err != nil || token.Reveal() != "a-two" {
			h.Errorf("the newer consent is gone: %q, %v", token.Reveal(), err)
		}
		if status, err := tokens.Status(h.Context()); err != nil || !status.Consented.Equal(began) {
			h.Errorf("consented %v, want %v (%v)", status.Consented, began, err)
		}
	})
}

// Who exchanges a code and leaves has the connection all the same: a code works once.
func TestExchangeCancelled(t *testing.T) {
	hosting(t, []qbotest.Option{qbotest.WithLatency(2 * time.Second)}, func(h *host) {
		back, err := url.Parse(h.consent(h.browser("acme")))
		if err != nil {
			h.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(h.Context(), time.Second)
		defer cancel()
		if _, err := h.app.Exchange(ctx, "acme", h.books.RealmID(), back.Query().Get("code")); err != nil {
			h.Errorf("not finished: %v", err)
		}
		h.works("acme")
		if n := h.books.Requests().Token; n != 1 {
			h.Errorf("%d exchanges, want 1", n)
		}
	})
}

// The app's keys go by Basic and never in a form, and what is refused is not sent again in another style.
func TestClientIsSentOnce(t *testing.T) {
	for name, options := range map[string][]qbotest.Option{"401": nil, "400": {qbotest.WithInvalidClient400()}} {
		t.Run(name, func(t *testing.T) {
			hosting(t, options, func(h *host) {
				w := &wire{RoundTripper: h.books.RoundTripper(), before: func(r *http.Request) {
					if body, err := r.GetBody(); err == nil {
						text, _ := io.ReadAll(body)
						if strings.Contains(string(text), "client_") || strings.Contains(string(text), "CANARY-wrong") {
							h.Error("the app's keys are in the body")
						}
					}
				}}
				app := appOf(h.T, h.books, h.store, func(cfg *quickbooks.AppConfig) { cfg.ClientSecret, cfg.Transport = "CANARY-wrong", w })
				tokens := tokensOf(h.T, h.books, h.store, func(cfg *quickbooks.TokensConfig) {
					cfg.ClientSecret, cfg.Transport, cfg.RevokeURL = "CANARY-wrong", w, h.books.RevokeURL()
				})
				_, err := tokens.Token(h.Context())
				_, codeErr := app.Exchange(h.Context(), "acme", h.books.RealmID(), "code")
				for _, err := range []error{err, codeErr} {
					wantFault(h.T, err, woosync.Fatal, woosync.CategoryAuth)
					if !errors.Is(err, quickbooks.ErrClient) || errors.Is(err, quickbooks.ErrReconnect) {
						h.Errorf("want ErrClient: %v", err)
					}
				}
				if n := len(w.sent); n != 2 {
					h.Errorf("%d requests for two exchanges", n)
				}
				for _, r := range w.sent {
					if id, secret, ok := r.BasicAuth(); !ok || id != h.books.ClientID() || secret != "CANARY-wrong" {
						h.Error("the app's keys did not come by Basic")
					}
				}
				if err := tokens.Revoke(h.Context()); !errors.Is(err, quickbooks.ErrClient) {
					h.Errorf("revoke: want ErrClient: %v", err)
				}
			})
		})
	}
}

// A refusal without a description is one.
func TestShortRefusal(t *testing.T) {
	hosting(t, []qbotest.Option{qbotest.WithShortGrantErrors()}, func(h *host) {
		tokens := tokensOf(h.T, h.books, h.store, func(cfg *quickbooks.TokensConfig) { cfg.RefreshToken = "CANARY-made-up" })
		_, err := tokens.Token(h.Context())
		_, codeErr := h.app.Exchange(h.Context(), "acme", h.books.RealmID(), "CANARY-made-up")
		for _, err := range []error{err, codeErr} {
			wantFault(h.T, err, woosync.Fatal, woosync.CategoryAuth)
			if !errors.Is(err, quickbooks.ErrReconnect) || !strings.Contains(err.Error(), "invalid_grant") {
				h.Errorf("want ErrReconnect: %v", err)
			}
		}
	})
}

// Where a superseded refresh token lives for some minutes more, even who dies before storing its successor loses nothing.
func TestGraceClosesTheWindow(t *testing.T) {
	options := []qbotest.Option{qbotest.WithRotation(), qbotest.WithTheftRevocation(), qbotest.WithRefreshGrace(5 * time.Minute)}
	renew := func(tokens *quickbooks.Tokens) error { _, err := tokens.Token(context.Background()); return err }
	killing(t, options, renew, func(t *testing.T, step string, books *qbotest.Server, heir *quickbooks.Tokens) {
		t.Helper()
		if _, err := clientWith(t, books, heir).Preferences(t.Context()); err != nil {
			t.Errorf("killed %s: %v", step, err)
		}
	})
}

// A token is replaced ten minutes before its end, a short one when a sixth of its life is left, and one of absurd life after
// an hour's.
func TestRenewalThreshold(t *testing.T) {
	for life, lasts := range map[string]time.Duration{
		"3600": 50 * time.Minute, `"3600"`: 50 * time.Minute, "7200": 110 * time.Minute, "600": 500 * time.Second, "60": 50 * time.Second,
		"0": 50 * time.Minute, "-5": 50 * time.Minute, "null": 50 * time.Minute, `"soon"`: 50 * time.Minute, "31536000": 50 * time.Minute, "1e3": 50 * time.Minute,
	} {
		t.Run(life, func(t *testing.T) {
			tokenBubble(t, nil, func(t *testing.T, books *qbotest.Server, store *secrets) {
				n := 0
				desk := &clerk{answer: func(url.Values) answering {
					n++
					return answering{status: 200, body: fmt.Sprintf(`{"access_token":"a%d","refresh_token":"r","expires_in":%s}`, n, life)}
				}}
				tokens := tokensOf(t, books, store, func(cfg *quickbooks.TokensConfig) { cfg.Transport = desk })
				at := time.Now()
				for _, c := range []struct {
					after time.Duration
					want  string
				}{{0, "a1"}, {lasts - time.Millisecond, "a1"}, {lasts, "a2"}, {2*lasts - time.Millisecond, "a2"}, {2 * lasts, "a3"}} {
					<-time.After(time.Until(at.Add(c.after)))
					if token, err := tokens.Token(t.Context()); err != nil || token.Reveal() != c.want {
						t.Errorf("after %s: %q, want %s (%v)", c.after, token.Reveal(), c.want, err)
					}
				}
			})
		})
	}
}

// A configured refresh token that a chain began with is not dug out after a consent has replaced that chain.
func TestConsentReplacesTheConfiguredToken(t *testing.T) {
	hosting(t, []qbotest.Option{qbotest.WithRotation(), qbotest.WithTheftRevocation()}, func(h *host) {
		var sent []string
		configured := h.books.RefreshToken()
		note := roundTrip(func(r *http.Request) (*http.Response, error) {
			if body, err := r.GetBody(); err == nil {
				text, _ := io.ReadAll(body)
				form, _ := url.ParseQuery(string(text))
				sent = append(sent, form.Get("refresh_token"))
			}
			return h.books.RoundTripper().RoundTrip(r)
		})
		start := func() *quickbooks.Tokens {
			return tokensOf(h.T, h.books, h.store, func(cfg *quickbooks.TokensConfig) {
				cfg.RefreshToken, cfg.Transport = rest.Secret(configured), note
			})
		}
		if _, err := start().Token(h.Context()); err != nil {
			h.Fatal(err)
		}
		b := h.browser("acme")
		b.get(h.Context(), h.connect.Callback, h.consent(b))
		<-time.After(time.Hour)
		h.books.Reconnect() // elsewhere; what this host has is dead
		if _, err := start().Token(h.Context()); !errors.Is(err, quickbooks.ErrReconnect) {
			h.Errorf("want ErrReconnect: %v", err)
		}
		if len(sent) != 3 || slices.Contains(sent[1:], configured) {
			h.Errorf("sent %d refresh tokens, want the configured one, and twice that of the consent", len(sent))
		}
	})
}

// slowLeases lets something happen while a lease is asked for.
type slowLeases struct {
	*memory.Store
	meanwhile func()
}

func (s slowLeases) AcquireLease(ctx context.Context, tenant, name, owner string, ttl time.Duration) (woosync.Lease, error) {
	s.meanwhile()
	return s.Store.AcquireLease(ctx, tenant, name, owner, ttl)
}

// Between finding the token expired and having the lease another process has renewed it, from beginning to end.
func TestRenewedBeforeTheLease(t *testing.T) {
	tokenBubble(t, []qbotest.Option{qbotest.WithRotation(), qbotest.WithTheftRevocation()}, func(t *testing.T, books *qbotest.Server, store *secrets) {
		quick := tokensOf(t, books, store, nil)
		var want rest.Secret
		slow := tokensOf(t, books, store, func(cfg *quickbooks.TokensConfig) {
			cfg.Leases = slowLeases{store.Store, func() {
				var err error
				if want, err = quick.Token(t.Context()); err != nil {
					t.Error(err)
				}
			}}
		})
		if got, err := slow.Token(t.Context()); err != nil || got != want {
			t.Errorf("another token than the other process has (%v)", err)
		}
		if n := books.Requests().Token; n != 1 {
			t.Errorf("%d exchanges, want 1", n)
		}
	})
}

// What is printed with %#v names the thing and shows nothing of it.
func TestGoString(t *testing.T) {
	hosting(t, nil, func(h *host) {
		tokens := tokensOf(h.T, h.books, h.store, nil)
		for got, want := range map[string]string{
			fmt.Sprintf("%#v", h.app):  "quickbooks app",
			fmt.Sprintf("%#v", tokens): "quickbooks tokens of company " + h.books.RealmID(),
		} {
			if got != want {
				h.Errorf("%s, want %s", got, want)
			}
		}
	})
}

// The token in hand and the one that somebody else has stored meanwhile may both have died early: that is no loss of the connection.
func TestStoredTokenDiedToo(t *testing.T) {
	tokenBubble(t, []qbotest.Option{qbotest.WithRotation()}, func(t *testing.T, books *qbotest.Server, store *secrets) {
		here, there := clientWith(t, books, tokensOf(t, books, store, nil)), clientWith(t, books, tokensOf(t, books, store, nil))
		ask := func(client *quickbooks.Client, exchanges int) {
			t.Helper()
			before := books.Requests().Token
			if _, err := client.Preferences(t.Context()); err != nil {
				t.Fatal(err)
			}
			if n := books.Requests().Token - before; n != exchanges {
				t.Errorf("%d exchanges, want %d", n, exchanges)
			}
		}
		ask(here, 1)
		books.Inject(qbotest.Fault{Match: qbotest.Is(qbotest.Read, "Preferences"), Effect: qbotest.ExpireToken()})
		ask(there, 1)
		books.Inject(qbotest.Fault{Match: qbotest.Is(qbotest.Read, "Preferences"), Effect: qbotest.ExpireToken()})
		ask(here, 1)
		ask(there, 0)
	})
}

// An answer of the token endpoint that holds no tokens is called what it is, and is passing.
func TestTokenAnswersThatAreNone(t *testing.T) {
	for name, c := range map[string]struct {
		answering
		says string
	}{
		"HTML":      {answering{status: 200, body: "<html>maintenance CANARY"}, "HTML or XML"},
		"empty":     {answering{status: 200}, "empty body"},
		"cut off":   {answering{status: 200, body: `{"access_token":"CANARY`}, "cut off"},
		"no token":  {answering{status: 200, body: `{"token_type":"bearer","expires_in":3600}`}, "no access token"},
		"an error":  {answering{status: 200, body: `{"error":"temporarily_unavailable"}`}, "temporarily_unavailable"},
		"no string": {answering{status: 200, body: `{"access_token":5}`}, "cannot unmarshal number"},
		"half":      {answering{status: 200, body: `{"refresh_token":"CANARY"}`}, "no access token"},
		"503":       {answering{status: 503, body: "<html>"}, "503"},
	} {
		t.Run(name, func(t *testing.T) {
			tokenBubble(t, nil, func(t *testing.T, books *qbotest.Server, store *secrets) {
				_, err := tokensOf(t, books, store, func(cfg *quickbooks.TokensConfig) { cfg.Transport = c }).Token(t.Context())
				wantFault(t, err, woosync.NotSent, woosync.CategoryServer)
				if !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "CANARY") || errors.Is(err, quickbooks.ErrReconnect) {
					t.Error(err)
				}
			})
		})
	}
}

// A refresh token that comes without a usable access token is kept: the one before it may be dead.
func TestRefreshTokenAlone(t *testing.T) {
	for name, spoil := range map[string]func(string) string{
		"no access token": func(body string) string { return strings.Replace(body, `"access_token"`, `"access"`, 1) },
		"a number": func(body string) string {
			return strings.Replace(body, `"access_token":"`, `"access_token":7,"x":"`, 1)
		},
	} {
		t.Run(name, func(t *testing.T) {
			tokenBubble(t, []qbotest.Option{qbotest.WithRotation(), qbotest.WithTheftRevocation()}, func(t *testing.T, books *qbotest.Server, store *secrets) {
				answers := 0
				tokens := tokensOf(t, books, store, func(cfg *quickbooks.TokensConfig) {
					cfg.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
						answer, err := books.RoundTripper().RoundTrip(r)
						if answers++; err != nil || answers > 1 {
							return answer, err
						}
						body, err := io.ReadAll(answer.Body)
						if err != nil {
							return nil, err
						}
						return answering{status: 200, body: spoil(string(body))}.RoundTrip(r)
					})
				})
				for range 2 { // and Intuit is not asked again at once
					_, err := tokens.Token(t.Context())
					wantFault(t, err, woosync.NotSent, woosync.CategoryServer)
				}
				<-time.After(10 * time.Second)
				if _, err := tokens.Token(t.Context()); err != nil || answers != 2 {
					t.Errorf("%d exchanges: %v", answers, err)
				}
			})
		})
	}
}
