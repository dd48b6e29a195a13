package woocommerce

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
)

// A Collection reads and writes records of one kind. What is said of [Endpoint]
// holds for it too.
//
// A write is sent again only where twice is the same as once. The Definite of
// its error says what is known: Unknown, it may have been carried out (and of
// several attempts, any of them), so look before trying again.
type Collection[T any] struct{ Endpoint[T] }

func collection[T any](c *Client, path, one, many, takes string) Collection[T] {
	return Collection[T]{endpoint[T](c, path, one, many, takes)}
}

// Create makes a record from what draft sets, and returns it as the shop made
// it. WooCommerce ignores fields it does not know and those it computes.
func (c Collection[T]) Create(ctx context.Context, draft Patch) (T, error) {
	return c.create(ctx, draft)
}

func (e Endpoint[T]) create(ctx context.Context, draft Patch) (record T, err error) {
	op := "create " + e.one
	body, err := draft.body(op)
	if err != nil {
		return record, err
	}
	a, err := e.client.do(ctx, call{op: op, method: http.MethodPost, path: e.path, body: body})
	if err != nil {
		return record, err
	}
	return written[T](op, a)
}

// Update changes the fields of a record that patch sets, and returns the record
// as it is then. A record that does not exist is CategoryGone; one in the trash
// comes out of it when its status is set.
func (c Collection[T]) Update(ctx context.Context, id int64, patch Patch) (record T, err error) {
	op := "change " + c.one + " " + strconv.FormatInt(id, 10)
	body, err := patch.body(op)
	if err != nil {
		return record, err
	}
	a, err := c.client.do(ctx, call{
		op: op, method: http.MethodPut, path: c.path + "/" + strconv.FormatInt(id, 10), body: body, repeat: patch.repeatable(),
	})
	if err != nil {
		return record, err
	}
	return written[T](op, a)
}

// Save sends what was changed in a record since it was read; see [Changes]. If
// nothing was, nothing is sent: even an empty update would move the modification
// time. The record has to be one that was read, or one made by hand with its ID,
// of which all fields that are set are sent; without an ID nothing is.
func (c Collection[T]) Save(ctx context.Context, v T) (T, error) {
	var again T
	now, known := any(&v).(record)
	before, _ := any(&again).(record)
	if !known {
		return v, misuse("change "+c.one, errors.New("it is no record of the API"))
	}
	members, err := changed(now, before)
	if err == nil && len(members) == 0 {
		return v, nil
	}
	id := identity(now)
	if len(id) == 0 {
		return v, misuse("change "+c.one, errors.New("it has no ID: create it"))
	}
	n, _ := strconv.ParseInt(string(id[0].json), 10, 64)
	return c.Update(ctx, n, patchOf(members, err))
}

// Trash puts an order, product or coupon into the trash; other kinds of records
// have none, which is CategoryMapping. CategoryGone: it is in the trash
// already, or does not exist.
func (c Collection[T]) Trash(ctx context.Context, id int64) error {
	return c.remove(ctx, "trash", id, nil)
}

// Delete deletes a record for good: nothing in the shop tells of it later, not
// even a webhook. CategoryGone: it does not exist.
func (c Collection[T]) Delete(ctx context.Context, id int64) error {
	return c.deleteForGood(ctx, id)
}

func (e Endpoint[T]) deleteForGood(ctx context.Context, id int64) error {
	return e.remove(ctx, "delete", id, url.Values{"force": {"true"}})
}

func (e Endpoint[T]) remove(ctx context.Context, verb string, id int64, query url.Values) error {
	_, err := e.client.do(ctx, call{
		op: verb + " " + e.one + " " + strconv.FormatInt(id, 10), method: http.MethodDelete,
		path: e.path + "/" + strconv.FormatInt(id, 10), query: query, repeat: true,
	})
	return err
}

// body writes the patch to be sent.
func (p Patch) body(op string) ([]byte, error) {
	if p.IsZero() {
		// WooCommerce makes an empty product of it, published, and of an order it
		// moves the modification time.
		return nil, misuse(op, errors.New("no field is set"))
	}
	body, err := json.Marshal(p)
	if err != nil {
		return nil, misuse(op, fmt.Errorf("what is to be sent: %w", err))
	}
	return body, nil
}
