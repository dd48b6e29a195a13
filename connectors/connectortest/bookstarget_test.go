package connectortest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/woosync/woosync"
)

// Sale is what the target of the books takes.
type Sale struct{ Name, Note, Total string }

// booksTarget is a sound target of the books.
type booksTarget struct {
	transport http.RoundTripper
	bend      targetBend

	mu    sync.Mutex
	token string
	last  woosync.Change[Sale] // which only a bent target has use for
	sent  int
}

// targetBend says in what ways a target is broken. The zero value is sound.
type targetBend struct {
	noKey, randomKey, keyOfContent, keyOfRecord, cutKey, lossRejects, lossSucceeds, serverErrorRejects, doubleRetry,
	faultSucceeds, adoptsNamesakes, findsVoid, oneSearchPage, noVersion, endlessRefresh, believesRetryAfter, showsToken,
	floatMoney, dropsID, sharesChange, neverStale, updateCopies, keepsRemoved, rejectionUnknown, goneIsRejection,
	ignoresContext, trustsReplay, mixesBatch, sendsAgain bool
}

// Find reads all documents, and tells ours by their mark.
func (t *booksTarget) Find(ctx context.Context, changes []woosync.Change[Sale]) (map[string]woosync.Answer, error) {
	found := make(map[string]woosync.Answer)
	for page := 1; ; page++ {
		status, body, err := t.ask(ctx, http.MethodGet, "/documents", url.Values{"page": {strconv.Itoa(page)}}, nil)
		if err != nil {
			return nil, err
		}
		var papers []paper
		if err := json.Unmarshal(body, &papers); status != http.StatusOK || err != nil {
			return nil, t.fault(status, fmt.Errorf("searching: status %d: %w", status, err))
		}
		for _, p := range papers {
			for _, c := range changes {
				ours := p.Mark == c.Mark() || t.bend.adoptsNamesakes && p.Name == c.Value.Name
				if ours && (!p.Void || t.bend.findsVoid) {
					a := t.answer(p, c)
					a.Stale = a.Stale && !t.bend.neverStale
					found[c.Key] = a
				}
			}
		}
		if len(papers) < searchPage || t.bend.oneSearchPage {
			return found, nil
		}
	}
}

func (t *booksTarget) answer(p paper, c woosync.Change[Sale]) woosync.Answer {
	return woosync.Answer{
		ID: p.ID, Version: strconv.Itoa(p.Version), Stale: c.Hash != "" && p.Hash != c.Hash,
	}
}

// Apply writes one change.
func (t *booksTarget) Apply(ctx context.Context, c woosync.Change[Sale]) (woosync.Answer, error) {
	if t.bend.sharesChange {
		c = t.mixed(c)
	}
	query := url.Values{"key": {t.key(c)}}
	method, path := http.MethodPost, "/documents"
	if c.Action != woosync.Create {
		method, path = http.MethodPut, "/documents/"+c.TargetID
		query.Set("version", c.TargetVersion)
	}
	if c.Action == woosync.Remove {
		method = http.MethodDelete
	}
	t.bendRequest(c, &method, &path, query)
	body := toJSON(paper{Mark: c.Mark(), Hash: c.Hash, Name: c.Value.Name, Note: c.Value.Note, Total: t.total(c.Value.Total)})
	status, answer, err := t.send(ctx, method, path, query, []byte(body))
	if err != nil {
		return t.lost(c, err)
	}
	if t.bend.updateCopies && c.Action == woosync.Update && status == http.StatusOK {
		query.Set("key", c.Key+"-copy")
		_, _, _ = t.send(ctx, http.MethodPost, "/documents", query, []byte(body))
	}
	return t.read(c, status, answer)
}

// SettleTime implements woosync.Settling.
func (*booksTarget) SettleTime() time.Duration { return time.Minute }

// BatchSize implements woosync.BatchTarget.
func (*booksTarget) BatchSize() int { return 10 }

// ApplyBatch writes the changes one by one: the books know no batches.
func (t *booksTarget) ApplyBatch(ctx context.Context, changes []woosync.Change[Sale]) []woosync.Applied {
	applied := make([]woosync.Applied, len(changes))
	for i, c := range changes {
		applied[i].Answer, applied[i].Err = t.Apply(ctx, c)
	}
	if t.bend.mixesBatch {
		slices.Reverse(applied)
	}
	return applied
}

// read says what an answer means.
func (t *booksTarget) read(c woosync.Change[Sale], status int, body []byte) (woosync.Answer, error) {
	var p struct {
		paper

		Fault string `json:"fault"`
	}
	unreadable := json.Unmarshal(body, &p)
	switch {
	case status != http.StatusOK:
		return woosync.Answer{}, t.fault(status, fmt.Errorf("status %d: %s", status, p.Fault))
	case p.Fault != "" && t.bend.faultSucceeds:
		return woosync.Answer{}, nil
	case p.Fault != "":
		return woosync.Answer{}, t.fault(http.StatusBadRequest, errors.New(p.Fault))
	case unreadable != nil:
		return woosync.Answer{}, t.hide(fmt.Errorf("the answer cannot be read: %w", unreadable))
	}
	answer := t.answer(p.paper, c)
	if t.bend.trustsReplay {
		answer.Stale = false
	}
	if t.bend.dropsID {
		answer.ID = ""
	}
	if t.bend.keepsRemoved && c.Action == woosync.Remove {
		return woosync.Answer{ID: c.TargetID}, nil
	}
	return answer, nil
}

// fault says what a status means.
func (t *booksTarget) fault(status int, err error) error {
	f := &woosync.Fault{Definite: woosync.Rejected, Category: woosync.CategoryData, Err: t.hide(err)}
	switch {
	case status >= http.StatusInternalServerError:
		f.Definite, f.Category = woosync.Unknown, woosync.CategoryServer
		if t.bend.serverErrorRejects {
			f.Definite = woosync.Rejected
		}
	case status == http.StatusUnauthorized:
		f.Definite, f.Category = woosync.Fatal, woosync.CategoryAuth
	case status == http.StatusNotFound && !t.bend.goneIsRejection:
		f.Category = woosync.CategoryGone
	case status == http.StatusBadRequest && t.bend.rejectionUnknown:
		f.Definite = woosync.Unknown
	}
	if throttle, ok := errors.AsType[*throttleError](err); ok {
		f.Definite, f.Category, f.RetryAt = woosync.NotSent, woosync.CategoryThrottle, t.retryAt(throttle.after)
	}
	return f
}

// lost says what a connection that broke means: nothing.
func (t *booksTarget) lost(c woosync.Change[Sale], err error) (woosync.Answer, error) {
	if throttle, ok := errors.AsType[*throttleError](err); ok {
		return woosync.Answer{}, t.fault(http.StatusTooManyRequests, throttle)
	}
	switch {
	case t.bend.lossRejects:
		return woosync.Answer{}, &woosync.Fault{Definite: woosync.Rejected, Err: err}
	case t.bend.lossSucceeds:
		return woosync.Answer{ID: c.TargetID, Version: c.TargetVersion}, nil
	}
	return woosync.Answer{}, t.hide(err)
}

// retryAt is when a text in Retry-After says to come back, of at most an hour.
func (t *booksTarget) retryAt(text string) time.Time {
	now := time.Now()
	seconds, err := strconv.Atoi(text)
	wait := time.Duration(seconds) * time.Second
	if err != nil {
		at, err := http.ParseTime(text)
		if err != nil {
			return time.Time{}
		}
		wait = time.Until(at)
	}
	if t.bend.believesRetryAfter {
		return now.Add(wait)
	}
	if seconds > 3600 {
		wait = time.Hour
	}
	return now.Add(min(max(wait, 0), time.Hour))
}

// key is what goes over the wire as idempotency key.
func (t *booksTarget) key(c woosync.Change[Sale]) string {
	switch {
	case t.bend.noKey:
		return ""
	case t.bend.randomKey:
		t.mu.Lock()
		defer t.mu.Unlock()
		t.sent++
		return "attempt-" + strconv.Itoa(t.sent)
	case t.bend.keyOfContent && c.Action == woosync.Create:
		return c.Mark() + c.Hash
	case t.bend.keyOfRecord:
		return c.Action.String() + c.SourceID
	case t.bend.cutKey:
		return c.Key[:30]
	}
	return c.Key
}

func (t *booksTarget) bendRequest(c woosync.Change[Sale], method, path *string, query url.Values) {
	if t.bend.noVersion {
		query.Del("version")
	}
	if t.bend.keepsRemoved && c.Action == woosync.Remove {
		*method, *path = http.MethodGet, "/documents"
	}
}

// total is what is sent of an amount: its text.
func (t *booksTarget) total(text string) string {
	if !t.bend.floatMoney {
		return text
	}
	var amount float64 //nolint:forbidigo // the mistake that the suite has to find
	if _, err := fmt.Sscan(text, &amount); err != nil {
		return text
	}
	cents := int64(amount * 100)
	return fmt.Sprintf("%d.%02d", cents/100, cents%100)
}

// mixed keeps the change where all writes keep theirs.
func (t *booksTarget) mixed(c woosync.Change[Sale]) woosync.Change[Sale] {
	t.mu.Lock()
	t.last = c
	t.mu.Unlock()
	<-time.After(time.Millisecond) // others come by
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.last
}

func (t *booksTarget) hide(err error) error {
	if t.bend.showsToken && err != nil {
		return fmt.Errorf("with %s: %w", t.bearer(), err)
	}
	return err
}

func (t *booksTarget) bearer() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return "Bearer " + t.token
}

type throttleError struct{ after string }

func (e *throttleError) Error() string {
	return "too many requests: come back after " + strings.TrimSpace(e.after)
}
