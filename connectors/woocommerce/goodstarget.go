package woocommerce

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

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/rest"
)

// GoodsOptions say how a [GoodsTarget] writes.
type GoodsOptions struct {
	// ManageStock turns stock management on where a quantity is sent and it is off.
	// Without it such a quantity is refused: WooCommerce would drop it.
	ManageStock bool
	// EmptyRemoved sets the stock of what is removed to 0. Without it a removal
	// leaves the product as it is: it is the shop's.
	EmptyRemoved bool
}

// A GoodsTarget sets stock and prices of products and variations that are in the
// shop, a hundred in one request. It makes no product and deletes none.
//
// WooCommerce knows no idempotency keys. What is sent are values, not
// differences, so that a write that is made twice does no harm; but one that a
// shop carries out late may undo a newer one, until the next run finds it. Find
// tells what the shop holds: what differs is Answer.Stale; goods of which no stock
// is kept hold none yet, and are not found if there is a quantity to be set. Goods
// that do not exist are CategoryGone.
//
// The ID of a document is that of the product, "12", or of product and
// variation, "12/34". A variation is reached through its product only.
type GoodsTarget struct {
	client  *Client
	options GoodsOptions
}

// GoodsTarget returns a target for stock and prices. It is safe for concurrent use.
func (c *Client) GoodsTarget(o GoodsOptions) *GoodsTarget { return &GoodsTarget{c, o} }

var _ woosync.BatchTarget[Goods] = (*GoodsTarget)(nil)

// BatchSize implements woosync.BatchTarget.
func (t *GoodsTarget) BatchSize() int { return maxPerPage }

// Find implements woosync.Target.
func (t *GoodsTarget) Find(ctx context.Context, changes []woosync.Change[Goods]) (map[string]woosync.Answer, error) {
	found := make(map[string]woosync.Answer)
	for _, list := range byList(changes) {
		for ids := range slices.Chunk(list.ids(), maxPerPage) {
			held, err := t.read(ctx, list.path, ids)
			if err != nil {
				return nil, err
			}
			for _, g := range list.goods {
				change := changes[g.at]
				if h, ok := held[g.own()]; ok && (h.managed || !change.Value.Stock.Valid) {
					stale := change.Action != woosync.Remove && !h.has(g.Goods)
					found[change.Key] = woosync.Answer{ID: g.id(), Stale: stale}
				}
			}
		}
	}
	return found, nil
}

// read reads what the shop holds of goods of one list.
func (t *GoodsTarget) read(ctx context.Context, list string, ids []int64) (map[int64]held, error) {
	op := "read stock and prices"
	query := url.Values{"include": {joined(ids)}, "per_page": {strconv.Itoa(maxPerPage)}, "_fields": {heldFields}}
	rows, _, _, err := t.client.list(ctx, call{op: op, path: list, query: query})
	if goneFault(err) {
		return nil, nil // the product of the variations
	}
	if err != nil {
		return nil, err
	}
	all := make(map[int64]held, len(rows))
	for _, row := range rows {
		h, err := readHeld(row)
		if err != nil {
			return nil, dataFault(fmt.Errorf("%s: %w", op, err))
		}
		all[h.id] = h
	}
	return all, nil
}

func goneFault(err error) bool {
	fault, ok := errors.AsType[*woosync.Fault](err)
	return ok && fault.Category == woosync.CategoryGone
}

// Apply implements woosync.Target.
func (t *GoodsTarget) Apply(ctx context.Context, change woosync.Change[Goods]) (woosync.Answer, error) {
	applied := t.ApplyBatch(ctx, []woosync.Change[Goods]{change})[0]
	return applied.Answer, applied.Err
}

// ApplyBatch implements woosync.BatchTarget: one request for all products, and
// one more for each product whose variations are among the changes.
func (t *GoodsTarget) ApplyBatch(ctx context.Context, changes []woosync.Change[Goods]) []woosync.Applied {
	applied := make([]woosync.Applied, len(changes))
	sound := make([]woosync.Change[Goods], len(changes))
	for i, change := range changes {
		sound[i], applied[i] = t.prepare(change)
	}
	for _, list := range byList(sound) {
		var ready []listed
		for _, g := range list.goods {
			if applied[g.at].Err == nil && applied[g.at].ID == "" {
				ready = append(ready, g)
			}
		}
		for part := range slices.Chunk(ready, maxPerPage) {
			t.write(ctx, list.path, part, applied)
		}
	}
	return applied
}

// prepare checks a change. What needs no request is answered.
func (t *GoodsTarget) prepare(change woosync.Change[Goods]) (woosync.Change[Goods], woosync.Applied) {
	if change.Action == woosync.Remove {
		g, err := goodsOf(change.TargetID)
		if err != nil {
			return change, woosync.Applied{Err: misuse("remove stock", err)}
		}
		if !t.options.EmptyRemoved {
			return change, woosync.Applied{Answer: woosync.Answer{ID: change.TargetID}}
		}
		change.Value = Goods{Product: g.Product, Variation: g.Variation, Stock: SomeAmount(g.Stock.Amount)}
		return change, woosync.Applied{}
	}
	if err := change.Value.check(); err != nil {
		return change, woosync.Applied{Err: misuse("set stock and prices of record "+strconv.Quote(change.SourceID), err)}
	}
	if id := change.Value.id(); change.TargetID != "" && change.TargetID != id {
		// It belongs to another product than before: to the engine, another document.
		return change, woosync.Applied{Err: &woosync.Fault{
			Definite: woosync.Rejected, Category: woosync.CategoryGone,
			Err: fmt.Errorf("set stock and prices: the record was that of product %s and is now that of %s", change.TargetID, id),
		}}
	}
	return change, woosync.Applied{}
}

// goodsOf reads a target ID.
func goodsOf(id string) (g Goods, err error) {
	product, variation, both := strings.Cut(id, "/")
	if g.Product, err = strconv.ParseInt(product, 10, 64); err == nil && both {
		g.Variation, err = strconv.ParseInt(variation, 10, 64)
	}
	if err != nil || g.Product <= 0 || both && g.Variation <= 0 {
		return g, fmt.Errorf("%q is no ID of a product (%q) or variation (%q)", id, "12", "12/34")
	}
	return g, nil
}

// write sends one request for goods of one list.
func (t *GoodsTarget) write(ctx context.Context, list string, goods []listed, applied []woosync.Applied) {
	answers, err := t.send(ctx, list, goods)
	for i, g := range goods {
		if err != nil {
			applied[g.at].Err = err
			continue
		}
		applied[g.at].Answer, applied[g.at].Err = t.judge(g.Goods, answers[i])
	}
}

func (t *GoodsTarget) send(ctx context.Context, list string, goods []listed) ([]json.RawMessage, error) {
	const op = "set stock and prices"
	patches := make([]Patch, len(goods))
	for i, g := range goods {
		patches[i] = g.patch(t.options.ManageStock)
	}
	body, err := json.Marshal(map[string][]Patch{"update": patches})
	if err != nil {
		return nil, misuse(op, err)
	}
	a, err := t.client.do(ctx, call{op: op, method: http.MethodPost, path: list + "/batch", body: body, repeat: true})
	if err != nil {
		return nil, err
	}
	var answer struct {
		Update []json.RawMessage `json:"update"`
	}
	if err := rest.DecodeJSON(a.body, &answer); err != nil {
		return nil, bodyFault(op, err)
	}
	if len(answer.Update) != len(goods) {
		return nil, bodyFault(op, fmt.Errorf("%d changes were sent and %d answered", len(goods), len(answer.Update)))
	}
	return answer.Update, nil
}

// judge reads what became of one of the goods in a batch.
func (t *GoodsTarget) judge(g Goods, raw json.RawMessage) (woosync.Answer, error) {
	op := "set stock and prices of product " + g.id()
	r := read(raw)
	if refusal := r.value("error"); refusal != nil {
		status := read(read(refusal).value("data")).integer("status")
		return woosync.Answer{}, answerFault(errorOf(op, int(status), refusal), http.MethodPut, false)
	}
	h, err := readHeld(raw)
	if err == nil && h.id != g.own() {
		err = fmt.Errorf("the shop answered for %d", h.id)
	}
	if err != nil {
		return woosync.Answer{}, bodyFault(op, err) // nobody knows
	}
	answer := woosync.Answer{ID: g.id(), Stale: !h.has(g)}
	if g.Stock.Valid && !h.managed {
		return woosync.Answer{}, g.unmanaged(string(r.value("manage_stock")))
	}
	return answer, nil
}

// A goodsList are the goods of one list of the shop, in the order of the changes.
type goodsList struct {
	path  string
	goods []listed
}

// listed are goods and where in the changes they are.
type listed struct {
	Goods

	at int
}

func (l goodsList) ids() []int64 {
	ids := make([]int64, len(l.goods))
	for i, g := range l.goods {
		ids[i] = g.own()
	}
	return ids
}

// byList sorts changes by the lists that their goods are in.
func byList(changes []woosync.Change[Goods]) (lists []*goodsList) {
	at := make(map[string]*goodsList)
	for i, change := range changes {
		g := change.Value
		if g.Product == 0 && change.TargetID != "" { // a removal without a value
			g, _ = goodsOf(change.TargetID)
		}
		if g.Product <= 0 || g.Variation < 0 {
			continue
		}
		list := at[g.list()]
		if list == nil {
			list = &goodsList{path: g.list()}
			at[g.list()] = list
			lists = append(lists, list)
		}
		list.goods = append(list.goods, listed{g, i})
	}
	return lists
}
