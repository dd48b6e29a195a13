package quickbooks

import (
	"context"
	"fmt"
	"log/slog"
	"time"
)

// Mode is how transactions are written.
type Mode uint8

// The modes. Customers and items, which QuickBooks changes one at a time, are written alone or in batches, never both at once.
const (
	Singles Mode = iota // each write alone: free of Intuit's metering
	Batches             // in batches, which are metered: what is left of the requests a minute stays free for others
	Hybrid              // in full batches, and alone what they leave: both allowances are used up
)

// String returns "single writes", "batches" or "hybrid".
func (m Mode) String() string {
	switch m {
	case Singles:
		return "single writes"
	case Batches:
		return "batches"
	case Hybrid:
		return "hybrid"
	}
	return fmt.Sprintf("mode(%d)", uint8(m))
}

const (
	defaultBatchSize = 10
	defaultPatience  = 10 * time.Minute
)

// Work is what has to be written, and what it may cost. The zero value is written in single writes, which are free.
type Work struct {
	// MeteredWrites is how many metered calls writing may cost, beside those for look-ups. Each batch counts as one, which is the
	// stricter of Intuit's texts. Negative: as many as the month's budget has left ([Config].MonthlyReads). 0: none.
	MeteredWrites int
	// Backlog is how many records are waiting, as woosync.Page.Total tells it. If it is 0, nobody knows: what is handed over at once
	// decides then.
	Backlog int
	// Patience is how long single writes may take before batches are worth their price. 0: 10 minutes.
	Patience time.Duration
	// BatchSize is how many writes go into a batch, at most 30. Intuit recommends no more than 10: a batch without an answer leaves
	// all its writes open, and thirty slow ones may meet the 120 seconds at which QuickBooks cuts requests. 0: 10.
	BatchSize int
}

// A Plan is how a client writes transactions, and what is to be expected of it. [Client.Plan] makes one; a host that knows better may
// make its own, of Mode, BatchSize and MaxBatches. The zero value is single writes.
type Plan struct {
	Mode       Mode
	BatchSize  int    // 0: 10
	MaxBatches int    // what is left after so many is written alone; 0: any number
	Reason     string // one sentence

	// What is expected at the limits of the client, look-ups aside.
	PerMinute int           // writes a minute, while batches may be sent
	Metered   int           // metered calls of the writes; 0 if the backlog is unknown
	Takes     time.Duration // to write the backlog; 0 if it is unknown
}

// Plan decides how to write, tells the client's logger, and sends nothing. It takes the way that is quickest within the month's budget,
// and a simpler one that takes nearly as long before it: single writes, then batches, then both. Its error is that of the store that
// keeps the month's count; the plan is single writes then.
//
// The plan applies to the targets of [Client.WithPlan].
func (c *Client) Plan(ctx context.Context, w Work) (Plan, error) {
	if err := c.made(); err != nil {
		return Plan{}, err
	}
	p, err := c.plan(ctx, w)
	c.meter.logger.LogAttrs(ctx, slog.LevelInfo, "writes planned",
		slog.String("mode", p.Mode.String()), slog.String("reason", p.Reason), slog.Int("backlog", w.Backlog),
		slog.Int("writes_a_minute", p.PerMinute), slog.Int("metered", p.Metered), slog.Duration("takes", p.Takes))
	return p, err
}

func (c *Client) plan(ctx context.Context, w Work) (Plan, error) {
	batches, limit, err := c.affordable(ctx, w)
	alone := c.expected(Plan{Mode: Singles}, w.Backlog)
	switch {
	case err != nil:
		alone.Reason = "what is left of the month's budget of metered calls is not known"
	case w.MeteredWrites == 0:
		alone.Reason = "metered calls for writes are not allowed, and single writes are free"
	case batches == 0:
		alone.Reason = "the month's budget has no metered calls left for batches"
	case w.Backlog > 0 && alone.Takes <= patience(w):
		alone.Reason = fmt.Sprintf("single writes take %s for %d records, which is soon enough to save the metered calls", about(alone.Takes), w.Backlog)
	}
	if alone.Reason != "" {
		return alone, err
	}
	best := alone
	best.Reason = fmt.Sprintf("batches of %d are no quicker under the limits of this client", sizeOf(w.BatchSize))
	for _, mode := range []Mode{Batches, Hybrid} {
		p := c.expected(Plan{Mode: mode, BatchSize: sizeOf(w.BatchSize), MaxBatches: max(0, batches)}, w.Backlog)
		if !quicker(p, best) {
			continue
		}
		best = p
		best.Reason = fmt.Sprintf("%s of %d: %d writes a minute against %d alone%s", name(mode), p.BatchSize, p.PerMinute, alone.PerMinute, limit)
	}
	return best, nil
}

func name(mode Mode) string {
	if mode == Hybrid {
		return "single writes beside batches"
	}
	return mode.String()
}

// affordable returns how many batches may be sent, negative for any number, and what bounds them.
func (c *Client) affordable(ctx context.Context, w Work) (batches int, limit string, err error) {
	batches = w.MeteredWrites
	if batches > 0 {
		limit = fmt.Sprintf(", for %d metered calls at most", batches)
	}
	if batches == 0 || c.meter.limit == 0 || c.meter.free || c.meter.reading == MeterItems {
		return batches, limit, nil
	}
	usage, err := c.Usage(ctx)
	if err != nil {
		return 0, "", err
	}
	left := max(0, usage.Limit-usage.Month.By(c.meter.reading))
	// Without look-ups nothing is written: there are up to four for a hundred records.
	if w.Backlog > 0 {
		left = max(0, left-w.Backlog/25-1)
	} else {
		left /= 2
	}
	if batches < 0 || left < batches {
		return left, fmt.Sprintf(", for the %d metered calls that the month's budget has left", left), nil
	}
	return batches, limit, nil
}

// expected completes a plan with what is to be expected of it.
func (c *Client) expected(p Plan, backlog int) Plan {
	l := c.limits
	requests := min(l.perMinute, 60*l.perSecond)
	batches := min(l.batchesPerMinute, requests)
	alone := max(1, 99*requests/100)
	switch p.Mode {
	case Singles:
		p.PerMinute = alone
	case Batches:
		p.PerMinute = max(1, 99*batches*p.BatchSize/100)
	case Hybrid:
		p.PerMinute = max(1, 99*(batches*p.BatchSize+requests-batches)/100)
	}
	if backlog <= 0 {
		return p
	}
	left := backlog
	if p.Mode != Singles {
		// Batches carry their share of the backlog, or as much as they may; what is left after that goes alone.
		share := max(1, 99*batches*p.BatchSize/100)
		p.Metered = ceil(ceil(backlog*share, p.PerMinute), p.BatchSize)
		if p.MaxBatches > 0 && p.MaxBatches < p.Metered {
			p.Metered = p.MaxBatches
			carried := min(backlog, p.MaxBatches*p.BatchSize*p.PerMinute/share)
			p.Takes, left = lasts(carried, p.PerMinute)+lasts(backlog-carried, alone), 0
		}
	}
	p.Takes += lasts(left, p.PerMinute)
	return p
}

func ceil(n, by int) int { return (n + by - 1) / by }

// lasts is how long so many writes take.
func lasts(n, perMinute int) time.Duration {
	return time.Duration(n) * time.Minute / time.Duration(perMinute)
}

// quicker reports whether one plan takes less than nine tenths of the time of another.
func quicker(p, than Plan) bool {
	if p.Takes > 0 && than.Takes > 0 {
		return 10*p.Takes < 9*than.Takes
	}
	return 9*p.PerMinute > 10*than.PerMinute
}

func patience(w Work) time.Duration {
	if w.Patience == 0 {
		return defaultPatience
	}
	return w.Patience
}

func sizeOf(batch int) int {
	if batch == 0 {
		return defaultBatchSize
	}
	return min(max(batch, 1), maxBatch)
}

func about(d time.Duration) time.Duration {
	if d > time.Hour {
		return d.Round(time.Minute)
	}
	return d.Round(time.Second)
}

// WithPlan returns a client with the same pace, pauses and budget whose targets write by a plan. Several runs at once may share it, and
// then share the batches of the plan; writes of different runs go in different batches.
//
// The targets fill batches with whatever waits, so batches are full whatever the size of pages. For that, woosync.Config.Concurrency
// and OpenPages have to let enough records be under way; their defaults do.
//
// Whatever the mode, a record is written once, and of a batch or a single write without an answer every record settles by itself. With
// the month's budget used up, or MaxBatches sent, writes go on alone.
func (c *Client) WithPlan(p Plan) *Client {
	planned := *c
	planned.batch, planned.lanes = 1, nil
	size := sizeOf(p.BatchSize)
	if p.Mode == Singles || size == 1 {
		return &planned
	}
	l := &lanes{size: size, batches: c.limits.inFlight, alone: c.limits.inFlight, left: p.MaxBatches}
	if l.left <= 0 {
		l.left = -1
	}
	if l.both = p.Mode == Hybrid; l.both {
		// Neither lane may leave the other without requests under way.
		l.batches = max(1, 2*c.limits.inFlight/3)
		l.alone = max(1, c.limits.inFlight-2)
	}
	planned.batch, planned.lanes = size, l
	return &planned
}
