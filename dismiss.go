package woosync

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"time"
)

// Dismiss takes failed and uncertain records off the list: they are no longer
// tried again by themselves, until the source brings a newer version of them.
// IDs that are not on the list are passed over. It takes the stream's lease, so
// while a run works on the stream it returns a *HeldError.
func (o *Orchestrator) Dismiss(ctx context.Context, tenant, stream string, ids []string) error {
	held := leases{store: o.cfg.Leases}
	owner := "dismiss#" + strings.ToLower(rand.Text()[:8])
	if err := held.acquire(ctx, tenant, owner, []string{stream}); err != nil {
		return err
	}
	err := o.dismiss(ctx, Scope{Tenant: tenant, Stream: stream, Fence: held.fence(stream)}, ids)
	return errors.Join(err, held.release(context.WithoutCancel(ctx)))
}

func (o *Orchestrator) dismiss(ctx context.Context, at Scope, ids []string) error {
	known, err := o.cfg.Ledger.GetLinks(ctx, at, ids)
	if err != nil {
		return &Error{Op: OpLinks, Stream: at.Stream, Err: err}
	}
	var links []Link
	for _, id := range ids {
		link, ok := known[id]
		if !ok || link.State != LinkFailed && link.State != LinkUncertain {
			continue
		}
		delete(known, id) // an ID that is given twice counts once
		dismissed(&link)
		links = append(links, link)
	}
	if err := o.cfg.Ledger.PutLinks(ctx, at, links); err != nil {
		return &Error{Op: OpLinks, Stream: at.Stream, Err: err}
	}
	return nil
}

// dismissed makes a failure a skip that remembers why it had failed.
func dismissed(link *Link) {
	link.State, link.Reason = LinkSkipped, "dismissed; it had failed: "+link.Reason
	link.Attempts, link.Category, link.Remedy, link.NextTry = 0, "", "", time.Time{}
}
