package woocommerce_test

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/connectors/woocommerce"
	"github.com/woosync/woosync/connectors/woocommerce/wootest"
	"github.com/woosync/woosync/store/memory"
)

// A cabinet is a target that holds a sheet for each record.
type cabinet struct {
	mu     sync.Mutex
	sheets map[string]string // record by mark
}

func (c *cabinet) Find(_ context.Context, changes []woosync.Change[string]) (map[string]woosync.Answer, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	found := make(map[string]woosync.Answer)
	for _, change := range changes {
		if c.sheets[change.Mark()] != "" {
			found[change.Key] = woosync.Answer{ID: change.Mark()}
		}
	}
	return found, nil
}

func (c *cabinet) Apply(_ context.Context, change woosync.Change[string]) (woosync.Answer, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if delete(c.sheets, change.Mark()); change.Action != woosync.Remove {
		c.sheets[change.Mark()] = change.SourceID
	}
	return woosync.Answer{ID: change.Mark()}, nil
}

func (c *cabinet) has(id int64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, record := range c.sheets {
		if record == strconv.FormatInt(id, 10) {
			return true
		}
	}
	return false
}

// Orders deleted for good leave no trace in the shop: a full pass and its sweep
// find them, and those in the trash, and touch no other.
func TestSweepFindsOrdersThatWereDeletedForGood(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		shop := wootest.New(wootest.WithOrders(130))
		client, store, sheets := connect(t, shop), memory.New(), &cabinet{sheets: make(map[string]string)}
		run := func(full bool) woosync.StreamReport {
			t.Helper()
			shop.Advance(time.Hour)
			o, err := woosync.New(woosync.Config{Checkpoints: store, Ledger: store})
			if err != nil {
				t.Fatal(err)
			}
			report, err := o.Run(t.Context(), woosync.Job{Tenant: "acme", Full: full, Streams: []woosync.Stream{
				woosync.Flow[woocommerce.Order, string]{
					Name: "orders", Source: client.OrderSource(woocommerce.OrderOptions{}), Target: sheets, Sweep: 10,
					Map: func(_ context.Context, o woocommerce.Order, _ woosync.Links) (string, error) {
						if o.Status == "trash" {
							return "", woosync.ErrRemove
						}
						return o.Number, nil
					},
				},
			}})
			if err != nil {
				t.Fatal(err)
			}
			return report.Streams[0]
		}
		run(false)
		all := shop.IDs(wootest.Orders)
		gone, trashed := []int64{all[3], all[70], all[129]}, []int64{all[5], all[100]}
		for _, id := range gone {
			if err := shop.Delete(wootest.Orders, id); err != nil {
				t.Fatal(err)
			}
		}
		for _, id := range trashed {
			if err := shop.Trash(wootest.Orders, id); err != nil {
				t.Fatal(err)
			}
		}
		run(false)
		if !sheets.has(gone[0]) {
			t.Error("an increment found what leaves no trace")
		}
		stream := run(true)
		if want := (woosync.Counts{Seen: 5, Removed: 5}); stream.Swept != want {
			t.Errorf("swept %+v, want %+v", stream.Swept, want)
		}
		if cert := stream.Certificates[0]; !cert.Complete || cert.Unseen != 5 || cert.Gone != 3 {
			t.Errorf("certificate %+v", cert)
		}
		for _, id := range all {
			if want := !slices.Contains(gone, id) && !slices.Contains(trashed, id); sheets.has(id) != want {
				t.Errorf("order %d has a sheet: %t, want %t", id, !want, want)
			}
		}
	})
}
