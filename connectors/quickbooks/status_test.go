package quickbooks_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/connectors/quickbooks/qbotest"
	"github.com/woosync/woosync/rest"
)

const day = 24 * time.Hour

func wantStatus(t *testing.T, tokens *quickbooks.Tokens, want quickbooks.ConnectionStatus) {
	t.Helper()
	status, err := tokens.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, status); diff != "" {
		t.Error(diff)
	}
}

// The end of a connection is known years before, survives restarts, and only a consent moves it.
func TestStatus(t *testing.T) {
	hosting(t, nil, func(h *host) {
		b := h.browser("acme")
		tokens, err := h.app.Tokens("acme", h.books.RealmID())
		if err != nil {
			h.Fatal(err)
		}
		wantStatus(h.T, tokens, quickbooks.ConnectionStatus{})
		began := time.Now()
		b.get(h.Context(), h.connect.Callback, h.consent(b))
		hard := began.Add(5 * 365 * day)
		want := quickbooks.ConnectionStatus{
			Connected: true, Consented: began, Refreshed: began, Expires: began.Add(100 * day), HardExpires: hard,
		}
		wantStatus(h.T, tokens, want)
		// Used at times, the connection lives until its hard end.
		for range 20 {
			<-time.After(90 * day)
			h.works("acme")
			want.Refreshed, want.Expires = time.Now(), time.Now().Add(100*day)
			if want.Expires.After(hard) {
				want.Expires = hard
			}
			wantStatus(h.T, tokens, want)
		}
		if status, err := tokens.Status(h.Context()); err != nil || !status.ConsentBy().Equal(hard) {
			h.Errorf("consent by %v, want %v (%v)", status.ConsentBy(), hard, err)
		}
		<-time.After(time.Until(hard))
		if _, err := tokens.Token(h.Context()); !errors.Is(err, quickbooks.ErrReconnect) {
			h.Errorf("after the end: %v", err)
		}
		want.Connected, want.Refused = false, time.Now()
		wantStatus(h.T, tokens, want)
		began = time.Now()
		b.get(h.Context(), h.connect.Callback, h.consent(b))
		if _, err := tokens.Token(h.Context()); err != nil {
			h.Errorf("after a new consent: %v", err)
		}
		wantStatus(h.T, tokens, quickbooks.ConnectionStatus{
			Connected: true, Consented: began, Refreshed: began, Expires: began.Add(100 * day), HardExpires: began.Add(5 * 365 * day),
		})
	})
}

// A refusal is known to other processes, which leave Intuit in peace for a minute, and then ask again: it may have been an outage.
func TestRefusalIsShared(t *testing.T) {
	tokenBubble(t, nil, func(t *testing.T, books *qbotest.Server, store *secrets) {
		books.Inject(qbotest.Fault{Match: qbotest.Is(qbotest.Token, ""), Times: 2, Effect: qbotest.InvalidGrant()})
		if _, err := tokensOf(t, books, store, nil).Token(t.Context()); !errors.Is(err, quickbooks.ErrReconnect) {
			t.Fatalf("want ErrReconnect: %v", err)
		}
		if n := books.Requests().Token; n != 2 {
			t.Errorf("%d exchanges, want 2: once more after some seconds", n)
		}
		for range 3 {
			other := tokensOf(t, books, store, nil)
			if _, err := other.Token(t.Context()); !errors.Is(err, quickbooks.ErrReconnect) {
				t.Errorf("want ErrReconnect: %v", err)
			}
			if status, err := other.Status(t.Context()); err != nil || status.Connected || status.Refused.IsZero() {
				t.Errorf("status %+v, %v", status, err)
			}
		}
		if n := books.Requests().Token; n != 2 {
			t.Errorf("%d exchanges, want 2", n)
		}
		<-time.After(time.Minute)
		tokens := tokensOf(t, books, store, nil)
		if _, err := tokens.Token(t.Context()); err != nil {
			t.Errorf("after the outage: %v", err)
		}
		if status, err := tokens.Status(t.Context()); err != nil || !status.Connected || !status.Refused.IsZero() {
			t.Errorf("status %+v, %v", status, err)
		}
	})
}

// One answer that looks like a refusal is not believed.
func TestOneRefusalIsNoLoss(t *testing.T) {
	tokenBubble(t, nil, func(t *testing.T, books *qbotest.Server, store *secrets) {
		books.Inject(qbotest.Fault{Match: qbotest.Is(qbotest.Token, ""), Times: 1, Effect: qbotest.InvalidGrant()})
		if _, err := tokensOf(t, books, store, nil).Token(t.Context()); err != nil {
			t.Error(err)
		}
		if n := books.Requests().Token; n != 2 {
			t.Errorf("%d exchanges, want 2", n)
		}
	})
}

func TestRevoke(t *testing.T) {
	hosting(t, nil, func(h *host) {
		b := h.browser("acme")
		b.get(h.Context(), h.connect.Callback, h.consent(b))
		tokens, other := h.works("acme"), h.works("acme")
		access, err := tokens.Token(h.Context())
		if err != nil {
			h.Fatal(err)
		}
		if err := tokens.Revoke(h.Context()); err != nil {
			h.Fatal(err)
		}
		ended := time.Now()
		if h.books.RefreshToken() != "" {
			h.Error("Intuit still knows the token")
		}
		before := h.books.Requests()
		for name, source := range map[string]*quickbooks.Tokens{"who revoked": tokens, "another process": other} {
			_, err := source.Renew(h.Context(), access)
			wantFault(h.T, err, woosync.Fatal, woosync.CategoryAuth)
			if !errors.Is(err, quickbooks.ErrReconnect) {
				h.Errorf("%s: want ErrReconnect: %v", name, err)
			}
			if err := source.Revoke(h.Context()); err != nil {
				h.Errorf("%s, again: %v", name, err)
			}
			status, err := source.Status(h.Context())
			if err != nil || status.Connected || !status.Disconnected.Equal(ended) {
				h.Errorf("%s: %+v, %v", name, status, err)
			}
		}
		if h.books.Requests() != before {
			h.Error("Intuit was asked for what had been given up")
		}
		b.get(h.Context(), h.connect.Callback, h.consent(b))
		h.works("acme")
		if _, err := tokens.Token(h.Context()); err != nil {
			h.Errorf("after a new consent: %v", err)
		}
	})
}

// A configured refresh token that was given up does not come back with the next start; a new one is taken.
func TestRevokeConfigured(t *testing.T) {
	tokenBubble(t, nil, func(t *testing.T, books *qbotest.Server, store *secrets) {
		configured := rest.Secret(books.RefreshToken())
		with := func(token rest.Secret) *quickbooks.Tokens {
			return tokensOf(t, books, store, func(cfg *quickbooks.TokensConfig) { cfg.RefreshToken = token })
		}
		if err := with(configured).Revoke(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := with(configured).Token(t.Context()); !errors.Is(err, quickbooks.ErrReconnect) {
			t.Errorf("want ErrReconnect: %v", err)
		}
		if n := books.Requests().Token; n != 0 {
			t.Errorf("%d exchanges, want none", n)
		}
		if _, err := with(rest.Secret(books.Reconnect())).Token(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestRevokeFails(t *testing.T) {
	revocation := qbotest.Is(qbotest.Revoke, "")
	for name, effect := range map[string]qbotest.Effect{
		"503": qbotest.Fail(503), "HTML": qbotest.HTML(), "drop": qbotest.Drop(), "after the fact": qbotest.CommitThenDrop(),
	} {
		t.Run(name, func(t *testing.T) {
			tokenBubble(t, nil, func(t *testing.T, books *qbotest.Server, store *secrets) {
				books.Inject(qbotest.Fault{Match: revocation, Times: -1, Effect: effect})
				tokens := tokensOf(t, books, store, nil)
				if _, err := tokens.Token(t.Context()); err != nil {
					t.Fatal(err)
				}
				wantFault(t, tokens.Revoke(t.Context()), woosync.NotSent, woosync.CategoryServer)
				status, err := tokens.Status(t.Context())
				if err != nil || !status.Connected || !status.Disconnected.IsZero() {
					t.Errorf("status %+v, %v", status, err)
				}
				books.ClearFaults()
				if err := tokens.Revoke(t.Context()); err != nil {
					t.Errorf("again: %v", err)
				}
				if status, err = tokens.Status(t.Context()); err != nil || status.Connected || status.Disconnected.IsZero() {
					t.Errorf("status %+v, %v", status, err)
				}
			})
		})
	}
	tokenBubble(t, nil, func(t *testing.T, books *qbotest.Server, store *secrets) {
		wrong := tokensOf(t, books, store, func(cfg *quickbooks.TokensConfig) { cfg.ClientSecret = "CANARY-wrong" })
		err := wrong.Revoke(t.Context())
		wantFault(t, err, woosync.Fatal, woosync.CategoryAuth)
		if !errors.Is(err, quickbooks.ErrClient) {
			t.Errorf("want ErrClient: %v", err)
		}
		if _, err := tokensOf(t, books, store, nil).Token(t.Context()); err != nil {
			t.Errorf("what could not be revoked is gone: %v", err)
		}
	})
}
