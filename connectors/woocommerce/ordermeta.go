package woocommerce

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/woosync/woosync"
)

// OrderMetaDraft is what an [OrderMetaTarget] writes into an order.
type OrderMetaDraft struct {
	Order int64
	Value string // UTF-8, not empty
}

// An OrderMetaTarget keeps one piece of meta data in orders, such as the number
// of the document they were booked as. Other pieces stay as they are.
//
// WooCommerce finds meta data by their key and keeps one of each when it is
// written, so a write that is made twice does no harm, and what was written is
// found again. Every write moves the order's modification time: a source of
// orders brings it once more, unchanged in what a mapping that leaves the key out
// makes of it.
//
// The ID of a document is that of the order. An order that does not exist is
// CategoryGone.
type OrderMetaTarget struct {
	client *Client
	key    string
}

// OrderMetaTarget returns a target for the meta data under a key, which nobody
// else may use; one that begins with "_" is not shown to people. It is safe for
// concurrent use. The key must not be empty: then every call fails.
func (c *Client) OrderMetaTarget(key string) *OrderMetaTarget { return &OrderMetaTarget{c, key} }

var _ woosync.Target[OrderMetaDraft] = (*OrderMetaTarget)(nil)

func (t *OrderMetaTarget) check(d OrderMetaDraft) error {
	var mistakes []error
	if t.key == "" {
		mistakes = append(mistakes, errors.New("the target has no key"))
	}
	if d.Order <= 0 {
		mistakes = append(mistakes, fmt.Errorf("Order is %d: want the ID of an order", d.Order))
	}
	if d.Value == "" {
		mistakes = append(mistakes, errors.New("Value is empty"))
	}
	if !utf8.ValidString(d.Value) {
		mistakes = append(mistakes, errors.New("Value is not UTF-8, which the shop would change"))
	}
	return errors.Join(mistakes...)
}

// Find implements woosync.Target.
func (t *OrderMetaTarget) Find(
	ctx context.Context, changes []woosync.Change[OrderMetaDraft],
) (map[string]woosync.Answer, error) {
	var ids []int64
	for _, change := range changes {
		if id := metaOrder(change); id > 0 && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	values := make(map[int64][]string)
	for part := range slices.Chunk(ids, maxPerPage) {
		query := url.Values{"include": {joined(part)}, "per_page": {strconv.Itoa(maxPerPage)}, "_fields": {"id,meta_data"}}
		const op = "read meta data of orders"
		rows, _, _, err := t.client.list(ctx, call{op: op, path: "/orders", query: query})
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			id, found, err := t.values(row)
			if err != nil {
				return nil, dataFault(fmt.Errorf("%s: %w", op, err))
			}
			values[id] = found
		}
	}
	found := make(map[string]woosync.Answer)
	for _, change := range changes {
		id := metaOrder(change)
		if held := values[id]; len(held) > 0 {
			stale := change.Action != woosync.Remove && !slices.Equal(held, []string{change.Value.Value})
			found[change.Key] = woosync.Answer{ID: strconv.FormatInt(id, 10), Stale: stale}
		}
	}
	return found, nil
}

// metaOrder is the order that a change is about.
func metaOrder(change woosync.Change[OrderMetaDraft]) int64 {
	if change.Value.Order != 0 {
		return change.Value.Order
	}
	id, err := strconv.ParseInt(change.TargetID, 10, 64)
	if err != nil {
		return 0
	}
	return id
}

// values reads what an order holds under the key.
func (t *OrderMetaTarget) values(raw []byte) (id int64, values []string, err error) {
	r := read(raw)
	id = r.id()
	elements, err := elementsOf(r.value("meta_data"))
	if err = errors.Join(r.done(), err); err != nil {
		return id, nil, err
	}
	for _, element := range elements {
		meta := read(element)
		if meta.text("key") != t.key {
			continue
		}
		text := meta.text("value")
		if meta.done() != nil {
			text = string(meta.value("value")) // a list or object: none of ours
		}
		values = append(values, text)
	}
	return id, values, nil
}

// Apply implements woosync.Target.
func (t *OrderMetaTarget) Apply(ctx context.Context, change woosync.Change[OrderMetaDraft]) (woosync.Answer, error) {
	id, patch := metaOrder(change), Patch{}.Meta(t.key, change.Value.Value)
	if change.Action == woosync.Remove {
		patch = Patch{}.DropMeta(t.key)
	} else if err := t.check(change.Value); err != nil {
		return woosync.Answer{}, misuse("write meta data of record "+strconv.Quote(change.SourceID), err)
	}
	text := strconv.FormatInt(id, 10)
	if change.TargetID != "" && change.TargetID != text {
		return woosync.Answer{}, &woosync.Fault{
			Definite: woosync.Rejected, Category: woosync.CategoryGone,
			Err: fmt.Errorf("write meta data: the record was that of order %s and is now that of %s", change.TargetID, text),
		}
	}
	order, err := t.client.Orders().Update(ctx, id, patch)
	if err != nil {
		return woosync.Answer{}, err
	}
	_, values, err := t.values(order.Raw)
	if err != nil {
		return woosync.Answer{}, bodyFault("write meta data of order "+text, err)
	}
	stale := change.Action != woosync.Remove && !slices.Equal(values, []string{change.Value.Value})
	return woosync.Answer{ID: text, Stale: stale || change.Action == woosync.Remove && len(values) > 0}, nil
}

// shortHash is what a mark holds of a hash: 8 hex digits.
func shortHash(hash string) string {
	sum := sha256.Sum256([]byte(hash))
	return hex.EncodeToString(sum[:4])
}
