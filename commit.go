package woosync

import (
	"context"
	"slices"
	"sync"
)

// A committer makes links durable in groups: while one commit is under way, the
// links that come in wait together and make up the next. It starts no
// goroutine: whoever opens a group commits it.
type committer struct {
	put func(ctx context.Context, links []Link) error

	mu      sync.Mutex
	group   *commitGroup    // open for more links; nil: none waits
	running <-chan struct{} // closed when the commit under way is over; nil: none was begun yet
}

type commitGroup struct {
	links []Link
	done  chan struct{}
	err   error
}

// commit returns when links are durable, or with the reason why they may not be.
func (c *committer) commit(ctx context.Context, links ...Link) error {
	c.mu.Lock()
	group := c.group
	if group != nil {
		group.links = append(group.links, links...)
		c.mu.Unlock()
		<-group.done
		return group.err
	}
	group = &commitGroup{links: slices.Clone(links), done: make(chan struct{})}
	c.group = group
	running := c.running
	c.mu.Unlock()
	if running != nil {
		<-running
	}
	c.mu.Lock()
	c.group, c.running = nil, group.done
	c.mu.Unlock()
	group.err = c.put(ctx, group.links)
	close(group.done)
	return group.err
}
