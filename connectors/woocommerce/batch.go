package woocommerce

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/woosync/woosync"
)

// A Batch is up to 100 writes in one request, each of which succeeds or fails
// by itself.
//
// WooCommerce does not check what comes in a batch as it checks single writes:
// a status it does not know becomes "pending", a price that is none "" (measured
// on 10.9.2). So look at what the outcomes hold.
type Batch struct {
	Create []Patch
	Update []Edit
	Delete []int64 // for good: a batch knows no trash
}

// An Edit changes the record with an ID.
type Edit struct {
	ID    int64
	Patch Patch
}

// A BatchResult has an outcome for each write of a batch, in its order.
type BatchResult[T any] struct {
	Created, Updated, Deleted []Outcome[T]
}

// An Outcome is what became of one write of a batch.
type Outcome[T any] struct {
	// Record is as the shop made it, or, of one that is deleted, as it was.
	Record T
	// Err is a *woosync.Fault around an [*Error] if the shop refused it, nil if it
	// was carried out.
	Err error
}

// Batch carries out several writes; an error says that nothing is known of any
// of them, or that none was sent. It is sent again after a failure only if it
// creates nothing.
func (c Collection[T]) Batch(ctx context.Context, b Batch) (result BatchResult[T], err error) {
	op := "change several " + c.many
	if len(b.Create)+len(b.Update)+len(b.Delete) == 0 {
		return result, nil
	}
	body, err := b.body()
	if err != nil {
		return result, misuse(op, err)
	}
	a, err := c.client.do(ctx, call{
		op: op, method: http.MethodPost, path: c.path + "/batch", body: body, repeat: b.repeatable(),
	})
	if err != nil {
		return result, err
	}
	text, err := jsonOf(a.body)
	if err != nil {
		return result, bodyFault(op, err)
	}
	r := &sentBack{reader: read(text), op: op, uncertain: a.uncertain}
	result.Created, err = outcomes[T](r, http.MethodPost, "create", make([]int64, len(b.Create)))
	if err != nil {
		return BatchResult[T]{}, err
	}
	edited := make([]int64, len(b.Update))
	for i := range b.Update {
		edited[i] = b.Update[i].ID
	}
	if result.Updated, err = outcomes[T](r, http.MethodPut, "update", edited); err != nil {
		return BatchResult[T]{}, err
	}
	if result.Deleted, err = outcomes[T](r, http.MethodDelete, "delete", b.Delete); err != nil {
		return BatchResult[T]{}, err
	}
	return result, nil
}

// body writes the batch, or says what in it cannot be right.
func (b Batch) body() ([]byte, error) {
	if n := len(b.Create) + len(b.Update) + len(b.Delete); n > maxPerPage {
		return nil, fmt.Errorf("%d writes, want at most %d", n, maxPerPage)
	}
	var mistakes []error
	patch := func(name string, i int, p Patch) []byte {
		value, err := json.Marshal(p)
		if p.IsZero() {
			err = errors.New("no field is set")
		}
		if err != nil {
			mistakes = append(mistakes, fmt.Errorf("%s %d: %w", name, i, err))
		}
		return value
	}
	ids := make(map[int64]bool)
	known := func(name string, i int, id int64) {
		if id <= 0 || ids[id] {
			mistakes = append(mistakes, fmt.Errorf("%s %d: ID %d, want a positive one that comes once", name, i, id))
		}
		ids[id] = true
	}
	var lists []field
	if len(b.Create) > 0 {
		lists = append(lists, field{name: "create", json: array(len(b.Create), func(i int) []byte { return patch("create", i, b.Create[i]) })})
	}
	if len(b.Update) > 0 {
		lists = append(lists, field{name: "update", json: array(len(b.Update), func(i int) []byte {
			known("update", i, b.Update[i].ID)
			patch("update", i, b.Update[i].Patch)
			value, _ := json.Marshal(b.Update[i].Patch.Number("id", b.Update[i].ID))
			return value
		})})
	}
	if len(b.Delete) > 0 {
		lists = append(lists, field{name: "delete", json: array(len(b.Delete), func(i int) []byte {
			known("delete", i, b.Delete[i])
			return writeInteger(b.Delete[i])
		})})
	}
	return object(lists), errors.Join(mistakes...)
}

func (b Batch) repeatable() bool {
	return len(b.Create) == 0 && !slices.ContainsFunc(b.Update, func(e Edit) bool { return !e.Patch.repeatable() })
}

// sentBack is what a shop answers to a batch.
type sentBack struct {
	*reader

	op        string
	uncertain bool // an earlier attempt may have been carried out
}

// outcomes reads the answers to the writes of one kind. ids are those of the
// records they were about, 0 where they made one.
func outcomes[T any](r *sentBack, method, name string, ids []int64) ([]Outcome[T], error) {
	rows, _ := r.elements(name, nil)
	if err := r.done(); err != nil {
		return nil, bodyFault(r.op, err)
	}
	if len(rows) != len(ids) {
		return nil, bodyFault(r.op, fmt.Errorf("%d answers to %d writes of %q", len(rows), len(ids), name))
	}
	list := make([]Outcome[T], len(rows))
	for i, row := range rows {
		answer := read(row)
		id := answer.integer("id")
		if ids[i] != 0 && id != ids[i] {
			return nil, bodyFault(r.op, fmt.Errorf("answer %d to %q is about record %d, not %d", i, name, id, ids[i]))
		}
		about := r.op + ": " + name + " " + strconv.Itoa(i)
		if refusal := answer.value("error"); refusal != nil && id == ids[i] {
			list[i].Err = answerFault(refusedOf(about, refusal), method, r.uncertain)
			continue
		}
		var err error
		if list[i].Record, err = decode[T](slices.Clone(row), false); err != nil {
			list[i].Err = &woosync.Fault{Category: woosync.CategoryData, Err: fmt.Errorf("%s: %w", about, err)}
		}
	}
	return list, nil
}

// refusedOf reads the refusal of one write of a batch.
func refusedOf(op string, refusal json.RawMessage) *Error {
	e := errorOf(op, http.StatusBadRequest, refusal)
	r := read(refusal)
	if data := r.value("data"); len(data) > 0 && data[0] == '{' {
		if status := read(data).integer("status"); status >= 400 && status < 600 {
			e.Status = int(status)
		}
	} else if status := r.integer("data"); status >= 400 && status < 600 {
		e.Status = int(status)
	}
	return e
}
