package badinput_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/store/memory"
)

func targetRows() []row {
	return []row{
		{n: 75, name: "a fault with 200", want: elsewhere, test: "connectors/quickbooks TestReceiptFaultInSuccess"},
		{n: 76, name: "nothing, or HTML, with 200", want: elsewhere, test: "connectors/quickbooks TestStrangeAnswers"},
		{n: 77, name: "201", want: elsewhere, test: "connectors/quickbooks TestCreated"},
		{n: 78, name: "no ID, or one that is a number", want: elsewhere, test: "connectors/quickbooks TestStrangeAnswers"},
		{n: 79, name: "a name that is taken", want: elsewhere, test: "connectors/quickbooks TestCustomerNamesakes"},
		{n: 80, name: "a number that is taken", want: elsewhere, test: "connectors/quickbooks TestReceiptNumberTaken"},
		{n: 81, name: "a stale version", want: elsewhere, test: "connectors/quickbooks TestCustomerUpdateAlwaysStale"},
		{n: 82, name: "a document that is gone", want: elsewhere, test: "connectors/quickbooks TestReceiptGoneOrItsCustomer"},
		{n: 83, name: "fields that are too long", want: elsewhere, test: "connectors/quickbooks TestReceiptCheck"},
		{n: 84, name: "a refused token", want: elsewhere, test: "connectors/quickbooks TestRefusedToken"},
		{n: 84, name: "another company", want: elsewhere, test: "connectors/quickbooks TestOtherCompany"},
		{n: 85, name: "throttles in every form", want: elsewhere, test: "connectors/quickbooks TestThrottle"},
		{n: 86, name: "an error after the commit", want: elsewhere, test: "connectors/quickbooks TestReceiptUnknown"},
		{n: 87, name: "the answer of another time", want: elsewhere, test: "connectors/quickbooks TestReceiptReplayOfVoided"},
		{n: 88, name: "a refused refresh token", want: elsewhere, test: "connectors/quickbooks TestTokensReconnect"},
		{n: 88, name: "no refresh token in the answer", want: elsewhere, test: "connectors/quickbooks TestTokensAnswerWithoutRefreshToken"},
		{n: 88, name: "a token endpoint that is down", want: elsewhere, test: "connectors/quickbooks TestTokensEndpointDown"},
		{n: 89, name: "a token that expires before its time", want: elsewhere, test: "connectors/quickbooks TestRefusedToken"},
	}
}

func hostRows() []row {
	return []row{
		{n: 90, name: "cancelled before it begins", want: stopped},
		{n: 90, name: "cancelled during a write", want: elsewhere, test: ". TestCancelledRunAwaitsWritesInFlight"},
		{n: 90, name: "cancelled during a commit", want: elsewhere, test: "store/storetest TestMutants"},
		{n: 91, name: "a deadline that is over", want: stopped},
		{n: 92, name: "a map that panics", want: failed},
		{n: 92, name: "a map that returns nothing", want: stopped},
		{n: 92, name: "a map that changes its input", want: accepted},
		{n: 92, name: "a map that takes an hour", want: accepted},
		{n: 93, name: "sinks that block, panic or are slow", want: elsewhere, test: ". TestSinksCannotStopOrSlowARun"},
		{n: 94, name: "a store that is busy for a moment", want: accepted},
		{n: 94, name: "a store that stays busy", want: stopped},
		{n: 94, name: "a full disk", want: elsewhere, test: "store/sqlite TestFullDisk"},
		{n: 94, name: "files that are none, or of a newer version", want: elsewhere, test: "store/sqlite TestFilesThatAreRefused"},
		{n: 95, name: "a folder that cannot be written", want: elsewhere, test: "store/sqlite TestFilesThatAreRefused"},
		{n: 96, name: "a checkpoint of another shop", want: elsewhere, test: ". TestOtherEndsAreRefused"},
		{n: 97, name: "a checkpoint beyond the end", want: elsewhere, test: "connectors/woocommerce TestForeignCursors"},
		{n: 98, name: "two runs in the same millisecond", want: elsewhere, test: "store/sqlite/killmatrix TestTwins"},
		{n: 99, name: "another mapping after a crash", want: elsewhere, test: ". TestRevisionMapsEverythingAgainAndSendsOnlyWhatChanged"},
		{n: 100, name: "a clock that stands still under a lease", want: elsewhere, test: ". TestLeaseThatCannotBeRenewedStopsWrites"},
	}
}

// tape is a source of three texts.
type tape struct{}

func (tape) ReadPage(context.Context, woosync.Cursor) (woosync.Page[[]string], error) {
	page := woosync.Page[[]string]{Total: 3}
	for _, id := range []string{"1", "2", "3"} {
		page.Records = append(page.Records, woosync.Record[[]string]{ID: id, Version: "1", Value: []string{"text " + id}})
	}
	return page, nil
}

// A host is what a host brings along.
type host struct {
	ctx    func(context.Context) (context.Context, context.CancelFunc)
	store  func(*memory.Store) woosync.Ledger
	mapped woosync.Map[[]string, *string]
}

func plain(_ context.Context, texts []string, _ woosync.Links) (*string, error) {
	return &texts[0], nil
}

func hosts() map[string]host {
	return map[string]host{
		"cancelled before it begins": {ctx: func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			cancel()
			return ctx, cancel
		}},
		"a deadline that is over": {ctx: func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithDeadline(ctx, time.Now().Add(-time.Hour))
		}},
		"a map that panics": {mapped: func(ctx context.Context, texts []string, links woosync.Links) (*string, error) {
			if texts[0] == "text 2" {
				panic("map")
			}
			return plain(ctx, texts, links)
		}},
		"a map that returns nothing": {mapped: func(ctx context.Context, texts []string, links woosync.Links) (*string, error) {
			if texts[0] == "text 2" {
				var none *string
				return none, nil
			}
			return plain(ctx, texts, links)
		}},
		"a map that changes its input": {mapped: func(_ context.Context, texts []string, _ woosync.Links) (*string, error) {
			texts[0] += " changed"
			return &texts[0], nil
		}},
		"a map that takes an hour": {mapped: func(ctx context.Context, texts []string, links woosync.Links) (*string, error) {
			<-time.After(time.Hour)
			return plain(ctx, texts, links)
		}},
		"a store that is busy for a moment": {store: func(s *memory.Store) woosync.Ledger { return &busy{Store: s, times: 2} }},
		"a store that stays busy":           {store: func(s *memory.Store) woosync.Ledger { return &busy{Store: s, times: 1 << 30} }},
	}
}

// busy refuses its first commits of links.
type busy struct {
	*memory.Store
	times int
}

func (b *busy) PutLinks(ctx context.Context, at woosync.Scope, links []woosync.Link) error {
	if len(links) > 0 && b.times > 0 {
		b.times--
		return errors.New("database is locked")
	}
	return b.Store.PutLinks(ctx, at, links)
}

// pointers is a target that counts.
type pointers struct{ written int }

func (*pointers) Find(context.Context, []woosync.Change[*string]) (map[string]woosync.Answer, error) {
	return map[string]woosync.Answer{}, nil
}

func (p *pointers) Apply(_ context.Context, c woosync.Change[*string]) (woosync.Answer, error) {
	p.written++
	return woosync.Answer{ID: c.SourceID}, nil
}

func TestHost(t *testing.T) {
	t.Parallel()
	for _, c := range hostRows() {
		if c.want == elsewhere {
			continue
		}
		t.Run(fmt.Sprintf("%d %s", c.n, c.name), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { hosted(t, c) })
		})
	}
}

func hosted(t *testing.T, c row) {
	t.Helper()
	h, ok := hosts()[c.name]
	if !ok {
		t.Fatal("nobody plays this")
	}
	ctx, cancel := t.Context(), func() {}
	if h.ctx != nil {
		ctx, cancel = h.ctx(ctx)
	}
	defer cancel()
	store, target := memory.New(), &pointers{}
	cfg := woosync.Config{Checkpoints: store, Ledger: store, Concurrency: 1}
	if h.store != nil {
		cfg.Ledger = h.store(store)
	}
	mapped := h.mapped
	if mapped == nil {
		mapped = plain
	}
	engine, err := woosync.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	flow := woosync.Flow[[]string, *string]{Name: "texts", Source: tape{}, Target: target, Map: mapped}
	report, err := engine.Run(ctx, woosync.Job{Tenant: "acme", Streams: []woosync.Stream{flow}})
	cp, loadErr := store.LoadCheckpoint(t.Context(), woosync.Scope{Tenant: "acme", Stream: "texts"})
	if loadErr != nil {
		t.Fatal(loadErr)
	}
	switch c.want {
	case accepted:
		if err != nil || report.Status != woosync.StatusCompleted || target.written != 3 {
			t.Errorf("%s, %v, %d written", report.Status, err, target.written)
		}
	case failed:
		if err != nil || report.Status != woosync.StatusPartial || target.written != 2 || len(report.Streams[0].Failures) != 1 {
			t.Errorf("%s, %v, %d written: %+v", report.Status, err, target.written, report.Streams)
		}
	case stopped:
		if err == nil || cp.Done || target.written > 0 || strings.Contains(err.Error(), "unknown error") {
			t.Errorf("%s, %v, %d written, checkpoint %+v", report.Status, err, target.written, cp)
		}
	}
}
