package woosync

import (
	"context"
	"fmt"
	"sync"
)

// pageLinks answers a Map's questions about other records: those of the page's
// derived streams are known from carrying them, others are read once per page.
type pageLinks struct {
	run *streamRun

	mu    sync.Mutex
	known map[linkName]Link
	err   error // the ledger failed: no record's fault
}

type linkName struct{ stream, id string }

func newPageLinks(run *streamRun) *pageLinks {
	return &pageLinks{run: run, known: make(map[linkName]Link)}
}

// note keeps what became of a record of this page.
func (l *pageLinks) note(stream, id string, link Link) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.known[linkName{stream, id}] = link
}

// Target implements Links.
func (l *pageLinks) Target(ctx context.Context, stream, sourceID string) (string, error) {
	link, err := l.link(ctx, linkName{stream, sourceID})
	if err != nil {
		return "", err
	}
	if link.State != LinkDone || link.TargetID == "" {
		reason := "it was never carried"
		if link.State != "" {
			reason = "it is " + string(link.State)
		}
		if link.Reason != "" {
			reason += ": " + link.Reason
		}
		err := fmt.Errorf("%w: %s %s: %s", ErrNotLinked, stream, sourceID, reason)
		if link.State == LinkUncertain || link.State == LinkPending {
			return "", behind(err, link)
		}
		return "", err
	}
	return link.TargetID, nil
}

func (l *pageLinks) link(ctx context.Context, name linkName) (Link, error) {
	l.mu.Lock()
	link, ok := l.known[name]
	l.mu.Unlock()
	if ok {
		return link, nil
	}
	links, err := l.run.getLinks(ctx, name.stream, []string{name.id})
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		l.err = err
		return Link{}, err
	}
	l.known[name] = links[name.id]
	return links[name.id], nil
}

// failure returns the ledger's error, which must stop the stream and not be
// taken for a record's.
func (l *pageLinks) failure() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}
