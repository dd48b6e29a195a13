package storetest

import (
	"errors"
	"fmt"
	"time"

	"github.com/woosync/woosync"
)

const term = time.Minute

func leaseChecks() []check {
	return []check{
		{"lease/granted", func(k *kit) {
			got := k.acquire("acme", "orders", "one")
			if got.Tenant != "acme" || got.Name != "orders" || got.Owner != "one" || got.Token < 1 || got.Expires.IsZero() {
				k.Errorf("lease granted: %+v", got)
			}
		}},
		{"lease/held-is-refused", leaseHeld},
		{"lease/owner-may-not-ask-again", func(k *kit) {
			k.acquire("acme", "orders", "one")
			_, err := k.leases().AcquireLease(k.Context(), "acme", "orders", "one", term)
			k.want(err, woosync.ErrHeld, "the owner asking again")
		}},
		{"lease/one-winner-of-64", func(k *kit) {
			store := k.leases()
			won := race(func(i int) error {
				_, err := store.AcquireLease(k.Context(), "acme", "orders", fmt.Sprint(i), time.Hour)
				return err
			}, func(err error) { k.want(err, woosync.ErrHeld, "the request of one that lost") })
			if won.n != 1 {
				k.Errorf("%d of 64 were granted the lease, want 1", won.n)
			}
		}},
		{"lease/tenant-wall", func(k *kit) {
			k.acquire("acme", "orders", "one")
			k.acquire("other", "orders", "two")
		}},
		{"lease/names-are-opaque", func(k *kit) {
			for _, name := range oddIDs() {
				k.acquire("acme", name, "one")
				k.acquire(name, "leases", "one")
			}
		}},
		{"lease/token-rises-over-release", func(k *kit) {
			last := int64(0)
			for range 3 {
				lease := k.acquire("acme", "orders", "one")
				k.rises(last, lease.Token)
				last = lease.Token
				k.need(k.leases().ReleaseLease(k.Context(), lease))
			}
		}},
		{"lease/token-rises-over-expiry", func(k *kit) {
			k.clock()
			first := k.acquire("acme", "orders", "one")
			k.Advance(term)
			k.rises(first.Token, k.acquire("acme", "orders", "one").Token)
		}},
		{"lease/ends-by-the-stores-clock", leaseEnds},
		{"lease/renewed", leaseRenewed},
		{"lease/stranger-cannot-renew", func(k *kit) {
			lease := k.acquire("acme", "orders", "one")
			for _, stranger := range strangers(lease) {
				_, err := k.leases().RenewLease(k.Context(), stranger, term)
				k.want(err, woosync.ErrFenced, fmt.Sprintf("renewal by %+v", stranger))
			}
		}},
		{"lease/stranger-cannot-release", func(k *kit) {
			lease := k.acquire("acme", "orders", "one")
			for _, stranger := range strangers(lease) {
				k.need(k.leases().ReleaseLease(k.Context(), stranger))
			}
			_, err := k.leases().AcquireLease(k.Context(), "acme", "orders", "two", term)
			k.want(err, woosync.ErrHeld, "a request after strangers tried to release")
		}},
		{"lease/released-cannot-be-renewed", func(k *kit) {
			lease := k.acquire("acme", "orders", "one")
			k.need(k.leases().ReleaseLease(k.Context(), lease))
			k.need(k.leases().ReleaseLease(k.Context(), lease)) // no longer held is no error
			_, err := k.leases().RenewLease(k.Context(), lease, term)
			k.want(err, woosync.ErrFenced, "renewal after release")
		}},
		{"lease/expired-cannot-be-renewed", func(k *kit) {
			k.clock()
			lease := k.acquire("acme", "orders", "one")
			k.Advance(term)
			_, err := k.leases().RenewLease(k.Context(), lease, term)
			k.want(err, woosync.ErrFenced, "renewal after the term")
		}},
		{"lease/cancelled-writes-nothing", func(k *kit) {
			if _, err := k.leases().AcquireLease(k.cancelled(), "acme", "orders", "one", time.Hour); err == nil {
				k.Error("AcquireLease succeeded under a context that had ended")
			}
			k.acquire("acme", "orders", "two")
		}},
	}
}

func (k *kit) acquire(tenant, name, owner string) woosync.Lease {
	k.Helper()
	lease, err := k.leases().AcquireLease(k.Context(), tenant, name, owner, term)
	k.need(err)
	return lease
}

func (k *kit) rises(before, after int64) {
	k.Helper()
	if after <= before {
		k.Errorf("token %d after %d does not rise", after, before)
	}
}

// strangers are all who look like the holder and are not.
func strangers(lease woosync.Lease) []woosync.Lease {
	others := make([]woosync.Lease, 6)
	for i := range others {
		others[i] = lease
	}
	others[0].Owner = "two"
	others[1].Owner = "ONE"
	others[2].Token--
	others[3].Token++
	others[4].Tenant = "other"
	others[5].Name = "customers"
	return others
}

func leaseHeld(k *kit) {
	lease := k.acquire("acme", "orders", "one")
	_, err := k.leases().AcquireLease(k.Context(), "acme", "orders", "thief", term)
	k.want(err, woosync.ErrHeld, "a request for a lease that is held")
	var held *woosync.HeldError
	if !errors.As(err, &held) {
		k.Fatalf("error %v is no *HeldError", err)
	}
	if held.Tenant != "acme" || held.Name != "orders" || held.Owner != "one" || !held.Until.Equal(lease.Expires) {
		k.Errorf("the error says %+v, want the holder of %+v", *held, lease)
	}
}

// leaseEnds asks right before and right at the end of a term.
func leaseEnds(k *kit) {
	k.clock()
	first := k.acquire("acme", "orders", "one")
	k.Advance(term - time.Millisecond)
	_, err := k.leases().AcquireLease(k.Context(), "acme", "orders", "two", term)
	k.want(err, woosync.ErrHeld, "a request a millisecond before the end")
	k.Advance(time.Millisecond)
	second := k.acquire("acme", "orders", "two")
	if got := second.Expires.Sub(first.Expires); got < term || got > term+time.Second {
		k.Errorf("the second term ends %v after the first, want %v", got, term)
	}
}

// leaseRenewed counts the new term from the renewal.
func leaseRenewed(k *kit) {
	lease := k.acquire("acme", "orders", "one")
	renewed, err := k.leases().RenewLease(k.Context(), lease, time.Hour)
	k.need(err)
	want := lease
	want.Expires = renewed.Expires
	same(k, want, renewed, "renewed lease")
	k.clock()
	k.Advance(time.Hour - term)
	_, err = k.leases().AcquireLease(k.Context(), "acme", "orders", "two", term)
	k.want(err, woosync.ErrHeld, "a request within the renewed term")
	shortened, err := k.leases().RenewLease(k.Context(), renewed, time.Second)
	k.need(err)
	if !shortened.Expires.Before(renewed.Expires) {
		k.Error("a renewal for a shorter term is not counted from now")
	}
	k.Advance(time.Second)
	k.acquire("acme", "orders", "two")
}
