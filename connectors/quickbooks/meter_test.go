package quickbooks_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/quickbooks"
	"github.com/woosync/woosync/connectors/quickbooks/qbotest"
	"github.com/woosync/woosync/rest"
	"github.com/woosync/woosync/store/memory"
)

// A till is a store of which the test can see the saves and break the drawer.
type till struct {
	woosync.SecretStore
	mu     sync.Mutex
	saves  int
	loads  int
	broken error
	hangs  bool
}

func (s *till) LoadSecret(ctx context.Context, tenant, name string) (woosync.Secret, error) {
	if s.hangs {
		<-ctx.Done()
		return woosync.Secret{}, ctx.Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.loads++
	if s.broken != nil {
		return woosync.Secret{}, s.broken
	}
	return s.SecretStore.LoadSecret(ctx, tenant, name)
}

func (s *till) SaveSecret(ctx context.Context, tenant, name string, secret woosync.Secret) error {
	<-time.After(20 * time.Millisecond) // while others count on
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken != nil {
		return s.broken
	}
	err := s.SecretStore.SaveSecret(ctx, tenant, name, secret)
	if err == nil {
		s.saves++
	}
	return err
}

// metering returns a client of the fake whose counter is kept in a store.
func metering(t *testing.T, books *qbotest.Server, store woosync.SecretStore, change func(*quickbooks.Config)) *quickbooks.Client {
	t.Helper()
	return clientAs(t, books.RoundTripper(), func(c *quickbooks.Config) {
		c.BaseURL, c.RealmID, c.Tokens, c.Meter = books.URL, books.RealmID(), renewing{books}, store
		if change != nil {
			change(c)
		}
	})
}

// renewing hands out tokens that are always good.
type renewing struct{ books *qbotest.Server }

func (r renewing) Token(context.Context) (rest.Secret, error) {
	return rest.Secret(r.books.AccessToken()), nil
}

func (r renewing) Renew(ctx context.Context, _ rest.Secret) (rest.Secret, error) {
	return r.Token(ctx)
}

func usageOf(ctx context.Context, t *testing.T, client *quickbooks.Client) quickbooks.Usage {
	t.Helper()
	usage, err := client.Usage(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return usage
}

func read(t *testing.T, client *quickbooks.Client, times int) {
	t.Helper()
	for range times {
		if _, err := client.Preferences(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// What counts is what the fake meters: reads and queries that succeed; no write, no refusal, no repetition, no other app's.
func TestMeteredCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		books := qbotest.New()
		client := metering(t, books, memory.New(), nil)
		target := client.CustomerTarget(quickbooks.TargetOptions{})
		ctx, tally := quickbooks.WithTally(t.Context())
		read(t, client, 3) // before the run
		for _, effect := range []qbotest.Effect{
			qbotest.Fail(503), qbotest.Refuse("6000", "m", "d"), qbotest.RefuseWith200("6190", "m", "d"), qbotest.ExpireToken(),
			qbotest.Throttle(qbotest.ThrottleXML, 0), qbotest.HTML(),
		} {
			books.Inject(qbotest.Fault{Effect: effect})
			if _, err := client.Preferences(ctx); err != nil && codeIn(err) == "" {
				t.Fatal(err)
			}
		}
		for _, id := range []string{"1", "2"} {
			change := creation(id, buyer("Ann "+id, id))
			if _, err := target.Find(ctx, []woosync.Change[quickbooks.CustomerDraft]{change}); err != nil {
				t.Fatal(err)
			}
			if _, err := target.Apply(ctx, change); err != nil {
				t.Fatal(err)
			}
		}
		for _, err := range quickbooks.Query[quickbooks.Customer](ctx, client, quickbooks.Selection{Page: 1}) {
			if err != nil {
				t.Fatal(err)
			}
		}
		metered := books.Requests().CorePlus
		if metered < 8 {
			t.Fatalf("the fake metered %d calls: the test does not ask enough", metered)
		}
		usage := usageOf(ctx, t, client)
		want := quickbooks.Metered{Calls: metered, Items: metered}
		if usage.Month != want {
			t.Errorf("counted %+v, the fake metered %d", usage.Month, metered)
		}
		if run := (quickbooks.Metered{Calls: metered - 3, Items: metered - 3}); usage.Run != run || tally.Metered() != run {
			t.Errorf("the run used %+v and %+v of %d", usage.Run, tally.Metered(), metered)
		}
		if usage := usageOf(t.Context(), t, client); usage.Run != want {
			t.Errorf("the client used %+v", usage.Run)
		}
	})
}

func codeIn(err error) string {
	if failure, ok := errors.AsType[*quickbooks.Error](err); ok {
		return failure.Code
	}
	return ""
}

// Clients that share a counter lose none of what they use together, and saving it costs little.
func TestMeterIsShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		books := qbotest.New(qbotest.WithLimits(qbotest.Limits{}))
		store := &till{SecretStore: memory.New()}
		const clients, reads = 8, 250
		var group sync.WaitGroup
		var last *quickbooks.Client
		for range clients {
			client := metering(t, books, store, func(c *quickbooks.Config) { c.PerSecond, c.PerMinute = 100, 6000 })
			last = client
			group.Go(func() {
				for range 5 {
					group.Go(func() { read(t, client, reads/5) })
				}
			})
			defer func() { usageOf(t.Context(), t, client) }()
		}
		group.Wait()
		seen := usageOf(t.Context(), t, last).Month.Calls
		if most := clients * reads; seen > most || seen < most-(clients-1)*49 {
			t.Errorf("%d of %d calls are known", seen, most)
		}
		if store.saves > clients*(reads/50+3) {
			t.Errorf("%d saves", store.saves)
		}
	})
}

func TestMeterLosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		books := qbotest.New()
		store := &till{SecretStore: memory.New(), broken: errors.New("disk full")}
		client := metering(t, books, store, nil)
		read(t, client, 60) // a store that fails stops nobody
		if _, err := client.Usage(t.Context()); !errors.Is(err, store.broken) {
			t.Errorf("error is %v", err)
		}
		store.broken = nil
		read(t, client, 1)
		if usage := usageOf(t.Context(), t, client); usage.Month.Calls != 61 {
			t.Errorf("%+v", usage)
		}
		other := metering(t, books, store, nil)
		read(t, other, 1)
		if usage := usageOf(t.Context(), t, other); usage.Month.Calls != 62 || usage.Run.Calls != 1 {
			t.Errorf("%+v", usage)
		}
		apart := metering(t, books, store, func(c *quickbooks.Config) { c.Workspace = "another app" })
		if usage := usageOf(t.Context(), t, apart); usage.Month.Calls != 0 {
			t.Errorf("%+v", usage)
		}
	})
}

// A store that fails, or hangs, is asked every some seconds and not with every call, and holds up few of them for long.
func TestMeterLeavesAFailingStoreInPeace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		books := qbotest.New()
		failing := &till{SecretStore: memory.New(), broken: errors.New("disk full")}
		client := metering(t, books, failing, nil)
		began := time.Now()
		read(t, client, 600)
		if most := int(time.Since(began)/(10*time.Second)) + 1; failing.loads > most {
			t.Errorf("asked %d times in %s", failing.loads, time.Since(began))
		}
		hanging := &till{SecretStore: memory.New(), hangs: true}
		client = metering(t, books, hanging, nil)
		began = time.Now()
		read(t, client, 60)
		if took := time.Since(began); took > 15*time.Second {
			t.Errorf("60 calls took %s", took)
		}
		hanging.hangs = false
		if usage := usageOf(t.Context(), t, client); usage.Month.Calls != 60 {
			t.Errorf("%+v", usage)
		}
	})
}

// Reads end when the budget is used up, before they are sent; writes go on, and so do reads in the next month.
func TestBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		books := qbotest.New()
		store := memory.New()
		<-time.After(time.Until(time.Date(2000, 1, 31, 23, 0, 0, 0, time.UTC)))
		other := metering(t, books, store, nil)
		read(t, other, 5) // of another process
		usageOf(t.Context(), t, other)
		client := metering(t, books, store, func(c *quickbooks.Config) { c.MonthlyReads = 10 })
		target := client.CustomerTarget(quickbooks.TargetOptions{})
		var group sync.WaitGroup
		var mu sync.Mutex
		refused := 0
		for range 9 { // also at the same time
			group.Go(func() {
				if _, err := client.Preferences(t.Context()); err != nil {
					mu.Lock()
					defer mu.Unlock()
					refused++
				}
			})
		}
		group.Wait()
		if sent := books.Requests().Read; sent != 10 || refused != 4 {
			t.Errorf("%d reads were sent, %d refused", sent, refused)
		}
		sent := books.Requests().Total
		_, err := client.Preferences(t.Context())
		wantFault(t, err, woosync.Fatal, woosync.CategoryThrottle)
		ends := time.Date(2000, 2, 1, 8, 0, 0, 0, time.UTC)
		if fault := faultOf(t, err); !errors.Is(err, quickbooks.ErrBudget) || fault.Remedy == "" || !fault.RetryAt.Equal(ends) {
			t.Errorf("%v, again at %s", err, fault.RetryAt)
		}
		if n := books.Requests().Total; n != sent {
			t.Errorf("%d requests were sent over the budget", n-sent)
		}
		mustApply(t, target, creation("1", buyer("Ann", "1")))

		drafts := map[string]quickbooks.CustomerDraft{"2": buyer("Bob", "2"), "3": buyer("Cid", "3")}
		report, err := carried(t, memory.New(), client.RealmID(), target, drafts)
		if counts := report.Streams[0].Counts; !errors.Is(err, quickbooks.ErrBudget) || counts.Failed != 0 {
			t.Errorf("%v, %+v", err, counts)
		}
		<-time.After(2 * time.Hour) // the month of UTC has ended, that of the Pacific coast has not
		if _, err := client.Preferences(t.Context()); !errors.Is(err, quickbooks.ErrBudget) {
			t.Errorf("error is %v", err)
		}
		<-time.After(7 * time.Hour)
		if counts := carry(t, memory.New(), client.RealmID(), target, drafts); counts.Created != 2 {
			t.Errorf("%+v", counts)
		}
	})
}

// Without its counter a budget cannot be kept, and what is not known to be within it is not sent.
func TestBudgetNeedsItsCounter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		books := qbotest.New()
		store := &till{SecretStore: memory.New(), broken: errors.New("no route to the database")}
		client := metering(t, books, store, func(c *quickbooks.Config) { c.MonthlyReads = 10 })
		_, err := client.Preferences(t.Context())
		wantFault(t, err, woosync.NotSent, woosync.CategoryServer)
		if n := books.Requests().Total; n != 0 {
			t.Errorf("%d requests", n)
		}
	})
}

func TestForecast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		books := qbotest.New()
		client := metering(t, books, memory.New(), func(c *quickbooks.Config) { c.MonthlyReads = 1000 })
		forecast := func(at time.Time, used, want int) {
			t.Helper()
			<-time.After(time.Until(at))
			usage := usageOf(t.Context(), t, client)
			if usage.Month.Calls != used || usage.Forecast != want || usage.Limit != 1000 {
				t.Errorf("on %s: %+v, want %d used and a forecast of %d", at.Format(time.DateTime), usage, used, want)
			}
		}
		<-time.After(time.Until(time.Date(2000, 4, 10, 8, 0, 0, 0, time.UTC)))
		read(t, client, 10)
		// Of 21 days left, each like the first.
		forecast(time.Date(2000, 4, 10, 8, 1, 0, 0, time.UTC), 10, 10+209)
		forecast(time.Date(2000, 4, 15, 8, 0, 0, 0, time.UTC), 10, 10+32)
		forecast(time.Date(2000, 5, 1, 7, 59, 0, 0, time.UTC), 10, 10)
		forecast(time.Date(2000, 5, 2, 8, 0, 0, 0, time.UTC), 0, 0)
		read(t, client, 62)
		forecast(time.Date(2000, 5, 3, 8, 0, 0, 0, time.UTC), 62, 62+1798)
	})
}

// The sandbox is free.
func TestSandboxIsNotMetered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		books := qbotest.New()
		store := &till{SecretStore: memory.New()}
		transport := roundTrip(func(r *http.Request) (*http.Response, error) { return books.RoundTripper().RoundTrip(r) })
		client := clientAs(t, transport, func(c *quickbooks.Config) {
			c.BaseURL, c.RealmID, c.Tokens, c.Meter, c.MonthlyReads = quickbooks.Sandbox, books.RealmID(), renewing{books}, store, 1
		})
		read(t, client, 5)
		usage := usageOf(t.Context(), t, client)
		if diff := cmp.Diff(quickbooks.Metered{}, usage.Month); diff != "" || store.saves != 0 {
			t.Errorf("%d saves, %s", store.saves, diff)
		}
	})
}
