package storetest

import "github.com/woosync/woosync"

// reopenChecks are what a store that outlives its process owes to the next one.
func reopenChecks() []check {
	return []check{
		{"reopen/keeps-links", func(k *kit) {
			k.put(orders(0), full("1"))
			k.put(orders(0), done("2"), done("3"))
			k.again()
			same(k, map[string]woosync.Link{"1": full("1"), "2": done("2"), "3": done("3")}, k.get(orders(0), "1", "2", "3"), "links after reopening")
		}},
		{"reopen/keeps-checkpoints", func(k *kit) {
			k.save(orders(0), woosync.Checkpoint{})
			k.save(orders(0), woosync.Checkpoint{Revision: 1, Cursor: "kept"})
			k.again()
			same(k, woosync.Checkpoint{Revision: 2, Cursor: "kept"}, k.load(orders(0)), "checkpoint after reopening")
			k.save(orders(0), woosync.Checkpoint{Revision: 2})
		}},
		{"reopen/keeps-fences", func(k *kit) {
			raise(k, 7)
			k.again()
			if !refused(k, 6, "") {
				k.Error("nothing is refused under fence 6 after reopening, 7 was seen before")
			}
		}},
		{"reopen/keeps-leases", func(k *kit) {
			lease := k.acquire("acme", "orders", "one")
			k.again()
			_, err := k.leases().AcquireLease(k.Context(), "acme", "orders", "two", term)
			k.want(err, woosync.ErrHeld, "a request after reopening")
			if _, err := k.leases().RenewLease(k.Context(), lease, term); err != nil {
				k.Errorf("the holder could not renew after reopening: %v", err)
			}
		}},
		{"reopen/token-rises", func(k *kit) {
			lease := k.acquire("acme", "orders", "one")
			k.need(k.leases().ReleaseLease(k.Context(), lease))
			k.again()
			k.rises(lease.Token, k.acquire("acme", "orders", "one").Token)
		}},
		{"reopen/keeps-secrets", func(k *kit) {
			k.seal("acme", "token", 0, []byte("sealed"))
			k.again()
			same(k, woosync.Secret{Sealed: []byte("sealed"), Revision: 1}, k.secret("acme", "token"), "secret after reopening")
		}},
		{"reopen/keeps-runs", func(k *kit) {
			k.saveRun(fullRun("1"))
			want := k.run("acme", "1")
			k.again()
			same(k, want, k.run("acme", "1"), "run after reopening")
			same(k, []string{"1"}, k.history(woosync.RunQuery{Tenant: "acme"}), "history after reopening")
		}},
	}
}

// again opens the store once more and goes on with that.
func (k *kit) again() {
	k.Helper()
	k.durable()
	k.Store = k.Reopen()
}
