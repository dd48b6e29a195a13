package woocommerce

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/woosync/woosync"
	"github.com/woosync/woosync/rest"
)

// OrderNoteDraft is a note that an [OrderNoteTarget] adds to an order.
type OrderNoteDraft struct {
	Order int64
	Text  string
	// ForCustomer has the shop show the note to the customer and mail it. The mark
	// at its end is mailed with it. false: only people of the shop see it.
	ForCustomer bool
}

// An OrderNoteTarget adds notes to orders, such as "Booked as sales receipt 1042".
//
// WooCommerce knows no idempotency keys, so the last line of a note says which
// record it is of, "woosync <record> <content>", by which it is found again: a
// lost answer doubles no note. Notes cannot be changed; an update adds the new
// note and deletes the old one, and mails the customer once more.
//
// The ID of a document is that of the order and the record's part of the mark,
// "7/abcdefghijklmnopqrst", whichever note bears it. An order that does not exist
// is CategoryGone. A look-up costs one request for each order.
type OrderNoteTarget struct{ client *Client }

// OrderNoteTarget returns a target for notes of orders. It is safe for concurrent use.
func (c *Client) OrderNoteTarget() *OrderNoteTarget { return &OrderNoteTarget{c} }

var _ woosync.Target[OrderNoteDraft] = (*OrderNoteTarget)(nil)

const mostNote = 10000 // characters; more is no note

func (d OrderNoteDraft) check() error {
	var mistakes []error
	if d.Order <= 0 {
		mistakes = append(mistakes, fmt.Errorf("Order is %d: want the ID of an order", d.Order))
	}
	if strings.TrimSpace(d.Text) == "" {
		mistakes = append(mistakes, errors.New("Text is empty"))
	}
	if len([]rune(d.Text)) > mostNote {
		mistakes = append(mistakes, fmt.Errorf("Text is longer than %d characters", mostNote))
	}
	return errors.Join(mistakes...)
}

// A note is one of an order that bears a mark.
type note struct {
	id             int64
	record, change string // the two parts of the mark
}

// noteMark finds marks wherever they are: a plug-in may turn ends of lines into
// something else.
const noteMark = `woosync ([a-z0-9]{1,36}) ([0-9a-f]{8})`

// markOf is the mark of a change: the record's part of its key, and what tells
// its content apart.
func markOf(change woosync.Change[OrderNoteDraft]) (record, content string) {
	return change.Mark(), shortHash(change.Hash)
}

// Find implements woosync.Target.
func (t *OrderNoteTarget) Find(
	ctx context.Context, changes []woosync.Change[OrderNoteDraft],
) (map[string]woosync.Answer, error) {
	found := make(map[string]woosync.Answer)
	known := make(map[int64][]note)
	for _, change := range changes {
		order := orderOf(change)
		if order <= 0 {
			continue
		}
		notes, read := known[order]
		if !read {
			var err error
			if notes, err = t.notes(ctx, order); err != nil && !goneFault(err) {
				return nil, err
			}
			known[order] = notes
		}
		if n, all := pick(notes, change); all > 0 {
			record, content := markOf(change)
			// Two are what an update left whose answer was lost.
			stale := change.Action != woosync.Remove && (n.change != content || all > 1)
			found[change.Key] = woosync.Answer{ID: documentOf(order, record), Stale: stale}
		}
	}
	return found, nil
}

// orderOf is the order that a change is about. A removal may say it by its
// TargetID alone.
func orderOf(change woosync.Change[OrderNoteDraft]) int64 {
	if change.Value.Order != 0 {
		return change.Value.Order
	}
	order, _, _ := strings.Cut(change.TargetID, "/")
	id, err := strconv.ParseInt(order, 10, 64)
	if err != nil {
		return 0
	}
	return id
}

// pick looks for the note of a change among those of its order: one with its
// content, else any other of the record. all is how many the record has.
func pick(notes []note, change woosync.Change[OrderNoteDraft]) (n note, all int) {
	record, content := markOf(change)
	for _, other := range notes {
		if other.record != record {
			continue
		}
		if all++; all == 1 || other.change == content {
			n = other
		}
	}
	return n, all
}

func documentOf(order int64, record string) string {
	return strconv.FormatInt(order, 10) + "/" + record
}

// notes reads the marked notes of an order, the newest first.
func (t *OrderNoteTarget) notes(ctx context.Context, order int64) ([]note, error) {
	op := "read notes of order " + strconv.FormatInt(order, 10)
	a, err := t.client.do(ctx, call{op: op, path: notesPath(order), query: url.Values{"_fields": {"id,note"}}})
	if err != nil {
		return nil, err
	}
	var rows []json.RawMessage
	if err := rest.DecodeJSON(a.body, &rows); err != nil {
		return nil, bodyFault(op, err)
	}
	var notes []note
	mark := regexp.MustCompile(noteMark)
	for _, row := range rows {
		r := read(row)
		n := note{id: r.id()}
		text := r.text("note")
		if err := r.done(); err != nil {
			return nil, dataFault(fmt.Errorf("%s: %w", op, err))
		}
		if marks := mark.FindAllStringSubmatch(text, -1); len(marks) > 0 {
			last := marks[len(marks)-1] // what is ours stands last
			n.record, n.change = last[1], last[2]
			notes = append(notes, n)
		}
	}
	slices.SortFunc(notes, func(a, b note) int { return int(b.id - a.id) })
	return notes, nil
}

func notesPath(order int64) string { return "/orders/" + strconv.FormatInt(order, 10) + "/notes" }

// Apply implements woosync.Target.
func (t *OrderNoteTarget) Apply(ctx context.Context, change woosync.Change[OrderNoteDraft]) (woosync.Answer, error) {
	order := orderOf(change)
	record, content := markOf(change)
	answer := woosync.Answer{ID: documentOf(order, record)}
	if change.Action != woosync.Remove {
		if err := change.Value.check(); err != nil {
			return woosync.Answer{}, misuse("add the note of record "+strconv.Quote(change.SourceID), err)
		}
	}
	if change.Action == woosync.Create && !change.Retry {
		return certain(answer, t.add(ctx, change))
	}
	if before, _, _ := strings.Cut(change.TargetID, "/"); before != "" && before != strconv.FormatInt(order, 10) {
		return t.moved(ctx, change, before)
	}
	notes, err := t.notes(ctx, order)
	if err != nil {
		return woosync.Answer{}, err
	}
	n, all := pick(notes, change)
	switch {
	case all == 0 && change.Action != woosync.Create:
		return woosync.Answer{}, noNote(change.TargetID)
	case change.Action == woosync.Remove:
		return certain(answer, t.drop(ctx, order, notes, record, 0))
	case all == 0 || n.change != content:
		n = note{}
		if err := t.add(ctx, change); err != nil {
			return woosync.Answer{}, err
		}
	}
	return certain(answer, t.drop(ctx, order, notes, record, n.id))
}

// noNote is for a note that is no more.
func noNote(id string) error {
	return &woosync.Fault{
		Definite: woosync.Rejected, Category: woosync.CategoryGone, Err: fmt.Errorf("the order has no note %s any more", id),
	}
}

// moved deletes the note of a record that is about another order now; there it
// is another document.
func (t *OrderNoteTarget) moved(ctx context.Context, change woosync.Change[OrderNoteDraft], before string) (woosync.Answer, error) {
	order, err := strconv.ParseInt(before, 10, 64)
	if err != nil {
		return woosync.Answer{}, misuse("change the note of record "+strconv.Quote(change.SourceID), err)
	}
	notes, err := t.notes(ctx, order)
	if err == nil {
		err = t.drop(ctx, order, notes, change.Mark(), 0)
	}
	if err != nil && !goneFault(err) {
		return woosync.Answer{}, err
	}
	return woosync.Answer{}, noNote(change.TargetID)
}

// add adds a note. It is not sent again when nobody knows what became of it.
func (t *OrderNoteTarget) add(ctx context.Context, change woosync.Change[OrderNoteDraft]) error {
	draft := change.Value
	op := "add a note to order " + strconv.FormatInt(draft.Order, 10)
	record, content := markOf(change)
	text := strings.TrimRight(strings.ToValidUTF8(draft.Text, "\uFFFD"), " \t\r\n") + "\nwoosync " + record + " " + content
	body, err := Patch{}.Text("note", text).Flag("customer_note", draft.ForCustomer).body(op)
	if err != nil {
		return err
	}
	a, err := t.client.do(ctx, call{op: op, method: http.MethodPost, path: notesPath(draft.Order), body: body})
	if err != nil {
		return err
	}
	var raw json.RawMessage
	if err := rest.DecodeJSON(a.body, &raw); err != nil {
		return bodyFault(op, err)
	}
	r := read(raw)
	r.id()
	if err := r.done(); err != nil {
		return bodyFault(op, err)
	}
	return nil
}

// drop deletes the notes of a record but one. After an error nobody knows which
// of them are left, but they are found by their mark.
func (t *OrderNoteTarget) drop(ctx context.Context, order int64, notes []note, record string, but int64) error {
	for _, n := range notes {
		if n.record != record || n.id == but {
			continue
		}
		id := strconv.FormatInt(n.id, 10)
		_, err := t.client.do(ctx, call{
			op: "delete note " + id, method: http.MethodDelete, path: notesPath(order) + "/" + id,
			query: url.Values{"force": {"true"}}, repeat: true,
		})
		if err != nil && !goneFault(err) {
			return partly(err)
		}
	}
	return nil
}

// partly is for a write of which a part may have been carried out.
func partly(err error) error {
	fault, ok := errors.AsType[*woosync.Fault](err)
	if !ok || fault.Definite == woosync.Fatal {
		return err
	}
	unsure := *fault
	unsure.Definite = woosync.Unknown
	return &unsure
}

// certain leaves the answer out where there is an error: nobody knows.
func certain(answer woosync.Answer, err error) (woosync.Answer, error) {
	if err != nil {
		return woosync.Answer{}, err
	}
	return answer, nil
}
