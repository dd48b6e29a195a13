package quickbooks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/woosync/woosync"
)

const (
	// What is counted is saved after so many calls or so long, whichever comes first: that much may be lost in a crash.
	reportCalls = 50
	reportAfter = 10 * time.Second
	// meterName is the name under which a store keeps the counter of a workspace.
	meterName        = "quickbooks/metered"
	defaultWorkspace = "intuit-workspace"
	saves            = 8 // attempts against other processes that save at the same moment
	// meterTimeout is how long a call may be held up by the store of the counter.
	meterTimeout = 5 * time.Second
)

// A tallied is the counter of one month, as a store keeps it.
type tallied struct {
	Month string    `json:"month"` // "2026-11"
	Since time.Time `json:"since"` // when counting began in it
	Calls int       `json:"calls"`
	Items int       `json:"items"`
}

func (t *tallied) add(n Metered, month string, now time.Time) {
	if t.Month < month { // never back: a clock that is late adds to the month there is
		*t = tallied{Month: month, Since: now.UTC()}
	}
	t.Calls += n.Calls
	t.Items += n.Items
}

func (t tallied) in(month string) Metered {
	if t.Month < month {
		return Metered{}
	}
	return Metered{Calls: t.Calls, Items: t.Items}
}

// A ledgerOfMonths is what a store keeps: the month by both calendars that Intuit may count by.
type ledgerOfMonths struct {
	UTC     tallied `json:"utc"`
	Pacific tallied `json:"pacific"`
}

func (l *ledgerOfMonths) add(n Metered, now time.Time) {
	l.UTC.add(n, monthOf(now.UTC()), now)
	l.Pacific.add(n, monthOf(now.In(pacific())), now)
}

// pacific is the calendar of Intuit's home, in which months begin last.
func pacific() *time.Location { return time.FixedZone("PST", -8*60*60) }

func monthOf(t time.Time) string { return t.Format("2006-01") }

// endOfMonth returns when the month has ended by both calendars.
func endOfMonth(now time.Time) time.Time {
	local := now.In(pacific())
	return time.Date(local.Year(), local.Month()+1, 1, 0, 0, 0, 0, pacific())
}

// A meter counts the metered calls of a client and keeps the month's count of all that share a store. It is safe for concurrent
// use.
type meter struct {
	store     woosync.SecretStore // nil: nobody shares it
	workspace string
	reading   BatchReading
	limit     int // 0: none
	free      bool
	logger    *slog.Logger

	saving sync.Mutex // one save of this client at a time

	mu      sync.Mutex
	held    ledgerOfMonths // as the store had it last
	loaded  bool
	asked   time.Time // when it was
	failed  time.Time // when it last could not be saved
	pending Metered   // counted and not in held
	flying  Metered   // of calls under way
	own     Metered   // since the client was made
}

func newMeter(cfg Config) *meter {
	m := &meter{
		store: cfg.Meter, workspace: cfg.Workspace, reading: cfg.BatchReading, limit: cfg.MonthlyReads,
		free: strings.HasPrefix(cfg.BaseURL, Sandbox), logger: cfg.Logger, loaded: cfg.Meter == nil,
	}
	if m.workspace == "" {
		m.workspace = defaultWorkspace
	}
	if m.logger == nil {
		m.logger = slog.New(slog.DiscardHandler)
	}
	return m
}

// month is what is known to be used of this month: the greater of both calendars. The lock is held.
func (m *meter) month(now time.Time) Metered {
	utc, local := m.held.UTC.in(monthOf(now.UTC())), m.held.Pacific.in(monthOf(now.In(pacific())))
	greater := Metered{Calls: max(utc.Calls, local.Calls), Items: max(utc.Items, local.Items)}
	return greater.plus(m.pending)
}

// begin takes a call's part of the budget before it is sent, and returns what has to be told whether it succeeded. Free calls
// have no part in it.
func (m *meter) begin(ctx context.Context, a ask) (end func(succeeded bool), err error) {
	if m.free || a.kind() == kindWrite {
		return func(bool) {}, nil
	}
	n := Metered{Calls: 1, Items: 1}
	if a.items > 0 {
		n.Items = a.reads
	}
	if err := m.admit(ctx, a.name, n); err != nil {
		return nil, err
	}
	return func(succeeded bool) {
		due := m.end(n, succeeded)
		if t, ok := ctx.Value(tallyKey{}).(*Tally); ok && succeeded {
			t.add(n)
		}
		if due && m.saving.TryLock() {
			defer m.saving.Unlock()
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), meterTimeout)
			defer cancel()
			if err := m.save(ctx); err != nil {
				m.postpone()
				m.logger.LogAttrs(ctx, slog.LevelWarn, "metered calls not saved; they are counted again with the next", slog.Any("error", err))
			}
		}
	}, nil
}

// admit takes a part of the budget, if there is one and it has that much left.
func (m *meter) admit(ctx context.Context, name string, n Metered) error {
	for fresh := false; ; fresh = true {
		m.mu.Lock()
		now := time.Now()
		used := m.month(now).plus(m.flying).plus(n).By(m.reading)
		known := m.loaded && (fresh || now.Sub(m.asked) < reportAfter)
		if m.limit == 0 || m.loaded && used <= m.limit {
			m.flying = m.flying.plus(n)
			m.mu.Unlock()
			return nil
		}
		m.mu.Unlock()
		if known {
			return budgetFault(name, endOfMonth(now))
		}
		if err := m.report(ctx); err != nil {
			return &woosync.Fault{
				Definite: woosync.NotSent, Category: woosync.CategoryServer, Err: err,
				Remedy: "The month's budget cannot be kept without its counter; look at the store.",
			}
		}
	}
}

// postpone has calls leave a store that fails in peace for a while.
func (m *meter) postpone() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.failed = time.Now()
}

// end counts a call that was admitted, and reports whether it is time to save.
func (m *meter) end(n Metered, succeeded bool) (due bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.flying = m.flying.minus(n)
	if !succeeded {
		return false
	}
	m.pending, m.own = m.pending.plus(n), m.own.plus(n)
	if time.Since(m.failed) < reportAfter {
		return false
	}
	return m.pending.By(MeterGreater) >= reportCalls || time.Since(m.asked) >= reportAfter
}

// report saves what is pending and learns what others have saved.
func (m *meter) report(ctx context.Context) error {
	m.saving.Lock()
	defer m.saving.Unlock()
	return m.save(ctx)
}

// save adds what is pending to the store's count, by compare-and-set. The caller saves alone.
func (m *meter) save(ctx context.Context) error {
	m.mu.Lock()
	pending, held, now := m.pending, m.held, time.Now()
	m.mu.Unlock()
	if m.store == nil {
		held.add(pending, now)
		m.saved(held, pending, now)
		return nil
	}
	for attempt := 0; ; attempt++ {
		secret, err := m.store.LoadSecret(ctx, m.workspace, meterName)
		if err != nil {
			return fmt.Errorf("quickbooks: load the count of metered calls: %w", err)
		}
		held = ledgerOfMonths{}
		if len(secret.Sealed) > 0 {
			if err := json.Unmarshal(secret.Sealed, &held); err != nil {
				return fmt.Errorf("quickbooks: the stored count of metered calls is damaged: %w", err)
			}
		}
		if pending == (Metered{}) {
			m.saved(held, pending, now)
			return nil
		}
		held.add(pending, now)
		body, err := json.Marshal(held)
		if err != nil {
			return fmt.Errorf("quickbooks: count of metered calls: %w", err)
		}
		err = m.store.SaveSecret(ctx, m.workspace, meterName, woosync.Secret{Sealed: body, Revision: secret.Revision})
		if err == nil {
			m.saved(held, pending, now)
			return nil
		}
		if !errors.Is(err, woosync.ErrConflict) || attempt == saves {
			return fmt.Errorf("quickbooks: save the count of metered calls: %w", err)
		}
	}
}

// saved notes what the store holds now, with so much of it that was pending.
func (m *meter) saved(held ledgerOfMonths, counted Metered, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.held, m.loaded, m.asked = held, true, now
	m.pending = m.pending.minus(counted)
}
