package storetest

import (
	"bytes"
	"fmt"

	"github.com/woosync/woosync"
)

func secretChecks() []check {
	return []check{
		{"secret/zero-if-never-saved", func(k *kit) {
			if got := k.secret("acme", "token"); got.Sealed != nil || got.Revision != 0 {
				k.Errorf("a secret that was never saved is %+v", got)
			}
		}},
		{"secret/keeps-any-bytes", func(k *kit) {
			sealed := make([]byte, 70_000)
			for i := range sealed {
				sealed[i] = byte(i * 7)
			}
			k.seal("acme", "token", 0, sealed)
			if got := k.secret("acme", "token"); !bytes.Equal(got.Sealed, sealed) || got.Revision != 1 {
				k.Errorf("%d bytes came back at revision %d, changed", len(got.Sealed), got.Revision)
			}
			k.seal("acme", "token", 1, nil)
			if got := k.secret("acme", "token"); len(got.Sealed) != 0 || got.Revision != 2 {
				k.Errorf("an empty value came back as %d bytes at revision %d", len(got.Sealed), got.Revision)
			}
		}},
		{"secret/compare-and-set", secretCompareAndSet},
		{"secret/tenant-wall", func(k *kit) {
			k.seal("acme", "token", 0, []byte("a"))
			same(k, woosync.Secret{}, k.secret("other", "token"), "secret of another tenant")
		}},
		{"secret/names-are-opaque", func(k *kit) {
			for i, name := range oddIDs() {
				k.seal("acme", name, 0, fmt.Append(nil, i))
				k.seal(name, "secrets", 0, fmt.Append(nil, i))
			}
			for i, name := range oddIDs() {
				want := woosync.Secret{Sealed: fmt.Append(nil, i), Revision: 1}
				same(k, want, k.secret("acme", name), "secret of an odd name")
				same(k, want, k.secret(name, "secrets"), "secret of an odd tenant")
			}
		}},
		{"secret/bytes-are-not-shared", func(k *kit) {
			sealed := []byte("sealed")
			k.seal("acme", "token", 0, sealed)
			sealed[0] = 'X'
			k.secret("acme", "token").Sealed[1] = 'X'
			same(k, "sealed", string(k.secret("acme", "token").Sealed), "secret after its caller changed the bytes")
		}},
		{"secret/cancelled-writes-nothing", func(k *kit) {
			if err := k.secrets().SaveSecret(k.cancelled(), "acme", "token", woosync.Secret{Sealed: []byte("a")}); err == nil {
				k.Error("SaveSecret succeeded under a context that had ended")
			}
			same(k, woosync.Secret{}, k.secret("acme", "token"), "secret after a cancelled save")
		}},
	}
}

func (k *kit) secret(tenant, name string) woosync.Secret {
	k.Helper()
	secret, err := k.secrets().LoadSecret(k.Context(), tenant, name)
	k.need(err)
	return secret
}

func (k *kit) seal(tenant, name string, revision int64, sealed []byte) {
	k.Helper()
	k.need(k.secrets().SaveSecret(k.Context(), tenant, name, woosync.Secret{Sealed: sealed, Revision: revision}))
}

// secretCompareAndSet is what keeps two processes from losing a rotated token.
func secretCompareAndSet(k *kit) {
	store := k.secrets()
	save := func(revision int64, value string) error {
		return store.SaveSecret(k.Context(), "acme", "token", woosync.Secret{Sealed: []byte(value), Revision: revision})
	}
	k.want(save(1, "lost"), woosync.ErrConflict, "a first save at revision 1")
	for revision := range int64(3) {
		k.need(save(revision, "kept"))
	}
	for _, revision := range []int64{-1, 0, 2, 4} {
		k.want(save(revision, "lost"), woosync.ErrConflict, fmt.Sprintf("a save at revision %d over 3", revision))
	}
	same(k, woosync.Secret{Sealed: []byte("kept"), Revision: 3}, k.secret("acme", "token"), "secret after refused saves")
	won := race(func(i int) error { return save(3, fmt.Sprint(i)) },
		func(err error) { k.want(err, woosync.ErrConflict, "the save of one that lost") })
	if got := k.secret("acme", "token"); won.n != 1 || string(got.Sealed) != fmt.Sprint(won.last) || got.Revision != 4 {
		k.Errorf("%d of 64 saves at the same revision succeeded, want 1; stored is %s at revision %d", won.n, got.Sealed, got.Revision)
	}
}
