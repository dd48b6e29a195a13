// Package connection_test has processes share one connection to QuickBooks through one SQLite file, and kills some of them.
package connection_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/rest"
	"github.com/woosync/woosync/store/sqlite"
)

const (
	envChild   = "WOOSYNC_TEST_CONNECTION" // an errand: be a process that uses the connection
	nameHeader = "X-Test-Process"
	goroutines = 8

	sayRound = "round" // use the connection in all goroutines, and say how it went
	sayLater = "later" // time has passed: the lease of who died is over
	wentWell = "ok"
	wentLost = "lost"

	leap = 3 * time.Minute // longer than a lease
)

// An errand is what a child has to know.
type errand struct {
	Name, Path, URL, TokenURL, RealmID, ClientID string
	Secret                                       string
	Ahead                                        time.Duration // of its clock for leases
}

// TestMain lets the test binary be the other process.
func TestMain(m *testing.M) {
	if text := os.Getenv(envChild); text != "" {
		if err := serve(context.Background(), text); err != nil {
			_, _ = fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// serve does what it is told line by line, until there are no more.
func serve(ctx context.Context, text string) (err error) {
	var e errand
	if err := json.Unmarshal([]byte(text), &e); err != nil {
		return err
	}
	var ahead atomic.Int64
	ahead.Store(int64(e.Ahead))
	store, err := sqlite.Open(ctx, e.Path, sqlite.WithClock(func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	tokens, err := e.tokens(store, "")
	if err != nil {
		return err
	}
	const enough = 1_000_000
	client, err := quickbooks.New(quickbooks.Config{
		BaseURL: e.URL, RealmID: e.RealmID, Tokens: tokens, Transport: e, AllowInsecure: true, PerMinute: enough, PerSecond: enough,
	})
	if err != nil {
		return err
	}
	var group sync.WaitGroup
	defer group.Wait()
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		switch lines.Text() {
		case sayRound:
			group.Go(func() { _, _ = fmt.Fprintln(os.Stdout, use(ctx, client)) })
		case sayLater:
			ahead.Add(int64(leap))
		}
	}
	return lines.Err()
}

// use uses the connection in several goroutines at once.
func use(ctx context.Context, client *quickbooks.Client) string {
	var group sync.WaitGroup
	errs := make([]error, goroutines)
	for i := range errs {
		group.Go(func() { _, errs[i] = client.Preferences(ctx) })
	}
	group.Wait()
	switch err := errors.Join(errs...); {
	case errors.Is(err, quickbooks.ErrReconnect):
		return wentLost + " " + fmt.Sprintf("%q", err)
	case err != nil:
		return fmt.Sprintf("%q", err)
	}
	return wentWell
}

// tokens returns the connection as a process of this name sees it.
func (e errand) tokens(store *sqlite.Store, refresh rest.Secret) (*quickbooks.Tokens, error) {
	return quickbooks.NewTokens(quickbooks.TokensConfig{
		Tenant: "acme", RealmID: e.RealmID, ClientID: e.ClientID, ClientSecret: rest.Secret(e.Secret), TokenURL: e.TokenURL,
		RefreshToken: refresh, Secrets: store, Leases: store, Key: []byte("0123456789abcdef0123456789abcdef"),
		Transport: e, AllowInsecure: true,
	})
}

// RoundTrip says with each request which process it comes from.
func (e errand) RoundTrip(r *http.Request) (*http.Response, error) {
	named := r.Clone(r.Context())
	named.Header.Set(nameHeader, e.Name)
	return http.DefaultTransport.RoundTrip(named)
}
