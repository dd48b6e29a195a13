package memory_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/store/memory"
	"github.com/woosync/woosync/store/storetest"
)

func TestStore(t *testing.T) {
	t.Parallel()
	storetest.RunInBubble(t, func(testing.TB) storetest.Harness {
		return storetest.Harness{
			Store: memory.New(), Advance: func(d time.Duration) { <-time.After(d) },
			Leases: true, Secrets: true, Runs: true, Prover: true, Closer: true,
		}
	})
}

func TestExpire(t *testing.T) {
	t.Parallel()
	store := memory.New()
	store.Expire("acme", "orders") // of what was never granted
	lease, err := store.AcquireLease(t.Context(), "acme", "orders", "one", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	store.Expire("acme", "orders")
	if _, err := store.RenewLease(t.Context(), lease, time.Hour); err == nil {
		t.Error("a lease whose term ended was renewed")
	}
	next, err := store.AcquireLease(t.Context(), "acme", "orders", "two", time.Hour)
	if err != nil || next.Token <= lease.Token {
		t.Errorf("next lease %+v, error %v", next, err)
	}
}

func Example() {
	ctx, store := context.Background(), memory.New()
	orders := woosync.Scope{Tenant: "acme", Stream: "orders"}
	link := woosync.Link{SourceID: "1042", TargetID: "T-7", State: woosync.LinkDone}
	if err := store.PutLinks(ctx, orders, []woosync.Link{link}); err != nil {
		fmt.Println(err)
	}
	for link, err := range store.QueryLinks(ctx, orders, woosync.LinkQuery{}) {
		fmt.Println(link.SourceID, "is", link.TargetID, err)
	}
	// Output: 1042 is T-7 <nil>
}
