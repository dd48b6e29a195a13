package quickbooks

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/woosync/woosync"
)

// ErrBudget says that the month's budget of metered reads ([Config.MonthlyReads]) is used up. Nothing was sent. The fault around it
// is Fatal: a stream, which cannot do without look-ups, stops where it is, and a run in the next month goes on from there.
var ErrBudget = errors.New("quickbooks: the month's budget of metered reads is used up")

// BatchReading is how a batch counts against the budget of metered calls. Intuit's texts say both.
type BatchReading uint8

// The readings. Refused items of a batch that succeeded as a whole count as well: nobody says that they do not.
const (
	MeterGreater BatchReading = iota // whichever of the others comes to more
	MeterCalls                       // a batch is one metered call, whatever is in it
	MeterItems                       // an item counts as it would alone: a query is metered, a write is free
)

// Metered is a number of metered calls by both readings: with a batch as one call, and with its queries as one each.
type Metered struct{ Calls, Items int }

// By returns the number by one reading.
func (m Metered) By(r BatchReading) int {
	switch r {
	case MeterCalls:
		return m.Calls
	case MeterItems:
		return m.Items
	case MeterGreater:
	}
	return max(m.Calls, m.Items)
}

func (m Metered) plus(n Metered) Metered {
	return Metered{Calls: m.Calls + n.Calls, Items: m.Items + n.Items}
}

func (m Metered) minus(n Metered) Metered {
	return Metered{Calls: m.Calls - n.Calls, Items: m.Items - n.Items}
}

// Usage is what has been used of the calls that Intuit meters: every read, query, change feed and batch that succeeded. Writes,
// failed calls, OAuth and the sandbox are free and not counted (Intuit App Partner Program, since November 2025).
type Usage struct {
	// Month is what all clients that share [Config.Meter] have used in this month, as far as they have reported it. Where months
	// begin is not documented: it is the greater of what UTC and what the Pacific coast call this month.
	Month Metered
	// Run is what was used under the context's [Tally], or by this client since it was made if the context has none.
	Run Metered
	// Forecast is what Month will be at its end, by Config.BatchReading, if it goes on as it has since it began (or since counting
	// began, within it). A day is the least that is believed.
	Forecast int
	Limit    int       // Config.MonthlyReads; 0: none
	Ends     time.Time // of the month, in either reading
}

// Usage reports what has been used, and saves what this client has not reported yet: call it at the end of a run. Its error is
// that of the store.
func (c *Client) Usage(ctx context.Context) (Usage, error) {
	if err := c.made(); err != nil {
		return Usage{}, err
	}
	m := c.meter
	err := m.report(ctx)
	now := time.Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	u := Usage{Month: m.month(now), Run: m.own, Limit: m.limit, Ends: endOfMonth(now)}
	if t, ok := ctx.Value(tallyKey{}).(*Tally); ok {
		u.Run = t.Metered()
	}
	u.Forecast = m.forecast(u.Month.By(m.reading), now, u.Ends)
	return u, err
}

// forecast extends what was used since counting began to the end of the month. The lock is held.
func (m *meter) forecast(used int, now, ends time.Time) int {
	since := m.held.UTC.Since
	if begin := time.Date(now.UTC().Year(), now.UTC().Month(), 1, 0, 0, 0, 0, time.UTC); since.Before(begin) {
		since = begin
	}
	passed := max(now.Sub(since), 24*time.Hour)
	left := max(ends.Sub(now), 0)
	return used + int(int64(used)*int64(left/time.Second)/int64(passed/time.Second))
}

// A Tally counts the metered calls of one run. It is safe for concurrent use.
type Tally struct{ calls, items atomic.Int64 }

type tallyKey struct{}

// WithTally returns a context under which a tally counts, for woosync's Run: several runs may share a client.
func WithTally(ctx context.Context) (context.Context, *Tally) {
	t := new(Tally)
	return context.WithValue(ctx, tallyKey{}, t), t
}

// Metered returns what was counted so far.
func (t *Tally) Metered() Metered {
	return Metered{Calls: int(t.calls.Load()), Items: int(t.items.Load())}
}

func (t *Tally) add(n Metered) {
	t.calls.Add(int64(n.Calls))
	t.items.Add(int64(n.Items))
}

func budgetFault(name string, until time.Time) error {
	return &woosync.Fault{
		Definite: woosync.Fatal, Category: woosync.CategoryThrottle, RetryAt: until,
		Err:    fmt.Errorf("%w: %s was not sent", ErrBudget, name),
		Remedy: "Raise MonthlyReads, if the app's plan at Intuit allows more, or wait for the next month.",
	}
}
