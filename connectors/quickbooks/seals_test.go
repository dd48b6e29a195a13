package quickbooks_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/connectors/quickbooks/qbotest"
	"github.com/woosync/woosync/rest"
)

func keyOf(letter byte) rest.Key { return bytes.Repeat([]byte{letter}, 32) }

func (s *secrets) sealed(t *testing.T, name string) woosync.Secret {
	t.Helper()
	secret, err := s.LoadSecret(t.Context(), "acme", name)
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

// wantShut checks that nothing opens what is stored, that the reason is said, and that it is all left as it was.
func wantShut(t *testing.T, books *qbotest.Server, store *secrets, name string, tokens *quickbooks.Tokens) {
	t.Helper()
	before, asked := store.sealed(t, name), books.Requests()
	_, err := tokens.Token(t.Context())
	wantFault(t, err, woosync.Fatal, woosync.CategoryAuth)
	if !errors.Is(err, rest.ErrSealed) || errors.Is(err, quickbooks.ErrReconnect) || faultOf(t, err).Remedy == "" {
		t.Errorf("want ErrSealed with a remedy, and no call for consent: %v", err)
	}
	if _, err := tokens.Status(t.Context()); !errors.Is(err, rest.ErrSealed) {
		t.Errorf("status: %v", err)
	}
	if err := tokens.Revoke(t.Context()); !errors.Is(err, rest.ErrSealed) {
		t.Errorf("revoke: %v", err)
	}
	after := store.sealed(t, name)
	if !bytes.Equal(before.Sealed, after.Sealed) || before.Revision != after.Revision {
		t.Error("what is stored was touched")
	}
	if books.Requests() != asked {
		t.Error("Intuit was asked with tokens that nobody could open")
	}
}

// A seal opens for its tenant, its company and its key alone.
func TestSealsStayShut(t *testing.T) {
	tokenBubble(t, nil, func(t *testing.T, books *qbotest.Server, store *secrets) {
		name := "quickbooks/" + books.RealmID()
		if _, err := tokensOf(t, books, store, nil).Token(t.Context()); err != nil {
			t.Fatal(err)
		}
		with := func(change func(*quickbooks.TokensConfig)) *quickbooks.Tokens {
			return tokensOf(t, books, store, change)
		}
		t.Log("another key")
		wantShut(t, books, store, name, with(func(cfg *quickbooks.TokensConfig) { cfg.Key = keyOf('x') }))
		t.Log("another key and other old ones")
		wantShut(t, books, store, name, with(func(cfg *quickbooks.TokensConfig) {
			cfg.Key, cfg.OldKeys = keyOf('x'), []rest.Key{keyOf('y'), keyOf('z')}
		}))
		t.Log("another company")
		copied := store.sealed(t, name)
		copied.Revision = 0
		if err := store.SaveSecret(t.Context(), "acme", "quickbooks/77", copied); err != nil {
			t.Fatal(err)
		}
		wantShut(t, books, store, "quickbooks/77", with(func(cfg *quickbooks.TokensConfig) { cfg.RealmID = "77" }))
		t.Log("altered")
		altered := store.sealed(t, name)
		altered.Sealed[len(altered.Sealed)-1] ^= 1
		if err := store.SaveSecret(t.Context(), "acme", name, altered); err != nil {
			t.Fatal(err)
		}
		wantShut(t, books, store, name, with(nil))
		// Put right, it all goes on.
		altered = store.sealed(t, name)
		altered.Sealed[len(altered.Sealed)-1] ^= 1
		if err := store.SaveSecret(t.Context(), "acme", name, altered); err != nil {
			t.Fatal(err)
		}
		if _, err := with(nil).Token(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// A new key takes over: what the old one sealed is opened, and sealed anew the first time it is used.
func TestKeyRotation(t *testing.T) {
	tokenBubble(t, []qbotest.Option{qbotest.WithRotation(), qbotest.WithTheftRevocation()}, func(t *testing.T, books *qbotest.Server, store *secrets) {
		under := func(key rest.Key, olds ...rest.Key) error {
			_, err := tokensOf(t, books, store, func(cfg *quickbooks.TokensConfig) { cfg.Key, cfg.OldKeys = key, olds }).Token(t.Context())
			return err
		}
		if err := under(keyOf('a')); err != nil {
			t.Fatal(err)
		}
		if err := under(keyOf('c'), keyOf('b'), keyOf('a')); err != nil {
			t.Fatalf("under the key before the last: %v", err)
		}
		if err := under(keyOf('a')); !errors.Is(err, rest.ErrSealed) {
			t.Errorf("still sealed under the old key: %v", err)
		}
		if err := under(keyOf('c')); err != nil {
			t.Errorf("not sealed under the new key: %v", err)
		}
		if n := books.Requests().Token; n != 1 {
			t.Errorf("%d exchanges, want 1", n)
		}
		// The access token has run out, and the new grant is sealed under the new key too.
		<-time.After(time.Hour)
		if err := under(keyOf('d'), keyOf('c')); err != nil {
			t.Error(err)
		}
		if err := under(keyOf('d')); err != nil {
			t.Error(err)
		}
		if n := books.Requests().Token; n != 2 {
			t.Errorf("%d exchanges, want 2", n)
		}
	})
}

// What the first version sealed opens: five fields, and none of those that came later.
func TestSealsOfTheFirstVersion(t *testing.T) {
	tokenBubble(t, nil, func(t *testing.T, books *qbotest.Server, store *secrets) {
		key := []byte("0123456789abcdef0123456789abcdef")
		now := time.Now()
		plain := fmt.Sprintf(`{"access":%q,"refresh":%q,"expires":%q,"issued":%q,"seed":"0011223344556677"}`,
			books.AccessToken(), books.RefreshToken(), now.Add(time.Hour).Format(time.RFC3339Nano), now.Format(time.RFC3339Nano))
		sealed, err := rest.Seal(key, []byte(plain), []byte("quickbooks token 4:acme "+books.RealmID()))
		if err != nil {
			t.Fatal(err)
		}
		if err := store.SaveSecret(t.Context(), "acme", "quickbooks/"+books.RealmID(), woosync.Secret{Sealed: sealed}); err != nil {
			t.Fatal(err)
		}
		tokens := tokensOf(t, books, store, func(cfg *quickbooks.TokensConfig) { cfg.RefreshToken = "" })
		client := clientWith(t, books, tokens)
		if _, err := client.Preferences(t.Context()); err != nil {
			t.Fatal(err)
		}
		status, err := tokens.Status(t.Context())
		if err != nil || !status.Connected || !status.Refreshed.Equal(now) || !status.ConsentBy().IsZero() {
			t.Errorf("status %+v, %v", status, err)
		}
		<-time.After(time.Hour)
		if _, err := client.Preferences(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := books.Requests().Token; n != 1 {
			t.Errorf("%d exchanges, want 1", n)
		}
		if status, err = tokens.Status(t.Context()); err != nil || status.HardExpires.IsZero() {
			t.Errorf("after an exchange: %+v, %v", status, err)
		}
	})
}

// What a host prints or writes down of a configuration shows nothing that opens anything.
func TestConfigurationsHideTheirSecrets(t *testing.T) {
	const secret = "CANARY-CANARY-CANARY-CANARY-0123" // as long as a key
	key := rest.Key(secret)
	for name, of := range map[string]any{
		"app": quickbooks.AppConfig{ClientID: "the app", ClientSecret: secret, Key: key, OldKeys: []rest.Key{key}},
		"tokens": quickbooks.TokensConfig{
			ClientID: "the app", ClientSecret: secret, RefreshToken: secret, Key: key, OldKeys: []rest.Key{key},
		},
		"client":  quickbooks.Config{RealmID: "the app", Tokens: quickbooks.FixedToken(secret)},
		"webhook": quickbooks.WebhookConfig{VerifierTokens: []rest.Secret{secret}},
	} {
		var out bytes.Buffer
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			fmt.Fprintf(&out, verb+"\n", of)
		}
		slog.New(slog.NewTextHandler(&out, nil)).Info("x", "config", of)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "config", of)
		if name != "webhook" && name != "client" { // which hold functions
			marshalled, err := json.Marshal(of)
			if err != nil {
				t.Fatal(err)
			}
			out.Write(marshalled)
		}
		if name != "webhook" && !strings.Contains(out.String(), "the app") {
			t.Errorf("%s: %s", name, out.String())
		}
		for _, form := range []string{
			"CANARY", strings.Trim(fmt.Sprintf("%d", []byte(secret)), "[]"), hex.EncodeToString([]byte(secret)),
			base64.StdEncoding.EncodeToString([]byte(secret)), strings.TrimSuffix(fmt.Sprintf("%#v", []byte(secret))[7:], "}"),
		} {
			if strings.Contains(out.String(), form) {
				t.Errorf("%s shows %s:\n%s", name, form, out.String())
			}
		}
	}
	if text, err := json.Marshal(quickbooks.FixedToken(secret)); err != nil || strings.Contains(string(text), "CANARY") {
		t.Errorf("%s, %v", text, err)
	}
}

// While one process has the new key and another the old one alone, the other one can be shut out, but neither loses the connection:
// not even if the new key comes while the other one exchanges the token.
func TestKeyRotationBetweenProcesses(t *testing.T) {
	options := []qbotest.Option{qbotest.WithRotation(), qbotest.WithTheftRevocation(), qbotest.WithLatency(2 * time.Second)}
	for _, before := range []time.Duration{0, time.Second, 3 * time.Second} {
		tokenBubble(t, options, func(t *testing.T, books *qbotest.Server, store *secrets) {
			under := func(key rest.Key, olds ...rest.Key) *quickbooks.Tokens {
				return tokensOf(t, books, store, func(cfg *quickbooks.TokensConfig) { cfg.Key, cfg.OldKeys = key, olds })
			}
			behind := under(keyOf('a'))
			if _, err := behind.Token(t.Context()); err != nil {
				t.Fatal(err)
			}
			<-time.After(25 * time.Hour) // the next exchange brings another refresh token
			var group sync.WaitGroup
			group.Go(func() {
				if _, err := behind.Token(t.Context()); err != nil {
					t.Errorf("begun %s before: %v", before, err)
				}
			})
			<-time.After(before + 1)
			ahead := under(keyOf('b'), keyOf('a'))
			if _, err := ahead.Token(t.Context()); err != nil {
				t.Errorf("begun %s after: %v", before, err)
			}
			group.Wait()
			for range 3 { // the processes go on, the one ahead first
				<-time.After(25 * time.Hour)
				if _, err := ahead.Token(t.Context()); err != nil {
					t.Errorf("with the new key: %v", err)
				}
				wantShut(t, books, store, "quickbooks/"+books.RealmID(), behind)
			}
			if _, err := under(keyOf('b')).Token(t.Context()); err != nil {
				t.Errorf("started again with the new key: %v", err)
			}
		})
	}
}

// Processes that know both keys, whichever of them they seal under, may go on side by side.
func TestKeyRotationStepByStep(t *testing.T) {
	options := []qbotest.Option{qbotest.WithRotation(), qbotest.WithTheftRevocation(), qbotest.WithLatency(2 * time.Second)}
	tokenBubble(t, options, func(t *testing.T, books *qbotest.Server, store *secrets) {
		var processes []*quickbooks.Tokens
		for i, keys := range [][]rest.Key{{keyOf('a'), keyOf('b')}, {keyOf('b'), keyOf('a')}, {keyOf('a'), keyOf('b')}} {
			processes = append(processes, tokensOf(t, books, store, func(cfg *quickbooks.TokensConfig) { cfg.Key, cfg.OldKeys = keys[0], keys[1:] }))
			if _, err := processes[i].Token(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		const days = 40
		for range days {
			<-time.After(24 * time.Hour)
			var group sync.WaitGroup
			for _, tokens := range processes {
				group.Go(func() {
					if _, err := tokens.Token(t.Context()); err != nil {
						t.Error(err)
					}
				})
			}
			group.Wait()
		}
		if n := books.Requests().Token; n != days+1 {
			t.Errorf("%d exchanges in %d days", n, days)
		}
	})
}

// A new consent replaces what nobody can open, whatever happened to it.
func TestConsentReplacesWhatIsDamaged(t *testing.T) {
	for name, damage := range map[string]func(sealed []byte) []byte{
		"another key":     func(sealed []byte) []byte { sealed[len(sealed)-1] ^= 1; return sealed },
		"cut off":         func(sealed []byte) []byte { return sealed[:len(sealed)/2] },
		"another version": func(sealed []byte) []byte { sealed[0] = 9; return sealed },
		"none of ours":    func([]byte) []byte { return []byte("?") },
	} {
		t.Run(name, func(t *testing.T) {
			hosting(t, nil, func(h *host) {
				consent := func() error {
					back, err := url.Parse(h.consent(h.browser("acme")))
					if err != nil {
						h.Fatal(err)
					}
					_, err = h.app.Exchange(h.Context(), "acme", h.books.RealmID(), back.Query().Get("code"))
					return err
				}
				if err := consent(); err != nil {
					h.Fatal(err)
				}
				damaged := h.store.sealed(h.T, "quickbooks/"+h.books.RealmID())
				damaged.Sealed = damage(damaged.Sealed)
				if err := h.store.SaveSecret(h.Context(), "acme", "quickbooks/"+h.books.RealmID(), damaged); err != nil {
					h.Fatal(err)
				}
				tokens, err := h.app.Tokens("acme", h.books.RealmID())
				if err != nil {
					h.Fatal(err)
				}
				_, err = tokens.Token(h.Context())
				wantFault(h.T, err, woosync.Fatal, woosync.CategoryAuth)
				if err := consent(); err != nil {
					h.Fatal(err)
				}
				h.works("acme")
			})
		})
	}
}

// What a host does with its copy of the keys once they are handed over changes nothing.
func TestKeysAreCopied(t *testing.T) {
	tokenBubble(t, nil, func(t *testing.T, books *qbotest.Server, store *secrets) {
		key, old := keyOf('b'), keyOf('a')
		if _, err := tokensOf(t, books, store, func(cfg *quickbooks.TokensConfig) { cfg.Key = keyOf('a') }).Token(t.Context()); err != nil {
			t.Fatal(err)
		}
		tokens := tokensOf(t, books, store, func(cfg *quickbooks.TokensConfig) { cfg.Key, cfg.OldKeys = key, []rest.Key{old} })
		app := appOf(t, books, store, func(cfg *quickbooks.AppConfig) { cfg.Key, cfg.OldKeys = key, []rest.Key{old} })
		clear(key)
		clear(old)
		if _, err := tokens.Token(t.Context()); err != nil {
			t.Error(err)
		}
		again, err := app.Tokens("acme", books.RealmID())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := again.Token(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
