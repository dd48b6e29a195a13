package quickbooks

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/rest"
)

// The addresses of the Accounting API.
const (
	Production = "https://quickbooks.api.intuit.com"
	Sandbox    = "https://sandbox-quickbooks.api.intuit.com"
)

// Limits that Intuit documents: for one company requests a minute, and at most so many batches a minute by all its apps; for one
// company and app requests a second (older pages say: in flight) and batches a minute.
const (
	defaultPerMinute        = 500
	defaultPerSecond        = 10
	defaultInFlight         = 9
	defaultBatchesPerMinute = 40
	mostBatchesPerMinute    = 120

	defaultSettleTime = 150 * time.Second
)

// Config is what a [Client] works with. BaseURL, RealmID and Tokens matter to everyone.
type Config struct {
	BaseURL string // "": Production
	// RealmID is the ID of the company, a decimal number.
	RealmID string
	// Tokens hands out access tokens: [NewTokens] for real use.
	Tokens TokenSource
	// AllowInsecure allows http and loopback addresses: for tests.
	AllowInsecure bool
	// Transport carries the requests; nil: rest.GuardedTransport.
	Transport http.RoundTripper

	// The limits of QuickBooks, which the client keeps to by itself: requests leave evenly spaced, at 99 % of the stricter of
	// PerMinute and PerSecond, and batches at 99 % of theirs. Whoever shares them with other apps of the company, or with other
	// processes, gives each its part.
	PerMinute int // requests a minute to the company; 0: 500
	PerSecond int // requests a second; 0: 10
	InFlight  int // requests at the same time; 0: 9
	// BatchesPerMinute bounds batches, which count as requests as well. Intuit documents 40 for an app and 120 for all apps of a
	// company together. 0: 40; at most 120, but for AllowInsecure.
	BatchesPerMinute int
	Retries          int // further attempts of one call; 0: 4, negative: none
	// SettleTime is how long after a write without a known outcome its effect may still turn up in a query: the time at which
	// QuickBooks cuts requests, 120 s, and what queries lag behind. Targets are [woosync.Settling] with it: for that long a creation
	// that is not found is not sent again, since for how long a requestid is known is documented nowhere. 0: 150 s. Negative: it is
	// sent again at once, under its requestid; for books that are known to remember, as fakes can be.
	SettleTime time.Duration

	// Intuit meters reads, queries, change feeds and batches by the month, over all companies that an app (a workspace, in its
	// words) is connected to; writes are free. [Client.Usage] tells what was used.
	//
	// Meter is where the month's count is kept, under Workspace: the same store and name for all clients, processes and companies
	// of one app, and any of the stores that tokens are kept in. What it keeps is no secret. Each client adds to it after 50 calls
	// or 10 seconds. nil: each client counts for itself, from nothing.
	Meter     woosync.SecretStore
	Workspace string // "": one for all
	// MonthlyReads is how many metered calls the month may have. What would be one more ends with [ErrBudget] before it is sent;
	// writes go on. Processes that share a Meter may go over it together by what each has not added yet. 0: no limit.
	MonthlyReads int
	BatchReading BatchReading // how a batch counts; the zero value: as the stricter of Intuit's texts

	OnWait func(rest.Wait) // told of pauses; nil: nobody
	Logger *slog.Logger    // nil: silent
}

// A TokenSource hands out access tokens for one company. It is safe for concurrent use.
//
// Its errors are best *woosync.Fault, which the client passes on: what makes the connection unusable is Fatal, everything
// else NotSent.
type TokenSource interface {
	// Token returns a token that is valid now.
	Token(ctx context.Context) (rest.Secret, error)
	// Renew returns another token than stale, which the server refused.
	Renew(ctx context.Context, stale rest.Secret) (rest.Secret, error)
}

func (c Config) check() error {
	var mistakes []error
	if !isRealm(c.RealmID) {
		mistakes = append(mistakes, errors.New("RealmID: want the decimal ID of the company"))
	}
	if tokens, ours := c.Tokens.(*Tokens); c.Tokens == nil || ours && tokens.made() != nil {
		mistakes = append(mistakes, errors.New("Tokens: missing"))
	}
	if min(c.PerMinute, c.PerSecond, c.InFlight, c.BatchesPerMinute) < 0 {
		mistakes = append(mistakes, errors.New("PerMinute, PerSecond, InFlight and BatchesPerMinute must not be negative"))
	}
	if c.MonthlyReads < 0 {
		mistakes = append(mistakes, errors.New("MonthlyReads must not be negative"))
	}
	if c.BatchesPerMinute > mostBatchesPerMinute && !c.AllowInsecure {
		mistakes = append(mistakes, fmt.Errorf("BatchesPerMinute: QuickBooks allows %d at most", mostBatchesPerMinute))
	}
	return errors.Join(mistakes...)
}

func configError(mistakes ...error) error {
	err := errors.Join(mistakes...)
	if err == nil {
		return nil
	}
	return fmt.Errorf("quickbooks: config: %w", err)
}

// isRealm reports whether a text may be the ID of a company.
func isRealm(id string) bool {
	return id != "" && len(id) <= 30 && strings.Trim(id, "0123456789") == ""
}
